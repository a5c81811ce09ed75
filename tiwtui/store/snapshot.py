"""The saved state read once, without a thread and an event loop: what a command wants that only prints it.

1. Nothing is written. Where no file is, none is begun. A damaged file is replaced, as by every opening; one
   that cannot be written is read as it is.
2. All that is read is one consistent state.
3. Videos are read with the tasks and taken apart only where they are asked for.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import NamedTuple

import msgspec

from tiwtui.i18n import _
from tiwtui.model import Details, Task, TaskRef
from tiwtui.process.resource_shortage import shortage
from tiwtui.store import schema
from tiwtui.store.codec import name_text, read_tasks, read_videos
from tiwtui.store.edits import TASKS_WITH_VIDEOS
from tiwtui.store.errors import BUSY_S, is_refused, repeated, step_of, unreadable
from tiwtui.store.file.file_identity import size_of
from tiwtui.store.file.state_file import errors_mapped, is_hollow, open_state, read_only
from tiwtui.store.schema import transaction


class SavedTask(NamedTuple):
    """A task, who edited it last, and its videos as they are saved, `None` where there are none."""

    task: Task
    edited_by: object
    videos: bytes | None

    @property
    def details(self) -> Details:
        """The videos and who edited, and nothing else that is saved."""
        videos = () if self.videos is None else read_videos(self.videos)
        return Details(videos, edited_by=name_text(self.edited_by))


class Snapshot(msgspec.Struct, frozen=True):
    """What is saved: tasks on the list in the order of adding, and removed ones, the last removed first.

    `notice` says what happened to the file.
    """

    watched: dict[TaskRef, SavedTask]
    removed: dict[TaskRef, SavedTask]
    notice: str | None


def read_snapshot(path: Path, *, wall: float, busy_s: float = BUSY_S) -> Snapshot:
    """Return what is saved at `path`. Raises `StoreFailed`."""
    with errors_mapped(path, is_reading=True):
        try:
            if size_of(path) is None and not is_hollow(path):
                return Snapshot({}, {}, None)
            opened = repeated(
                lambda: open_state(path, _read, busy_s=step_of(busy_s), wall=wall), busy_s, Event()
            )
        except (OSError, sqlite3.Error) as error:
            if isinstance(error, OSError) and shortage(error) is None and not is_refused(error):
                # Nothing was to be saved.
                raise unreadable(path, error.strerror or str(error)) from error
            if not is_refused(error):
                raise
            return Snapshot(*_read_unwritable(path, step_of(busy_s)), notice=None)
        opened.close()
    watched, removed = opened.first
    return Snapshot(watched, removed, opened.notice)


def _read_unwritable(path: Path, busy_s: float) -> tuple[dict[TaskRef, SavedTask], dict[TaskRef, SavedTask]]:
    try:
        if is_hollow(path):
            raise unreadable(path, _("it is empty, or missing beside its WAL"))
        # Without a WAL nobody is writing there, and SQLite need not make its own files beside it.
        wal = path.with_name(f"{path.name}-wal")
        is_still = not wal.exists() or not wal.stat().st_size
        with closing(read_only(path, busy_s, is_still=is_still)) as reader:
            schema.refuse_foreign(path, reader)
            return schema.read_first(reader, _read)
    except sqlite3.Error as error:
        raise unreadable(path, str(error)) from error
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from error


def _read(connection: sqlite3.Connection) -> tuple[dict[TaskRef, SavedTask], dict[TaskRef, SavedTask]]:
    with transaction(connection, schema.READ):
        watched = _tasks(connection, "w.removed_at IS NULL ORDER BY w.id")
        removed = _tasks(connection, "w.removed_at IS NOT NULL ORDER BY w.removed_at DESC, w.id DESC")
    return watched, removed


def _tasks(connection: sqlite3.Connection, which: str) -> dict[TaskRef, SavedTask]:
    rows = connection.execute(f"{TASKS_WITH_VIDEOS} WHERE {which}").fetchall()
    tasks = read_tasks(row[:-2] for row in rows)
    return {task.ref: SavedTask(task, *row[-2:]) for task, row in zip(tasks, rows, strict=True)}
