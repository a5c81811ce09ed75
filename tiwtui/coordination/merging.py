"""What others changed of the tasks, taken over into the watching of this process.

1. A follower takes every task as the database has it.
2. The sender takes only what people changed, since what it found itself may not be on disk yet; of two states
   of a task the one with more checks is the later one.
"""

from tiwtui.engine.watcher import Watcher
from tiwtui.model import Task
from tiwtui.store.edits import Changes

_EDITED = ("label", "taken_at", "taken_by", "taken_videos", "seen_at", "done", "flagged_at")


def take_changes(watcher: Watcher, changes: Changes, now: float, wall: float, *, is_sender: bool) -> None:
    """Take over the tasks that changed, and take off those that were removed."""
    removed = set(changes.removed)
    if changes.is_whole:
        removed.update(set(watcher.tasks).difference(task.ref for task in changes.tasks))
    for ref in removed:
        watcher.remove(ref)
    for task in changes.tasks:
        known = watcher.tasks.get(task.ref)
        if known == task:
            # What was changed here comes back, of 100,000 tasks at once.
            continue
        if not is_sender or known is None or task.checks > known.checks:
            watcher.absorb(task, now, wall)
        else:
            _take_edits(watcher, known, task)


def _take_edits(watcher: Watcher, known: Task, task: Task) -> None:
    fields = {name: getattr(task, name) for name in _EDITED}
    since = known.phase_since
    if since is not None:
        # These belong to a phase, and a later one may not be saved yet.
        if task.seen_at is not None and task.seen_at < since:
            fields["seen_at"] = None
        if task.done is not None and task.done.at < since:
            fields["done"] = None
    if any(getattr(known, name) != value for name, value in fields.items()):
        watcher.edit(known.ref, **fields)
