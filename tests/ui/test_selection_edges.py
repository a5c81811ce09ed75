"""Marks and targets at their edges: unmarking, ranges, removed and hidden tasks, and who has a video."""

import pytest

from tests.ui.fake_session import NOW, make_task
from tiwtui.config.key_table import DEFAULT_KEYS
from tiwtui.listing.query.parser import read
from tiwtui.listing.view import View
from tiwtui.model import Phase, Task, TaskRef
from tiwtui.ui.main.selection import Selection, Severity, Source
from tiwtui.ui.main.view_state import CurrentState, ViewState
from tiwtui.ui.observable import Observable

ABSENT = TaskRef(1, "absent")


class _List:
    """A selection in a list of tasks; those with an even number are ready and have two videos."""

    def __init__(self, count: int, *, is_removed: bool = False) -> None:
        self.tasks: dict[TaskRef, Task] = {}
        for n in range(count):
            phase, label = ((Phase.READY, "Physics"), (Phase.PROCESSING, "Maths"))[n % 2]
            task = make_task(f"t{n:04}", phase, label=label, phase_since=NOW - 9000 + n)
            self.tasks[task.ref] = task
        self.view = View(self.tasks, NOW)
        self.said: list[tuple[str, Severity]] = []
        self.state = CurrentState(ViewState())
        source = Source(self.view, self.tasks, is_removed=is_removed)
        self.selection = Selection(
            Observable(source),
            self.state,
            DEFAULT_KEYS,
            lambda text, severity: self.said.append((text, severity)),
        )

    def go_to(self, place: int) -> None:
        self.selection.cursor.set(self.view.ref_at(place))

    def ref(self, name: str) -> TaskRef:
        return next(ref for ref in self.tasks if ref.task_id == name)

    @property
    def marked(self) -> list[int]:
        """The places of the marked tasks."""
        places = (self.view.index_of(ref) for ref in self.selection.marks.value)
        return sorted(place for place in places if place is not None)


def test_mark_pressed_twice_is_taken_away_alone() -> None:
    """`space` is how a wrong mark is undone."""
    shown = _List(3)
    for place in (0, 1, 0):
        shown.go_to(place)
        shown.selection.toggle()
    assert shown.marked == [1]


def test_without_a_task_under_the_cursor_nothing_is_marked() -> None:
    shown = _List(2)
    shown.selection.toggle()
    shown.selection.mark_range()
    shown.selection.cursor.set(ABSENT)
    shown.selection.mark_range()
    assert shown.selection.marks.value == frozenset()


def test_range_goes_on_from_the_last_mark_and_includes_both_ends() -> None:
    """Marks that are there stay."""
    shown = _List(10)
    shown.go_to(8)
    shown.selection.toggle()
    shown.go_to(2)
    shown.selection.toggle()
    shown.go_to(4)
    shown.selection.mark_range()
    assert shown.marked == [2, 3, 4, 8]
    shown.go_to(6)
    shown.selection.mark_range()
    assert shown.marked == [2, 3, 4, 5, 6, 8]


def test_range_begins_afresh_where_the_last_mark_was_taken_away() -> None:
    """A range from a task that shows no mark would surprise."""
    shown = _List(10)
    shown.go_to(2)
    shown.selection.toggle()
    shown.selection.toggle()
    shown.go_to(5)
    shown.selection.mark_range()
    assert shown.marked == [5]


def test_marking_all_adds_to_hidden_marks_and_unmarking_leaves_them() -> None:
    """What is hidden by a filter was marked on purpose."""
    shown = _List(6)
    shown.selection.marks.set(frozenset({shown.ref("t0001")}))
    shown.view.show(NOW, query=read("physics"))
    shown.selection.mark_all()
    assert len(shown.selection.marks.value) == 4
    shown.selection.mark_all()
    assert shown.selection.marks.value == {shown.ref("t0001")}


