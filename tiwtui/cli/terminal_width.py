"""How wide this terminal draws signs of ambiguous width: asked once, before the screen opens.

Many Chinese terminals give them two cells, and then every line of the screen is torn.

1. The question is where the cursor stands before and after `…◐`. What it draws is erased with the same
   breath.
2. Nothing is asked where no terminal is on both ends, and where its text is not UTF-8: no sign would arrive.
3. Whoever has not answered in time, or not in a way that makes sense, is taken for narrow.
4. The second report is the end of what is asked for, and cursor reports alone are asked for: one that comes
   too late is nothing but a cursor report to the screen, never a key.
5. The terminal is left as it was found, also when the wait is interrupted.
"""

import codecs
import os
import re
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

SIGNS = "…◐"
PATIENCE_S = 1.0

_WHERE = b"\x1b[6n"
_QUESTION = b"\x1b7" + _WHERE + SIGNS.encode() + _WHERE + b"\x1b8\x1b[K"
_REPORT = re.compile(rb"\x1b\[(\d{1,5});(\d{1,5})R")


class Stream(Protocol):
    """The part of a text stream that is needed here."""

    @property
    def encoding(self) -> str: ...
    def fileno(self) -> int: ...
    def isatty(self) -> bool: ...


def draws_narrow(source: Stream | None, drawn_on: Stream | None, patience_s: float = PATIENCE_S) -> bool:
    """Return whether a screen that reads `source` and is drawn on `drawn_on` shows each sign in one cell."""
    if drawn_on is None or not _is_utf8(drawn_on.encoding):
        return False
    if source is None or not source.isatty() or not drawn_on.isatty():
        return True
    answer = _answer(source.fileno(), drawn_on.fileno(), patience_s)
    return _width(answer) in (None, len(SIGNS))


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def _width(answer: bytes) -> int | None:
    """Return how many cells the signs took, or `None` where two reports do not say so."""
    places = [(int(row), int(column)) for row, column in _REPORT.findall(answer)]
    if len(places) != 2:
        return None
    (row, column), (row_after, column_after) = places
    return column_after - column if row == row_after and column_after > column else None


def _answer(source: int, drawn_on: int, patience_s: float) -> bytes:
    """Ask, and return what came until the second report or the end of patience."""
    until = time.monotonic() + patience_s
    answer = b""
    try:
        with _unechoed(source):
            os.write(drawn_on, _QUESTION)
            while len(_REPORT.findall(answer)) < 2:
                left_s = until - time.monotonic()
                if left_s <= 0 or not select.select([source], [], [], left_s)[0]:
                    break
                # Byte by byte: what comes behind the answer is the screen's.
                came = os.read(source, 1)
                if not came:
                    break
                answer += came
    except OSError:
        return b""
    return answer


@contextmanager
def _unechoed(terminal: int) -> Iterator[None]:
    """Have the answer come at once and unseen; ctrl+c goes on to interrupt."""
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)
        yield
    except termios.error as refusal:
        raise OSError(*refusal.args) from None
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
