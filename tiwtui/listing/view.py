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

A task is known by its row in the register; for each row the key is kept by which the task got its place.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from tiwtui.listing.index import Register
from tiwtui.listing.order import Key, Order
from tiwtui.listing.places import Change, Places, move, sorted_places
from tiwtui.listing.query.parser import Query
from tiwtui.listing.query.terms import Around
from tiwtui.listing.sieve import Sieve
from tiwtui.listing.slices import SLICE, Rows, sorted_in_slices
from tiwtui.listing.tab_counts import Census
from tiwtui.listing.tabs import Tab
from tiwtui.model import Task, TaskRef

LINGER_S = 10.0
JUDGE_EACH_S = 5.0
"""So seldom are terms that turn with time looked at anew."""
_FREED = 8 * SLICE

Look = tuple[Tab, Query, Order, Around]


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
        self._register = register = Register(tasks)
        self.tab = tab
        self.query = query or Query()
        self.order = order or Order()
        self.around = around or Around(now)
        self._census = Census(register, now)
        self.turnover = 0  # rises whenever a line came or went
        self._spent: list[Key] = []
        self._leaving: dict[TaskRef, float] = {}
        self._to_move: set[TaskRef] = set()
        self._touched: set[int] | None = None
        """The rows of what changed since a rebuild began; then those that lost their task, or their key."""
        self._freed: set[int] = set()
        self._moved: set[int] = set()
        self._judge(now)
        self._judged_at = now
        self._unjudged_from: int | None = None
        """The row up to which all are judged by what is around them now; `None` where all are."""
        keys = list(map(self.order.key, register.tasks))
        self._ordered = sorted_places(keys, register.refs)
        self._shown = Places(self._ordered.rows[:], keys, register.refs)
        self.show(now)

    def __len__(self) -> int:
        return len(self._shown)

    def ref_at(self, index: int) -> TaskRef:
        """Return the task on a line, 0 on top."""
        return self._register.refs[self._shown.rows[~index if self.order.is_reversed else index]]

    def index_of(self, ref: TaskRef) -> int | None:
        """Return the line a task is on, or `None` where it is not shown."""
        row = self._register.row_of.get(ref)
        place = None if row is None else self._shown.find(row)
        if place is None:
            return None
        return len(self._shown) - 1 - place if self.order.is_reversed else place

    @property
    def tasks(self) -> Mapping[TaskRef, Task]:
        """All tasks as the view was last told of them, shown or not."""
        return self._register

    def task(self, ref: TaskRef) -> Task:
        """Return a task as the view was last told of it."""
        return self._register[ref]

    def refs(self) -> list[TaskRef]:
        """Return all shown tasks from the top."""
        refs = list(map(self._register.refs.__getitem__, self._shown.rows))
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
        touched: set[int] = set()
        self._touched, self._freed, self._moved = touched, set(), set()
        around = around or replace(self.around, now=now)
        keys, ordered = self._ordered.keys, self._ordered.rows[:]
        if order.column != self.order.column:
            ordered = yield from self._register.by_ref()
            keys = yield from self._register.keyed(order.key)
            ordered = yield from sorted_in_slices(ordered, keys)
        shown = yield from Sieve(tab, query, around, self._census).shown(self._register, ordered)
        if self._touched is touched:
            self._touched = None
            places = Places(ordered, keys, self._register.refs)
            self._take_look(now, (tab, query, order, around), touched, places, shown)

    def _take_look(self, now: float, look: Look, touched: set[int], ordered: Places, shown: Rows) -> None:
        """Show what a rebuild found; what it did not see as it is now comes where it belongs now."""
        register, keys, row_of = self._register, ordered.keys, self._register.row_of
        moving = [row_of[ref] for ref in self._to_move]
        again = touched.union(moving, (row_of[ref] for ref in self._leaving))
        there = [row for row in again if register.holds(row)]
        self.tab, self.query, self.order, self.around = look
        lost, held = self._freed | self._moved, [Places(shown, keys, register.refs)]
        if keys is self._ordered.keys:
            self._move(moving)
            lost.update(moving)
            ordered = self._ordered
        else:
            keys += map(self.order.key, register.tasks[len(keys) :])
            lost = self._freed
            held.append(ordered)
            self._spent = self._ordered.keys
        for places in held:
            # To look through all for these takes longer, but they cannot be found by what they are now.
            places.drop(lost)
            places.take_all(again - lost)
        for row in there:
            keys[row] = self.order.key(register.tasks[row])
        if ordered is not self._ordered:
            ordered.put_all(there)
        self._to_move.clear()
        self._leaving.clear()
        self.turnover += 1
        self._judge(now)
        self._judged_at, self._unjudged_from = now, None
        self._ordered, self._shown = ordered, held[0]
        self._shown.put_all([row for row in there if self._sieve.passes(register.tasks[row])])

    def let_go(self) -> Iterator[None]:
        """Free what rebuilds left behind: of a hundred thousand keys at once that would be felt."""
        while self._spent:
            del self._spent[-_FREED:]
            yield

    def look_around(self, around: Around) -> Iterator[frozenset[TaskRef]]:
        """Yield, slice by slice, the tasks that the filter judges otherwise than their lines say.

        Each is to be handed to `apply`. That the time has turned counts each five seconds only. Before that,
        what words are looked for in is read and what sorting stands on sorted, while nobody waits for it.
        Where one is abandoned halfway, the next goes on from there.
        """
        is_due = self.query.turns_with_time and not 0 <= around.now - self._judged_at < JUDGE_EACH_S
        if is_due or around != replace(self.around, now=around.now):
            self.around = around
            self._judge(around.now)
            self._judged_at, self._unjudged_from = around.now, 0
        register, leaving = self._register, self._leaving
        for _slice in chain(register.read(), register.by_ref()):
            yield frozenset()
        if self._unjudged_from is None:
            return
        was_shown = bytearray(len(register.tasks))
        for row in self._shown.rows:
            was_shown[row] = 1
        for begin, passed in self._sieve.of(register, self._unjudged_from):
            was = was_shown[begin : begin + len(passed)]
            refs = register.refs[begin : begin + len(passed)] if leaving or passed != was else []
            yield frozenset(
                ref
                for ref, passes, shows in zip(refs, passed, was, strict=False)
                if (passes != shows or ref in leaving) and ref in register
            )
            self._unjudged_from = begin + len(passed)
        self._unjudged_from = None

    def _judge(self, now: float) -> None:
        """Bind the filter to the time and what else is around the tasks."""
        self.around = replace(self.around, now=now)
        self._sieve = Sieve(self.tab, self.query, self.around, self._census)

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
            task = tasks.get(ref)
            if task is None:
                has_moved |= self._forget(ref)
                continue
            before = self._register.get(ref)
            self._census.note(before, task, now)
            row = self._register.put(ref, task)
            self._touch(row)
            if before is None:
                has_moved |= self._enter(row, task)
            else:
                has_moved |= self._place(row, task, now, is_held=is_held or ref == still)
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
        turned = self._census.turned(now)
        change = self.apply(turned, self._register, now, is_held=is_held, still=still)
        has_moved = change.has_moved
        for ref in [ref for ref, until in self._leaving.items() if until <= now and ref not in pinned]:
            self._hide(ref)
            has_moved = True
        has_moved |= not is_held and self._move_all(still)
        return Change(has_moved, change.touched)

    def _touch(self, row: int) -> None:
        """Remember, for a rebuild under way, that a task is no longer as it was when that began."""
        if self._touched is not None:
            self._touched.add(row)

    def _enter(self, row: int, task: Task) -> bool:
        """Give a task that is new its place; whether it is shown."""
        keys = self._ordered.keys
        keys[row : row + 1] = (self.order.key(task),)
        self._ordered.put(row)
        if not self._sieve.passes(task):
            return False
        self.turnover += 1
        return self._shown.put(row)

    def _forget(self, ref: TaskRef) -> bool:
        register = self._register
        row = register.row_of.get(ref)
        if row is None:
            return False
        self._touch(row)
        self._freed.add(row)
        self._census.forget(register.tasks[row])
        self._leaving.pop(ref, None)
        self._to_move.discard(ref)
        self.turnover += 1
        self._ordered.take(row)
        was_shown = self._shown.take(row)
        register.free(row)
        return was_shown

    def _place(self, row: int, task: Task, now: float, *, is_held: bool) -> bool:
        """Give one task its line, or let it start to leave; whether any line came or moved."""
        ref, is_same = task.ref, self.order.key(task) == self._ordered.keys[row]
        belongs, is_shown = self._sieve.passes(task), self._shown.find(row) is not None
        if is_shown and not belongs:
            self._leaving.setdefault(ref, now + LINGER_S)
        elif is_shown:
            self._leaving.pop(ref, None)
        if is_shown and not is_same and (is_held or not belongs):
            self._to_move.add(ref)
            return False
        self._move((row,))
        if belongs and not is_shown:
            self._shown.put(row)
            self.turnover += 1
        return belongs and not (is_same and is_shown)

    def _move(self, rows: Iterable[int]) -> None:
        """Give tasks the places they should have in the order, and with them those that are shown."""
        keys, key_of = self._ordered.keys, self.order.key
        moved: dict[int, Key] = {}
        for row in rows:
            self._touch(row)
            task = self._register.tasks[row]
            self._to_move.discard(task.ref)
            key = key_of(task)
            if key != keys[row]:
                moved[row] = key
        move((self._ordered, self._shown), moved)
        self._moved.update(moved)

    def _move_all(self, still: TaskRef | None = None) -> bool:
        """Move what was held, except lines that are leaving: those stay in sight until they go."""
        movable = [ref for ref in self._to_move if ref not in self._leaving and ref != still]
        self._move([self._register.row_of[ref] for ref in movable])
        return bool(movable)

    def _hide(self, ref: TaskRef) -> None:
        row = self._register.row_of[ref]
        self._touch(row)
        self.turnover += 1
        del self._leaving[ref]
        self._shown.take(row)
        if ref in self._to_move:
            self._move((row,))
