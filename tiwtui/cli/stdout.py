"""Streams that fail: a reader that has gone, a disk that is full, input that cannot be read.

1. None of it is a mistake of the program. Who reads only the first lines of standard output has what it
   wanted: that ends quietly, with the code that a shell gives a program which a broken pipe killed.
   Everything else is told.
2. Standard error is only talk: where it cannot be written the work goes on, and its exit code stands.
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

_REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class Unwritable(click.ClickException):
    """Standard output could not be written; ends with exit code 2."""

    exit_code = Exit.USAGE


class Unreadable(click.ClickException):
    """Something that was given could not be read; ends with exit code 2."""

    exit_code = Exit.USAGE


@contextlib.contextmanager
def reading(name: str) -> Iterator[None]:
    """Tell a failure to read what `name` says as what it is; nothing may be written within."""
    try:
        yield
    except OSError as refusal:
        told = _("cannot read {name}: {reason}")
        raise Unreadable(told.format(name=safe(name), reason=refusal.strerror or refusal)) from None


def talk(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Return standard error as one that takes whatever is written, and drops what cannot go out."""
    try:
        raw = _Talk(stream.fileno(), "wb", closefd=False)
    except OSError:
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw), stream.encoding, stream.errors, line_buffering=True, write_through=True
    )


class _Talk(io.FileIO):
    """A file to which writing always succeeds."""

    def write(self, data: Any) -> int:
        with contextlib.suppress(OSError):
            return super().write(data) or len(data)
        return len(data)


class Commands(click.Group):
    """Commands whose output may be refused."""

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        with _refusals_told():
            return super().make_context(*given, **named)

    def invoke(self, ctx: click.Context) -> Any:
        with _refusals_told():
            return super().invoke(ctx)


@contextlib.contextmanager
def _refusals_told() -> Iterator[None]:
    try:
        yield
    except OSError as refusal:
        # What happens to a file has its name, and is told by whoever opened it.
        if refusal.filename is not None:
            raise
        if refusal.errno == errno.EPIPE:
            _let_go()
            raise click.exceptions.Exit(Exit.BROKEN_PIPE) from None
        if refusal.errno in _REFUSALS:
            _let_go()
            told = _("could not write: {reason}").format(reason=refusal.strerror)
            raise Unwritable(told) from None
        raise


def _let_go() -> None:
    """Send what is still buffered nowhere: the interpreter tries to write it once more when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
