"""Which tabs each task is in and how many tasks each tab holds, kept change by change.

By its phase a task is in one tab or another; only those that want attention, few of many, are kept singly.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from operator import attrgetter

from tiwtui.listing.tabs import Tab, attention
from tiwtui.tasks import Phase, Task, TaskRef

PLANNED_AHEAD_S = 3600.0
"""Turns that are further off are looked for again by then: most tasks turn in days, and are gone before."""

_PHASE = attrgetter("phase")


class Census:
    """The memberships of all tasks, as of when each was last looked at or turned."""

    def __init__(self, tasks: Mapping[TaskRef, Task], now: float) -> None:
        self._sizes: Counter[Phase] = Counter(map(_PHASE, tasks.values()))
        self._attention: set[TaskRef] = set()
        self._turns: list[tuple[float, TaskRef]] = []
        self._turn_of: dict[TaskRef, float] = {}
        self._planned_until = until = now + PLANNED_AHEAD_S
        for ref, task in tasks.items():
            is_wanted, at = attention(task, now)
            if is_wanted:
                self._attention.add(ref)
            if at <= until:
                self._plan(ref, at)

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

    def turned(self, tasks: Mapping[TaskRef, Task], now: float) -> list[TaskRef]:
        """Return the tasks whose tabs may be others by now, each once."""
        turned: list[TaskRef] = []
        if now >= self._planned_until:
            self._planned_until = until = now + PLANNED_AHEAD_S
            for ref, task in tasks.items():
                is_wanted, at = attention(task, now)
                if is_wanted != (ref in self._attention):
                    turned.append(ref)
                elif at <= until:
                    self._plan(ref, at)
        while self._turns and self._turns[0][0] <= now:
            at, ref = heapq.heappop(self._turns)
            if self._turn_of.get(ref) == at:
                del self._turn_of[ref]
                turned.append(ref)
        return list(dict.fromkeys(turned))

    def _look_at(self, task: Task, now: float) -> None:
        is_wanted, at = attention(task, now)
        if is_wanted:
            self._attention.add(task.ref)
        else:
            self._attention.discard(task.ref)
        if at <= self._planned_until:
            self._plan(task.ref, at)

    def _plan(self, ref: TaskRef, at: float) -> None:
        if at != self._turn_of.get(ref):
            self._turn_of[ref] = at
            heapq.heappush(self._turns, (at, ref))
