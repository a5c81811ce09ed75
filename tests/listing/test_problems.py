"""Whether a list has problems for the Note column, which then gets more room."""

import pytest

from tests.factories import WALL, make_task
from tiwtui.listing.query.parser import read
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import View
from tiwtui.model import Failure, Phase, Task, Trouble, TroubleKind

TROUBLE = Trouble(TroubleKind.NETWORK, "timeout", "", "", WALL)
FINE = make_task("fine", phase=Phase.READY, seen_at=WALL)


@pytest.mark.parametrize(
    "task",
    [
        make_task("it", phase=Phase.FAILED, error=Failure("FailedOperation.Record", "no")),
        make_task("it", phase=Phase.NOT_FOUND),
        make_task("it", phase=Phase.EMPTY),
        make_task("it", phase=Phase.OTHER, status="MERGING"),
        make_task("it", phase=Phase.PROCESSING, trouble=TROUBLE),
        make_task("it", phase=Phase.PROCESSING, phase_since=WALL - 90_000),
        make_task("it", phase=Phase.READY, files_end_at=WALL + 60),
    ],
    ids=["failed", "not found", "empty", "other", "trouble", "overdue", "expiring"],
)
def test_a_list_holds_a_problem_while_a_task_that_has_one_is_shown(task: Task) -> None:
    """What is not shown takes no room from what is."""
    view = View({FINE.ref: FINE, task.ref: task}, WALL)
    assert view.holds_problems()
    view.show(WALL, query=read("fine"))
    assert not view.holds_problems()
    view.show(WALL, query=read(""))
    view.apply([task.ref], {FINE.ref: FINE}, WALL)
    assert not view.holds_problems()


def test_a_task_that_gets_and_loses_trouble_is_followed() -> None:
    active = make_task("it", phase=Phase.PROCESSING)
    view = View({active.ref: active}, WALL)
    assert [view.holds_problems()] == [False]
    view.apply([active.ref], {active.ref: make_task("it", phase=Phase.PROCESSING, trouble=TROUBLE)}, WALL)
    assert [view.holds_problems()] == [True]
    view.show(WALL, tab=Tab.READY)
    assert [view.holds_problems()] == [False]
    view.show(WALL, tab=Tab.ALL)
    view.apply([active.ref], {active.ref: active}, WALL)
    assert [view.holds_problems()] == [False]
