"""The watch list as it is saved: what people do to it, what checks found, what is read of it.

1. What a person did is committed when the coroutine returns; if it raises `StoreFailed`, nothing of it is.
2. What checks found is on disk half a second later, at once for a task that settled (`write_buffer.py`), and
   before anything that a person does afterwards: a removed task has what was known until then.
3. A start reads what the list shows and nothing else: videos, answers and history are read by `details`.
"""

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from getpass import getuser

from tiwtui.engine.transitions import CheckResult
from tiwtui.model import Details, Done, Removed, StateFile, Task, TaskRef, Video
from tiwtui.store import edits
from tiwtui.store.database import Database
from tiwtui.store.edits import Changes, Taken
from tiwtui.store.file.backup import HourlyBackup
from tiwtui.store.write_buffer import WriteBuffer

FLUSH_S = 0.4
"""With the time a commit takes, a finding is on disk within half a second."""


_LONGEST_NAME = 64


def editor_name() -> str:
    """Return who makes edits here: `TIWTUI_NAME`, else user@host; 64 characters at most."""
    name = os.environ.get("TIWTUI_NAME") or f"{_user()}@{os.uname().nodename}"
    # Bytes that are no text stand in it as half surrogates, which SQLite does not take.
    return name.encode("utf-8", "replace").decode()[:_LONGEST_NAME]


def _user() -> str:
    try:
        return getuser()
    except (OSError, KeyError):
        # The user has no name here, as in some containers.
        return str(os.getuid())


