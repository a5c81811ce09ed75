"""A beat that is not saved: the process that wanted it stops sending."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.coordination.several import Process, processes
from tests.store.stores import take_lease
from tiwtui.coordination import sender_requests
from tiwtui.engine.status import Mode
from tiwtui.store.errors import StoreFailed

pytestmark = pytest.mark.anyio


async def _turn_with(
    process: Process, monkeypatch: pytest.MonkeyPatch, before: Callable[[], Awaitable[None]]
) -> None:
    """Let a process look; just before its beat is written, `before` happens."""
    database = process.store.database
    run = database.run

    async def late(function: Callable[..., Any], *args: Any) -> Any:
        if function is sender_requests.beat:
            await before()
        return await run(function, *args)

    with monkeypatch.context() as patch:
        patch.setattr(database, "run", late)
        process.clock.now += 1.0
        await process.turn()


async def test_a_beat_that_finds_another_holder_ends_the_sending_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was stopped between its look and its beat for so long that another took over."""
    async with processes(tmp_path, 10.0, 10.0) as (first, second):
        await first.add(1)

        async def take_over() -> None:
            await take_lease(second.store, "pts/2")

        await _turn_with(first, monkeypatch, take_over)
        assert not first.sends()
        assert first.check() is None
        status = first.coordinator.status()
        assert (status.mode, status.by) == (Mode.FOLLOWING, "pts/2")


async def test_beats_that_fail_end_the_sending_after_two_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process locks the file: it may take over, so that nothing may be sent after that."""
    async with processes(tmp_path, 10.0, 10.0) as (first, _second):
        await first.add(1)
        asked_at = first.clock.now

        async def fail() -> None:
            raise StoreFailed("the state is locked")

        await _turn_with(first, monkeypatch, fail)
        assert first.coordinator.trouble == "the state is locked"
        assert first.sends()
        first.clock.now = asked_at + 1.9
        assert first.watcher.due(first.clock.now) is not None
        first.clock.now = asked_at + 2.1
        assert first.watcher.wake_at(first.clock.now) is None
        assert first.check() is None


async def test_after_a_failed_beat_the_next_one_that_is_saved_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moment's lock must not end the checks until the next start."""
    async with processes(tmp_path, 10.0) as (only,):
        ref = await only.add(1)

        async def fail() -> None:
            raise StoreFailed("the state is locked")

        await _turn_with(only, monkeypatch, fail)
        only.clock.now += 1.5
        # Anyone who locks the file may be about to take over: the last look says nothing about it.
        assert only.check() is None
        await only.turn()
        assert only.coordinator.trouble is None
        assert only.check() == ref
