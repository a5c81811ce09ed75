"""Edges of the transitions: clock, undocumented statuses, files without end, tasks that were seen."""

import msgspec

from tests.factories import WALL, finished, make_task, make_video, observed, refused
from tiwtui.engine.transitions import apply_answer
from tiwtui.model import Phase, Task


def _running() -> Task:
    return apply_answer(make_task(), observed(), WALL + 120).task


def test_clock_set_back_does_not_delay_not_found() -> None:
    """A negative age would otherwise wait until the clock has caught up."""
    gone = refused("InvalidParameter.TaskNotFound")
    assert apply_answer(make_task(), gone, WALL - 1).task.phase is Phase.NOT_FOUND


def test_another_undocumented_status_is_a_transition() -> None:
    """The history names each status that the service used; the same one again is no news."""
    task = apply_answer(make_task(), observed("MERGING"), WALL).task
    assert apply_answer(task, observed("UPLOADING"), WALL + 500).transition is not None
    assert apply_answer(task, observed("MERGING"), WALL + 500).transition is None


def test_files_that_are_stored_without_end_have_no_estimate() -> None:
    """With 0 days nothing is ever deleted, also where the end was watched."""
    found = apply_answer(_running(), finished(), WALL + 200, kept_days=0)
    assert found.task.files_end_at is None


def test_task_in_a_new_phase_is_unseen() -> None:
    """A person who saw it ready has not seen it run again."""
    task = msgspec.structs.replace(apply_answer(_running(), finished(), WALL + 121).task, seen_at=WALL + 300)
    assert apply_answer(task, observed("QUEUED"), WALL + 500, seen=(make_video(),)).task.seen_at is None


def test_the_answer_about_an_id_that_is_unknown_so_far_is_saved() -> None:
    """Raw said "No answer yet" for the whole first minute, though the service had answered."""
    gone = refused("InvalidParameter.TaskNotFound")
    found = apply_answer(make_task(added_at=WALL), gone, WALL + 1)
    assert found.task.phase is Phase.NEW
    assert found.raw == gone.raw
