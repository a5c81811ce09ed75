"""What people do to the watch list, and what is read of it: functions of a connection, in its transaction.

1. An edit writes *watched* alone. A new task that comes with what is known of it is saved with that; what is
   already observed of a task is never written over.
2. Adding a task that was removed brings it back with everything known, as `restore` does; adding one that is
   there changes at most its label.
3. A removed task is restored as it was last known, for as long as `retention` says.
"""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from tiwtui.model import Details, Removed, Task, TaskRef, Video
from tiwtui.store import retention
from tiwtui.store.codec import (
    TASK_COLUMNS,
    Row,
    is_moment,
    is_untouched,
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
    f"SELECT {TASK_COLUMNS}, d.videos "
    "FROM watched w LEFT JOIN observed o USING (id) LEFT JOIN details d USING (id)"
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
INSERT INTO watched (sdk_app_id, task_id, label, added_at, taken_at, seen_at, revision)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (sdk_app_id, task_id) DO UPDATE SET
    label = CASE WHEN excluded.label = '' THEN watched.label ELSE excluded.label END,
    added_at = CASE WHEN watched.removed_at IS NULL THEN watched.added_at ELSE excluded.added_at END,
    removed_at = NULL,
    revision = excluded.revision
"""
_ADD_OBSERVED = f"INSERT INTO observed (id, shown, revision) VALUES ({_ID}, ?3, ?4) ON CONFLICT DO NOTHING"
_RESTORE = """
UPDATE watched SET removed_at = NULL, revision = ?3
WHERE sdk_app_id = ?1 AND task_id = ?2 AND removed_at IS NOT NULL
RETURNING id
"""


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
    row = connection.execute(
        f"SELECT videos, oddities, raw, error_raw FROM details WHERE id = {_ID}", _key(ref)
    ).fetchone()
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


def add(connection: sqlite3.Connection, tasks: Sequence[Task]) -> None:
    """Put tasks on the watch list."""
    number = next_revision(connection)
    connection.executemany(
        _ADD,
        [(*_key(task.ref), task.label, task.added_at, task.taken_at, task.seen_at, number) for task in tasks],
    )
    connection.executemany(
        _ADD_OBSERVED,
        [(*_key(task.ref), shown_text(task), number) for task in tasks if not is_untouched(task)],
    )


def remove(connection: sqlite3.Connection, refs: Sequence[TaskRef], wall: float) -> None:
    """Take tasks off the watch list; they can be restored."""
    # The day of the removal is noted before, so that it is not one of the days since.
    retention.delete_removed(connection, wall)
    _change(connection, refs, "removed_at", wall)


def restore(connection: sqlite3.Connection, refs: Sequence[TaskRef]) -> list[Task]:
    """Put removed tasks back; return them."""
    restored: list[Row] = []
    number = next_revision(connection)
    for ref in refs:
        for row_id in connection.execute(_RESTORE, (*_key(ref), number)).fetchall():
            restored += connection.execute(f"{_TASKS} WHERE w.id = ?1", row_id).fetchall()
    return read_tasks(restored)


def label(connection: sqlite3.Connection, ref: TaskRef, text: str) -> None:
    """Change a task's label."""
    _change(connection, (ref,), "label", text)


def mark_seen(connection: sqlite3.Connection, refs: Sequence[TaskRef], wall: float) -> None:
    """Note that a person has looked at settled tasks."""
    _change(connection, refs, "seen_at", wall)


def mark_taken(connection: sqlite3.Connection, refs: Sequence[TaskRef], wall: float) -> None:
    """Note that the URLs of tasks were handed over."""
    _change(connection, refs, "taken_at", wall)


def _change(connection: sqlite3.Connection, refs: Sequence[TaskRef], column: str, value: object) -> None:
    number = next_revision(connection)
    connection.executemany(
        f"UPDATE watched SET {column} = ?3, revision = ?4 "
        "WHERE sdk_app_id = ?1 AND task_id = ?2 AND removed_at IS NULL",
        [(*_key(ref), value, number) for ref in refs],
    )


def _key(ref: TaskRef) -> tuple[int, str]:
    return ref.sdk_app_id, ref.task_id
