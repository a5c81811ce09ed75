"""Filtering and sorting all tasks of a view again, in slices, while tasks change."""

from collections.abc import Callable, Collection, Iterable, Iterator

import msgspec

from tiwtui.listing.index import SortedRows, TaskIndex, sorted_in_slices
from tiwtui.listing.order import Order
from tiwtui.listing.query.parser import Query
from tiwtui.listing.query.search import Matcher
from tiwtui.listing.query.terms import Context, Term
from tiwtui.listing.tabs import Tab
from tiwtui.model import Task


class ViewParameters(msgspec.Struct, frozen=True):
    """What a list shows of all tasks, and in which order."""

    tab: Tab
    query: Query
    order: Order
    context: Context


class Rebuild:
    """The rows of a view as other parameters want them, and which rows changed since it began."""

    def __init__(
        self, index: TaskIndex, ordered: SortedRows, column: str, wanted: ViewParameters, tab: Iterable[Term]
    ) -> None:
        """Make a rebuild of rows that are `ordered` by a column; `tab` are the terms of the wanted tab."""
        self.wanted = wanted
        self.keeps_order = wanted.order.column == column
        """Whether the rows are in the wanted order already, if not reversed."""
        self.touched: set[int] = set()
        """The rows that came, went, changed or moved."""
        self.freed: set[int] = set()
        """The rows that lost their task."""
        self.moved: set[int] = set()
        """The rows that have another key."""
        self._index = index
        self._ordered = ordered
        self._matcher = Matcher((*tab, *wanted.query.terms), wanted.context)
        self._shown = ordered

    def slices(self) -> Iterator[None]:
        """Sort and filter, yielding after each slice of work."""
        index, keys, rows = self._index, self._ordered.keys, self._ordered.rows[:]
        if not self.keeps_order:
            rows = yield from index.by_ref()
            keys = yield from index.keyed(self.wanted.order.key)
            rows = yield from sorted_in_slices(rows, keys)
            self._ordered = SortedRows(rows, keys, index.refs)
        shown = yield from index.chosen(self._matcher, rows)
        self._shown = SortedRows(shown, keys, index.refs)

    def caught_up(
        self, moving: Collection[int], matches: Callable[[Task], bool]
    ) -> tuple[SortedRows, SortedRows]:
        """Return the ordered and the shown rows, after rows that changed meanwhile are placed again.

        So are the `moving` ones, which were held. Where the order is the old one, those are in place there.
        """
        index, keys, key_of = self._index, self._ordered.keys, self.wanted.order.key
        again = self.touched.union(moving)
        existing = [row for row in again if index.has_task(row)]
        lost, rebuilt = self.freed | self.moved.union(moving), [self._shown]
        if not self.keeps_order:
            keys += map(key_of, index.tasks[len(keys) :])
            lost = self.freed
            rebuilt.append(self._ordered)
        for rows in rebuilt:
            # Rows with another key now cannot be found by it; reading all rows is slow but finds them.
            rows.drop(lost)
            rows.remove_all(again - lost)
        for row in existing:
            keys[row] = key_of(index.tasks[row])
        if not self.keeps_order:
            self._ordered.add_all(existing)
        self._shown.add_all([row for row in existing if matches(index.tasks[row])])
        return self._ordered, self._shown
