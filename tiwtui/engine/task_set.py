"""The watched tasks: which changed, which are active, whose answer is oldest. Pure.

1. A changed task is a new object and is among the changes until they are taken.
2. No step looks at all tasks: adding or changing k of n costs O(k log n). `steps` counts heap operations.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from operator import attrgetter

import msgspec

from tiwtui.engine.scheduler import DueQueue
from tiwtui.model import Phase, Task, TaskRef

_ADDED_AT = attrgetter("added_at")
_READY = Phase.READY


class TaskSet:
    """All watched tasks, by reference."""

    def __init__(self) -> None:
        self._tasks: dict[TaskRef, Task] = {}
        self._changed: set[TaskRef] = set()
        self._looked_at = DueQueue()
        """The active tasks by their last answer's time (epoch seconds), or the time they were added."""
        self.settled = 0
        """How many tasks settled since one became active while none was."""
        self.waiting = 0
        """How many tasks wait for their first answer."""
        self.answered = 0
        """How many had theirs since one was added while none waited."""

    @property
    def tasks(self) -> Mapping[TaskRef, Task]:
        """The tasks in the order they were added."""
        return self._tasks

    @property
    def active(self) -> int:
        """How many tasks the service may still change."""
        return len(self._looked_at)

    @property
    def oldest_at(self) -> float | None:
        """When the active task with the oldest answer was checked, in epoch seconds; `None` without any."""
        first = self._looked_at.first()
        return None if first is None else first[0]

    @property
    def steps(self) -> int:
        return self._looked_at.steps

    def load(self, tasks: Iterable[Task]) -> tuple[Task, ...]:
        """Add saved tasks; return those to be checked again in the order they were added.

        These are all tasks that are not ready, and ready ones without a check.
        """
        known = {task.ref: task for task in sorted(tasks, key=_ADDED_AT)}
        self._tasks |= known
        self._changed.update(known)
        # Nearly all are ready, and an empty queue has none of those: look at each once.
        rest = tuple([task for task in known.values() if task.phase is not _READY or task.checked_at is None])
        for task in known.values() if self.active else rest:
            self._rank(task)
        self.waiting = sum(map(_waits, rest))
        first = next((task for task in rest if task.phase.is_active), None)
        if first is not None:
            # Those that settled before this start belong to the same batch.
            batch = len(known) - bisect_left(list(known.values()), first.added_at, key=_ADDED_AT)
            self.settled = max(0, batch - self.active)
        return rest

    def put(self, task: Task) -> None:
        """Add a task, or replace it."""
        self._count(self._tasks.get(task.ref), task)
        self._tasks[task.ref] = task
        self._changed.add(task.ref)
        self._rank(task)

    def change(self, ref: TaskRef, **fields: object) -> None:
        """Change fields of a task, if it is watched."""
        task = self._tasks.get(ref)
        if task is not None:
            self.put(msgspec.structs.replace(task, **fields))

    def remove(self, ref: TaskRef) -> Task | None:
        """Remove a task and return it."""
        task = self._tasks.pop(ref, None)
        if task is not None:
            self._looked_at.withdraw(ref)
            self._changed.add(ref)
            self.waiting -= _waits(task)
        return task

    def take_changes(self) -> frozenset[TaskRef]:
        """Return the tasks that were added, changed or removed since the last call."""
        changed = frozenset(self._changed)
        self._changed.clear()
        return changed

    def _count(self, before: Task | None, after: Task) -> None:
        if after.phase.is_active and not self.active:
            self.settled = 0
        self.settled += before is not None and before.phase.is_active and not after.phase.is_active
        waited, waits = before is not None and _waits(before), _waits(after)
        if waits and not self.waiting:
            self.answered = 0
        self.answered += waited and not waits
        self.waiting += waits - waited

    def _rank(self, task: Task) -> None:
        if not task.phase.is_active:
            self._looked_at.withdraw(task.ref)
            return
        looked_at = task.added_at if task.checked_at is None else task.checked_at
        if self._looked_at.due(task.ref) != looked_at:
            self._looked_at.put(task.ref, looked_at)


def _waits(task: Task) -> bool:
    """Whether no answer of any kind has come yet."""
    return task.phase is Phase.NEW and task.checked_at is None and task.trouble is None
