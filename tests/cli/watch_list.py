"""A watch list in its own folder, filled by hand, and the commands on it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import msgspec
from click.testing import Result

from tests.cli.runner import ran
from tests.factories import WALL, make_task, make_video, observed, refused
from tests.store.stores import opened, saved_tasks, sending
from tiwtui.api.answers import Answer
from tiwtui.config.settings import settings_from
from tiwtui.engine.transitions import apply_answer
from tiwtui.model import Task, TaskRef, Video

READY = make_task("ghucnligqtgtvk2624mb", label="物理 第二讲")
RUNNING = make_task("00e1jv8ve0jcqk7da9lb", label="Maths 3A")
FAILED = make_task("bj0mt2l23osdj300hl30", label="Maths 3B")

ANSWERS: Mapping[TaskRef, Answer] = {
    READY.ref: observed(
        "FINISHED",
        make_video(),
        make_video(url="http://1.vod2.myqcloud.com/b.mp4", video_id="2", type=0, user_id="teacher_1"),
    ),
    RUNNING.ref: observed("PROCESSING", room_id=900824, group_id="900824"),
    FAILED.ref: refused("FailedOperation.Record", "40004 im login failed"),
}


class WatchList:
    """The saved state in `folder`, for commands without keys and network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def path(self) -> Path:
        """The file of the default profile and site."""
        return settings_from(state_dir=self.folder).state_path()

    def run(self, *words: str, standard_input: str | bytes = "") -> Result:
        """Run a command on the watch list."""
        return ran("--state-dir", str(self.folder), *words, environment={}, standard_input=standard_input)

    def listed(self, *words: str) -> list[str]:
        """Return what `list` prints, a line per task, after it ended well."""
        result = self.run("list", *words)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout.splitlines()

    def ids(self, *words: str) -> list[str]:
        """Return the ids that `list` prints."""
        return [line.split("\t")[0] for line in self.listed(*words)]

    def tasks(self) -> dict[TaskRef, Task]:
        """Return the saved tasks."""
        return asyncio.run(saved_tasks(self.path))

    def videos(self, ref: TaskRef) -> tuple[Video, ...]:
        """Return the videos that are saved of a task."""
        return asyncio.run(self._videos(ref))

    async def _videos(self, ref: TaskRef) -> tuple[Video, ...]:
        async with opened(self.path) as store:
            return (await store.details(ref)).videos

    def save(self, task: Task) -> None:
        """Save a task as it is."""
        asyncio.run(self._save(task))

    async def _save(self, task: Task) -> None:
        async with opened(self.path) as store:
            await store.add([task])

    def fill(self, answers: Mapping[TaskRef, Answer] = ANSWERS) -> None:
        """Save one task of each kind, as checked at `WALL`."""
        asyncio.run(self._fill(answers))

    async def _fill(self, answers: Mapping[TaskRef, Answer]) -> None:
        labels = {task.ref: task.label for task in (READY, RUNNING, FAILED)}
        known = await saved_tasks(self.path)
        async with sending(self.path) as store:
            for ref, answer in answers.items():
                task = msgspec.structs.replace(make_task(ref.task_id), ref=ref, label=labels.get(ref, ""))
                await store.add([task])
                seen = (await store.details(ref)).videos
                store.record(apply_answer(known.get(ref, task), answer, WALL, seen=seen))
