"""What people do to the watch list, and what is read of it: functions of a connection, in its transaction.

1. An edit writes *watched* alone. A new task that comes with what is known of it is saved with that; what is
   already observed of a task is never written over.
2. Adding a task that was removed brings it back with everything known, as `restore` does; adding one that is
   there changes at most its label.
3. A removed task is restored as it was last known, for as long as `retention` says.
4. Each edit carries who made it, `by`. Copied videos of several processes add up.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from tiwtui.model import Details, Done, Removed, Task, TaskRef, Video
from tiwtui.store import retention
from tiwtui.store.codec import (
    TASK_COLUMNS,
    Row,
    is_moment,
    is_untouched,
    marks_text,
    read_details,
    read_tasks,
    read_videos,
    shown_text,
)
from tiwtui.store.schema import next_revision, revision

_USUAL_OF = 50
_SINGLY_MOST = 1000
"""Up to how many tasks are looked up each for itself, instead of reading all there are."""

_TASKS = f"SELECT {TASK_COLUMNS} FROM watched w LEFT JOIN observed o USING (id)"
_REMOVED_TASKS = (
    f"SELECT {TASK_COLUMNS}, w.removed_at FROM watched w LEFT JOIN observed o USING (id) "
    "WHERE w.removed_at IS NOT NULL"
)
TASKS_WITH_VIDEOS = (
    f"SELECT {TASK_COLUMNS}, w.edited_by, d.videos "
    "FROM watched w LEFT JOIN observed o USING (id) LEFT JOIN details d USING (id)"
)
_DETAILS = (
    "SELECT coalesce(d.videos, '[]'), coalesce(d.oddities, '[]'), d.raw, d.error_raw, w.edited_by "
    "FROM watched w LEFT JOIN details d USING (id)"
)
_OF_ONE = "w.sdk_app_id = ?1 AND w.task_id = ?2"
_ID = "(SELECT id FROM watched WHERE sdk_app_id = ?1 AND task_id = ?2)"
_WITH_REMOVED = f"SELECT w.removed_at, {TASK_COLUMNS} FROM watched w LEFT JOIN observed o USING (id)"
_NEWER = f"""
{_WITH_REMOVED} WHERE w.id IN (
    SELECT id FROM watched WHERE revision > ?1 UNION SELECT id FROM observed WHERE revision > ?1
)
ORDER BY w.id
"""
_PROCESSING_TIMES = f"""
SELECT r.at - p.at FROM transitions r JOIN transitions p ON p.number = (
    SELECT max(number) FROM transitions WHERE id = r.id AND number < r.number
)
WHERE r.phase = 'ready' AND p.phase = 'processing' ORDER BY r.number DESC LIMIT {_USUAL_OF}
"""

_ADD = """
INSERT INTO watched (sdk_app_id, task_id, label, added_at, taken_at, seen_at, edited_by, revision)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (sdk_app_id, task_id) DO UPDATE SET
    label = CASE WHEN excluded.label = '' THEN watched.label ELSE excluded.label END,
    added_at = CASE WHEN watched.removed_at IS NULL THEN watched.added_at ELSE excluded.added_at END,
    removed_at = NULL,
    edited_by = excluded.edited_by,
    revision = excluded.revision
