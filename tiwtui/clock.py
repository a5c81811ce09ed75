"""Time as a thing that is passed in: two readings, and a wait that can be cut short."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic seconds decide when; epoch seconds are what a person is shown and what is signed."""

    def monotonic(self) -> float: ...

    def wall(self) -> float: ...

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        """Return once `woken` is set or the monotonic clock reads `until`; `None` is no end."""
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
