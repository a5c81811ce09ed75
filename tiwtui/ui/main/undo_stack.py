"""The removals that one key brings back, the last one first. Pure.

1. A removal of this run comes back as it was: with its marks, and the cursor on the screen line it had.
2. Once those are used up, the last saved removal comes next, whichever process made it, if it is no older
   than `LATELY_S`; tasks that were removed at once belong to one removal.
3. Several tasks were marked, or they would not have been removed at once: they are marked again.
"""

from collections.abc import Sequence
from itertools import takewhile

import msgspec

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


class UndoStack:
    """The removals of this run that were not brought back."""

    def __init__(self) -> None:
        self._made: list[Removal] = []

    def __bool__(self) -> bool:
        return bool(self._made)

    @property
    def last(self) -> Removal | None:
        """The removal that is brought back next."""
        return self._made[-1] if self._made else None

    def push(self, removal: Removal) -> None:
        """Note that tasks were removed."""
        self._made.append(removal)

    def came_back(self, refs: Sequence[TaskRef]) -> None:
        """Forget tasks that are back: they are not brought back again."""
        back = frozenset(refs)
        left = ((made, tuple(ref for ref in made.refs if ref not in back)) for made in self._made)
        self._made = [msgspec.structs.replace(made, refs=refs) for made, refs in left if refs]


def last_saved(removed: Sequence[Removed], now: float) -> Removal | None:
    """Return the last of the saved removals, which come latest first; `None` where it is too old."""
    if not removed or now - removed[0].at >= LATELY_S:
        return None
    at = removed[0].at
    refs = tuple(gone.task.ref for gone in takewhile(lambda gone: gone.at == at, removed))
    return Removal(refs, at, frozenset(refs) if len(refs) > 1 else frozenset(), is_own=False)
