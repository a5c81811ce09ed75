"""How far ahead of its slot a check is planned."""

import pytest

from tiwtui.engine.plan_ahead import PlanAhead
from tiwtui.engine.rate_limit import RateLimit


def test_checks_are_planned_ahead_by_the_longest_of_the_last_preparations() -> None:
    """plan_ahead law 1: one more than fits would only wait, and one less would cost a slot."""
    rate_limit = RateLimit(10)
    plan_ahead = PlanAhead(rate_limit)
    for seconds in (0.25, 0.02):
        plan_ahead.prepared(seconds)
    plan_ahead.planned(0.0)
    rate_limit.spend(0.0)
    planned = [plan_ahead.plan_at(0.0, ahead, waiting=1) for ahead in range(4)]
    assert planned[:3] == pytest.approx([-0.1499, -0.0498, 0.0503])
    assert planned[3] is None
    for _check in range(32):
        plan_ahead.prepared(0.02)
    assert plan_ahead.plan_at(0.0, 0, waiting=0) == pytest.approx(0.0801)


def test_connection_that_failed_costs_a_slot_and_ends_the_planning_ahead() -> None:
    """plan_ahead law 3."""
    rate_limit = RateLimit(10)
    plan_ahead = PlanAhead(rate_limit)
    plan_ahead.prepared(0.6)
    plan_ahead.planned(0.0)
    plan_ahead.failed(5.0)
    assert plan_ahead.plan_at(5.0, 0, waiting=0) == pytest.approx(5.1001)
    assert plan_ahead.plan_at(5.0, 3, waiting=1) is None


def test_preparation_counts_for_at_most_a_second() -> None:
    """One connection that took five seconds must not plan fifty checks ahead."""
    rate_limit = RateLimit(10)
    plan_ahead = PlanAhead(rate_limit)
    rate_limit.spend(0.0)
    plan_ahead.prepared(5.0)
    assert plan_ahead.plan_at(0.0, 0, waiting=1) == pytest.approx(0.1001 - 1.0)
    assert plan_ahead.plan_at(0.0, 0, waiting=2) is None


def test_plan_counts_from_the_later_of_the_last_plan_and_the_last_departure() -> None:
    """A check that left late moves the next plan too."""
    rate_limit = RateLimit(10)
    plan_ahead = PlanAhead(rate_limit)
    plan_ahead.planned(0.0)
    rate_limit.spend(0.08)
    assert plan_ahead.plan_at(0.1, 5, waiting=0) == pytest.approx(0.1801)


def test_clock_that_goes_back_delays_no_plan() -> None:
    """A plan counts from the earlier of the clock and the last plan. See plan_ahead law 2."""
    plan_ahead = PlanAhead(RateLimit(10))
    plan_ahead.planned(1000.0)
    assert plan_ahead.plan_at(10.0, 9, waiting=0) == pytest.approx(10.1001)


def test_first_check_is_planned_for_the_slot_where_no_preparation_is_known() -> None:
    """Otherwise a check that waits would stop the next one from being planned at all."""
    rate_limit = RateLimit(10)
    rate_limit.spend(0.0)
    assert PlanAhead(rate_limit).plan_at(0.0, 0, waiting=1) == pytest.approx(0.1001)
