"""What one key brings back: the removals of this run, then the last saved one."""

from tests.ui.fake_session import NOW, make_task
from tiwtui.model import Removed, TaskRef
from tiwtui.ui.undo_stack import LATELY_S, Removal, UndoStack, last_saved

A, B, C = (TaskRef(1, name) for name in "abc")


def test_the_last_removal_comes_first() -> None:
    removals = UndoStack()
    removals.push(Removal((A,), NOW))
    removals.push(Removal((B, C), NOW + 1))
    assert removals.last == Removal((B, C), NOW + 1)
    removals.came_back((B, C))
    assert removals.last == Removal((A,), NOW)


def test_what_came_back_in_another_way_is_not_brought_back_once_more() -> None:
    removals = UndoStack()
    removals.push(Removal((A, B), NOW))
    removals.came_back((B,))
    assert removals.last == Removal((A,), NOW)
    removals.came_back((A,))
    assert not removals


def test_tasks_that_were_removed_at_once_are_one_removal() -> None:
    gone = [Removed(make_task(name), at) for name, at in (("c", NOW), ("b", NOW), ("a", NOW - 1))]
    last = last_saved(gone, NOW + 5)
    assert last is not None
    assert [ref.task_id for ref in last.refs] == ["c", "b"]
    assert last.marked == frozenset(last.refs)
    assert not last.is_own


def test_a_removal_that_is_a_day_old_is_not_the_last_one_any_more() -> None:
    gone = [Removed(make_task("a"), NOW)]
    assert last_saved(gone, NOW + LATELY_S - 1) is not None
    assert last_saved(gone, NOW + LATELY_S) is None
    assert last_saved([], NOW) is None


def test_a_clock_that_was_set_back_does_not_hide_a_removal() -> None:
    assert last_saved([Removed(make_task("a"), NOW)], NOW - 3600) is not None
