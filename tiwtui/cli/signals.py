"""How signals end a command: ctrl+c, SIGTERM, and SIGHUP from a terminal that was closed.

1. All three end a command the same way: what was found is saved, what is known is printed, children are
   ended. Only the exit code differs.
2. A signal that the process was started to ignore stays ignored: `nohup tiwtui wait …`.
"""

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

_EXITS = {signal.SIGTERM: Exit.TERMINATED, signal.SIGHUP: Exit.HUNG_UP}


def run(command: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's coroutine; a signal cancels it, as ctrl+c does, and decides the exit code."""
    # asyncio takes longer to import than `tiwtui list`, which waits for nothing, takes to print.
    import asyncio

    exits: list[Exit] = []

    async def until_signal() -> Result:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()

        def end(exit_code: Exit) -> None:
            # A second signal must not interrupt the orderly end that the first has begun.
            if not exits and task is not None:
                task.cancel()
            exits.append(exit_code)

        for number in _unhandled():
            loop.add_signal_handler(number, end, _EXITS[number])
        return await command

    try:
        result = asyncio.run(until_signal())
    except asyncio.CancelledError:
        if not exits:
            raise
    else:
        if not exits:
            return result
    click.echo(_("Ended by a signal."), err=True)
    raise click.exceptions.Exit(exits[0])


@contextmanager
def interruptible() -> Iterator[None]:
    """Let signals end a blocking read: the event loop's own handlers would wait until the read returns."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_unhandled())}
    for number, handler in before.items():
        # The loop replaces only Python's default handler, and an ignored signal stays ignored.
        if number is not signal.SIGINT:
            signal.signal(number, _exit)
        elif handler is signal.default_int_handler:
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def waking() -> Iterator[None]:
    """Let signals wake the running loop: one that arrives just before the loop waits would not be seen."""
    import asyncio

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    receiver, sender = socket.socketpair()
    with receiver, sender:
        receiver.setblocking(False)
        sender.setblocking(False)
        loop.add_reader(receiver, receiver.recv, 4096)
        before = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(receiver)


def _unhandled() -> tuple[signal.Signals, ...]:
    """Return the signals that have Python's default handler; none outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        return ()
    return tuple(number for number in _EXITS if signal.getsignal(number) is signal.SIG_DFL)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _exit(number: int, _frame: FrameType | None) -> NoReturn:
    # SystemExit passes through the event loop as KeyboardInterrupt does; other errors stay in their task.
    raise SystemExit(_EXITS[signal.Signals(number)])
