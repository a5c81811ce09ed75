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
from tiwtui.engine.statistics import ENDS, KEPT, LONGEST, MOST_INTERRUPTIONS, Ledger
from tiwtui.engine.status import Mode
from tiwtui.engine.transitions import finding, trouble_of
from tiwtui.model import Phase, Task, TaskRef, TroubleKind

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
    ledger: Ledger, task: Task, answer: Answer, now: float, *, took_s: float = 0.1, **given: Any
) -> None:
    """Let one check go out and come back."""
    ledger.left(task.ref, given.get("reason", Reason.RESTING), now, WALL + now)
    later = now + took_s
    found = finding(task, answer, WALL + later)
    ledger.answered(task.ref, answer, found, later, WALL + later, was_active=task.phase.is_active)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(["leave", "answer", "withhold"]), st.integers(0, 6))
    )
)
def test_each_check_that_left_is_answered_withheld_or_under_way(steps: list[tuple[int, str, int]]) -> None:
    """Law 3: a figure that does not add up is worth nothing in a ticket."""
    ledger, under_way = Ledger(0.0), set[TaskRef]()
    for at, (number, step, which) in enumerate(steps):
        task, now = make_task(number), float(at)
        if step == "leave" and task.ref not in under_way:
            ledger.left(task.ref, Reason.RESTING, now, WALL)
            under_way.add(task.ref)
        elif step == "withhold":
            ledger.withheld(task.ref)
            under_way.discard(task.ref)
        elif step == "answer":
            answer = ANSWERS[which]
            ledger.answered(task.ref, answer, finding(task, answer, WALL), now, WALL, was_active=True)
            under_way.discard(task.ref)
    assert ledger.left_count == ledger.answered_count + ledger.withheld_count + ledger.under_way
    assert ledger.under_way == len(under_way)
    assert len(ledger.checks) == min(KEPT, ledger.answered_count)


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.floats(0.0, 400.0)), max_size=120))
def test_troubles_add_up_to_the_checks_that_brought_no_news(came: list[tuple[Answer, float]]) -> None:
    """Law 3 again, by kind; what came lately is part of what came in all."""
    ledger, now, expected = Ledger(0.0), 0.0, 0
    for answer, gap_s in came:
        now += gap_s
        task = make_task(phase=Phase.PROCESSING, status="PROCESSING", checked_at=WALL)
        _answer(ledger, task, answer, now)
        expected += finding(task, answer, WALL).task.trouble is not None
    counts = ledger.troubles(now)
    assert sum(count.total for count in counts) == expected
    assert all(0 <= count.recent <= count.total for count in counts)


def test_it_does_not_grow() -> None:
    """Law 1: it runs for weeks."""
    ledger = Ledger(0.0)
    for number in range(3000):
        now = float(number)
        task = make_task(number, phase=Phase.PROCESSING, checked_at=WALL + now - 1)
        _answer(ledger, task, finished(), now)
        ledger.stands(CircuitBreaker(Random(1), paused_by="pts/3" if number % 2 else None), WALL + now)
    delay = ledger.delay()
    assert delay is not None
    assert (len(ledger.checks), len(ledger.interruptions), delay.ends) == (KEPT, MOST_INTERRUPTIONS, ENDS)
    assert ledger.under_way == 0


def test_foreign_text_is_kept_short() -> None:
    """Law 1: an answer may be ten megabytes, and all of it one code."""
    ledger = Ledger(0.0)
    _answer(ledger, make_task(), refused("x" * 10_000), 1.0)
    _answer(ledger, make_task(), observed(request_id="y" * 10_000), 2.0)
    assert [(len(check.code), len(check.request_id)) for check in ledger.checks] == [
        (0, LONGEST),
        (LONGEST, 3),
    ]
    assert len(ledger.troubles(3.0)[0].last_code) == LONGEST