"""
_ADD_OBSERVED = f"INSERT INTO observed (id, shown, revision) VALUES ({_ID}, ?3, ?4) ON CONFLICT DO NOTHING"
_RESTORE = """
UPDATE watched SET removed_at = NULL, edited_by = ?3, revision = ?4
WHERE sdk_app_id = ?1 AND task_id = ?2 AND removed_at IS NOT NULL
RETURNING id
"""


class Taken(NamedTuple):
    """The fields of `Task` about copied videos: when the last was copied, by whom, and all of their keys."""

    taken_at: float | None
    taken_by: str
    taken_videos: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True):
    """What changed of the tasks: `tasks` are watched, `removed` are not. Where it `is_whole`, that is all."""

    revision: int
    tasks: tuple[Task, ...]
    removed: tuple[TaskRef, ...]
    is_whole: bool


def watched_tasks(connection: sqlite3.Connection) -> tuple[int, list[Task]]:
    """Return every watched task, and the revision up to which that is all."""
    rows = connection.execute(f"{_TASKS} WHERE w.removed_at IS NULL ORDER BY w.id")
    return revision(connection), read_tasks(rows)


def removed_tasks(connection: sqlite3.Connection) -> list[Removed]:
    """Return the tasks that were removed and can be restored, the last removed first."""
    rows = connection.execute(f"{_REMOVED_TASKS} ORDER BY w.removed_at DESC, w.id DESC").fetchall()
    tasks = read_tasks(row[:-1] for row in rows)
    return [
        Removed(task, row[-1] if is_moment(row[-1]) else 0.0) for task, row in zip(tasks, rows, strict=True)
    ]


def changes(
    connection: sqlite3.Connection, since: int, again: Iterable[TaskRef], *, is_whole: bool
) -> Changes:
    """Return the tasks that are newer than revision `since`, and those of `again` whatever their revision."""
    found = connection.execute(_NEWER, (since,)).fetchall()
    for ref in set(again).difference(TaskRef(row[1], row[2]) for row in found):
        found += connection.execute(f"{_WITH_REMOVED} WHERE {_OF_ONE}", _key(ref)).fetchall()
    return Changes(
        revision(connection),
        tuple(read_tasks(row[1:] for row in found if row[0] is None)),
        tuple(TaskRef(row[1], row[2]) for row in found if row[0] is not None),
        is_whole,
    )


def details_of(connection: sqlite3.Connection, ref: TaskRef) -> Details:
    """Return what is saved of one task beyond its row, also of a removed one."""
    row = connection.execute(f"{_DETAILS} WHERE {_OF_ONE}", _key(ref)).fetchone()
    transitions = connection.execute(
        f"SELECT at, phase, status FROM transitions WHERE id = {_ID} ORDER BY number", _key(ref)
    ).fetchall()
    return read_details(row, transitions)


def videos_of(connection: sqlite3.Connection, refs: Sequence[TaskRef]) -> dict[TaskRef, tuple[Video, ...]]:
    """Return the videos of many tasks at once; those without any are left out."""
    query = "SELECT w.sdk_app_id, w.task_id, d.videos FROM watched w JOIN details d USING (id)"
    wanted = set(refs)
    if len(wanted) <= _SINGLY_MOST:
        rows = [row for ref in wanted for row in connection.execute(f"{query} WHERE {_OF_ONE}", _key(ref))]
    else:
        rows = connection.execute(query).fetchall()
    each = ((TaskRef(app, task_id), text) for app, task_id, text in rows)
    return {ref: videos for ref, text in each if ref in wanted and (videos := read_videos(text))}


def processing_times(connection: sqlite3.Connection) -> list[float]:
    """Return how long the last fifty tasks that became ready were seen processing, in seconds."""
    rows = connection.execute(_PROCESSING_TIMES).fetchall()
    return [max(0.0, seconds) for (seconds,) in reversed(rows)]


def add(connection: sqlite3.Connection, tasks: Sequence[Task], by: str) -> None:
    """Put tasks on the watch list."""
    number = next_revision(connection)
    connection.executemany(
        _ADD,
        [
            (*_key(task.ref), task.label, task.added_at, task.taken_at, task.seen_at, by or None, number)
            for task in tasks
        ],
    )
    connection.executemany(
        _ADD_OBSERVED,
        [(*_key(task.ref), shown_text(task), number) for task in tasks if not is_untouched(task)],
    )


def remove(connection: sqlite3.Connection, refs: Sequence[TaskRef], wall: float, by: str) -> None:
    """Take tasks off the watch list; they can be restored."""
    # The day of the removal is noted before, so that it is not one of the days since.
    retention.delete_removed(connection, wall)
    _change(connection, refs, "removed_at", wall, by)


def restore(connection: sqlite3.Connection, refs: Sequence[TaskRef], by: str) -> list[Task]:
    """Put removed tasks back; return them."""
    restored: list[Row] = []
    number = next_revision(connection)
    for ref in refs:
        for row_id in connection.execute(_RESTORE, (*_key(ref), by or None, number)).fetchall():
            restored += connection.execute(f"{_TASKS} WHERE w.id = ?1", row_id).fetchall()
    return read_tasks(restored)


def label(connection: sqlite3.Connection, ref: TaskRef, text: str, by: str) -> None:
    """Change a task's label."""
    _change(connection, (ref,), "label", text, by)


