"""What a poller found, in memory: stands where a session has the saved watch list."""

from collections.abc import Iterable

from tiwtui.engine.transitions import CheckResult
from tiwtui.model import Details, Task


class Findings:
    """The tasks as they were checked last, and their videos."""

    def __init__(self, tasks: Iterable[Task] = ()) -> None:
        self._tasks = {task.ref: task for task in tasks}
        self._details: dict[object, Details] = {}

    @property
    def tasks(self) -> list[Task]:
        return list(self._tasks.values())

    def record(self, found: CheckResult) -> None:
        self._tasks[found.ref] = found.task
        if found.videos is not None:
            self._details[found.ref] = Details(found.videos)

    async def details(self, ref: object) -> Details | None:
        return self._details.get(ref)
