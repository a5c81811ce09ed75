"""Which tasks a key acts on, how a message names them, and marks: without a screen."""

import pytest

from tests.ui.fake_session import NOW, make_task
from tiwtui.config.key_table import DEFAULT_KEYS
from tiwtui.listing.query.parser import read
from tiwtui.listing.view import View
from tiwtui.model import Task, TaskRef
from tiwtui.ui.main.selection import Selection, Severity, Source
from tiwtui.ui.main.view_state import CurrentState, ViewState
from tiwtui.ui.observable import Observable


class _Counting(View):
    """A view that counts how often it is asked for a place."""

    asked = 0

    def index_of(self, ref: TaskRef) -> int | None:
        self.asked += 1
        return super().index_of(ref)


class _Desk:
    """A selection in a list of tasks of two classes in turns, whose ids are in the order of the list."""

    def __init__(self, count: int, *, is_removed: bool = False) -> None:
        self.tasks: dict[TaskRef, Task] = {}
        for n in range(count):
            task = make_task(f"t{n:04}", label=("Maths", "Physics")[n % 2], phase_since=NOW - 9000 + n)
            self.tasks[task.ref] = task
        self.view = _Counting(self.tasks, NOW)
        self.said: list[str] = []
        self.state = CurrentState(ViewState())
        source = Source(self.view, self.tasks, is_removed=is_removed)
        self.selection = Selection(Observable(source), self.state, DEFAULT_KEYS, self._say)
        self.selection.cursor.set(next(iter(self.tasks), None))

    def _say(self, text: str, _severity: Severity) -> None:
        self.said.append(text)

    def show(self, text: str) -> None:
        self.view.show(NOW, query=read(text))

    @property
    def targets(self) -> list[str]:
        return [ref.task_id for ref in self.selection.targets_or_notify()]

    def put_cursor(self, place: int) -> None:
        self.selection.cursor.set(self.view.ref_at(place))


def test_without_marks_the_task_under_the_cursor_is_the_target() -> None:
    """Law 1."""
    desk = _Desk(3)
    desk.put_cursor(1)
    assert desk.targets == ["t0001"]
    assert desk.selection.describe(desk.selection.targets()) == "Physics"


@pytest.mark.parametrize("count", [100, 1200])
def test_marked_and_shown_tasks_are_the_targets_in_the_order_of_the_list(count: int) -> None:
    """Law 1. Few are looked up one by one, of many the list is read: both must say the same."""
    desk = _Desk(count)
    desk.selection.marks.set(frozenset(desk.tasks) | {TaskRef(1, "gone")})
    desk.show("physics")
    assert desk.targets == [ref.task_id for ref in desk.view.refs()]
    assert len(desk.targets) == count // 2
    named = desk.selection.describe(desk.selection.targets())
    assert named == f"{count // 2} tasks ({count // 2 + 1} marked ones hidden)"


def test_on_the_whole_screen_the_task_that_is_seen_is_the_target() -> None:
    """Marks are not seen there."""
    desk = _Desk(3)
    desk.selection.mark_all()
    desk.state.change(is_full=True)
    assert desk.targets == ["t0000"]
    assert desk.selection.hidden_marks == 0


def test_a_key_that_finds_nothing_says_so() -> None:
    """Law 2: a key that does nothing looks broken."""
    assert _Desk(0).targets == []
    empty, hidden = _Desk(0), _Desk(2)
    assert empty.targets == []
    hidden.selection.toggle()
    hidden.show("physics")
    assert hidden.targets == []
    removed = _Desk(1, is_removed=True)
    assert removed.selection.watched_targets_or_notify() == []
    assert empty.said + hidden.said + removed.said == [
        "there is no task here",
        "1 marked, not shown here; esc clears the mark",
        "it was removed; u brings it back",
    ]


def test_a_range_is_marked_from_the_last_mark_in_either_direction() -> None:
    desk = _Desk(10)
    for places, marked in (((2, 5), 4), ((0,), 6)):
        for place in places:
            desk.put_cursor(place)
            desk.selection.mark_range()
        assert len(desk.selection.marks.value) == marked


def test_all_are_marked_and_once_all_are_none() -> None:
    desk = _Desk(4)
    desk.show("maths")
    desk.selection.mark_all()
    assert len(desk.selection.marks.value) == 2
    desk.selection.mark_all()
    assert not desk.selection.marks.value


def test_marks_are_counted_again_only_when_marks_changed_or_lines_came_or_went() -> None:
    """The footer says the number each second: with 100,000 marks counting takes long."""
    desk = _Desk(6)
    desk.selection.marks.set(frozenset(desk.tasks))
    assert (desk.selection.shown_marks, desk.view.asked) == (6, 6)
    assert (desk.selection.shown_marks, desk.view.asked) == (6, 6)
    desk.show("maths")
    assert (desk.selection.shown_marks, desk.view.asked) == (3, 12)
    desk.selection.marks.set(frozenset(list(desk.tasks)[:1]))
    assert (desk.selection.shown_marks, desk.view.asked) == (1, 13)
