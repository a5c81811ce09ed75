"""Work on very many tasks, with everything else on the event loop served in between."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")

SLICE = 500
"""After how many tasks the others have a turn: a few milliseconds of work."""


async def in_slices(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield each item, giving way after each slice of them."""
    for number, item in enumerate(items, 1):
        yield item
        if number % SLICE == 0:
            await asyncio.sleep(0)
