"""Completing a filter: terms, the values that are fixed, and those that tasks have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_task
from tiwtui.listing.query.completion import MOST, complete
from tiwtui.listing.query.parser import read

TASKS = [
    make_task("a", label="Maths 3A", group_id="g-7", room_id=900822, users=("teacher_1", "小明")),
    make_task("b", label="Maths, 3B", group_id="g-8", room_id=900823, users=("teacher_2",)),
    make_task("c", label='a "quote"', group_id="", room_id=None, users=("\x1b[2J",)),
]


def candidates(text: str) -> tuple[str, ...]:
    found = complete(text, len(text), TASKS)
    return () if found is None else found.candidates


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pha", ("phase:",)),
        ("maths pha", ("phase:",)),
        ("!se", ("seen:", "settled<")),
        ("vid", ("videos>",)),
        ("stat", ("status:",)),
        ("ch", ("changed>", "checked<")),
        ("en", ("ends<",)),
        ("phase:fa", ("failed",)),
        ("phase：fa", ("failed",)),
        ("status:rea", ("ready",)),
        ("phase:ready,e", ("empty",)),
        ("kind:ca", ("camera",)),
        ("has:", ("videos", "trouble", "error", "label")),
        ("taken:", ("yes", "no")),
        ("settled:", ("today", "yesterday")),
        ("app:", ("1400000001",)),
        ("group:", ("g-7", "g-8")),
        ("room:9008", ("900822", "900823")),
        ("user:TEACH", ("teacher_1", "teacher_2")),
        ("label:m", ('"Maths 3A"', '"Maths, 3B"')),
        ('label:"Maths 3', ('"Maths 3A"',)),
        ("phase:ready", ()),
        ("id:a", ()),
        ("videos>", ()),
        ("chemistry", ()),
        ("/pha/", ()),
        ('"pha', ()),
        ("https://x", ()),
    ],
)
def test_law_1_the_end_of_a_filter_is_completed(text: str, found: tuple[str, ...]) -> None:
    assert candidates(text) == found


def test_an_empty_line_offers_every_term_by_its_first_name() -> None:
    found = candidates("")
    assert {"phase:", "kind:", "length<", "removed:"} <= set(found)
    assert not {"status:", "in>", "ends<"} & set(found)


def test_tab_goes_on_to_the_next_candidate_and_back_again() -> None:
    completion = complete("x phase: y", len("x phase:"), TASKS)
    assert completion is not None
    assert (completion.text, completion.cursor) == ("x phase:new y", len("x phase:new"))
    assert completion.turned(1).text == "x phase:queued y"
    assert completion.turned(-1).turned(1) == completion
    last = complete("phase:", 6, TASKS, by=-1)
    assert last is not None
    assert last.place == len(last.candidates) - 1


def test_law_2_only_so_many_values_are_offered() -> None:
    """A label of each of 100,000 tasks is no help, and takes time to draw."""
    many = [make_task(n, label=f"L{n:05d}") for n in range(2 * MOST)]
    completion = complete("label:", 6, many)
    assert completion is not None
    assert completion.candidates == tuple(f"L{n:05d}" for n in range(MOST))


@given(st.text(max_size=12), st.integers(0, 12))
def test_any_text_is_completed_or_left_alone(text: str, cursor: int) -> None:
    """A key in the filter must never end the program."""
    completion = complete(text, min(cursor, len(text)), TASKS)
    assert completion is None or completion.text.endswith(text[min(cursor, len(text)) :])


@pytest.mark.parametrize("name", ["phase", "kind", "has", "seen", "app", "group", "room", "user", "label"])
def test_every_candidate_is_a_value_that_can_be_read(name: str) -> None:
    for candidate in candidates(f"{name}:"):
        assert not read(f"{name}:{candidate}").faults
