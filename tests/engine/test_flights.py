"""Which of the planned checks leaves when, and what keeps it here."""

from random import Random

import pytest

from tests.factories import WALL, make_ref, no_answer, observed, refused
from tiwtui.engine.circuit_breaker import CircuitBreaker, Stop
from tiwtui.engine.flights import Flights
from tiwtui.engine.rate_limit import RateLimit
from tiwtui.engine.statistics.totals import Statistics
from tiwtui.engine.transitions import trouble_of
from tiwtui.model import TaskRef

A, B, C = make_ref(1), make_ref(2), make_ref(3)


def planned(*refs: TaskRef, rate: float = 10.0, is_asked: bool = False) -> tuple[Flights, CircuitBreaker]:
    """Return checks that are planned at 0, and the breaker they have to pass."""
    breaker = CircuitBreaker(Random(1))
    flights = Flights(breaker, RateLimit(rate), Statistics(0.0))
    for ref in refs:
        flights.plan(ref, 0.0, is_asked=is_asked)
    return flights, breaker


def _sent_at(flights: Flights, now: float) -> float | None:
    flight = flights.land(A, now)
    return None if flight is None else flight.sent_at


def test_of_those_that_wait_the_one_planned_first_leaves_first() -> None:
    """flights law 1: a slow connection must not put the most urgent check behind all that came later."""
    flights, _breaker = planned(A, B, C)
    flights.ready(C, 0.1)
    flights.ready(B, 0.2)
    assert (flights.leaves_at(C, 0.2), flights.leaves_at(B, 0.2)) == (None, 0.2)
    flights.leave(B, 0.2)
    assert flights.leaves_at(C, 0.2) == pytest.approx(0.3001)


STOP = Stop(trouble_of(refused("UnauthorizedOperation"), WALL), 0.5, 600.0)


@pytest.mark.parametrize("what", ["lease", "keys", "stop", "offline", "app", "pause"])
def test_check_that_something_came_in_the_way_of_does_not_leave(what: str) -> None:
    """flights law 2: connections take up to five seconds, and the world goes on."""
    flights, breaker = planned(A)
    flights.ready(A, 0.4)
    assert flights.may_leave(A, 0.4)
    match what:
        case "lease":
            breaker.sends_until = 0.3
        case "keys":
            breaker.has_keys = False
        case "stop":
            breaker.stopped = STOP
        case "offline":
            breaker.offline = STOP
        case "app":
            breaker.stopped_apps[A.sdk_app_id] = STOP
        case _:
            breaker.pause("pts/3", 0.4)
    assert not flights.may_leave(A, 0.5)


def test_probe_of_what_stands_in_the_way_leaves() -> None:
    """It was planned for that."""
    breaker = CircuitBreaker(Random(1), offline=STOP)
    flights = Flights(breaker, RateLimit(10), Statistics(0.0))
    flights.plan(A, 600.0, is_asked=False)
    assert flights.may_leave(A, 601.0)


def test_what_a_person_asked_for_leaves_under_a_pause() -> None:
    flights, breaker = planned(A, is_asked=True)
    breaker.pause("pts/3", 0.4)
    assert flights.may_leave(A, 0.5)


def test_none_is_planned_while_two_wait() -> None:
    """What waits is chosen already: a person who presses a key would wait behind all of it."""
    flights, _breaker = planned(A, B, C)
    for ref in (A, B):
        flights.ready(ref, 0.9)
    assert flights.plan_at(0.9) is None
    flights.leave(A, 0.9)
    assert flights.plan_at(0.9) is not None


def test_below_one_a_second_one_is_in_flight() -> None:
    """A connection made ten seconds early may be closed by then."""
    flights, _breaker = planned(A, rate=0.5)
    flights.leave(A, 0.0)
    assert flights.plan_at(100.0) is None
    assert _sent_at(flights, 100.0) == 0.0
    assert flights.plan_at(100.0) is not None


def test_check_that_could_not_leave_costs_its_slot() -> None:
    """A server that refuses would otherwise be tried as fast as it can refuse."""
    flights, _breaker = planned(A)
    assert _sent_at(flights, 5.0) == 0.0
    assert flights.plan_at(5.0) == pytest.approx(5.1001)


def test_each_check_that_left_is_in_flight_until_it_is_answered_or_withheld() -> None:
    """flights law 3: a figure that does not add up is worth nothing in a ticket."""
    flights, _breaker = planned(A, B, C)
    for ref in (A, B):
        flights.ready(ref, 0.1)
        flights.leave(ref, 0.2, late_s=-0.5)
    assert flights.sent == 2
    assert flights.oldest_sent_s(1.2) == pytest.approx(1.0)
    landed, dropped = flights.land(A, 1.0), flights.drop(B)
    assert landed is not None
    assert dropped is not None
    assert landed.departure is not None
    assert landed.departure.late_s == 0.0
    assert (flights.sent, flights.oldest_sent_s(1.2)) == (0, 0.0)


def test_check_that_is_sent_again_is_one_check_and_two_departures() -> None:
    """The service counts requests; a person counts checks."""
    statistics = Statistics(0.0)
    flights = Flights(CircuitBreaker(Random(1)), RateLimit(10), statistics)
    flights.plan(A, 0.0)
    for now in (1.0, 2.0):
        flights.ready(A, now)
        flights.leave(A, now)
    assert statistics.rate(2.0) == pytest.approx(1.0)
    landed = flights.land(A, 3.0)
    assert landed is not None
    assert landed.departure is not None
    assert (landed.departure.at, landed.sent_at) == (1.0, 2.0)


def test_silence_counts_from_the_second_unanswered_check_on() -> None:
    """One lost answer is common; two in a row are worth saying long before the program calls it offline."""
    flights, breaker = planned(A, B, C)
    flights.leave(A, 1.0)
    flights.leave(B, 2.0)
    assert flights.silent_since(4.9) is None
    assert flights.silent_since(5.0) == 1.0
    breaker.unanswered(trouble_of(no_answer(), WALL), 1.0, 4.0)
    flights.land(A, 4.0)
    flights.land(B, 4.0)
    assert flights.silent_since(5.0) is None
    breaker.unanswered(trouble_of(no_answer(), WALL), 2.0, 5.0)
    assert flights.silent_since(5.0) == 1.0


def test_an_answer_ends_the_silence_also_of_checks_still_in_flight() -> None:
    """A server that takes five seconds answers all the time."""
    flights, breaker = planned(A, B, C)
    for at, ref in enumerate((A, B, C)):
        flights.leave(ref, float(at))
    breaker.landed(C, observed(), None, 2.0, 5.5)
    flights.land(C, 5.5)
    assert flights.silent_since(6.0) is None
