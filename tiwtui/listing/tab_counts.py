"""Which tabs each task is in and how many tasks each tab holds, kept change by change.

By its phase a task is in one tab or another; only those that want attention, few of many, are kept singly.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from operator import attrgetter

from tiwtui.listing.index import Register
from tiwtui.listing.query.terms import Judge
from tiwtui.listing.slices import SLICE
from tiwtui.listing.tabs import Tab, attention
from tiwtui.model import Phase, Task, TaskRef

PLANNED_AHEAD_S = 3600.0
"""Turns that are further off are looked for again by then: most tasks turn in days, and are gone before."""

LATE_SLICE = 5000

_PHASE_VALUE = attrgetter("phase._value_")


class Census:
    """Which tasks are in which tab, as of when each was last looked at or turned."""

    def __init__(self, register: Register, now: float) -> None:
        self._register = register
        self._sizes: Counter[Phase] = Counter()
        for value, size in Counter(map(_PHASE_VALUE, register.tasks)).items():
            self._sizes[Phase(value)] = size
        self._attention: set[TaskRef] = set()
        self._turns: list[tuple[float, TaskRef]] = []
        self._turn_of: dict[TaskRef, float] = {}
        self._planned_until = self._planning_until = until = now + PLANNED_AHEAD_S
        self._looked_to = 0
        """The row up to which turns are planned for the hour after the one that is."""
        for task in register.tasks:
            is_wanted, at = attention(task, now)
            if is_wanted:
                self._attention.add(task.ref)
            if at <= until:
                self._plan(task.ref, at)

    def count(self, tab: Tab) -> int:
        """Return how many tasks are in a tab."""
        if tab is Tab.ATTENTION:
            return len(self._attention)
        return sum(self._sizes[phase] for phase in tab.phases)

    def test(self, tab: Tab) -> Callable[[Task], bool]:
        """Return the test for being in a tab; it goes with the census as that changes."""
        if tab is Tab.ATTENTION:
            attention = self._attention
            return lambda task: task.ref in attention
        phases = tab.phases
        return lambda task: task.phase in phases

    def judge(self, tab: Tab) -> Judge:
        """Return the same test of many tasks."""
        if tab is Tab.ATTENTION:
            attention = self._attention
            return lambda tasks, _texts: [task.ref in attention for task in tasks]
        # Of members of an enumeration a tuple tells sooner whether it holds one.
        phases = tuple(tab.phases)
        return lambda tasks, _texts: [task.phase in phases for task in tasks]

    def note(self, before: Task | None, task: Task, now: float) -> None:
        """Take in a task that is new or changed."""
        if before is not None:
            self._sizes[before.phase] -= 1
        self._sizes[task.phase] += 1
        self._look_at(task, now)

    def forget(self, task: Task) -> None:
        """Take a task out."""
        self._sizes[task.phase] -= 1
        self._attention.discard(task.ref)
        self._turn_of.pop(task.ref, None)

    def turned(self, now: float) -> list[TaskRef]:
        """Return tasks whose tabs may be others by now, each once.

        Turns are planned for an hour and meanwhile, a few tasks at each call, for the hour after it. Where
        that is late, as after a sleep, it goes on from call to call in larger steps.
        """
        turned = self._planned_on(now)
        while self._turns and self._turns[0][0] <= now:
            at, ref = heapq.heappop(self._turns)
            if self._turn_of.get(ref) == at:
                del self._turn_of[ref]
                turned.append(ref)
        return list(dict.fromkeys(turned))

    def _planned_on(self, now: float) -> list[TaskRef]:
        """Look at the next few tasks; return those that have turned unplanned."""
        tasks, refs = self._register.tasks, self._register.refs
        size = LATE_SLICE if now >= self._planned_until else max(SLICE // 20, len(tasks) // 1000)
        if self._looked_to == 0:
            self._planning_until = max(self._planned_until, now) + PLANNED_AHEAD_S
        begin, end = self._looked_to, min(self._looked_to + size, len(tasks))
        turned: list[TaskRef] = []
        for ref, task in zip(refs[begin:end], tasks[begin:end], strict=True):
            is_wanted, at = attention(task, now)
            if ref not in self._register:
                continue
            if is_wanted != (ref in self._attention):
                turned.append(ref)
            elif at <= self._planning_until:
                self._plan(ref, at)
        self._looked_to = end
        if end == len(tasks):
            self._looked_to, self._planned_until = 0, self._planning_until
        return turned

    def _look_at(self, task: Task, now: float) -> None:
        is_wanted, at = attention(task, now)
        if is_wanted:
            self._attention.add(task.ref)
        else:
            self._attention.discard(task.ref)
        if at <= self._planning_until:
            self._plan(task.ref, at)

    def _plan(self, ref: TaskRef, at: float) -> None:
        if at != self._turn_of.get(ref):
            self._turn_of[ref] = at
            heapq.heappush(self._turns, (at, ref))
