"""What becomes of saved tasks at the next start: they are checked again as if the program had gone on."""

import pytest

from tests.engine.simulated import Run, counts
from tests.factories import WALL, finished, make_ref, make_task
from tiwtui.model import Phase


@pytest.mark.parametrize("phase", [Phase.QUEUED, Phase.PROCESSING, Phase.OTHER])
def test_active_task_loaded_at_start_is_asked_again(phase: Phase) -> None:
    """A restart must not leave a task with the answer of yesterday."""
    run = Run(answer=lambda ref, at: finished())
    old = make_task(phase=phase, phase_since=WALL - 400, checked_at=WALL - 300, checks=9)
    run.watcher.load([old], run.now, run.wall)
    run.until(1.0)
    assert run.phase(make_ref()) is Phase.READY


def test_task_checked_just_before_the_restart_waits_for_its_interval() -> None:
    """Starting ten times in a minute must not cost ten checks of each task."""
    run = Run()
    task = make_task(phase=Phase.PROCESSING, phase_since=WALL - 400, checked_at=WALL - 8, checks=9)
    run.watcher.load([task], run.now, run.wall)
    run.until(20.0)
    assert run.times()[0] == pytest.approx(0.05 * 392 - 8)


def test_task_that_was_saved_before_its_first_answer_is_asked_at_once() -> None:
    """Added by a command without network: nobody has asked about it yet."""
    run = Run()
    run.watcher.load([make_task()], run.now, run.wall)
    run.until(0.5)
    assert run.phase(make_ref()) is Phase.PROCESSING


def test_of_loaded_tasks_the_longest_unasked_is_asked_first() -> None:
    """After a night all are overdue; the order of the file says nothing."""
    run = Run()
    ages = {make_ref(1): 100.0, make_ref(2): 5000.0, make_ref(3): 900.0}
    run.watcher.load(
        [
            make_task(number, phase=Phase.PROCESSING, phase_since=WALL - 6000, checked_at=WALL - ages[ref])
            for number, ref in enumerate(ages, 1)
        ],
        run.now,
        run.wall,
    )
    run.until(2.0)
    assert [ref for _at, ref in run.sent] == [make_ref(2), make_ref(3), make_ref(1)]


@pytest.mark.parametrize("phase", [Phase.READY, Phase.FAILED])
def test_settled_task_loaded_at_start_is_asked_only_by_hand(phase: Phase) -> None:
    """Each of ten thousand would cost a check at every start."""
    run = Run(answer=lambda ref, at: finished())
    run.watcher.load([make_task(phase=phase, checked_at=WALL - 9000)], run.now, run.wall)
    run.until(100.0)
    assert counts(run)[make_ref()] == 0
    run.watcher.check_now([make_ref()], run.now)
    run.until(101.0)
    assert counts(run)[make_ref()] == 1
