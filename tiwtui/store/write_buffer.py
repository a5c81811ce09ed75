"""What checks found, on its way to the disk: gathered for a moment, then written together.

1. A finding waits at most `flush_s`; one of a task that settled does not wait.
2. Findings are written only while this process holds the lease under which they were made, and only for
   tasks that are watched: both are asked in the transaction that writes them. What a sender found after
   another took the lease is dropped, and named, so that the true state can be read again.
3. A write that fails loses no finding; they are tried again, and until then `details` are read through them:
   a result is not lost to a full disk while the process lives.
"""

import sqlite3
import time

import msgspec

from tiwtui.engine.transitions import CheckResult
from tiwtui.model import Details, Task, TaskRef, Transition, Video
from tiwtui.store import codec, retention
from tiwtui.store.schema import next_revision, transaction

AGAIN_S = 1.0

_OBSERVED = """
INSERT INTO observed (id, shown, revision)
SELECT id, ?3, ?4 FROM watched WHERE sdk_app_id = ?1 AND task_id = ?2 AND removed_at IS NULL
ON CONFLICT (id) DO UPDATE SET shown = excluded.shown, revision = excluded.revision
RETURNING id
"""
_DETAILS = """
INSERT INTO details (id, videos, oddities, raw, error_raw)
VALUES (?1, coalesce(?2, '[]'), coalesce(?3, '[]'), ?4, ?5)
ON CONFLICT (id) DO UPDATE SET
    videos = coalesce(?2, details.videos),
    oddities = coalesce(?3, details.oddities),
    raw = CASE WHEN ?3 IS NULL THEN details.raw ELSE ?4 END,
    error_raw = coalesce(?5, details.error_raw)
"""
_TRANSITION = "INSERT INTO transitions (id, at, phase, status) VALUES (?1, ?2, ?3, ?4)"


class _Waiting(msgspec.Struct):
    """All that was found of one task since it was last written."""

    epoch: int
    task: Task
    videos: tuple[Video, ...] | None = None
    raw: bytes | None = None
    oddities: tuple[str, ...] = ()
    transitions: list[Transition] = msgspec.field(default_factory=list)
    error_raw: bytes | None = None

    def take(self, found: CheckResult) -> None:
        self.task = found.task
        if found.videos is not None:
            self.videos = found.videos
        if found.raw is not None:
            self.raw, self.oddities = found.raw, found.oddities
        if found.error_raw is not None:
            self.error_raw = found.error_raw
        if found.transition is not None:
            self.transitions.append(found.transition)

    def over(self, saved: Details) -> Details:
        return Details(
            videos=saved.videos if self.videos is None else self.videos,
            raw=saved.raw if self.raw is None else self.raw,
            oddities=saved.oddities if self.raw is None else self.oddities,
            history=(*saved.history, *self.transitions),
            error_raw=saved.error_raw if self.error_raw is None else self.error_raw,
            edited_by=saved.edited_by,
        )


class WriteBuffer:
    """The findings that wait to be written by the process `me`. Belongs to the database's worker."""

    def __init__(self, me: str, flush_s: float) -> None:
        self._me = me
        self._flush_s = flush_s
        self._waiting: dict[TaskRef, _Waiting] = {}
        self.dropped: set[TaskRef] = set()
        """The tasks of which something was dropped and that have not been read again since."""
        self.due_at: float | None = None

    def take(self, found: CheckResult, epoch: int | None) -> None:
        """Let a finding wait that was made under the lease's `epoch`; `None` is none."""
        if epoch is None:
            self.dropped.add(found.ref)
            return
        waiting = self._waiting.get(found.ref)
        if waiting is None or waiting.epoch != epoch:
            waiting = self._waiting[found.ref] = _Waiting(epoch, found.task)
        waiting.take(found)
        due_at = time.monotonic() + (0.0 if found.has_settled else self._flush_s)
        self.due_at = due_at if self.due_at is None else min(self.due_at, due_at)

    def run(self, connection: sqlite3.Connection) -> None:
        """Write all that waits, in one transaction. If that fails, it goes on waiting."""
        self.due_at = None
        if not self._waiting:
            return
        self.due_at = time.monotonic() + AGAIN_S
        with transaction(connection):
            held = _held_epoch(connection, self._me)
            number = next_revision(connection)
            for waiting in self._waiting.values():
                if waiting.epoch == held:
                    _write(connection, waiting, number)
        self.dropped.update(ref for ref, waiting in self._waiting.items() if waiting.epoch != held)
        self._waiting.clear()
        self.due_at = None

    def over(self, ref: TaskRef, saved: Details) -> Details:
        """Return a task's details with what waits for it."""
        waiting = self._waiting.get(ref)
        return saved if waiting is None else waiting.over(saved)


def _held_epoch(connection: sqlite3.Connection, me: str) -> int | None:
    row = connection.execute("SELECT epoch FROM lease WHERE holder = ?1", (me,)).fetchone()
    return None if row is None else int(row[0])


def _write(connection: sqlite3.Connection, waiting: _Waiting, number: int) -> None:
    ref = waiting.task.ref
    values = (ref.sdk_app_id, ref.task_id, codec.shown_text(waiting.task), number)
    written = connection.execute(_OBSERVED, values).fetchall()
    if not written:
        return
    ((row_id,),) = written
    if (waiting.videos, waiting.raw, waiting.error_raw) != (None, None, None):
        videos = None if waiting.videos is None else codec.videos_text(waiting.videos)
        oddities = None if waiting.raw is None else codec.oddities_text(waiting.oddities)
        raw = None if waiting.raw is None else codec.packed(waiting.raw)
        # Empty bytes replace what is saved, NULL leaves it.
        error_raw = None if waiting.error_raw is None else codec.packed(waiting.error_raw) or b""
        connection.execute(_DETAILS, (row_id, videos, oddities, raw, error_raw))
    for transition in waiting.transitions:
        connection.execute(_TRANSITION, (row_id, transition.at, transition.phase.value, transition.status))
    if waiting.transitions:
        retention.delete_transitions(connection, row_id)
