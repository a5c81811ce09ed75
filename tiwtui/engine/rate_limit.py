"""The rate limit: when the next check may leave. Pure; times are monotonic seconds.

1. Two checks leave at least 1/rate apart, so no one-second window holds more than the rate. Missed slots
   (sleep, a stopped terminal) are never made up for.
2. Throttling halves the rate, at most once a second and never below 0.1 a second. The rate recovers by 5 % of
   the budget for each second without throttling. Programs that share an account balance out this way.
3. A check is planned ahead of its slot by the longest of the last preparations (connection and TLS), so that
   it is ready in time. No more checks are planned ahead than fit in that time, and none while two wait.
   While none waits, one more may be planned each 1/rate, however long the preparations take.
4. A failed connection uses up its slot and resets the preparations, so at most one connection is tried each
   1/rate while none can be made.
"""

from collections import deque

from tiwtui.budget import DEFAULT, LOWEST, within_limits

_SPREAD = 1.001
"""Gaps are a thousandth wider than 1/rate, so that rounding never puts one check too many into a second."""
_RECOVERY_LOOK_S = 0.2
_LONGEST_LEAD_S = 1.0
_PREPARATIONS = 32
_MOST_WAITING = 2


class RateLimit:
    """The rate limit of one sender."""

    def __init__(self, budget: float = DEFAULT) -> None:
        self.budget = within_limits(budget)
        self._last: float | None = None
        self._planned: float | None = None
        self._preparations: deque[float] = deque(maxlen=_PREPARATIONS)
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

    def ready_at(self, now: float) -> float:
        """Return when the next check may leave, as far as is known now."""
        if self._last is None:
            return now
        # A clock that went back must not stop the checks until it catches up.
        last = min(self._last, now)
        return last + _SPREAD / self.allowed(now)

    def look_again_at(self, at: float, now: float) -> float:
        """Return when to look again at a slot that opens `at` a time: sooner while the rate recovers."""
        return min(at, now + _RECOVERY_LOOK_S) if self.allowed(now) < self.budget else at

    def plan_at(self, now: float, ahead: int, waiting: int) -> float | None:
        """Return when another check may be planned, or `None` if one has to leave first.

        `ahead` checks are planned and have not left; `waiting` of these are ready and wait for their slot.
        """
        gap = _SPREAD / self.allowed(now)
        lead = max(self._preparations, default=0.0)
        times: list[float] = []
        if waiting < _MOST_WAITING and ahead * gap <= lead:
            times.append(self.ready_at(now) + ahead * gap - lead)
        if not waiting and self._planned is not None:
            last = self._planned if self._last is None else max(self._planned, self._last)
            times.append(min(last, now) + gap)
        return min(times, default=None)

    def plan(self, now: float) -> None:
        """Note that a check is planned now."""
        self._planned = now

    def prepared(self, seconds: float) -> None:
        """Note how long a planned check took to be ready."""
        self._preparations.append(min(seconds, _LONGEST_LEAD_S))

    def spend(self, now: float) -> None:
        """Use up the slot: a check of this process leaves now, or one of another process may have."""
        self._last = now

    def failed(self, now: float) -> None:
        """Use up the slot of a check for which no connection could be made."""
        self._last = now
        self._preparations.clear()

    def throttle(self, now: float) -> None:
        """Note that the service refused a check for its rate."""
        current = self.allowed(now)
        if self._halved_at is None or now - self._halved_at >= 1.0:
            self._halved_at = now
            current = max(LOWEST, current / 2)
        self._reduced, self._throttled_at = current, now
