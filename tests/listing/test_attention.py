"""What wants a person's attention, from when, and what silences it."""

import math
from collections.abc import Callable
from functools import partial

import pytest
from msgspec.structs import replace

from tests.factories import WALL, make_task
from tiwtui.listing.attention.reasons import (
    JUDGED_AT_ONCE,
    Limits,
    Reason,
    attention,
    is_done,
    left_to_do,
    reasons,
    slow_after,
)
from tiwtui.model import Done, Failure, Phase, Task, Trouble, TroubleKind

HOUR, DAY = 3600.0, 86_400.0
LATER = Failure("FailedOperation.Record", "x", at=WALL)


def _trouble(kind: TroubleKind, since: float = WALL) -> Trouble:
    return Trouble(kind, "", "", "", since)


def _troubled(kind: TroubleKind) -> Task:
    return make_task(phase=Phase.PROCESSING, trouble=_trouble(kind))


def _wants(task: Task, now: float = WALL, limits: Limits | None = None) -> bool:
    return attention(task, now, limits or Limits())[0]


def _done(task: Task, at: float = WALL, limits: Limits | None = None) -> Task:
    """Return a task that a person acknowledged at a moment."""
    return replace(task, done=Done(at, "anna", reasons(task, at, limits or Limits())))


AT_ONCE = [
    make_task(phase=Phase.FAILED),
    make_task(phase=Phase.NOT_FOUND),
    make_task(phase=Phase.OTHER, status="MERGING"),
    make_task(phase=Phase.READY, error=LATER, taken_at=WALL),
]


@pytest.mark.parametrize("task", AT_ONCE, ids=lambda task: task.phase)
def test_reasons_law_1_seeing_silences_nothing_and_done_does(task: Task) -> None:
    """A glance at a failure is no answer to it; a good day ends with Attention 0 by acknowledging."""
    assert _wants(task)
    assert _wants(replace(task, seen_at=WALL + 1), WALL + 2)
    assert not _wants(_done(task), WALL + 2)
    assert is_done(_done(task), WALL + 2)


TURNS: list[tuple[str, Task, Limits, float]] = [
    ("trouble of its own", _troubled(TroubleKind.SERVICE), Limits(), 60.0),
    ("unreadable answers", _troubled(TroubleKind.GARBLED), Limits(), 60.0),
    ("the network, for this task", _troubled(TroubleKind.NETWORK), Limits(), 60.0),
    ("empty, and checked for the last time", make_task(phase=Phase.EMPTY), Limits(), 300.0),
    ("queued, no usual time", make_task(phase=Phase.QUEUED), Limits(slow_after_s=slow_after(None)), 86_400.0),
    ("processing", make_task(phase=Phase.PROCESSING), Limits(slow_after_s=slow_after(120.0)), 1800.0),
    ("five times six minutes", make_task(phase=Phase.NEW), Limits(slow_after_s=slow_after(360.0)), 1800.0),
    ("five times 20 minutes", make_task(phase=Phase.QUEUED), Limits(slow_after_s=slow_after(1200.0)), 6000.0),
    ("a day at most", make_task(phase=Phase.QUEUED), Limits(slow_after_s=slow_after(30_000.0)), 86_400.0),
    ("files expire", make_task(phase=Phase.READY, files_end_at=WALL + 3 * DAY), Limits(), 172_800.0),
    (
        "files expire, an earlier warning",
        make_task(phase=Phase.READY, files_end_at=WALL + 3 * DAY),
        Limits(expiry_warning_s=72 * HOUR - 1),
        1.0,
    ),
]


@pytest.mark.parametrize(
    ("task", "limits", "begins_s"), [turn[1:] for turn in TURNS], ids=[turn[0] for turn in TURNS]
)
def test_it_begins_on_time_is_announced_and_stays(task: Task, limits: Limits, begins_s: float) -> None:
    """The list looks at a task again only when it says that it will turn. Deleted files want a person too."""
    assert attention(task, WALL + begins_s - 0.1, limits) == (False, WALL + begins_s)
    assert attention(task, WALL + begins_s, limits)[0]
    assert attention(task, WALL + begins_s + 5 * DAY, limits) == (True, math.inf)


@pytest.mark.parametrize(
    "kind",
    [
        *(TroubleKind.CREDENTIALS, TroubleKind.PERMISSION, TroubleKind.APP),
        *(TroubleKind.CLOCK, TroubleKind.THROTTLED),
    ],
)
def test_reasons_law_2_a_refused_key_is_no_tasks_reason(kind: TroubleKind) -> None:
    """It is one line above the list; a hundred rows that say the same would hide the one that differs."""
    assert not _wants(_troubled(kind), WALL + HOUR)


