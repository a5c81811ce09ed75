"""The rows that one list shows: tasks ordered, filtered and counted, updated change by change.

1. Every task is in the order once; the shown rows are a subsequence of the order.
2. After `release`, with nothing pinned or held and with every leaving line gone, the view equals what
   sorting and filtering all tasks again would give.
3. A shown task that stops matching keeps its line while it is pinned, and otherwise for `LINGER_S`.
4. While held, no line that stays moves; lines only come and go.
5. A change of n tasks takes O(n · log size) comparisons.
6. What reads all tasks (another tab, filter or order; terms that change with time) is done in slices. Between
   slices the view is as before; after the last it changes in one step and includes what changed meanwhile.

The key by which each task was last placed is saved for its row; a task is moved by comparing with that.
"""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from itertools import chain, islice

import msgspec

from tiwtui.listing.attention.problems import Problems
from tiwtui.listing.index import SLICE, SortedRows, TaskIndex, move, sorted_rows
from tiwtui.listing.order import Order
from tiwtui.listing.query.parser import Query
from tiwtui.listing.query.search import Matcher
from tiwtui.listing.query.terms import Context
from tiwtui.listing.rebuild import Rebuild, ViewParameters
from tiwtui.listing.recheck import Recheck
from tiwtui.listing.sort_keys import Key
from tiwtui.listing.tab_counts import TabCounts
from tiwtui.listing.tabs import Tab
from tiwtui.model import Task, TaskRef

LINGER_S = 10.0
APPLIED_AT_ONCE = SLICE // 4
"""Of how many changed tasks `apply` takes no longer than a key may wait."""
_FREED = 8 * SLICE
_LOOKED_FOR = 500
"""How many tasks are looked for among the shown ones at most, to see whether any is shown."""


class Change(msgspec.Struct, frozen=True):
    """What a step did to the shown rows: whether any came, went or moved, and which may look different.

    It `is_resorted` where rows that stay changed places.
    """

    has_moved: bool
    touched: frozenset[TaskRef] = frozenset()
    is_resorted: bool = False


