"""The tables of the saved state, and how a file of an earlier version is migrated. Forward only.

Two owners, two tables. *watched* is what people did, written where they did it and never by checks.
*observed* is what checks found, written by the sender alone. Each row carries the revision of the transaction
that wrote it last; revisions rise in the order of commits, so that "newer than n" names what a process has
not seen yet. `details` and `transitions` belong to *observed* and are read for one task at a time.

The version is `PRAGMA user_version`: the number of steps of `MIGRATIONS` that were taken. A step, once
released, is never altered; a change is a further step, which only adds tables and nullable columns.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tiwtui.store.errors import StoreTooNew, not_ours, upgraded

First = TypeVar("First")


class Connection(sqlite3.Connection):
    """A connection whose statements number their parameters, `?1`, `?2`, and are given a sequence.

    Python binds numbered parameters by name, and from 3.14 on refuses a sequence for them.
    """

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return super().execute(sql, _by_number(parameters))

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        """Run one statement for each row."""
        return super().executemany(sql, map(_by_number, rows))


def _by_number(parameters: Iterable[object]) -> dict[str, object]:
    return {str(number): value for number, value in enumerate(parameters, 1)}


WRITE, READ = "BEGIN IMMEDIATE", "BEGIN"
"""How a transaction begins that may write, and one that only reads."""

_FIRST = """
CREATE TABLE counter (revision INTEGER NOT NULL);
INSERT INTO counter VALUES (0);

CREATE TABLE watched (
    id INTEGER PRIMARY KEY,
    sdk_app_id INTEGER NOT NULL,
    task_id TEXT NOT NULL,
    label TEXT NOT NULL,
    added_at REAL NOT NULL,
    removed_at REAL,
    taken_at REAL,
    seen_at REAL,
    revision INTEGER NOT NULL,
    UNIQUE (sdk_app_id, task_id)
);
CREATE INDEX watched_revision ON watched (revision);
CREATE INDEX watched_removed ON watched (removed_at) WHERE removed_at IS NOT NULL;

CREATE TABLE observed (id INTEGER PRIMARY KEY, shown BLOB NOT NULL, revision INTEGER NOT NULL);
CREATE INDEX observed_revision ON observed (revision);

CREATE TABLE details (id INTEGER PRIMARY KEY, videos BLOB NOT NULL, oddities BLOB NOT NULL, raw BLOB);
CREATE TABLE transitions (
    number INTEGER PRIMARY KEY,
    id INTEGER NOT NULL,
    at REAL NOT NULL,
    phase TEXT NOT NULL,
    status TEXT NOT NULL
);
CREATE INDEX transitions_of ON transitions (id, number);

CREATE TABLE lease (
    epoch INTEGER NOT NULL, holder TEXT NOT NULL, name TEXT NOT NULL, beat INTEGER NOT NULL, standing TEXT
);
INSERT INTO lease VALUES (0, '', '', 0, NULL);
CREATE TABLE processes (
    holder TEXT PRIMARY KEY, name TEXT NOT NULL, beat INTEGER NOT NULL, budget REAL NOT NULL,
    attended TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE pause (holder TEXT NOT NULL, name TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE wishes (
    kind TEXT NOT NULL, sdk_app_id INTEGER NOT NULL, task_id TEXT NOT NULL, made_at REAL NOT NULL,
    PRIMARY KEY (kind, sdk_app_id, task_id)
) WITHOUT ROWID;
"""

_DAYS = "CREATE TABLE IF NOT EXISTS days (day INTEGER PRIMARY KEY, revision INTEGER NOT NULL)"
"""The days since 1970 on which the list was used, each with the revision when it was noted."""

_ERROR_RAW = "ALTER TABLE details ADD COLUMN error_raw BLOB"

# A failure that was looked at counted as dealt with until then. What is observed begins with its phase.
_MARKS = """
ALTER TABLE watched ADD COLUMN edited_by TEXT;
ALTER TABLE watched ADD COLUMN taken_by TEXT;
ALTER TABLE watched ADD COLUMN taken_videos TEXT;
ALTER TABLE watched ADD COLUMN done_at REAL;
ALTER TABLE watched ADD COLUMN done_by TEXT;
ALTER TABLE watched ADD COLUMN done_for TEXT;
ALTER TABLE watched ADD COLUMN flagged_at REAL;
UPDATE watched SET done_at = seen_at, done_for = '["failed","empty","not_found"]'
WHERE seen_at IS NOT NULL AND id IN (
    SELECT id FROM observed WHERE CAST(shown AS TEXT) LIKE '["failed",%'
    OR CAST(shown AS TEXT) LIKE '["empty",%' OR CAST(shown AS TEXT) LIKE '["not_found",%'
)
"""

_PAUSE_LASTS = "ALTER TABLE pause ADD COLUMN lasts_s REAL"

MIGRATIONS: Sequence[str] = (_FIRST, _DAYS, _ERROR_RAW, _MARKS, _PAUSE_LASTS)
"""Each step's statements, from the empty file on."""

VERSION = len(MIGRATIONS)

EDITED = (
    "label",
    "added_at",
    "removed_at",
    "taken_at",
    "seen_at",
    "edited_by",
    "taken_by",
    "taken_videos",
    "done_at",
    "done_by",
    "done_for",
    "flagged_at",
)
"""What people did to a task: the columns of *watched* beside its key and revision."""

TABLES = frozenset({"counter", "watched", "observed", "details", "transitions", "lease"})
"""By these a file is known for a watch list, whatever its version."""

_NO_COUNTER = "SELECT NOT EXISTS (SELECT 1 FROM counter WHERE typeof(revision) = 'integer')"
_COUNT_ON = """
INSERT INTO counter SELECT max(
    (SELECT coalesce(max(revision), 0) FROM watched), (SELECT coalesce(max(revision), 0) FROM observed),
    (SELECT coalesce(max(revision), 0) FROM days)
)
"""
_NO_LEASE = """
SELECT NOT EXISTS (
    SELECT 1 FROM lease WHERE typeof(epoch) = 'integer' AND typeof(beat) = 'integer'
    AND typeof(holder) = 'text' AND typeof(name) = 'text'
)
"""


def version(connection: sqlite3.Connection) -> int:
    """Return the version of a file, 0 for an empty one."""
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])


