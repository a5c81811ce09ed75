"""Work over all tasks cut into slices short enough that a key never waits for more than one of them."""

from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

SLICE = 2000
"""So many tasks at once: one to three milliseconds of work."""
_SAMPLED = 16
"""So many items are looked at for each slice of what is to be sorted."""

Item = TypeVar("Item")
Ordered = TypeVar("Ordered", bound=tuple[Any, ...])


def sliced(items: Iterable[Item], size: int = SLICE) -> Iterator[list[Item]]:
    """Yield the items, some at a time."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def sorted_in_slices(items: list[Ordered], size: int = SLICE) -> Generator[None, None, list[Ordered]]:
    """Sort, yielding after each slice of work; returns the sorted list.

    A sample says where the slices of the sorted list will begin and end; each is filled, then sorted.
    """
    if len(items) <= size:
        return sorted(items)
    count = len(items) // size + 1
    sample = sorted(items[:: max(1, len(items) // (count * _SAMPLED))])
    bounds = [sample[place * len(sample) // count] for place in range(1, count)]
    parts: list[list[Ordered]] = [[] for _part in range(count)]
    for some in sliced(items, size):
        for item in some:
            parts[bisect_right(bounds, item)].append(item)
        yield
    whole: list[Ordered] = []
    for part in parts:
        part.sort()
        whole += part
        yield
    return whole
