"""What a word is looked for in: all that names a task or says what befell it, joined and case-folded.

It takes longer to make than to look through, and a person types a word letter by letter: so it is kept while
words are looked for.
"""

from tiwtui.tasks import Task, TaskRef


def text_of(task: Task) -> str:
    """Return all that a word is looked for in, a line each."""
    room = "" if task.room_id is None else task.room_id
    text = f"{task.ref.task_id}\n{task.label}\n{task.group_id}\n{room}"
    if task.users:
        text = "\n".join((text, *task.users))
    if task.error is not None:
        text = f"{text}\n{task.error.code}\n{task.error.message}"
    return text.casefold()


class Texts:
    """The texts of the tasks that were looked through; a task that changed is another object."""

    def __init__(self) -> None:
        self._kept: dict[TaskRef, tuple[Task, str]] = {}

    def of(self, task: Task) -> str:
        """Return the text of a task."""
        ref = task.ref
        kept = self._kept.get(ref)
        if kept is not None and kept[0] is task:
            return kept[1]
        text = text_of(task)
        self._kept[ref] = (task, text)
        return text

    def forget(self, ref: TaskRef) -> None:
        """Let go of the text of a task that is gone."""
        self._kept.pop(ref, None)

    def clear(self) -> None:
        """Let go of all."""
        self._kept.clear()
