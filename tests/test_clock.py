"""The machine's clock as something to wait for."""

import asyncio

import pytest

from tiwtui.clock import SystemClock

pytestmark = pytest.mark.anyio


async def test_a_wait_ends_with_its_time_or_with_the_event() -> None:
    """The coordinator looks four times a second, and at once when a person does something."""
    clock, woken = SystemClock(), asyncio.Event()
    await clock.wait(woken, clock.monotonic())
    woken.clear()
    asyncio.get_running_loop().call_soon(woken.set)
    async with asyncio.timeout(10):
        await clock.wait(woken, clock.monotonic() + 3600)
        await clock.wait(woken, None)


async def test_a_wait_that_is_over_wakes_nobody_later() -> None:
    """A timer that is left would end the next wait of the same event too early."""
    clock, woken = SystemClock(), asyncio.Event()
    waiting = asyncio.create_task(clock.wait(woken, clock.monotonic() + 0.001))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await clock.wait(asyncio.Event(), clock.monotonic() + 0.01)
    assert not woken.is_set()
