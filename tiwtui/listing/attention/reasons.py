"""Why a task wants a person's attention, and when time alone changes that.

1. A reason holds from its moment on until the task changes. It counts until a person acknowledged it: done
   silences the reasons that held then, and a new one counts again. Seeing a task silences nothing.
2. What one cause does to all tasks is said once, above the list: refused credentials, permissions and
   applications, a wrong clock and throttling are no task's reason, nor is the network while it is lost.
3. Trouble of a settled task is no reason: it is not checked again, and its result stays valid.
"""

import math
from collections.abc import Generator, Iterator, Sequence
from enum import StrEnum

import msgspec

from tiwtui.model import Phase, Task, TaskRef, Trouble, TroubleKind

JUDGED_AT_ONCE = 1000
"""How many tasks `left_to_do` looks at in one slice."""

TROUBLE_AFTER_S = 60.0
EMPTY_AFTER_S = 300.0
"""Until then a task without a video is checked again."""
SLOW_LEAST_S = 1800.0
SLOW_TIMES_USUAL = 5
SLOW_MOST_S = 86_400.0


class Reason(StrEnum):
    """A reason for attention. The values are saved with what a person acknowledged."""

    FAILED = "failed"
    EMPTY = "empty"
    NOT_FOUND = "not_found"
    FAILED_LATER = "failed_later"
    OTHER = "other"
    SLOW = "slow"
    TROUBLE = "trouble"
    EXPIRY = "expiry"


class Limits(msgspec.Struct, frozen=True):
    """What attention depends on beside the task and the time.

    `expiry_warning_s` is how long before its files expire a task wants attention, `None` for never;
    `slow_after_s` how long one may stay active in a phase. `reached_since` is when the network was back after
    it was lost, infinity while it is lost.
    """

    expiry_warning_s: float | None = 86_400.0
    slow_after_s: float = SLOW_MOST_S
    reached_since: float = -math.inf


DEFAULT_LIMITS = Limits()


def slow_after(usual_s: float | None) -> float:
    """Return how long a task may stay active in a phase, given the usual time of processing."""
    if usual_s is None:
        return SLOW_MOST_S
    return min(max(SLOW_LEAST_S, SLOW_TIMES_USUAL * usual_s), SLOW_MOST_S)


def attention(task: Task, now: float, limits: Limits = DEFAULT_LIMITS) -> tuple[bool, float]:
    """Return whether a person should look, and when next time alone may change that; infinity for never."""
    # Nearly all tasks of a long list are ready, and have nothing but files that expire.
    if task.phase is _READY and task.error is None and task.done is None:
        begin = None if task.is_taken else warns_from(task, limits)
        if begin is None:
            return False, math.inf
        return (True, math.inf) if begin <= now else (False, begin)
    wants, next_at = False, math.inf
    for reason, begin in _reasons(task, limits):
        if _is_silenced(task, reason):
            continue
        if begin <= now:
            wants = True
        else:
            next_at = min(next_at, begin)
    return wants, next_at


def reasons(task: Task, now: float, limits: Limits = DEFAULT_LIMITS) -> tuple[Reason, ...]:
    """Return the reasons that hold now, acknowledged or not."""
    return tuple(reason for reason, begin in _reasons(task, limits) if begin <= now)


def is_done(task: Task, now: float, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Return whether a person acknowledged a task, and no new reason came since."""
    return task.done is not None and not attention(task, now, limits)[0]


def warns_from(task: Task, limits: Limits) -> float | None:
    """Return from when a warning says that the files of a task expire, `None` for never.

    Where only the latest moment is known, they may be deleted any time, and it is always.
    """
    if task.files_end_at is None or limits.expiry_warning_s is None:
        return None
    return -math.inf if task.ends_at_latest else task.files_end_at - limits.expiry_warning_s


def left_to_do(
    tasks: Sequence[Task], now: float, limits: Limits = DEFAULT_LIMITS
) -> Generator[None, None, dict[TaskRef, tuple[Reason, ...]]]:
    """Return the tasks that are not done, with their reasons, yielding after each slice of work."""
    left: dict[TaskRef, tuple[Reason, ...]] = {}
    for begin in range(0, len(tasks), JUDGED_AT_ONCE):
        some = tasks[begin : begin + JUDGED_AT_ONCE]
        left |= {task.ref: reasons(task, now, limits) for task in some if not is_done(task, now, limits)}
        yield
    return left


def unchanged_since(task: Task) -> float:
    """Return since when the task has been seen in its phase, or else since when it has been listed."""
    return task.added_at if task.phase_since is None else task.phase_since


_READY = Phase.READY
_FAILURES = {
    Phase.FAILED: Reason.FAILED,
    Phase.EMPTY: Reason.EMPTY,
    Phase.NOT_FOUND: Reason.NOT_FOUND,
}
_OF_ALL = (
    *(TroubleKind.CREDENTIALS, TroubleKind.PERMISSION, TroubleKind.APP),
    *(TroubleKind.CLOCK, TroubleKind.THROTTLED),
)


def _reasons(task: Task, limits: Limits) -> Iterator[tuple[Reason, float]]:
    """Yield each reason that holds, or will unless the task changes, with the moment from which it does."""
    phase = task.phase
    if phase is _READY:
        if task.error is not None:
            yield Reason.FAILED_LATER, -math.inf
        begin = None if task.is_taken else warns_from(task, limits)
        if begin is not None:
            yield Reason.EXPIRY, begin
        return
    if phase in _FAILURES:
        settles_at = unchanged_since(task) + EMPTY_AFTER_S if phase is Phase.EMPTY else -math.inf
        yield _FAILURES[phase], settles_at
        return
    if phase is Phase.OTHER:
        yield Reason.OTHER, -math.inf
    yield Reason.SLOW, unchanged_since(task) + limits.slow_after_s
    if task.trouble is not None and task.trouble.kind not in _OF_ALL:
        yield Reason.TROUBLE, _own_since(task.trouble, limits) + TROUBLE_AFTER_S


def _own_since(trouble: Trouble, limits: Limits) -> float:
    """Return since when trouble may be the task's own."""
    if trouble.kind is TroubleKind.NETWORK:
        return max(trouble.since, limits.reached_since)
    return trouble.since


def _is_silenced(task: Task, reason: Reason) -> bool:
    """Return whether a person acknowledged a reason after what it is about had happened."""
    done = task.done
    if done is None or reason not in done.reasons:
        return False
    if reason is Reason.TROUBLE and task.trouble is not None:
        return done.at >= task.trouble.since
    if reason is Reason.FAILED_LATER and task.error is not None and task.error.at is not None:
        return done.at >= task.error.at
    # All others last as long as the phase, and done belongs to the phase.
    return True
