"""The order of a list: by one column of the table of columns, or the default one."""

from collections.abc import Callable, Iterable
from string import ascii_lowercase

import msgspec

from tiwtui.listing.columns import LARGEST_FIRST, SORT_KEYS
from tiwtui.listing.sort_keys import Key, default_key
from tiwtui.model import Task


class Order(msgspec.Struct, frozen=True):
    """The column a list is sorted by, `""` for the default order, and whether in reverse."""

    column: str = ""
    is_reversed: bool = False

    @property
    def key(self) -> Callable[[Task], Key]:
        """The function from a task to its key; the smallest key is on top."""
        return SORT_KEYS[self.column] if self.column else default_key

    @property
    def has_largest_first(self) -> bool:
        """Whether what the column shows gets smaller from top to bottom."""
        return self.is_reversed != (self.column in LARGEST_FIRST)


SORTABLE = tuple(SORT_KEYS)

_FIXED_LETTERS = {
    "": "0", "phase": "p", "app": "a", "task": "t", "label": "l", "room": "r", "group": "g", "in_phase": "c",
    "checked": "h", "videos": "v", "length": "n", "size": "s", "expires": "e", "taken": "k", "added": "d",
    "note": "o",
}  # fmt: skip
_TO_CLOSE = "q"


def letters(columns: Iterable[str]) -> dict[str, str]:
    """Return a letter for each column, by which the sort menu knows it.

    A column that has none of its own gets one of its name, else of the alphabet, that is free.
    """
    found: dict[str, str] = {}
    for column in columns:
        taken = {"_", _TO_CLOSE, *_FIXED_LETTERS.values(), *found.values()}
        free = (char for char in column + ascii_lowercase if char not in taken)
        found[column] = _FIXED_LETTERS.get(column) or next(free)
    return found


LETTERS = letters(("", *SORTABLE))
"""The letter of each order, the default one first."""


def sorting_column(column: str) -> str:
    """Return the column that sorts a list as a title shows it: Name is sorted by label."""
    return "label" if column == "name" else column
