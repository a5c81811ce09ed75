"""When one task wants its next check, by what its checks brought so far. Pure; times are monotonic."""

from random import Random

from tiwtui.engine.intervals import EMPTY_AGAIN_S, backoff_s, resting_interval_s
from tiwtui.engine.transitions import Finding
from tiwtui.model import Phase, Task

_ROUNDING_S = 0.01


class Plan:
    """What the state machine keeps of one task beside its row.

    `began` is when its phase began, `asked_at` when it was last asked about, `failures` how many checks in a
    row brought trouble.
    """

    __slots__ = ("_empty_checks", "asked_at", "began", "failures")

    def __init__(self, task: Task, began: float, checked: float) -> None:
        self.began = began
        self.asked_at: float | None = None
        self.failures = 0
        self._empty_checks = _empty_checks(checked - began) if task.phase is Phase.EMPTY else 0

    def note(self, found: Finding, now: float) -> None:
        """Take in what a check brought."""
        is_good = found.task.trouble is None
        self.failures = 0 if is_good else self.failures + 1
        if found.transition is not None:
            self.began, self._empty_checks = now, 0
        elif is_good and found.task.phase is Phase.EMPTY:
            self._empty_checks = _empty_checks(now - self.began)

    def next_at(
        self, task: Task, checked: float, random: Random, *, is_corrected: bool = False
    ) -> float | None:
        """Return when a task that was checked at `checked` is due again; `None` once it has settled.

        `is_corrected` says that the last trouble is over already: the clock was set by that very answer.
        """
        if task.phase.is_active:
            again_at = checked + resting_interval_s(checked - self.began)
        elif task.phase is Phase.EMPTY and self._empty_checks < len(EMPTY_AGAIN_S):
            again_at = self.began + EMPTY_AGAIN_S[self._empty_checks]
        else:
            return None
        if is_corrected and self.failures == 1:
            return checked
        return checked + backoff_s(self.failures, random) if self.failures else again_at


def _empty_checks(in_phase_s: float) -> int:
    """Return how many of the second looks at an empty task lie behind it."""
    return sum(age <= in_phase_s + _ROUNDING_S for age in EMPTY_AGAIN_S)
