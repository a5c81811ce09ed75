"""Which file stands at a path: what shows that an open file was unlinked or replaced."""

import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from tiwtui.store.errors import not_a_file


class Identity(NamedTuple):
    """A file as the system knows it, whatever its name. No other file has it while this one is open."""

    device: int
    inode: int


def identity(status: os.stat_result) -> Identity:
    """Return which file a status is of."""
    return Identity(status.st_dev, status.st_ino)


def identity_at(path: Path) -> Identity | None:
    """Return which file stands at `path`, `None` where nothing does. Raises `OSError`."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return identity(path.stat())
    return None


def size_of(path: Path) -> int | None:
    """Return the size of a file, `None` where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def refuse_special(path: Path) -> None:
    """Refuse what is no file: opening a pipe would wait for its other end. Raises `StoreFailed`."""
    with suppress(FileNotFoundError):
        if not S_ISREG(path.stat().st_mode):
            raise not_a_file(path)
