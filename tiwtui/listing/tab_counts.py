"""How many tasks each tab holds and which want attention, updated change by change.

1. Phase tabs are counters by phase; Attention is a set of tasks.
2. A task can come into Attention or leave it by time alone. Such turns are planned for the coming hour; in
   each call of `turned` a few more tasks are planned for the hour after it.
3. After a long sleep, and when the limits changed, all tasks are looked at in some calls of `turned`, a slice
   in each.
"""

import heapq
from collections import Counter
from collections.abc import Set as AbstractSet
from operator import attrgetter

from tiwtui.listing.attention.reasons import DEFAULT_LIMITS, Limits, attention
from tiwtui.listing.index import SLICE, TaskIndex
from tiwtui.listing.query.terms import Term
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase, Task, TaskRef

PLANNED_AHEAD_S = 3600.0
"""Most tasks turn in days, and many are gone before; only the next turns are worth planning."""
LATE_SLICE = 5000

_PHASE_VALUE = attrgetter("phase._value_")


class TabCounts:
    """Which tasks are in which tab, as of when each was last looked at or turned."""

    def __init__(self, index: TaskIndex, now: float, limits: Limits = DEFAULT_LIMITS) -> None:
        self._index = index
        self._limits = limits
        self._outdated = 0
        """How many rows were not looked at since the limits changed."""
        self._sizes: Counter[Phase] = Counter()
        for value, size in Counter(map(_PHASE_VALUE, index.tasks)).items():
            self._sizes[Phase(value)] = size
        self._attention: set[TaskRef] = set()
        self._turns: list[tuple[float, TaskRef]] = []
        self._turn_of: dict[TaskRef, float] = {}
        self._planned_until = self._planning_until = until = now + PLANNED_AHEAD_S
        self._planned_to_row = 0
        """The row up to which turns are planned until `_planning_until`."""
        for task in index.tasks:
            is_wanted, at = attention(task, now, limits)
            if is_wanted:
                self._attention.add(task.ref)
            if at <= until:
                self._plan(task.ref, at)

    def use(self, limits: Limits) -> None:
        """Judge attention by other limits from now on."""
        if limits != self._limits:
            self._limits, self._outdated = limits, len(self._index.tasks)

    @property
    def attention(self) -> AbstractSet[TaskRef]:
        """The tasks that want attention."""
        return self._attention

    def count(self, tab: Tab) -> int:
        """Return how many tasks are in a tab."""
        if tab is Tab.ATTENTION:
            return len(self._attention)
        return sum(self._sizes[phase] for phase in tab.phases)

    def terms(self, tab: Tab) -> tuple[Term, ...]:
        """Return the terms for being in a tab; they follow the counts as those change."""
        if tab is Tab.ALL:
            return ()
        if tab is Tab.ATTENTION:
            attention = self._attention
            return (Term(lambda _context: lambda task, _text: task.ref in attention),)
        # Members of an enumeration are found faster in a tuple than in a set.
        phases = tuple(tab.phases)
        return (Term(lambda _context: lambda task, _text: task.phase in phases),)

    def update(self, before: Task | None, task: Task, now: float) -> None:
        """Count a task that is new or changed."""
        if before is not None:
            self._sizes[before.phase] -= 1
        self._sizes[task.phase] += 1
        is_wanted, at = attention(task, now, self._limits)
        if is_wanted:
            self._attention.add(task.ref)
        else:
            self._attention.discard(task.ref)
        if at <= self._planning_until:
            self._plan(task.ref, at)

    def forget(self, task: Task) -> None:
        """Count a task no longer."""
        self._sizes[task.phase] -= 1
        self._attention.discard(task.ref)
        self._turn_of.pop(task.ref, None)

    def turned(self, now: float) -> list[TaskRef]:
        """Return the tasks whose tabs may have changed by now, each once."""
        turned = self._plan_more(now)
        while self._turns and self._turns[0][0] <= now:
            at, ref = heapq.heappop(self._turns)
            if self._turn_of.get(ref) == at:
                del self._turn_of[ref]
                turned.append(ref)
        return list(dict.fromkeys(turned))

    def _plan_more(self, now: float) -> list[TaskRef]:
        """Plan the turns of the next few tasks; return those that have turned without a plan."""
        tasks, refs = self._index.tasks, self._index.refs
        is_late = now >= self._planned_until or self._outdated > 0
        size = LATE_SLICE if is_late else max(SLICE // 20, len(tasks) // 1000)
        if self._planned_to_row == 0:
            self._planning_until = max(self._planned_until, now) + PLANNED_AHEAD_S
        begin, end = self._planned_to_row, min(self._planned_to_row + size, len(tasks))
        turned: list[TaskRef] = []
        for ref, task in zip(refs[begin:end], tasks[begin:end], strict=True):
            is_wanted, at = attention(task, now, self._limits)
            if ref not in self._index:
                continue
            if is_wanted != (ref in self._attention):
                turned.append(ref)
            elif at <= self._planning_until:
                self._plan(ref, at)
        self._planned_to_row, self._outdated = end, max(0, self._outdated - (end - begin))
        if end == len(tasks):
            self._planned_to_row, self._planned_until = 0, self._planning_until
        return turned

    def _plan(self, ref: TaskRef, at: float) -> None:
        if at != self._turn_of.get(ref):
            self._turn_of[ref] = at
            heapq.heappush(self._turns, (at, ref))
