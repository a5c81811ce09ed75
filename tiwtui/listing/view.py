"""The view of the watch list that one list shows: ordered, filtered, counted, and kept so change by change.

Laws:
1. Every task is in the order once; the shown rows are a subsequence of the order.
2. After `release` with nothing pinned, still or held and all lines due to leave, the view is what sorting
   and filtering the tasks afresh would give.
3. A shown task that stops matching keeps its line: while it is pinned, and `LINGER_S` otherwise.
4. While held, no line that stays moves; lines only come and go. The line of the `still` task, the one under
   the cursor, never moves by itself.
5. A change of n tasks costs O(n · log size) comparisons.
"""

import heapq
import math
from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tiwtui.listing.order import Key, Order
from tiwtui.listing.query import Query
from tiwtui.listing.tabs import Tab, membership, turns_at
from tiwtui.tasks import Task, TaskRef

LINGER_S = 10.0

Entry = tuple[Key, TaskRef]


@dataclass(frozen=True, slots=True)
class Change:
    """What a step did to the shown rows: whether any came, went or moved, and which may look different."""

    has_moved: bool
    touched: frozenset[TaskRef] = frozenset()


class View:
    """The rows one list shows, of the tasks it was last told of."""

    def __init__(
        self,
        tasks: Mapping[TaskRef, Task],
        now: float,
        *,
        tab: Tab = Tab.ALL,
        query: Query | None = None,
        order: Order | None = None,
    ) -> None:
        self._tasks = dict(tasks)
        self.tab = tab
        self.query = query or Query()
        self.order = order or Order()
        self._placed: dict[TaskRef, Key] = {}
        self._membership: dict[TaskRef, int] = {}
        self._population = [0] * (1 << len(Tab))
        self._turns: list[tuple[float, TaskRef]] = []
        self._turn_of: dict[TaskRef, float] = {}
        self._ordered: list[Entry] = []
        self._shown: list[Entry] = []
        self._leaving: dict[TaskRef, float] = {}
        self._to_move: set[TaskRef] = set()
        self._count_all(now)
        self._sort()
        self._cut(now)

    # Reading

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, ref: TaskRef) -> bool:
        return self.index_of(ref) is not None

    def ref_at(self, index: int) -> TaskRef:
        """Return the task on a line, 0 on top."""
        return self._shown[~index if self.order.is_reversed else index][1]

    def index_of(self, ref: TaskRef) -> int | None:
        """Return the line a task is on, or `None` where it is not shown."""
        key = self._placed.get(ref)
        if key is None:
            return None
        entry = (key, ref)
        index = bisect_left(self._shown, entry)
        if index == len(self._shown) or self._shown[index][1] != ref:
            return None
        return len(self._shown) - 1 - index if self.order.is_reversed else index

    def task(self, ref: TaskRef) -> Task:
        """Return a task as the view was last told of it."""
        return self._tasks[ref]

    def refs(self) -> list[TaskRef]:
        """Return all shown tasks from the top."""
        refs = [ref for _key, ref in self._shown]
        return refs[::-1] if self.order.is_reversed else refs

    def has_left(self, ref: TaskRef) -> bool:
        """Return whether a shown task no longer matches and only keeps its line for a while."""
        return ref in self._leaving

    def count(self, tab: Tab) -> int:
        """Return how many tasks are in a tab, whatever the filter."""
        return sum(size for bits, size in enumerate(self._population) if bits & tab.bit)

    # Choosing what is shown

    def show(
        self, now: float, *, tab: Tab | None = None, query: Query | None = None, order: Order | None = None
    ) -> Change:
        """Show another tab, filter or order; lines that were only lingering are gone."""
        self.tab = self.tab if tab is None else tab
        self.query = self.query if query is None else query
        self._leaving.clear()
        if order is not None and order.column != self.order.column:
            self.order = order
            self._sort()
        else:
            self.order = self.order if order is None else order
            self._move_all()
        self._cut(now)
        return Change(has_moved=True)

    # Following

    def apply(
        self,
        changed: Iterable[TaskRef],
        tasks: Mapping[TaskRef, Task],
        now: float,
        *,
        is_held: bool = False,
        still: TaskRef | None = None,
    ) -> Change:
        """Take in tasks that changed, came or vanished; no line moves while `is_held`, `still`'s never."""
        has_moved = False
        touched: set[TaskRef] = set()
        for ref in changed:
            task = tasks.get(ref)
            if task is None:
                has_moved |= self._forget(ref)
                continue
            self._tasks[ref] = task
            self._count(ref, task, now)
            has_moved |= self._place(ref, task, now, is_held=is_held or ref == still)
            touched.add(ref)
        return Change(has_moved, frozenset(touched))

    def release(
        self,
        now: float,
        *,
        is_held: bool = False,
        still: TaskRef | None = None,
        pinned: Collection[TaskRef] = (),
    ) -> Change:
        """Let time do its part: turn memberships, let lines leave, and move held ones unless `is_held`."""
        change = self.apply(self._turned(now), self._tasks, now, is_held=is_held, still=still)
        has_moved = change.has_moved
        for ref in [ref for ref, until in self._leaving.items() if until <= now and ref not in pinned]:
            self._hide(ref)
            has_moved = True
        if not is_held:
            has_moved |= self._move_all(still)
        return Change(has_moved, change.touched)

    def _turned(self, now: float) -> list[TaskRef]:
        turned: list[TaskRef] = []
        while self._turns and self._turns[0][0] <= now:
            at, ref = heapq.heappop(self._turns)
            if self._turn_of.get(ref) == at:
                del self._turn_of[ref]
                turned.append(ref)
        return turned

    # Steps

    def _count_all(self, now: float) -> None:
        for ref, task in self._tasks.items():
            bits = self._membership[ref] = membership(task, now)
            self._population[bits] += 1
            at = turns_at(task, now)
            if at != math.inf:
                self._turn_of[ref] = at
                self._turns.append((at, ref))
        heapq.heapify(self._turns)

    def _count(self, ref: TaskRef, task: Task, now: float) -> None:
        was, bits = self._membership.get(ref, 0), membership(task, now)
        if bits != was:
            self._membership[ref] = bits
            self._population[bits] += 1
            self._population[was] -= 1
        at = turns_at(task, now)
        if at != math.inf and at != self._turn_of.get(ref):
            self._turn_of[ref] = at
            heapq.heappush(self._turns, (at, ref))

    def _forget(self, ref: TaskRef) -> bool:
        if self._tasks.pop(ref, None) is None:
            return False
        self._population[self._membership.pop(ref)] -= 1
        self._turn_of.pop(ref, None)
        self._leaving.pop(ref, None)
        self._to_move.discard(ref)
        entry = (self._placed[ref], ref)
        _take(self._ordered, entry)
        was_shown = _take(self._shown, entry)
        del self._placed[ref]
        return was_shown

    def _place(self, ref: TaskRef, task: Task, now: float, *, is_held: bool) -> bool:
        """Give one task its line, or let it start to leave; whether any line came or moved."""
        key = self.order.key(task)
        belongs = self._belongs(ref, task, now)
        placed = self._placed.get(ref)
        if placed is None:
            self._placed[ref] = key
            insort(self._ordered, (key, ref))
            if belongs:
                insort(self._shown, (key, ref))
            return belongs
        is_shown = _holds(self._shown, (placed, ref))
        if is_shown and not belongs:
            self._leaving.setdefault(ref, now + LINGER_S)
        elif is_shown:
            self._leaving.pop(ref, None)
        if is_shown and (is_held or not belongs):
            if placed == key:
                self._to_move.discard(ref)
            else:
                self._to_move.add(ref)
            return False
        if placed == key and is_shown == belongs:
            return False
        self._move(ref, key)
        if belongs and not is_shown:
            insort(self._shown, (key, ref))
        return belongs

    def _move(self, ref: TaskRef, key: Key) -> None:
        """Give a task another place in the order, and its line with it where it has one."""
        self._to_move.discard(ref)
        old = self._placed[ref]
        if old == key:
            return
        self._placed[ref] = key
        _take(self._ordered, (old, ref))
        insort(self._ordered, (key, ref))
        if _take(self._shown, (old, ref)):
            insort(self._shown, (key, ref))

    def _move_all(self, still: TaskRef | None = None) -> bool:
        """Move what was held, except lines that are leaving: those stay where the eye is until they go."""
        movable = [ref for ref in self._to_move if ref not in self._leaving and ref != still]
        for ref in movable:
            self._move(ref, self.order.key(self._tasks[ref]))
        return bool(movable)

    def _hide(self, ref: TaskRef) -> None:
        del self._leaving[ref]
        _take(self._shown, (self._placed[ref], ref))
        if ref in self._to_move:
            self._move(ref, self.order.key(self._tasks[ref]))

    def _belongs(self, ref: TaskRef, task: Task, now: float) -> bool:
        return bool(self._membership[ref] & self.tab.bit) and self.query.matches(task, now)

    def _sort(self) -> None:
        key = self.order.key
        self._placed = {ref: key(self._tasks[ref]) for ref in self._membership}
        self._ordered = sorted((key, ref) for ref, key in self._placed.items())
        self._to_move.clear()

    def _cut(self, now: float) -> None:
        bit, members = self.tab.bit, self._membership
        shown = self._ordered
        if self.tab is not Tab.ALL:
            shown = [entry for entry in shown if members[entry[1]] & bit]
        if self.query.terms:
            matches, tasks = self.query.matches, self._tasks
            shown = [entry for entry in shown if matches(tasks[entry[1]], now)]
        self._shown = list(shown)


def _holds(entries: list[Entry], entry: Entry) -> bool:
    index = bisect_left(entries, entry)
    return index < len(entries) and entries[index] == entry


def _take(entries: list[Entry], entry: Entry) -> bool:
    """Take an entry out of an ordered list; whether it was there."""
    index = bisect_left(entries, entry)
    if index == len(entries) or entries[index] != entry:
        return False
    del entries[index]
    return True
