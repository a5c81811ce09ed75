"""The one door to the saved state: one connection, one worker, one place where transactions begin and end.

1. `run` is one transaction: it is committed when the coroutine returns; if it raises `StoreFailed`, nothing
   of it is saved.
2. A coroutine that is cancelled does not undo what it asked for. Where the database `sees_through`, it stops
   waiting for locks instead and ends with the result.
3. Work that nobody waits for (`post`, chores) does not raise: `trouble` says what is wrong for as long as it
   is.
4. A file that was unlinked or replaced is noticed within a second, and before any work returns. The state is
   put back (`file/republish.py`) before anything else is done with it.
5. A file that a newer tiwtui has upgraded meanwhile is read and not written any more: its version is read in
   each transaction that writes.
6. A database is open once: a second `open` is refused until it was closed.

Without a path the database is in memory, and gone at the end: the demo, `get` and tests use the same code.
"""

import asyncio
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar, TypeVarTuple

from tiwtui.i18n import _
from tiwtui.model import StateFile
from tiwtui.process.gc_pause import without_collecting
from tiwtui.store import schema
from tiwtui.store.errors import BUSY_S, StoreFailed, failed, repeated, step_of
from tiwtui.store.file.file_identity import identity_at, size_of
from tiwtui.store.file.republish import InPlace, put_back
from tiwtui.store.file.state_file import Opened, errors_mapped, open_memory, open_state
from tiwtui.store.worker import InlineWorker, ThreadWorker, Worker

IN_PLACE_EACH_S = 0.9
"""How often the path is looked at where nothing else is done with the database."""

_REVISION = "SELECT revision FROM counter WHERE typeof(revision) = 'integer'"

Result = TypeVar("Result")
Values = TypeVarTuple("Values")


class TimedWork(Protocol):
    """Work that is due by itself. `due_at` is monotonic seconds; `None` is never."""

    @property
    def due_at(self) -> float | None: ...

    def run(self, connection: sqlite3.Connection) -> None:
        """Do it; transactions are its own. What it raises is shown as trouble."""
        ...