class View:
    """The rows one list shows, of the tasks as they were last given to it."""

    def __init__(
        self,
        tasks: Mapping[TaskRef, Task],
        now: float,
        *,
        tab: Tab = Tab.ALL,
        query: Query | None = None,
        order: Order | None = None,
        context: Context | None = None,
    ) -> None:
        self._index = index = TaskIndex(tasks)
        self.tab = tab
        self.query = query or Query()
        self.order = order or Order()
        self.context = context or Context(now)
        self._counts = TabCounts(index, now, self.context.limits)
        self._problems = Problems(index.tasks)
        self.turnover = 0  # rises whenever a line came or went
        self._unused_keys: list[Key] = []
        self._leaving: dict[TaskRef, float] = {}
        self._to_move: set[TaskRef] = set()
        self._rebuild: Rebuild | None = None
        self._recheck = Recheck(index, now)
        self._bind(now)
        keys = list(map(self.order.key, index.tasks))
        self._ordered = sorted_rows(keys, index.refs)
        self._shown = SortedRows(self._ordered.rows[:], keys, index.refs)
        self.show(now)

    def __len__(self) -> int:
        return len(self._shown)

    def ref_at(self, index: int) -> TaskRef:
        """Return the task on a line, 0 on top."""
        return self._index.refs[self._shown.rows[~index if self.order.is_reversed else index]]

    def index_of(self, ref: TaskRef) -> int | None:
        """Return the line a task is on, or `None` where it is not shown."""
        row = self._index.row_of.get(ref)
        return self._line(None if row is None else self._shown.find(row))

    def place_of(self, ref: TaskRef) -> int | None:
        """Return the line a task is on, or the one of the task nearest to it in the order.

        `None` for a task that is not among `tasks`, or if nothing is shown.
        """
        row = self._index.row_of.get(ref)
        return self._line(None if row is None else self._shown.nearest(row, self._ordered))

    def _line(self, place: int | None) -> int | None:
        """Return the line of a place among the shown rows."""
        return len(self._shown) - 1 - place if place is not None and self.order.is_reversed else place

    @property
    def tasks(self) -> Mapping[TaskRef, Task]:
        """All tasks as they were last given to the view, shown or not."""
        return self._index

    def task(self, ref: TaskRef) -> Task:
        """Return a task as it was last given to the view."""
        return self._index[ref]

    def refs(self) -> list[TaskRef]:
        """Return all shown tasks from the top."""
        refs = list(map(self._index.refs.__getitem__, self._shown.rows))
        return refs[::-1] if self.order.is_reversed else refs

    def has_left(self, ref: TaskRef) -> bool:
        """Return whether a shown task no longer matches and will leave its line."""
        return ref in self._leaving

    @property
    def match_count(self) -> int:
        """How many tasks match tab and filter: all that are shown but those that are leaving."""
        return len(self._shown) - len(self._leaving)

    def count(self, tab: Tab) -> int:
        """Return how many tasks are in a tab, whatever the filter."""
        return self._counts.count(tab)

    def count_matching(self, query: Query) -> Generator[None, None, int]:
        """Return how many of all tasks match a filter, in any tab, yielding after each slice of work."""
        matching = yield from self._index.chosen(query.matcher(self.context), self._ordered.rows[:])
        return len(matching)

    def holds_problems(self) -> bool:
        """Return whether Note shows a problem of a listed task: a failure, trouble, or one for Attention.

        Where very many have problems and hardly any of them is shown, not all are looked for.
        """
        refs = islice(chain(self._counts.attention, self._problems), _LOOKED_FOR)
        return any(self.index_of(ref) is not None for ref in refs)

    def show(
        self, now: float, *, tab: Tab | None = None, query: Query | None = None, order: Order | None = None
    ) -> None:
        """Show another tab, filter or order at once; leaving lines go."""
        for _slice in self.rebuild(now, tab=tab, query=query, order=order):
            pass
        self._unused_keys.clear()

    def rebuild(
        self,
        now: float,
        *,
        tab: Tab | None = None,
        query: Query | None = None,
        order: Order | None = None,
        context: Context | None = None,
    ) -> Iterator[None]:
        """Show another tab, filter or order once all slices are done; a second rebuild abandons the first."""
        context = context or msgspec.structs.replace(self.context, now=now)
        wanted = ViewParameters(tab or self.tab, query or self.query, order or self.order, context)
        terms = self._counts.terms(wanted.tab)
        self._rebuild = rebuild = Rebuild(self._index, self._ordered, self.order.column, wanted, terms)
        yield from rebuild.slices()
        if self._rebuild is rebuild:
            self._rebuild = None
            self._swap_in(rebuild, now)

    def _swap_in(self, rebuild: Rebuild, now: float) -> None:
        """Show what was rebuilt."""
        moving = [self._index.row_of[ref] for ref in self._to_move]
        wanted = rebuild.wanted
        self.tab, self.query = wanted.tab, wanted.query
        self.order, self.context = wanted.order, wanted.context
        if rebuild.keeps_order:
            self._move(moving)
        else:
            self._unused_keys = self._ordered.keys
        self._to_move.clear()
        self._leaving.clear()
        self.turnover += 1
        self._bind(now)
        self._recheck.end(now)
        self._ordered, self._shown = rebuild.caught_up(moving, self._matcher.matches)

    def free_keys(self) -> Iterator[None]:
        """Free the keys of replaced orders in slices; freeing 100,000 at once would delay a key press."""
        while self._unused_keys:
            del self._unused_keys[-_FREED:]
            yield

    def recheck(self, context: Context) -> Iterator[frozenset[TaskRef]]:
        """Yield, slice by slice, the tasks whose lines the filter judges otherwise; `apply` takes each.

        A change of time alone counts every `RECHECK_EACH_S`.
        """
        if self._recheck.is_due(self.query, self.context, context):
            self.context = context
            self._bind(context.now)
            self._recheck.begin(context.now)
        yield from self._recheck.prepare()
        yield from self._recheck.judged(self._matcher, self._shown, self._leaving)

    def _bind(self, now: float) -> None:
        """Bind tab and filter to the context at `now`."""
        self.context = msgspec.structs.replace(self.context, now=now)
        self._counts.use(self.context.limits)
        self._matcher = Matcher((*self._counts.terms(self.tab), *self.query.terms), self.context)

    def apply(
        self, changed: Iterable[TaskRef], tasks: Mapping[TaskRef, Task], now: float, *, is_held: bool = False
    ) -> Change:
        """Show tasks that changed, came or went; no line moves while `is_held`."""
        has_moved = is_resorted = False
        touched: set[TaskRef] = set()
        if self.query.changes_with_time:
            self._bind(now)
        for ref in changed:
            task = tasks.get(ref)
            if task is None:
                has_moved |= self._forget(ref)
                continue
            before = self._index.get(ref)
            self._counts.update(before, task, now)
            self._problems.update(task)
            row = self._index.put(ref, task)
            self._touch(row)
            if before is None:
                has_moved |= self._enter(row, task)
            else:
                was_shown = self._shown.find(row) is not None
                has_placed = self._place(row, task, now, was_shown=was_shown, is_held=is_held)
                has_moved |= has_placed
                is_resorted |= has_placed and was_shown
            touched.add(ref)
        return Change(has_moved, frozenset(touched), is_resorted)

    def release(self, now: float, *, is_held: bool = False, pinned: Collection[TaskRef] = ()) -> Change:
        """Do what is due by time: tabs that change, lines that leave, and held moves unless `is_held`."""
        turned = self._counts.turned(now)
        change = self.apply(turned, self._index, now, is_held=is_held)
        has_moved = change.has_moved
        for ref in [ref for ref, until in self._leaving.items() if until <= now and ref not in pinned]:
            self._hide(ref)
            has_moved = True
        is_resorted = not is_held and self._move_all()
        return Change(has_moved or is_resorted, change.touched, is_resorted or change.is_resorted)

    def _touch(self, row: int) -> None:
        """Note for a rebuild under way that a task has changed since it began."""
        if self._rebuild is not None:
            self._rebuild.touched.add(row)

    def _enter(self, row: int, task: Task) -> bool:
        """Place a new task; return whether it is shown."""
        keys = self._ordered.keys
        keys[row : row + 1] = (self.order.key(task),)
        self._ordered.add(row)
        if not self._matcher.matches(task):
            return False
        self.turnover += 1
        return self._shown.add(row)

    def _forget(self, ref: TaskRef) -> bool:
        index = self._index
        row = index.row_of.get(ref)
        if row is None:
            return False
        self._touch(row)
        if self._rebuild is not None:
            self._rebuild.freed.add(row)
        self._counts.forget(index.tasks[row])
        self._problems.forget(ref)
        self._leaving.pop(ref, None)
        self._to_move.discard(ref)
        self.turnover += 1
        self._ordered.remove(row)
        was_shown = self._shown.remove(row)
        index.free(row)
        return was_shown

    def _place(self, row: int, task: Task, now: float, *, was_shown: bool, is_held: bool) -> bool:
        """Place a changed task, or let it start to leave; return whether any line came or moved."""
        ref, is_same = task.ref, self.order.key(task) == self._ordered.keys[row]
        belongs = self._matcher.matches(task)
        if was_shown and not belongs:
            self._leaving.setdefault(ref, now + LINGER_S)
        elif was_shown:
            self._leaving.pop(ref, None)
        if was_shown and not is_same and (is_held or not belongs):
            self._to_move.add(ref)
            return False
        self._move((row,))
        if belongs and not was_shown:
            self._shown.add(row)
            self.turnover += 1
        return belongs and not (is_same and was_shown)

    def _move(self, rows: Iterable[int]) -> None:
        """Move tasks to where they belong, in the order and among the shown rows."""
        keys, key_of = self._ordered.keys, self.order.key
        moved: dict[int, Key] = {}
        for row in rows:
            self._touch(row)
            task = self._index.tasks[row]
            self._to_move.discard(task.ref)
            key = key_of(task)
            if key != keys[row]:
                moved[row] = key
        move((self._ordered, self._shown), moved)
        if self._rebuild is not None:
            self._rebuild.moved.update(moved)

    def _move_all(self) -> bool:
        """Move what was held, except leaving lines: those stay where they are until they go."""
        movable = [ref for ref in self._to_move if ref not in self._leaving]
        self._move([self._index.row_of[ref] for ref in movable])
        return bool(movable)

    def _hide(self, ref: TaskRef) -> None:
        row = self._index.row_of[ref]
        self._touch(row)
        self.turnover += 1
        del self._leaving[ref]
        self._shown.remove(row)
