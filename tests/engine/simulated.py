"""A watcher run through simulated time, without asyncio: hours in milliseconds."""

import heapq
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.factories import WALL, observed
from tiwtui.api.answers import Answer
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase, TaskRef

Asked = Callable[[TaskRef, float], Answer]


@dataclass
class Run:
    """One watcher, a service that answers by time, and a record of every send.

    `answer(ref, at)` is what the service says at second `at` of the run; it arrives `latency_s` later.
    """

    answer: Asked = lambda ref, at: observed()
    latency_s: float = 0.08
    watcher: Watcher = field(default_factory=lambda: Watcher(random=Random(1)))
    now: float = 0.0
    wall_offset: float = WALL
    sent: list[tuple[float, TaskRef]] = field(default_factory=list)
    most_in_flight: int = 0
    keys_changed: bool = False
    keys_read: int = 0
    _flying: list[tuple[float, int, TaskRef, Answer]] = field(default_factory=list)
    _count: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def wall(self) -> float:
        return self.now + self.wall_offset

    def add(self, *refs: TaskRef) -> None:
        for ref in refs:
            self.watcher.add(ref, None, self.now, self.wall)

    def until(self, end: float, step: Callable[[], None] | None = None) -> "Run":
        """Run to second `end`; `step` is called after each event."""
        while True:
            self._send()
            wake = self.watcher.wake_at(self.now)
            assert wake is None or wake > self.now, "the driver would spin"
            times = [at for at in (wake, self._flying[0][0] if self._flying else None) if at is not None]
            moment = min(times, default=end)
            if moment >= end:
                self.now = end
                return self
            # What was due during a sleep comes after it.
            self.now = max(self.now, moment)
            while self._flying and self._flying[0][0] <= self.now:
                _at, _number, ref, answer = heapq.heappop(self._flying)
                self.watcher.complete(ref, answer, self.now, self.wall)
            if step is not None:
                step()

    def times(self, ref: TaskRef | None = None) -> list[float]:
        return [at for at, asked in self.sent if ref is None or asked == ref]

    def phase(self, ref: TaskRef) -> Phase:
        return self.watcher.tasks[ref].phase

    def _send(self) -> None:
        if self.watcher.keys_are_due(self.now):
            self.keys_read += 1
            self.watcher.keys_read(self.now, changed=self.keys_changed)
        while (ref := self.watcher.due(self.now)) is not None:
            assert all(ref != flying for _at, _number, flying, _answer in self._flying), "asked twice at once"
            self.watcher.flights.ready(ref, self.now)
            self.watcher.flights.leave(ref, self.now)
            self.sent.append((self.now, ref))
            arrival = self.now + self.latency_s
            heapq.heappush(self._flying, (arrival, next(self._count), ref, self.answer(ref, self.now)))
            self.most_in_flight = max(self.most_in_flight, len(self._flying))


def most_in_a_second(times: list[float]) -> int:
    """Return the greatest number of sends in any one-second window."""
    most, first = 0, 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def counts(run: Run) -> Counter[TaskRef]:
    return Counter(ref for _at, ref in run.sent)
