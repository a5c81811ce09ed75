"""When one task is checked next, from the results of its checks so far. Pure; times are monotonic."""

from random import Random

from tiwtui.engine.intervals import AGAIN_S, backoff_s, resting_interval_s
from tiwtui.engine.transitions import CheckResult
from tiwtui.model import Phase, Task

_ROUNDING_S = 0.01


class TaskPlan:
    """The plan of one task.

    `began` is when its phase began, `asked_at` when it was last asked about, `failures` how many checks in a
    row brought trouble.
    """

    __slots__ = ("_checks_again", "asked_at", "began", "failures")

    def __init__(self, task: Task, began: float, checked: float) -> None:
        self.began = began
        self.asked_at: float | None = None
        self.failures = 0
        self._checks_again = _checks_again(task.phase, checked - began)

    def note(self, found: CheckResult, now: float) -> None:
        """Take the result of a check."""
        is_good = found.task.trouble is None
        self.failures = 0 if is_good else self.failures + 1
        if found.transition is not None:
            self.began, self._checks_again = now, 0
        elif is_good:
            self._checks_again = _checks_again(found.task.phase, now - self.began)

    def next_at(
        self, task: Task, checked: float, random: Random, *, is_corrected: bool = False
    ) -> float | None:
        """Return when a task that was checked at `checked` is due again; `None` if it never is.

        `is_corrected` says that the last trouble is over already: the clock was set by that very answer.
        """
        if task.phase.is_active:
            again_at = checked + resting_interval_s(checked - self.began)
        else:
            ages_s = AGAIN_S.get(task.phase, ())
            if self._checks_again >= len(ages_s):
                return None
            again_at = self.began + ages_s[self._checks_again]
        if is_corrected and self.failures == 1:
            return checked
        return checked + backoff_s(self.failures, random) if self.failures else again_at


def _checks_again(phase: Phase, in_phase_s: float) -> int:
    """Return how many of the later checks of a phase lie behind a task."""
    return sum(age <= in_phase_s + _ROUNDING_S for age in AGAIN_S.get(phase, ()))
