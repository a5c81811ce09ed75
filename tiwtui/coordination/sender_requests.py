"""What processes say to each other through the database: functions of a connection, in its transaction.

The lease, the processes and what they want, the pause, and requests to the sender.

1. Only the holder of the lease beats, and only the holder takes requests: asked in the same transaction.
2. A request stands once, whichever process made it, is gone once taken, stays when its maker ends, and is
   dropped when it is older than a minute.
3. A pause ends after its time, and with the process that made it: when that leaves, when it is found dead,
   and when another one finds itself alone.
"""

import sqlite3
from collections.abc import Callable
from enum import StrEnum

import msgspec

from tiwtui.coordination.lease import LeaseRow
from tiwtui.coordination.peers import Peer
from tiwtui.engine.status import Status
from tiwtui.model import TaskRef
from tiwtui.store import retention
from tiwtui.store.codec import is_moment
from tiwtui.store.edits import Changes

REQUEST_LASTS_S = 60.0

_BE_PRESENT = """
INSERT INTO processes (holder, name, beat, budget, attended) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (holder) DO UPDATE SET
    name = excluded.name, beat = excluded.beat, budget = excluded.budget, attended = excluded.attended
"""
_TAKE = """
UPDATE lease SET epoch = epoch + 1, holder = ?1, name = ?2, beat = beat + 1, standing = NULL
WHERE epoch = ?3 AND beat = ?4 RETURNING epoch
"""
_BEAT = "UPDATE lease SET beat = beat + 1, standing = ?3 WHERE holder = ?1 AND epoch = ?2 RETURNING beat"
_GIVE_BACK = "UPDATE lease SET holder = '', beat = beat + 1 WHERE holder = ?1 AND epoch = ?2"
_LEAVE = "UPDATE lease SET holder = '', beat = beat + 1 WHERE holder = ?1"
_REQUEST = """
INSERT INTO wishes (kind, sdk_app_id, task_id, made_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (kind, sdk_app_id, task_id) DO UPDATE SET made_at = excluded.made_at
"""
# A clock that was set back makes a request's age negative: it is new all the same.
_REQUESTS = "SELECT kind, sdk_app_id, task_id FROM wishes WHERE ?1 - made_at <= ?2 ORDER BY made_at"

_status = msgspec.json.Decoder(Status)
_refs = msgspec.json.Decoder(tuple[tuple[int, str], ...])


class Request(StrEnum):
    """What a process can ask of the sender."""

    CHECK = "check"
    RESUME = "resume"


NO_TASK = TaskRef(0, "")
"""Stands in a request that is about no task."""


class Pause(msgspec.Struct, frozen=True):
    """Which process paused the checks, when (epoch seconds), and for how long; `None` is without end."""

    name: str
    at: float
    lasts_s: float | None = None


class News(msgspec.Struct, frozen=True):
    """What others wrote, as one state of the database."""

    lease: LeaseRow
    status: Status | None
    peers: tuple[Peer, ...]
    pause: Pause | None
    has_requests: bool
    changes: Changes


def news(connection: sqlite3.Connection, changes: Callable[[sqlite3.Connection], Changes]) -> News:
    """Return what others wrote; `changes` reads what changed of the tasks."""
    lease_row = connection.execute("SELECT epoch, holder, name, beat, standing FROM lease").fetchone()
    *lease, status = lease_row or (0, "", "", 0, None)
    peers = connection.execute("SELECT holder, name, beat, budget, attended FROM processes").fetchall()
    pause = connection.execute("SELECT name, at, lasts_s FROM pause").fetchone()
    has_requests = connection.execute("SELECT 1 FROM wishes LIMIT 1").fetchone() is not None
    return News(
        LeaseRow(*lease),
        _read_status(status),
        tuple(
            Peer(holder, name, beat, budget, _read_attended(attended))
            for holder, name, beat, budget, attended in peers
            if isinstance(beat, int) and isinstance(budget, float)
        ),
        _read_pause(pause),
        has_requests,
        changes(connection),
    )


def join(connection: sqlite3.Connection, peer: Peer) -> None:
    """Enter this process among those that share the list."""
    if connection.execute("SELECT 1 FROM processes LIMIT 1").fetchone() is None:
        connection.execute("DELETE FROM pause")
    be_present(connection, peer)


