"""Which tabs a task is in, and what wants attention."""

import math

import pytest

from tests.factories import WALL, is_in_tab, make_task
from tiwtui.listing.tabs import Tab, attention, turns_at, wants_attention
from tiwtui.model import Failure, Phase, Task, Trouble, TroubleKind

DAY = 86_400.0


def _tabs(task: Task, now: float = WALL) -> set[Tab]:
    return {tab for tab in Tab if is_in_tab(tab, task, now)}


@pytest.mark.parametrize("phase", list(Phase))
def test_tab_counts_law_1_active_ready_and_failed_divide_all(phase: Phase) -> None:
    """The counts of the three must add up to that of All."""
    tabs = _tabs(make_task(phase=phase))
    assert Tab.ALL in tabs
    assert len(tabs & {Tab.ACTIVE, Tab.READY, Tab.FAILED}) == 1


@pytest.mark.parametrize("phase", [Phase.FAILED, Phase.EMPTY, Phase.NOT_FOUND])
def test_failed_tasks_want_attention_until_seen(phase: Phase) -> None:
    """A good day ends with Attention 0."""
    task = make_task(phase=phase)
    assert _tabs(task) == {Tab.ALL, Tab.FAILED, Tab.ATTENTION}
    assert Tab.ATTENTION not in _tabs(make_task(phase=phase, seen_at=WALL))


def test_a_ready_task_that_failed_later_wants_attention_until_seen() -> None:
    """The fast way that counts a list of ready tasks must agree."""
    error = Failure("FailedOperation.Record", "x", at=WALL)
    unseen = make_task(phase=Phase.READY, error=error, seen_at=WALL - 1, taken_at=WALL - 1)
    seen = make_task(phase=Phase.READY, error=error, seen_at=WALL + 1)
    assert [wants_attention(task, WALL) for task in (unseen, seen)] == [True, False]
    assert [attention(task, WALL)[0] for task in (unseen, seen)] == [True, False]
    assert Tab.READY in _tabs(unseen)


def test_an_undocumented_status_wants_attention() -> None:
    assert Tab.ATTENTION in _tabs(make_task(phase=Phase.OTHER))


def test_trouble_of_a_settled_task_wants_none() -> None:
    """Nothing asks about it again, so that it would stay for ever; what is known of it stands."""
    trouble = Trouble(TroubleKind.NETWORK, "", "", "", WALL - 3600)
    task = make_task(phase=Phase.READY, trouble=trouble, files_end_at=WALL + 2 * DAY)
    assert not wants_attention(task, WALL)


CASES = [
    (
        make_task(phase=Phase.PROCESSING, trouble=Trouble(TroubleKind.NETWORK, "", "", "", WALL)),
        60.0,
        math.inf,
    ),
    (make_task(phase=Phase.QUEUED), DAY, math.inf),
    (make_task(phase=Phase.READY, files_end_at=WALL + 3 * DAY), 2 * DAY, 3 * DAY),
]


@pytest.mark.parametrize(("task", "begins_s", "ends_s"), CASES)
def test_attention_comes_and_goes_with_time(task: Task, begins_s: float, ends_s: float) -> None:
    """Trouble after a minute, silence after a day, files on their last day."""
    assert not wants_attention(task, WALL + begins_s - 1)
    assert wants_attention(task, WALL + begins_s)
    assert wants_attention(task, WALL + ends_s) is (ends_s == math.inf)


@pytest.mark.parametrize(("task", "begins_s", "ends_s"), CASES)
def test_the_turn_is_announced(task: Task, begins_s: float, ends_s: float) -> None:
    """The view looks at a task again only when it says it will turn."""
    assert turns_at(task, WALL) <= WALL + begins_s


def test_files_already_taken_want_nothing() -> None:
    task = make_task(phase=Phase.READY, files_end_at=WALL + 60, taken_at=WALL)
    assert not wants_attention(task, WALL)
    assert turns_at(task, WALL) == math.inf
