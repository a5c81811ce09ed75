"""Copies of the saved state, and what a damaged file is replaced by.

No call of the service lists tasks: a task or a label that is lost here is lost for good.

1. Once an hour and, where it takes a second at most, at an orderly end the sender copies the file, by
   SQLite's own backup, into a temporary file. Only if `PRAGMA quick_check` of the copy is ok does it replace
   the older of two generations; else that is damage.
2. A damaged file is only read. What plain SQL can read of its rows, from both ends up to the damage, goes
   into a new file together with the newest good backup's. Of a task that both have, the damaged file's row is
   the newer one.
3. What checks found of a task is taken from the damaged file whole or not at all: where neither it nor the
   backup has it, the task is asked about again, as if it were new.
4. A file is copied before a migration; what cannot be copied is not migrated.
"""

import math
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import msgspec

from tiwtui.i18n import _
from tiwtui.store import codec, schema
from tiwtui.store.errors import is_locked

BACKUP_EACH_S = 3600.0
LONGEST_AT_END_S = 1.0
"""A program ends within two seconds; a list so large has the hourly backups."""

_LOOK_AGAIN_S = 5.0
_PAGES = 2000
_STEPS = 100_000
"""How much is copied and checked between two looks at the clock."""

_WATCHED = ("sdk_app_id", "task_id", *schema.EDITED)
_TAKE_WATCHED = f"""
INSERT INTO watched ({", ".join(_WATCHED)}, revision)
VALUES ({", ".join(f"?{number}" for number in range(1, len(_WATCHED) + 2))})
ON CONFLICT (sdk_app_id, task_id) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in schema.EDITED)}, revision = excluded.revision
RETURNING id
"""
_TAKE_OBSERVED = """
INSERT INTO observed (id, shown, revision) VALUES (?1, ?2, ?3)
ON CONFLICT (id) DO UPDATE SET shown = excluded.shown, revision = excluded.revision
"""
_TAKE_DETAILS = """
INSERT INTO details (id, videos, oddities, raw) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (id) DO UPDATE SET videos = excluded.videos, oddities = excluded.oddities, raw = excluded.raw
"""

_Rows = dict[int, codec.Row]


class Restored(msgspec.Struct, frozen=True):
    """How many tasks on the list came from the damaged file, and how many from a backup alone."""

    from_file: int
    from_backup: int

    def message(self, aside: Path) -> str:
        """Return what a person reads of it; the damaged file is now at `aside`."""
        if not self.from_file and not self.from_backup:
            text = _(
                "The saved state was damaged. It was moved to {aside} and a new, empty one begun: "
                "put your tasks in again."
            )
        else:
            text = _(
                "The saved state was damaged. It was moved to {aside} and a new one begun. "
                "Tasks read from the damaged file: {file}, from a backup: {backup}. "
                "See whether one is missing."
            )
        return text.format(aside=aside, file=self.from_file, backup=self.from_backup)


class HourlyBackup:
    """The sender's backups of the file at `path`. Belongs to the database's worker."""

    def __init__(self, path: Path | None, is_sender: Callable[[], bool]) -> None:
        self._path = path
        self._is_sender = is_sender
        self._due_at = time.monotonic() + BACKUP_EACH_S
        self._thread: Thread | None = None
        self._failures: list[sqlite3.Error | OSError] = []

    @property
    def due_at(self) -> float | None:
        return self._due_at if self._path is not None and self._is_sender() else None

    def run(self, _connection: sqlite3.Connection) -> None:
        """Begin a backup on a thread of its own, or raise what the last one met.

        A large list takes seconds, and the beat must not wait for it.
        """
        if self._path is None:
            return
        self._due_at = time.monotonic() + _LOOK_AGAIN_S
        if self._thread is None:
            self._thread = Thread(target=self._back_up, args=(self._path,), daemon=True, name="backup")
            # Where the system allows no further thread, the next hour may.
            with suppress(RuntimeError):
                self._thread.start()
        elif not self._thread.is_alive():
            self._thread, self._due_at = None, time.monotonic() + BACKUP_EACH_S
            if self._failures:
                raise self._failures.pop()

    def run_at_end(self, connection: sqlite3.Connection) -> None:
        """Back the file up, if this process is the sender and it does not take long."""
        if self._path is not None and self._is_sender() and self._thread is None:
            back_up(connection, self._path, until=time.monotonic() + LONGEST_AT_END_S)

    def _back_up(self, path: Path) -> None:
        try:
            with closing(sqlite3.connect(path, isolation_level=None, factory=schema.Connection)) as source:
                back_up(source, path)
        except (sqlite3.Error, OSError) as error:
            self._failures.append(error)


def backups(path: Path) -> tuple[Path, Path]:
    """Return where the two generations of a file's backups are, the newer first."""
    both = [path.with_name(f"{path.name}.backup-{number}") for number in (1, 2)]
    newer, older = sorted(both, key=_modified_at, reverse=True)
    return newer, older


def back_up(connection: sqlite3.Connection, path: Path, *, until: float = math.inf) -> None:
    """Replace the older backup of `path` by a sound copy, unless it takes longer than `until` (monotonic).

    Raises `sqlite3.Error` and `OSError`.
    """
    with suppress(_TookTooLong):
        _copy(connection, backups(path)[1], until)


