"""The clock as an object that is passed in: two readings, and a wait that can be ended early."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic seconds for planning; epoch seconds for what is shown to a person and signed."""

    def monotonic(self) -> float: ...

    def wall(self) -> float: ...

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        """Return when `woken` is set, or at `until` (monotonic), which may set it; `None` means no limit."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        if until is None:
            await woken.wait()
            return
        timer = asyncio.get_running_loop().call_later(max(0.0, until - self.monotonic()), woken.set)
        try:
            await woken.wait()
        finally:
            timer.cancel()
