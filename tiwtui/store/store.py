"""Where the watch list is kept.

What a person did (`add`, `remove`, `label`, `seen`, `taken`) is kept when the coroutine returns; what checks
found is handed over by `record` and read back as `Details`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from tiwtui.engine.transitions import CheckResult
from tiwtui.model import Details, Task, TaskRef


@dataclass(frozen=True, slots=True)
class StateFile:
    """How the saved state is doing. `size_bytes` includes what is not folded into the file yet.

    `written_at` is when this process last wrote (epoch seconds), `failures` how often reading or writing
    failed since it began.
    """

    path: Path
    size_bytes: int
    written_at: float | None
    failures: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A task that was taken off the list and can be restored; `at` is when that was, in epoch seconds."""

    task: Task
    at: float


class Store(Protocol):
    """The interface between the watching and whatever keeps its state."""

    async def open(self) -> Sequence[Task]:
        """Return every watched task as it was last known."""
        ...

    async def add(self, tasks: Sequence[Task]) -> None: ...

    async def remove(self, refs: Iterable[TaskRef], wall: float) -> None: ...

    async def restore(self, refs: Iterable[TaskRef]) -> Sequence[Task]:
        """Put removed tasks back; return them as they were last known, without those nobody removed."""
        ...

    async def removed(self) -> Sequence[Removed]:
        """Return the tasks that can be restored, the last removed first."""
        ...

    async def label(self, ref: TaskRef, text: str) -> None: ...

    async def mark_seen(self, refs: Iterable[TaskRef], wall: float) -> None: ...

    async def mark_taken(self, refs: Iterable[TaskRef], wall: float) -> None: ...

    def record(self, found: CheckResult) -> None:
        """Keep what a check found; never for a task that is absent or removed."""
        ...

    async def details(self, ref: TaskRef) -> Details: ...

    async def close(self) -> None: ...


class MemoryStore:
    """Keeps everything for as long as the process lives: what `demo` and `get` want."""

    def __init__(self, tasks: Iterable[Task] = ()) -> None:
        self._tasks = {task.ref: task for task in tasks}
        self._removed: dict[TaskRef, Removed] = {}
        self._details: dict[TaskRef, Details] = {}

    async def open(self) -> Sequence[Task]:
        return tuple(self._tasks.values())

    async def add(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            self._tasks[task.ref] = task
            self._removed.pop(task.ref, None)

    async def remove(self, refs: Iterable[TaskRef], wall: float) -> None:
        for ref in refs:
            task = self._tasks.pop(ref, None)
            if task is not None:
                self._removed[ref] = Removed(task, wall)

    async def restore(self, refs: Iterable[TaskRef]) -> Sequence[Task]:
        back = [gone.task for ref in refs if (gone := self._removed.pop(ref, None)) is not None]
        await self.add(back)
        return tuple(back)

    async def removed(self) -> Sequence[Removed]:
        return tuple(reversed(self._removed.values()))

    async def label(self, ref: TaskRef, text: str) -> None:
        self._change((ref,), label=text)

    async def mark_seen(self, refs: Iterable[TaskRef], wall: float) -> None:
        self._change(refs, seen_at=wall)

    async def mark_taken(self, refs: Iterable[TaskRef], wall: float) -> None:
        self._change(refs, taken_at=wall)

    def record(self, found: CheckResult) -> None:
        known = self._tasks.get(found.ref)
        if known is None:
            return
        # Label, seen and taken are the user's: a check never writes them.
        is_seen = known.seen_at is not None and known.seen_at >= (found.task.phase_since or 0.0)
        self._tasks[found.ref] = msgspec.structs.replace(
            found.task,
            label=known.label,
            seen_at=known.seen_at if is_seen else None,
            taken_at=known.taken_at,
        )
        before = self._details.get(found.ref, Details())
        self._details[found.ref] = Details(
            videos=before.videos if found.videos is None else found.videos,
            raw=before.raw if found.raw is None else found.raw,
            oddities=before.oddities if found.raw is None else found.oddities,
            history=before.history if found.transition is None else (*before.history, found.transition),
            error_raw=before.error_raw if found.error_raw is None else found.error_raw,
        )

    async def details(self, ref: TaskRef) -> Details:
        return self._details.get(ref, Details())

    async def close(self) -> None:
        return

    def _change(self, refs: Iterable[TaskRef], **fields: object) -> None:
        for ref in refs:
            if ref in self._tasks:
                self._tasks[ref] = msgspec.structs.replace(self._tasks[ref], **fields)
