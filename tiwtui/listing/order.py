"""The order of a list: by one column of the table of columns, or the default one."""

from collections.abc import Callable

import msgspec

from tiwtui.listing.columns import SORT_KEYS
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


SORTABLE = tuple(SORT_KEYS)
