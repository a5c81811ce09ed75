"""The file of the saved state: its permissions, how it is opened, how a damaged one is set aside.

1. Only its owner may read it: directory 0700, file 0600.
2. A file of a newer version is opened for reading alone and left as it is.
3. A damaged file is set aside only by a process that has it for itself. Every process holds a shared lock
   on the `.lock` file for as long as it has the database open, and setting aside needs the exclusive one:
   renaming a WAL database under another process would lose that one's writes. The exclusive lock is asked
   for without waiting and the damage looked at again under it, because another process may have set the
   file aside in between; a process that does not get the lock looks again later, since two that start
   together would otherwise stand in each other's way. If the file stays damaged and in use, opening fails
   with advice.
4. `-wal` and `-shm` are moved before the database: were the process killed in between, an old WAL must not
   stand beside a new database, into which SQLite would play it back.
5. A process that meets damage once the file is open leaves a mark beside it. The next process that has a
   marked file for itself looks the whole of it through, and sets it aside unless it is sound after all.
6. What can be restored (`backup.py`) is put into the new file, which is whole before the old one is moved:
   killed at any moment, the next start goes on from there, and no task is lost twice.
7. A list begins only where nothing is. A database that is missing or empty beside a WAL, or empty where a
   list was begun before, is damaged: SQLite would take it for a new one and delete the WAL. That a list was
   begun is written into the `.lock` file, once the database is whole.
"""

import contextlib
import fcntl
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import quote

import msgspec

from tiwtui.i18n import _
from tiwtui.store import schema
from tiwtui.store.errors import MEMORY, StoreFailed, damaged_in_use, failed, is_damage, is_locked
from tiwtui.store.file import backup
from tiwtui.store.file.file_identity import Identity, identity, identity_at, refuse_special, size_of

_TRIES = 10
_BETWEEN_TRIES_S = 0.05


First = TypeVar("First")


class Opened(msgspec.Struct, Generic[First], frozen=True):
    """A database that is open. `first` is what was read from it; `notice` says what happened to the file.

    A database in memory has no identity and no lock.
    """

    connection: sqlite3.Connection
    first: First
    identity: Identity | None
    wal: Identity | None
    lock: int | None
    notice: str | None = None

    def close(self) -> None:
        """Close the database, then let go of the lock."""
        self.connection.close()
        if self.lock is not None:
            os.close(self.lock)


def open_state(
    path: Path, first: Callable[[sqlite3.Connection], First], *, busy_s: float, wall: float
) -> Opened[First]:
    """Open the state at `path`, begun where there is none, and read from it what `first` wants.

    `busy_s` is how long a statement waits for another process's write. Raises `StoreTooNew`, `StoreFailed`
    for damage that cannot be set aside now, `sqlite3.Error` and `OSError` for everything else.
    """
    refuse_special(path)
    lock = _prepare(path)
    try:
        for _try in range(_TRIES):
            fcntl.flock(lock, fcntl.LOCK_SH)
            opened = None if _is_marked(path) else _open_whole(path, first, busy_s)
            if opened is not None:
                _note_begun(lock)
                return Opened(*opened, lock)
            if _is_alone(lock):
                return _begin_again(path, first, busy_s, lock, wall)
            time.sleep(_BETWEEN_TRIES_S)
        fcntl.flock(lock, fcntl.LOCK_SH)
        # Others have it open. What they can still read of it can be read here too.
        opened = None if _restored(path).exists() else _open_whole(path, first, busy_s)
        if opened is None:
            raise damaged_in_use(path)
        return Opened(*opened, lock)
    except BaseException:
        os.close(lock)
        raise


def open_memory(first: Callable[[sqlite3.Connection], First]) -> Opened[First]:
    """Open a database in memory, empty, and read from it what `first` wants."""
    connection = sqlite3.connect(
        ":memory:", isolation_level=None, factory=schema.Connection, check_same_thread=False
    )
    schema.migrate(connection)
    return Opened(connection, schema.read_first(connection, first), None, None, None)


@contextlib.contextmanager
def errors_mapped(path: Path | None, *, is_reading: bool) -> Iterator[None]:
    """Raise `StoreFailed` for what others raise while the block works on the file; mark damage."""
    try:
        yield
    except (zlib.error, msgspec.DecodeError) as error:
        message = _("what is saved of the task in {path} cannot be read: {error}")
        raise StoreFailed(message.format(path=path or MEMORY, error=error)) from error
    except (sqlite3.Error, OSError, OverflowError, UnicodeEncodeError) as error:
        if isinstance(error, sqlite3.Error) and is_damage(error) and path is not None:
            _mark_damaged(path)
        raise failed(error, path, is_reading=is_reading) from error


def _mark_damaged(path: Path) -> None:
    # On a disk that takes no mark nothing could be set aside either.
    with contextlib.suppress(OSError):
        _mark(path).touch(0o600)


def _begin_again(
    path: Path, first: Callable[[sqlite3.Connection], First], busy_s: float, lock: int, wall: float
) -> Opened[First]:
    """Open the file that no other process has open; a damaged one is replaced."""
    opened, notice = None, None
    if not _is_marked(path) or _is_sound(path, busy_s):
        opened = _open_whole(path, first, busy_s)
    if opened is None:
        notice = _replace(path, wall)
        opened = _open_whole(path, first, busy_s)
        if opened is None:
            raise damaged_in_use(path)
    _mark(path).unlink(missing_ok=True)
    _note_begun(lock)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return Opened(*opened, lock, notice)


