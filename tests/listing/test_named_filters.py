"""Filters that have a name: tabs beside the five, each AND-ed with what is typed."""

from tests.factories import make_task
from tiwtui.listing.named_filters import MOST_NAMED, cut, named_filters
from tiwtui.listing.query.parser import read
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase

NOW = 1_790_000_000.0


def test_a_built_in_tab_shows_what_was_typed() -> None:
    typed = read("maths")
    assert cut(Tab.READY, typed) == (Tab.READY, typed)


def test_a_named_filter_is_joined_with_what_was_typed() -> None:
    """Anyone who types in a tab of their own looks for something in it."""
    (named,) = named_filters([("Maths, ready", "maths phase:ready")])
    tab, query = cut(named, read("3A"))
    assert tab is Tab.ALL
    labels = {"Maths 3A": Phase.READY, "Maths 3B": Phase.READY, "maths 3a": Phase.FAILED, "3A": Phase.READY}
    tasks = [make_task(f"t{n}", label=label, phase=phase) for n, (label, phase) in enumerate(labels.items())]
    assert [task.label for task in tasks if query.matches(task, NOW)] == ["Maths 3A"]


def test_faults_are_those_of_what_was_typed() -> None:
    """The line above the list shows them; a configured filter is checked where it is read."""
    (named,) = named_filters([("odd", "phase:redy maths")])
    _tab, query = cut(named, read("has:nothing"))
    assert [fault.text for fault in query.faults] == ["has:nothing"]
    assert not query.matches(make_task("t", label="physics"), NOW)


def test_there_are_as_many_as_digits_are_left() -> None:
    assert len(named_filters([(str(n), "") for n in range(9)])) == MOST_NAMED
