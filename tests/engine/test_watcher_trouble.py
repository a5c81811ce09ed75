"""Trouble that passes: one task backs off, the rate falls, the network is gone, clocks jump."""

from itertools import pairwise

import pytest

from tests.engine.simulated import Run, counts
from tests.factories import finished, make_ref, no_answer, observed, refused
from tiwtui.api.answers import Answer, Garbled
from tiwtui.engine.status import Mode
from tiwtui.model import Phase, TaskRef, TroubleKind

A, B = make_ref("a"), make_ref("b")
OTHER_APP = make_ref("c", app=2)


def _mode(run: Run) -> Mode:
    return run.watcher.status(run.now, run.wall).mode


@pytest.mark.parametrize(
    "bad", [refused("InternalError"), refused("NobodyKnows"), Garbled("$", "not JSON"), refused("http_502")]
)
def test_transient_trouble_backs_off_one_task_and_leaves_the_others(bad: Answer) -> None:
    """watcher law 3: doubling to a minute, for ever; the trouble ends with the first good answer."""
    run = Run(answer=lambda ref, at: bad if ref == A and at < 600 else observed())
    run.add(A, B)
    run.until(600.0)
    waits = [later - earlier for earlier, later in pairwise(run.times(A))]
    assert 2.5 <= waits[0] <= 5.2
    assert all(30 <= wait <= 60.2 for wait in waits[4:])
    assert counts(run)[B] > 40
    assert run.watcher.tasks[A].trouble is not None
    run.until(700.0)
    assert run.watcher.tasks[A].trouble is None


def test_task_in_trouble_is_not_asked_more_often_for_being_looked_at() -> None:
    """Looking at it would hammer a service that has trouble already."""
    run = Run(answer=lambda ref, at: refused("InternalError"))
    run.add(A)
    run.watcher.attend(A, [A], run.now)
    run.until(600.0)
    assert len(run.sent) < 20


def test_throttling_halves_the_rate_and_it_climbs_back() -> None:
    """Programs that share an account settle beside each other that way."""
    run = Run(answer=lambda ref, at: refused("RequestLimitExceeded") if 10 <= at < 10.3 else observed())
    run.add(*(make_ref(number) for number in range(300)))
    run.until(10.5)
    assert run.watcher.status(run.now, run.wall).allowed <= 5.5
    run.until(30.0)
    assert run.watcher.status(run.now, run.wall).allowed == 10
    assert run.watcher.status(run.now, run.wall).throttled >= 1


def test_two_clients_share_a_service_without_starving_either() -> None:
    """Fifteen a second each against twenty: both go on, and neither takes it all."""
    runs = [Run(latency_s=0.05), Run(latency_s=0.05)]
    arrived: list[float] = []

    def answer(ref: TaskRef, at: float) -> Answer:
        arrived[:] = [moment for moment in arrived if moment > at - 1]
        if len(arrived) >= 20:
            return refused("RequestLimitExceeded")
        arrived.append(at)
        return observed()

    for run in runs:
        run.answer = answer
        run.watcher.rate_limit.set_budget(15)
        run.add(*(make_ref(number) for number in range(500)))
    moment = 0.0
    while moment < 300:
        moment += 0.01
        for run in runs:
            run.until(moment)
    sent = [len([at for at in run.times() if at > 60]) for run in runs]
    assert min(sent) > 0.6 * max(sent)
    throttled = sum(count.total for run in runs for count in run.watcher.statistics.troubles(moment))
    assert throttled < 0.1 * sum(len(run.sent) for run in runs)
    assert sum(sent) / 240 > 13


def test_no_answer_at_all_for_ten_seconds_is_offline() -> None:
    """circuit_breaker law 1.

    Then one probe at a time goes out, later and later, and the others wait for it.
    """
    run = Run(answer=lambda ref, at: no_answer() if at >= 30 else observed())
    run.add(*(make_ref(number) for number in range(50)))
    run.until(45.0)
    assert _mode(run) is Mode.OFFLINE
    status = run.watcher.status(run.now, run.wall)
    assert status.trouble is not None
    assert status.trouble.kind is TroubleKind.NETWORK
    assert status.next_try_at is not None
    before = len(run.sent)
    run.until(645.0)
    assert 600 / 30 <= len(run.sent) - before <= 600 / 15 + 6


def test_back_online_goes_on_without_a_burst() -> None:
    run = Run(answer=lambda ref, at: no_answer() if 30 <= at < 300 else observed())
    run.add(*(make_ref(number) for number in range(50)))
    run.until(400.0)
    assert _mode(run) is Mode.LIVE
    assert all(task.trouble is None for task in run.watcher.tasks.values())
    gaps = [later - earlier for earlier, later in pairwise(run.times())]
    assert min(gaps) >= 0.1


def test_one_task_without_answer_among_others_is_not_offline() -> None:
    run = Run(answer=lambda ref, at: no_answer() if ref == A else observed())
    run.add(A, B)
    run.until(300.0)
    assert _mode(run) is Mode.LIVE


def test_pause_sends_nothing_but_what_is_asked_for() -> None:
    run = Run()
    run.add(A, B)
    run.until(10.0)
    run.watcher.pause("pts/3", run.now)
    before = len(run.sent)
    run.until(100.0)
    assert len(run.sent) == before
    run.watcher.check_now([A], run.now)
    run.until(200.0)
    assert [ref for _at, ref in run.sent[before:]] == [A]
    status = run.watcher.status(run.now, run.wall)
    assert (status.mode, status.by) == (Mode.PAUSED, "pts/3")


@pytest.mark.parametrize("jump_s", [-1e7, -3600.0, 3600.0, 1e7])
def test_jump_of_the_wall_clock_causes_no_burst_and_no_stall(jump_s: float) -> None:
    """Only the monotonic clock decides when; a set clock changes what ages read."""
    run, still = Run(), Run()
    for each in (run, still):
        each.add(*(make_ref(number) for number in range(20)))
        each.until(100.0)
    run.wall_offset += jump_s
    for each in (run, still):
        each.until(400.0)
    assert abs(len(run.sent) - len(still.sent)) <= 2


def test_sleep_of_hours_causes_no_burst() -> None:
    """The monotonic clock jumped: everything is overdue, and goes out at the usual pace."""
    run = Run()
    run.add(*(make_ref(number) for number in range(100)))
    run.until(60.0)
    run.now += 8 * 3600
    run.until(run.now + 60)
    gaps = [later - earlier for earlier, later in pairwise(run.times())]
    assert min(gaps) >= 0.1


def test_every_task_ends_in_its_true_phase_once_faults_stop() -> None:
    """A third of all checks meets some fault for ten minutes."""
    faults = (no_answer(), refused("InternalError"), Garbled("$", "x"), refused("RequestLimitExceeded"))

    def answer(ref: TaskRef, at: float) -> Answer:
        number = int(ref.task_id)
        chance = hash((number, round(at, 3))) % 100
        if at < 600 and chance < 30:
            return faults[chance % len(faults)]
        return finished() if at >= number * 10 else observed()

    run = Run(answer=answer)
    refs = [make_ref(number) for number in range(60)]
    run.add(*refs)
    run.until(800.0)
    assert {run.phase(ref) for ref in refs} == {Phase.READY}