def _is_sound(path: Path, busy_s: float) -> bool:
    """Whether a marked file is whole after all. One that has been replaced already never is."""
    if _restored(path).exists() or is_hollow(path):
        return False
    try:
        _create(path)
        if not _is_versioned(path, busy_s):
            return False
        with contextlib.closing(read_only(path, busy_s)) as reader:
            return reader.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
    except sqlite3.Error as error:
        if is_damage(error):
            return False
        raise


def _open_whole(
    path: Path, first: Callable[[sqlite3.Connection], First], busy_s: float
) -> tuple[sqlite3.Connection, First, Identity, Identity | None] | None:
    """Open the file; `None` if it is damaged."""
    if is_hollow(path):
        return None
    connection: sqlite3.Connection | None = None
    try:
        # Which file it is, is looked at before it is opened: a file that is replaced in between shows later.
        which = _create(path)
        if not _is_versioned(path, busy_s):
            return None
        connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None, factory=schema.Connection)
        _set_up(connection, path, busy_s)
        read = schema.read_first(connection, first)
        return connection, read, which, identity_at(path.with_name(f"{path.name}-wal"))
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.Error) and is_damage(error):
            return None
        raise


def _is_versioned(path: Path, busy_s: float) -> bool:
    with contextlib.closing(read_only(path, busy_s)) as reader:
        return schema.refuse_foreign(path, reader)


def read_only(path: Path, busy_s: float, *, is_still: bool = False) -> sqlite3.Connection:
    """Open a database for reading; `is_still` says that nobody is writing it."""
    # A connection that could write would fold the WAL into the file when it closes.
    still = "&immutable=1" if is_still else ""
    uri = f"file:{quote(str(path))}?mode=ro{still}"
    return sqlite3.connect(uri, timeout=busy_s, isolation_level=None, factory=schema.Connection, uri=True)


def _set_up(connection: sqlite3.Connection, path: Path, busy_s: float) -> None:
    _use_wal(connection, busy_s)
    # NORMAL does not wait for the disk at each commit. A process that is killed loses nothing; a machine
    # that loses power may lose the commits since the last checkpoint, and the file stays sound.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA journal_size_limit = 8388608")
    backup.back_up_before_migration(connection, path)
    schema.migrate(connection)
    schema.mend(connection)


def _use_wal(connection: sqlite3.Connection, busy_s: float) -> None:
    """Switch a new file to WAL. SQLite does not wait by itself while another process is switching it."""
    until = time.monotonic() + busy_s
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_locked(error) or time.monotonic() >= until:
                raise
            time.sleep(_BETWEEN_TRIES_S)


def _prepare(path: Path) -> int:
    """Make the directory where it is missing; return the open lock file."""
    make_folder(path)
    return os.open(_lock(path), os.O_RDWR | os.O_CREAT, 0o600)


def make_folder(path: Path) -> None:
    """Make the folder of a state, where it is missing, for its owner alone."""
    if not path.parent.is_dir():
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)


def _note_begun(lock: int) -> None:
    # A list on a full disk is used all the same: only its loss could not be told apart from a fresh start.
    if not os.fstat(lock).st_size:
        with contextlib.suppress(OSError):
            os.write(lock, b"begun\n")


def _create(path: Path) -> Identity:
    # SQLite gives `-wal` and `-shm` the permissions of the database.
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        return identity(os.fstat(file))
    finally:
        os.close(file)


def _is_alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_hollow(path: Path) -> bool:
    """Whether there is no database at `path` although there was one."""
    # In this order: what another process is beginning just now has its database before a WAL and the note.
    has_wal = bool(size_of(path.with_name(f"{path.name}-wal")))
    was_begun = bool(size_of(_lock(path)))
    size = size_of(path)
    return has_wal if size is None else size == 0 and (has_wal or was_begun)


def _lock(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def _restored(path: Path) -> Path:
    """Return where the new file is until it takes the place of the damaged one."""
    return path.with_name(f"{path.name}.restored")


def _is_marked(path: Path) -> bool:
    return _mark(path).exists() or _restored(path).exists()


def _replace(path: Path, wall: float) -> str:
    """Put a new file with what can be restored in the place of the damaged one; return the message of it."""
    restored, counts = _restored(path), None
    # One that stands there is whole, and the process that made it was killed.
    if not restored.exists():
        part = path.with_name(f"{path.name}.restoring")
        for suffix in ("", "-journal"):
            # An old journal would be played back into the new file.
            part.with_name(part.name + suffix).unlink(missing_ok=True)
        counts = backup.restore(path, part)
        part.replace(restored)
    aside = _set_aside(path, wall)
    restored.replace(path)
    if counts is None:
        return _("The saved state was damaged and a new one begun. See whether a task is missing.")
    return counts.message(aside)


def _set_aside(path: Path, wall: float) -> Path:
    stamp = datetime.fromtimestamp(wall, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}.db")
    for suffix in ("-wal", "-shm", ""):
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(aside.with_name(aside.name + suffix))
    return aside if aside.exists() else aside.with_name(f"{aside.name}-wal")
