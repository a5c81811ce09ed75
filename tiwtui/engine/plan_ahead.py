"""How far ahead of its slot a check is planned, so that its connection is ready when the slot opens. Pure.

1. A check is planned ahead of its slot by the longest of the last preparations (connection and TLS). No more
   checks are planned ahead than fit in that time, and none while two wait.
2. While none waits, one more may be planned each 1/rate, however long the preparations take.
3. A failed connection uses up its slot and resets the preparations, so at most one connection is tried each
   1/rate while none can be made.
"""

from collections import deque

from tiwtui.engine.rate_limit import RateLimit

_LONGEST_LEAD_S = 1.0
_PREPARATIONS = 32
_MOST_WAITING = 2


class PlanAhead:
    """When the next check is planned; when it leaves is up to the rate limit."""

    def __init__(self, rate_limit: RateLimit) -> None:
        self._rate_limit = rate_limit
        self._planned: float | None = None
        self._preparations: deque[float] = deque(maxlen=_PREPARATIONS)

    def plan_at(self, now: float, ahead: int, waiting: int) -> float | None:
        """Return when another check may be planned, or `None` if one has to leave first.

        `ahead` checks are planned and have not left; `waiting` of these are ready and wait for their slot.
        """
        gap, ready_at = self._rate_limit.gap_s(now), self._rate_limit.ready_at(now)
        lead = max(self._preparations, default=0.0)
        times: list[float] = []
        if waiting < _MOST_WAITING and ahead * gap <= lead:
            times.append(ready_at + ahead * gap - lead)
        if not waiting and self._planned is not None:
            times.append(max(min(self._planned, now) + gap, ready_at))
        return min(times, default=None)

    def planned(self, now: float) -> None:
        """Note that a check is planned now."""
        self._planned = now

    def prepared(self, seconds: float) -> None:
        """Note how long a planned check took to be ready."""
        self._preparations.append(min(seconds, _LONGEST_LEAD_S))

    def failed(self, now: float) -> None:
        """Use up the slot of a check for which no connection could be made."""
        self._rate_limit.spend(now)
        self._preparations.clear()
