"""The watcher between its laws: tasks in flight, removed, absorbed, and a clock that went back."""

from random import Random

from tests.factories import WALL, finished, make_ref, make_task, no_answer, observed
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase, Trouble, TroubleKind

REF = make_ref(1)
FORBIDDEN = Trouble(TroubleKind.PERMISSION, "UnauthorizedOperation", "no right", "", 0.0)


def make_watcher() -> Watcher:
    return Watcher(random=Random(1), started_at=0.0)


def leave(watcher: Watcher, now: float) -> None:
    """Let the check of the one task that is due leave."""
    ref = watcher.due(now)
    assert ref == REF
    watcher.flights.ready(ref, now)
    watcher.flights.leave(ref, now)


def test_a_task_has_not_settled_while_a_check_of_it_is_in_flight() -> None:
    """`tiwtui wait` must not end before an answer that was asked for."""
    watcher = make_watcher()
    watcher.load([make_task(1, phase=Phase.READY, checked_at=WALL)], 0.0, WALL)
    assert watcher.has_settled(REF)
    watcher.check_now([REF], 1.0)
    leave(watcher, 1.0)
    assert not watcher.has_settled(REF)
    watcher.complete(REF, finished(), 2.0, WALL + 2)
    assert watcher.has_settled(REF)


def test_an_answer_from_the_future_is_not_older_than_now() -> None:
    """The clock of the machine was set back."""
    watcher = make_watcher()
    watcher.load([make_task(1, phase=Phase.PROCESSING, checked_at=WALL)], 0.0, WALL)
    assert watcher.status(0.0, WALL - 100).oldest_s == 0.0


def test_a_state_that_is_known_already_is_no_change() -> None:
    """Each process reads its own writes back; the screen must not repaint for them."""
    watcher = make_watcher()
    watcher.load([make_task(1, phase=Phase.PROCESSING, checked_at=WALL)], 0.0, WALL)
    watcher.take_changes()
    watcher.absorb(watcher.tasks[REF], 1.0, WALL + 1)
    assert watcher.take_changes() == frozenset()


def test_a_task_that_another_process_added_is_checked_soon() -> None:
    """A person waits for it, though a hundred others are overdue."""
    watcher = make_watcher()
    others = [make_task(f"old{n}", phase=Phase.PROCESSING, checked_at=WALL - 900) for n in range(100)]
    watcher.load(others, 0.0, WALL)
    watcher.absorb(make_task(1, phase=Phase.NEW, added_at=WALL, phase_since=WALL), 0.0, WALL)
    chosen = []
    for slot in range(6):
        now = slot * 0.2
        ref = watcher.due(now)
        assert ref is not None
        watcher.flights.ready(ref, now)
        watcher.flights.leave(ref, now)
        watcher.complete(ref, observed(), now, WALL)
        chosen.append(ref)
    assert REF in chosen


def test_a_removed_task_is_not_checked() -> None:
    watcher = make_watcher()
    watcher.add(REF, None, 0.0, WALL)
    watcher.remove(REF)
    assert watcher.due(10.0) is None
    assert watcher.wake_at(10.0) is None


def test_asking_for_a_task_in_flight_asks_once() -> None:
    """`r` pressed twice costs one request."""
    watcher = make_watcher()
    watcher.load([make_task(1, phase=Phase.PROCESSING, checked_at=WALL)], 0.0, WALL)
    watcher.check_now([REF], 1.0)
    leave(watcher, 1.0)
    watcher.check_now([REF], 1.1)
    watcher.complete(REF, observed(), 2.0, WALL + 2)
    assert REF not in watcher.scheduler.asked


def test_going_on_after_a_pause_tries_what_was_in_trouble_at_once() -> None:
    watcher = make_watcher()
    watcher.load([make_task(1, phase=Phase.PROCESSING, checked_at=WALL - 900)], 0.0, WALL)
    now = 0.0
    for _failure in range(4):
        now = (watcher.due_at(REF) or 0.0) + 0.2
        leave(watcher, now)
        watcher.complete(REF, no_answer(), now + 0.1, WALL + now)
    assert (watcher.due_at(REF) or 0.0) > now + 2.0
    watcher.pause("anna", now + 0.2)
    watcher.resume(now + 1.0)
    assert watcher.due_at(REF) == now + 1.0


def test_new_keys_try_what_was_in_trouble_at_once() -> None:
    watcher = make_watcher()
    watcher.load([make_task(1, phase=Phase.PROCESSING, checked_at=WALL - 900)], 0.0, WALL)
    now = 0.0
    for _failure in range(4):
        now = (watcher.due_at(REF) or 0.0) + 0.2
        leave(watcher, now)
        watcher.complete(REF, no_answer(), now + 0.1, WALL + now)
    planned_at = watcher.due_at(REF)
    watcher.keys_read(now + 1.0, changed=False)
    assert watcher.due_at(REF) == planned_at
    watcher.keys_read(now + 1.0, changed=True)
    assert watcher.due_at(REF) == now + 1.0


def test_a_check_by_hand_that_was_stopped_before_it_left_is_not_sent_again_by_itself() -> None:
    """The person sees why nothing is sent, and presses `r` again if it is still wanted."""
    watcher = make_watcher()
    watcher.load([make_task(1, phase=Phase.READY, checked_at=WALL)], 0.0, WALL)
    watcher.check_now([REF], 1.0)
    assert watcher.due(1.0) == REF
    watcher.call_off(REF, 1.5)
    assert REF in watcher.scheduler.asked
    assert watcher.due(1.5) == REF
    watcher.breaker.refused(REF, FORBIDDEN, 1.6, 1.6)
    watcher.call_off(REF, 1.7)
    assert REF not in watcher.scheduler.asked
