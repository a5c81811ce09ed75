"""Recognise errors that mean too little memory, too few threads or too few file descriptors."""

import errno
import os
from contextlib import ExitStack

from tiwtui.i18n import _

_DESCRIPTORS = 10
"""File descriptors that an event loop and a database need; the screen needs no more."""


def shortage(error: BaseException) -> str | None:
    """Return which resource is short and how to allow more of it; `None` for other errors."""
    match error:
        case BaseExceptionGroup():
            return next(filter(None, map(shortage, error.exceptions)), None)
        case MemoryError() | OSError(errno=errno.ENOMEM):
            return _("not enough memory: allow more (ulimit -v), or close other programs")
        case OSError(errno=errno.EMFILE | errno.ENFILE):
            return _("too few files can be open at once: allow more (ulimit -n)")
        # The exact text of CPython: the error has no type or number of its own.
        case RuntimeError(args=("can't start new thread",)):
            return _(
                "no further thread can be started: allow more memory (ulimit -v) or processes (ulimit -u)"
            )
        case _:
            return None


def require_descriptors() -> None:
    """Raise `OSError` if too few files can be opened.

    Otherwise SQLite would later only say that it cannot open its file, and asyncio would print a traceback.
    """
    with ExitStack() as opened:
        for _number in range(_DESCRIPTORS):
            opened.enter_context(open(os.devnull, "rb"))