class TaskStore:
    """The tasks in a database, `tasks` added when it is opened.

    `flush_s` is how long a finding may wait; in memory none does. `by` is who makes the edits.
    """

    def __init__(
        self,
        database: Database,
        *,
        tasks: Sequence[Task] = (),
        flush_s: float | None = None,
        by: str = "",
    ) -> None:
        self.database = database
        self._tasks = tuple(tasks)
        self.by = by
        self.epoch: int | None = None
        """The lease's epoch under which this process sends; `None` while it does not."""
        if flush_s is None:
            flush_s = 0.0 if database.path is None else FLUSH_S
        self._buffer = WriteBuffer(database.me, flush_s)
        self._revision, self._generation = 0, 0
        self._has_found = False
        backup = HourlyBackup(database.path, lambda: self.epoch is not None)
        database.do_when_due(self._buffer)
        database.do_when_due(backup)
        database.do_at_end(self._buffer.run)
        database.do_at_end(backup.run_at_end)

    @property
    def is_saved(self) -> bool:
        """Whether the next start finds this watch list again; the demo's is gone with it."""
        return self.database.path is not None

    @property
    def has_dropped(self) -> bool:
        """Whether something that was found here was dropped, so that `changes` has tasks to read again."""
        return bool(self._buffer.dropped)

    def state_file(self) -> StateFile | None:
        """Return how the file is doing; `None` where nothing is saved."""
        return self.database.state_file()

    async def open(self) -> Sequence[Task]:
        """Return every watched task as it was last known. Raises `StoreFailed`."""
        self._revision, tasks = await self.database.open(edits.watched_tasks)
        self._generation = self.database.generation
        if self._tasks:
            await self.add(self._tasks)
            self._revision, tasks = await self.database.read(edits.watched_tasks)
        return tasks

    async def close(self) -> None:
        """Save what is still waiting and close the file. A store that is not open stays so."""
        await self.database.close()

    async def add(self, tasks: Sequence[Task]) -> None:
        """Put tasks on the list; one that was removed comes back with everything known of it."""
        if tasks:
            self._write_found()
            await self.database.run(edits.add, tuple(tasks), self.by)

    async def remove(self, refs: Iterable[TaskRef], wall: float) -> None:
        """Take tasks off the list; they can be restored for as long as `retention` says."""
        if gone := tuple(refs):
            self._write_found()
            await self.database.run(edits.remove, gone, wall, self.by)

    async def restore(self, refs: Iterable[TaskRef]) -> Sequence[Task]:
        """Put removed tasks back; return them as they were last known, without those nobody removed."""
        wanted = tuple(refs)
        return await self.database.run(edits.restore, wanted, self.by) if wanted else ()

    async def label(self, ref: TaskRef, text: str) -> None:
        """Change a task's label."""
        self._write_found()
        await self.database.run(edits.label, ref, text, self.by)

    async def mark_seen(self, refs: Iterable[TaskRef], wall: float) -> None:
        """Note that a person has looked at settled tasks."""
        if seen := tuple(refs):
            self._write_found()
            await self.database.run(edits.mark_seen, seen, wall, self.by)

    async def mark_done(self, done: Mapping[TaskRef, Done | None]) -> None:
        """Note of each task that a person acknowledged it, or that nobody did."""
        if done:
            self._write_found()
            await self.database.run(edits.mark_done, done, self.by)

    async def flag(self, refs: Iterable[TaskRef], at: float | None) -> None:
        """Flag tasks for an alert of their own; `None` takes the flag away."""
        if flagged := tuple(refs):
            self._write_found()
            await self.database.run(edits.flag, flagged, at, self.by)

    async def take(self, videos: Mapping[TaskRef, Sequence[str]], wall: float) -> dict[TaskRef, Taken]:
        """Note which videos were copied, by their keys; return what is known of each task's now."""
        self._write_found()
        return await self.database.run(edits.take, videos, wall, self.by) if videos else {}

    async def untake(self, taken: Mapping[TaskRef, tuple[Taken, Taken]]) -> dict[TaskRef, Taken]:
        """Take back what changed the first into the second; return what is known of each task's now."""
        self._write_found()
        return await self.database.run(edits.untake, taken, self.by) if taken else {}

    async def removed(self) -> Sequence[Removed]:
        """Return the tasks that can be restored, the last removed first."""
        return await self.database.read(edits.removed_tasks)

    async def processing_times(self) -> Sequence[float]:
        """Return how long the last tasks that became ready were processing, in seconds, fifty at most."""
        return await self.database.read(edits.processing_times)

    async def details(self, ref: TaskRef) -> Details:
        """Return what is known of one task beyond its row."""
        return await self.database.read(self._details, ref)

    async def videos(self, refs: Iterable[TaskRef]) -> dict[TaskRef, tuple[Video, ...]]:
        """Return the videos of many tasks; those without any are left out."""
        self._write_found()
        return await self.database.read(self._videos, tuple(refs))

    def record(self, found: CheckResult) -> None:
        """Save what a check found, unless the task is absent or removed or another process sends by now."""
        self._has_found = True
        self.database.call(self._buffer.take, found, self.epoch)

    async def flush(self) -> None:
        """Write what checks found now; if that fails, `trouble` says so and it is tried again."""
        await self.database.do_now(self._buffer)

    async def end_sending(self) -> None:
        """Write what was found, and note that this process sends no more."""
        self.epoch = None
        await self.flush()

    def changes(self, connection: sqlite3.Connection) -> Changes:
        """Return the tasks that changed since the last time. The last statement of a transaction."""
        is_whole = self._generation != self.database.generation
        since = 0 if is_whole else self._revision
        found = edits.changes(connection, since, self._buffer.dropped, is_whole=is_whole)
        self._revision, self._generation = found.revision, self.database.generation
        self._buffer.dropped.clear()
        return found

    def _write_found(self) -> None:
        """Have what was found until now written before what is asked for next."""
        if self._has_found:
            self._has_found = False
            self.database.post_timed(self._buffer)

    def _videos(
        self, connection: sqlite3.Connection, refs: Sequence[TaskRef]
    ) -> dict[TaskRef, tuple[Video, ...]]:
        saved = edits.videos_of(connection, refs)
        each = ((ref, self._buffer.over(ref, Details(saved.get(ref, ()))).videos) for ref in refs)
        return {ref: videos for ref, videos in each if videos}

    def _details(self, connection: sqlite3.Connection, ref: TaskRef) -> Details:
        return self._buffer.over(ref, edits.details_of(connection, ref))
