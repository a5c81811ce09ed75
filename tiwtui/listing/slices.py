"""Work over all tasks cut into slices short enough that a key never waits for more than one of them."""

from array import array
from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from typing import Any, TypeAlias

SLICE = 2000
"""So many tasks at once: a millisecond or two of work."""
RUN = 4 * SLICE
"""So many rows are sorted at once, most of it far from Python."""
_SAMPLED = 64
"""So many rows of each run tell where to cut."""

Rows: TypeAlias = "array[int]"
"""Numbers of rows, four bytes each."""


def spans(count: int, size: int = SLICE) -> Iterator[tuple[int, int]]:
    """Yield where each slice of so many items begins and ends."""
    return ((begin, min(begin + size, count)) for begin in range(0, count, size))


def sorted_in_slices(
    rows: Sequence[int], keys: Sequence[Any], size: int = RUN
) -> Generator[None, None, Rows]:
    """Sort rows by the keys they have, yielding after each slice of work; returns the sorted rows.

    Rows of the same key stay in the order they came in. Runs of rows are sorted each; then all are cut at the
    same keys, which a sample gives, and what lies between two cuts is sorted, which takes little.
    """
    key_of = keys.__getitem__
    if len(rows) <= size:
        return array("I", sorted(rows, key=key_of))
    runs: list[list[int]] = []
    for begin, end in spans(len(rows), size):
        runs.append(sorted(rows[begin:end], key=key_of))
        yield
    count = len(runs)
    sample = sorted(key for run in runs for key in map(key_of, run[:: max(1, size // _SAMPLED)]))
    cuts = sorted({sample[place * len(sample) // count] for place in range(1, count)})
    done = [0] * count
    whole = array("I")
    for cut in (*cuts, None):
        ends = [len(run) if cut is None else bisect_left(run, cut, key=key_of) for run in runs]
        parts = [run[begin:end] for run, begin, end in zip(runs, done, ends, strict=True) if begin < end]
        done = ends
        together = [row for part in parts for row in part]
        bounds = {key_of(row) for part in parts for row in (part[0], part[-1])}
        if len(bounds) > 1:
            together.sort(key=key_of)
        whole.extend(together)
        yield
    return whole
