"""What one key takes back, the last first: removals, and how tasks were handled. Pure.

1. A removal of this run comes back as it was: with its marks, and the cursor on the screen line it had.
2. Once those are used up, the last saved removal comes next, whichever process made it, if it is no older
   than `LATELY_S`; tasks that were removed at once belong to one removal.
3. Several tasks were marked, or they would not have been removed at once: they are marked again.
"""

from collections.abc import Awaitable, Callable, Sequence
from itertools import takewhile

import msgspec

from tiwtui.i18n import _, ngettext
from tiwtui.model import Removed, TaskRef

LATELY_S = 86_400.0
"""A saved removal older than this is not brought back by a key; the filter finds it."""


class Removal(msgspec.Struct, frozen=True):
    """Tasks that were removed together, `at` in epoch seconds; `row` is the screen line of `cursor`."""

    refs: tuple[TaskRef, ...]
    at: float
    marked: frozenset[TaskRef] = frozenset()
    cursor: TaskRef | None = None
    row: int | None = None
    is_own: bool = True


class Handled(msgspec.Struct, frozen=True):
    """What was noted of tasks, `at` in epoch seconds; `take_back` does so and returns a message."""

    refs: tuple[TaskRef, ...]
    at: float
    take_back: Callable[[], Awaitable[str]]


class UndoStack:
    """What was done in this run and not taken back."""

    def __init__(self) -> None:
        self._made: list[Removal | Handled] = []

    def __bool__(self) -> bool:
        return bool(self._made)

    @property
    def last(self) -> Removal | Handled | None:
        """What is taken back next."""
        return self._made[-1] if self._made else None

    def push(self, made: Removal | Handled) -> None:
        """Note that tasks were removed or handled."""
        self._made.append(made)

    def taken_back(self, handled: Handled) -> None:
        """Forget what was noted of tasks, since it is taken back."""
        self._made = [made for made in self._made if made is not handled]

    def came_back(self, refs: Sequence[TaskRef]) -> None:
        """Forget tasks that are back: they are not brought back again."""
        back = frozenset(refs)
        left: list[Removal | Handled] = []
        for made in self._made:
            if isinstance(made, Removal):
                made = msgspec.structs.replace(made, refs=tuple(ref for ref in made.refs if ref not in back))
            if made.refs:
                left.append(made)
        self._made = left


def last_saved(removed: Sequence[Removed], now: float) -> Removal | None:
    """Return the last of the saved removals, which come latest first; `None` where it is too old."""
    if not removed or now - removed[0].at >= LATELY_S:
        return None
    at = removed[0].at
    refs = tuple(gone.task.ref for gone in takewhile(lambda gone: gone.at == at, removed))
    return Removal(refs, at, frozenset(refs) if len(refs) > 1 else frozenset(), is_own=False)


# What is said of a change: the words for one, and those for several in a row


def removed_words(count: int) -> tuple[str, str]:
    """Return what is said once tasks are removed."""
    text = ngettext("{tasks} removed; {key} brings it back", "{tasks} removed; {key} brings them back", count)
    return text, _("{n} removed; {key} brings back the last")


def done_words(*, is_done: bool) -> tuple[str, str]:
    """Return what is said once tasks are acknowledged, or no longer are."""
    if is_done:
        return _("{tasks} done; {key} takes it back"), _("{n} done; {key} takes back the last")
    return _("{tasks} not done; {key} takes it back"), _("{n} not done; {key} takes back the last")
