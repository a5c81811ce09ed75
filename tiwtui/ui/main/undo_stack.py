"""What was taken off the watch list and one key brings back: the last removal first. Pure.

1. A removal of this run comes back as it was: with its marks, and the cursor on the screen line it had.
2. Once those are used up, the last removal that is kept comes next, whoever made it, if it is no older than
   `LATELY_S`; tasks that were removed at once belong to one removal.
3. Several tasks were marked, or they would not have gone at once: they are marked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from tiwtui.model import Removed, TaskRef

LATELY_S = 86_400.0
"""So long a removal that this run did not make is brought back by a key; later the filter finds it."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Tasks that went together, `at` in epoch seconds; `row` is the screen line of `cursor`, if any."""

    refs: tuple[TaskRef, ...]
    at: float
    marked: frozenset[TaskRef] = frozenset()
    cursor: TaskRef | None = None
    row: int | None = None
    is_own: bool = True


class Removals:
    """The removals of this run that were not brought back."""

    def __init__(self) -> None:
        self._made: list[Removal] = []

    def __bool__(self) -> bool:
        return bool(self._made)

    @property
    def last(self) -> Removal | None:
        """The removal that is brought back next."""
        return self._made[-1] if self._made else None

    def note(self, removal: Removal) -> None:
        """Take in that tasks were removed."""
        self._made.append(removal)

    def came_back(self, refs: Sequence[TaskRef]) -> None:
        """Forget tasks that are back: they are not brought back once more."""
        back = frozenset(refs)
        left = (replace(made, refs=tuple(ref for ref in made.refs if ref not in back)) for made in self._made)
        self._made = [made for made in left if made.refs]


def last_kept(removed: Sequence[Removed], now: float) -> Removal | None:
    """Return the last removal among those that are kept, the latest first; `None` where it is too old."""
    if not removed or now - removed[0].at >= LATELY_S:
        return None
    at = removed[0].at
    refs = tuple(gone.task.ref for gone in takewhile(lambda gone: gone.at == at, removed))
    return Removal(refs, at, frozenset(refs) if len(refs) > 1 else frozenset(), is_own=False)
