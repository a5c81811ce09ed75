"""Standard input as it comes.

1. A signal ends the wait for more, whenever it arrives. Python looks at signals between two instructions and
   then asks the system for data: one that arrives in between would wait with it, for ever where a log has
   gone quiet. So what is waited for is data or a signal.
2. A line is given out when it is whole, or when the input ended: half an id looks like one.
"""

import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tiwtui.cli.stdout import reading
from tiwtui.i18n import _

_PIECE_BYTES = 65_536


def pieces() -> Iterator[bytes]:
    """Yield standard input as it comes, until it ends; nothing where it is closed. Raises `Unreadable`."""
    # Closed streams are None.
    if sys.stdin is None:
        return
    with reading(_("standard input")):
        try:
            source = sys.stdin.fileno()
        except OSError:
            # Something that stands in for it, and never waits.
            source = None
        whole = sys.stdin.buffer.read() if source is None else b""
    if source is None:
        yield whole
        return
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        while piece := _next(source, ours, theirs):
            yield piece


def lines() -> Iterator[str]:
    """Yield the lines of standard input, their ends included, each as soon as it is whole."""
    held = bytearray()
    for piece in pieces():
        # SourceTried for in the new piece alone: a line may be long.
        first, end, rest = piece.partition(b"\n")
        held += first + end
        if not end:
            continue
        yield _text(held)
        *whole, last = rest.split(b"\n")
        for line in whole:
            yield _text(line + b"\n")
        held = bytearray(last)
    if held:
        yield _text(held)


def text() -> str:
    """Return all of standard input."""
    return _text(b"".join(pieces()))


def _text(data: bytes | bytearray) -> str:
    # Ids are ASCII: a log in another encoding around them is no reason to stop.
    return data.decode("utf-8", "replace")


def _next(source: int, ours: socket.socket, theirs: socket.socket) -> bytes:
    """Return what comes next, nothing at the end."""
    while True:
        with _waking(theirs), reading(_("standard input")):
            ready, _w, _x = select.select([source, ours.fileno()], (), ())
            if source in ready:
                try:
                    return os.read(source, _PIECE_BYTES)
                except BlockingIOError:
                    # A terminal that somebody else made so, and somebody else's data.
                    continue
        # A signal that ends nothing.
        ours.recv(_PIECE_BYTES)


@contextmanager
def _waking(theirs: socket.socket) -> Iterator[None]:
    """Have each signal write to a socket, where this thread is the one that may ask for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
