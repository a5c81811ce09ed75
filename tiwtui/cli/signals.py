"""How signals end a command: ctrl+c, the end that another process asks for, and a terminal that was closed.

1. All three end it alike: what was found is kept, what is known is printed, children are gone. Only the
   exit code tells which it was.
2. A signal that whoever started the process ignores stays ignored: `nohup tiwtui wait …`.
"""

import asyncio
import signal
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn, TypeVar

import click

from tiwtui.cli.exit_codes import Exit
from tiwtui.i18n import _

Result = TypeVar("Result")

_ENDS = {signal.SIGTERM: Exit.TERMINATED, signal.SIGHUP: Exit.HUNG_UP}


def run(command: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's coroutine to its end; a signal cancels it, as ctrl+c does, and gives the exit code."""
    ended: list[Exit] = []

    async def until_signalled() -> Result:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()

        def end(exit_code: Exit) -> None:
            # A second signal must not cut short what the first has begun.
            if not ended and task is not None:
                task.cancel()
            ended.append(exit_code)

        for number in _taken():
            loop.add_signal_handler(number, end, _ENDS[number])
        return await command

    try:
        result = asyncio.run(until_signalled())
    except asyncio.CancelledError:
        if not ended:
            raise
    else:
        if not ended:
            return result
    click.echo(_("Ended by a signal."), err=True)
    raise click.exceptions.Exit(ended[0])


@contextmanager
def interruptible() -> Iterator[None]:
    """Let signals end a read that blocks: the event loop's own handlers would wait for the line first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_taken())}
    for number, handler in before.items():
        # The loop replaces no handler but Python's default one, and an ignored signal stays so.
        if number is not signal.SIGINT:
            signal.signal(number, _end)
        elif handler is signal.default_int_handler:
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def waking() -> Iterator[None]:
    """Have signals wake the running loop: one that comes just before the loop waits would wait with it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        loop.add_reader(ours, ours.recv, 4096)
        before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(ours)


def _taken() -> tuple[signal.Signals, ...]:
    """Return the signals that nobody has dealt with, where signals can be dealt with."""
    if threading.current_thread() is not threading.main_thread():
        return ()
    return tuple(number for number in _ENDS if signal.getsignal(number) is signal.SIG_DFL)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    # One that goes through the event loop as ctrl+c does; others would be kept by the task that met it.
    raise SystemExit(_ENDS[signal.Signals(number)])
