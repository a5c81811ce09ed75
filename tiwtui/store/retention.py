"""How long what is saved stays. Every rule stands here, and nothing else is ever deleted.

1. A task on the list stays until a person removes it.
2. A removed task can be restored for `REMOVED_DAYS` days. It is deleted when the next one is removed or a
   process becomes the sender, once that many days are over by the clock, and the list was used on as many
   days since. A clock that jumps ahead, or was behind at the removal, makes the first come early, but is one
   day of use at most.
3. Of each task the last `TRANSITIONS` changes of phase stay.
4. Of each task's answers the last good one stays, and the latest after it if that was an error or could not
   be read.
"""

import sqlite3

REMOVED_DAYS = 30
TRANSITIONS = 50
DAY_S = 86_400.0
REMOVED_S = REMOVED_DAYS * DAY_S

_NOTE_DAY = """
INSERT INTO days (day, revision) SELECT ?1, revision FROM counter WHERE true ON CONFLICT (day) DO NOTHING
"""
# A removed task's row has the revision of its removal, and a day that of the last edit before it was noted.
_OVER = f"""
SELECT id FROM watched WHERE removed_at < ?1 AND revision <= (
    SELECT revision FROM days ORDER BY revision DESC LIMIT 1 OFFSET {REMOVED_DAYS - 1}
)
"""
_EARLIER_TRANSITIONS = f"""
DELETE FROM transitions WHERE id = ?1 AND number <= (
    SELECT number FROM transitions WHERE id = ?1 ORDER BY number DESC LIMIT 1 OFFSET {TRANSITIONS}
)
"""


def delete_removed(connection: sqlite3.Connection, wall: float) -> None:
    """Note that the list is used today, and delete the removed tasks whose days are over by law 2."""
    connection.execute(_NOTE_DAY, (int(wall // DAY_S),))
    before = (wall - REMOVED_S,)
    if connection.execute(f"{_OVER} LIMIT 1", before).fetchone() is not None:
        for table in ("observed", "details", "transitions", "watched"):
            connection.execute(f"DELETE FROM {table} WHERE id IN ({_OVER})", before)


def delete_transitions(connection: sqlite3.Connection, row_id: int) -> None:
    """Delete a task's earlier changes of phase, by law 3."""
    connection.execute(_EARLIER_TRANSITIONS, (row_id,))
