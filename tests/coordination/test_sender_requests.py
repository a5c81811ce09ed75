"""What people do at a follower reaches the sender, and how the sender stands reaches them."""

from pathlib import Path

import pytest

from tests.coordination.several import Process, processes, until_taken_over
from tests.factories import FakeClock, make_ref, refused
from tests.store.stores import execute
from tiwtui.engine.status import Mode
from tiwtui.model import Phase

pytestmark = pytest.mark.anyio


async def test_the_sender_serves_requests_once(tmp_path: Path) -> None:
    """See sender_requests law 2."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        first.check()
        await first.store.flush()
        await second.turn()
        second.coordinator.check_now([ref])
        second.coordinator.check_now([ref])
        await second.turn()
        await first.turn()
        assert first.check() == ref
        await first.turn()
        assert first.check() is None


async def test_the_request_of_a_process_that_is_gone_is_served(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        first.check()
        await first.store.flush()
        await second.turn()
        second.coordinator.check_now([ref])
        await second.store.close()
        await first.turn()
        assert first.check() == ref


async def test_a_pause_is_everybodys_and_names_who_paused(tmp_path: Path) -> None:
    """See coordinator law 3."""
    async with processes(tmp_path, 10.0, 10.0, 10.0) as (first, second, third):
        await first.add(1)
        second.coordinator.pause()
        paused_at = first.clock.wall()
        first.clock.now += 1
        for process in (second, first, third, third):
            await process.turn()
        assert first.check() is None
        for process in (first, second, third):
            status = process.coordinator.status()
            assert (status.mode, status.by) == (Mode.PAUSED, "pts/2")
            assert status.since == pytest.approx(paused_at)
        third.coordinator.resume()
        for process in (third, first, second):
            await process.turn()
        assert first.coordinator.status().mode is Mode.LIVE
        assert first.check() == make_ref(1)


async def test_resume_of_a_follower_ends_a_stop_of_the_sender(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        first.check(refused("UnauthorizedOperation"))
        first.clock.now += 1
        await first.turn()
        await second.turn()
        assert second.coordinator.status().mode is Mode.STOPPED
        second.coordinator.resume()
        await second.turn()
        await first.turn()
        assert first.coordinator.status().mode is Mode.LIVE


async def test_a_pause_does_not_outlive_all_processes(tmp_path: Path) -> None:
    """A script that runs `wait` tomorrow must not hang on what someone pressed yesterday.

    See sender_requests law 3.
    """
    async with processes(tmp_path, 10.0) as (only,):
        only.coordinator.pause()
        await only.turn()
    async with processes(tmp_path, 10.0) as (only,):
        assert only.coordinator.status().mode is Mode.LIVE


async def test_the_sender_keeps_the_lowest_wanted_budget(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 5.0) as (first, second):
        await first.turn()
        assert first.watcher.rate_limit.budget == 5.0
        second.coordinator.set_budget(2.0)
        await second.turn()
        await first.turn()
        assert first.watcher.rate_limit.budget == 2.0
        for process, name in ((first, "pts/2"), (second, "")):
            assert process.coordinator.status().limited_by == name
        first.coordinator.set_budget(1.0)
        assert first.watcher.rate_limit.budget == 1.0
        first.coordinator.set_budget(18.0)
        await second.store.close()
        await first.turn()
        assert first.watcher.rate_limit.budget == 18.0


async def test_the_rate_begins_again_under_another_budget(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0) as (only,):
        for number in range(5):
            await only.add(number)
            only.check()
        assert only.coordinator.status().rate > 0
        only.coordinator.set_budget(2.0)
        assert only.coordinator.status().rate == 0


async def test_a_follower_shows_the_budget_it_wants_at_once(tmp_path: Path) -> None:
    """`-` pressed three times is three steps down, whatever the sender has heard of it so far."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.turn()
        await second.turn()
        for budget in (5.0, 2.0, 10.0):
            second.coordinator.set_budget(budget)
            status = second.coordinator.status()
            assert (status.mode, status.budget, status.allowed) == (Mode.FOLLOWING, budget, budget)
        second.coordinator.set_budget(18.0)
        assert second.coordinator.status().budget == 10.0


