"""What processes tell each other through the database, as statements. Runs on the store's thread.

The lease, the processes and what they want, the pause, wishes to the sender, and the rows of tasks that are
newer than a process knows.

1. Only the holder of the lease beats, and only the holder takes wishes: asked in the same transaction.
2. A wish stands once, whoever made it, is gone once taken, outlives its maker, and is dropped when it is
   older than a minute.
3. A pause lasts while any process is there: one that finds itself alone ends what an earlier one left. It
   ends, too, when the process that made it is found dead.
"""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from tiwtui.coordination.lease import LeaseRow
from tiwtui.coordination.peers import Presence
from tiwtui.engine.status import Status
from tiwtui.model import Task, TaskRef
from tiwtui.store.codec import TASK_COLUMNS, is_moment, read_tasks
from tiwtui.store.schema import reading, revision, writing

WISH_KEPT_S = 60.0

_NEWER = f"""
SELECT w.removed_at, {TASK_COLUMNS} FROM watched w LEFT JOIN observed o USING (id)
WHERE w.id IN (
    SELECT id FROM watched WHERE revision > ? UNION SELECT id FROM observed WHERE revision > ?
)
ORDER BY w.id
"""
_ONE = f"""
SELECT w.removed_at, {TASK_COLUMNS} FROM watched w LEFT JOIN observed o USING (id)
WHERE w.sdk_app_id = ? AND w.task_id = ?
"""

_status = msgspec.json.Decoder(Status)
_refs = msgspec.json.Decoder(tuple[tuple[int, str], ...])


class Wish(StrEnum):
    """What a process can ask of the sender."""

    CHECK = "check"
    RESUME = "resume"


