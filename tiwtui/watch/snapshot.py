"""The saved state read once, without a thread and an event loop: what a command wants that only prints it.

1. Nothing is written. A file that is missing is begun and a damaged one replaced, as by every opening.
2. All that is read is one consistent state.
3. Videos are read with the tasks and taken apart only where they are asked for.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tiwtui.tasks import Details, Task, TaskRef
from tiwtui.watch.edits import KEPT_TASKS
from tiwtui.watch.failure import BUSY_S
from tiwtui.watch.rows import read_tasks, read_videos
from tiwtui.watch.schema import reading
from tiwtui.watch.statefile import foreign_mapped, open_state


class Kept(NamedTuple):
    """A task, and its videos as they are kept, `None` where there are none."""

    task: Task
    videos: bytes | None

    @property
    def details(self) -> Details:
        """The videos, and nothing else that is kept."""
        return Details(() if self.videos is None else read_videos(self.videos))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is kept: tasks on the list in the order of adding, and removed ones, the last removed first.

    `notice` says what befell the file.
    """

    watched: dict[TaskRef, Kept]
    removed: dict[TaskRef, Kept]
    notice: str | None


def read_snapshot(path: Path, *, wall: float, busy_s: float = BUSY_S) -> Snapshot:
    """Return what is kept at `path`. Raises `StoreFailed`."""
    with foreign_mapped(path):
        opened = open_state(path, _read, busy_s=busy_s, wall=wall)
        opened.close()
    watched, removed = opened.first
    return Snapshot(watched, removed, opened.notice)


def _read(connection: sqlite3.Connection) -> tuple[dict[TaskRef, Kept], dict[TaskRef, Kept]]:
    with reading(connection):
        watched = _kept(connection, "w.removed_at IS NULL ORDER BY w.id")
        removed = _kept(connection, "w.removed_at IS NOT NULL ORDER BY w.removed_at DESC, w.id DESC")
    return watched, removed


def _kept(connection: sqlite3.Connection, which: str) -> dict[TaskRef, Kept]:
    rows = connection.execute(f"{KEPT_TASKS} WHERE {which}").fetchall()
    tasks = read_tasks(row[:-1] for row in rows)
    return {task.ref: Kept(task, row[-1]) for task, row in zip(tasks, rows, strict=True)}
