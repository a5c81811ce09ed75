"""The driver, on a clock that only moves when everything waits."""

import asyncio

import pytest

from tests.engine.findings import Findings
from tests.engine.simulated import most_in_a_second
from tests.factories import FakeClock, finished, make_ref, make_task, make_video, observed
from tiwtui.api.answers import Answer
from tiwtui.api.departure import Slot, Withheld
from tiwtui.engine.poller import Poller
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.watcher import Watcher
from tiwtui.model import TaskRef

pytestmark = pytest.mark.anyio


class ScriptedService:
    """Answers after `latency_s` and notes when it was asked."""

    def __init__(self, clock: FakeClock, latency_s: float = 0.08) -> None:
        self.clock = clock
        self.latency_s = latency_s
        self.asked: list[tuple[float, TaskRef]] = []
        self.answer: Answer = observed()
        self.in_flight: list[TaskRef] = []
        self.withheld = 0

    async def describe(self, ref: TaskRef, slot: Slot) -> Answer:
        assert ref not in self.in_flight
        await slot.wait()
        slot.left()
        self.asked.append((self.clock.now, ref))
        self.in_flight.append(ref)
        await self.clock.sleep(self.latency_s)
        self.in_flight.remove(ref)
        if self.withheld:
            self.withheld -= 1
            raise Withheld
        return self.answer


class Driven:
    """A poller on a fake clock, run for as long as a test says."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.watcher = Watcher()
        self.service = ScriptedService(self.clock)
        self.found = Findings([make_task(number) for number in range(200)])
        self.published = 0
        self.poller = Poller(
            self.watcher,
            self.service,
            self.clock,
            record=self.found.record,
            details=self.found.details,
            publish=self._publish,
            read_keys=lambda: False,
        )

    def _publish(self) -> None:
        self.published += 1

    async def run(self, seconds: float) -> None:
        running = asyncio.create_task(self.poller.run())
        await self.clock.run_until(self.clock.now + seconds)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_minute_of_two_hundred_tasks_keeps_the_budget() -> None:
    """The same promise as the watcher's, through the event loop."""
    driven = Driven()
    driven.watcher.load(driven.found.tasks, driven.clock.now, driven.clock.wall())
    await driven.run(60.0)
    times = [at for at, _ref in driven.service.asked]
    assert most_in_a_second(times) == 10
    assert len(times) == pytest.approx(600, abs=2)
    assert driven.published >= len(times) - 2


async def test_results_of_checks_are_saved() -> None:
    driven = Driven()
    driven.service.answer = finished()
    driven.watcher.load(driven.found.tasks, driven.clock.now, driven.clock.wall())
    await driven.run(60.0)
    assert all(task.video_count == 1 for task in driven.found.tasks)
    assert len(driven.service.asked) == 200


async def test_a_ready_task_that_is_checked_again_keeps_its_videos() -> None:
    """They are no longer in memory then: the store is asked before the answer replaces anything."""
    driven = Driven()
    ref = make_ref(1)
    first, second = make_video(url="http://a/1", video_id="1"), make_video(url="http://a/2", video_id="2")
    driven.watcher.load(driven.found.tasks[1:2], driven.clock.now, driven.clock.wall())
    driven.service.answer = observed("FINISHED", first, second)
    await driven.run(5.0)
    driven.service.answer = observed("FINISHED", second)
    driven.watcher.check_now([ref], driven.clock.now)
    await driven.run(5.0)
    assert driven.watcher.tasks[ref].video_count == 1
    details = await driven.found.details(ref)
    assert details is not None
    seen = [(video.url, video.listed) for video in details.videos]
    assert seen == [
        ("http://a/1", False),
        ("http://a/2", True),
    ]


async def test_new_task_wakes_a_driver_that_waits_for_nothing() -> None:
    """With nothing to do there is no timer: it sleeps until it is woken."""
    driven = Driven()
    running = asyncio.create_task(driven.poller.run())
    await driven.clock.run_until(driven.clock.now + 100)
    assert driven.service.asked == []
    driven.watcher.add(make_ref(), None, driven.clock.now, driven.clock.wall())
    driven.poller.wake()
    await driven.clock.run_until(driven.clock.now + 1)
    assert len(driven.service.asked) == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_bug_in_a_check_ends_the_driver() -> None:
    """An expected failure is a value; anything else must not be hidden by a watch that goes on."""
    driven = Driven()

    async def broken(ref: TaskRef, slot: Slot) -> Answer:
        raise AssertionError("a bug")

    driven.service.describe = broken  # type: ignore[method-assign]
    driven.watcher.load(driven.found.tasks, driven.clock.now, driven.clock.wall())
    with pytest.raises(BaseExceptionGroup, match="unhandled"):
        await driven.poller.run()


async def test_check_that_was_withheld_is_planned_again() -> None:
    """Its request was ready when another process had become the sender: no news, and no trouble either."""
    driven = Driven()
    ref = make_ref(1)
    driven.watcher.add(ref, None, driven.clock.now, driven.clock.wall())
    driven.service.withheld = 3
    await driven.run(2.0)
    task = driven.watcher.tasks[ref]
    assert (task.checks, task.trouble) == (1, None)
    assert len(driven.service.asked) == 4


async def test_the_statistics_know_each_check_that_went_out() -> None:
    """What a ticket shows is what the service was asked."""
    driven = Driven()
    driven.watcher.load(driven.found.tasks, driven.clock.now, driven.clock.wall())
    await driven.run(30.0)
    statistics, asked = driven.watcher.statistics, driven.service.asked
    assert statistics.answered_count + driven.watcher.flights.sent == len(asked)
    assert [check.ref for check in reversed(statistics.checks)] == [
        ref for _at, ref in asked[: statistics.answered_count][-len(statistics.checks) :]
    ]
    assert statistics.checks[0].took_s == pytest.approx(driven.service.latency_s)
    assert statistics.rates(10.0, driven.clock.now)[Reason.RESTING] == pytest.approx(10.0, abs=0.2)


async def test_the_statistics_leave_out_what_was_withheld() -> None:
    driven = Driven()
    driven.watcher.add(make_ref(1), None, driven.clock.now, driven.clock.wall())
    driven.service.withheld = 1
    await driven.run(2.0)
    statistics = driven.watcher.statistics
    assert (statistics.answered_count, driven.watcher.flights.sent) == (1, 0)


async def test_the_statistics_tell_how_far_sends_are_behind_their_plan() -> None:
    """A terminal that stops reading stops the loop: that it did is seen by the sends that were late."""
    driven = Driven()
    driven.watcher.add(make_ref(1), None, driven.clock.now, driven.clock.wall())
    running = asyncio.create_task(driven.poller.run())
    await driven.clock.run_until(driven.clock.now + 1)
    assert driven.watcher.statistics.checks[0].late_s == pytest.approx(0.0, abs=0.01)
    # The loop stands still while the clock goes on.
    driven.clock.now += 30
    await driven.clock.run_until(driven.clock.now + 1)
    assert driven.watcher.statistics.checks[0].late_s == pytest.approx(26.0, abs=1.0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