NO_TASK = TaskRef(0, "")
"""Stands in a wish that is about none."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Who paused the checks, and when (epoch seconds)."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class News:
    """One consistent look at what others wrote.

    `tasks` are those that changed and are watched, `removed` those that changed and are not. Where it
    `is_whole`, there are no other tasks.
    """

    revision: int
    tasks: tuple[Task, ...]
    removed: tuple[TaskRef, ...]
    lease: LeaseRow
    status: Status | None
    processes: tuple[Presence, ...]
    pause: Pause | None
    has_wishes: bool
    is_whole: bool = False


def data_version(connection: sqlite3.Connection) -> int:
    """Return a number that changes with each commit of another connection. Not for use in a transaction."""
    row = connection.execute("PRAGMA data_version").fetchone()
    return int(row[0])


def news(
    connection: sqlite3.Connection, since: int, again: frozenset[TaskRef], *, is_whole: bool = False
) -> News:
    """Return what is newer than revision `since`, and the tasks of `again` whatever their revision.

    `is_whole` says that `since` is before everything.
    """
    with reading(connection):
        found = connection.execute(_NEWER, (since, since)).fetchall()
        for ref in again.difference(TaskRef(row[1], row[2]) for row in found):
            found += connection.execute(_ONE, (ref.sdk_app_id, ref.task_id)).fetchall()
        lease_row = connection.execute("SELECT epoch, holder, name, beat, standing FROM lease").fetchone()
        *lease, status = lease_row or (0, "", "", 0, None)
        processes = connection.execute(
            "SELECT holder, name, beat, budget, attended FROM processes"
        ).fetchall()
        pause = connection.execute("SELECT name, at FROM pause").fetchone()
        has_wishes = connection.execute("SELECT 1 FROM wishes LIMIT 1").fetchone() is not None
        return News(
            revision=revision(connection),
            tasks=tuple(read_tasks(row[1:] for row in found if row[0] is None)),
            removed=tuple(TaskRef(row[1], row[2]) for row in found if row[0] is not None),
            lease=LeaseRow(*lease),
            status=_told(status),
            processes=tuple(
                Presence(holder, name, beat, budget, _attended(attended))
                for holder, name, beat, budget, attended in processes
                if isinstance(beat, int) and isinstance(budget, float)
            ),
            pause=None if pause is None or not is_moment(pause[1]) else Pause(*pause),
            has_wishes=has_wishes,
            is_whole=is_whole,
        )


def join(connection: sqlite3.Connection, presence: Presence) -> None:
    """Enter this process among those that share the list."""
    with writing(connection):
        if connection.execute("SELECT 1 FROM processes LIMIT 1").fetchone() is None:
            connection.execute("DELETE FROM pause")
        _be_present(connection, presence)


def be_present(connection: sqlite3.Connection, presence: Presence) -> None:
    """Say that this process lives, what it wants and what is looked at in it."""
    with writing(connection):
        _be_present(connection, presence)


def leave(connection: sqlite3.Connection, me: str) -> None:
    """Take this process out, and give the lease back if it holds it."""
    with writing(connection):
        connection.execute("UPDATE lease SET holder = '', beat = beat + 1 WHERE holder = ?", (me,))
        connection.execute("DELETE FROM processes WHERE holder = ?", (me,))


def forget_processes(connection: sqlite3.Connection, holders: tuple[str, ...]) -> None:
    """Take dead processes out."""
    with writing(connection):
        connection.executemany("DELETE FROM processes WHERE holder = ?", [(holder,) for holder in holders])
        # A killed process cannot lift its pause, and whoever waits beside it would wait for ever.
        connection.executemany("DELETE FROM pause WHERE holder = ?", [(holder,) for holder in holders])


def take_lease(connection: sqlite3.Connection, me: str, name: str, judged: LeaseRow) -> int | None:
    """Take the next epoch if the lease is still as it was `judged`; return it."""
    with writing(connection):
        taken = connection.execute(
            "UPDATE lease SET epoch = epoch + 1, holder = ?, name = ?, beat = beat + 1, standing = NULL "
            "WHERE epoch = ? AND beat = ?",
            (me, name, judged.epoch, judged.beat),
        )
    return judged.epoch + 1 if taken.rowcount else None


def beat(connection: sqlite3.Connection, me: str, epoch: int, status: Status) -> bool:
    """Raise the beat and tell the others how the watching stands; return whether the lease is still held."""
    with writing(connection):
        raised = connection.execute(
            "UPDATE lease SET beat = beat + 1, standing = ? WHERE holder = ? AND epoch = ?",
            (msgspec.json.encode(status).decode(), me, epoch),
        )
    return raised.rowcount == 1


def give_back(connection: sqlite3.Connection, me: str, epoch: int) -> None:
    """Let another process take the lease at once."""
    with writing(connection):
        connection.execute(
            "UPDATE lease SET holder = '', beat = beat + 1 WHERE holder = ? AND epoch = ?", (me, epoch)
        )


def set_pause(connection: sqlite3.Connection, me: str, pause: Pause | None) -> None:
    """Pause for every process, or end the pause."""
    with writing(connection):
        connection.execute("DELETE FROM pause")
        if pause is not None:
            values = (me, pause.name, pause.at)
            connection.execute("INSERT INTO pause (holder, name, at) VALUES (?, ?, ?)", values)


def wish(connection: sqlite3.Connection, kind: Wish, refs: tuple[TaskRef, ...], wall: float) -> None:
    """Ask something of the sender, about each of `refs`."""
    with writing(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO wishes (kind, sdk_app_id, task_id, made_at) VALUES (?, ?, ?, ?)",
            [(kind.value, ref.sdk_app_id, ref.task_id, wall) for ref in refs],
        )


def take_wishes(
    connection: sqlite3.Connection, me: str, epoch: int, wall: float
) -> tuple[tuple[Wish, TaskRef], ...]:
    """Return the wishes and forget them, if this process holds the lease."""
    with writing(connection):
        held = connection.execute("SELECT 1 FROM lease WHERE holder = ? AND epoch = ?", (me, epoch))
        if held.fetchone() is None:
            return ()
        # A clock that was set back makes a wish's age negative: it is new all the same.
        found = connection.execute(
            "SELECT kind, sdk_app_id, task_id FROM wishes WHERE ? - made_at <= ? ORDER BY made_at",
            (wall, WISH_KEPT_S),
        ).fetchall()
        connection.execute("DELETE FROM wishes")
    return tuple((Wish(kind), TaskRef(app, task_id)) for kind, app, task_id in found)


def _attended(text: str) -> tuple[TaskRef, ...]:
    try:
        return tuple(TaskRef(*ref) for ref in _refs.decode(text))
    except (msgspec.DecodeError, TypeError):
        return ()


def _told(status: str | None) -> Status | None:
    try:
        return None if status is None else _status.decode(status)
    except (msgspec.DecodeError, TypeError):
        # A process of another version: it sends all the same.
        return None


def _be_present(connection: sqlite3.Connection, presence: Presence) -> None:
    attended = msgspec.json.encode([(ref.sdk_app_id, ref.task_id) for ref in presence.attended]).decode()
    connection.execute(
        "INSERT OR REPLACE INTO processes (holder, name, beat, budget, attended) VALUES (?, ?, ?, ?, ?)",
        (presence.holder, presence.name, presence.beat, presence.budget, attended),
    )
