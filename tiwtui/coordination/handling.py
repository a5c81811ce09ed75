"""How people handled tasks: seen, done, copied, flagged. A change is saved first, then it counts here."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tiwtui.clock import Clock
from tiwtui.coordination.slices import in_slices
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Done, Task, TaskRef
from tiwtui.store.edits import Taken
from tiwtui.store.task_store import TaskStore

Copies = Mapping[TaskRef, tuple[Taken, Taken]]
"""What was known of the copied videos of tasks before and after a copy."""


class Handling:
    """Notes what people did with tasks on the list. Each coroutine may raise `StoreFailed`."""

    def __init__(self, watcher: Watcher, store: TaskStore, clock: Clock, changed: Callable[[], None]) -> None:
        """Make it; `changed` is called after each change."""
        self._watcher = watcher
        self._store = store
        self._clock = clock
        self._changed = changed

    @property
    def by(self) -> str:
        """Who the changes made here are saved as."""
        return self._store.by

    async def see(self, refs: Iterable[TaskRef]) -> None:
        """Note that a person looked at tasks after they settled."""
        tasks = self._watcher.tasks
        settled = [ref for ref in refs if ref in tasks and tasks[ref].is_unseen]
        wall = self._clock.wall()
        await self._store.mark_seen(settled, wall)
        async for ref in in_slices(settled):
            self._watcher.edit(ref, seen_at=wall)
        self._changed()

    async def acknowledge(self, done: Mapping[TaskRef, Done | None]) -> None:
        """Note of each task that a person acknowledged it, or that nobody did."""
        known = {ref: each for ref, each in done.items() if ref in self._watcher.tasks}
        await self._store.mark_done(known)
        async for ref, each in in_slices(known.items()):
            self._watcher.edit(ref, done=each)
        self._changed()

    async def flag(self, refs: Iterable[TaskRef], at: float | None) -> None:
        """Flag tasks for an alert of their own; `None` takes the flag away."""
        known = [ref for ref in refs if ref in self._watcher.tasks]
        await self._store.flag(known, at)
        async for ref in in_slices(known):
            self._watcher.edit(ref, flagged_at=at)
        self._changed()

    async def take(self, videos: Mapping[TaskRef, Sequence[str]]) -> Copies:
        """Note which videos were copied, by their keys; return what takes it back."""
        tasks = self._watcher.tasks
        known = {ref: keys for ref, keys in videos.items() if ref in tasks}
        before = {ref: _taken_of(tasks[ref]) for ref in known}
        after = await self._store.take(known, self._clock.wall())
        await self._show(after)
        return {ref: (before[ref], after[ref]) for ref in known}

    async def untake(self, copies: Copies) -> None:
        """Take back what a copy noted, but nothing that was copied since."""
        await self._show(await self._store.untake(copies))

    async def _show(self, taken: Mapping[TaskRef, Taken]) -> None:
        async for ref, each in in_slices(taken.items()):
            self._watcher.edit(ref, **each._asdict())
        self._changed()


def _taken_of(task: Task) -> Taken:
    return Taken(task.taken_at, task.taken_by, task.taken_videos)
