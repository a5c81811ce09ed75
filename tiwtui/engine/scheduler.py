"""The order of the checks: three queues and the rule that shares the slots between them. Pure.

1. *Resting*: every task that is checked at all, due at `checked + its own interval`, earliest first.
2. *Attended*: also the tasks that a person looks at, due sooner. *Asked*: those that a person asked for.
3. Attended and asked tasks get every slot while no resting task is overdue, and one slot in six while one is.
   The selected task is first. So looking at tasks delays no other task by more than a fifth.
4. No step looks at all tasks. `steps` counts heap operations.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import islice

from tiwtui.engine.intervals import ON_SCREEN_S, SELECTED_S
from tiwtui.model import TaskRef

FAST_SHARE = 6
"""While a resting task is overdue, one slot in six goes to an attended one. The promise is one in
five at most; the rest allows for the time that answers take and for checks that leave late."""


class Reason(StrEnum):
    """Why a task is checked; the strongest reason counts."""

    SELECTED = "selected"
    ON_SCREEN = "on screen"
    MANUAL = "manual"
    RESTING = "resting"


class DueQueue:
    """Tasks by the time at which they are due, earliest first; equal times in the order they were put.

    A task is in it once and can be moved; each step costs O(log n). Old entries stay in the heap until they
    come up, or until they are the larger part of it. `steps` counts heap operations.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, TaskRef]] = []
        self._entry: dict[TaskRef, tuple[float, int]] = {}
        self._count = 0
        self.steps = 0

    def __len__(self) -> int:
        return len(self._entry)

    def __contains__(self, ref: TaskRef) -> bool:
        return ref in self._entry

    def put(self, ref: TaskRef, due: float) -> None:
        """Make a task due at `due`, also if it was in the queue."""
        self._count += 1
        self._entry[ref] = (due, self._count)
        heapq.heappush(self._heap, (due, self._count, ref))
        self.steps += 1
        if len(self._heap) > 2 * len(self._entry) + 64:
            self._heap = [(due, number, ref) for ref, (due, number) in self._entry.items()]
            heapq.heapify(self._heap)

    def due(self, ref: TaskRef) -> float | None:
        """Return when a task is due, or `None` if it is not in the queue."""
        entry = self._entry.get(ref)
        return None if entry is None else entry[0]

    def sample(self, every: int) -> Iterator[tuple[TaskRef, float]]:
        """Yield every `every`th task and when it is due, in no particular order."""
        return ((ref, due) for ref, (due, _number) in islice(self._entry.items(), 0, None, every))

    def withdraw(self, ref: TaskRef) -> None:
        """Remove a task, if it is in the queue."""
        self._entry.pop(ref, None)

    def clear(self) -> None:
        """Remove all tasks."""
        self._heap.clear()
        self._entry.clear()

    def first(self) -> tuple[float, TaskRef] | None:
        """Return when the next task is due, and the task."""
        while self._heap:
            due, number, ref = self._heap[0]
            if self._entry.get(ref) == (due, number):
                return due, ref
            heapq.heappop(self._heap)
            self.steps += 1
        return None


class Scheduler:
    """Chooses the next task. `blocked_until` returns when a task of a stopped application may be
    checked again.

    `chosen_for` is the reason for the task that `choose` returned last.
    """

    def __init__(self, blocked_until: Callable[[TaskRef, float], float | None]) -> None:
        self._blocked_until = blocked_until
        self.resting = DueQueue()
        self.attended = DueQueue()
        self.asked = DueQueue()
        self.selected: TaskRef | None = None
        self.on_screen: frozenset[TaskRef] = frozenset()
        self.chosen_for = Reason.RESTING
        self._rested_in_a_row = 0

    @property
    def steps(self) -> int:
        return self.resting.steps + self.attended.steps + self.asked.steps

    def look_at(self, selected: TaskRef | None, on_screen: Iterable[TaskRef]) -> frozenset[TaskRef]:
        """Set the tasks that a person looks at and return them; the others are no longer attended."""
        before = self._looked_at()
        self.selected, self.on_screen = selected, frozenset(on_screen)
        after = self._looked_at()
        for ref in before - after:
            self.attended.withdraw(ref)
        return after

    def attend(self, ref: TaskRef, asked_at: float | None, now: float) -> None:
        """Queue a task sooner if a person looks at it; `asked_at` is when it was last checked."""
        if ref == self.selected:
            wait_s = SELECTED_S
        elif ref in self.on_screen:
            wait_s = ON_SCREEN_S
        else:
            return
        self.attended.put(ref, now if asked_at is None else asked_at + wait_s)

    def withdraw(self, ref: TaskRef) -> None:
        """Remove a task from every queue."""
        for queue in (self.resting, self.attended, self.asked):
            queue.withdraw(ref)

    def due_at(self, ref: TaskRef) -> float | None:
        """Return when a task is due, in the queue that comes first."""
        times = [queue.due(ref) for queue in (self.resting, self.attended, self.asked)]
        return min((due for due in times if due is not None), default=None)

    def soonest(self, *, asked_only: bool) -> float | None:
        """Return when the next task is due."""
        queues = (self.asked,) if asked_only else (self.resting, self.attended, self.asked)
        heads = [queue.first() for queue in queues]
        return min((head[0] for head in heads if head is not None), default=None)

    def choose(self, now: float, *, asked_only: bool) -> TaskRef | None:
        """Return the next task that is due, if any. It stays queued until it is withdrawn."""
        ref = self._choose(now, asked_only=asked_only)
        if ref is not None:
            self.chosen_for = self._reason(ref)
        return ref

    def _choose(self, now: float, *, asked_only: bool) -> TaskRef | None:
        if asked_only:
            return _due(self.asked.first(), now)
        overdue = self._overdue_resting(now)
        fast = self._fast(now)
        if overdue is None or (fast is not None and self._rested_in_a_row >= FAST_SHARE - 1):
            self._rested_in_a_row = 0
            return fast
        self._rested_in_a_row += 1
        return overdue

    def _reason(self, ref: TaskRef) -> Reason:
        if ref in self.asked:
            return Reason.MANUAL
        if ref == self.selected:
            return Reason.SELECTED
        if ref in self.on_screen:
            return Reason.ON_SCREEN
        # A task that was just added is attended, also if nobody looks at it.
        return Reason.MANUAL if ref in self.attended else Reason.RESTING

    def _looked_at(self) -> frozenset[TaskRef]:
        return self.on_screen if self.selected is None else self.on_screen | {self.selected}

    def _overdue_resting(self, now: float) -> TaskRef | None:
        while (ref := _due(self.resting.first(), now)) is not None:
            until = self._blocked_until(ref, now)
            if until is None:
                return ref
            self.resting.put(ref, until)
        return None

    def _fast(self, now: float) -> TaskRef | None:
        while True:
            selected_due = None if self.selected is None else self.attended.due(self.selected)
            heads = [head for head in (self.attended.first(), self.asked.first()) if head is not None]
            if selected_due is not None and selected_due <= now:
                ref = self.selected
            else:
                ref = _due(min(heads, default=None), now)
            if ref is None or ref in self.asked or self._blocked_until(ref, now) is None:
                return ref
            self.attended.withdraw(ref)


def _due(head: tuple[float, TaskRef] | None, now: float) -> TaskRef | None:
    return head[1] if head is not None and head[0] <= now else None
