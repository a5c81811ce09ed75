"""One look at the engine as a whole: what is asked for, what is late, and what a look costs."""

from random import Random

import pytest

from tests.factories import WALL, finished, make_ref, make_task, observed, refused
from tiwtui.coordination.peers import Sharers
from tiwtui.diagnostics import REFRESH_S, Diagnostics, Survey, demand
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase, Task

HERE = Sharers("pts/3", is_here=True)


def _processing(number: int, in_phase_s: float) -> Task:
    since = WALL - in_phase_s
    return make_task(number, phase=Phase.PROCESSING, added_at=since, phase_since=since, checked_at=WALL)


def _watching(*tasks: Task) -> Watcher:
    watcher = Watcher(random=Random(1))
    watcher.load(tasks, 0.0, WALL)
    return watcher


def _look(survey: Survey, watcher: Watcher, now: float) -> Diagnostics:
    return survey.look(watcher.status(now, WALL + now), HERE, None, now, WALL + now)


def test_wanted_is_what_the_intervals_of_the_active_tasks_ask_for() -> None:
    """Compared with what is sent, it shows whether the budget is enough."""
    watcher = _watching(
        *(_processing(number, 10.0) for number in range(10)),  # each 5 s
        *(_processing(number, 3600.0) for number in range(10, 16)),  # each 60 s
        _processing(16, 30 * 3600.0),  # each 600 s
        make_task(17, phase=Phase.READY, checked_at=WALL),
    )
    watcher.attend(make_ref(0), [make_ref(0), make_ref(1), make_ref(17)], 0.0)
    wanted = demand(watcher, 0.0, WALL).wanted
    assert wanted[Reason.SELECTED] == pytest.approx(1 / 2)
    assert wanted[Reason.ON_SCREEN] == pytest.approx(1 / 5)
    assert wanted[Reason.RESTING] == pytest.approx(8 / 5 + 6 / 60 + 1 / 600)


def test_law_1_a_sample_of_many_tasks_stands_for_all() -> None:
    """A look must not stop the screen, however many tasks there are."""
    watcher = _watching(*(_processing(number, 10.0) for number in range(1000)))
    whole, sampled = demand(watcher, 100.0, WALL), demand(watcher, 100.0, WALL, most=100)
    assert sampled.wanted[Reason.RESTING] == pytest.approx(whole.wanted[Reason.RESTING], rel=0.02)
    assert sampled.due == pytest.approx(1000, rel=0.02)


def test_what_a_person_looks_at_is_counted_whole_also_in_a_sample() -> None:
    watcher = _watching(*(_processing(number, 10.0) for number in range(200)))
    watcher.attend(make_ref(0), map(make_ref, range(1, 8)), 0.0)
    sampled = demand(watcher, 0.0, WALL, most=10).wanted
    assert sampled[Reason.SELECTED] == pytest.approx(1 / 2)
    assert sampled[Reason.ON_SCREEN] == pytest.approx(7 / 5)


def test_law_1_tasks_are_gone_through_once_in_five_seconds_at_most() -> None:
    watcher = _watching(_processing(1, 10.0))
    survey = Survey(watcher)
    assert _look(survey, watcher, 0.0).rates[-1].wanted == pytest.approx(0.2)
    watcher.remove(make_ref(1))
    assert _look(survey, watcher, REFRESH_S - 0.1).rates[-1].wanted == pytest.approx(0.2)
    assert _look(survey, watcher, REFRESH_S).rates[-1].wanted == 0.0


def test_due_tasks_and_late_tasks_are_counted_separately() -> None:
    watcher = _watching(*(_processing(number, 10.0) for number in range(80)))
    limit = watcher.longest_wait_s(5.0)
    assert limit == pytest.approx(1.25 * 80 / 10)
    found = demand(watcher, 5.5, WALL)
    assert (found.due, found.over_bound) == (80, 0)
    found = demand(watcher, 5.5 + limit, WALL)
    assert (found.due, found.over_bound) == (80, 80)


def test_the_longest_wait_is_reported_every_time() -> None:
    watcher = _watching(_processing(1, 10.0))
    survey = Survey(watcher)
    assert _look(survey, watcher, 4.0).load.longest_overdue_s == 0.0
    assert _look(survey, watcher, 7.0).load.longest_overdue_s == pytest.approx(2.0)


def test_a_task_in_trouble_is_backing_off_and_wants_nothing() -> None:
    watcher = _watching(_processing(1, 10.0))
    ref = watcher.due(10.0)
    assert ref is not None
    watcher.complete(ref, refused("InternalError"), 10.1, WALL + 10.1)
    found = demand(watcher, 10.2, WALL + 10.2)
    assert (found.backing_off, found.wanted[Reason.RESTING]) == (1, 0.0)


@pytest.mark.parametrize("reason", list(Reason))
def test_each_check_knows_why_it_was_chosen(reason: Reason) -> None:
    """The strongest reason counts: a task asked for by hand is that, wherever it stands."""
    watcher, ref = _watching(_processing(1, 10.0)), make_ref(1)
    if reason is Reason.SELECTED:
        watcher.attend(ref, [ref], 0.0)
    elif reason is Reason.ON_SCREEN:
        watcher.attend(None, [ref], 0.0)
    elif reason is Reason.MANUAL:
        watcher.attend(ref, [ref], 0.0)
        watcher.check_now([ref], 0.0)
    assert watcher.due(20.0) == ref
    assert watcher.scheduler.chosen_for is reason


def test_a_task_just_added_is_checked_because_a_person_wants_it() -> None:
    watcher = Watcher(random=Random(1))
    watcher.add(make_ref(), None, 0.0, WALL)
    assert watcher.due(0.0) == make_ref()
    assert watcher.scheduler.chosen_for is Reason.MANUAL


def test_a_look_holds_what_the_statistics_and_the_engine_know() -> None:
    watcher = _watching(_processing(1, 10.0), _processing(2, 10.0))
    for ref, answer in ((make_ref(1), finished()), (make_ref(2), observed())):
        watcher.flights.plan(ref, 8.5)
        watcher.flights.leave(ref, 9.0, late_s=0.25)
        watcher.complete(ref, answer, 10.0, WALL + 10)
    watcher.flights.plan(make_ref(2), 11.0)
    watcher.flights.leave(make_ref(2), 11.0)
    result = _look(Survey(watcher), watcher, 12.0)
    assert (result.left, result.answered, result.load.under_way) == (3, 2, 1)
    assert (result.load.active, result.load.late_s, result.load.oldest_under_way_s) == (1, 0.25, 1.0)
    assert [check.phase for check in result.checks] == [Phase.PROCESSING, Phase.READY]
    assert result.delay is not None
    assert result.delay.median_s == pytest.approx(10.0)