def tables(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the names of all tables of a file, whichever program made it."""
    rows = connection.execute("SELECT CAST(name AS BLOB) FROM sqlite_master WHERE type = 'table'")
    return frozenset(name.decode("utf-8", "replace") for (name,) in rows)


def refuse_foreign(path: Path, reader: sqlite3.Connection) -> bool:
    """Refuse a file of a newer version or another program; whether its version is one it can have."""
    found = version(reader)
    if found > VERSION:
        raise StoreTooNew(path, found, VERSION)
    present = tables(reader)
    if (found or present) and not present >= TABLES:
        raise not_ours(path)
    return found > 0 or not present


def mend(connection: sqlite3.Connection) -> None:
    """Put back the one row of `counter` and of `lease` where it is lost or unreadable."""
    mends = (
        (_NO_COUNTER, "DELETE FROM counter", _COUNT_ON),
        (_NO_LEASE, "DELETE FROM lease", "INSERT INTO lease VALUES (0, '', '', 0, NULL)"),
    )
    for is_lost, forget, begin in mends:
        if not connection.execute(is_lost).fetchone()[0]:
            continue
        with transaction(connection):
            # Asked again inside: another process may have put it back, and taken the lease since.
            if connection.execute(is_lost).fetchone()[0]:
                connection.execute(forget)
                connection.execute(begin)


def migrate(connection: sqlite3.Connection, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Take the steps that a file lacks, all or none of them."""
    if version(connection) >= len(migrations):
        return
    with transaction(connection):
        # Asked again inside: another process may have taken the steps while this one waited.
        for number in range(version(connection), len(migrations)):
            for statement in migrations[number].split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = WRITE) -> Iterator[None]:
    """Make the block one transaction: all of it is committed, or nothing.

    A file that a newer tiwtui has upgraded since it was opened is not written: raises `StoreFailed`.
    """
    connection.execute(begin)
    try:
        if begin == WRITE and version(connection) > VERSION:
            raise upgraded()
        yield
        connection.execute("COMMIT")
    finally:
        # After a full disk SQLite may have rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def next_revision(connection: sqlite3.Connection) -> int:
    """Return the revision that the rows of the transaction under way carry."""
    connection.execute("UPDATE counter SET revision = revision + 1")
    return revision(connection)


def revision(connection: sqlite3.Connection) -> int:
    """Return the revision of the last transaction that changed tasks."""
    row = connection.execute("SELECT revision FROM counter").fetchone()
    return int(row[0])


def read_first(connection: sqlite3.Connection, first: Callable[[sqlite3.Connection], First]) -> First:
    """Return what `first` reads. From then on a text with a flipped byte is read as far as it is one."""
    try:
        # Python's own reading of texts is the faster by a third, and a start reads 200,000 of them.
        return first(connection)
    except sqlite3.OperationalError as error:
        # What the module itself finds, such as a text that is no UTF-8, has no code.
        if hasattr(error, "sqlite_errorcode"):
            raise
    finally:
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
    return first(connection)
