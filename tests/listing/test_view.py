"""The view that follows each change equals the one built from all tasks."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import WALL, is_in_tab, make_ref, make_task
from tiwtui.listing.order import Order
from tiwtui.listing.query.parser import read
from tiwtui.listing.query.terms import Context
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import LINGER_S, View
from tiwtui.model import Done, Phase, Task, TaskRef, Trouble, TroubleKind

DAY = 86_400.0


def _tasks(*tasks: Task) -> dict[TaskRef, Task]:
    return {task.ref: task for task in tasks}


def _afresh(view: View, tasks: dict[TaskRef, Task], now: float) -> list[TaskRef]:
    shown = [
        task for task in tasks.values() if is_in_tab(view.tab, task, now) and view.query.matches(task, now)
    ]
    key = view.order.key
    shown.sort(key=lambda task: (key(task), task.ref), reverse=view.order.is_reversed)
    return [task.ref for task in shown]


tasks = st.builds(
    make_task,
    st.integers(0, 7),
    phase=st.sampled_from(Phase),
    phase_since=st.one_of(st.none(), st.integers(0, 3).map(lambda n: WALL + n)),
    label=st.sampled_from(["", "maths", "Maths 3A", "physics"]),
    room_id=st.one_of(st.none(), st.integers(0, 2)),
    done=st.sampled_from([None, Done(WALL, "", ("failed", "slow")), Done(WALL, "", ("expiry", "trouble"))]),
    files_end_at=st.sampled_from([None, WALL + DAY / 2, WALL + 2 * DAY]),
    trouble=st.sampled_from([None, Trouble(TroubleKind.NETWORK, "", "", "", WALL)]),
)


@dataclass(frozen=True)
class Put:
    task: Task


@dataclass(frozen=True)
class Drop:
    name: int


@dataclass(frozen=True)
class Show:
    tab: Tab | None = None
    text: str | None = None
    order: Order | None = None


@dataclass(frozen=True)
class Wait:
    seconds: float


orders = st.builds(Order, st.sampled_from(["", "label", "room", "phase", "videos", "task"]), st.booleans())
steps = st.one_of(
    st.builds(Put, tasks),
    st.builds(Drop, st.integers(0, 7)),
    st.builds(Show, tab=st.sampled_from(Tab)),
    st.builds(Show, text=st.sampled_from(["", "maths", "phase:ready", "!maths"])),
    st.builds(Show, order=orders),
    st.builds(Wait, st.sampled_from([1.0, 30.0, DAY])),
)


@settings(max_examples=150)
@given(st.lists(tasks, max_size=8), st.lists(st.tuples(steps, st.booleans()), min_size=8, max_size=30))
def test_laws_1_and_2_it_ends_where_a_fresh_sort_would(
    start: list[Task], script: list[tuple[object, bool]]
) -> None:
    """Whatever came and went, held or not, nothing is lost, doubled or out of its place."""
    now = WALL
    known = _tasks(*start)
    view = View(known, now)
    for step, is_held in script:
        match step:
            case Put(task):
                known[task.ref] = task
                view.apply([task.ref], known, now, is_held=is_held)
            case Drop(name):
                known.pop(make_ref(name), None)
                view.apply([make_ref(name)], known, now, is_held=is_held)
            case Show(tab, text, order):
                view.show(now, tab=tab, query=None if text is None else read(text), order=order)
            case Wait(seconds):
                now += seconds
                view.release(now, is_held=is_held)
        refs = view.refs()
        assert len(refs) == len(set(refs)) == len(view)
        assert [view.index_of(ref) for ref in refs] == list(range(len(refs)))
        assert all(ref in known for ref in refs)
    now += LINGER_S
    view.release(now)
    assert view.refs() == _afresh(view, known, now)
    for tab in Tab:
        assert view.count(tab) == sum(is_in_tab(tab, task, now) for task in known.values())


@given(st.lists(tasks, min_size=2, max_size=8), st.lists(tasks, max_size=6))
def test_law_4_no_line_moves_while_held(start: list[Task], changes: list[Task]) -> None:
    """A key pressed at the moment of a re-sort must not land on another task."""
    known = _tasks(*start)
    view = View(known, WALL)
    for task in changes:
        before = view.refs()
        known[task.ref] = task
        view.apply([task.ref], known, WALL, is_held=True)
        after = [ref for ref in view.refs() if ref in before]
        assert after == before


def _active(name: int, since: float) -> Task:
    return make_task(name, phase=Phase.PROCESSING, phase_since=since)


def test_active_tasks_come_first_the_longest_waiting_on_top() -> None:
    ready = [make_task(n, phase=Phase.READY, phase_since=WALL + n) for n in (3, 4)]
    view = View(_tasks(_active(1, WALL + 9), _active(2, WALL), *ready), WALL)
    assert view.refs() == [make_ref(2), make_ref(1), make_ref(4), make_ref(3)]


def test_law_3_a_task_that_leaves_keeps_its_line_for_a_while() -> None:
    """The task one waits for must not vanish at the moment it is ready."""
    known = _tasks(_active(1, WALL), _active(2, WALL + 1))
    view = View(known, WALL, tab=Tab.ACTIVE)
    known[make_ref(1)] = make_task(1, phase=Phase.READY)
    view.apply([make_ref(1)], known, WALL)
    assert view.refs() == [make_ref(1), make_ref(2)]
    assert view.has_left(make_ref(1))
    assert view.count(Tab.ACTIVE) == view.match_count == 1
    view.release(WALL + 9.9)
    assert view.index_of(make_ref(1)) == 0
    view.release(WALL + 10)
    assert view.refs() == [make_ref(2)]


def test_law_3_a_pinned_task_keeps_its_line_until_it_is_left() -> None:
    known = _tasks(_active(1, WALL))
    view = View(known, WALL, tab=Tab.ACTIVE)
    known[make_ref(1)] = make_task(1, phase=Phase.READY)
    view.apply([make_ref(1)], known, WALL)
    view.release(WALL + 60, pinned={make_ref(1)})
    assert view.refs() == [make_ref(1)]
    view.release(WALL + 61)
    assert view.refs() == []


def test_a_task_that_returns_stays() -> None:
    known = _tasks(_active(1, WALL))
    view = View(known, WALL, tab=Tab.ACTIVE)
    for phase in (Phase.READY, Phase.PROCESSING):
        known[make_ref(1)] = make_task(1, phase=phase)
        view.apply([make_ref(1)], known, WALL)
    assert not view.has_left(make_ref(1))
    view.release(WALL + 2 * LINGER_S)
    assert view.refs() == [make_ref(1)]


def test_law_3_a_task_that_changes_again_leaves_no_later() -> None:
    """Changes every few seconds would keep it for ever."""
    known = _tasks(_active(1, WALL))
    view = View(known, WALL, tab=Tab.ACTIVE)
    for second in (0, 5, 9):
        known[make_ref(1)] = make_task(1, phase=Phase.READY, checks=second)
        view.apply([make_ref(1)], known, WALL + second)
    view.release(WALL + 10)
    assert view.refs() == []


def test_law_3_a_task_that_is_removed_while_it_leaves_is_gone() -> None:
    known = _tasks(_active(1, WALL), _active(2, WALL))
    view = View(known, WALL, tab=Tab.ACTIVE)
    known[make_ref(1)] = make_task(1, phase=Phase.READY)
    view.apply([make_ref(1)], known, WALL)
    del known[make_ref(1)]
    assert view.apply([make_ref(1)], known, WALL).has_moved
    assert view.refs() == [make_ref(2)]
    assert not view.release(WALL + 10).has_moved


def test_law_3_a_task_that_is_looked_for_again_while_it_leaves_stays() -> None:
    """A mark is taken away and set again."""
    known = _tasks(_active(1, WALL))
    view = View(known, WALL, query=read("marked:yes"), context=Context(WALL, {make_ref(1)}))
    for marks, has_left in ((set[TaskRef](), True), ({make_ref(1)}, False)):
        for judged in view.recheck(Context(WALL, marks)):
            view.apply(judged, known, WALL)
        assert view.has_left(make_ref(1)) is has_left


def test_law_4_what_is_held_does_not_move_at_a_release_either() -> None:
    known = _tasks(_active(1, WALL), _active(2, WALL + 1))
    view = View(known, WALL)
    known[make_ref(1)] = _active(1, WALL + 2)
    view.apply([make_ref(1)], known, WALL, is_held=True)
    assert not view.release(WALL, is_held=True).has_moved
    assert view.refs() == [make_ref(1), make_ref(2)]


@pytest.mark.parametrize("order", [Order(), Order("room")])
def test_law_2_a_new_filter_also_moves_what_was_held(order: Order) -> None:
    """The list is another one now; nobody reads a line of it yet, and nothing is left to move later."""
    known = _tasks(_active(1, WALL), _active(2, WALL + 1))
    view = View(known, WALL)
    known[make_ref(1)] = _active(1, WALL + 2)
    view.apply([make_ref(1)], known, WALL, is_held=True)
    view.show(WALL, query=read("!none"), order=order)
    assert view.refs() == _afresh(view, known, WALL)
    assert not view.release(WALL).has_moved


def test_a_task_that_comes_to_match_in_its_place_is_a_line_that_came() -> None:
    """The screen repaints all lines only where one came, went or moved."""
    known = _tasks(make_task(1, label="maths"), make_task(2, label="physics"))
    view = View(known, WALL, query=read("maths"))
    known[make_ref(2)] = make_task(2, label="maths")
    assert view.apply([make_ref(2)], known, WALL).has_moved


def test_a_filter_about_time_judges_a_changed_task_by_the_present() -> None:
    known = _tasks(make_task(1))
    view = View(known, WALL, query=read("added>1h"))
    view.apply([make_ref(1)], known, WALL + 3601)
    assert view.refs() == [make_ref(1)]


@pytest.mark.parametrize(("seconds", "is_judged"), [(4.9, False), (5.0, True), (-1.0, True)])
def test_a_filter_about_time_is_judged_again_after_five_seconds(seconds: float, is_judged: bool) -> None:
    """More often is work for nothing; a clock that was set back must not end it."""
    known = _tasks(make_task(1, added_at=WALL - 3596))
    view = View(known, WALL + (0 if seconds > 0 else 7200), query=read("added>1h"))
    judged = [refs for refs in view.recheck(Context(WALL + seconds)) if refs]
    assert judged == ([frozenset((make_ref(1),))] if is_judged else [])


def test_a_change_of_tabs_by_time_is_a_touched_line() -> None:
    """Its Note has another colour now."""
    view = View(_tasks(_active(1, WALL)), WALL)
    assert view.release(WALL + DAY).touched == {make_ref(1)}


@pytest.mark.parametrize("count", [3, 500])
@pytest.mark.parametrize("text", ["", "maths"])
def test_law_2_many_held_lines_that_are_let_go_end_where_a_fresh_sort_would(count: int, text: str) -> None:
    """Ten thousand lines that moved one by one held every key back for more than a second."""
    labels = ("maths", "physics")
    known = _tasks(*(make_task(n, label=labels[n % 2], room_id=n) for n in range(1000)))
    view = View(known, WALL, query=read(text), order=Order("room", is_reversed=True))
    known |= _tasks(*(make_task(n, label=labels[n % 2], room_id=2000 - n) for n in range(count)))
    assert not view.apply(known, known, WALL, is_held=True).has_moved
    assert view.release(WALL).is_resorted
    assert view.refs() == _afresh(view, known, WALL)
    assert all(view.index_of(ref) == place for place, ref in enumerate(view.refs()))


@pytest.mark.parametrize(
    ("task", "is_resorted"),
    [(_active(2, WALL - 1), True), (_active(3, WALL - 1), False), (make_task(2, phase=Phase.READY), False)],
)
def test_lines_that_come_or_start_to_leave_sort_nothing_again(task: Task, is_resorted: bool) -> None:
    """Only where a line that stays has another place may a key mean another task."""
    known = _tasks(_active(1, WALL), _active(2, WALL + 1))
    view = View(known, WALL, tab=Tab.ACTIVE)
    known[task.ref] = task
    assert view.apply([task.ref], known, WALL).is_resorted is is_resorted


def test_a_change_in_place_differs_from_a_move() -> None:
    """Only a move repaints the screen."""
    known = _tasks(_active(1, WALL), _active(2, WALL + 1))
    view = View(known, WALL)
    known[make_ref(1)] = make_task(1, phase=Phase.PROCESSING, phase_since=WALL, checks=9)
    change = view.apply([make_ref(1)], known, WALL)
    assert not change.has_moved
    assert change.touched == {make_ref(1)}


def test_tab_counts_law_2_attention_is_counted_as_time_passes() -> None:
    """A day without news turns a task though nothing happens to it."""
    view = View(_tasks(_active(1, WALL)), WALL)
    assert view.count(Tab.ATTENTION) == 0
    view.release(WALL + DAY)
    assert view.count(Tab.ATTENTION) == 1


def test_the_view_shows_only_applied_changes() -> None:
    """The engine moves on between two repaints; a line that is painted meanwhile must still have its task."""
    known = _tasks(_active(1, WALL))
    view = View(known, WALL)
    del known[make_ref(1)]
    assert view.task(view.ref_at(0)).ref == make_ref(1)


@pytest.mark.parametrize("is_reversed", [False, True])
def test_law_5_a_change_among_many_costs_few_comparisons(is_reversed: bool) -> None:
    """100,000 tasks must take a change as quickly as a hundred."""
    compared = 0

    class Counted(float):
        def __lt__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return float(self) < float(other)  # type: ignore[arg-type]

    known = _tasks(*(_active(n, Counted(WALL + n)) for n in range(4096)))
    view = View(known, WALL, order=Order(is_reversed=is_reversed))
    compared = 0
    known[make_ref(7)] = _active(7, Counted(WALL + 2000.5))
    view.apply([make_ref(7)], known, WALL)
    assert compared < 12 * 12
    assert all(view.index_of(a) != view.index_of(b) for a, b in pairwise(view.refs()))


def test_index_law_4_a_word_is_looked_for_in_what_a_task_is_called_now() -> None:
    """The searched text is cached; a new label must clear it."""
    known = _tasks(make_task(1, label="maths"), make_task(2, label="physics"))
    view = View(known, WALL, query=read("maths"))
    known[make_ref(2)] = make_task(2, label="maths")
    view.apply([make_ref(2)], known, WALL)
    assert set(view.refs()) == {make_ref(1), make_ref(2)}
    known[make_ref(1)] = make_task(1, label="physics")
    view.apply([make_ref(1)], known, WALL)
    view.release(WALL + LINGER_S)
    assert view.refs() == [make_ref(2)]


def test_the_turnover_changes_when_lines_are_added_or_removed() -> None:
    """What is counted over all lines is counted again only then."""
    known = _tasks(_active(1, WALL), _active(2, WALL + 1))
    view = View(known, WALL, tab=Tab.ACTIVE)
    result = [view.turnover]

    def then(*changed: Task) -> None:
        known.update(_tasks(*changed))
        view.apply([task.ref for task in changed], known, WALL)
        result.append(view.turnover)

    then(make_task(1, phase=Phase.PROCESSING, phase_since=WALL, checks=2))
    assert result[-1] == result[-2]
    then(_active(3, WALL))
    assert result[-1] != result[-2]
    then(make_task(1, phase=Phase.READY))
    assert result[-1] == result[-2]
    view.release(WALL + LINGER_S)
    assert view.turnover != result[-1]
