"""The clock as an object that is passed in: two readings, and a wait that can be ended early."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic seconds for planning; epoch seconds for what is shown to a person and signed."""

    def monotonic(self) -> float: ...

    def wall(self) -> float: ...

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        """Return when `woken` is set or at `until` on the monotonic clock; `None` is never."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        try:
            async with asyncio.timeout(None if until is None else max(0.0, until - self.monotonic())):
                await woken.wait()
        except TimeoutError:
            pass
