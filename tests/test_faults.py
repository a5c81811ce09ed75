"""The whole engine on a simulated service at its worst: an hour of every fault at 30 %, then none.

The long runs are on a simulated clock and without sockets; `test_hostile_wire.py` has the sockets.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from random import Random

import httpx
import pytest

from tests.engine.simulated import most_in_a_second
from tests.factories import FakeClock
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.composition import open_session
from tiwtui.config.settings import Settings
from tiwtui.engine.status import Mode
from tiwtui.model import Phase, TaskRef
from tiwtui.session import Session
from tiwtui.sim.faults import Fault
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.transport import SimTransport
from tiwtui.sim.world import CAST_SIZE, SDK_APP_ID, Failed, Finished, Unknown, Unsettled, World
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio

SEED = 3
KEYS = demo_keys(SEED)
WORLD = World(SEED)
BUDGET = 10.0
SHARE = 0.3
EVERY = dict.fromkeys(Fault, SHARE)

_PHASES = {"QUEUED": Phase.QUEUED, "PROCESSING": Phase.PROCESSING}


def phase_of(ref: TaskRef, at_s: float) -> Phase:
    """Return the true phase of a task at a simulated second."""
    match WORLD.state(ref.task_id, at_s):
        case Unsettled(status=status):
            return _PHASES.get(status, Phase.OTHER)
        case Finished(recording=recording):
            return Phase.READY if recording.videos else Phase.EMPTY
        case Failed():
            return Phase.FAILED
        case Unknown():
            return Phase.NOT_FOUND


class Keys:
    def load(self) -> Credentials:
        return Credentials(Secret(KEYS.secret_id), Secret(KEYS.secret_key), None, "test")


class Recording(httpx.AsyncBaseTransport):
    """What arrives at the service, and whether a task is asked about while it is being asked about."""

    def __init__(self, clock: FakeClock, within: httpx.AsyncBaseTransport) -> None:
        self._clock = clock
        self._within = within
        self._in_flight: set[str] = set()
        self.arrivals: list[tuple[float, str]] = []
        self.twice_at_once: list[str] = []
        self.most_in_flight = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        task_id = json.loads(await request.aread())["TaskId"]
        self.arrivals.append((self._clock.now, task_id))
        if task_id in self._in_flight:
            self.twice_at_once.append(task_id)
        self._in_flight.add(task_id)
        self.most_in_flight = max(self.most_in_flight, len(self._in_flight))
        try:
            return await self._within.handle_async_request(request)
        finally:
            self._in_flight.discard(task_id)

    def after(self, moment: float) -> list[float]:
        """Return when requests arrived after a moment."""
        return [at for at, _task in self.arrivals if at >= moment]


class Running:
    """A session on a faulty service, whose hours pass in a moment."""

    def __init__(self, faults: Mapping[Fault, float], tasks: int) -> None:
        self.clock = FakeClock()
        self.service = Service(WORLD, Setup(KEYS, faults=faults), started=self.clock.now)
        transport = SimTransport(
            self.service, now=self.clock.monotonic, wall=self.clock.wall, sleep=self.clock.sleep
        )
        self.wire = Recording(self.clock, transport)
        self.session: Session = open_session(
            Settings(parse_endpoint("https://simulated.invalid"), "ap-singapore", SDK_APP_ID, BUDGET),
            Keys(),
            store=TaskStore(Database(None)),
            clock=self.clock,
            transport=self.wire,
            random=Random(1),
        )
        self.refs = WORLD.refs(tasks)

    async def run(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now + seconds)

    def stop_faults(self) -> None:
        self.service.setup = Setup(KEYS)

    def wrong(self) -> dict[TaskRef, tuple[Phase, Phase]]:
        """Return what is shown and what is true of the tasks where the two differ."""
        now_s = self.service.simulated_s(self.clock.now)
        shown = {ref: task.phase for ref, task in self.session.tasks.items()}
        true = {ref: phase_of(ref, now_s) for ref in self.refs}
        return {ref: (shown[ref], true[ref]) for ref in self.refs if shown[ref] is not true[ref]}


@asynccontextmanager
async def running(faults: Mapping[Fault, float], tasks: int = CAST_SIZE) -> AsyncIterator[Running]:
    started = Running(faults, tasks)
    await started.session.start()
    engine = asyncio.create_task(started.session.run())
    await started.session.add([(ref, None) for ref in started.refs])
    try:
        yield started
        assert not engine.done(), "the engine ended"
    finally:
        engine.cancel()
        await asyncio.gather(engine, return_exceptions=True)
        await started.session.close()


def demand_good_manners(running: Running) -> None:
    """No task twice at once, no window over budget, no gap under it, not too many in the air."""
    times = running.wire.after(0.0)
    assert running.wire.twice_at_once == []
    assert running.service.tally.requests == len(times)
    assert most_in_a_second(times) <= BUDGET
    assert min(b - a for a, b in itertools.pairwise(times)) >= 1 / BUDGET
    assert running.wire.most_in_flight <= 2 * BUDGET


@pytest.mark.parametrize("fault", list(Fault))
async def test_one_fault_at_thirty_percent_keeps_no_task_from_its_true_phase(fault: Fault) -> None:
    """Each alone for an hour, while the world goes on; what is true is shown in spite of it."""
    async with running({fault: SHARE}) as started:
        await started.run(3600.0)
        assert started.wrong() == {}
        demand_good_manners(started)


async def test_all_faults_at_once_pass_and_every_task_ends_in_its_true_phase() -> None:
    """One answer in twenty is whole; then the weather clears, and the server's clock is set right."""
    async with running(EVERY, tasks=40) as started:
        await started.run(900.0)
        active = [task for task in started.session.tasks.values() if task.phase.is_active]
        assert len(active) > 10
        assert any(task.trouble is not None for task in active)
        started.stop_faults()
        await started.run(150.0)
        assert all(task.trouble is None for task in started.session.tasks.values())
        assert started.session.status().mode is Mode.LIVE
        await started.run(4 * 3600.0)
        assert all(map(started.session.has_settled, started.refs))
        assert started.wrong() == {}
        demand_good_manners(started)


