"""A queue of tasks by due time, in which a task stands once and can be moved. Pure; O(log n) a step."""

import heapq
from collections.abc import Iterator
from itertools import islice

from tiwtui.model import TaskRef


class DueQueue:
    """Tasks with the time at which each is due, earliest first; equal times in the order they were put.

    Moved and withdrawn entries stay in the heap until they come up, and are swept out once they are the
    larger part of it. `steps` counts heap operations.
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
        """Make `ref` due at `due`, whatever it was before."""
        self._count += 1
        self._entry[ref] = (due, self._count)
        heapq.heappush(self._heap, (due, self._count, ref))
        self.steps += 1
        if len(self._heap) > 2 * len(self._entry) + 64:
            self._heap = [(due, number, ref) for ref, (due, number) in self._entry.items()]
            heapq.heapify(self._heap)

    def due(self, ref: TaskRef) -> float | None:
        """Return when `ref` is due, or `None` if it is not in the queue."""
        entry = self._entry.get(ref)
        return None if entry is None else entry[0]

    def sample(self, every: int) -> Iterator[tuple[TaskRef, float]]:
        """Yield each `every`th task with the time at which it is due, in no order that means anything."""
        return ((ref, due) for ref, (due, _number) in islice(self._entry.items(), 0, None, every))

    def withdraw(self, ref: TaskRef) -> None:
        """Take `ref` out; nothing happens if it is not in."""
        self._entry.pop(ref, None)

    def clear(self) -> None:
        """Take everything out."""
        self._heap.clear()
        self._entry.clear()

    def first(self) -> tuple[float, TaskRef] | None:
        """Return the earliest task and its due time."""
        while self._heap:
            due, number, ref = self._heap[0]
            if self._entry.get(ref) == (due, number):
                return due, ref
            heapq.heappop(self._heap)
            self.steps += 1
        return None
