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

Of each task the state by which it got its place is kept, not the key: to copy those costs next to nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from tiwtui.listing.census import Census
from tiwtui.listing.entries import Change, Entry, entries_of, move_many, passing, place_of, put, take
from tiwtui.listing.order import Order
from tiwtui.listing.query import Query
from tiwtui.listing.slices import SLICE, sliced
from tiwtui.listing.tabs import Tab
from tiwtui.listing.terms import Around, Test
from tiwtui.listing.texts import Texts
from tiwtui.tasks import Task, TaskRef

LINGER_S = 10.0
MANY_MOVES = 200  # to sort all lines once takes less time than to move so many one by one
JUDGE_EACH_S = 5.0
"""So seldom are terms that turn with time looked at anew."""


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
        self._placed = dict(self._tasks)
        self._census = Census(self._tasks, now)
        self.turnover = 0  # rises whenever a line came or went
        self._spent: list[Entry] = []
        self._texts = Texts()
        self._leaving: dict[TaskRef, float] = {}
        self._to_move: set[TaskRef] = set()
        self._touched: dict[TaskRef, Task | None] | None = None
        """What changed since a rebuild began, and by which state it had its place then."""
        self._judge(now)
        self._judged_at = now
        key = self.order.key
        self._ordered: list[Entry] = sorted([(key(task), ref, task) for ref, task in self._tasks.items()])
        self._shown = list(self._ordered)
        if self.tab is not Tab.ALL or self.query.terms:
            self._shown = [entry for entry in self._ordered if self._belongs(entry[2])]

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, ref: TaskRef) -> bool:
        return self.index_of(ref) is not None

    def ref_at(self, index: int) -> TaskRef:
        """Return the task on a line, 0 on top."""
        return self._shown[~index if self.order.is_reversed else index][1]

    def index_of(self, ref: TaskRef) -> int | None:
        """Return the line a task is on, or `None` where it is not shown."""
        placed = self._placed.get(ref)
        if placed is None:
            return None
        index = place_of(self._shown, self.order.key(placed), ref)
        if index is None:
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
        refs = [ref for _key, ref, _task in self._shown]
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
        self._spent.clear()

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
        touched: dict[TaskRef, Task | None] = {}
        self._touched = touched
        self.around = around or replace(self.around, now=now)
        is_sorted = order.column == self.order.column
        placed = self._placed if is_sorted else dict(self._tasks)
        ordered = list(self._ordered) if is_sorted else (yield from entries_of(placed, order))
        shown = ordered
        if tab is not Tab.ALL or query.terms:
            shown = yield from passing(ordered, self._bound(tab, query))
        if self._touched is not touched:
            return
        for ref in (*self._to_move, *self._leaving):
            self._touch(ref)
        self._touched = None
        self._to_move.clear()
        self._leaving.clear()
        if not is_sorted:
            touched = {ref: placed.get(ref) for ref in touched}
            self._spent += self._ordered
            self._placed, self._ordered = placed, ordered
        self._spent += self._shown
        self._shown = list(shown) if shown is ordered else shown
        self.tab, self.query, self.order = tab, query, order
        self.turnover += 1
        if not query.terms:
            self._texts.clear()
        self._judge(now)
        self._judged_at = now
        for ref, was in touched.items():
            self._settle(ref, was)

    def let_go(self) -> Iterator[None]:
        """Free what rebuilds left behind: of a hundred thousand lines at once that would be felt."""
        while self._spent:
            del self._spent[-8 * SLICE :]
            yield

    def _touch(self, ref: TaskRef) -> None:
        """Remember, for a rebuild under way, that a task is no longer as it was when that began."""
        if self._touched is not None:
            self._touched.setdefault(ref, self._placed.get(ref))

    def _settle(self, ref: TaskRef, was: Task | None) -> None:
        """Put a task that changed during a rebuild where it belongs; `was` is how it was when that began."""
        if was is not None:
            take(self._shown, self.order.key(was), ref)
        placed, task = self._placed.pop(ref, None), self._tasks.get(ref)
        if placed is not None:
            take(self._ordered, self.order.key(placed), ref)
        if task is None:
            return
        self._placed[ref] = task
        entry = (self.order.key(task), ref, task)
        put(self._ordered, entry)
        if self._belongs(task):
            put(self._shown, entry)

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
        test, leaving = self._belongs, self._leaving
        shown: set[TaskRef] = set()
        for entries in sliced(list(self._shown)):
            shown.update([entry[1] for entry in entries])
            if len(entries) == SLICE:
                yield frozenset()
        for some in sliced(dict(self._tasks).items()):
            yield frozenset(ref for ref, task in some if test(task) != (ref in shown) or ref in leaving)

    def _judge(self, now: float) -> None:
        """Bind the filter to the time and what else is around the tasks."""
        self.around = replace(self.around, now=now)
        self._belongs = self._bound(self.tab, self.query)

    def _bound(self, tab: Tab, query: Query) -> Test:
        """Return the test for being in a tab and matching a filter, with what is around now."""
        if not query.terms:
            return self._census.test(tab)
        test = query.at(replace(self.around, text_of=self._texts.of))
        if tab is Tab.ALL:
            return test
        is_in_tab = self._census.test(tab)
        return lambda task: is_in_tab(task) and test(task)

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
            self._touch(ref)
            task = tasks.get(ref)
            if task is None:
                has_moved |= self._forget(ref)
                continue
            self._census.note(self._tasks.get(ref), task, now)
            self._tasks[ref] = task
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
        has_moved |= not is_held and self._move_all(still)
        return Change(has_moved, change.touched)

    def _forget(self, ref: TaskRef) -> bool:
        task = self._tasks.pop(ref, None)
        if task is None:
            return False
        self._census.forget(task)
        self._texts.forget(ref)
        self._leaving.pop(ref, None)
        self._to_move.discard(ref)
        key = self.order.key(self._placed.pop(ref))
        take(self._ordered, key, ref)
        self.turnover += 1
        return take(self._shown, key, ref)

    def _place(self, ref: TaskRef, task: Task, now: float, *, is_held: bool) -> bool:
        """Give one task its line, or let it start to leave; whether any line came or moved."""
        key, belongs, placed = self.order.key(task), self._belongs(task), self._placed.get(ref)
        if placed is None:
            self._placed[ref] = task
            put(self._ordered, (key, ref, task))
            if belongs:
                put(self._shown, (key, ref, task))
                self.turnover += 1
            return belongs
        old = self.order.key(placed)
        is_shown = place_of(self._shown, old, ref) is not None
        if is_shown and not belongs:
            self._leaving.setdefault(ref, now + LINGER_S)
        elif is_shown:
            self._leaving.pop(ref, None)
        if is_shown and key != old and (is_held or not belongs):
            self._to_move.add(ref)
            put(self._ordered, (old, ref, task))
            put(self._shown, (old, ref, task))
            return False
        self._move(ref)
        if belongs and not is_shown:
            put(self._shown, (key, ref, task))
            self.turnover += 1
        return belongs and (key != old or not is_shown)

    def _move(self, ref: TaskRef) -> None:
        """Give a task the place it should have in the order, and its line with it where it has one."""
        self._touch(ref)
        self._to_move.discard(ref)
        task = self._tasks[ref]
        old, key = self.order.key(self._placed[ref]), self.order.key(task)
        self._placed[ref] = task
        for entries in (self._ordered, self._shown):
            if place_of(entries, old, ref) is not None:
                if old != key:
                    take(entries, old, ref)
                put(entries, (key, ref, task))

    def _move_all(self, still: TaskRef | None = None) -> bool:
        """Move what was held, except lines that are leaving: those stay in sight until they go."""
        movable = [ref for ref in self._to_move if ref not in self._leaving and ref != still]
        if len(movable) < MANY_MOVES:
            for ref in movable:
                self._move(ref)
            return bool(movable)
        moved: dict[TaskRef, Entry] = {}
        for ref in movable:
            self._touch(ref)
            task = self._placed[ref] = self._tasks[ref]
            moved[ref] = (self.order.key(task), ref, task)
        self._to_move -= moved.keys()
        move_many(self._ordered, moved)
        move_many(self._shown, moved)
        return True

    def _hide(self, ref: TaskRef) -> None:
        self._touch(ref)
        self.turnover += 1
        del self._leaving[ref]
        take(self._shown, self.order.key(self._placed[ref]), ref)
        if ref in self._to_move:
            self._move(ref)
