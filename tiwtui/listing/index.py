"""All tasks of a list side by side, and orders of them, with work over all of them cut into slices.

1. A task has a row, the same for as long as it is known. Rows are in no order; reading 100,000 tasks in this
   order takes a fraction of the time that any other order takes.
2. Finding, adding or removing one row in sorted rows takes O(log n) comparisons. Rows with equal keys are
   ordered by reference, so no two rows have the same place.
3. Work over all rows yields after each slice, so a key press never waits longer than one slice.
4. The text of a task is made when it is first needed and again after the task changed.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Generator, Iterator, KeysView, Mapping, Sequence, Set
from itertools import compress, count, filterfalse, islice
from operator import attrgetter, eq
from typing import Any, TypeAlias

from tiwtui.listing.query.search import Matcher, text_of
from tiwtui.listing.sort_keys import Key
from tiwtui.model import Task, TaskRef

SLICE = 2000
"""Tasks in one slice: a millisecond or two of work."""
_SORTED_AT_ONCE = 4 * SLICE
_CHOSEN_AT_ONCE = 8 * SLICE
_SLOW_SLICE = 100
_SAMPLED = 64
"""Rows of each sorted run from which the cuts are chosen."""
_MANY = 50
"""Rebuilding all sorted rows takes less time than moving this many one by one."""
_NO_TASK = Task(TaskRef(0, ""), 0.0)
"""What a row without a task holds."""

Rows: TypeAlias = "array[int]"
"""Numbers of rows, four bytes each."""


def spans(count: int, size: int = SLICE) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each slice of `count` items."""
    return ((begin, min(begin + size, count)) for begin in range(0, count, size))


