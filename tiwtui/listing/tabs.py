"""Which tabs a task is in, and when time alone changes that."""

import math
from enum import StrEnum

from tiwtui.model import Phase, Task

TROUBLE_SHOWN_AFTER_S = 60.0
UNCHANGED_SHOWN_AFTER_S = 86_400.0
FILES_END_SOON_S = 86_400.0


class Tab(StrEnum):
    """A part of the watch list. Active, Ready and Failed divide All; Attention overlaps them."""

    ALL = "all"
    ACTIVE = "active"
    READY = "ready"
    FAILED = "failed"
    ATTENTION = "attention"

    @property
    def phases(self) -> frozenset[Phase]:
        """The phases of the tasks in it; Attention has tasks of any phase."""
        return _PHASES.get(self, _ALL_PHASES)


_READY = Phase.READY
_FAILED = (Phase.FAILED, Phase.EMPTY, Phase.NOT_FOUND)
_ALL_PHASES = frozenset(Phase)
_PHASES = {
    Tab.ACTIVE: _ALL_PHASES.difference((_READY, *_FAILED)),
    Tab.READY: frozenset((_READY,)),
    Tab.FAILED: frozenset(_FAILED),
}


def attention(task: Task, now: float) -> tuple[bool, float]:
    """Return a task's `wants_attention` and `turns_at`, fast for a ready one, as nearly all are."""
    if task.phase is not _READY or task.trouble is not None or task.error is not None:
        return wants_attention(task, now), turns_at(task, now)
    end = task.files_end_at
    if end is None or task.taken_at is not None or now >= end:
        return False, math.inf
    soon = end - FILES_END_SOON_S
    return (False, soon) if now < soon else (True, end)


def wants_attention(task: Task, now: float) -> bool:
    """Return whether a person should look: unseen failure, lasting trouble, no change, files expiring.

    Trouble of a settled task does not count: it is not checked again, and its result stays valid.
    """
    phase = task.phase
    if task.trouble is not None and phase.is_active and now - task.trouble.since >= TROUBLE_SHOWN_AFTER_S:
        return True
    if phase is Phase.READY:
        end = task.files_end_at
        if task.has_unseen_error:
            return True
        return end is not None and task.taken_at is None and end - FILES_END_SOON_S <= now < end
    if phase in _FAILED:
        return task.is_unseen
    return phase is Phase.OTHER or now - unchanged_since(task) >= UNCHANGED_SHOWN_AFTER_S


def turns_at(task: Task, now: float) -> float:
    """Return the next moment `wants_attention` may change though the task does not; infinity for never."""
    next_at = math.inf
    phase = task.phase
    if task.trouble is not None and phase.is_active:
        next_at = _after(now, task.trouble.since + TROUBLE_SHOWN_AFTER_S, next_at)
    if phase is Phase.READY:
        if task.files_end_at is not None and task.taken_at is None:
            next_at = _after(now, task.files_end_at, next_at)
            next_at = _after(now, task.files_end_at - FILES_END_SOON_S, next_at)
    elif phase not in _FAILED:
        next_at = _after(now, unchanged_since(task) + UNCHANGED_SHOWN_AFTER_S, next_at)
    return next_at


def _after(now: float, at: float, other: float) -> float:
    """Return the earlier of two moments, ignoring `at` where it is past."""
    return at if now < at < other else other


def unchanged_since(task: Task) -> float:
    """Return since when the task has been seen in its phase, or else since when it has been listed."""
    return task.added_at if task.phase_since is None else task.phase_since
