"""The three queues of the scheduler and the rule that shares the slots between them."""

from tests.factories import make_ref
from tiwtui.engine.scheduler import DueQueue, Reason, Scheduler
from tiwtui.model import TaskRef

SELECTED, SEEN, OTHER = make_ref("selected"), make_ref("seen"), make_ref("other")


def never_blocked(_ref: TaskRef, _now: float) -> float | None:
    return None


def test_attended_tasks_get_every_sixth_slot_while_resting_ones_are_overdue() -> None:
    """See scheduler law 3."""
    scheduler = Scheduler(never_blocked)
    scheduler.look_at(SELECTED, ())
    scheduler.resting.put(OTHER, 0.0)
    scheduler.attended.put(SELECTED, 5.0)
    chosen = [scheduler.choose(10.0, asked_only=False) for _slot in range(18)]
    assert [number for number, ref in enumerate(chosen, 1) if ref == SELECTED] == [6, 12, 18]


def test_attended_tasks_get_every_slot_while_no_resting_one_is_overdue() -> None:
    """See scheduler law 3."""
    scheduler = Scheduler(never_blocked)
    scheduler.look_at(SELECTED, ())
    scheduler.resting.put(OTHER, 10.1)
    scheduler.attended.put(SELECTED, 5.0)
    assert [scheduler.choose(10.0, asked_only=False) for _slot in range(3)] == [SELECTED] * 3


def test_a_task_that_left_the_screen_is_no_longer_attended() -> None:
    scheduler = Scheduler(never_blocked)
    scheduler.resting.put(SEEN, 60.0)
    scheduler.look_at(None, [SEEN])
    scheduler.attend(SEEN, None, 1.0)
    assert scheduler.due_at(SEEN) == 1.0
    scheduler.look_at(None, [OTHER])
    assert scheduler.due_at(SEEN) == 60.0


def test_an_attended_task_is_due_some_seconds_after_its_last_check() -> None:
    """2 s for the selected task, 5 s for one on the screen: counted from the check, not from the look."""
    scheduler = Scheduler(never_blocked)
    scheduler.look_at(SELECTED, [SEEN])
    scheduler.attend(SELECTED, 100.0, 101.0)
    scheduler.attend(SEEN, 100.0, 101.0)
    assert (scheduler.due_at(SELECTED), scheduler.due_at(SEEN)) == (102.0, 105.0)


def test_a_task_that_is_moved_often_leaves_few_old_entries() -> None:
    """A task that is looked at for a day is moved each two seconds. See scheduler law 4."""
    queue = DueQueue()
    for number in range(10_000):
        queue.put(OTHER, float(number))
    steps = queue.steps
    assert queue.first() == (9_999.0, OTHER)
    assert queue.steps - steps <= 66


def test_the_strongest_reason_is_why_a_task_was_chosen() -> None:
    """Diagnostics count the requests by their reason."""
    scheduler = Scheduler(never_blocked)
    scheduler.look_at(SELECTED, [SELECTED, SEEN])
    reasons = []
    for ref in (SELECTED, SEEN, OTHER):
        scheduler.attended.put(ref, 0.0)
        scheduler.choose(1.0, asked_only=False)
        reasons.append(scheduler.chosen_for)
        scheduler.withdraw(ref)
    scheduler.resting.put(OTHER, 0.0)
    scheduler.choose(1.0, asked_only=False)
    reasons.append(scheduler.chosen_for)
    scheduler.asked.put(SELECTED, 0.0)
    scheduler.choose(1.0, asked_only=True)
    reasons.append(scheduler.chosen_for)
    assert reasons == [Reason.SELECTED, Reason.ON_SCREEN, Reason.MANUAL, Reason.RESTING, Reason.MANUAL]


def test_the_selected_task_comes_before_others_that_are_due_longer() -> None:
    """See scheduler law 3. It need not be on the screen: the detail may fill that."""
    scheduler = Scheduler(never_blocked)
    assert scheduler.look_at(SELECTED, [SEEN]) == {SELECTED, SEEN}
    scheduler.attended.put(SEEN, 1.0)
    scheduler.attended.put(SELECTED, 5.0)
    assert scheduler.choose(10.0, asked_only=False) == SELECTED


def test_tasks_of_a_stopped_application_wait_unless_a_person_asks() -> None:
    def blocked(ref: TaskRef, _now: float) -> float | None:
        return 600.0 if ref == OTHER else None

    scheduler = Scheduler(blocked)
    scheduler.resting.put(OTHER, 0.0)
    scheduler.attended.put(OTHER, 0.0)
    assert scheduler.choose(10.0, asked_only=False) is None
    assert scheduler.due_at(OTHER) == 600.0
    scheduler.asked.put(OTHER, 0.0)
    assert scheduler.choose(10.0, asked_only=False) == OTHER
