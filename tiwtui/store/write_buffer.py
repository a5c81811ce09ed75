"""What checks found, on its way to the disk: gathered for a moment, then written together.

1. A finding waits at most `flush_s`; one of a task that settled does not wait.
2. Findings are written only while this process holds the lease under which they were found, and only for
   tasks that are watched: both are asked in the transaction that writes them. What a deposed sender found
   is dropped, and named, so that the true state can be read again.
3. A write that fails keeps the findings; they are tried again, and until then `details` are read through
   them: a result is not lost to a full disk while the process lives.
4. Of each task's transitions the last fifty are saved, of its answers the last good one, and what came after
   it if that was an error or could not be read.
"""

import sqlite3
from dataclasses import dataclass, field

from tiwtui.engine.transitions import CheckResult
from tiwtui.model import Details, Task, TaskRef, Transition, Video
from tiwtui.store import codec
from tiwtui.store.schema import next_revision, writing

TRANSITIONS_KEPT = 50
AGAIN_S = 1.0

_OBSERVED = """
INSERT OR REPLACE INTO observed (id, shown, revision) SELECT id, ?, ? FROM watched
WHERE sdk_app_id = ? AND task_id = ? AND removed_at IS NULL
"""
_ID = "SELECT id FROM watched WHERE sdk_app_id = ? AND task_id = ?"
_DETAILS = """
INSERT INTO details (id, videos, oddities, raw, error_raw)
VALUES (:id, coalesce(:videos, '[]'), coalesce(:oddities, '[]'), :raw, :error_raw)
ON CONFLICT (id) DO UPDATE SET
    videos = coalesce(:videos, videos),
    oddities = coalesce(:oddities, oddities),
    raw = iif(:oddities IS NULL, raw, :raw),
    error_raw = coalesce(:error_raw, error_raw)
"""
_FORGET_TRANSITIONS = """
DELETE FROM transitions WHERE id = ? AND number <= (
    SELECT number FROM transitions WHERE id = ? ORDER BY number DESC LIMIT 1 OFFSET ?
)
"""


@dataclass(slots=True)
class _Waiting:
    """All that was found of one task since it was last written."""

    epoch: int
    task: Task
    videos: tuple[Video, ...] | None = None
    raw: bytes | None = None
    oddities: tuple[str, ...] = ()
    transitions: list[Transition] = field(default_factory=list)
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

    def over(self, kept: Details) -> Details:
        return Details(
            videos=kept.videos if self.videos is None else self.videos,
            raw=kept.raw if self.raw is None else self.raw,
            oddities=kept.oddities if self.raw is None else self.oddities,
            history=(*kept.history, *self.transitions),
            error_raw=kept.error_raw if self.error_raw is None else self.error_raw,
        )


class Findings:
    """The findings that wait to be written. Belongs to the store's thread; `now` is monotonic seconds."""

    def __init__(self, flush_s: float) -> None:
        self._flush_s = flush_s
        self._waiting: dict[TaskRef, _Waiting] = {}
        self._dropped: set[TaskRef] = set()
        self.due_at: float | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, found: CheckResult, epoch: int | None, now: float) -> None:
        """Let a finding wait that was made under the lease's `epoch`; `None` is none."""
        if epoch is None:
            self._dropped.add(found.ref)
            return
        waiting = self._waiting.get(found.ref)
        if waiting is None or waiting.epoch != epoch:
            waiting = self._waiting[found.ref] = _Waiting(epoch, found.task)
        waiting.take(found)
        due_at = now if found.has_settled else now + self._flush_s
        self.due_at = due_at if self.due_at is None else min(self.due_at, due_at)

    def write(self, connection: sqlite3.Connection, me: str, now: float) -> None:
        """Write all that waits, in one transaction. If that fails, it waits on."""
        self.due_at = None
        if not self._waiting:
            return
        self.due_at = now + AGAIN_S
        with writing(connection):
            held = _held_epoch(connection, me)
            number = next_revision(connection)
            for waiting in self._waiting.values():
                if waiting.epoch == held:
                    _write(connection, waiting, number)
        self._dropped.update(ref for ref, waiting in self._waiting.items() if waiting.epoch != held)
        self._waiting.clear()
        self.due_at = None

    def over(self, ref: TaskRef, kept: Details) -> Details:
        """Return a task's details with what waits for it."""
        waiting = self._waiting.get(ref)
        return kept if waiting is None else waiting.over(kept)

    @property
    def dropped(self) -> frozenset[TaskRef]:
        """The tasks of which something was dropped and that have not been read again since."""
        return frozenset(self._dropped)

    def forget_dropped(self) -> None:
        """Note that they have been read again."""
        self._dropped.clear()


def _held_epoch(connection: sqlite3.Connection, me: str) -> int | None:
    row = connection.execute("SELECT epoch FROM lease WHERE holder = ?", (me,)).fetchone()
    return None if row is None else int(row[0])


def _write(connection: sqlite3.Connection, waiting: _Waiting, number: int) -> None:
    ref = waiting.task.ref
    key = (ref.sdk_app_id, ref.task_id)
    written = connection.execute(_OBSERVED, (codec.shown_text(waiting.task), number, *key))
    if not written.rowcount:
        return
    (row_id,) = connection.execute(_ID, key).fetchone()
    if (waiting.videos, waiting.raw, waiting.error_raw) != (None, None, None):
        values = {
            "id": row_id,
            "videos": None if waiting.videos is None else codec.videos_text(waiting.videos),
            "oddities": None if waiting.raw is None else codec.oddities_text(waiting.oddities),
            "raw": None if waiting.raw is None else codec.packed(waiting.raw),
            # Empty bytes replace what is saved, NULL leaves it.
            "error_raw": None if waiting.error_raw is None else codec.packed(waiting.error_raw) or b"",
        }
        connection.execute(_DETAILS, values)
    for transition in waiting.transitions:
        connection.execute(
            "INSERT INTO transitions (id, at, phase, status) VALUES (?, ?, ?, ?)",
            (row_id, transition.at, transition.phase.value, transition.status),
        )
    if waiting.transitions:
        connection.execute(_FORGET_TRANSITIONS, (row_id, row_id, TRANSITIONS_KEPT))
