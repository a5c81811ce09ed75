"""The store on disk: one SQLite file, one thread that owns the connection, an async face.

1. What a person did is committed when the coroutine returns; if it raises `StoreFailed`, nothing of it is.
   A coroutine that is cancelled does not undo what it asked for. Where the store sees it through, it stops
   waiting for locks instead and ends with what came of it.
2. What checks found is on disk half a second later, at once for a task that settled (`findings.py`).
3. Writes that nobody waits for (findings, wishes, the pause) do not raise: `trouble` says what is wrong for
   as long as it is.
4. A start reads what the list shows and nothing else: videos, answers and history are read by `details`.
5. A file that was unlinked or replaced is noticed within a second, and before an edit returns. The state is
   put back (`republish.py`) before anything else is done with it.
"""

import asyncio
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from tiwtui.coordination import sender_requests
from tiwtui.coordination.lease import LeaseRow
from tiwtui.coordination.peers import Presence
from tiwtui.coordination.sender_requests import News, Pause, Wish
from tiwtui.engine.status import Status
from tiwtui.engine.transitions import CheckResult
from tiwtui.gc_pause import without_collecting
from tiwtui.model import Details, Task, TaskRef, Video
from tiwtui.store import edits
from tiwtui.store.errors import BUSY_S, StoreFailed, failed
from tiwtui.store.file_identity import identity_at
from tiwtui.store.locks import repeated, step_of
from tiwtui.store.owner import Owner
from tiwtui.store.republish import InPlace, put_back
from tiwtui.store.state_file import Opened, foreign_mapped, open_state, size_of
from tiwtui.store.store import Removed, StateFile
from tiwtui.store.write_buffer import Findings

IN_PLACE_EACH_S = 0.9
FLUSH_S = 0.4
"""With the time a commit takes, a finding is on disk within half a second."""

_USUAL_OF = 50
_REVISION = "SELECT revision FROM counter WHERE typeof(revision) = 'integer'"

Result = TypeVar("Result")


