"""The Videos tab with what its empty lines have room for: facts of the task, its timeline or its history.

A block is shown whole or not at all; the videos, or what is said instead of them, come first.
"""

from collections.abc import Sequence
from datetime import tzinfo

from tiwtui.listing.notes import Moment
from tiwtui.model import Details, Task
from tiwtui.ui.detail.history_tab import history_steps
from tiwtui.ui.detail.summary_tab import outlook_sheet
from tiwtui.ui.detail.task_facts import fact_rows
from tiwtui.ui.detail.timeline_tab import timeline_sheet
from tiwtui.ui.detail.videos_tab import videos_sheet
from tiwtui.ui.drawing.styled_text import Row, Sheet


def videos_overview(
    task: Task,
    details: Details,
    at: Moment,
    zone: tzinfo | None,
    width: int,
    height: int,
    *,
    has_numbers: bool,
    keys: Sequence[str],
    selected: int,
) -> Sheet:
    """Return the videos, the facts above them and the timeline below."""
    taken = [task.has_taken(video) for video in details.videos]
    table = videos_sheet(
        details.videos, width, at.glyphs, taken, has_numbers=has_numbers, keys=keys, error=task.error
    )
    room = height - table.height
    facts = _fitting(fact_rows(task, at, zone, width, room - 1), room)
    lanes = timeline_sheet(
        details.videos, task.total_time_ms, width, at.glyphs, has_numbers=False, selected=selected
    )
    below = _fitting((*lanes.head, *lanes.rows), height - table.height - len(facts))
    above = (*facts[1:], ()) if facts else ()
    return Sheet((*above, *table.head), table.rows, is_list=True, foot=below)


def outlook_overview(
    task: Task, details: Details, at: Moment, zone: tzinfo | None, width: int, height: int, check_key: str
) -> Sheet:
    """Return what is known of a task without videos, then its facts, then its history."""
    rows = outlook_sheet(task, at, width, check_key).rows
    removed_at = at.removed_at(task.ref)
    for block in (
        fact_rows(task, at, zone, width, height - len(rows) - 1),
        history_steps(task, details, at.now, zone, at.glyphs, width, removed_at),
    ):
        rows += _fitting(block, height - len(rows))
    return Sheet(rows=rows)


def _fitting(block: Sequence[Row], room: int) -> tuple[Row, ...]:
    """Return a block under an empty line, or nothing where it has no room."""
    return ((), *block) if block and len(block) < room else ()
