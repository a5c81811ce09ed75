"""Group and room of a task come from its answers, and stay once known."""

import pytest

from tests.factories import WALL, finished, make_task, no_answer, observed, refused
from tiwtui.api.answers import Answer
from tiwtui.engine.transitions import apply_answer


def test_group_and_room_are_taken_from_the_answer() -> None:
    """A teacher knows the room of the class, not the id of the task."""
    task = apply_answer(make_task(), observed(group_id="g-7", room_id=4711), WALL).task
    assert (task.group_id, task.room_id) == ("g-7", 4711)


def test_later_answer_replaces_them() -> None:
    known = make_task(group_id="g-7", room_id=4711)
    task = apply_answer(known, observed(group_id="g-8", room_id=0), WALL).task
    assert (task.group_id, task.room_id) == ("g-8", 0)


@pytest.mark.parametrize(
    "answer",
    [
        observed(group_id="", room_id=None),
        finished(),
        refused("FailedOperation.Record"),
        refused("InternalError"),
        no_answer(),
    ],
)
def test_answer_that_names_none_leaves_them(answer: Answer) -> None:
    """Nothing good is ever lost."""
    known = make_task(group_id="900822", room_id=900822)
    task = apply_answer(known, answer, WALL).task
    assert (task.group_id, task.room_id) == ("900822", 900822)


def test_group_and_length_stay_where_a_later_answer_has_none() -> None:
    """Trouble of the service with a field must not take from the row what was known."""
    first = observed(group_id="g-1", total_time_ms=5000)
    known = apply_answer(make_task(), first, WALL).task
    later = observed(group_id="", total_time_ms=None)
    after = apply_answer(known, later, WALL + 5).task
    assert (after.group_id, after.total_time_ms) == ("g-1", 5000)