class SqliteStore:
    """The watch list of one (profile, host, region), shared with every process that opens the same path.

    `notice` says what happened to the file, when it was opened or since. `flush_s` is how long a finding may
    wait, `busy_s` how long a write waits for another process's; closing ends that wait. `sees_through` is for
    commands, where a cancelled edit is the end of the process, and must not end without a word.
    """

    def __init__(
        self,
        path: Path,
        *,
        flush_s: float = FLUSH_S,
        busy_s: float = BUSY_S,
        wall: Callable[[], float] = time.time,
        sees_through: bool = False,
    ) -> None:
        self.path = path
        self.me = uuid.uuid4().hex
        self.notice: str | None = None
        self.epoch: int | None = None
        self._busy_s = busy_s
        self._sees_through = sees_through
        self._stopped = threading.Event()
        self._wall = wall
        self._findings = Findings(flush_s)
        self._findings_trouble: str | None = None
        self._words_trouble: str | None = None
        self._owner = Owner(f"store {path.name}", self)
        self._opened: Opened[tuple[int, list[Task]]] | None = None
        self._is_entered = False
        self._known_revision = 0
        self._written_revision = 0
        self._is_other_file = False
        self._in_place_at = 0.0
        self._stat_at = 0.0
        self._data_version: int | None = None
        self._written_rows = 0
        self._written_at: float | None = None
        self._failures = 0

    @property
    def trouble(self) -> str | None:
        """Why something that nobody waits for is not being kept at the moment."""
        return self._findings_trouble or self._words_trouble

    def state_file(self) -> StateFile:
        """Return how the file is doing."""
        parts = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        size = sum(size_of(part) or 0 for part in parts)
        return StateFile(self.path, size, self._written_at, self._failures)

    async def open(self) -> Sequence[Task]:
        """Return every watched task as it was last known. Raises `StoreFailed`."""
        self._owner = Owner(f"store {self.path.name}", self)
        self._stopped.clear()
        try:
            self._owner.start()
        except (RuntimeError, MemoryError) as error:
            raise failed(error, self.path) from error
        try:
            return await self._seen_through(self._open)
        except StoreFailed:
            self._owner.stop()
            raise

    async def add(self, tasks: Sequence[Task]) -> None:
        """Put tasks on the list; one that was removed comes back with everything known of it."""
        kept = tuple(tasks)
        await self._edit(lambda database: edits.add(database, kept))

    async def remove(self, refs: Iterable[TaskRef], wall: float) -> None:
        """Take tasks off the list; they can be restored for as long as `edits` keeps them."""
        kept = tuple(refs)
        await self._edit(lambda database: edits.remove(database, kept, wall))

    async def restore(self, refs: Iterable[TaskRef]) -> Sequence[Task]:
        """Put removed tasks back; return them as they were last known, without those nobody removed."""
        kept = tuple(refs)
        return await self._edit(lambda database: edits.restore(database, kept))

    async def label(self, ref: TaskRef, text: str) -> None:
        """Change a task's label."""
        await self._edit(lambda database: edits.label(database, ref, text))

    async def mark_seen(self, refs: Iterable[TaskRef], wall: float) -> None:
        """Keep that a person has looked at settled tasks."""
        kept = tuple(refs)
        await self._edit(lambda database: edits.mark_seen(database, kept, wall))

    async def mark_taken(self, refs: Iterable[TaskRef], wall: float) -> None:
        """Keep that the URLs of tasks were handed over."""
        kept = tuple(refs)
        await self._edit(lambda database: edits.mark_taken(database, kept, wall))

    async def removed(self) -> Sequence[Removed]:
        """Return the tasks that can be restored, the last removed first."""
        return await self._do(edits.removed_tasks)

    async def processing_times(self) -> Sequence[float]:
        """Return how long the last tasks that became ready were processing, in seconds, fifty at most."""
        return await self._do(lambda database: edits.processing_times(database, _USUAL_OF))

    async def details(self, ref: TaskRef) -> Details:
        """Return what is kept of one task beyond its row."""
        return await self._do(lambda database: self._findings.over(ref, edits.details_of(database, ref)))

    async def videos(self, refs: Iterable[TaskRef]) -> dict[TaskRef, tuple[Video, ...]]:
        """Return the videos of many tasks; those without any are left out."""
        kept = tuple(refs)
        return await self._edit(lambda database: edits.videos_of(database, kept))

    def record(self, found: CheckResult) -> None:
        """Keep what a check found, unless the task is absent or removed or another process sends by now."""
        epoch = self.epoch
        self._owner.post(lambda: self._findings.take(found, epoch, time.monotonic()))

    async def flush(self) -> None:
        """Write what checks found now; if that fails, `trouble` says so and it is tried again."""
        await self._owner.do(self.run)

    async def close(self) -> None:
        """Keep what is still waiting, let go of the lease and the file. A store that is not open stays so."""
        self._stopped.set()
        if self._owner.is_open:
            try:
                await self._owner.do(self._close)
            finally:
                self._owner.stop()

    async def look(self, *, anew: bool = False) -> News | None:
        """Return what others wrote since the last look, or `None` where they wrote nothing.

        `anew` looks although nobody else wrote.
        """
        return await self._do(lambda database: self._look(database, anew))

    async def join(self, presence: Presence) -> None:
        """Enter this process among those that share the list."""
        self._is_entered = True
        await self._do(lambda database: sender_requests.join(database, presence))

    async def be_present(self, presence: Presence) -> None:
        """Say that this process lives, what it wants and what is looked at in it."""
        await self._do(lambda database: sender_requests.be_present(database, presence))

    async def forget_processes(self, holders: tuple[str, ...]) -> None:
        """Take dead processes out."""
        await self._do(lambda database: sender_requests.forget_processes(database, holders))

    async def take_lease(self, name: str, judged: LeaseRow) -> int | None:
        """Take the next epoch if the lease is still as it was `judged`; return it."""
        self._is_entered = True
        self.epoch = await self._do(
            lambda database: sender_requests.take_lease(database, self.me, name, judged)
        )
        if self.epoch is not None:
            await self._do(lambda database: edits.forget_removed(database, self._wall()))
        return self.epoch

    async def beat(self, epoch: int, status: Status) -> bool:
        """Say that this process still sends; return whether the lease is still its own."""
        is_kept = await self._do(lambda database: sender_requests.beat(database, self.me, epoch, status))
        if not is_kept:
            self.epoch = None
        return is_kept

    async def give_back(self, epoch: int) -> None:
        """Keep what is waiting, then let another process send."""
        self.epoch = None
        await self._edit(lambda database: sender_requests.give_back(database, self.me, epoch))

    async def take_wishes(self, epoch: int) -> tuple[tuple[Wish, TaskRef], ...]:
        """Return what other processes ask of the sender."""
        wall = self._wall()
        return await self._do(lambda database: sender_requests.take_wishes(database, self.me, epoch, wall))

    def wish(self, kind: Wish, refs: Iterable[TaskRef]) -> None:
        """Ask something of whichever process sends."""
        kept, wall = tuple(refs), self._wall()
        self._unwaited(lambda database: sender_requests.wish(database, kind, kept, wall))

    def set_pause(self, pause: Pause | None) -> None:
        """Pause for every process, or end the pause."""
        self._unwaited(lambda database: sender_requests.set_pause(database, self.me, pause))

    @property
    def due_at(self) -> float | None:
        """When the waiting findings are to be written, or the file is to be looked at."""
        if self._opened is None:
            return None
        looks_at = self._stat_at + IN_PLACE_EACH_S
        return looks_at if self._findings.due_at is None else min(looks_at, self._findings.due_at)

    def run(self) -> None:
        """Write the waiting findings, and see whether the file is in its place."""
        try:
            self._reach(self._write)
            self._findings_trouble = None
        except StoreFailed as failure:
            self._findings_trouble = str(failure)

    async def _do(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return await self._seen_through(lambda: self._reach(work))

    async def _seen_through(self, work: Callable[[], Result]) -> Result:
        job = self._owner.job(work)
        try:
            return await asyncio.shield(job)
        except asyncio.CancelledError:
            if self._sees_through:
                self._stopped.set()
                await asyncio.shield(job)
            raise

    async def _edit(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do `work` after what was found before it is written: a removal keeps what was known until then."""

        def in_order() -> Result:
            if len(self._findings):
                self.run()
            return self._reach(work)

        return await self._seen_through(in_order)

    def _unwaited(self, work: Callable[[sqlite3.Connection], None]) -> None:
        def noting() -> None:
            try:
                self._reach(work)
                self._words_trouble = None
            except StoreFailed as failure:
                self._words_trouble = str(failure)

        self._owner.post(noting)

    def _reach(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do `work` on the connection."""
        try:
            with foreign_mapped(self.path):
                result = repeated(lambda: work(self._in_place()), self._busy_s, self._stopped)
                # Looked at again: what was written into a file that is gone is not saved.
                connection = self._in_place()
                if connection.total_changes != self._written_rows:
                    self._written_rows, self._written_at = connection.total_changes, self._wall()
                    # The counter's row may be lost or unreadable.
                    counter = connection.execute(_REVISION).fetchone()
                    self._written_revision = counter[0] if counter else 0
        except StoreFailed:
            self._failures += 1
            raise
        return result

    def _in_place(self) -> sqlite3.Connection:
        """Return the connection to the file at the path, which is put back where it is gone."""
        assert self._opened is not None
        self._stat_at = time.monotonic()
        if identity_at(self.path) != self._opened.identity:
            revision = max(self._known_revision, self._written_revision)
            lost, last = self._opened, InPlace(revision, self._in_place_at)
            self._opened, way = put_back(
                lost, self.path, self._open_file, last, wait_s=self._busy_s, stopped=self._stopped
            )
            # SQLite leaves files alone that it finds at the path of a database that was moved.
            lost.close()
            self.notice = way.message(self.path)
            self._known_revision, self._data_version = 0, None
            self._written_rows, self._written_revision = 0, 0
            self._is_other_file = True
        self._in_place_at = self._wall()
        return self._opened.connection

    def _open_file(self) -> Opened[tuple[int, list[Task]]]:
        first, step_s = edits.watched_tasks, step_of(self._busy_s)
        with without_collecting():
            return repeated(
                lambda: open_state(self.path, first, busy_s=step_s, wall=self._wall()),
                self._busy_s,
                self._stopped,
            )

    def _open(self) -> list[Task]:
        with foreign_mapped(self.path):
            self._opened = self._open_file()
        self.notice = self._opened.notice
        self._in_place_at, self._stat_at = self._wall(), time.monotonic()
        self._known_revision, tasks = self._opened.first
        return tasks

    def _close(self) -> None:
        if self._opened is None:
            # Whoever waited for the opening was cancelled, and it failed.
            return
        try:
            try:
                self._reach(self._write)
            finally:
                # Who only reads writes nothing: not even a lock of another process stands in its way.
                if self._is_entered:
                    self._reach(lambda database: sender_requests.leave(database, self.me))
        finally:
            self._opened.close()
            self._opened = None

    def _look(self, database: sqlite3.Connection, anew: bool) -> News | None:
        # Read before the transaction: a commit between the two is then looked at once more, never missed.
        version = sender_requests.data_version(database)
        again = self._findings.dropped
        if version == self._data_version and not again and not anew:
            return None
        news = sender_requests.news(database, self._known_revision, again, is_whole=self._is_other_file)
        self._is_other_file = False
        self._findings.forget_dropped()
        self._data_version, self._known_revision = version, news.revision
        return news

    def _write(self, database: sqlite3.Connection) -> None:
        self._findings.write(database, self.me, time.monotonic())
