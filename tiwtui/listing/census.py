"""Which tabs each task is in and how many tasks each tab holds, kept change by change."""

import heapq
from collections.abc import Mapping

from tiwtui.listing.tabs import Tab, standing
from tiwtui.tasks import Task, TaskRef

PLANNED_AHEAD_S = 3600.0
"""Turns that are further off are looked for again by then: most tasks turn in days, and are gone before."""


class Census:
    """The memberships of all tasks; `bits` holds them by task, as `membership` returns them."""

    def __init__(self, tasks: Mapping[TaskRef, Task], now: float) -> None:
        self.bits: dict[TaskRef, int] = {}
        self._population = [0] * (1 << len(Tab))
        self._turns: list[tuple[float, TaskRef]] = []
        self._turn_of: dict[TaskRef, float] = {}
        self._planned_until = until = now + PLANNED_AHEAD_S
        for ref, task in tasks.items():
            bits, at = standing(task, now)
            self.bits[ref] = bits
            self._population[bits] += 1
            if at <= until:
                self._plan(ref, at)

    def count(self, tab: Tab) -> int:
        """Return how many tasks are in a tab."""
        return sum(size for bits, size in enumerate(self._population) if bits & tab.bit)

    def note(self, task: Task, now: float) -> None:
        """Take in a task that is new or changed."""
        ref = task.ref
        was = self.bits.get(ref, 0)
        bits, at = standing(task, now)
        if bits != was:
            self.bits[ref] = bits
            self._population[bits] += 1
            self._population[was] -= 1
        if at <= self._planned_until and at != self._turn_of.get(ref):
            self._plan(ref, at)

    def forget(self, ref: TaskRef) -> None:
        """Take a task out."""
        self._population[self.bits.pop(ref)] -= 1
        self._turn_of.pop(ref, None)

    def turned(self, tasks: Mapping[TaskRef, Task], now: float) -> list[TaskRef]:
        """Return the tasks whose tabs may be others by now, each once."""
        turned: list[TaskRef] = []
        if now >= self._planned_until:
            self._planned_until = now + PLANNED_AHEAD_S
            for ref, task in tasks.items():
                bits, at = standing(task, now)
                if bits != self.bits[ref]:
                    turned.append(ref)
                elif at <= self._planned_until and at != self._turn_of.get(ref):
                    self._plan(ref, at)
        while self._turns and self._turns[0][0] <= now:
            at, ref = heapq.heappop(self._turns)
            if self._turn_of.get(ref) == at:
                del self._turn_of[ref]
                turned.append(ref)
        return list(dict.fromkeys(turned))

    def _plan(self, ref: TaskRef, at: float) -> None:
        self._turn_of[ref] = at
        heapq.heappush(self._turns, (at, ref))
