"""The checks that are planned and not answered: prepared, then waiting for a slot, then gone out. Pure.

1. Of those that wait for a slot the one that was planned first leaves first: the plan put the most urgent
   there.
2. What stopped the checks since one was planned stops that one too: it does not leave. A pause lets only
   what a person asked for leave.
"""

from dataclasses import dataclass

from tiwtui.engine.circuit_breaker import Allowance, CircuitBreaker, Stop
from tiwtui.engine.rate_limit import RateLimit
from tiwtui.model import TaskRef


@dataclass(slots=True)
class Flight:
    """One check: `stops` are what stood in its way when it was planned, so that it is the probe of them."""

    planned_at: float
    is_asked: bool
    stops: tuple[Stop | None, ...]
    is_ready: bool = False
    left_at: float | None = None

    @property
    def is_waiting(self) -> bool:
        return self.is_ready and self.left_at is None


class Flights:
    """All checks that are planned and not answered, by task, in the order of the plan."""

    def __init__(self, breaker: CircuitBreaker, rate_limit: RateLimit) -> None:
        self._breaker = breaker
        self._rate_limit = rate_limit
        self._flights: dict[TaskRef, Flight] = {}

    def __contains__(self, ref: TaskRef) -> bool:
        return ref in self._flights

    def __len__(self) -> int:
        return len(self._flights)

    def plan_at(self, now: float) -> float | None:
        """Return when another check may be planned, or `None` if one has to leave or to land before."""
        rate = self._rate_limit.allowed(now)
        if len(self) >= (max(4, 2 * rate) if rate >= 1 else 1):
            return None
        ahead = [flight for flight in self._flights.values() if flight.left_at is None]
        return self._rate_limit.plan_at(now, len(ahead), sum(flight.is_ready for flight in ahead))

    def plan(self, ref: TaskRef, now: float, *, is_asked: bool) -> None:
        """Note that a check is planned; `is_asked` says that a person asked for it."""
        self._flights[ref] = Flight(now, is_asked, self._breaker.stops(ref))
        self._rate_limit.plan(now)

    def ready(self, ref: TaskRef, now: float) -> None:
        """Note that a check has its connection: it waits for a slot, also for a second one."""
        flight = self._flights[ref]
        if flight.left_at is None:
            self._rate_limit.prepared(now - flight.planned_at)
        flight.is_ready, flight.left_at = True, None

    def may_leave(self, ref: TaskRef, now: float) -> bool:
        """Whether nothing has come in the way of a check since it was planned."""
        flight = self._flights[ref]
        match self._breaker.allowance(now):
            case Allowance.NOTHING:
                return False
            case Allowance.MANUAL if not flight.is_asked:
                return False
        stops = zip(self._breaker.stops(ref), flight.stops, strict=True)
        return all(stop is None or stop is known for stop, known in stops)

    def leaves_at(self, ref: TaskRef, now: float) -> float | None:
        """Return when a check that is ready leaves, or `None` while another one is before it."""
        first = next(other for other, flight in self._flights.items() if flight.is_waiting)
        return self._rate_limit.ready_at(now) if first == ref else None

    def leave(self, ref: TaskRef, now: float) -> None:
        """Note that a check goes out now."""
        self._flights[ref].left_at = now
        self._rate_limit.spend(now)

    def drop(self, ref: TaskRef) -> Flight | None:
        """Forget a check that does not leave."""
        return self._flights.pop(ref, None)

    def land(self, ref: TaskRef, now: float) -> float:
        """Forget a check that is over; return when it left, or was planned if it could not leave."""
        flight = self._flights.pop(ref, None)
        if flight is None:
            return now
        if flight.left_at is None:
            self._rate_limit.failed(now)
            return flight.planned_at
        return flight.left_at