async def test_all_faults_at_once_and_a_person_who_keeps_asking() -> None:
    """Someone presses `r` on everything each few seconds: the budget is the budget."""
    async with running(EVERY) as started:
        for _press in range(60):
            started.session.attend(started.refs[0], started.refs)
            started.session.check_now(started.refs)
            await started.run(7.0)
        started.stop_faults()
        started.session.attend(None, ())
        await started.run(3600.0)
        assert started.wrong() == {}
        demand_good_manners(started)


async def test_dead_network_costs_a_probe_at_a_time_and_ends_without_a_burst() -> None:
    """A night without network, and in the morning not all tasks at once."""
    async with running({Fault.RESET: 1.0}) as started:
        await started.run(120.0)
        assert started.session.status().mode is Mode.OFFLINE
        began = started.clock.now
        await started.run(3600.0)
        assert len(started.wire.after(began)) <= 3600 / 15
        started.stop_faults()
        await started.run(60.0)
        assert started.session.status().mode is Mode.LIVE
        assert started.wrong() == {}
        demand_good_manners(started)


async def test_what_was_known_before_the_faults_is_shown_during_them() -> None:
    """Trouble is of the check, not of the task."""
    async with running({}) as started:
        await started.run(3000.0)
        known = {ref: task.phase for ref, task in started.session.tasks.items()}
        videos = {ref: (await started.session.details(ref)).videos for ref in started.refs}
        started.service.setup = Setup(KEYS, faults=EVERY)
        for _press in range(5):
            started.session.check_now(started.refs)
            await started.run(60.0)
        assert {ref: task.phase for ref, task in started.session.tasks.items()} == known
        assert {ref: (await started.session.details(ref)).videos for ref in started.refs} == videos
