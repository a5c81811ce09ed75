"""Which task is asked when: the watcher's laws over simulated hours."""

import gc
import sys
from collections.abc import Callable
from itertools import pairwise
from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.simulated import Run, counts, most_in_a_second
from tests.factories import WALL, finished, make_ref, make_task, observed, refused
from tiwtui.api.answers import Answer
from tiwtui.engine.intervals import resting_interval_s
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase, TaskRef


def test_two_hundred_tasks_for_a_minute_keep_the_budget() -> None:
    """Ten checks a second, in every one-second window; all of it goes out, evenly."""
    run = Run()
    run.add(*(make_ref(number) for number in range(200)))
    run.until(60.0)
    assert most_in_a_second(run.times()) == 10
    assert len(run.sent) == pytest.approx(600, abs=2)
    assert run.most_in_flight <= 20


def test_settled_tasks_are_never_checked_again() -> None:
    """Every check of one would be taken from the others."""
    run = Run(answer=lambda ref, at: finished())
    refs = [make_ref(number) for number in range(20)]
    run.add(*refs)
    run.until(3600.0)
    assert counts(run) == dict.fromkeys(refs, 1)
    assert all(run.watcher.has_settled(ref) for ref in refs)


def test_settled_task_is_checked_when_a_person_asks() -> None:
    run = Run(answer=lambda ref, at: finished())
    run.add(make_ref())
    run.until(10.0)
    run.watcher.check_now([make_ref()], run.now)
    run.until(20.0)
    assert len(run.sent) == 2


@pytest.mark.parametrize(("queued_s", "most"), [(0.0, 115), (1800.0, 165), (600.0, 165), (3000.0, 165)])
def test_lone_task_of_one_hour_costs_few_checks(queued_s: float, most: int) -> None:
    """A loop that asks every five seconds takes 720; this sees the end at most a minute late."""

    def answer(ref: TaskRef, at: float) -> Answer:
        return finished() if at >= 3600 else observed("PROCESSING" if at >= queued_s else "QUEUED")

    run = Run(answer=answer)
    run.add(make_ref())
    run.until(4000.0)
    assert run.phase(make_ref()) is Phase.READY
    assert len(run.sent) <= most
    assert run.times()[-1] - 3600 <= 60 + run.latency_s


@pytest.mark.parametrize("shape", ["exponential", "lognormal", "half young, half old"])
def test_thousand_tasks_are_seen_about_as_soon_as_an_even_sweep_would(shape: str) -> None:
    """Mean delay from finished to seen, at 10 checks a second: at most 1.1 × 1000 ÷ 20 s."""
    random = Random(shape)
    lifetimes: Callable[[], float] = {
        "exponential": lambda: random.expovariate(1 / 3600),
        "lognormal": lambda: random.lognormvariate(7.5, 1.0),
        "half young, half old": lambda: random.choice((random.uniform(0, 600), random.uniform(0, 80_000))),
    }[shape]
    ends: dict[TaskRef, float] = {}
    seen: dict[TaskRef, float] = {}
    run = Run(answer=lambda ref, at: finished() if at >= ends[ref] else observed())
    fresh = iter(range(10**6))

    def start() -> None:
        """Keep a thousand active: each that is seen to end makes room for one that began just now."""
        for ref in run.watcher.take_changes():
            if run.phase(ref) is Phase.READY and ref not in seen:
                seen[ref] = run.now
                begin(0.0)

    def begin(age_s: float) -> None:
        ref = make_ref(next(fresh))
        task = make_task(
            ref.task_id, phase=Phase.PROCESSING, phase_since=run.wall - age_s, added_at=run.wall - age_s
        )
        ends[ref] = run.now + max(0.1, lifetimes() - age_s)
        run.watcher.load((task,), run.now, run.wall)

    for _ in range(1000):
        begin(random.uniform(0, 3600))
    run.until(1800.0, start)
    delays = [seen[ref] - max(ends[ref], 300) for ref in seen if ends[ref] > 300]
    assert len(delays) > 100
    assert mean(delays) <= 1.1 * 1000 / 20
    assert most_in_a_second(run.times()) <= 10


