"""In which order a list shows its tasks: a key per task that does not change with time."""

from collections.abc import Callable
from dataclasses import dataclass

from tiwtui.listing.tabs import unchanged_since
from tiwtui.tasks import Phase, Task

Key = tuple[float | str, ...]


_SETTLED = tuple(phase for phase in Phase if not phase.is_active)


def _default_key(task: Task) -> Key:
    """Active first, the longest in its phase on top; then settled, the newest on top."""
    since = task.added_at if task.phase_since is None else task.phase_since
    return (1, -since) if task.phase in _SETTLED else (0, since)


def _number(value: float | None) -> Key:
    return (1, 0) if value is None else (0, value)


_PHASE_RANK = {phase: rank for rank, phase in enumerate(Phase)}

_KEYS: dict[str, Callable[[Task], Key]] = {
    "": _default_key,
    "app": lambda task: (task.ref.sdk_app_id,),
    "phase": lambda task: (_PHASE_RANK[task.phase], *_default_key(task)),
    "task": lambda task: (task.ref.task_id,),
    "label": lambda task: (not task.label, task.label.casefold(), task.ref.task_id),
    "room": lambda task: (*_number(task.room_id), task.group_id),
    "in_phase": lambda task: (unchanged_since(task),),
    "checked": lambda task: _number(None if task.checked_at is None else -task.checked_at),
    "videos": lambda task: (-task.video_count,),
    "length": lambda task: _number(None if task.total_time_ms is None else -task.total_time_ms),
    "added": lambda task: (-task.added_at,),
}


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a list is ordered (`""` is the default order) and whether from its end."""

    column: str = ""
    is_reversed: bool = False

    @property
    def key(self) -> Callable[[Task], Key]:
        """The key of a task, smallest on top."""
        return _KEYS[self.column]


SORTABLE = tuple(column for column in _KEYS if column)
