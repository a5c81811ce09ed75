"""Which tabs a task is in."""

import pytest

from tests.factories import WALL, is_in_tab, make_task
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase, Task


def _tabs(task: Task, now: float = WALL) -> set[Tab]:
    return {tab for tab in Tab if is_in_tab(tab, task, now)}


@pytest.mark.parametrize("phase", list(Phase))
def test_tab_counts_law_1_active_ready_and_failed_divide_all(phase: Phase) -> None:
    """The counts of the three must add up to that of All."""
    tabs = _tabs(make_task(phase=phase))
    assert Tab.ALL in tabs
    assert len(tabs & {Tab.ACTIVE, Tab.READY, Tab.FAILED}) == 1
