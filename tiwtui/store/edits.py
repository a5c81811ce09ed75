"""What people do to the watch list, as transactions; and what is read of it. Runs on the store's thread.

1. Each edit is one transaction: kept when it returns, or nothing of it.
2. An edit writes *watched* alone. A new task that comes with what is known of it is kept with that; what is
   already observed of a task is never written over.
3. Adding a task that was removed brings it back with everything known, as `restore` does; adding one that is
   there changes at most its label.
4. Removed tasks are forgotten when the next is removed or a process becomes the sender, once
   `REMOVED_KEPT_DAYS` days are over by the clock and on as many days since the list was used. A clock that
   jumps ahead, or was behind at the removal, makes the first come early, but is one day of use at most.
   Nothing else is ever forgotten here; of what was observed of a task `findings` keeps the latest.
"""

import sqlite3
from collections.abc import Sequence

from tiwtui.model import Details, Task, TaskRef, Video
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
from tiwtui.store.schema import next_revision, reading, revision, writing
from tiwtui.store.store import Removed

REMOVED_KEPT_DAYS = 30
DAY_S = 86_400.0
REMOVED_KEPT_S = REMOVED_KEPT_DAYS * DAY_S
_SINGLY_MOST = 1000
"""Up to how many tasks are looked up each for itself, instead of reading all there are."""

_TASKS = f"SELECT {TASK_COLUMNS} FROM watched w LEFT JOIN observed o USING (id)"
_REMOVED_TASKS = (
    f"SELECT {TASK_COLUMNS}, w.removed_at FROM watched w LEFT JOIN observed o USING (id) "
    "WHERE w.removed_at IS NOT NULL"
)
KEPT_TASKS = (
    f"SELECT {TASK_COLUMNS}, d.videos "
    "FROM watched w LEFT JOIN observed o USING (id) LEFT JOIN details d USING (id)"
)
"""Tasks with their videos as they are kept."""
_OF_ONE = "w.sdk_app_id = ? AND w.task_id = ?"
_ID = "(SELECT id FROM watched WHERE sdk_app_id = ? AND task_id = ?)"

_ADD = """
INSERT INTO watched (sdk_app_id, task_id, label, added_at, taken_at, seen_at, revision)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (sdk_app_id, task_id) DO UPDATE SET
    label = iif(excluded.label = '', label, excluded.label),
    added_at = iif(removed_at IS NULL, added_at, excluded.added_at),
    removed_at = NULL,
    revision = excluded.revision
"""
# A removed task's row has the revision of its removal, and a day that of the last edit before it was noted.
_FORGOTTEN = f"""
SELECT id FROM watched WHERE removed_at < ? AND revision <= (
    SELECT revision FROM days ORDER BY revision DESC LIMIT 1 OFFSET {REMOVED_KEPT_DAYS - 1}
)
"""
_ADD_OBSERVED = f"INSERT OR IGNORE INTO observed (id, shown, revision) VALUES ({_ID}, ?, ?)"


def watched_tasks(connection: sqlite3.Connection) -> tuple[int, list[Task]]:
    """Return every watched task, and the revision up to which they are known by that."""
    with reading(connection):
        rows = connection.execute(f"{_TASKS} WHERE w.removed_at IS NULL ORDER BY w.id")
        return revision(connection), read_tasks(rows)


def removed_tasks(connection: sqlite3.Connection) -> list[Removed]:
    """Return the tasks that were removed and can be restored, the last removed first."""
    rows = connection.execute(f"{_REMOVED_TASKS} ORDER BY w.removed_at DESC, w.id DESC").fetchall()
    tasks = read_tasks(row[:-1] for row in rows)
    return [
        Removed(task, row[-1] if is_moment(row[-1]) else 0.0) for task, row in zip(tasks, rows, strict=True)
    ]


def details_of(connection: sqlite3.Connection, ref: TaskRef) -> Details:
    """Return what is kept of one task beyond its row, also of a removed one."""
    with reading(connection):
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
    with reading(connection):
        if len(wanted) <= _SINGLY_MOST:
            rows = [
                row for ref in wanted for row in connection.execute(f"{query} WHERE {_OF_ONE}", _key(ref))
            ]
        else:
            rows = connection.execute(query).fetchall()
    each = ((TaskRef(app, task_id), text) for app, task_id, text in rows)
    return {ref: videos for ref, text in each if ref in wanted and (videos := read_videos(text))}


