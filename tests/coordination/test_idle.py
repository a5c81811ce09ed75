"""What goes on while nothing is active: counted, since a machine's own pace says little about it."""

import asyncio
from pathlib import Path

import pytest

from tests.coordination.several import processes
from tests.engine.test_poller import Driven
from tests.factories import FakeClock, make_ref, make_task
from tiwtui.coordination.coordinator import LOOK_EACH_S
from tiwtui.model import Phase

pytestmark = pytest.mark.anyio


class _Counting(FakeClock):
    """Counts how often somebody waits: as often somebody was awake."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = 0

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        self.waits += 1
        await super().wait(woken, until)


async def test_a_poller_without_active_tasks_sleeps() -> None:
    """A list of last year's classes must not cost a laptop its battery."""
    driven = Driven()
    clock = driven.clock = driven.poller._clock = _Counting()
    settled = [make_task(n, phase=Phase.READY, checked_at=clock.wall()) for n in range(200)]
    driven.watcher.load(settled, clock.now, clock.wall())
    await driven.run(3600.0)
    assert clock.waits == 1
    assert driven.published == 0


async def test_an_idle_sender_writes_its_beat_and_that_it_lives_and_nothing_else(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0) as (process,):
        connection = process.store.database._opened
        assert connection is not None
        for _look in range(8):
            process.clock.now += LOOK_EACH_S
            await process.turn()
        assert process.sends()
        written, wakes = connection.connection.total_changes, process.wakes
        for _look in range(int(60 / LOOK_EACH_S)):
            process.clock.now += LOOK_EACH_S
            await process.turn()
        beats_and_presence = 60 + 60 // 5
        assert connection.connection.total_changes - written <= beats_and_presence + 1
        assert process.wakes == wakes, "the poller has nothing to do"


async def test_an_idle_follower_reads_the_database_once_a_second(tmp_path: Path) -> None:
    """A look at the log beside it shows that nobody wrote; what somebody wrote is read a quarter later."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await second.turn()
        reads = 0

        def count(statement: str) -> None:
            nonlocal reads
            reads += statement == "PRAGMA data_version"

        second.store.database._before = count
        for _look in range(40):
            second.clock.now += LOOK_EACH_S / 10
            await second.turn()
        assert reads <= 2
        await first.add(1)
        second.clock.now += LOOK_EACH_S / 10
        await second.turn()
        assert make_ref(1) in second.watcher.tasks


async def test_looking_at_the_same_tasks_plans_nothing_again(tmp_path: Path) -> None:
    """The screen says each second what is looked at, and mostly it is the same."""
    async with processes(tmp_path, 10.0) as (process,):
        ref = await process.add(1)
        process.coordinator.attend(ref, [ref])
        wakes = process.wakes
        process.coordinator.attend(ref, [ref])
        assert process.wakes == wakes
        process.coordinator.attend(None, [ref])
        assert process.wakes == wakes + 1
