"""The watched tasks: what changed, how many are active, whose answer is oldest."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import WALL, make_ref, make_task
from tiwtui.engine.task_set import TaskSet
from tiwtui.model import Phase, Task

TASKS = st.builds(
    lambda number, phase, checked: make_task(number, phase=phase, checked_at=checked),
    st.integers(0, 5),
    st.sampled_from([Phase.NEW, Phase.PROCESSING, Phase.READY, Phase.FAILED]),
    st.one_of(st.none(), st.integers(0, 9).map(lambda second: WALL + second)),
)


def _looked_at(task: Task) -> float:
    return task.added_at if task.checked_at is None else task.checked_at


@given(st.lists(st.one_of(TASKS, st.lists(TASKS, max_size=4), st.integers(0, 5)), max_size=30))
def test_the_stalest_active_task_is_the_one_a_look_at_all_would_find(
    steps: list[Task | list[Task] | int],
) -> None:
    """The header's age is this, whatever was put, taken up and removed."""
    watched = TaskSet()
    for step in steps:
        match step:
            case Task():
                watched.put(step)
            case list():
                watched.load(step)
            case number:
                watched.remove(make_ref(number))
        active = [task for task in watched.tasks.values() if task.phase.is_active]
        assert watched.active == len(active)
        assert watched.oldest_at == min(map(_looked_at, active), default=None)


def test_a_task_that_changed_stands_among_the_changes_until_they_are_taken() -> None:
    """task_set law 1: once, however often it changed; one that is not watched is none."""
    watched = TaskSet()
    task = make_task()
    watched.put(task)
    watched.change(task.ref, label="a")
    watched.change(make_ref("nobody"), label="a")
    assert watched.take_changes() == {task.ref}
    assert watched.tasks[task.ref] == msgspec.structs.replace(task, label="a")
    assert watched.take_changes() == frozenset()
    watched.remove(task.ref)
    assert watched.take_changes() == {task.ref}