@pytest.mark.parametrize("attended", [0, 40])
def test_no_active_task_waits_beyond_its_bound(attended: int) -> None:
    """watcher law 2: own interval + 1.25 × active ÷ rate, however many tasks a person looks at."""
    run = Run(latency_s=0.02)
    refs = [make_ref(number) for number in range(600)]
    random = Random(3)
    tasks = [
        make_task(ref.task_id, phase=Phase.PROCESSING, phase_since=WALL - random.uniform(0, 7200))
        for ref in refs
    ]
    run.watcher.load(tasks, run.now, run.wall)
    run.watcher.attend(refs[0] if attended else None, refs[:attended], run.now)
    run.until(900.0)
    began = {task.ref: WALL - (task.phase_since or 0) for task in tasks}
    for ref in refs:
        times = [0.0, *run.times(ref)]
        for earlier, later in pairwise(times):
            bound = resting_interval_s(earlier + began[ref]) + 1.25 * len(refs) / 10
            assert later - earlier <= bound + 0.1
    assert most_in_a_second(run.times()) <= 10


def test_attended_tasks_get_at_most_one_slot_in_five_while_others_are_overdue() -> None:
    """scheduler law 3."""
    run = Run(latency_s=0.02)
    refs = [make_ref(number) for number in range(1000)]
    run.watcher.load([make_task(ref.task_id, phase=Phase.QUEUED) for ref in refs], run.now, run.wall)
    run.watcher.attend(refs[0], refs[:40], run.now)
    run.until(60.0)
    taken = sum(counts(run)[ref] for ref in refs[:40])
    assert 60 < taken - 40 <= len(run.sent) / 5


def test_attended_tasks_are_fresh_while_nothing_else_is_overdue() -> None:
    """scheduler law 2: the selected one every two seconds, the others on the screen every five."""
    run = Run()
    refs = [make_ref(number) for number in range(20)]
    old = [make_task(ref.task_id, phase=Phase.PROCESSING, phase_since=WALL - 4000) for ref in refs]
    run.watcher.load(old, run.now, run.wall)
    run.until(5.0)
    run.watcher.attend(refs[0], refs[:10], run.now)
    before = counts(run)
    run.until(65.0)
    asked = counts(run)
    assert 27 <= asked[refs[0]] - before[refs[0]] <= 31
    assert 11 <= asked[refs[5]] - before[refs[5]] <= 13
    assert asked[refs[15]] - before[refs[15]] <= 2


def test_what_is_no_longer_looked_at_rests_again() -> None:
    run = Run()
    run.watcher.load([make_task(phase=Phase.PROCESSING, phase_since=WALL - 4000)], run.now, run.wall)
    run.watcher.attend(make_ref(), (), run.now)
    run.until(20.0)
    run.watcher.attend(None, (), run.now)
    before = len(run.sent)
    run.until(70.0)
    assert len(run.sent) - before <= 2


def test_new_task_is_asked_about_at_once_beside_a_thousand_that_wait() -> None:
    """A person who pastes an id waits for its row."""
    run = Run()
    run.watcher.load([make_task(number, phase=Phase.QUEUED) for number in range(1000)], run.now, run.wall)
    run.until(30.0)
    run.add(make_ref("new"))
    run.until(32.0)
    assert run.times(make_ref("new"))


def test_task_that_changed_nothing_for_a_day_is_asked_every_ten_minutes() -> None:
    """scheduler law 1."""
    run = Run(answer=lambda ref, at: observed("QUEUED"))
    run.watcher.load([make_task(phase=Phase.QUEUED, phase_since=WALL - 90_000)], run.now, run.wall)
    run.until(6000.0)
    assert 10 <= len(run.sent) <= 11


def test_empty_task_is_asked_again_after_ten_sixty_and_three_hundred_seconds() -> None:
    """Its list may be filled after its status; then it settles."""
    run = Run(answer=lambda ref, at: observed("FINISHED"), latency_s=0.0)
    run.add(make_ref())
    run.until(1000.0)
    assert [round(at) for at in run.times()] == [0, 10, 60, 300]
    assert run.watcher.has_settled(make_ref())


