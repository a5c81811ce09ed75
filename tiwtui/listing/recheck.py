"""Testing all tasks of a list again in slices, as time passes and marks change."""

from collections.abc import Collection, Iterator
from itertools import chain

import msgspec

from tiwtui.listing.index import SortedRows, TaskIndex
from tiwtui.listing.query.parser import Query
from tiwtui.listing.query.search import Matcher
from tiwtui.listing.query.terms import Context
from tiwtui.model import TaskRef

RECHECK_EACH_S = 5.0
"""Terms that change with time are tested again this seldom."""


class Recheck:
    """Up to which row the tasks were tested with the present context, and since when that is so."""

    def __init__(self, index: TaskIndex, now: float) -> None:
        self._index = index
        self._tested_at = now
        self._untested_from: int | None = None

    def is_due(self, query: Query, old: Context, new: Context) -> bool:
        """Return whether all tasks are to be tested: by another context, or because time has passed."""
        if query.changes_with_time and not 0 <= new.now - self._tested_at < RECHECK_EACH_S:
            return True
        # The usual time changes with each task that settles; it counts when the time does.
        return new != msgspec.structs.replace(old, now=new.now, usual=new.usual)

    def begin(self, now: float) -> None:
        """Have all tasks tested."""
        self._tested_at, self._untested_from = now, 0

    def end(self, now: float) -> None:
        """Note that all tasks have been tested."""
        self._tested_at, self._untested_from = now, None

    def prepare(self) -> Iterator[frozenset[TaskRef]]:
        """Prepare texts and the order by reference slice by slice, while nobody waits for them."""
        for _slice in chain(self._index.read_texts(), self._index.by_ref()):
            yield frozenset()

    def judged(
        self, matcher: Matcher, shown: SortedRows, leaving: Collection[TaskRef]
    ) -> Iterator[frozenset[TaskRef]]:
        """Yield, slice by slice, the tasks that are shown and do not match, or the other way round.

        A leaving one is yielded, too. If this is abandoned halfway, the next goes on from there.
        """
        if self._untested_from is None:
            return
        index = self._index
        was_shown = bytearray(len(index.tasks))
        for row in shown.rows:
            was_shown[row] = 1
        for begin, matching in index.matching(matcher, self._untested_from):
            was = was_shown[begin : begin + len(matching)]
            refs = index.refs[begin : begin + len(matching)] if leaving or matching != was else []
            yield frozenset(
                ref
                for ref, matches, shows in zip(refs, matching, was, strict=False)
                if (matches != shows or ref in leaving) and ref in index
            )
            self._untested_from = begin + len(matching)
        self._untested_from = None
