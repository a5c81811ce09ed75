"""The view of the watch list that one list shows: ordered, filtered, counted, and kept so change by change.

Laws:
1. Every task is in the order once; the shown rows are a subsequence of the order.
2. After `release` with nothing pinned, still or held and all lines due to leave, the view is what sorting
   and filtering the tasks afresh would give.
3. A shown task that stops matching keeps its line: while it is pinned, and `LINGER_S` otherwise.
4. While held, no line that stays moves; lines only come and go. The line of the `still` task, the one under
   the cursor, never moves by itself.
5. A change of n tasks costs O(n · log size) comparisons.
6. What looks at all tasks (another tab, filter or order; terms that turn with time) is done in slices.
   Between them the view goes on as it was; it takes the new look in one step, with what changed meanwhile.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tiwtui.listing.census import Census
from tiwtui.listing.entries import Entry, holds, take
from tiwtui.listing.order import Key, Order
from tiwtui.listing.query import Query
from tiwtui.listing.slices import SLICE, sliced, sorted_in_slices
from tiwtui.listing.tabs import Tab
from tiwtui.listing.terms import Around
from tiwtui.tasks import Task, TaskRef

LINGER_S = 10.0
JUDGE_EACH_S = 5.0
"""So seldom are terms that turn with time looked at anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a step did to the shown rows: whether any came, went or moved, and which may look different."""

    has_moved: bool
    touched: frozenset[TaskRef] = frozenset()


class View:
    """The rows one list shows, of the tasks it was last told of."""

    def __init__(
        self,
        tasks: Mapping[TaskRef, Task],
        now: float,
        *,
        tab: Tab = Tab.ALL,
        query: Query | None = None,
        order: Order | None = None,
        around: Around | None = None,
    ) -> None:
        self._tasks = dict(tasks)
        self.tab = tab
        self.query = query or Query()
        self.order = order or Order()
        self.around = around or Around(now)
        self._placed: dict[TaskRef, Key] = {}
        self._census = Census(self._tasks, now)
        self._ordered: list[Entry] = []
        self._shown: list[Entry] = []
        self._leaving: dict[TaskRef, float] = {}
        self._to_move: set[TaskRef] = set()
        self._touched: set[TaskRef] | None = None
        self._judge(now)
        self._judged_at = now
        key = self.order.key
        self._placed = {ref: key(task) for ref, task in self._tasks.items()}
        self._ordered = sorted((key, ref) for ref, key in self._placed.items())
        self._shown = list(self._ordered)
        if self.tab is not Tab.ALL or self.query.terms:
            self._shown = [entry for entry in self._ordered if self._belongs(entry[1])]

    # Reading

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, ref: TaskRef) -> bool:
        return self.index_of(ref) is not None

    def ref_at(self, index: int) -> TaskRef:
        """Return the task on a line, 0 on top."""
        return self._shown[~index if self.order.is_reversed else index][1]

    def index_of(self, ref: TaskRef) -> int | None:
        """Return the line a task is on, or `None` where it is not shown."""
        key = self._placed.get(ref)
        if key is None:
            return None
        entry = (key, ref)
        index = bisect_left(self._shown, entry)
        if index == len(self._shown) or self._shown[index][1] != ref:
            return None
        return len(self._shown) - 1 - index if self.order.is_reversed else index

    @property
    def tasks(self) -> Mapping[TaskRef, Task]:
        """All tasks as the view was last told of them, shown or not."""
        return self._tasks

    def task(self, ref: TaskRef) -> Task:
        """Return a task as the view was last told of it."""
        return self._tasks[ref]

    def refs(self) -> list[TaskRef]:
        """Return all shown tasks from the top."""
        refs = [ref for _key, ref in self._shown]
        return refs[::-1] if self.order.is_reversed else refs

    def has_left(self, ref: TaskRef) -> bool:
        """Return whether a shown task no longer matches and only keeps its line for a while."""
        return ref in self._leaving

    def count(self, tab: Tab) -> int:
        """Return how many tasks are in a tab, whatever the filter."""
        return self._census.count(tab)

    # Choosing what is shown

    def show(
        self, now: float, *, tab: Tab | None = None, query: Query | None = None, order: Order | None = None
    ) -> None:
        """Show another tab, filter or order at once; lines that were only lingering are gone."""
        for _slice in self.rebuilt(now, tab=tab, query=query, order=order):
            pass

    def rebuilt(
        self,
        now: float,
        *,
        tab: Tab | None = None,
        query: Query | None = None,
        order: Order | None = None,
        around: Around | None = None,
    ) -> Iterator[None]:
        """Show another tab, filter or order once all slices are done; beginning another one abandons this."""
        tab, query = self.tab if tab is None else tab, self.query if query is None else query
        order = self.order if order is None else order
        touched = self._touched = set()
        self.around = around or replace(self.around, now=now)
        is_sorted = order.column == self.order.column
        placed = self._placed
        ordered = list(self._ordered)
        if not is_sorted:
            placed, ordered = yield from self._sorted(order)
        shown = ordered
        if tab is not Tab.ALL or query.terms:
            shown = yield from self._cut(ordered, tab, query.at(self.around))
        if self._touched is not touched:
            return
        self._touched = None
        touched |= self._to_move
        touched.update(self._leaving)
        self._to_move.clear()
        self._leaving.clear()
        self.tab, self.query, self.order = tab, query, order
        self._judge(now)
        self._judged_at = now
        self._shown = [entry for entry in shown if entry[1] not in touched] if touched else list(shown)
        if not is_sorted:
            self._placed = placed
            self._ordered = [entry for entry in ordered if entry[1] not in touched] if touched else ordered
            for ref in touched:
                placed.pop(ref, None)
        for ref in touched & self._tasks.keys():
            self._settle(ref)

    def _settle(self, ref: TaskRef) -> None:
        """Put a task that changed during a rebuild where it belongs; it has no line yet."""
        key, old = self.order.key(self._tasks[ref]), self._placed.get(ref)
        if key != old:
            if old is not None:
                take(self._ordered, (old, ref))
            insort(self._ordered, (key, ref))
            self._placed[ref] = key
        if self._belongs(ref):
            insort(self._shown, (key, ref))

    def _sorted(self, order: Order) -> Generator[None, None, tuple[dict[TaskRef, Key], list[Entry]]]:
        key = order.key
        placed: dict[TaskRef, Key] = {}
        for some in sliced(list(self._tasks.items())):
            placed.update((ref, key(task)) for ref, task in some)
            yield
        entries = [(key, ref) for ref, key in placed.items()]
        return placed, (yield from sorted_in_slices(entries))

    def _cut(
        self, ordered: list[Entry], tab: Tab, test: Callable[[Task], bool]
    ) -> Generator[None, None, list[Entry]]:
        """Return the entries that a tab and a filter show, without those whose tasks are gone."""
        bit, members, tasks = tab.bit, self._census.bits, self._tasks
        shown: list[Entry] = []
        for some in sliced(ordered):
            shown += [
                entry
                for entry in some
                if (bits := members.get(entry[1])) is not None and bits & bit and test(tasks[entry[1]])
            ]
            if len(some) == SLICE:
                yield
        return shown

    def look_around(self, around: Around) -> Iterator[frozenset[TaskRef]]:
        """Yield, slice by slice, the tasks that the filter judges otherwise than their lines say.

        Each is to be handed to `apply`. That the time has turned counts each five seconds only.
        """
        is_only_later = around == replace(self.around, now=around.now)
        is_due = self.query.turns_with_time and not 0 <= around.now - self._judged_at < JUDGE_EACH_S
        if is_only_later and not is_due:
            return
        self.around = around
        self._judge(around.now)
        self._judged_at = around.now
        test, bit, shown = self._test, self.tab.bit, {entry[1] for entry in self._shown}
        leaving = self._leaving
        for some in sliced(list(self._tasks.items())):
            yield frozenset(
                ref
                for ref, task in some
                if (bool(self._census.bits.get(ref, 0) & bit) and test(task)) != (ref in shown)
                or (ref in leaving)
            )

    def _judge(self, now: float) -> None:
        """Bind the filter to the time and what else is around the tasks."""
        self.around = replace(self.around, now=now)
        self._test = self.query.at(self.around)

    # Following

    def apply(
        self,
        changed: Iterable[TaskRef],
        tasks: Mapping[TaskRef, Task],
        now: float,
        *,
        is_held: bool = False,
        still: TaskRef | None = None,
    ) -> Change:
        """Take in tasks that changed, came or vanished; no line moves while `is_held`, `still`'s never."""
        has_moved = False
        touched: set[TaskRef] = set()
        if self.query.turns_with_time:
            self._judge(now)
        for ref in changed:
            if self._touched is not None:
                self._touched.add(ref)
            task = tasks.get(ref)
            if task is None:
                has_moved |= self._forget(ref)
                continue
            self._tasks[ref] = task
            self._census.note(task, now)
            has_moved |= self._place(ref, task, now, is_held=is_held or ref == still)
            touched.add(ref)
        return Change(has_moved, frozenset(touched))

    def release(
        self,
        now: float,
        *,
        is_held: bool = False,
        still: TaskRef | None = None,
        pinned: Collection[TaskRef] = (),
    ) -> Change:
        """Let time do its part: turn memberships, let lines leave, and move held ones unless `is_held`."""
        turned = self._census.turned(self._tasks, now)
        change = self.apply(turned, self._tasks, now, is_held=is_held, still=still)
        has_moved = change.has_moved
        for ref in [ref for ref, until in self._leaving.items() if until <= now and ref not in pinned]:
            self._hide(ref)
            has_moved = True
        if not is_held:
            has_moved |= self._move_all(still)
        return Change(has_moved, change.touched)

    # Steps

    def _forget(self, ref: TaskRef) -> bool:
        if self._tasks.pop(ref, None) is None:
            return False
        self._census.forget(ref)
        self._leaving.pop(ref, None)
        self._to_move.discard(ref)
        entry = (self._placed[ref], ref)
        take(self._ordered, entry)
        was_shown = take(self._shown, entry)
        del self._placed[ref]
        return was_shown

    def _place(self, ref: TaskRef, task: Task, now: float, *, is_held: bool) -> bool:
        """Give one task its line, or let it start to leave; whether any line came or moved."""
        key = self.order.key(task)
        belongs = self._belongs(ref)
        placed = self._placed.get(ref)
        if placed is None:
            self._placed[ref] = key
            insort(self._ordered, (key, ref))
            if belongs:
                insort(self._shown, (key, ref))
            return belongs
        is_shown = holds(self._shown, (placed, ref))
        if is_shown and not belongs:
            self._leaving.setdefault(ref, now + LINGER_S)
        elif is_shown:
            self._leaving.pop(ref, None)
        if is_shown and (is_held or not belongs):
            if placed == key:
                self._to_move.discard(ref)
            else:
                self._to_move.add(ref)
            return False
        if placed == key and is_shown == belongs:
            return False
        self._move(ref, key)
        if belongs and not is_shown:
            insort(self._shown, (key, ref))
        return belongs

    def _move(self, ref: TaskRef, key: Key) -> None:
        """Give a task another place in the order, and its line with it where it has one."""
        self._to_move.discard(ref)
        old = self._placed[ref]
        if old == key:
            return
        self._placed[ref] = key
        take(self._ordered, (old, ref))
        insort(self._ordered, (key, ref))
        if take(self._shown, (old, ref)):
            insort(self._shown, (key, ref))

    def _move_all(self, still: TaskRef | None = None) -> bool:
        """Move what was held, except lines that are leaving: those stay where the eye is until they go."""
        movable = [ref for ref in self._to_move if ref not in self._leaving and ref != still]
        for ref in movable:
            self._move(ref, self.order.key(self._tasks[ref]))
        return bool(movable)

    def _hide(self, ref: TaskRef) -> None:
        del self._leaving[ref]
        take(self._shown, (self._placed[ref], ref))
        if ref in self._to_move:
            self._move(ref, self.order.key(self._tasks[ref]))

    def _belongs(self, ref: TaskRef) -> bool:
        return bool(self._census.bits[ref] & self.tab.bit) and self._test(self._tasks[ref])