def test_reasons_law_2_offline_is_no_tasks_reason_nor_is_the_minute_after() -> None:
    """All tasks have trouble then, and lose it with their next check."""
    task = _troubled(TroubleKind.NETWORK)
    assert not _wants(task, WALL + HOUR, Limits(reached_since=math.inf))
    back = Limits(reached_since=WALL + HOUR)
    assert attention(task, WALL + HOUR + 59.9, back)[0] is False
    assert attention(task, WALL + HOUR + 60.0, back)[0] is True


def test_reasons_law_3_trouble_of_a_settled_task_is_no_reason() -> None:
    task = make_task(phase=Phase.READY, trouble=_trouble(TroubleKind.SERVICE), files_end_at=WALL + 2 * DAY)
    assert not _wants(task, WALL + HOUR)


def test_files_that_were_copied_or_whose_end_is_not_estimated_want_nothing() -> None:
    task = make_task(phase=Phase.READY, files_end_at=WALL + 60, video_count=2)
    assert _wants(task)
    for silent in (replace(task, taken_at=WALL), replace(task, taken_at=WALL, taken_videos=("a", "b"))):
        assert attention(silent, WALL) == (False, math.inf)
    assert _wants(replace(task, taken_at=WALL, taken_videos=("a",)))
    assert attention(task, WALL, Limits(expiry_warning_s=None)) == (False, math.inf)


def test_files_of_which_only_the_latest_end_is_known_want_attention_at_once() -> None:
    """They may be deleted any moment: nobody saw when the task finished."""
    task = make_task(phase=Phase.READY, files_end_at=WALL + 3 * DAY, ends_at_latest=True, video_count=1)
    assert attention(task, WALL) == (True, math.inf)
    assert reasons(task, WALL) == ("expiry",)
    assert not _wants(replace(task, taken_at=WALL))
    assert not _wants(_done(task), WALL + 4 * DAY)
    assert attention(task, WALL, Limits(expiry_warning_s=None)) == (False, math.inf)


NEWER: list[tuple[str, Task, Callable[[Task], Task]]] = [
    (
        "trouble that began again",
        _troubled(TroubleKind.SERVICE),
        partial(replace, trouble=_trouble(TroubleKind.SERVICE, WALL + 200)),
    ),
    (
        "another failure of a ready task",
        make_task(phase=Phase.READY, error=LATER),
        partial(replace, error=replace(LATER, message="another", at=WALL + 200)),
    ),
    (
        "trouble of a slow task",
        make_task(phase=Phase.QUEUED, phase_since=WALL - 2 * DAY),
        partial(replace, trouble=_trouble(TroubleKind.SERVICE, WALL + 200)),
    ),
    (
        "files that expire, after nothing was wrong",
        make_task(phase=Phase.READY),
        partial(replace, files_end_at=WALL + DAY + 200),
    ),
]


@pytest.mark.parametrize(
    ("task", "changed"), [newer[1:] for newer in NEWER], ids=[newer[0] for newer in NEWER]
)
def test_reasons_law_1_a_new_reason_raises_it_again(task: Task, changed: Callable[[Task], Task]) -> None:
    done = _done(task, WALL + 100)
    assert is_done(done, WALL + 150)
    again = changed(done)
    assert attention(again, WALL + 260.0)[0]
    assert not is_done(again, WALL + 260.0)


def test_done_silences_the_deletion_that_a_warning_announced() -> None:
    """Who does not want the files is not asked about them again the day after."""
    task = _done(make_task(phase=Phase.READY, files_end_at=WALL + HOUR))
    assert not _wants(task, WALL + 10 * DAY)


def test_what_a_task_is_done_for_can_be_saved_and_read() -> None:
    """The words stand in the saved state, also those of the migration."""
    assert reasons(make_task(phase=Phase.NOT_FOUND), WALL) == ("not_found",)
    task = make_task(phase=Phase.OTHER, trouble=_trouble(TroubleKind.SERVICE), phase_since=WALL - 2 * DAY)
    assert reasons(task, WALL + 60) == ("other", "slow", "trouble")


def test_what_is_left_to_do_of_very_many_tasks_is_found_in_slices() -> None:
    """`z` on 100,000 marks held every key back for half a second."""
    done = _done(make_task(-1, phase=Phase.FAILED))
    failed = [make_task(number, phase=Phase.FAILED) for number in range(2 * JUDGED_AT_ONCE)]
    slices = left_to_do((done, *failed), WALL)
    for _slice in range(3):
        assert next(slices) is None
    with pytest.raises(StopIteration) as end:
        next(slices)
    assert end.value.value == {task.ref: (Reason.FAILED,) for task in failed}
