"""What words and patterns are looked for in: all that names a task or says what befell it.

A task's text is its fields, case-folded, a line each. It takes longer to make than to look through, and a
person types a word letter by letter: so those of all tasks are kept.

A pattern asks for each field as it is written. It can be looked for in the text in place of the fields where
the two differ in nothing that a pattern tells apart: see `Text`.
"""

from tiwtui.model import Task

READ_MOST = 200
"""So many characters of a field are looked at by a pattern."""


class Unlike(str):
    """A text in which a pattern may find what it does not find in the fields, or miss what it does.

    Case-folding made other letters of some than their small ones (`ß`, `İ`), a field is of several lines, or
    there is more than a pattern looks at.
    """

    __slots__ = ()


def fields_of(task: Task) -> tuple[str, ...]:
    """Return all that names a task or says what befell it."""
    room = "" if task.room_id is None else str(task.room_id)
    error = () if task.error is None else (task.error.code, task.error.message)
    return (task.ref.task_id, task.label, task.group_id, room, *task.users, *error)


def text_of(task: Task) -> str:
    """Return the fields, case-folded, a line each."""
    # Written out: the screen does this 100,000 times.
    room = "" if task.room_id is None else task.room_id
    text = f"{task.ref.task_id}\n{task.label}\n{task.group_id}\n{room}"
    ends = 3
    if task.users:
        text = "\n".join((text, *task.users))
        ends += len(task.users)
    if task.error is not None:
        text = f"{text}\n{task.error.code}\n{task.error.message}"
        ends += 2
    folded = text.casefold()
    is_alike = text.isascii() or (len(folded) == len(text) and folded == text.lower())
    return folded if is_alike and len(folded) <= READ_MOST and text.count("\n") == ends else Unlike(folded)