def mark_seen(connection: sqlite3.Connection, refs: Sequence[TaskRef], wall: float, by: str) -> None:
    """Note that a person has looked at settled tasks."""
    _change(connection, refs, "seen_at", wall, by)


def flag(connection: sqlite3.Connection, refs: Sequence[TaskRef], at: float | None, by: str) -> None:
    """Flag tasks for an alert of their own; `None` takes the flag away."""
    _change(connection, refs, "flagged_at", at, by)


def mark_done(connection: sqlite3.Connection, done: Mapping[TaskRef, Done | None], by: str) -> None:
    """Note of each task that a person acknowledged it, or that nobody did."""
    _write(
        connection,
        ("done_at", "done_by", "done_for"),
        {
            ref: (each.at, marks_text(each.by), marks_text(each.reasons)) if each else (None, None, None)
            for ref, each in done.items()
        },
        by,
    )


def take(
    connection: sqlite3.Connection, videos: Mapping[TaskRef, Sequence[str]], wall: float, by: str
) -> dict[TaskRef, Taken]:
    """Note by their keys which videos were copied, all where there are no keys; return what is known now."""
    taken: dict[TaskRef, Taken] = {}
    for ref, keys in videos.items():
        before = _taken(connection, ref)
        is_all = not keys or (before.taken_at is not None and not before.taken_videos)
        every = () if is_all else tuple(dict.fromkeys((*before.taken_videos, *keys)))
        taken[ref] = Taken(wall, by, every)
    _take(connection, taken, by)
    return taken


def untake(
    connection: sqlite3.Connection, taken: Mapping[TaskRef, tuple[Taken, Taken]], by: str
) -> dict[TaskRef, Taken]:
    """Take back what changed the first into the second, but nothing since; return what is known now."""
    left: dict[TaskRef, Taken] = {}
    for ref, (before, after) in taken.items():
        now = _taken(connection, ref)
        own = set(after.taken_videos).difference(before.taken_videos)
        others = tuple(key for key in now.taken_videos if key not in own)
        left[ref] = before if now == after else now._replace(taken_videos=others) if others else now
    _take(connection, left, by)
    return left


def _taken(connection: sqlite3.Connection, ref: TaskRef) -> Taken:
    for task in read_tasks(connection.execute(f"{_TASKS} WHERE {_OF_ONE}", _key(ref))):
        return Taken(task.taken_at, task.taken_by, task.taken_videos)
    return Taken(None, "", ())


def _take(connection: sqlite3.Connection, taken: Mapping[TaskRef, Taken], by: str) -> None:
    rows = {
        ref: (at, marks_text(who) if who else None, marks_text(videos) if videos else None)
        for ref, (at, who, videos) in taken.items()
    }
    _write(connection, Taken._fields, rows, by)


def _change(
    connection: sqlite3.Connection, refs: Sequence[TaskRef], column: str, value: object, by: str
) -> None:
    _write(connection, (column,), dict.fromkeys(refs, (value,)), by)


def _write(
    connection: sqlite3.Connection,
    columns: Sequence[str],
    rows: Mapping[TaskRef, tuple[object, ...]],
    by: str,
) -> None:
    number = next_revision(connection)
    values = "".join(f", {name} = ?{place}" for place, name in enumerate(columns, 5))
    connection.executemany(
        f"UPDATE watched SET edited_by = ?3, revision = ?4{values} "
        "WHERE sdk_app_id = ?1 AND task_id = ?2 AND removed_at IS NULL",
        [(*_key(ref), by or None, number, *row) for ref, row in rows.items()],
    )


def _key(ref: TaskRef) -> tuple[int, str]:
    return ref.sdk_app_id, ref.task_id