async def test_a_throttled_sender_is_shown_throttled_under_a_new_budget_too(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await second.turn()
        first.check(refused("RequestLimitExceeded"))
        first.clock.now += 1
        await first.turn()
        await second.turn()
        allowed = second.coordinator.status().allowed
        assert allowed < 10.0
        second.coordinator.set_budget(8.0)
        assert second.coordinator.status().allowed == allowed
        second.coordinator.set_budget(2.0)
        assert second.coordinator.status().allowed == 2.0


async def test_a_dead_process_holds_no_budget_down(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 1.0) as (first, _dead):
        await first.turn()
        for _second in range(20):
            first.clock.now += 1
            await first.turn()
        assert first.watcher.rate_limit.budget == 10.0


async def test_what_is_looked_at_elsewhere_is_attended(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        ref = await first.add(1)
        await second.turn()
        second.coordinator.attend(ref, [])
        second.clock.now += 1
        await second.turn()
        await first.turn()
        assert ref in first.watcher.scheduler.on_screen


async def test_a_follower_shows_its_senders_rate_and_trouble(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await second.turn()
        first.check(refused("RequestLimitExceeded"))
        first.clock.now += 1
        await first.turn()
        await second.turn()
        status = second.coordinator.status()
        assert (status.mode, status.by, status.throttled) == (Mode.FOLLOWING, "pts/1", 1)
        assert status.allowed == first.coordinator.status().allowed < 10.0
        assert status.active == 1


async def test_a_sole_process_goes_on_checking_while_the_disk_is_full(tmp_path: Path) -> None:
    """A visible state, not a stop: nobody else can be sending."""
    async with processes(tmp_path, 10.0) as (only,):
        ref = await only.add(1)
        await execute(only.store, "PRAGMA query_only = 1")
        for _quarter in range(40):
            only.clock.now += 0.25
            await only.turn()
        assert only.coordinator.trouble is not None
        assert only.check() == ref
        await execute(only.store, "PRAGMA query_only = 0")
        await only.store.flush()
        only.clock.now += 1
        await only.turn()
        assert only.coordinator.trouble is None


async def test_with_a_full_disk_nobody_sends_beside_another(tmp_path: Path) -> None:
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)
        await first.turn()
        await execute(first.store, "PRAGMA query_only = 1")
        for _quarter in range(20):
            first.clock.now += 0.25
            await first.turn()
        assert first.check() is None
        await until_taken_over(first.clock, second)
        await second.turn()
        assert second.sends()
        await execute(first.store, "PRAGMA query_only = 0")


async def test_a_process_that_cannot_share_says_why_it_sends_nothing(tmp_path: Path) -> None:
    async with processes(tmp_path) as _none:
        process = Process(tmp_path / "y.db", FakeClock(), "pts/1", 10.0)
        await process.store.open()
        await execute(process.store, "PRAGMA query_only = 1")
        await process.turn()
        status = process.coordinator.status()
        assert status.mode is Mode.STOPPED
        assert status.trouble is not None
        assert "cannot be written" in status.trouble.message
        await execute(process.store, "PRAGMA query_only = 0")
        await process.turn()
        assert process.sends()
        await process.store.close()


async def test_five_processes_looking_by_themselves_have_one_sender(tmp_path: Path) -> None:
    async with processes(tmp_path, *[10.0] * 5) as started:
        await started[3].add(1)
        for process in started:
            await process.turn()
        assert sum(process.sends() for process in started) == 1
        assert [process.check() for process in started].count(make_ref(1)) == 1
        await started[0].store.flush()
        for process in started:
            await process.turn()
        assert [process.phase() for process in started] == [Phase.READY] * 5