def back_up_before_migration(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a file of an earlier version, once. Raises `sqlite3.Error` and `OSError`."""
    found = schema.version(connection)
    copy = path.with_name(f"{path.name}.version-{found}")
    if 0 < found < schema.VERSION and not copy.exists():
        _copy(connection, copy, math.inf)


def restore(damaged: Path, new: Path) -> Restored:
    """Begin a file at `new` with what can be read of `damaged` and its newest good backup.

    Raises `sqlite3.Error` and `OSError`.
    """
    os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(new, isolation_level=None, factory=schema.Connection)) as target:
        for backup in backups(damaged):
            if _take_backup(backup, target):
                break
        schema.migrate(target)
        schema.mend(target)
        before = _watched_refs(target)
        watched, observed, details = _read_damaged(damaged)
        with schema.transaction(target):
            _take(target, watched, observed, details)
        read = {(row[0], row[1]) for row in watched.values() if row[4] is None}
        return Restored(len(read), len(before & _watched_refs(target) - read))


def reader(path: Path) -> sqlite3.Connection:
    """Open a database that is damaged, or may be, for reading alone."""
    # A connection that could write would fold the WAL into the file when it closes.
    source = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, factory=schema.Connection
    )
    source.text_factory = lambda text: text.decode("utf-8", "replace")
    # With it SQLite reads what there is of a file that is shorter than its header says.
    source.execute("PRAGMA writable_schema = ON")
    return source


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds nothing wrong with a database."""
    return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]


class _TookTooLong(Exception):
    """A copy was given up; what it would have replaced stays."""


def _copy(connection: sqlite3.Connection, to: Path, until: float) -> None:
    def look(*_pages: int) -> None:
        if time.monotonic() >= until:
            raise _TookTooLong

    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    try:
        # SQLite fills an empty file, and leaves it the permissions that it has.
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(part, isolation_level=None, factory=schema.Connection)) as copy:
            connection.backup(copy, pages=_PAGES, progress=look)
            # One file, without a WAL beside it: it can be moved and copied by hand.
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.set_progress_handler(lambda: time.monotonic() >= until, _STEPS)
            if not _is_sound_in_time(copy, until):
                damage = sqlite3.DatabaseError("the backup is not sound")
                damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
                raise damage
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def _is_sound_in_time(copy: sqlite3.Connection, until: float) -> bool:
    try:
        return is_sound(copy)
    except sqlite3.OperationalError:
        if time.monotonic() >= until:
            raise _TookTooLong from None
        raise


def _modified_at(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0


def _take_backup(backup: Path, target: sqlite3.Connection) -> bool:
    """Fill a new database with a backup, if that is sound and of a version that is known here."""
    if not backup.exists():
        return False
    try:
        with closing(reader(backup)) as source:
            if not is_sound(source) or not 0 < schema.version(source) <= schema.VERSION:
                return False
            source.backup(target)
    except sqlite3.Error as error:
        if is_locked(error):
            raise
        return False
    return True


def _watched_refs(connection: sqlite3.Connection) -> set[tuple[object, object]]:
    return set(connection.execute("SELECT sdk_app_id, task_id FROM watched WHERE removed_at IS NULL"))


def _read_damaged(damaged: Path) -> tuple[_Rows, _Rows, _Rows]:
    """Return rows of watched, observed and details by their id, as far as they can be read."""
    # SQLite takes an empty file for a new database, and deletes the WAL beside it.
    if not damaged.exists() or not damaged.stat().st_size:
        return {}, {}, {}
    with closing(reader(damaged)) as source:
        watched = {
            row_id: _mended(row) for row_id, row in _rows(source, "watched", _watched_of(source)).items()
        }
        return (
            {row_id: row for row_id, row in watched.items() if _is_task(row)},
            _rows(source, "observed", "shown"),
            _rows(source, "details", "videos, oddities, raw"),
        )


def _watched_of(source: sqlite3.Connection) -> str:
    """Return the columns of *watched*, NULL for those that a file of an earlier version lacks."""
    try:
        rows = source.execute("SELECT name FROM pragma_table_info('watched')")
        present = {name for (name,) in rows}
    except sqlite3.Error as error:
        if is_locked(error):
            raise
        present = set(_WATCHED)
    return ", ".join(name if name in present else "NULL" for name in _WATCHED)


def _rows(source: sqlite3.Connection, table: str, columns: str) -> _Rows:
    found: _Rows = {}
    for order in ("", " DESC"):
        try:
            for row_id, *row in source.execute(
                f"SELECT id, {columns} FROM {table} NOT INDEXED ORDER BY id{order}"
            ):
                found.setdefault(row_id, tuple(row))
        except sqlite3.Error as error:
            if is_locked(error):
                raise
        else:
            break
    return found


def _take(target: sqlite3.Connection, watched: _Rows, observed: _Rows, details: _Rows) -> None:
    number = schema.next_revision(target)
    for old_id, row in sorted(watched.items()):
        ((row_id,),) = target.execute(_TAKE_WATCHED, (*row, number)).fetchall()
        (shown,) = observed.get(old_id, (None,))
        videos, oddities, raw = details.get(old_id, (None, None, None))
        has_details = codec.are_readable(videos, oddities)
        if codec.is_whole(shown, has_details=has_details):
            target.execute(_TAKE_OBSERVED, (row_id, shown, number))
            if has_details:
                target.execute(_TAKE_DETAILS, (row_id, videos, oddities, codec.packed_or_none(raw)))


def _is_task(row: codec.Row) -> bool:
    app, task_id, _label, added_at, *_others = row
    return isinstance(app, int) and isinstance(task_id, str) and bool(task_id) and isinstance(added_at, float)


def _mended(row: codec.Row) -> codec.Row:
    app, task_id, label, added_at, *others = row
    label = label if isinstance(label, str) else ""
    names = schema.EDITED[2:]
    readable = (
        value if isinstance(value, float if name.endswith("_at") else str) else None
        for name, value in zip(names, others, strict=True)
    )
    return app, task_id, label, added_at, *readable
