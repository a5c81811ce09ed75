"""How far a batch of tasks has come, and about how long it still takes. Pure.

A batch of tasks to settle begins when a task becomes active while none is, one of first answers when a task
is added while none waits for one. The time left follows from the pace of the last ten changes: a service that
works on some tasks at a time goes on like that, and a few stragglers take longer than it says.
"""

from collections import deque

import msgspec

from tiwtui.engine.task_set import TaskSet

_LONG_ASKING_S = 5.0
_SAMPLES = 11
_FEWEST = 10
"""How many tasks must have come through before their pace says anything."""


class Progress(msgspec.Struct, frozen=True):
    """How many of a batch are done, and about how many seconds the others still take, where that is known."""

    done: int
    total: int
    left_s: float | None


class Pace:
    """How fast a count rises, from its last changes."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque(maxlen=_SAMPLES)

    def note(self, count: int, now: float) -> None:
        """Note the count; one that falls belongs to another batch."""
        if self._samples and count < self._samples[-1][1]:
            self._samples.clear()
        if not self._samples or count != self._samples[-1][1]:
            self._samples.append((now, count))

    def clear(self) -> None:
        """Forget the pace: what it was says nothing about what comes."""
        self._samples.clear()

    def progress(self, done: int, left: int, now: float, otherwise: float | None = None) -> Progress:
        """Return the progress of a batch of which so many are done and left.

        Until the pace is known it is `otherwise`, in tasks a second.
        """
        began, before = self._samples[0]
        risen = self._samples[-1][1] - before
        if risen >= _FEWEST:
            return Progress(done, done + left, left * (now - began) / risen)
        return Progress(done, done + left, None if otherwise is None else left / otherwise)


class Batches:
    """The batch of first answers and the batch of active tasks of one process."""

    def __init__(self, tasks: TaskSet) -> None:
        self._tasks = tasks
        self._asking, self._settling = Pace(), Pace()

    def asking(self, allowed: float, now: float) -> Progress | None:
        """Return how far the first answers have come, if at `allowed` checks a second they take a while."""
        waiting, answered = self._tasks.waiting, self._tasks.answered
        self._asking.note(answered, now)
        is_long = (waiting + answered) / allowed > _LONG_ASKING_S
        return self._asking.progress(answered, waiting, now, allowed) if waiting and is_long else None

    def settling(self, typical_s: float | None, now: float) -> Progress | None:
        """Return how far the active tasks have come, once it is known how long they usually take."""
        settled, active = self._tasks.settled, self._tasks.active
        self._settling.note(settled, now)
        if not active or not settled or typical_s is None:
            return None
        return self._settling.progress(settled, active, now)

    def measure_again(self) -> None:
        """Forget how fast it went before checks were stopped."""
        self._asking.clear()
        self._settling.clear()