class Database:
    """The saved state at `path`, shared with every process that opens the same file.

    `me` names this opening among the others. `notice` says what happened to the file, when it was opened or
    since. `busy_s` is how long a transaction waits for another process's; closing ends that wait.
    `sees_through` is for commands, where a cancelled edit is the end of the process, and must be reported.
    `before` is called with each statement before it is run, on the worker.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        busy_s: float = BUSY_S,
        wall: Callable[[], float] = time.time,
        sees_through: bool = False,
        worker: Worker | None = None,
        before: Callable[[str], None] | None = None,
    ) -> None:
        self.path = path
        self.me = uuid.uuid4().hex
        self.notice: str | None = None
        self.generation = 0
        """Rises when another file takes the place of the one that was open."""
        self.wall = wall
        self._busy_s = busy_s
        self._sees_through = sees_through
        self._before = before
        self._worker = worker or (InlineWorker() if path is None else ThreadWorker(f"store {path.name}"))
        self._stopped = threading.Event()
        self._opened: Opened[object] | None = None
        self._timed: list[TimedWork] = []
        self._at_end: list[Callable[[sqlite3.Connection], None]] = []
        self._troubles: dict[object, str] = {}
        self._looked_at = 0.0
        self._in_place = InPlace(0, 0.0)
        self._data_version: int | None = None
        self._written_rows = 0
        self._written_at: float | None = None
        self._failures = 0

    @property
    def trouble(self) -> str | None:
        """Why something that nobody waits for is not saved at the moment."""
        return next(iter(self._troubles.values()), None)

    def state_file(self) -> StateFile | None:
        """Return how the file is doing; `None` in memory."""
        if self.path is None:
            return None
        parts = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        size = sum(size_of(part) or 0 for part in parts)
        return StateFile(self.path, size, self._written_at, self._failures)

    def do_when_due(self, work: TimedWork) -> None:
        """Do this work when it is due, from the opening on."""
        self._timed.append(work)

    def do_at_end(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do this when the database is closed, after what was given before; transactions are its own."""
        self._at_end.append(work)

    async def open(self, first: Callable[[sqlite3.Connection], Result]) -> Result:
        """Open the file, begun where there is none, and return what `first` reads. Raises `StoreFailed`."""
        if self._worker.is_open:
            raise RuntimeError("the database is open")
        self._stopped.clear()
        try:
            self._worker.start(self)
        except (RuntimeError, MemoryError) as error:
            raise failed(error, self.path) from error
        try:
            return await self._result(self._worker.post(self._open, first))
        except StoreFailed:
            self._worker.stop()
            raise

    async def run(
        self, function: Callable[[sqlite3.Connection, *Values], Result], *values: *Values
    ) -> Result:
        """Run `function` in a transaction that may write."""
        return await self._result(self._worker.post(self._reach, schema.WRITE, function, *values))

    async def read(
        self, function: Callable[[sqlite3.Connection, *Values], Result], *values: *Values
    ) -> Result:
        """Run `function`, which only reads: all of it sees one state."""
        return await self._result(self._worker.post(self._reach, schema.READ, function, *values))

    async def read_changes(
        self, function: Callable[[sqlite3.Connection, *Values], Result], *values: *Values, always: bool
    ) -> Result | None:
        """Run `function` as `read` does, but only if another process wrote since, or `always`."""
        return await self._result(self._worker.post(self._read_changes, always, function, *values))

    async def run_bare(
        self, function: Callable[[sqlite3.Connection, *Values], Result], *values: *Values
    ) -> Result:
        """Run `function` outside of a transaction, for what SQLite does only there."""
        return await self._result(self._worker.post(self._reach, "", function, *values))

    def post(self, function: Callable[[sqlite3.Connection, *Values], None], *values: *Values) -> None:
        """Run `function` in a transaction; nobody waits for it."""
        self._worker.post(self._note, "post", schema.WRITE, function, *values)

    def post_timed(self, work: TimedWork) -> None:
        """Do timed work, if any is waiting, before everything that is asked for later."""
        self._worker.post(self._do_waiting, work)

    async def do_now(self, work: TimedWork) -> None:
        """Do timed work, if any is waiting, and return when it was tried."""
        await self._result(self._worker.post(self._do_waiting, work))

    def call(self, function: Callable[[*Values], None], *values: *Values) -> None:
        """Call `function` on the worker, in its turn. It does without the connection."""
        self._worker.post(function, *values)

    async def close(self) -> None:
        """Do what is left for the end, and close the file. A database that is not open stays so."""
        self._stopped.set()
        if self._worker.is_open:
            try:
                await self._result(self._worker.post(self._close))
            finally:
                self._worker.stop()

    @property
    def due_at(self) -> float | None:
        """When timed work is due, or the path is to be looked at; for the worker."""
        if self._opened is None:
            return None
        looks = () if self.path is None else (self._looked_at + IN_PLACE_EACH_S,)
        dues = (work.due_at for work in self._timed)
        return min((*looks, *(due for due in dues if due is not None)), default=None)

    def run_due(self) -> None:
        """Do the timed work that is due, and look at the path; for the worker."""
        now = time.monotonic()
        for work in self._timed:
            if work.due_at is not None and now >= work.due_at:
                self._note(work, "", work.run)
        if self.path is not None and now >= self._looked_at + IN_PLACE_EACH_S:
            self._note("place", "", _nothing)

    async def _result(self, future: "Future[Result]") -> Result:
        if future.done():
            return future.result()
        job = asyncio.wrap_future(future)
        # Where nobody waits any more, asyncio would print the failure as a traceback.
        job.add_done_callback(asyncio.Future.exception)
        try:
            return await asyncio.shield(job)
        except asyncio.CancelledError:
            if self._sees_through:
                self._stopped.set()
                await asyncio.shield(job)
            raise

    def _do_waiting(self, work: TimedWork) -> None:
        if work.due_at is not None:
            self._note(work, "", work.run)

    def _note(
        self,
        what: object,
        begin: str,
        function: Callable[[sqlite3.Connection, *Values], None],
        *values: *Values,
    ) -> None:
        """Do work that nobody waits for; a failure stands as trouble until the same work succeeds."""
        try:
            self._reach(begin, function, *values)
            self._troubles.pop(what, None)
        except StoreFailed as failure:
            self._troubles[what] = str(failure)

    def _reach(
        self, begin: str, function: Callable[[sqlite3.Connection, *Values], Result], *values: *Values
    ) -> Result:
        """Run `function` on the connection, again while another process is in its way."""

        def once() -> Result:
            connection = self._connection()
            if not begin:
                return function(connection, *values)
            with schema.transaction(connection, begin):
                return function(connection, *values)

        try:
            with errors_mapped(self.path, is_reading=begin == schema.READ):
                result = repeated(once, self._busy_s, self._stopped)
                # Looked at again: what was written into a file that is gone is not saved.
                self._note_written(self._connection())
        except StoreFailed:
            self._failures += 1
            raise
        return result

    def _read_changes(
        self, always: bool, function: Callable[[sqlite3.Connection, *Values], Result], *values: *Values
    ) -> Result | None:
        found: Result | None = None

        def look(connection: sqlite3.Connection) -> None:
            nonlocal found
            # The first statement of the transaction: what is read after it is of the same state.
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if always or version != self._data_version:
                found = function(connection, *values)
                self._data_version = version

        self._reach(schema.READ, look)
        return found

    def _note_written(self, connection: sqlite3.Connection) -> None:
        if connection.total_changes != self._written_rows:
            self._written_rows, self._written_at = connection.total_changes, self.wall()
        revision = self._in_place.revision
        # What was committed stays so, also where the counter's row is lost or cannot be read just now.
        with suppress(sqlite3.Error):
            revision = next(connection.execute(_REVISION), (0,))[0]
        self._in_place = InPlace(revision, self.wall())

    def _connection(self) -> sqlite3.Connection:
        """Return the connection to the file at the path, which is put back where it is gone."""
        opened = self._opened
        if opened is None:
            raise StoreFailed(_("the watch list is closed"))
        self._looked_at = time.monotonic()
        if self.path is not None and identity_at(self.path) != opened.identity:
            lost, last = opened, self._in_place
            opened, way = put_back(
                lost, self.path, self._open_again, last, wait_s=self._busy_s, stopped=self._stopped
            )
            self._opened = opened
            # SQLite leaves files alone that it finds at the path of a database that was moved.
            lost.close()
            self.notice = way.message(self.path)
            self.generation += 1
            self._data_version, self._written_rows = None, opened.connection.total_changes
            opened.connection.set_trace_callback(self._before)
        return opened.connection

    def _open_again(self) -> Opened[object]:
        return self._open_file(_nothing)

    def _open_file(self, first: Callable[[sqlite3.Connection], object]) -> Opened[object]:
        path = self.path
        if path is None:
            return open_memory(first)
        step_s = step_of(self._busy_s)
        with without_collecting():
            return repeated(
                lambda: open_state(path, first, busy_s=step_s, wall=self.wall()), self._busy_s, self._stopped
            )

    def _open(self, first: Callable[[sqlite3.Connection], Result]) -> Result:
        found: list[Result] = []

        def read(connection: sqlite3.Connection) -> None:
            found[:] = [first(connection)]

        with errors_mapped(self.path, is_reading=True):
            self._opened = self._open_file(read)
            # What beginning a file wrote is nobody's edit.
            self._written_rows = self._opened.connection.total_changes
            self._note_written(self._opened.connection)
        self._opened.connection.set_trace_callback(self._before)
        self.notice, self._looked_at = self._opened.notice, time.monotonic()
        return found[0]

    def _close(self) -> None:
        if self._opened is None:
            # The caller of `open` was cancelled, and it failed.
            return
        failure: StoreFailed | None = None
        try:
            for work in self._at_end:
                try:
                    self._reach("", work)
                except StoreFailed as error:
                    failure = failure or error
        finally:
            self._opened.close()
            self._opened = None
        if failure is not None:
            raise failure


def _nothing(_connection: sqlite3.Connection) -> None:
    """Do nothing with the database: looking at the path is all that is wanted."""
