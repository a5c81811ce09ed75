"""Work over all tasks cut into slices short enough that a key never waits for more than one of them."""

from collections.abc import Generator, Iterator
from typing import Any, TypeVar

SLICE = 2000
"""So many tasks at once: one to three milliseconds of work."""

Item = TypeVar("Item")
Ordered = TypeVar("Ordered", bound=tuple[Any, ...])


def sliced(items: list[Item], size: int = SLICE) -> Iterator[list[Item]]:
    """Yield the items, some at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def sorted_in_slices(items: list[Ordered], size: int = SLICE) -> Generator[None, None, list[Ordered]]:
    """Sort, yielding after each slice of work; returns the sorted list."""
    runs: list[list[Ordered]] = []
    for some in sliced(items, size):
        some.sort()
        runs.append(some)
        yield
    while len(runs) > 1:
        merged: list[list[Ordered]] = []
        for first, second in zip(runs[::2], runs[1::2], strict=False):
            # Two runs that are sorted already are what Python's sort merges without comparing twice.
            merged.append(sorted(first + second))
            yield
        runs = merged + runs[len(merged) * 2 :]
    return runs[0] if runs else []
