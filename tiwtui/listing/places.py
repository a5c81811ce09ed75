"""The places of tasks in an order: finding, putting in and taking out, in O(log n) comparisons.

A list of rows, and beside it, for each row, the key it has its place by; of rows with one key the reference
decides. No two have the same.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import compress, count, filterfalse, islice
from operator import eq
from typing import Any

from tiwtui.listing.order import Key
from tiwtui.listing.slices import Rows
from tiwtui.model import TaskRef

_MANY = 50
"""To go once through all rows takes less time than to move so many one by one."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a step did to the shown rows: whether any came, went or moved, and which may look different."""

    has_moved: bool
    touched: frozenset[TaskRef] = frozenset()


class Places:
    """Rows in the order of their keys."""

    __slots__ = ("keys", "refs", "rows")

    def __init__(self, rows: Rows, keys: list[Any], refs: Sequence[TaskRef]) -> None:
        self.rows = rows
        self.keys = keys
        self.refs = refs

    def __len__(self) -> int:
        return len(self.rows)

    def find(self, row: int) -> int | None:
        """Return the place of a row, or `None` where it has none."""
        place = self._place(row)
        return place if place < len(self.rows) and self.rows[place] == row else None

    def put(self, row: int) -> bool:
        """Give a row its place; whether it had none."""
        place = self._place(row)
        if place < len(self.rows) and self.rows[place] == row:
            return False
        self.rows.insert(place, row)
        return True

    def take(self, row: int) -> bool:
        """Take a row out; whether it was in. Its key must still be the one it has its place by."""
        place = self.find(row)
        if place is not None:
            del self.rows[place]
        return place is not None

    def put_all(self, rows: Collection[int]) -> None:
        """Give rows that have none their places."""
        if len(rows) < _MANY:
            for row in rows:
                self.put(row)
            return
        keys, refs = self.keys, self.refs
        merged, done = array("I"), 0
        for row in sorted(rows, key=lambda row: (keys[row], refs[row])):
            place = self._place(row)
            merged += self.rows[done:place]
            merged.append(row)
            done = place
        merged += self.rows[done:]
        self.rows = merged

    def take_all(self, rows: Collection[int]) -> list[int]:
        """Take rows out; return those that were in."""
        if len(rows) < _MANY:
            return [row for row in rows if self.take(row)]
        taken = {row for row in rows if self.find(row) is not None}
        self.drop(taken)
        return list(taken)

    def drop(self, rows: Set[int]) -> None:
        """Take rows out that may be in at a place that is no longer that of their keys."""
        if rows:
            self.rows = array("I", filterfalse(rows.__contains__, self.rows))

    def _place(self, row: int) -> int:
        rows, keys = self.rows, self.keys
        key = keys[row]
        place = bisect_left(rows, key, key=keys.__getitem__)
        if place == len(rows) or rows[place] == row or keys[rows[place]] != key:
            return place
        end = bisect_right(rows, key, place, key=keys.__getitem__)
        return bisect_left(rows, self.refs[row], place, end, key=self.refs.__getitem__)


def move(held: Sequence[Places], keys: Mapping[int, Key]) -> None:
    """Give rows other keys, and in places that share these the place by the new one where they have one."""
    taken = [places.take_all(keys) for places in held]
    for row, key in keys.items():
        held[0].keys[row] = key
    for places, rows in zip(held, taken, strict=True):
        places.put_all(rows)


def sorted_places(keys: list[Key], refs: Sequence[TaskRef]) -> Places:
    """Return the places of all rows, all at once."""
    rows = sorted(range(len(keys)), key=keys.__getitem__)
    sorted_keys = list(map(keys.__getitem__, rows))
    end = 0
    for place in compress(count(), map(eq, sorted_keys, islice(sorted_keys, 1, None))):
        if place >= end:
            end = bisect_right(sorted_keys, sorted_keys[place], place)
            rows[place:end] = sorted(rows[place:end], key=refs.__getitem__)
    return Places(array("I", rows), keys, refs)
