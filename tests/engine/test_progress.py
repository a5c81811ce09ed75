"""How far a batch has come, and whether the time that it is said to take is near the truth."""

from collections.abc import Callable

import pytest

from tests.engine.simulated import Run
from tests.factories import WALL, finished, make_ref, make_task, observed, refused
from tiwtui.api.answers import Answer
from tiwtui.engine.statistics.progress import Progress
from tiwtui.engine.status import Status
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase, TaskRef
from tiwtui.sim.world import Ending, Life, World


def _status(run: Run) -> Status:
    return run.watcher.status(run.now, run.wall)


def _looks(run: Run, end: float, each: Callable[[Status], None]) -> None:
    """Look once a second, as the screen does."""
    while run.now < end:
        run.until(run.now + 1.0)
        each(_status(run))


@pytest.mark.parametrize("rate", [1.0, 10.0, 18.0])
def test_time_left_of_first_answers_is_right_within_a_quarter(rate: float) -> None:
    """After a big paste a person decides whether to wait or to have a coffee."""
    run = Run(watcher=Watcher(budget=rate))
    run.add(*(make_ref(number) for number in range(int(rate * 120))))
    estimates: list[tuple[float, float]] = []

    def look(status: Status) -> None:
        if status.asking is not None and status.asking.left_s is not None:
            assert status.asking.total == rate * 120
            estimates.append((run.now, status.asking.left_s))

    _looks(run, 240.0, look)
    assert _status(run).asking is None
    end = estimates[-1][0] + estimates[-1][1]
    assert 115 < end < 160
    early = [(at, left_s) for at, left_s in estimates if at < end - 15]
    assert len(early) > 80
    assert all(0.75 <= left_s / (end - at) <= 1.25 for at, left_s in early)


def test_time_left_of_first_answers_follows_another_budget_at_once() -> None:
    """After `-` the old pace would promise an end that is five times too soon."""
    run = Run()
    run.add(*(make_ref(number) for number in range(600)))
    _looks(run, 20.0, lambda status: None)
    run.watcher.rate_limit.set_budget(2.0)
    run.watcher.measure_from(run.now)
    asking = _status(run).asking
    assert asking is not None
    assert asking.left_s == pytest.approx((asking.total - asking.done) / 2.0)


def test_few_first_answers_are_not_counted_out() -> None:
    """Nobody reads a line that is there for two seconds."""
    run = Run()
    run.add(*(make_ref(number) for number in range(20)))
    run.until(0.5)
    assert _status(run).asking is None


@pytest.mark.parametrize("code", ["InternalError", "InvalidParameter.TaskNotFound"])
def test_a_task_that_only_had_trouble_or_is_unknown_so_far_was_asked(code: str) -> None:
    """It is asked again, and does not hold the count up for minutes."""
    run = Run(answer=lambda ref, at: refused(code) if ref == make_ref(7) else observed())
    run.add(*(make_ref(number) for number in range(100)))
    run.until(30.0)
    assert _status(run).asking is None


def _settles(run: Run, lives: dict[TaskRef, Life], end: float) -> list[float]:
    """Return the ratios of the estimated to the true time left, at each second of the batch."""

    def answer(ref: TaskRef, at: float) -> Answer:
        life = lives[ref]
        if at >= life.settles_at_s:
            return finished()
        return observed("QUEUED" if at < life.queued_until_s else "PROCESSING")

    run.answer = answer
    run.add(*lives)
    last = max(life.settles_at_s for life in lives.values())
    ratios: list[float] = []

    def look(status: Status) -> None:
        if status.settling is not None and status.settling.left_s is not None and run.now < last - 60:
            ratios.append(status.settling.left_s / (last - run.now))

    _looks(run, min(last, end), look)
    return ratios


def test_time_left_is_right_within_a_factor_of_two_where_some_are_worked_on_at_a_time() -> None:
    """A school's evening of classes, five at a time and a minute each."""
    lives = {
        make_ref(number): Life(number // 5 * 60.0, (number // 5 + 1) * 60.0 - number % 5 * 7, Ending.READY)
        for number in range(75)
    }
    ratios = _settles(Run(), lives, 1000.0)
    assert len(ratios) > 400
    assert all(0.5 <= ratio <= 2.0 for ratio in ratios)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_time_left_is_right_within_a_factor_of_four_in_the_simulated_world(seed: int) -> None:
    """Its tasks take from seconds to hours: four moments out of five are held to that factor."""
    world = World(seed)
    found = {ref: world.life(ref.task_id) for ref in world.refs(200)}
    lives = {ref: life for ref, life in found.items() if life is not None and life.settles_at_s > 0}
    ratios = _settles(Run(), lives, 9000.0)
    assert len(ratios) > 1000
    assert sum(0.25 <= ratio <= 4.0 for ratio in ratios) > 0.8 * len(ratios)


def test_a_new_batch_counts_from_its_own_beginning() -> None:
    """Yesterday's four hundred say nothing about today's two."""
    run = Run(answer=lambda ref, at: finished() if at > 100 else observed())
    run.watcher.processing_times.load([60.0] * 10)
    run.add(*(make_ref(number) for number in range(5)))
    run.until(150.0)
    assert _status(run).settling is None
    run.answer = lambda ref, at: finished() if ref == make_ref(6) else observed()
    run.add(make_ref(6), make_ref(7))
    run.until(160.0)
    assert _status(run).settling == Progress(1, 2, None)


def test_a_start_counts_what_settled_of_the_same_batch_before() -> None:
    """A screen that was closed for a minute does not begin again at none."""
    run = Run()
    run.watcher.processing_times.load([60.0] * 10)
    old = make_task(1, phase=Phase.READY, added_at=WALL - 9000, checked_at=WALL - 8000)
    ready = make_task(2, phase=Phase.READY, added_at=WALL - 500, checked_at=WALL - 100)
    active = make_task(3, phase=Phase.PROCESSING, added_at=WALL - 600, checked_at=WALL - 20)
    run.watcher.load([old, ready, active], run.now, run.wall)
    assert _status(run).settling == Progress(1, 2, None)