def test_empty_task_whose_list_is_filled_later_becomes_ready() -> None:
    run = Run(answer=lambda ref, at: finished() if at > 30 else observed("FINISHED"))
    run.add(make_ref())
    run.until(1000.0)
    assert run.phase(make_ref()) is Phase.READY
    assert len(run.sent) == 3


def test_task_the_service_does_not_know_settles_after_a_minute() -> None:
    run = Run(answer=lambda ref, at: refused("InvalidParameter.TaskNotFound"))
    run.add(make_ref())
    run.until(59.0)
    assert run.phase(make_ref()) is Phase.NEW
    run.until(300.0)
    assert run.phase(make_ref()) is Phase.NOT_FOUND
    assert run.times()[-1] < 66
    assert run.watcher.has_settled(make_ref())


def test_unknown_task_is_asked_again_after_five_and_thirty_minutes_and_two_hours() -> None:
    """An id can be pasted before the service knows it everywhere; three checks cost nothing."""
    run = Run(answer=lambda ref, at: refused("InvalidParameter.TaskNotFound"), latency_s=0.0)
    run.add(make_ref())
    run.until(70.0)
    settled, sent = run.times()[-1], len(run.sent)
    for age_s in (300.0, 1800.0, 7200.0):
        run.until(settled + age_s - 0.5)
        assert len(run.sent) == sent
        assert run.watcher.has_settled(make_ref()), "nobody waits for it"
        run.until(settled + age_s + 0.5)
        sent += 1
        assert len(run.sent) == sent
    run.until(100_000.0)
    assert len(run.sent) == sent


def test_unknown_task_that_becomes_known_is_watched_again() -> None:
    run = Run(answer=lambda ref, at: observed() if at > 200 else refused("InvalidParameter.TaskNotFound"))
    run.add(make_ref())
    run.until(200.0)
    assert run.phase(make_ref()) is Phase.NOT_FOUND
    run.until(400.0)
    assert run.phase(make_ref()) is Phase.PROCESSING
    assert not run.watcher.has_settled(make_ref())


def test_unknown_task_is_asked_again_also_after_a_restart() -> None:
    """The laptop was shut meanwhile."""
    unknown = make_task(phase=Phase.NOT_FOUND, checked_at=WALL - 600, phase_since=WALL - 1000)
    run = Run(answer=lambda ref, at: refused("InvalidParameter.TaskNotFound"), latency_s=0.0)
    run.watcher.load([unknown], run.now, run.wall)
    assert run.watcher.has_settled(unknown.ref)
    run.until(7000.0)
    assert [round(at) for at in run.times()] == [800, 6200]


def test_choosing_among_a_hundred_thousand_is_a_heap_operation() -> None:
    """scheduler law 4: the steps per check do not grow with active or settled tasks."""
    watcher = Watcher(random=Random(1))
    tasks = [
        make_task(number, phase=Phase.PROCESSING if number % 10 == 0 else Phase.READY, checked_at=WALL)
        for number in range(100_000)
    ]
    run = Run(watcher=watcher)
    watcher.load(tasks, run.now, run.wall)
    assert watcher.active == 10_000
    loaded = watcher.scheduler.steps
    run.until(60.0)
    assert watcher.scheduler.steps - loaded <= 4 * len(run.sent)


