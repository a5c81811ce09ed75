"""Checks in flight: planned, then ready and waiting for a slot, then sent, until the answer. Pure.

1. Of the checks that wait for a slot, the one planned first leaves first: it was the most urgent one.
2. A check does not leave if something stopped the checks after it was planned. During a pause only manual
   checks leave.
3. Each check that left is answered, withheld before a second try, or in flight.
"""

from dataclasses import dataclass
from typing import assert_never

from tiwtui.engine.circuit_breaker import Allowance, CircuitBreaker, Stop
from tiwtui.engine.plan_ahead import PlanAhead
from tiwtui.engine.rate_limit import RateLimit
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.statistics.totals import Departure, Statistics
from tiwtui.model import TaskRef


@dataclass(slots=True)
class Flight:
    """One check. `stops` are those in force when it was planned: it may be their probe.

    `left_at` is when its last request left, `departure` describes its first one.
    """

    planned_at: float
    reason: Reason
    is_asked: bool
    stops: tuple[Stop | None, ...]
    is_ready: bool = False
    left_at: float | None = None
    departure: Departure | None = None

    @property
    def sent_at(self) -> float:
        """When its last request left, or when the check was planned if that could not leave."""
        return self.planned_at if self.left_at is None else self.left_at

    def departed(self, now: float) -> Departure:
        """Return its departure; a check that could not leave counts as one that ended at once."""
        return self.departure or Departure(self.reason, now, now - self.planned_at)

    @property
    def is_waiting(self) -> bool:
        return self.is_ready and self.left_at is None


_SLOW_S = 3.0
"""A check without an answer for so long counts as unanswered, while no other one is answered either."""


class Flights:
    """All checks in flight by task, in the order in which they were planned."""

    def __init__(self, breaker: CircuitBreaker, rate_limit: RateLimit, statistics: Statistics) -> None:
        self._breaker = breaker
        self._rate_limit = rate_limit
        self._plan_ahead = PlanAhead(rate_limit)
        self._statistics = statistics
        self._flights: dict[TaskRef, Flight] = {}

    def __contains__(self, ref: TaskRef) -> bool:
        return ref in self._flights

    def __len__(self) -> int:
        return len(self._flights)

    def plan_at(self, now: float) -> float | None:
        """Return when another check may be planned, or `None` if one has to leave or to land first."""
        rate = self._rate_limit.allowed(now)
        if len(self) >= (max(4, 2 * rate) if rate >= 1 else 1):
            return None
        ahead = [flight for flight in self._flights.values() if flight.left_at is None]
        return self._plan_ahead.plan_at(now, len(ahead), sum(flight.is_ready for flight in ahead))

    def plan(
        self, ref: TaskRef, now: float, *, reason: Reason = Reason.RESTING, is_asked: bool = False
    ) -> None:
        """Note that a check is planned; `is_asked` says that a person asked for it."""
        self._flights[ref] = Flight(now, reason, is_asked, self._breaker.stops(ref))
        self._plan_ahead.planned(now)

    def ready(self, ref: TaskRef, now: float) -> None:
        """Note that a check has a connection and waits for a slot; a check that is sent again waits again."""
        flight = self._flights[ref]
        if flight.left_at is None:
            self._plan_ahead.prepared(now - flight.planned_at)
        flight.is_ready, flight.left_at = True, None

    def allowance(self, now: float) -> Allowance:
        """Return which checks may be planned now; nothing while the one that may leave is in flight."""
        allowance = self._breaker.allowance(now)
        return Allowance.NOTHING if allowance is Allowance.ONE_AT_A_TIME and len(self) else allowance

    def may_leave(self, ref: TaskRef, now: float) -> bool:
        """Whether nothing has stopped a check since it was planned."""
        flight = self._flights[ref]
        match self._breaker.allowance(now):
            case Allowance.NOTHING:
                return False
            case Allowance.MANUAL:
                if not flight.is_asked:
                    return False
            case Allowance.ONE_AT_A_TIME | Allowance.EVERYTHING:
                pass
            case _ as unreachable:
                assert_never(unreachable)
        stops = zip(self._breaker.stops(ref), flight.stops, strict=True)
        return all(stop is None or stop is known for stop, known in stops)

    def leaves_at(self, ref: TaskRef, now: float) -> float | None:
        """Return when a ready check leaves, or `None` while another one is first."""
        first = next(other for other, flight in self._flights.items() if flight.is_waiting)
        return self._rate_limit.ready_at(now) if first == ref else None

    def leave(self, ref: TaskRef, now: float, *, late_s: float = 0.0) -> None:
        """Note that a request leaves now, `late_s` after its planned time."""
        flight = self._flights[ref]
        flight.left_at = now
        if flight.departure is None:
            flight.departure = Departure(flight.reason, now, max(0.0, late_s))
        self._rate_limit.spend(now)
        self._statistics.departed(flight.reason, now)

    def drop(self, ref: TaskRef) -> Flight | None:
        """Forget a check that does not leave."""
        return self._flights.pop(ref, None)

    def land(self, ref: TaskRef, now: float) -> Flight | None:
        """Forget a check that is over and return it; one that never left uses up its slot."""
        flight = self._flights.pop(ref, None)
        if flight is not None and flight.left_at is None:
            self._plan_ahead.failed(now)
        return flight

    @property
    def sent(self) -> int:
        """How many checks left and have no answer yet."""
        return sum(flight.departure is not None for flight in self._flights.values())

    def oldest_sent_s(self, now: float) -> float:
        """Return how long ago the oldest check without an answer left."""
        sent = [flight.departure for flight in self._flights.values() if flight.departure is not None]
        return max((now - departure.at for departure in sent), default=0.0)

    def silent_since(self, now: float) -> float | None:
        """Return when the first of two or more checks left that nothing has answered since, else `None`."""
        first, count = self._breaker.silence()
        slow = [
            flight.left_at
            for flight in self._flights.values()
            if flight.left_at is not None and self._breaker.answered_at <= flight.left_at <= now - _SLOW_S
        ]
        if count + len(slow) < 2:
            return None
        return min(slow if first is None else (first, *slow))
