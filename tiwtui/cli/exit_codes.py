"""Exit codes: what a script learns about tasks without reading a word. Pure."""

from collections.abc import Iterable
from enum import IntEnum

from tiwtui.model import Phase, Task, Trouble, TroubleKind


class Exit(IntEnum):
    """How a command ended. Of several, the first in the order of `_FIRST` is the exit code.

    `CRASHED` is a bug in the program itself; no task causes it. From 129 on it is 128 and the number of
    the signal that ended the command, as shells count.
    """

    READY = 0
    NOT_READY = 1
    USAGE = 2
    NO_ANSWER = 3
    REFUSED = 4
    ACTIVE = 5
    CRASHED = 70
    TIMEOUT = 124
    HUNG_UP = 129
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


_FIRST = (
    Exit.INTERRUPTED,
    Exit.USAGE,
    Exit.REFUSED,
    Exit.TIMEOUT,
    Exit.NO_ANSWER,
    Exit.NOT_READY,
    Exit.ACTIVE,
)

_OF_TROUBLE = {
    TroubleKind.CREDENTIALS: Exit.REFUSED,
    TroubleKind.PERMISSION: Exit.REFUSED,
    TroubleKind.APP: Exit.REFUSED,
    TroubleKind.CONFIG: Exit.USAGE,
}


def first(exits: Iterable[Exit]) -> Exit:
    """Return the exit code of a command that met all of `exits`."""
    seen = frozenset(exits)
    return next((code for code in _FIRST if code in seen), Exit.READY)


def of_task(task: Task) -> Exit:
    """Return the exit code of a task: by its phase once it has settled, else by its last check."""
    if task.phase is Phase.READY:
        return Exit.READY
    if not task.phase.is_active:
        return Exit.NOT_READY
    return Exit.ACTIVE if task.trouble is None else of_trouble(task.trouble)


def of_trouble(trouble: Trouble) -> Exit:
    """Return the exit code of trouble."""
    return _OF_TROUBLE.get(trouble.kind, Exit.NO_ANSWER)
