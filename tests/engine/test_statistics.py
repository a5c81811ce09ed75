"""The book of checks: its laws, and what is read from it."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import WALL, finished, make_ref, make_task, no_answer, observed, refused
from tiwtui.api.answers import Answer, Garbled
from tiwtui.engine.circuit_breaker import CircuitBreaker, Stop
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.statistics.totals import ENDS, KEPT, LONGEST, MOST_INTERRUPTIONS, Departure, Statistics
from tiwtui.engine.status import Mode
from tiwtui.engine.transitions import apply_answer, trouble_of
from tiwtui.model import Phase, Task, TroubleKind

ANSWERS: tuple[Answer, ...] = (
    observed(),
    finished(),
    refused("RequestLimitExceeded"),
    refused("AuthFailure.SignatureFailure"),
    refused("InvalidParameter.TaskNotFound"),
    Garbled("$.Response", "expected object"),
    no_answer(),
)


def _answer(
    statistics: Statistics, task: Task, answer: Answer, now: float, *, took_s: float = 0.1, **given: Any
) -> None:
    """Let one check go out and come back."""
    later = now + took_s
    result = apply_answer(task, answer, WALL + later)
    departure = Departure(given.get("reason", Reason.RESTING), now, 0.0)
    statistics.answered(departure, answer, result, task, later, WALL + later)


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.floats(0.0, 400.0)), max_size=120))
def test_troubles_add_up_to_the_checks_that_brought_no_news(came: list[tuple[Answer, float]]) -> None:
    """totals law 2, by kind of trouble; recent troubles are part of all."""
    statistics, now, expected = Statistics(0.0), 0.0, 0
    for answer, gap_s in came:
        now += gap_s
        task = make_task(phase=Phase.PROCESSING, status="PROCESSING", checked_at=WALL)
        _answer(statistics, task, answer, now)
        expected += apply_answer(task, answer, WALL).task.trouble is not None
    counts = statistics.troubles(now)
    assert sum(count.total for count in counts) == expected
    assert all(0 <= count.recent <= count.total for count in counts)


def test_it_does_not_grow() -> None:
    """totals law 1: it runs for weeks."""
    statistics = Statistics(0.0)
    for number in range(3000):
        now = float(number)
        task = make_task(number, phase=Phase.PROCESSING, checked_at=WALL + now - 1)
        _answer(statistics, task, finished(), now)
        statistics.note_mode(CircuitBreaker(Random(1), paused_by="pts/3" if number % 2 else None), WALL + now)
    delay = statistics.delay()
    assert delay is not None
    assert (len(statistics.checks), len(statistics.interruptions), delay.ends) == (
        KEPT,
        MOST_INTERRUPTIONS,
        ENDS,
    )


def test_foreign_text_is_shortened() -> None:
    """Law 1: an answer may be ten megabytes, and all of it one code."""
    statistics = Statistics(0.0)
    _answer(statistics, make_task(), refused("x" * 10_000), 1.0)
    _answer(statistics, make_task(), observed(request_id="y" * 10_000), 2.0)
    assert [(len(check.code), len(check.request_id)) for check in statistics.checks] == [
        (0, LONGEST),
        (LONGEST, 3),
    ]
    assert len(statistics.troubles(3.0)[0].last_code) == LONGEST


def test_a_check_says_why_it_was_made_how_long_it_took_and_what_came() -> None:
    """totals law 3."""
    statistics = Statistics(0.0)
    _answer(statistics, make_task(), observed(), 5.0, took_s=0.25, reason=Reason.SELECTED)
    check = statistics.checks[0]
    assert (check.ref, check.reason, check.left_at) == (make_ref(), Reason.SELECTED, WALL + 5)
    assert check.took_s == pytest.approx(0.25)
    assert (check.phase, check.trouble, check.code) == (Phase.PROCESSING, None, "")
    assert check.request_id.startswith("d290f1ee")


def test_an_answer_about_a_task_that_was_removed_meanwhile_is_counted_too() -> None:
    """The request was sent: the service counts it."""
    statistics = Statistics(0.0)
    for answer in (observed(), no_answer()):
        result = apply_answer(make_task(), answer, WALL)
        statistics.answered(Departure(Reason.MANUAL, 1.0, 0.0), answer, result, None, 2.0, WALL)
    assert [(check.phase, check.trouble) for check in statistics.checks] == [
        (None, TroubleKind.NETWORK),
        (None, None),
    ]


def test_rates_are_of_the_last_ten_seconds_and_the_last_minute() -> None:
    statistics = Statistics(0.0)
    for second in range(120):
        statistics.departed(Reason.RESTING, float(second))
    for _number in range(5):
        statistics.departed(Reason.MANUAL, 119.0)
    short, long = statistics.rates(10.0, 119.0), statistics.rates(60.0, 119.0)
    assert (short[Reason.RESTING], short[Reason.MANUAL]) == (1.0, 0.5)
    assert long[Reason.RESTING] == 1.0
    assert long[Reason.MANUAL] == pytest.approx(5 / 60)


def test_a_program_just_started_counts_the_seconds_it_has_run() -> None:
    """Twenty seconds at ten a second are not three a second over a minute."""
    statistics = Statistics(100.0)
    for number in range(200):
        statistics.departed(Reason.RESTING, 100.0 + number / 10)
    assert statistics.rates(60.0, 120.0)[Reason.RESTING] == pytest.approx(10.0)


def test_measured_rate_is_that_of_the_last_ten_seconds() -> None:
    """The header shows it beside the rate that is allowed."""
    statistics = Statistics(-1.0)
    for number in range(100):
        statistics.departed(Reason.RESTING, number / 10)
    assert statistics.rate(9.95) == pytest.approx(10.0)
    assert statistics.rate(10.0) == pytest.approx(9.9)
    assert statistics.rate(25.0) == 0


def test_rate_begins_again_when_the_conditions_change() -> None:
    """After `-` a header that still says 9.8/1 would look like a broken limit."""
    statistics = Statistics(0.0)
    for number in range(100):
        statistics.departed(Reason.RESTING, number / 10)
    statistics.begin_rate(10.0)
    assert statistics.rate(10.5) == 0
    for number in range(3):
        statistics.departed(Reason.RESTING, 10.5 + number)
    assert statistics.rate(13.0) == pytest.approx(1.0)


def test_throttled_checks_count_as_recent_for_five_minutes() -> None:
    """A burst in the morning is no news in the afternoon."""
    statistics = Statistics(0.0)
    for now in (0.0, 100.0, 100.5):
        _answer(statistics, make_task(), refused("RequestLimitExceeded"), now, took_s=0.0)
    counts = [statistics.throttled_lately(now) for now in (101.0, 299.0, 300.0, 399.0, 401.0)]
    assert counts == [3, 3, 2, 2, 0]


def test_delay_is_the_window_between_two_looks() -> None:
    """The news of an end is no older than the time since the look before."""
    statistics = Statistics(0.0)
    for window_s in range(1, 101):
        task = make_task(window_s, phase=Phase.PROCESSING, checked_at=WALL + 200 - window_s)
        _answer(statistics, task, finished(), 200.0, took_s=0.0)
    delay = statistics.delay()
    assert delay is not None
    assert (delay.ends, delay.median_s, delay.p95_s) == (100, 50.5, 95.0)


@pytest.mark.parametrize(
    ("given", "answer", "why"),
    [
        ({"checked_at": WALL - 3600}, finished(), "it ended while nobody watched"),
        ({"checked_at": WALL + 900}, finished(), "the clock was set back"),
        ({"phase": Phase.EMPTY, "checked_at": WALL + 90}, finished(), "it had ended before"),
        ({"phase": Phase.NEW, "checked_at": None}, finished(), "it was never seen active"),
        ({"checked_at": WALL + 90}, observed(), "it has not ended"),
    ],
)
def test_only_ends_that_were_watched_tell_the_delay(given: dict[str, Any], answer: Answer, why: str) -> None:
    """A night without tiwtui would else be its slowest find."""
    statistics = Statistics(0.0)
    _answer(statistics, make_task(**({"phase": Phase.PROCESSING} | given)), answer, 100.0)
    assert statistics.delay() is None, why


def test_stops_are_recorded_with_their_start_and_end() -> None:
    statistics, trouble = Statistics(0.0), trouble_of(no_answer(), WALL)
    open_way = CircuitBreaker(Random(1))
    offline = CircuitBreaker(Random(1), offline=Stop(trouble, 0.0, 0.0))
    paused = CircuitBreaker(Random(1), paused_by="pts/3")
    for at, breaker in enumerate((open_way, offline, offline, open_way, paused)):
        statistics.note_mode(breaker, WALL + at)
    found = [(stop.mode, stop.code, stop.began_at, stop.ended_at) for stop in statistics.interruptions]
    assert found == [(Mode.PAUSED, "", WALL + 4, None), (Mode.OFFLINE, "timeout", WALL + 1, WALL + 3)]
