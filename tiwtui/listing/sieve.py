"""Which of all tasks a list shows: those in a tab that match a filter, with what is around them."""

from array import array
from collections.abc import Generator, Iterator, Sequence
from itertools import compress

from tiwtui.listing.index import Register
from tiwtui.listing.query.parser import Query
from tiwtui.listing.query.terms import Around, Judge, Test
from tiwtui.listing.slices import SLICE, Rows, spans
from tiwtui.listing.tab_counts import Census
from tiwtui.listing.tabs import Tab
from tiwtui.model import Task

_SLOW_SLICE = 100
_CHOSEN_SLICE = 8 * SLICE


class Sieve:
    """The test of one task, and of all of a register, slice by slice and in less time for each."""

    def __init__(self, tab: Tab, query: Query, around: Around, census: Census) -> None:
        is_in_tab = census.test(tab)
        # What takes long is asked of what the others leave.
        terms = sorted(query.terms, key=lambda term: term.is_slow)
        self.passes: Test = is_in_tab
        """Whether a task is shown."""
        if terms:
            test = query.at(around)
            self.passes = test if tab is Tab.ALL else lambda task: is_in_tab(task) and test(task)
        self._judges: list[Judge] = [] if tab is Tab.ALL else [census.judge(tab)]
        self._judges += [term.judge(around) for term in terms]
        self._reads_texts = any(term.reads_texts for term in terms)
        self._is_slow = any(term.is_slow for term in terms)

    def of(self, register: Register, first: int = 0) -> Iterator[tuple[int, bytes]]:
        """Yield from row `first`, slice by slice, its first row and for each of its rows 1 where that passes.

        Texts that are still to be read are slices without a row. A row without a task may pass.
        """
        if self._reads_texts:
            for _slice in register.read():
                yield first, b""
        count = len(register.tasks)
        size = _SLOW_SLICE if self._is_slow and count > SLICE else SLICE
        for begin in range(first, count, size):
            end = min(begin + size, count)
            tasks: Sequence[Task] = register.tasks[begin:end]
            texts: Sequence[str] = register.texts[begin:end] if self._reads_texts else ()
            yield begin, self._judged(tasks, texts)

    def shown(self, register: Register, ordered: Rows) -> Generator[None, None, Rows]:
        """Return those of the rows that pass, in the same order, yielding after each slice of work."""
        if not self._judges:
            return ordered[:]
        passing = bytearray()
        for begin, passed in self.of(register):
            passing[begin:] = passed
            if len(passing) < len(register.tasks):
                yield
        shown = array("I")
        for begin, end in spans(len(ordered), _CHOSEN_SLICE):
            rows = ordered[begin:end]
            shown.extend(compress(rows, map(passing.__getitem__, rows)))
            if end < len(ordered):
                yield
        return shown

    def _judged(self, tasks: Sequence[Task], texts: Sequence[str]) -> bytes:
        if not self._judges:
            return bytes([1]) * len(tasks)
        first, *others = self._judges
        passed = bytearray(first(tasks, texts))
        for judge in others:
            left = list(compress(range(len(passed)), passed))
            if not left:
                break
            judged = judge(list(compress(tasks, passed)), list(compress(texts, passed)))
            for place, is_passing in zip(left, judged, strict=True):
                passed[place] = is_passing
        return bytes(passed)
