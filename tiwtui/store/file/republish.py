"""Putting the state back where its file was unlinked or replaced while it was open.

1. The open database is copied whole, with what was committed after the unlinking. The copy is published at
   the path in one step, which fails where another process was first.
2. Where another was first, own watched rows that are absent or older there are added, and what is known of
   tasks of which nothing is known there. An empty label is filled from the other row.
3. A file that somebody put there, such as a backup, is joined as it is. It is known by a task that is older
   than the loss, and by a lower revision; a list begun since has no such task, a copy no such revision.
4. The WAL of the lost file is removed where it was left: SQLite would play it into the new one.
5. Processes that do this at once do it one after the other, and none waits for ever.
"""

import fcntl
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import NamedTuple, assert_never

from tiwtui.i18n import _
from tiwtui.store import schema
from tiwtui.store.errors import locked
from tiwtui.store.file.file_identity import identity_at
from tiwtui.store.file.state_file import First, Opened, make_folder

_PAUSE_S = 0.02

_TIMES = ("removed_at", "taken_at", "seen_at", "done_at", "flagged_at")
_MOMENT = f"max({{0}}.added_at, {', '.join(f'coalesce({{0}}.{name}, 0)' for name in _TIMES)})"
_IS_NEWER = f"({_MOMENT.format('mine')}, mine.revision) > ({_MOMENT.format('watched')}, watched.revision)"
_SAME = "mine.sdk_app_id = watched.sdk_app_id AND mine.task_id = watched.task_id"
_COLUMNS = f"sdk_app_id, task_id, {', '.join(schema.EDITED)}"
_OTHERS = ", ".join(f"{name} = mine.{name}" for name in schema.EDITED if name != "label")
_NEWER = f"""
UPDATE watched SET
    label = CASE WHEN mine.label = '' THEN watched.label ELSE mine.label END, {_OTHERS}, revision = ?1
FROM own.watched mine WHERE {_SAME} AND {_IS_NEWER}
"""
_UNLABELLED = f"""
UPDATE watched SET label = mine.label, revision = ?1
FROM own.watched mine WHERE {_SAME} AND watched.label = '' AND mine.label != ''
"""
_ABSENT = f"""
INSERT INTO watched ({_COLUMNS}, revision)
SELECT {_COLUMNS}, ?1 FROM own.watched WHERE true ORDER BY id ON CONFLICT DO NOTHING
"""
_KNOWN = f"FROM own.watched mine JOIN watched ON {_SAME}"
_UNKNOWN_HERE = "watched.id NOT IN (SELECT id FROM observed)"
_OBSERVED = (
    f"""
INSERT INTO transitions (id, at, phase, status)
SELECT watched.id, t.at, t.phase, t.status {_KNOWN} JOIN own.transitions t ON t.id = mine.id
WHERE {_UNKNOWN_HERE} ORDER BY t.number
""",
    f"""
INSERT INTO details (id, videos, oddities, raw)
SELECT watched.id, d.videos, d.oddities, d.raw {_KNOWN} JOIN own.details d ON d.id = mine.id
WHERE {_UNKNOWN_HERE} ON CONFLICT DO NOTHING
""",
)
_SHOWN = f"""
INSERT INTO observed (id, shown, revision)
SELECT watched.id, o.shown, ?1 {_KNOWN} JOIN own.observed o ON o.id = mine.id
WHERE true ON CONFLICT DO NOTHING
"""


class InPlace(NamedTuple):
    """When the file was last seen in its place: the revision known then, and epoch seconds."""

    revision: int
    wall: float


class Way(Enum):
    """How the state came back."""

    PUBLISHED = "published"
    MERGED = "merged"
    JOINED = "joined"

    def message(self, path: Path) -> str:
        """Return what a person reads of it."""
        match self:
            case Way.PUBLISHED:
                text = _("{path} was deleted while it was open. All of it was saved there again.")
            case Way.MERGED:
                text = _(
                    "{path} was deleted while it was open, and another tiwtui began it again. "
                    "The tasks of this one were added."
                )
            case Way.JOINED:
                text = _("{path} was replaced while it was open. This is the list that it holds now.")
            case _ as unreachable:
                assert_never(unreachable)
        return text.format(path=path)


def put_back(
    lost: Opened[First],
    path: Path,
    reopen: Callable[[], Opened[First]],
    last: InPlace,
    *,
    wait_s: float,
    stopped: threading.Event,
) -> tuple[Opened[First], Way]:
    """Publish a database whose file was lost, or add it to what stands at `path`; return what is open then.

    `wait_s` is how long another process that does the same is waited for. `lost` stays open. Raises
    `StoreFailed`, `sqlite3.Error` and `OSError`; `path` is then as it was, or whole.
    """
    make_folder(path)
    with _alone(path, wait_s, stopped), _copied(lost.connection, path) as copy:
        is_missing = identity_at(path) is None
        wal = path.with_name(f"{path.name}-wal")
        if is_missing or (lost.wal is not None and identity_at(wal) == lost.wal):
            for suffix in ("-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        if is_missing:
            # Where another process was first, the file is that one's.
            with suppress(FileExistsError):
                os.link(copy, path)
        opened = reopen()
        try:
            # By the file that is open now: this one may have been deleted again meanwhile.
            is_published = opened.identity == identity_at(copy)
            return opened, Way.PUBLISHED if is_published else _join(opened.connection, copy, last)
        except BaseException:
            opened.close()
            raise


@contextmanager
def _alone(path: Path, wait_s: float, stopped: threading.Event) -> Iterator[None]:
    """Hold the lock of the folder, which outlives every file in it."""
    folder = os.open(path.parent, os.O_RDONLY)
    until = time.monotonic() + wait_s
    try:
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until or stopped.wait(_PAUSE_S):
                    raise locked(path) from None
        yield
    finally:
        os.close(folder)


@contextmanager
def _copied(lost: sqlite3.Connection, path: Path) -> Iterator[Path]:
    copy = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        # SQLite fills an empty file, and leaves it the permissions that it has.
        os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        lost.execute("VACUUM INTO ?1", (str(copy),))
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _join(connection: sqlite3.Connection, copy: Path, last: InPlace) -> Way:
    """Add what the copy holds and the database lacks, unless that was put there on purpose."""
    older = connection.execute("SELECT 1 FROM watched WHERE added_at < ?1 LIMIT 1", (last.wall,)).fetchone()
    if older is not None and schema.revision(connection) < last.revision:
        return Way.JOINED
    connection.execute("ATTACH ?1 AS own", (str(copy),))
    try:
        with schema.transaction(connection):
            number = schema.next_revision(connection)
            for statement in (_NEWER, _UNLABELLED, _ABSENT):
                connection.execute(statement, (number,))
            for statement in _OBSERVED:
                connection.execute(statement)
            connection.execute(_SHOWN, (number,))
    finally:
        connection.execute("DETACH own")
    return Way.MERGED
