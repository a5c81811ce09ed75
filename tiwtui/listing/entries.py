"""Tasks by their key in an ordered list: finding, putting in and taking out, in O(log n) comparisons.

An entry carries its task, so that a filter that looks at all of them need not look each up. Key and reference
alone order the entries: no two have the same.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass

from tiwtui.listing.order import Key, Order
from tiwtui.listing.slices import SLICE, sliced, sorted_in_slices
from tiwtui.tasks import Task, TaskRef

Entry = tuple[Key, TaskRef, Task]


@dataclass(frozen=True, slots=True)
class Change:
    """What a step did to the shown rows: whether any came, went or moved, and which may look different."""

    has_moved: bool
    touched: frozenset[TaskRef] = frozenset()


def entries_of(tasks: Mapping[TaskRef, Task], order: Order) -> Generator[None, None, list[Entry]]:
    """Return the entries of all tasks in an order, yielding after each slice of work."""
    key = order.key
    entries: list[Entry] = []
    for some in sliced(tasks.items()):
        entries += [(key(task), ref, task) for ref, task in some]
        if len(some) == SLICE:
            yield
    return (yield from sorted_in_slices(entries))


def passing(entries: list[Entry], test: Callable[[Task], bool]) -> Generator[None, None, list[Entry]]:
    """Return the entries whose tasks pass a test, yielding after each slice of work."""
    passed: list[Entry] = []
    for some in sliced(entries):
        passed += [entry for entry in some if test(entry[2])]
        if len(some) == SLICE:
            yield
    return passed


def place_of(entries: list[Entry], key: Key, ref: TaskRef) -> int | None:
    """Return where a task's entry is in an ordered list, or `None` where it is not."""
    index = _place(entries, key, ref)
    return index if index < len(entries) and entries[index][1] == ref else None


def put(entries: list[Entry], entry: Entry) -> None:
    """Put an entry into an ordered list, in place of one of the same task and key, if there is one."""
    index = place_of(entries, entry[0], entry[1])
    if index is None:
        insort(entries, entry)
    else:
        entries[index] = entry


def move_many(entries: list[Entry], moved: Mapping[TaskRef, Entry]) -> None:
    """Give many tasks other places in an ordered list, those of them that are in it, by sorting it once."""
    entries[:] = [moved.get(entry[1], entry) for entry in entries]
    entries.sort()


def take(entries: list[Entry], key: Key, ref: TaskRef) -> bool:
    """Take a task's entry out of an ordered list; whether it was there."""
    index = place_of(entries, key, ref)
    if index is not None:
        del entries[index]
    return index is not None


def _place(entries: list[Entry], key: Key, ref: TaskRef) -> int:
    # The shorter of two tuples that are alike so far comes first.
    probe: tuple[Key, TaskRef] = (key, ref)
    return bisect_left(entries, probe)
