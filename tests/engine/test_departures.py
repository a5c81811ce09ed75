"""The budget where it counts: the gaps at departure, whatever connections cost."""

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest

from tests.engine.departing import QUEUED, on, sending
from tests.engine.findings import Findings
from tests.engine.simulated import most_in_a_second
from tests.factories import FakeClock, make_ref, make_task, no_answer, observed
from tests.raw_server import Then, Wire, raw_server
from tiwtui.api.answers import Answer
from tiwtui.api.departure import Slot, Withheld
from tiwtui.engine.poller import Poller
from tiwtui.engine.watcher import Watcher
from tiwtui.model import TaskRef

pytestmark = pytest.mark.anyio


def gaps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(times)]


@pytest.mark.parametrize(("rate", "count"), [(1.0, 3), (10.0, 20), (18.0, 40)])
async def test_departures_are_at_least_the_gap_apart_over_slow_tls(rate: float, count: int) -> None:
    """The service counts what arrives: 24 in a second, of 20 allowed, came of paying before the handshake."""
    async with sending(rate) as sent:
        await sent.until(count)
    assert min(gaps(sent.left)) >= 1 / rate


async def test_loop_that_stalls_brings_no_two_departures_together() -> None:
    """A terminal that takes its time stops the loop between any two steps."""
    random, loop = Random(2), asyncio.get_running_loop()

    def stall() -> None:
        time.sleep(0.07)
        loop.call_later(random.uniform(0, 0.1), stall)

    async with sending(18.0) as sent:
        loop.call_soon(stall)
        await sent.until(20)
    assert min(gaps(sent.left)) >= 1 / 18


async def test_idle_connections_that_are_closed_fail_no_check() -> None:
    """Closed while a check waits for its slot on one: it is sent again, in a slot of its own."""
    random, loop = Random(3), asyncio.get_running_loop()

    async def act(wire: Wire) -> Then:
        await QUEUED(wire)
        loop.call_later(random.uniform(0, 0.5), wire.writer.close)
        return Then.KEEP

    async with raw_server(act) as server, on(server, 18.0) as sent:
        await sent.until(30)
    assert sent.failed == 0
    assert min(gaps(sent.left)) >= 1 / 18


class Scripted:
    """A service on a fake clock whose connections take as long as `prepares` says, `None` for one refused."""

    def __init__(self, clock: FakeClock, prepares: Callable[[], float | None]) -> None:
        self._clock = clock
        self._prepares = prepares
        self.connected: list[float] = []
        self.left: list[float] = []
        self.preparing = 0
        self.withheld = 0
        self.patience_s = 0.0

    async def describe(self, ref: TaskRef, slot: Slot) -> Answer:
        self.connected.append(self._clock.now)
        seconds = self._prepares()
        self.preparing += 1
        try:
            await self._clock.sleep(self.patience_s if seconds is None else seconds)
        finally:
            self.preparing -= 1
        if seconds is None:
            return no_answer()
        try:
            await slot.wait()
        except Withheld:
            self.withheld += 1
            raise
        self.left.append(self._clock.now)
        slot.left()
        await self._clock.sleep(0.08)
        return observed()


class Driven:
    """A poller on a fake clock and a scripted service."""

    def __init__(self, rate: float, prepares: Callable[[], float | None]) -> None:
        self.clock = FakeClock()
        self.watcher = Watcher(budget=rate, random=Random(1))
        self.service = Scripted(self.clock, prepares)
        found = Findings()
        self.poller = Poller(
            self.watcher,
            self.service,
            self.clock,
            record=found.record,
            details=found.details,
            publish=lambda: None,
            read_keys=lambda: False,
        )
        tasks = [make_task(number) for number in range(2000)]
        self.watcher.load(tasks, self.clock.now, self.clock.wall())

    async def run(self, seconds: float, then: Callable[[], None] = lambda: None) -> None:
        running = asyncio.create_task(self.poller.run())
        await self.clock.run_until(self.clock.now + seconds)
        then()
        self.poller.wake()
        await self.clock.run_until(self.clock.now + seconds)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("rate", [1.0, 10.0, 18.0])
@pytest.mark.parametrize("new_share", [0.3, 1.0])
async def test_slow_connections_cost_no_slots(rate: float, new_share: float) -> None:
    """Without planning ahead a third of the rate would be lost."""
    random = Random(4)
    driven = Driven(rate, lambda: random.uniform(0, 0.6) if random.random() < new_share else 0.001)
    await driven.run(60.0)
    settled = [at for at in driven.service.left if at > 1010.0]
    assert len(settled) >= 0.95 * rate * 110
    assert min(gaps(driven.service.left)) >= 1 / rate


@pytest.mark.parametrize("patience_s", [0.0, 0.05, 5.0])
async def test_server_without_connections_is_tried_no_faster_than_the_rate(patience_s: float) -> None:
    """Refused, refused by TLS, or silent: then one at a time, once that is known as offline."""
    driven = Driven(10.0, lambda: None)
    driven.service.patience_s = patience_s
    await driven.run(60.0)
    assert most_in_a_second(driven.service.connected) <= 11
    assert driven.watcher.breaker.offline is not None
    offline_from = driven.watcher.breaker.offline.at
    late = [at for at in driven.service.connected if at > 1030.0]
    assert offline_from < 1030.0
    assert late
    assert most_in_a_second(late) == 1


async def test_server_that_begins_to_refuse_is_tried_no_faster_than_the_rate() -> None:
    """What slow connections before have let be planned ahead does not become a burst."""
    answers = True
    driven = Driven(10.0, lambda: 0.6 if answers else None)

    def refuse() -> None:
        nonlocal answers
        answers = False

    began = driven.clock.now + 10.0
    await driven.run(10.0, refuse)
    assert most_in_a_second([at for at in driven.service.connected if at > began + 0.6]) <= 11


@pytest.mark.parametrize("what", ["pause", "lease"])
async def test_nothing_leaves_after_a_stop_though_connections_are_being_made(what: str) -> None:
    """circuit_breaker law 4: another process may be the sender when they are ready."""
    driven = Driven(10.0, lambda: 0.6)
    stopped_at = driven.clock.now + 10.0

    def stop() -> None:
        assert driven.service.preparing
        if what == "pause":
            driven.watcher.pause("pts/3", driven.clock.now)
        else:
            driven.watcher.breaker.sends_until = driven.clock.now

    await driven.run(10.0, stop)
    assert driven.service.withheld
    assert driven.service.left[-1] <= stopped_at
    assert len(driven.watcher.flights) == 0


async def test_wait_beyond_five_seconds_is_withheld() -> None:
    """A connection that idles longer is often closed by the server; the check is planned again."""
    driven = Driven(18.0, lambda: 0.6)
    await driven.run(8.0, lambda: driven.watcher.rate_limit.set_budget(0.1))
    assert driven.service.withheld
    assert all(make_ref(number) in driven.watcher.tasks for number in range(2000))
