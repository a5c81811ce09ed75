"""The rate limit: when the next check may leave. Pure; times are monotonic seconds.

1. Two checks leave at least 1/rate apart, so no one-second window holds more than the rate. Missed slots
   (sleep, a stopped terminal) are never made up for.
2. Throttling halves the rate, at most once a second and never below 0.1 a second. The rate recovers by 5 % of
   the budget for each second without throttling. Programs that share an account balance out this way.
"""

from tiwtui.budget import DEFAULT, LOWEST, within_limits

_SPREAD = 1.001
"""Gaps are a thousandth wider than 1/rate, so that rounding never puts one check too many into a second."""
_RECOVERY_LOOK_S = 0.2


class RateLimit:
    """The rate limit of one sender."""

    def __init__(self, budget: float = DEFAULT) -> None:
        self.budget = within_limits(budget)
        self._last: float | None = None
        self._reduced = self.budget
        self._throttled_at: float | None = None
        self._halved_at: float | None = None

    def set_budget(self, per_second: float) -> None:
        """Change the budget, from the next check on."""
        self.budget = within_limits(per_second)

    def allowed(self, now: float) -> float:
        """Return the rate in force: the budget, or less after throttling."""
        if self._throttled_at is None:
            return self.budget
        quiet_s = max(0.0, now - self._throttled_at)
        return min(self.budget, self._reduced + 0.05 * self.budget * quiet_s)

    def gap_s(self, now: float) -> float:
        """Return the least time between two checks."""
        return _SPREAD / self.allowed(now)

    def ready_at(self, now: float) -> float:
        """Return when the next check may leave, as far as is known now."""
        if self._last is None:
            return now
        # A clock that went back must not stop the checks until it catches up.
        last = min(self._last, now)
        return last + self.gap_s(now)

    def look_again_at(self, at: float, now: float) -> float:
        """Return when to look again at a slot that opens `at` a time: sooner while the rate recovers."""
        return min(at, now + _RECOVERY_LOOK_S) if self.allowed(now) < self.budget else at

    def spend(self, now: float) -> None:
        """Use up the slot: a check of this process leaves now, or one of another process may have."""
        self._last = now

    def throttle(self, now: float) -> None:
        """Note that the service refused a check for its rate."""
        current = self.allowed(now)
        if self._halved_at is None or now - self._halved_at >= 1.0:
            self._halved_at = now
            current = max(LOWEST, current / 2)
        self._reduced, self._throttled_at = current, now
