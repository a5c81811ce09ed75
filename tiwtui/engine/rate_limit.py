"""The budget: when may the next check go out. Pure; times are monotonic seconds.

1. Two sends are at least 1/rate apart, so no one-second window holds more than the rate; what was missed
   (sleep, a stalled terminal) is never caught up.
2. Being throttled halves the rate, at most once a second and not below 0.1 a second; it climbs back by 5 %
   of the budget for each second in which nothing was throttled. Halving fast and climbing slowly is what
   lets programs that share an account settle beside each other.
3. A check is planned ahead of its slot by the longest of the last preparations (a connection and its TLS), so
   that it is ready in its slot; no more are planned ahead than fit in that time, and none while two wait.
   While none waits one more may be planned each 1/rate, however long the preparations take.
4. A connection that failed costs its slot, and the preparations before it count no more: at most one
   connection each 1/rate is tried where none can be made.
"""

from collections import deque

LOWEST = 0.1
HIGHEST = 18.0
DEFAULT = 10.0
STEPS = (1.0, 2.0, 5.0, 10.0, 15.0, 18.0)

_SPREAD = 1.001
"""Gaps are a thousandth wider than 1/rate: what is rounded must not put one too many into a second."""
_MEASURED_S = 10.0
_RECOVERY_LOOK_S = 0.2
_LONGEST_LEAD_S = 1.0
_PREPARATIONS = 32
_MOST_WAITING = 2
LATELY_S = 300.0
"""Checks that were refused for their rate are told for so long."""


class RateLimit:
    """The pace of one sender. `throttled` counts all checks that were refused for their rate."""

    def __init__(self, budget: float = DEFAULT) -> None:
        self.budget = within_limits(budget)
        self.throttled = 0
        self._sent: deque[float] = deque(maxlen=int(HIGHEST * _MEASURED_S) + 1)
        self._refused: deque[float] = deque(maxlen=int(HIGHEST * LATELY_S) + 1)
        self._last: float | None = None
        self._planned: float | None = None
        self._preparations: deque[float] = deque(maxlen=_PREPARATIONS)
        self._reduced = self.budget
        self._throttled_at: float | None = None
        self._halved_at: float | None = None

    def set_budget(self, per_second: float) -> None:
        """Change the budget; takes effect at the next send."""
        self.budget = within_limits(per_second)

    def allowed(self, now: float) -> float:
        """Return the rate in force: the budget, or what throttling has left of it by now."""
        if self._throttled_at is None:
            return self.budget
        quiet_s = max(0.0, now - self._throttled_at)
        return min(self.budget, self._reduced + 0.05 * self.budget * quiet_s)

    def ready_at(self, now: float) -> float:
        """Return when the next send may go, as far as can be said now."""
        if self._last is None:
            return now
        # A clock that went back must not hold sends until it has come round again.
        last = min(self._last, now)
        return last + _SPREAD / self.allowed(now)

    def look_again_at(self, at: float, now: float) -> float:
        """Return when to ask again about what is allowed `at` a time: while the rate climbs, sooner."""
        return min(at, now + _RECOVERY_LOOK_S) if self.allowed(now) < self.budget else at

    def is_ready(self, now: float) -> bool:
        return now >= self.ready_at(now)

    def plan_at(self, now: float, ahead: int, waiting: int) -> float | None:
        """Return when another check may be planned, or `None` if not before one departs.

        `ahead` checks are planned and have not left; of these `waiting` are ready and wait for their slot.
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
        """Note how long a check that was planned took to be ready to leave."""
        self._preparations.append(min(seconds, _LONGEST_LEAD_S))

    def spend(self, now: float) -> None:
        """Note that a check goes out now."""
        self._last = now
        self._sent.append(now)

    def departed(self, now: float) -> None:
        """Note that the last byte of the last check left only now: the next must not close up to it."""
        if self._last is not None and self._last < now:
            self._last = now

    def failed(self, now: float) -> None:
        """Note that a check could not leave, since no connection could be made."""
        self._last = now
        self._preparations.clear()

    def hold(self, now: float) -> None:
        """Note that another process may have sent until now."""
        self._last = now

    def throttle(self, now: float) -> None:
        """Note that the service refused a check for its rate."""
        self.throttled += 1
        self._refused.append(now)
        current = self.allowed(now)
        if self._halved_at is None or now - self._halved_at >= 1.0:
            self._halved_at = now
            current = max(LOWEST, current / 2)
        self._reduced, self._throttled_at = current, now

    def throttled_lately(self, now: float) -> int:
        """Return how many checks were refused for their rate in the last five minutes."""
        while self._refused and self._refused[0] <= now - LATELY_S:
            self._refused.popleft()
        return len(self._refused)

    def rate(self, now: float) -> float:
        """Return the checks a second that went out in the last ten seconds."""
        while self._sent and self._sent[0] <= now - _MEASURED_S:
            self._sent.popleft()
        return len(self._sent) / _MEASURED_S


def within_limits(per_second: float) -> float:
    """Return the nearest budget that is allowed: 0.1 to 18 checks a second."""
    return min(HIGHEST, max(LOWEST, per_second))


def next_step(budget: float, direction: int) -> float:
    """Return the next larger (`direction` > 0) or smaller of the steps of `+` and `-`, else `budget`."""
    if direction > 0:
        return next((step for step in STEPS if step > budget), budget)
    return next((step for step in reversed(STEPS) if step < budget), budget)
