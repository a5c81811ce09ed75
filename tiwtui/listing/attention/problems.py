"""The tasks whose Note shows a problem, whatever the time is: failures, and trouble of the last check."""

from collections.abc import Iterable, Iterator

from tiwtui.model import Phase, Task, TaskRef

_PROBLEMS = (Phase.FAILED, Phase.NOT_FOUND, Phase.EMPTY, Phase.OTHER)


class Problems:
    """A set of such tasks, updated task by task."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._refs = {task.ref for task in tasks if _is_problem(task)}

    def __iter__(self) -> Iterator[TaskRef]:
        return iter(self._refs)

    def update(self, task: Task) -> None:
        """Look at a task that is new or changed."""
        if _is_problem(task):
            self._refs.add(task.ref)
        else:
            self._refs.discard(task.ref)

    def forget(self, ref: TaskRef) -> None:
        """Forget a task that is gone."""
        self._refs.discard(ref)


def _is_problem(task: Task) -> bool:
    return task.error is not None or task.trouble is not None or task.phase in _PROBLEMS