def sorted_in_slices(
    rows: Sequence[int], keys: Sequence[Any], size: int = _SORTED_AT_ONCE
) -> Generator[None, None, Rows]:
    """Return rows sorted by their keys, yielding after each slice of work; the sort is stable.

    Runs of rows are sorted one by one. Then all runs are cut at the same keys, chosen from a sample, and the
    parts between two cuts are sorted together, which is little work for each.
    """
    key_of = keys.__getitem__
    if len(rows) <= size:
        return array("I", sorted(rows, key=key_of))
    runs: list[list[int]] = []
    for begin, end in spans(len(rows), size):
        runs.append(sorted(rows[begin:end], key=key_of))
        yield
    number = len(runs)
    sample = sorted(key for run in runs for key in map(key_of, run[:: max(1, size // _SAMPLED)]))
    cuts = sorted({sample[place * len(sample) // number] for place in range(1, number)})
    done = [0] * number
    merged = array("I")
    for cut in (*cuts, None):
        ends = [len(run) if cut is None else bisect_left(run, cut, key=key_of) for run in runs]
        parts = [run[begin:end] for run, begin, end in zip(runs, done, ends, strict=True) if begin < end]
        done = ends
        together = [row for part in parts for row in part]
        if len({key_of(row) for part in parts for row in (part[0], part[-1])}) > 1:
            together.sort(key=key_of)
        merged.extend(together)
        yield
    return merged


class SortedRows:
    """Some of the rows, sorted by key and reference; `keys` and `refs` are those of all rows."""

    __slots__ = ("keys", "refs", "rows")

    def __init__(self, rows: Rows, keys: list[Any], refs: Sequence[TaskRef]) -> None:
        self.rows = rows
        self.keys = keys
        self.refs = refs

    def __len__(self) -> int:
        return len(self.rows)

    def find(self, row: int) -> int | None:
        """Return the place of a row, or `None` where it is not in."""
        place = self.place(row)
        return place if place < len(self.rows) and self.rows[place] == row else None

    def add(self, row: int) -> bool:
        """Add a row; return whether it was not in."""
        place = self.place(row)
        if place < len(self.rows) and self.rows[place] == row:
            return False
        self.rows.insert(place, row)
        return True

    def remove(self, row: int) -> bool:
        """Remove a row, whose key must be the one it was added with; return whether it was in."""
        place = self.find(row)
        if place is not None:
            del self.rows[place]
        return place is not None

    def add_all(self, rows: Collection[int]) -> None:
        """Add rows that are not in."""
        if len(rows) < _MANY:
            for row in rows:
                self.add(row)
            return
        keys, refs = self.keys, self.refs
        merged, done = array("I"), 0
        for row in sorted(rows, key=lambda row: (keys[row], refs[row])):
            place = self.place(row)
            merged += self.rows[done:place]
            merged.append(row)
            done = place
        merged += self.rows[done:]
        self.rows = merged

    def remove_all(self, rows: Collection[int]) -> list[int]:
        """Remove rows; return those that were in."""
        if len(rows) < _MANY:
            return [row for row in rows if self.remove(row)]
        removed = {row for row in rows if self.find(row) is not None}
        self.drop(removed)
        return list(removed)

    def drop(self, rows: Set[int]) -> None:
        """Remove rows whose keys may have changed since they were added."""
        if rows:
            self.rows = array("I", filterfalse(rows.__contains__, self.rows))

    def nearest(self, row: int, among: "SortedRows") -> int | None:
        """Return the place of a row, or of the one nearest to it `among` rows that include both."""
        here, after = among.place(row), self.place(row)
        near = (place for place in (after, after - 1) if 0 <= place < len(self.rows))
        return min(near, key=lambda place: abs(among.place(self.rows[place]) - here), default=None)

    def place(self, row: int) -> int:
        """Return the place a row has, or would have if it were in."""
        rows, keys = self.rows, self.keys
        key = keys[row]
        place = bisect_left(rows, key, key=keys.__getitem__)
        if place == len(rows) or rows[place] == row or keys[rows[place]] != key:
            return place
        end = bisect_right(rows, key, place, key=keys.__getitem__)
        return bisect_left(rows, self.refs[row], place, end, key=self.refs.__getitem__)


def move(orders: Sequence[SortedRows], keys: Mapping[int, Key]) -> None:
    """Give rows new keys, and move them in each of the orders that share these keys."""
    removed = [order.remove_all(keys) for order in orders]
    for row, key in keys.items():
        orders[0].keys[row] = key
    for order, rows in zip(orders, removed, strict=True):
        order.add_all(rows)


def sorted_rows(keys: list[Key], refs: Sequence[TaskRef]) -> SortedRows:
    """Return all rows sorted, without slices."""
    rows = sorted(range(len(keys)), key=keys.__getitem__)
    sorted_keys = list(map(keys.__getitem__, rows))
    end = 0
    for place in compress(count(), map(eq, sorted_keys, islice(sorted_keys, 1, None))):
        if place >= end:
            end = bisect_right(sorted_keys, sorted_keys[place], place)
            rows[place:end] = sorted(rows[place:end], key=refs.__getitem__)
    return SortedRows(array("I", rows), keys, refs)


class TaskIndex(Mapping[TaskRef, Task]):
    """The tasks by reference, and by row: the reference, task and text of each row."""

    def __init__(self, tasks: Mapping[TaskRef, Task]) -> None:
        self.refs = list(tasks)
        self.tasks = list(tasks.values())
        self.row_of = dict(zip(self.refs, range(len(self.refs)), strict=True))
        self.texts: list[str] = []
        self._stale: set[int] = set()
        self._free: list[int] = []
        self._by_ref: SortedRows | None = None
        self._new_or_gone: set[int] = set()
        """Rows that got or lost a task before `by_ref` was finished."""

    def __getitem__(self, ref: TaskRef) -> Task:
        return self.tasks[self.row_of[ref]]

    def __iter__(self) -> Iterator[TaskRef]:
        return iter(self.row_of)

    def __len__(self) -> int:
        return len(self.row_of)

    def __contains__(self, ref: object) -> bool:
        return ref in self.row_of

    def keys(self) -> KeysView[TaskRef]:
        return self.row_of.keys()

    def has_task(self, row: int) -> bool:
        """Return whether a row has a task."""
        return self.tasks[row] is not _NO_TASK

    def put(self, ref: TaskRef, task: Task) -> int:
        """Save a new or changed task; return its row."""
        row = self.row_of.get(ref)
        if row is None:
            row = self._free.pop() if self._free else len(self.refs)
            if row == len(self.refs):
                self.refs.append(ref)
                self.tasks.append(task)
            self.row_of[ref], self.refs[row] = row, ref
            if self._by_ref is None:
                self._new_or_gone.add(row)
            else:
                self._by_ref.add(row)
        self.tasks[row] = task
        self._stale.add(row)
        return row

    def free(self, row: int) -> None:
        """Forget the task of a row; another task may get the row."""
        if self._by_ref is None:
            self._new_or_gone.add(row)
        else:
            self._by_ref.remove(row)
        del self.row_of[self.refs[row]]
        self.refs[row], self.tasks[row] = _NO_TASK.ref, _NO_TASK
        self._stale.add(row)
        self._free.append(row)

    def by_ref(self) -> Generator[None, None, Rows]:
        """Return the rows sorted by reference, yielding after each slice of work; they are sorted once.

        A stable sort of these rows by another key leaves rows of equal keys in the order of law 2.
        """
        if self._by_ref is None:
            rows = array("I", self.row_of.values())
            for name in ("task_id", "sdk_app_id"):
                if self._by_ref is None:
                    rows = yield from sorted_in_slices(rows, list(map(attrgetter(name), self.refs)))
            # Another such generator may have finished meanwhile.
            if self._by_ref is None:
                self._by_ref = SortedRows(rows, self.refs, self.refs)
                self._by_ref.drop(self._new_or_gone)
                self._by_ref.add_all([row for row in self._new_or_gone if self.has_task(row)])
                self._new_or_gone.clear()
        return self._by_ref.rows[:]

    def keyed(self, key: Callable[[Task], Key]) -> Generator[None, None, list[Key]]:
        """Return the key of each row's task, yielding after each slice of work but the last."""
        keys: list[Key] = []
        for begin, end in spans(len(self.tasks)):
            keys += map(key, self.tasks[begin:end])
            if end < len(self.tasks):
                yield
        return keys

    def read_texts(self) -> Iterator[None]:
        """Make the texts that are missing or old, yielding after each slice of work but the last."""
        texts, tasks, stale = self.texts, self.tasks, self._stale
        while len(texts) < len(tasks) or stale:
            if len(texts) < len(tasks):
                texts += map(text_of, tasks[len(texts) : len(texts) + SLICE])
            else:
                for row in [stale.pop() for _stale in range(min(SLICE, len(stale)))]:
                    texts[row] = text_of(tasks[row])
            # Tasks come and change between two slices, and a new row has no text yet.
            if len(texts) < len(tasks) or stale:
                yield

    def matching(self, matcher: Matcher, first: int = 0) -> Iterator[tuple[int, bytearray]]:
        """Yield for each slice from row `first` on its first row, and 1 for each of its rows that matches.

        While texts are made the slices are empty. A row without a task may match.
        """
        if matcher.reads_text:
            for _slice in self.read_texts():
                yield first, bytearray()
        total = len(self.tasks)
        size = _SLOW_SLICE if matcher.is_slow and total > SLICE else SLICE
        for begin in range(first, total, size):
            end = min(begin + size, total)
            yield begin, matcher.matching(self.tasks[begin:end], self.texts[begin:end])

    def chosen(self, matcher: Matcher, rows: Rows) -> Generator[None, None, Rows]:
        """Return the rows that match, in the same order, yielding after each slice of work."""
        if matcher.matches_all:
            return rows[:]
        matching = bytearray()
        for begin, matched in self.matching(matcher):
            matching[begin:] = matched
            if len(matching) < len(self.tasks):
                yield
        chosen = array("I")
        for begin, end in spans(len(rows), _CHOSEN_AT_ONCE):
            some = rows[begin:end]
            chosen.extend(compress(some, map(matching.__getitem__, some)))
            if end < len(rows):
                yield
        return chosen
