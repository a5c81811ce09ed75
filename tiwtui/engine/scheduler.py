"""The order of the checks: three queues and the rule that shares the slots between them. Pure.

1. *Resting*: every task that is to be checked at all stands here, due at `checked + own interval`, and is
   served earliest first.
2. *Attended*: what a person looks at stands here as well, due sooner. *Asked*: what a person asked for.
3. Attended and asked tasks get every slot for which no resting task is overdue, and one slot in six while
   one is; the selected task goes first. So looking at tasks delays no other task by more than a fifth.
4. No step looks at all tasks. `steps` counts heap operations.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum

from tiwtui.engine.due_queue import DueQueue
from tiwtui.model import TaskRef

FAST_SHARE = 6
"""While a resting task is overdue, one slot in six goes to an attended one. The promise is one in five at
most; the sixth pays for the time that answers take and for sends that leave late."""


class Reason(StrEnum):
    """Why a task is checked at all: the strongest reason counts."""

    SELECTED = "selected"
    ON_SCREEN = "on screen"
    MANUAL = "manual"
    RESTING = "resting"


class Scheduler:
    """Which task is next. `blocked_until` tells when a task of a stopped application may be asked again.

    `chosen_for` is why the task that `choose` returned last is checked.
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
        """Change what is looked at; return all of it. What no longer is loses its place there."""
        before = self._looked_at()
        self.selected, self.on_screen = selected, frozenset(on_screen)
        after = self._looked_at()
        for ref in before - after:
            self.attended.withdraw(ref)
        return after

    def withdraw(self, ref: TaskRef) -> None:
        """Take a task out of every queue."""
        for queue in (self.resting, self.attended, self.asked):
            queue.withdraw(ref)

    def due_at(self, ref: TaskRef) -> float | None:
        """Return when a task is due in whichever queue comes first."""
        times = [queue.due(ref) for queue in (self.resting, self.attended, self.asked)]
        return min((due for due in times if due is not None), default=None)

    def soonest(self, *, asked_only: bool) -> float | None:
        """Return when the next task is due."""
        queues = (self.asked,) if asked_only else (self.resting, self.attended, self.asked)
        heads = [queue.first() for queue in queues]
        return min((head[0] for head in heads if head is not None), default=None)

    def choose(self, now: float, *, asked_only: bool) -> TaskRef | None:
        """Return the task whose turn it is, or `None` if none is due. It stays queued until withdrawn."""
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
        # One that was just added stands with the attended although nobody may look at it.
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
