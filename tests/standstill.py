"""When nothing more can happen by itself: every task of the loop waits for time, a socket or a thread."""

import asyncio
from typing import Any

_QUIET_STEPS = 2
_MOST_STEPS = 100_000


async def standstill() -> None:
    """Let all tasks run until each of them waits for something from outside the loop."""
    # No public name says what is ready to run, and a number of steps is a guess that load proves wrong.
    ready: Any = vars(asyncio.get_running_loop())["_ready"]
    quiet = 0
    for _step in range(_MOST_STEPS):
        await asyncio.sleep(0)
        quiet = 0 if ready else quiet + 1
        if quiet == _QUIET_STEPS:
            return
    raise AssertionError("the loop never comes to rest")
