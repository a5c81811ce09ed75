"""The order of a list: a sort key for each task that does not change with time."""

import math
from collections.abc import Callable

import msgspec

from tiwtui.listing.attention import unchanged_since
from tiwtui.model import Phase, Task

Key = float | str
"""For all tasks of an order a number, or for all a text: Python sorts those much faster than tuples."""

_SETTLED = tuple(phase for phase in Phase if not phase.is_active)
_AFTER_ACTIVE = 1e11
"""More than any time, so that settled tasks come after active ones."""
_A_RANK = 1e12
_LAST = "\U0010ffff"


def _default_key(task: Task) -> float:
    """Active first, the longest in its phase on top; then settled, the newest on top."""
    since = unchanged_since(task)
    return _AFTER_ACTIVE - since if task.phase in _SETTLED else since


def _known(value: float | None) -> float:
    return math.inf if value is None else -value


_PHASE_RANK = {phase: rank * _A_RANK for rank, phase in enumerate(Phase)}

_KEYS: dict[str, Callable[[Task], Key]] = {
    "": _default_key,
    "app": lambda task: float(task.ref.sdk_app_id),
    "phase": lambda task: _PHASE_RANK[task.phase] + _default_key(task),
    "task": lambda task: task.ref.task_id,
    "label": lambda task: task.label.casefold() or _LAST,
    "room": lambda task: f"{_LAST}{task.group_id}" if task.room_id is None else f"{task.room_id:020d}",
    "in_phase": unchanged_since,
    "checked": lambda task: _known(task.checked_at),
    "videos": lambda task: -task.video_count,
    "length": lambda task: _known(task.total_time_ms),
    "added": lambda task: -task.added_at,
}


class Order(msgspec.Struct, frozen=True):
    """The column a list is sorted by, `""` for the default order, and whether in reverse."""

    column: str = ""
    is_reversed: bool = False

    @property
    def key(self) -> Callable[[Task], Key]:
        """The function from a task to its key; the smallest key is on top."""
        return _KEYS[self.column]


SORTABLE = tuple(column for column in _KEYS if column)