def processing_times(connection: sqlite3.Connection, count: int) -> list[float]:
    """Return how long the last `count` tasks that became ready were seen processing, in seconds."""
    rows = connection.execute(
        """
        SELECT r.at - p.at FROM transitions r JOIN transitions p ON p.number = (
            SELECT max(number) FROM transitions WHERE id = r.id AND number < r.number
        )
        WHERE r.phase = 'ready' AND p.phase = 'processing' ORDER BY r.number DESC LIMIT ?
        """,
        (count,),
    )
    return [max(0.0, seconds) for (seconds,) in reversed(rows.fetchall())]


def add(connection: sqlite3.Connection, tasks: Sequence[Task]) -> None:
    """Put tasks on the watch list."""
    if not tasks:
        return
    with writing(connection):
        number = next_revision(connection)
        connection.executemany(
            _ADD,
            [
                (*_key(task.ref), task.label, task.added_at, task.taken_at, task.seen_at, number)
                for task in tasks
            ],
        )
        connection.executemany(
            _ADD_OBSERVED,
            [(*_key(task.ref), shown_text(task), number) for task in tasks if not is_untouched(task)],
        )


def remove(connection: sqlite3.Connection, refs: Sequence[TaskRef], wall: float) -> None:
    """Take tasks off the watch list; they are kept with everything known, as long as law 4 says."""
    # The day of the removal is noted before, so that it is not one of the days since.
    forget_removed(connection, wall)
    _change(connection, refs, "removed_at = ?", wall)


def restore(connection: sqlite3.Connection, refs: Sequence[TaskRef]) -> list[Task]:
    """Put removed tasks back; return them."""
    if not refs:
        return []
    back: list[Row] = []
    with writing(connection):
        number = next_revision(connection)
        for ref in refs:
            changed = connection.execute(
                "UPDATE watched SET removed_at = NULL, revision = ? "
                "WHERE sdk_app_id = ? AND task_id = ? AND removed_at IS NOT NULL",
                (number, *_key(ref)),
            )
            if changed.rowcount:
                back += connection.execute(f"{_TASKS} WHERE {_OF_ONE}", _key(ref)).fetchall()
    return read_tasks(back)


def label(connection: sqlite3.Connection, ref: TaskRef, text: str) -> None:
    """Change a task's label."""
    _change(connection, (ref,), "label = ?", text)


def mark_seen(connection: sqlite3.Connection, refs: Sequence[TaskRef], wall: float) -> None:
    """Keep that a person has looked at settled tasks."""
    _change(connection, refs, "seen_at = ?", wall)


def mark_taken(connection: sqlite3.Connection, refs: Sequence[TaskRef], wall: float) -> None:
    """Keep that the URLs of tasks were handed over."""
    _change(connection, refs, "taken_at = ?", wall)


def forget_removed(connection: sqlite3.Connection, wall: float) -> None:
    """Note that the list is used today, and forget the tasks whose days are over by law 4."""
    today, before = int(wall // DAY_S), wall - REMOVED_KEPT_S
    if connection.execute("SELECT 1 FROM days WHERE day = ?", (today,)).fetchone() is None:
        with writing(connection):
            connection.execute("INSERT OR IGNORE INTO days SELECT ?, revision FROM counter", (today,))
    if connection.execute(f"{_FORGOTTEN} LIMIT 1", (before,)).fetchone() is None:
        return
    with writing(connection):
        for table in ("observed", "details", "transitions", "watched"):
            connection.execute(f"DELETE FROM {table} WHERE id IN ({_FORGOTTEN})", (before,))


def _change(connection: sqlite3.Connection, refs: Sequence[TaskRef], what: str, value: object) -> None:
    if not refs:
        return
    with writing(connection):
        number = next_revision(connection)
        connection.executemany(
            f"UPDATE watched SET {what}, revision = ? "
            "WHERE sdk_app_id = ? AND task_id = ? AND removed_at IS NULL",
            [(value, number, *_key(ref)) for ref in refs],
        )


def _key(ref: TaskRef) -> tuple[int, str]:
    return ref.sdk_app_id, ref.task_id
