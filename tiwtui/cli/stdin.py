"""Standard input as it arrives.

1. A signal ends the wait for more data, whenever it arrives. Python handles signals between two
   instructions and then asks the system for data: a signal that arrives in between would wait for the data,
   forever where a log has gone quiet. So the wait is for data or a signal.
2. A line is yielded when it is complete, or when the input has ended: half an id looks like an id.
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

_CHUNK_BYTES = 65_536


def chunks() -> Iterator[bytes]:
    """Yield standard input as it arrives, until it ends; nothing where it is closed. Raises `Unreadable`."""
    # A closed stream is None.
    if sys.stdin is None:
        return
    with reading(_("standard input")):
        try:
            source = sys.stdin.fileno()
        except OSError:
            # A stand-in without a descriptor, which never waits.
            source = None
        whole = sys.stdin.buffer.read() if source is None else b""
    if source is None:
        yield whole
        return
    receiver, sender = socket.socketpair()
    with receiver, sender:
        receiver.setblocking(False)
        sender.setblocking(False)
        while chunk := _next(source, receiver, sender):
            yield chunk


def lines() -> Iterator[str]:
    """Yield the lines of standard input with their ends, each as soon as it is complete."""
    partial = bytearray()
    for chunk in chunks():
        # Only the new chunk is searched, because a line may be long.
        first, end, rest = chunk.partition(b"\n")
        partial += first + end
        if not end:
            continue
        yield _text(partial)
        *complete, last = rest.split(b"\n")
        for line in complete:
            yield _text(line + b"\n")
        partial = bytearray(last)
    if partial:
        yield _text(partial)


def text() -> str:
    """Return all of standard input."""
    return _text(b"".join(chunks()))


def _text(data: bytes | bytearray) -> str:
    # Ids are ASCII, so text in another encoding around them does not matter.
    return data.decode("utf-8", "replace")


def _next(source: int, receiver: socket.socket, sender: socket.socket) -> bytes:
    """Return the next chunk, an empty one at the end."""
    while True:
        with _signals_written_to(sender), reading(_("standard input")):
            ready, _w, _x = select.select([source, receiver.fileno()], (), ())
            if source in ready:
                try:
                    return os.read(source, _CHUNK_BYTES)
                except BlockingIOError:
                    # Another process made the terminal non-blocking and took the data.
                    continue
        # A signal that ended nothing.
        receiver.recv(_CHUNK_BYTES)


@contextmanager
def _signals_written_to(sender: socket.socket) -> Iterator[None]:
    """Write a byte to a socket for each signal; only the main thread may ask for that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
