"""Ends the screen on SIGTERM, and on SIGHUP when its terminal is closed.

1. It ends as by its own key: the terminal is restored, and what was found is saved.
2. It ends in any case. The screen would wait for ever for a terminal that is gone or stopped reading. What a
   person did is saved by then, and what was found up to half a second ago.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
ENDS_ANYWAY_S = 1.8


def exit_code(number: int) -> int:
    """Return the exit code of a program that a signal ended, as shells have it: 143, 129."""
    return 128 + number


def ended_by_signals(end: Callable[[int], None]) -> Callable[[], None]:
    """Have `end` called in the running loop with the exit code once a signal comes; return what undoes that.

    A handler of asyncio's own would wait for the loop, which may be waiting for the terminal.
    """
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    loop = asyncio.get_running_loop()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        timer = threading.Timer(ENDS_ANYWAY_S, os._exit, (exit_code(number),))
        timer.daemon = True
        timer.start()
        loop.call_soon_threadsafe(end, exit_code(number))

    before = {number: signal.signal(number, on_signal) for number in SIGNALS}

    def undo() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return undo