def _calls_to_take_up_one(active: int) -> tuple[int, int]:
    """Return the heap operations and the calls that it takes to take up one task beside so many."""
    watcher = Watcher(random=Random(1))
    known = [make_task(number, phase=Phase.PROCESSING, checked_at=WALL + number) for number in range(active)]
    watcher.load(known, 0.0, WALL)
    calls, steps = 0, watcher.steps

    def count(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    # A collection calls what is registered for it.
    gc.disable()
    sys.setprofile(count)
    try:
        watcher.load([make_task("restored", phase=Phase.PROCESSING, checked_at=WALL)], 0.0, WALL)
        watcher.add(make_ref("new"), None, 0.0, WALL)
    finally:
        sys.setprofile(before)
        gc.enable()
    return watcher.steps - steps, calls


def test_adding_to_ten_thousand_active_tasks_costs_what_adding_to_ten_does() -> None:
    """watcher law 5, task_set law 2: a piped log adds tasks one by one, which must not be quadratic."""
    few, many = _calls_to_take_up_one(10), _calls_to_take_up_one(10_000)
    assert many == few
    assert few[0] <= 6


def test_answer_for_a_removed_task_is_dropped() -> None:
    watcher = Watcher()
    watcher.add(make_ref(), None, 0.0, WALL)
    assert watcher.due(0.0) == make_ref()
    watcher.remove(make_ref())
    assert watcher.complete(make_ref(), finished(), 1.0, WALL) is None
    assert not watcher.tasks


def test_task_removed_and_added_again_in_flight_is_not_asked_twice_at_once() -> None:
    watcher = Watcher()
    watcher.add(make_ref(), None, 0.0, WALL)
    watcher.due(0.0)
    watcher.remove(make_ref())
    watcher.add(make_ref(), None, 0.5, WALL)
    assert watcher.due(10.0) is None
    watcher.complete(make_ref(), finished(), 11.0, WALL)
    assert watcher.tasks[make_ref()].phase is Phase.READY


def test_usual_time_in_processing_is_known_once_ten_tasks_have_ended() -> None:
    """The median of the last fifty; before, it would be an anecdote."""
    run = Run(answer=lambda ref, at: finished() if at >= 100 else observed())
    run.add(*(make_ref(number) for number in range(9)))
    run.until(200.0)
    assert run.watcher.processing_times.typical_s() is None
    run.answer = lambda ref, at: finished() if at >= 300 else observed()
    run.add(make_ref(9))
    run.until(400.0)
    usual = run.watcher.processing_times.typical_s()
    assert usual is not None
    assert 95 <= usual <= 110


OPERATION = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 8)),
    st.tuples(st.just("remove"), st.integers(0, 8)),
    st.tuples(st.just("check_now"), st.integers(0, 8)),
    st.tuples(st.just("attend"), st.integers(0, 8)),
    st.tuples(st.just("pause"), st.just(0)),
    st.tuples(st.just("resume"), st.just(0)),
    st.tuples(st.just("budget"), st.integers(1, 18)),
    st.tuples(st.just("wait"), st.integers(1, 700)),
)
CODES = (
    "FINISHED",
    "PROCESSING",
    "FailedOperation.Record",
    "InvalidParameter.TaskNotFound",
    "InternalError",
    "RequestLimitExceeded",
    "AuthFailure.SignatureFailure",
    "AuthFailure.SignatureExpire",
    "UnauthorizedOperation",
    "UnauthorizedOperation.SdkAppId",
    "UnsupportedRegion",
    "silence",
)


@given(st.lists(OPERATION, max_size=25), st.randoms(use_true_random=False))
def test_no_sequence_of_events_makes_the_driver_spin_or_ask_twice(
    operations: list[tuple[str, int]], random: Random
) -> None:
    """watcher law 4: `Run` asserts both at every step, whatever the service answers."""
    from tests.factories import no_answer

    def answer(ref: TaskRef, at: float) -> Answer:
        code = random.choice(CODES)
        if code == "silence":
            return no_answer()
        return observed(code) if code.isupper() else refused(code)

    run = Run(answer=answer, latency_s=0.3)
    for name, number in operations:
        ref = make_ref(number, app=1 + number % 2)
        watcher = run.watcher
        match name:
            case "add":
                run.add(ref)
            case "remove":
                watcher.remove(ref)
            case "check_now":
                watcher.check_now([ref], run.now)
            case "attend":
                watcher.attend(ref, [ref, make_ref(1, app=2)], run.now)
            case "pause":
                watcher.pause("pts/1", run.now)
            case "resume":
                watcher.resume(run.now)
            case "budget":
                watcher.rate_limit.set_budget(number)
            case "wait":
                run.until(run.now + number)
    run.until(run.now + 30)
    assert most_in_a_second(run.times()) <= 18
