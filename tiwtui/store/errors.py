"""What can go wrong with the saved state: one type of exception with advice in it, and locks, which pass.

The exceptions of `sqlite3` and of the file system are mapped here, once. Locks of other processes are waited
for in steps short enough to be ended:

1. SQLite itself waits for at most `STEP_S` at a time. Nothing ends that wait early, `interrupt()` included.
2. Work that met a lock is repeated until its time is over or a flag is set. It must be work that can be
   repeated: a transaction that failed has changed nothing.
"""

import errno
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tiwtui.i18n import _
from tiwtui.process.resource_shortage import shortage

_PRIMARY = 0xFF
"""An extended result code of SQLite carries its primary one in the lowest byte."""

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_UNWRITABLE = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
)


MEMORY = Path(":memory:")
"""Stands in messages for the path of a database in memory."""

BUSY_S = 2.5
"""How long a statement waits for another process's write."""

STEP_S = 0.25
"""How long SQLite waits by itself for a lock."""

_PAUSE_S = 0.02

Result = TypeVar("Result")


class StoreFailed(Exception):
    """Nothing of what was asked was done; the message says why and what to do.

    `is_unwritable` is set where the state can be read and not written: a full or read-only disk.
    """

    def __init__(self, message: str, *, is_unwritable: bool = False) -> None:
        super().__init__(message)
        self.is_unwritable = is_unwritable


class StoreTooNew(StoreFailed):
    """A newer tiwtui has written the state; its file was not touched."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            _(
                "{path} was written by a newer tiwtui (format {found}; this one knows {known}): "
                "install the newer version, or choose another place with --state-dir"
            ).format(path=path, found=found, known=known)
        )
        self.found = found
        self.known = known


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken; never so for one that is busy, read-only or full."""
    return _code(error) in _DAMAGE


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another connection stands in the way."""
    return _code(error) in _LOCKED


def step_of(wait_s: float) -> float:
    """Return how long SQLite may wait by itself where a lock is waited for `wait_s` in all."""
    return min(wait_s, STEP_S)


def repeated(work: Callable[[], Result], wait_s: float, stopped: threading.Event) -> Result:
    """Return the result of `work`; repeat it while it meets a lock, for `wait_s` or until `stopped`."""
    until = time.monotonic() + wait_s
    while True:
        try:
            return work()
        except sqlite3.OperationalError as error:
            # Some locks are reported at once: without a pause this would use a whole processor.
            if not is_locked(error) or time.monotonic() >= until or stopped.wait(_PAUSE_S):
                raise


def failed(
    error: sqlite3.Error | OSError | ValueError | OverflowError | RuntimeError | MemoryError,
    path: Path | None,
    *,
    is_reading: bool = False,
) -> StoreFailed:
    """Return the message for an error met at `path`, while it was read alone or written."""
    path = path or MEMORY
    missing = shortage(error)
    if missing is not None:
        return StoreFailed(missing)
    if isinstance(error, sqlite3.Error):
        return _reading_failed(error, path) if is_reading else _writing_failed(error, path)
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _full(path)
        return _unwritable(path, error.strerror or str(error))
    return StoreFailed(_("not saved: {error}").format(error=error))


def damaged_in_use(path: Path) -> StoreFailed:
    """Return what is said of a damaged file that cannot be set aside, since others have it open."""
    return StoreFailed(
        _(
            "the saved state {path} is damaged: end every tiwtui of this profile and start again; "
            "it is set aside then, and a new one begun with all tasks that can be read"
        ).format(path=path)
    )


def locked(path: Path) -> StoreFailed:
    """Return what is said of a state that another process keeps locked."""
    return StoreFailed(_("not saved: another program keeps {path} locked; try again").format(path=path))


def upgraded() -> StoreFailed:
    """Return the message for a file that a newer tiwtui has upgraded while it was open here."""
    message = _("tiwtui was upgraded: restart this one; until then it saves nothing and only shows the list")
    return StoreFailed(message)


def not_ours(path: Path) -> StoreFailed:
    """Return what is said of a file of another program at the place of the state."""
    message = _(
        "{path} is not a watch list of tiwtui, and it was left as it is: move it away, or choose another "
        "place with --state-dir"
    )
    return StoreFailed(message.format(path=path))


def not_a_file(path: Path) -> StoreFailed:
    """Return what is said of a pipe, a device or a folder at the place of the state."""
    message = _("{path} is not a file: move it away, or choose another place with --state-dir")
    return StoreFailed(message.format(path=path))


def unreadable(path: Path, reason: str) -> StoreFailed:
    """Return what is said of a state that can be neither written nor read."""
    message = _("{path} cannot be read ({reason}); choose another place with --state-dir")
    return StoreFailed(message.format(path=path, reason=reason))


def is_refused(error: sqlite3.Error | OSError) -> bool:
    """Whether the disk or its permissions stand against writing."""
    if isinstance(error, OSError):
        return error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    return _code(error) in _UNWRITABLE


def _reading_failed(error: sqlite3.Error, path: Path) -> StoreFailed:
    code = _code(error)
    if code in _DAMAGE:
        return damaged_in_use(path)
    if code in _LOCKED:
        message = _("{path} cannot be read: another program keeps it locked; try again")
        return StoreFailed(message.format(path=path))
    if code in _UNWRITABLE:
        message = _("{path} cannot be opened for writing ({reason}); choose another place with --state-dir")
        return StoreFailed(message.format(path=path, reason=error), is_unwritable=True)
    return unreadable(path, str(error))


def _writing_failed(error: sqlite3.Error, path: Path) -> StoreFailed:
    code = _code(error)
    if code in _DAMAGE:
        return damaged_in_use(path)
    if code in _LOCKED:
        return locked(path)
    if code == sqlite3.SQLITE_FULL:
        return _full(path)
    if code in _UNWRITABLE:
        return _unwritable(path, str(error))
    return StoreFailed(
        _("not saved: {path}: {error}").format(path=path, error=error),
        is_unwritable=code == sqlite3.SQLITE_IOERR,
    )


def _full(path: Path) -> StoreFailed:
    message = _("not saved: the disk is full; free some space where {path} lies, then try again")
    return StoreFailed(message.format(path=path), is_unwritable=True)


def _unwritable(path: Path, reason: str) -> StoreFailed:
    message = _("not saved: {path} cannot be written ({reason}); choose another place with --state-dir")
    return StoreFailed(message.format(path=path, reason=reason), is_unwritable=True)


def _code(error: sqlite3.Error) -> int:
    # Errors that the module itself finds, such as a use after closing, have no code.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