@pytest.mark.parametrize("count", [20, 1200])
def test_targets_are_those_shown_whose_task_is_there(count: int) -> None:
    """A task can go while its line stays for a moment; both ways of looking marks up must say the same."""
    shown = _List(count)
    shown.selection.marks.set(frozenset(shown.tasks) | {ABSENT})
    gone = shown.view.ref_at(3)
    del shown.tasks[gone]
    expected = [ref for ref in shown.view.refs() if ref != gone]
    assert shown.selection.targets() == expected


def test_several_marked_and_hidden_tasks_are_said_as_a_warning() -> None:
    """Law 2."""
    shown = _List(6)
    shown.selection.marks.set(frozenset({shown.ref("t0001"), shown.ref("t0003")}))
    shown.view.show(NOW, query=read("physics"))
    shown.go_to(0)
    assert shown.selection.targets_or_notify() == []
    assert shown.said == [("2 marked, none shown here; esc clears the marks", "warning")]
    assert shown.selection.watched_targets_or_notify() == []


def test_watched_tasks_are_targets_and_removed_ones_are_refused() -> None:
    """A removed task can only be brought back."""
    shown, removed = _List(2), _List(2, is_removed=True)
    for each in (shown, removed):
        each.go_to(0)
    assert shown.selection.watched_targets_or_notify() == [shown.view.ref_at(0)]
    assert shown.said == []
    assert removed.selection.watched_targets_or_notify() == []
    removed.selection.mark_all()
    assert removed.selection.watched_targets_or_notify() == []
    texts = ["it was removed; u brings it back", "they were removed; u brings them back"]
    assert removed.said == [(text, "warning") for text in texts]


def test_no_removed_task_is_refused_without_a_word_of_removal() -> None:
    """Where the list is empty the message is that it is empty."""
    empty = _List(0, is_removed=True)
    assert empty.selection.watched_targets_or_notify() == []
    assert empty.said == [("there is no task here", "warning")]
    assert empty.selection.refuses([])


def test_video_count_is_that_of_the_task_under_the_cursor() -> None:
    """The footer offers as many digits."""
    shown = _List(4)
    assert shown.selection.video_count == 0
    counts = []
    for name in ("t0000", "t0001"):
        shown.selection.cursor.set(shown.ref(name))
        counts.append(shown.selection.video_count)
    assert counts == [2, 0]


@pytest.mark.parametrize(
    ("marked", "count"), [(("t0001",), 0), (("t0000",), 1), (("t0001", "t0002"), 1), (("gone",), 0)]
)
def test_video_count_of_marked_tasks_says_whether_any_has_one(marked: tuple[str, ...], count: int) -> None:
    """The footer offers to copy only where there may be something to copy."""
    shown = _List(4)
    shown.go_to(0)
    shown.selection.marks.set(frozenset(TaskRef(shown.view.ref_at(0).sdk_app_id, name) for name in marked))
    assert shown.selection.video_count == count


def test_hidden_marked_tasks_have_no_video_to_offer() -> None:
    shown = _List(4)
    shown.selection.marks.set(frozenset({shown.ref("t0000")}))
    shown.view.show(NOW, query=read("maths"))
    assert shown.selection.video_count == 0


def test_of_very_many_marked_tasks_a_video_is_assumed() -> None:
    """Looking each up once a second would cost more than a needless hint."""
    shown = _List(1100)
    shown.selection.marks.set(frozenset(ref for n, ref in enumerate(shown.tasks) if n % 2))
    assert shown.selection.video_count == 1


def test_one_target_is_named_and_hidden_marks_are_counted_after_it() -> None:
    shown = _List(6)
    shown.selection.marks.set(frozenset({shown.ref("t0000"), shown.ref("t0001")}))
    shown.view.show(NOW, query=read("physics"))
    assert shown.selection.describe(shown.selection.targets()) == "Physics (1 marked one hidden)"
    shown.state.change(is_full=True)
    assert shown.selection.describe([shown.ref("t0000"), shown.ref("t0002")]) == "2 tasks"
