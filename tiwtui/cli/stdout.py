"""Streams and files that fail: a reader that has gone, a full disk, input or state that cannot be read.

1. None of these is a bug. A reader that wants only the first lines has what it wanted: the command ends
   without a message, with the exit code of a program that a broken pipe killed. All else has a message.
2. Standard error carries only messages: where it cannot be written, the work goes on and the exit code
   stays as it is.
"""

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from tiwtui.cli.exit_codes import Exit
from tiwtui.i18n import _
from tiwtui.sanitize import safe

_WRITE_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class Unwritable(click.ClickException):
    """Standard output could not be written; ends with exit code 2."""

    exit_code = Exit.USAGE


class Unreadable(click.ClickException):
    """A file or standard input could not be read; ends with exit code 2."""

    exit_code = Exit.USAGE


class StateFailed(click.ClickException):
    """The saved state could not be read or written; ends with exit code 2."""

    exit_code = Exit.USAGE


@contextlib.contextmanager
def reading(name: str) -> Iterator[None]:
    """Map each `OSError` in the block to `Unreadable`, which names what was read; do not write in it."""
    try:
        yield
    except OSError as error:
        message = _("cannot read {name}: {reason}")
        raise Unreadable(message.format(name=safe(name), reason=error.strerror or error)) from None


def lossy(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Return a stream in place of standard error that drops what cannot be written."""
    try:
        raw = _LossyFile(stream.fileno(), "wb", closefd=False)
    except OSError:
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw), stream.encoding, stream.errors, line_buffering=True, write_through=True
    )


class _LossyFile(io.FileIO):
    """A file to which writing always succeeds."""

    def write(self, data: Any) -> int:
        with contextlib.suppress(OSError):
            return super().write(data) or len(data)
        return len(data)


@contextlib.contextmanager
def reporting_refusals() -> Iterator[None]:
    """Map an `OSError` of standard output to the end of the command, as law 1 says."""
    try:
        yield
    except OSError as error:
        # An error with a file name is mapped where that file was opened.
        if error.filename is not None:
            raise
        if error.errno == errno.EPIPE:
            _discard_buffer()
            raise click.exceptions.Exit(Exit.BROKEN_PIPE) from None
        if error.errno in _WRITE_ERRORS:
            _discard_buffer()
            raise Unwritable(_("could not write: {reason}").format(reason=error.strerror)) from None
        raise


def _discard_buffer() -> None:
    """Send the buffer of standard output to the null device: the interpreter flushes it again at exit."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
