"""The whole engine on the simulated service: settings, keys, client, store, watcher and poller together."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import pytest

from tests.factories import FakeClock
from tiwtui.api.credentials import Credentials, NoCredentials, Secret, SourceTried
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.composition import open_session
from tiwtui.config.settings import Settings
from tiwtui.engine.status import Mode
from tiwtui.listing.attention.reasons import reasons
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import View
from tiwtui.model import Done, Phase, TaskRef
from tiwtui.session import Session
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.transport import SimTransport
from tiwtui.sim.world import SDK_APP_ID, World
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio

WORLD = World(7)


class Keys:
    """Keys that a test can take away or change."""

    def __init__(self) -> None:
        keys = demo_keys(7)
        self.right = Credentials(Secret(keys.secret_id), Secret(keys.secret_key), None, "test")
        self.found: Credentials | NoCredentials = self.right

    def load(self) -> Credentials | NoCredentials:
        return self.found


class Running:
    """A session whose hours pass in milliseconds."""

    def __init__(self, keys: Keys | None = None, region: str = "ap-singapore") -> None:
        self.clock = FakeClock()
        self.keys = keys or Keys()
        self.service = Service(WORLD, Setup(demo_keys(7)), started=self.clock.now)
        transport = SimTransport(
            self.service, now=self.clock.monotonic, wall=self.clock.wall, sleep=self.clock.sleep
        )
        self.session: Session = open_session(
            Settings(parse_endpoint("https://simulated.invalid"), region, SDK_APP_ID),
            self.keys,
            store=TaskStore(Database(None)),
            clock=self.clock,
            transport=transport,
            random=Random(1),
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.session.start()
        self._task = asyncio.create_task(self.session.run())

    async def run(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now + seconds)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.session.close()

    async def add(self, count: int) -> tuple[TaskRef, ...]:
        refs = WORLD.refs(count)
        await self.session.add([(ref, WORLD.label(ref)) for ref in refs])
        return refs


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    started = Running()
    await started.start()
    yield started
    await started.close()


async def test_every_task_of_the_world_ends_as_it_should(running: Running) -> None:
    """An hour of the simulated service, checked against the world itself."""
    refs = await running.add(14)
    await running.run(3600.0)
    ended = Counter(running.session.tasks[ref].phase for ref in refs)
    assert set(ended) == {Phase.READY, Phase.EMPTY, Phase.FAILED, Phase.NOT_FOUND}
    assert all(running.session.has_settled(ref) for ref in refs)
    assert running.service.tally.peak_per_second <= 10


async def test_details_hold_what_the_row_leaves_out(running: Running) -> None:
    refs = await running.add(14)
    await running.run(3600.0)
    ready = next(ref for ref in refs if running.session.tasks[ref].phase is Phase.READY)
    details = await running.session.details(ready)
    assert len(details.videos) == running.session.tasks[ready].video_count
    assert b"VideoInfoList" in details.raw
    assert details.history[-1].phase is Phase.READY


async def test_listeners_hear_of_every_change(running: Running) -> None:
    heard: set[TaskRef] = set()
    end = running.session.subscribe(heard.update)
    refs = await running.add(3)
    assert heard == set(refs)
    heard.clear()
    await running.run(5.0)
    assert heard == set(refs)
    end()
    heard.clear()
    await running.session.remove(refs)
    assert heard == set()


async def test_added_twice_is_known_and_a_new_label_wins(running: Running) -> None:
    ref = WORLD.refs(1)[0]
    assert (await running.session.add([(ref, "a"), (ref, None)])).new == (ref,)
    assert running.session.tasks[ref].label == "a"
    again = await running.session.add([(ref, None)])
    assert (again.new, again.known) == ((), (ref,))
    assert (await running.session.add([(ref, "b")])).relabelled == (ref,)
    assert running.session.tasks[ref].label == "b"


async def test_removed_task_comes_back_with_what_was_known(running: Running) -> None:
    """No call could list it again: removing must be undoable."""
    refs = await running.add(14)
    await running.run(3600.0)
    ready = next(ref for ref in refs if running.session.tasks[ref].phase is Phase.READY)
    known = running.session.tasks[ready]
    assert await running.session.remove([ready]) == (ready,)
    assert ready not in running.session.tasks
    assert await running.session.restore([ready]) == (ready,)
    assert running.session.tasks[ready] == known


async def test_removed_tasks_are_listed_with_their_times_until_restored(running: Running) -> None:
    """The screen lists them, and what is restored there must not stay in that list."""
    first, second, _third = await running.add(3)
    await running.session.remove([first])
    removed_at = running.clock.wall()
    await running.run(60.0)
    await running.session.remove([second])
    gone = await running.session.removed()
    assert [each.task.ref for each in gone] == [second, first]
    assert gone[1].at == removed_at
    await running.session.restore([first])
    assert [each.task.ref for each in await running.session.removed()] == [second]


async def test_taken_and_seen_are_saved(running: Running) -> None:
    refs = await running.add(14)
    await running.run(3600.0)
    assert running.session.tasks[refs[0]].is_unseen
    await running.session.handling.see(refs)
    await running.session.handling.take({refs[0]: ()})
    assert not running.session.tasks[refs[0]].is_unseen
    assert running.session.tasks[refs[0]].taken_at == running.clock.wall()


async def test_nothing_is_sent_without_credentials_until_they_are_there() -> None:
    keys = Keys()
    keys.found = NoCredentials((SourceTried("environment", "TENCENTCLOUD_SECRET_ID not set"),))
    running = Running(keys)
    await running.start()
    (ref,) = await running.add(1)
    running.session.check_now([ref])
    await running.run(120.0)
    status = running.session.status()
    assert running.service.tally.requests == 0
    assert status.mode is Mode.STOPPED
    assert status.trouble is not None
    assert "TENCENTCLOUD_SECRET_ID not set" in status.trouble.message
    keys.found = keys.right
    await running.run(31.0)
    assert running.session.status().mode is Mode.LIVE
    assert running.service.tally.requests > 0
    await running.close()


async def test_wrong_key_is_tried_twice_and_the_right_one_goes_on() -> None:
    keys = Keys()
    keys.found = Credentials(keys.right.secret_id, Secret("not the right one"), None, "test")
    running = Running(keys)
    await running.start()
    refs = await running.add(5)
    await running.run(29.0)
    assert running.service.tally.requests == 2
    advice = running.session.status().advice
    assert advice.startswith("simulated.invalid refused the key …")
    assert "from test (AuthFailure.SignatureFailure)" in advice
    assert "not the right one" not in advice
    keys.found = keys.right
    await running.run(60.0)
    assert all(running.session.tasks[ref].trouble is None for ref in refs)
    await running.close()


async def test_wrong_region_pauses_and_names_the_setting() -> None:
    running = Running(region="ap-guangzhou")
    await running.start()
    await running.add(5)
    await running.run(120.0)
    status = running.session.status()
    assert running.service.tally.requests == 1
    assert status.mode is Mode.STOPPED
    assert "simulated.invalid refused a request for region ap-guangzhou (UnsupportedRegion)" in status.advice
    await running.close()


async def test_pause_resume_and_budget(running: Running) -> None:
    await running.add(40)
    running.session.pause()
    before = running.service.tally.requests
    await running.run(60.0)
    assert running.service.tally.requests - before <= 1
    running.session.set_budget(1)
    running.session.resume()
    await running.run(60.0)
    assert running.service.tally.requests - before == pytest.approx(60, abs=3)


async def test_a_good_day_ends_with_attention_0(running: Running) -> None:
    """All has settled and all is acknowledged: nothing of it comes back before files begin to expire."""
    refs = await running.add(60)
    await running.run(7200.0)
    session, now = running.session, running.clock.wall()
    assert all(session.has_settled(ref) for ref in refs)
    assert View(session.tasks, now).count(Tab.ATTENTION) > 5
    await session.handling.acknowledge(
        {ref: Done(now, "anna", reasons(task, now)) for ref, task in session.tasks.items()}
    )
    assert View(session.tasks, now).count(Tab.ATTENTION) == 0
    assert View(session.tasks, now + 40 * 3600).count(Tab.ATTENTION) == 0
