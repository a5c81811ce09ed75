"""Sort keys of tasks: for each a number or a text that does not change with time."""

import math

from tiwtui.listing.attention.reasons import unchanged_since
from tiwtui.model import Phase, Task

Key = float | str
"""For all tasks of an order a number, or for all a text: Python sorts those much faster than tuples."""

_SETTLED = tuple(phase for phase in Phase if not phase.is_active)
_AFTER_ACTIVE = 1e11
"""More than any time, so that settled tasks come after active ones."""
_A_RANK = 1e12
_PHASE_RANK = {phase: rank * _A_RANK for rank, phase in enumerate(Phase)}
LAST = "\U0010ffff"
"""A text that sorts after all others."""


def default_key(task: Task) -> float:
    """Active first, the longest in its phase on top; then settled, the newest on top."""
    since = unchanged_since(task)
    return _AFTER_ACTIVE - since if task.phase in _SETTLED else since


def phase_key(task: Task) -> float:
    """Order by phase, and within a phase as by default."""
    return _PHASE_RANK[task.phase] + default_key(task)


def over_key(task: Task) -> float:
    """Order by the time over the usual: of those that are processed, the longest on top."""
    return unchanged_since(task) if task.phase is Phase.PROCESSING else math.inf


def room_key(task: Task) -> str:
    """Order by room number; rooms without a number come last, by group."""
    return f"{LAST}{task.group_id}" if task.room_id is None else f"{task.room_id:020d}"


def largest_first(value: float | None) -> float:
    """Order numbers from the largest to the smallest; an unknown one comes last."""
    return math.inf if value is None else -value


def smallest_first(value: float | None) -> float:
    """Order numbers from the smallest to the largest; an unknown one comes last."""
    return math.inf if value is None else value