def be_present(connection: sqlite3.Connection, peer: Peer) -> None:
    """Write that this process lives, what it wants and what is looked at in it."""
    attended = msgspec.json.encode([(ref.sdk_app_id, ref.task_id) for ref in peer.attended]).decode()
    connection.execute(_BE_PRESENT, (peer.holder, peer.name, peer.beat, peer.budget, attended))


def leave(connection: sqlite3.Connection, me: str) -> None:
    """Take this process out with its pause, and give the lease back if it holds it."""
    connection.execute(_LEAVE, (me,))
    connection.execute("DELETE FROM pause WHERE holder = ?1", (me,))
    connection.execute("DELETE FROM processes WHERE holder = ?1", (me,))


def forget_peers(connection: sqlite3.Connection, holders: tuple[str, ...]) -> None:
    """Take dead processes out."""
    each = [(holder,) for holder in holders]
    connection.executemany("DELETE FROM processes WHERE holder = ?1", each)
    # A killed process cannot end its pause, and a command that waits beside it would wait for ever.
    connection.executemany("DELETE FROM pause WHERE holder = ?1", each)


def take_lease(
    connection: sqlite3.Connection, me: str, name: str, judged: LeaseRow, wall: float
) -> int | None:
    """Take the next epoch if the lease is still as it was `judged`; return it."""
    taken = connection.execute(_TAKE, (me, name, judged.epoch, judged.beat)).fetchall()
    if not taken:
        return None
    retention.delete_removed(connection, wall)
    return int(taken[0][0])


def beat(connection: sqlite3.Connection, me: str, epoch: int, status: Status) -> bool:
    """Raise the beat and show the others how the watching goes; return whether the lease is still held."""
    values = (me, epoch, msgspec.json.encode(status).decode())
    return bool(connection.execute(_BEAT, values).fetchall())


def give_back(connection: sqlite3.Connection, me: str, epoch: int) -> None:
    """Let another process take the lease at once."""
    connection.execute(_GIVE_BACK, (me, epoch))


def set_pause(connection: sqlite3.Connection, me: str, pause: Pause | None) -> None:
    """Pause for every process, or end the pause."""
    connection.execute("DELETE FROM pause")
    if pause is not None:
        values = (me, pause.name, pause.at, pause.lasts_s)
        connection.execute("INSERT INTO pause (holder, name, at, lasts_s) VALUES (?1, ?2, ?3, ?4)", values)


def end_pause(connection: sqlite3.Connection, pause: Pause) -> None:
    """End a pause whose time is over, unless it was renewed."""
    connection.execute("DELETE FROM pause WHERE name = ?1 AND at = ?2", (pause.name, pause.at))


def ask(connection: sqlite3.Connection, kind: Request, refs: tuple[TaskRef, ...], wall: float) -> None:
    """Ask something of the sender, about each of `refs`."""
    connection.executemany(_REQUEST, [(kind.value, ref.sdk_app_id, ref.task_id, wall) for ref in refs])


def take_requests(
    connection: sqlite3.Connection, me: str, epoch: int, wall: float
) -> tuple[tuple[Request, TaskRef], ...]:
    """Return the requests and delete them, if this process holds the lease."""
    held = connection.execute("SELECT 1 FROM lease WHERE holder = ?1 AND epoch = ?2", (me, epoch))
    if held.fetchone() is None:
        return ()
    found = connection.execute(_REQUESTS, (wall, REQUEST_LASTS_S)).fetchall()
    connection.execute("DELETE FROM wishes")
    return tuple((Request(kind), TaskRef(app, task_id)) for kind, app, task_id in found)


def _read_attended(text: str) -> tuple[TaskRef, ...]:
    try:
        return tuple(TaskRef(*ref) for ref in _refs.decode(text))
    except (msgspec.DecodeError, TypeError):
        return ()


def _read_pause(row: tuple[str, float, float | None] | None) -> Pause | None:
    if row is None or not is_moment(row[1]):
        return None
    name, at, lasts_s = row
    return Pause(name, at, lasts_s if is_moment(lasts_s) else None)


def _read_status(text: str | None) -> Status | None:
    try:
        return None if text is None else _status.decode(text)
    except (msgspec.DecodeError, TypeError):
        # A process of another version: it sends all the same.
        return None