def test_a_check_says_why_it_was_made_how_long_it_took_and_what_came() -> None:
    ledger = Ledger(0.0)
    _answer(ledger, make_task(), observed(), 5.0, took_s=0.25, reason=Reason.SELECTED)
    check = ledger.checks[0]
    assert (check.ref, check.reason, check.left_at) == (make_ref(), Reason.SELECTED, WALL + 5)
    assert check.took_s == pytest.approx(0.25)
    assert (check.phase, check.trouble, check.code) == (Phase.PROCESSING, None, "")
    assert check.request_id.startswith("d290f1ee")


def test_an_answer_about_a_task_that_was_removed_meanwhile_is_counted_too() -> None:
    """The request was sent: the service counts it."""
    ledger = Ledger(0.0)
    for answer in (observed(), no_answer()):
        ledger.left(make_ref(), Reason.HURRIED, 1.0, WALL)
        ledger.answered(make_ref(), answer, None, 2.0, WALL, was_active=False)
    assert [(check.phase, check.trouble) for check in ledger.checks] == [
        (None, TroubleKind.NETWORK),
        (None, None),
    ]


def test_rates_are_of_the_last_ten_seconds_and_the_last_minute() -> None:
    ledger = Ledger(0.0)
    for second in range(120):
        ledger.left(make_ref(second), Reason.RESTING, float(second), WALL)
    for number in range(5):
        ledger.left(make_ref(1000 + number), Reason.HURRIED, 119.0, WALL)
    short, long = ledger.sent_in(10.0, 119.0), ledger.sent_in(60.0, 119.0)
    assert (short[Reason.RESTING], short[Reason.HURRIED]) == (1.0, 0.5)
    assert long[Reason.RESTING] == 1.0
    assert long[Reason.HURRIED] == pytest.approx(5 / 60)


def test_a_program_just_started_counts_the_seconds_it_has_run() -> None:
    """Twenty seconds at ten a second are not three a second over a minute."""
    ledger = Ledger(100.0)
    for number in range(200):
        ledger.left(make_ref(number), Reason.RESTING, 100.0 + number / 10, WALL)
    assert ledger.sent_in(60.0, 120.0)[Reason.RESTING] == pytest.approx(10.0)


def test_what_was_withheld_does_not_count_as_sent() -> None:
    ledger = Ledger(0.0)
    ledger.left(make_ref(), Reason.RESTING, 1.0, WALL)
    ledger.withheld(make_ref())
    assert ledger.sent_in(10.0, 1.0)[Reason.RESTING] == 0
    assert ledger.checks == ()


def test_delay_is_the_window_between_two_looks() -> None:
    """The news of an end is no older than the time since the look before."""
    ledger = Ledger(0.0)
    for window_s in range(1, 101):
        task = make_task(window_s, phase=Phase.PROCESSING, checked_at=WALL + 200 - window_s)
        _answer(ledger, task, finished(), 200.0, took_s=0.0)
    delay = ledger.delay()
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
    ledger = Ledger(0.0)
    _answer(ledger, make_task(**({"phase": Phase.PROCESSING} | given)), answer, 100.0)
    assert ledger.delay() is None, why


def test_stops_are_kept_with_their_beginning_and_end() -> None:
    ledger, trouble = Ledger(0.0), trouble_of(no_answer(), WALL)
    open_way = CircuitBreaker(Random(1))
    offline = CircuitBreaker(Random(1), offline=Stop(trouble, 0.0, 0.0))
    paused = CircuitBreaker(Random(1), paused_by="pts/3")
    for at, breaker in enumerate((open_way, offline, offline, open_way, paused)):
        ledger.stands(breaker, WALL + at)
    told = [(stop.mode, stop.code, stop.began_at, stop.ended_at) for stop in ledger.interruptions]
    assert told == [(Mode.PAUSED, "", WALL + 4, None), (Mode.OFFLINE, "timeout", WALL + 1, WALL + 3)]
