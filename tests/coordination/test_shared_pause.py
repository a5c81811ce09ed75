"""A pause ends by itself, in every process, whatever the clocks do."""

from pathlib import Path

import pytest

from tests.coordination.several import Process, processes
from tests.factories import refused
from tiwtui.engine.status import Mode

pytestmark = pytest.mark.anyio

HALF_HOUR_S = 1800.0


def _mode(process: Process) -> Mode:
    return process.coordinator.status().mode


async def _turn(*turning: Process) -> None:
    for process in turning:
        await process.turn()


async def test_a_pause_ends_after_its_time_in_every_process(tmp_path: Path) -> None:
    """A colleague who paused for a demo and went home must not cost the night's recordings."""
    async with processes(tmp_path, 10.0, 10.0, pause_s=HALF_HOUR_S) as (first, second):
        second.coordinator.pause()
        await _turn(second, first)
        ends_at = first.clock.wall() + HALF_HOUR_S
        first.clock.now += HALF_HOUR_S - 1.0
        await _turn(second, first, second)
        assert (_mode(first), _mode(second)) == (Mode.PAUSED, Mode.PAUSED)
        assert first.coordinator.status().pause_ends_at == pytest.approx(ends_at)
        first.clock.now += 1.0
        await _turn(first, second, first, second)
        assert {_mode(first), _mode(second)} == {Mode.LIVE, Mode.FOLLOWING}


async def test_a_pause_that_is_made_again_lasts_its_whole_time_from_then(tmp_path: Path) -> None:
    """Renewed by anybody, it counts from the last one."""
    async with processes(tmp_path, 10.0, 10.0, pause_s=HALF_HOUR_S) as (first, second):
        second.coordinator.pause()
        await _turn(second, first)
        first.clock.now += 1000.0
        first.coordinator.pause()
        await _turn(first, second)
        assert second.coordinator.status().by == "pts/1"
        first.clock.now += 1000.0
        await _turn(first, second)
        assert (_mode(first), _mode(second)) == (Mode.PAUSED, Mode.PAUSED)


@pytest.mark.parametrize("jump_s", [-86_400.0, 86_400.0])
async def test_a_clock_that_jumps_makes_no_pause_endless(tmp_path: Path, jump_s: float) -> None:
    """The wall clock is shared, but a person or a time server may set it."""
    async with processes(tmp_path, 10.0, pause_s=HALF_HOUR_S) as (only,):
        only.coordinator.pause()
        await only.turn()
        only.clock.wall_offset += jump_s
        for _quarter in range(4):
            only.clock.now += HALF_HOUR_S / 4
            await only.turn()
        await only.turn()
        assert _mode(only) is Mode.LIVE


async def test_a_pause_of_a_clock_that_was_ahead_lasts_no_longer_elsewhere(tmp_path: Path) -> None:
    """A process that starts after the clock was set back counts the pause's time from its start."""
    async with processes(tmp_path, 10.0, pause_s=HALF_HOUR_S) as (first,):
        first.coordinator.pause()
        await first.turn()
        first.clock.wall_offset -= 86_400.0
        second = Process(first.path, first.clock, "pts/2", 10.0)
        await second.start()
        assert _mode(second) is Mode.PAUSED
        ends_at = second.coordinator.status().pause_ends_at
        assert ends_at is not None
        assert ends_at <= second.clock.wall() + HALF_HOUR_S
        await second.store.close()


async def test_without_a_time_a_pause_does_not_end(tmp_path: Path) -> None:
    """`pause_for = 0`, and the pause of an older version."""
    async with processes(tmp_path, 10.0) as (only,):
        only.coordinator.pause()
        only.clock.now += 86_400.0
        await only.turn()
        assert _mode(only) is Mode.PAUSED
        assert only.coordinator.status().pause_ends_at is None


async def test_a_pause_ends_with_the_process_that_made_it(tmp_path: Path) -> None:
    """Nobody else knows why it was paused."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        second.coordinator.pause()
        await _turn(second, first)
        assert _mode(first) is Mode.PAUSED
        await second.store.close()
        first.clock.now += 1.0
        await first.turn()
        assert _mode(first) is Mode.LIVE


async def test_the_end_of_a_pause_leaves_trouble_as_it_is(tmp_path: Path) -> None:
    """Only a person who says go on has refused keys tried again."""
    async with processes(tmp_path, 10.0, pause_s=HALF_HOUR_S) as (only,):
        await only.add(1)
        only.check(refused("UnauthorizedOperation"))
        only.coordinator.pause()
        await only.turn()
        assert only.coordinator.status().since == pytest.approx(only.clock.wall())
        only.clock.now += HALF_HOUR_S
        await only.turn()
        assert _mode(only) is Mode.STOPPED
