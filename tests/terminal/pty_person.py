"""A person in front of a terminal: the program runs in a pseudo-terminal, and the screen is what is read.

Nothing is waited for by the clock: each wait looks at the screen until it shows what is wanted, or fails
with what it shows instead.
"""

import fcntl
import os
import pty
import re
import selectors
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import pyte

from tests.borders import without_border
from tests.child_environment import child_environment
from tiwtui.ui.main.split_layout import is_framed

PATIENCE_S = 30.0
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])(\d*)u")
_UNREAD = re.compile(rb"\x1b\[(?:[<>]\d*u|[\d;:]*m)")
"""Not for the emulator: keyboard modes, which it takes for an old "restore the cursor", and colours,
which nobody reads here and which are most of what there is to go through."""
_HALF_UNREAD = re.compile(rb"\x1b(\[[<>\d;:]*)?$")


class Person:
    """What a person does and sees at one running program."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", fd: int, size: tuple[int, int], cells: int | None = 2
    ) -> None:
        """Sit down; `cells` is what the terminal says that two signs take, `None` one that says nothing."""
        self._report = None if cells is None else b"\x1b[1;1R\x1b[1;%dR" % (1 + cells)
        self._process = process
        self._fd = fd
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._lines = [""] * size[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(fd, selectors.EVENT_READ)
        self.received = b""
        self._half = b""
        self.is_over = False

    @property
    def lines(self) -> list[str]:
        """What there is to read, without the borders around list and detail."""
        # Cell by cell, not `display`: that trips over a wide character of which one half was painted over.
        for y in self._screen.dirty:
            row = self._screen.buffer[y]
            line = "".join(row[x].data for x in range(self._screen.columns)).rstrip()
            framed = is_framed(self._screen.columns, self._screen.lines)
            self._lines[y] = without_border(line) if framed else line
        self._screen.dirty.clear()
        return self._lines

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def type(self, text: str) -> None:
        """Send bytes as a terminal does: keys, or a paste."""
        os.write(self._fd, text.encode())

    def send(self, data: bytes) -> None:
        """Send bytes that need not be text."""
        os.write(self._fd, data)

    def paste(self, text: str) -> None:
        """Paste with the brackets of a terminal that knows them."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def send_signal(self, number: int) -> None:
        """Tell the program something from outside."""
        self._process.send_signal(number)

    def see(self, wanted: "str | Callable[[str], bool]", patience_s: float = PATIENCE_S) -> str:
        """Wait until the screen shows a text, or is as a function says; return what it shows."""
        is_there = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        until = time.monotonic() + patience_s
        while not is_there(self.text):
            assert time.monotonic() < until, (
                f"waited without success for {wanted!r}; the screen shows\n{self.text}"
            )
            assert not self.is_over, f"the program ended; the screen shows\n{self.text}"
            self._read(until)
        return self.text

    def hear(self, pattern: bytes, patience_s: float = PATIENCE_S) -> re.Match[bytes]:
        """Wait until the program has written bytes that match; return the match."""
        until = time.monotonic() + patience_s
        while (found := re.search(pattern, self.received)) is None:
            assert time.monotonic() < until, f"waited without success for {pattern!r}"
            self._read(until)
        return found

    def leave(self, patience_s: float = PATIENCE_S) -> int:
        """Wait until the program has ended; return its exit code."""
        until = time.monotonic() + patience_s
        while not self.is_over:
            assert time.monotonic() < until, f"it does not end; the screen shows\n{self.text}"
            self._read(until)
        return self._process.wait(patience_s)

    def go_away(self, patience_s: float = PATIENCE_S) -> int:
        """Wait until the program has ended, without reading what it writes; return its exit code."""
        return self._process.wait(patience_s)

    def modes(self) -> dict[int, bool]:
        """Return the private modes that the program set, and whether each is set still."""
        modes: dict[int, bool] = {}
        for numbers, what in _MODE.findall(self.received):
            for number in numbers.split(b";"):
                modes[int(number)] = what == b"h"
        return modes

    def kitty_depth(self) -> int:
        """Return how many keyboard modes were pushed and not popped."""
        return sum(1 if what == b">" else -1 for what, _number in _KITTY.findall(self.received))

    def _read(self, until: float) -> None:
        if not self._selector.select(max(0.0, until - time.monotonic())):
            return
        try:
            data = os.read(self._fd, 65_536)
        except OSError:
            # Linux says EIO, others nothing, when the last of the other end is closed.
            data = b""
        if not data:
            self.is_over = True
            return
        self.received += data
        if self._report is not None and self.received.count(b"\x1b[6n") == 2:
            os.write(self._fd, self._report)
            self._report = None
        # One may come in two halves.
        data, self._half = self._half + data, b""
        if half := _HALF_UNREAD.search(data):
            data, self._half = data[: half.start()], half[0]
        self._stream.feed(_UNREAD.sub(b"", data))


@contextmanager
def at_terminal(
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    size: tuple[int, int] = (120, 36),
    cells: int | None = 2,
) -> Iterator[Person]:
    """Run the program in a pseudo-terminal of so many columns and lines."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    given: dict[str, Any] = {"stdin": inner, "stdout": inner, "stderr": inner, "start_new_session": True}
    process = subprocess.Popen(
        [sys.executable, "-m", "tiwtui", *arguments],
        env=child_environment(**{"TERM": "xterm-256color", "LANG": "C.UTF-8", **(environ or {})}),
        **given,
    )
    os.close(inner)
    try:
        yield Person(process, outer, size, cells)
    finally:
        os.close(outer)
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
