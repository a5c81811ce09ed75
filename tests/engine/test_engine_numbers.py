"""The numbers of checking, each tested just below and just above, as the watcher shows them.

A test that compares with the product's own constant passes whatever the constant is: here the numbers are
literals. `tests/test_numbers.py` lists where each number of the specification is tested.
"""

from itertools import pairwise
from random import Random

import pytest

from tests.engine.simulated import Run
from tests.factories import WALL, make_ref, make_task, no_answer, observed, refused
from tiwtui.api.answers import Answer
from tiwtui.engine.status import Mode
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase

REFS = [make_ref(number) for number in range(60)]
NEVER = 1e6


def _watching_all() -> Watcher:
    watcher = Watcher(random=Random(1))
    for ref in REFS:
        watcher.add(ref, None, 0.0, WALL)
    return watcher


def _answer(watcher: Watcher, answer: Answer, at: float) -> None:
    """Let the check that is due be answered at once."""
    ref = watcher.due(at)
    assert ref is not None
    watcher.complete(ref, answer, at, WALL + at)


def _allowed(watcher: Watcher, now: float) -> float:
    return watcher.status(now, WALL + now).allowed


@pytest.mark.parametrize(
    ("silent_at", "mode"),
    [
        ((0.0, 2.0, 4.0, 6.0, 9.99), Mode.LIVE),
        ((0.0, 2.0, 4.0, 6.0, 10.0), Mode.OFFLINE),
        ((0.0, 3.0, 6.0, 20.0), Mode.LIVE),
        ((0.0, 3.0, 6.0, 20.0, 20.2), Mode.OFFLINE),
    ],
)
def test_offline_is_ten_seconds_without_an_answer_and_five_checks(
    silent_at: tuple[float, ...], mode: Mode
) -> None:
    """Sooner would stop all checks for a moment without network; fewer checks are one task's bad luck."""
    watcher = _watching_all()
    for at in silent_at:
        _answer(watcher, no_answer(), at)
    assert watcher.status(silent_at[-1], WALL).mode is mode


@pytest.mark.parametrize(("rate", "most"), [(0.9, 1), (1.0, 4), (2.0, 4), (3.0, 6), (10.0, 20), (18.0, 36)])
def test_in_flight_are_at_most_four_or_twice_the_rate(rate: float, most: int) -> None:
    """watcher law 1: fewer would delay a slow service; more would pile up on a silent one."""
    run = Run(latency_s=NEVER, watcher=Watcher(budget=rate, random=Random(1)))
    run.add(*REFS)
    run.until(100.0)
    assert run.most_in_flight == most


def test_budget_is_ten_unless_chosen_and_between_a_tenth_and_eighteen() -> None:
    """The service's 20 a second are shared with every other tool of the account."""
    wanted = (0.05, 0.1, 0.2, 17.9, 18.0, 18.1)
    budgets = [Watcher(budget=budget).status(0.0, WALL).budget for budget in wanted]
    assert Watcher().status(0.0, WALL).budget == 10.0
    assert budgets == [0.1, 0.1, 0.2, 17.9, 18.0, 18.0]


@pytest.mark.parametrize(
    ("refused_at", "allowed"),
    [((50.0,), 5.0), ((50.0, 50.99), 5.495), ((50.0, 51.0), 2.75), ((50.0, 50.5, 51.0), 2.75)],
)
def test_throttled_halves_at_most_once_a_second_and_climbs_a_twentieth_a_second(
    refused_at: tuple[float, ...], allowed: float
) -> None:
    """Twenty answers in flight may all be refused: that is one event."""
    watcher = _watching_all()
    for at in refused_at:
        _answer(watcher, refused("RequestLimitExceeded"), at)
    quiet_from = refused_at[-1]
    assert _allowed(watcher, quiet_from) == pytest.approx(allowed, abs=0.06)
    assert _allowed(watcher, quiet_from + 2.0) == pytest.approx(_allowed(watcher, quiet_from) + 1.0)


def _gap_after(in_phase_s: float) -> float:
    """Return how long a lone task waits for its next check, asked when it was so long in its phase."""
    wall = WALL + in_phase_s
    task = make_task(phase=Phase.PROCESSING, status="PROCESSING", checked_at=wall, checks=9)
    watcher = Watcher(random=Random(1))
    watcher.load([task], 0.0, wall)
    wake = watcher.wake_at(0.0)
    assert wake is not None
    return wake


DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("in_phase_s", "gap_s"),
    [
        (0.0, 5.0),
        (99.0, 5.0),
        (102.0, 5.1),
        (400.0, 20.0),
        (1198.0, 59.9),
        (1202.0, 60.0),
        (DAY_S - 1, 60.0),
        (DAY_S, 600.0),
        (9 * DAY_S, 600.0),
    ],
)
def test_resting_task_waits_a_twentieth_of_its_time_in_phase(in_phase_s: float, gap_s: float) -> None:
    """Within 5 and 60 seconds; ten minutes once nothing changed for a day."""
    assert _gap_after(in_phase_s) == pytest.approx(gap_s)


@pytest.mark.parametrize(("is_selected", "gap_s"), [(True, 2.0), (False, 5.0)])
def test_selected_task_is_asked_each_two_seconds_and_one_on_screen_each_five(
    is_selected: bool, gap_s: float
) -> None:
    """What a person looks at is fresh."""
    run = Run(latency_s=0.0)
    run.watcher.load([make_task(phase=Phase.PROCESSING, phase_since=WALL - 4000)], run.now, run.wall)
    run.watcher.attend(make_ref() if is_selected else None, [make_ref()], run.now)
    run.until(60.0)
    gaps = [later - earlier for earlier, later in pairwise(run.times()[1:])]
    assert min(gaps) == pytest.approx(gap_s, abs=0.01)
    assert max(gaps) == pytest.approx(gap_s, abs=0.01)


def test_task_in_trouble_backs_off_to_a_minute_at_most() -> None:
    """Jitter takes up to half of each wait: of very many, the longest comes near the limit."""
    run = Run(answer=lambda ref, at: refused("InternalError"), latency_s=0.0)
    run.add(make_ref())
    run.until(40_000.0)
    waits = [later - earlier for earlier, later in pairwise(run.times())][6:]
    assert 59.0 < max(waits) <= 60.0


def test_probes_while_offline_wait_half_a_minute_at_most() -> None:
    """The header names the next try: nobody waits long for a network that is back."""
    run = Run(answer=lambda ref, at: no_answer(), latency_s=0.0)
    run.add(*REFS[:20])
    run.until(20_000.0)
    waits = [later - earlier for earlier, later in pairwise(run.times())][30:]
    assert 29.0 < max(waits) <= 30.0


@pytest.mark.parametrize(("count", "interval_s"), [(40, 5.0), (41, 5.125), (400, 50.0)])
def test_no_task_is_promised_sooner_than_the_budget_can_serve_all(count: int, interval_s: float) -> None:
    """1.25 × active ÷ rate: the promise that a row's age is judged by."""
    watcher = Watcher()
    watcher.load([make_task(number, phase=Phase.PROCESSING) for number in range(count)], 0.0, WALL)
    assert watcher.interval_s(make_ref(0), 0.0) == pytest.approx(interval_s)


@pytest.mark.parametrize(
    ("code", "wait_s"), [("UnauthorizedOperation", 600.0), ("AuthFailure.SignatureExpire", 30.0)]
)
def test_what_stopped_the_checks_is_probed_by_itself(code: str, wait_s: float) -> None:
    """A right is granted, a clock is set while nobody is there."""
    run = Run(answer=lambda ref, at: refused(code) if at < 1 else observed(), latency_s=0.0)
    run.add(*REFS[:2])
    run.until(wait_s - 0.01)
    assert len(run.sent) == 1
    run.until(wait_s + 0.01)
    assert len(run.sent) == 2


@pytest.mark.parametrize(("count", "mode"), [(1, Mode.LIVE), (2, Mode.STOPPED)])
def test_two_tasks_refused_alike_are_a_wrong_setting(count: int, mode: Mode) -> None:
    """One is an odd id; all that none was ever answered for is the configuration."""
    run = Run(answer=lambda ref, at: refused("InvalidParameter.BodyParameterTypeUnmatched"), latency_s=0.0)
    run.add(*REFS[:count])
    run.until(1.0)
    assert run.watcher.status(run.now, run.wall).mode is mode
