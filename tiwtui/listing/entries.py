"""Tasks by their key in an ordered list: whether one is there, and taking it out, in O(log n) comparisons."""

from bisect import bisect_left

from tiwtui.listing.order import Key
from tiwtui.tasks import TaskRef

Entry = tuple[Key, TaskRef]


def holds(entries: list[Entry], entry: Entry) -> bool:
    """Return whether an entry is in an ordered list."""
    index = bisect_left(entries, entry)
    return index < len(entries) and entries[index] == entry


def take(entries: list[Entry], entry: Entry) -> bool:
    """Take an entry out of an ordered list; whether it was there."""
    index = bisect_left(entries, entry)
    if index == len(entries) or entries[index] != entry:
        return False
    del entries[index]
    return True
