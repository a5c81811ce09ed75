"""How wide the terminal draws signs of ambiguous width; it is asked once, before the screen opens.

Many Chinese terminals draw them in two cells, which breaks every line of the screen.

1. The terminal reports the position of its cursor before and after `…◐`. The signs are erased in the same
   write.
2. The question is not sent where input or output is no terminal, or where the encoding is not UTF-8, which
   could not carry the signs.
3. A terminal that does not answer in time, or answers nonsense, counts as narrow.
4. Only two cursor reports are requested: one that arrives too late is a cursor report to the screen, never
   a key.
5. The mode of the terminal is restored, also when the wait is interrupted.
"""

import codecs
import os
import re
import select
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

SIGNS = "…◐"
TIMEOUT_S = 1.0

_POSITION = b"\x1b[6n"
_QUESTION = b"\x1b7" + _POSITION + SIGNS.encode() + _POSITION + b"\x1b8\x1b[K"
_REPORT = re.compile(rb"\x1b\[(\d{1,5});(\d{1,5})R")


class Stream(Protocol):
    """The part of a text stream that is used here."""

    @property
    def encoding(self) -> str: ...
    def fileno(self) -> int: ...
    def isatty(self) -> bool: ...


def draws_narrow(source: Stream | None, output: Stream | None, timeout_s: float = TIMEOUT_S) -> bool:
    """Return whether the terminal on `source` and `output` draws each sign in one cell."""
    if output is None or not _is_utf8(output.encoding):
        return False
    if source is None or not source.isatty() or not output.isatty():
        return True
    answer = _answer(source.fileno(), output.fileno(), timeout_s)
    return _width(answer) in (None, len(SIGNS))


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def _width(answer: bytes) -> int | None:
    """Return how many cells the signs took, or `None` without two valid reports."""
    positions = [(int(row), int(column)) for row, column in _REPORT.findall(answer)]
    if len(positions) != 2:
        return None
    (row, column), (row_after, column_after) = positions
    return column_after - column if row == row_after and column_after > column else None


def _answer(source: int, output: int, timeout_s: float) -> bytes:
    """Ask, and return the input until the second report or the time limit."""
    until = time.monotonic() + timeout_s
    answer = b""
    try:
        with _raw_input(source):
            os.write(output, _QUESTION)
            while len(_REPORT.findall(answer)) < 2:
                left_s = until - time.monotonic()
                if left_s <= 0 or not select.select([source], [], [], left_s)[0]:
                    break
                # Byte by byte, because input after the answer belongs to the screen.
                byte = os.read(source, 1)
                if not byte:
                    break
                answer += byte
    except OSError:
        return b""
    return answer


@contextmanager
def _raw_input(terminal: int) -> Iterator[None]:
    """Turn off echo and line buffering for the answer; ctrl+c still interrupts."""
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)
        yield
    except termios.error as error:
        raise OSError(*error.args) from None
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
