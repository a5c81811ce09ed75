"""The budget's laws."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui.budget import HIGHEST, LOWEST, next_step
from tiwtui.engine.rate_limit import RateLimit


def _sends(rate_limit: RateLimit, start: float, end: float, step: float = 0.001) -> list[float]:
    sent, now = [], start
    while now < end:
        if now >= rate_limit.ready_at(now):
            rate_limit.spend(now)
            sent.append(now)
        now = max(now + step, rate_limit.ready_at(now))
    return sent


def _most_in_a_second(sent: list[float]) -> int:
    return max((sum(at <= other < at + 1 for other in sent) for at in sent), default=0)


@given(st.floats(LOWEST, HIGHEST))
def test_no_one_second_window_holds_more_than_the_budget(budget: float) -> None:
    """rate_limit law 1: the service counts any window by arrival: a burst at its edge would be refused."""
    sent = _sends(RateLimit(budget), 0.0, 20.0)
    assert _most_in_a_second(sent) <= math.ceil(budget)
    gaps = [later - earlier for earlier, later in pairwise(sent)]
    assert all(gap >= 1 / budget for gap in gaps)


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans()), max_size=60), st.floats(LOWEST, HIGHEST))
def test_no_history_of_waits_and_refusals_breaks_the_budget(
    steps: list[tuple[float, bool]], budget: float
) -> None:
    """The sender never makes up for slots that it missed."""
    rate_limit, now, sent = RateLimit(budget), 0.0, []
    for wait_s, is_throttled in steps:
        now += wait_s
        if now >= rate_limit.ready_at(now):
            rate_limit.spend(now)
            sent.append(now)
        if is_throttled:
            rate_limit.throttle(now)
        assert LOWEST <= rate_limit.allowed(now) <= rate_limit.budget
    assert _most_in_a_second(sent) <= math.ceil(budget)


def test_what_was_missed_while_asleep_is_not_caught_up() -> None:
    """A laptop that wakes must not spend an hour's budget in a second."""
    rate_limit = RateLimit(10)
    _sends(rate_limit, 0.0, 5.0)
    assert len(_sends(rate_limit, 3600.0, 3601.0)) <= 10


def test_throttling_halves_the_rate_at_most_once_a_second() -> None:
    """rate_limit law 2: twenty answers in flight may all be refused: that is one event."""
    rate_limit = RateLimit(10)
    for _ in range(20):
        rate_limit.throttle(100.0)
    assert rate_limit.allowed(100.0) == 5
    rate_limit.throttle(101.0)
    assert rate_limit.allowed(101.0) == pytest.approx(2.75, abs=0.01)


def test_rate_climbs_back_by_a_twentieth_of_the_budget_a_second() -> None:
    rate_limit = RateLimit(10)
    rate_limit.throttle(0.0)
    assert [rate_limit.allowed(float(now)) for now in (0, 2, 10, 60)] == [5, 6, 10, 10]


def test_rate_does_not_fall_below_one_in_ten_seconds() -> None:
    rate_limit = RateLimit(1)
    for now in range(0, 40, 2):
        rate_limit.throttle(now * 0.5)
    assert rate_limit.allowed(19.0) >= LOWEST


def test_clock_that_goes_back_does_not_stall() -> None:
    """Nothing may be held until the clock has come round again."""
    rate_limit = RateLimit(10)
    rate_limit.spend(1000.0)
    assert rate_limit.ready_at(10.0) < 10.2


def test_send_that_leaves_late_moves_the_next_one() -> None:
    """Planned at 0.0 and held up by a repaint until 0.08: the next leaves a whole gap after that."""
    rate_limit = RateLimit(10)
    rate_limit.spend(0.0)
    rate_limit.spend(0.08)
    assert rate_limit.ready_at(0.15) == pytest.approx(0.1801)


def test_budget_steps_are_one_two_five_ten_fifteen_eighteen() -> None:
    budget, seen = 1.0, [1.0]
    while (budget := next_step(budget, 1)) != seen[-1]:
        seen.append(budget)
    assert seen == [1, 2, 5, 10, 15, 18]
    assert [next_step(18, -1), next_step(7, -1), next_step(7, 1), next_step(0.5, -1)] == [15, 5, 10, 0.5]


def test_slot_is_looked_at_again_every_fifth_of_a_second_while_the_rate_recovers() -> None:
    """The recovering rate opens the slot sooner than was computed; a rate in full force does not change."""
    rate_limit = RateLimit(10)
    assert rate_limit.look_again_at(9.0, 5.0) == 9.0
    rate_limit.throttle(5.0)
    assert rate_limit.look_again_at(9.0, 5.0) == pytest.approx(5.2)
    assert rate_limit.look_again_at(5.1, 5.0) == 5.1


def test_clock_that_goes_back_lowers_no_rate() -> None:
    """The rate counts from the earlier of the clock and the last refusal."""
    rate_limit = RateLimit(10)
    rate_limit.throttle(1000.0)
    assert rate_limit.allowed(10.0) == 5


def test_budget_is_limited_to_a_tenth_and_eighteen_a_second() -> None:
    """The service refuses more than twenty a second for an account."""
    assert [RateLimit(rate).budget for rate in (0.01, 5.0, 99.0)] == [0.1, 5.0, 18.0]


def test_step_from_a_step_is_the_next_one_in_either_direction() -> None:
    """`+` and `-` always change the rate until the last step."""
    assert (next_step(5, 1), next_step(5, -1), next_step(18, 1), next_step(1, -1)) == (10, 2, 18, 1)
