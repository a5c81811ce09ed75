"""What is done to very many tasks gives way to the keys in between."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest

from tests.factories import make_ref
from tests.test_session import Running
from tiwtui.coordination.slices import SLICE
from tiwtui.model import Done

pytestmark = pytest.mark.anyio

T = TypeVar("T")
SLICES = 20
REFS = tuple(make_ref(number) for number in range(SLICES * SLICE))


async def _turns(work: Awaitable[T]) -> tuple[int, T]:
    """Return how many turns others have while something is done, and its result."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    result = await work
    counting.cancel()
    return turns, result


async def test_edits_of_very_many_tasks_give_way_after_each_slice() -> None:
    """All at once, those of 100,000 marked tasks held every key back for a second."""
    session, done = Running().session, Done(1.0, "anna", ())
    await session.start()
    await session.add([(ref, "") for ref in REFS])
    handling = session.handling
    turns, copies = await _turns(handling.take(dict.fromkeys(REFS, ("v1",))))
    assert turns >= SLICES
    for work in (
        handling.acknowledge(dict.fromkeys(REFS, done)),
        handling.flag(REFS, 1.0),
        handling.untake(copies),
        session.remove(REFS),
    ):
        turns, _result = await _turns(work)
        assert turns >= SLICES
    assert not session.tasks
    await session.close()
