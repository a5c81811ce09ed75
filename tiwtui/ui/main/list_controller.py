"""The list and the cursor on it: following the engine, tabs, filter, order.

Work over all tasks is done in slices with the keys served in between; the first slice is done at once, which
is the whole of it for a list of usual length.
"""

import asyncio
from collections.abc import Iterator
from datetime import tzinfo

from textual import work
from textual.reactive import var

from tiwtui.config.keys import DEFAULT_KEYS, Keys
from tiwtui.gc_pause import without_collecting
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.listing.columns import Line, Placed, line
from tiwtui.listing.named_filters import AnyTab, NamedFilter, cut
from tiwtui.listing.notes import Moment
from tiwtui.listing.order import Order
from tiwtui.listing.query.parser import Query, read
from tiwtui.listing.query.terms import Around
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import View
from tiwtui.model import TaskRef
from tiwtui.ui.detail.pane import DetailPane
from tiwtui.ui.input.activity import Presence
from tiwtui.ui.main.check_actions import Copier
from tiwtui.ui.main.copy_actions import CopyingScreen
from tiwtui.ui.main.detail_controller import LookingScreen
from tiwtui.ui.main.view_state import NOTHING_REMEMBERED, Remembered
from tiwtui.ui.timing import Pace
from tiwtui.ui.watching import Watching
from tiwtui.ui.widgets.task_table import TaskTable

_KEYS_WAIT_S = 0.008
"""So long, and one slice more, a key waits while all tasks are looked at."""
_TURNS_FOR_KEYS = 4
"""Through so many hands a key goes until what it does is painted."""
_DONE = object()


class ListScreen(LookingScreen):
    """A screen with a list of tasks and the detail of the one under the cursor."""

    tab: var[AnyTab] = var(Tab.ALL, init=False)
    filter_text: var[str] = var("", init=False)
    order: var[Order] = var(Order(), init=False)
    hidden: var[frozenset[str]] = var(frozenset, init=False)
    kept_filters: var[tuple[str, ...]] = var((), init=False)

    def __init__(
        self,
        session: Watching,
        copier: Copier,
        presence: Presence,
        pace: Pace,
        zone: tzinfo | None = None,
        glyphs: Glyphs = UNICODE_GLYPHS,
        *,
        keys: Keys = DEFAULT_KEYS,
        filters: tuple[NamedFilter, ...] = (),
        remembered: Remembered = NOTHING_REMEMBERED,
    ) -> None:
        self.glyphs = glyphs
        self.keys = keys
        self.named = filters
        now = session.wall()
        tab = next((named for named in filters if named.name == remembered.named), remembered.tab)
        self.query_read = read(remembered.filter_text)
        # One look at all tasks: the first painting shows them as they were left.
        shown, query = cut(tab, self.query_read)
        around = Around(now, zone=zone)
        super().__init__(
            session,
            copier,
            View(session.tasks, now, tab=shown, query=query, order=remembered.order, around=around),
            presence,
            pace,
            zone,
        )
        self.set_reactive(ListScreen.tab, tab)
        self.take_up(remembered)
        self._rebuilding: Iterator[None] | None = None
        self._then_go_to: TaskRef | None = None
        self._removed_at: dict[TaskRef, float] = {}  # of the removed tasks, while those are shown
        self.moment = self._now()
        self.table = TaskTable(self.view, self._line_of, glyphs)
        self._hide_columns()

    def take_up(self, remembered: Remembered) -> None:
        """Be as the screen was left."""
        self.chosen_app = remembered.app if self.chosen_app is None else self.chosen_app
        self.set_reactive(ListScreen.filter_text, remembered.filter_text)
        self.set_reactive(ListScreen.order, remembered.order)
        self.set_reactive(ListScreen.hidden, remembered.hidden)
        self.set_reactive(ListScreen.kept_filters, remembered.kept_filters)
        self.set_reactive(CopyingScreen.copy_choice, remembered.copy_choice)
        self.pane.set_reactive(DetailPane.tab, remembered.detail_tab)

    def say_lines(self) -> None:
        """Say anew what stands around the list."""
        raise NotImplementedError

    # Following the engine

    def _now(self) -> Moment:
        session = self.session
        return Moment(
            now=session.wall(),
            default_app=self.default_app,
            typical_processing_s=session.typical_processing_s(),
            glyphs=self.glyphs,
            next_check_at=session.next_check_at,
            interval_s=session.interval_s,
            removed_at=self._removed_at.get,
        )

    def _hide_columns(self) -> None:
        """Leave out the columns that were not chosen, and the application where all are of one."""
        self.table.hidden = self.hidden if len(self.apps) > 1 else self.hidden | {"app"}

    def watch_hidden(self) -> None:
        self._hide_columns()

    def _line_of(self, ref: TaskRef, columns: tuple[Placed, ...]) -> Line:
        return line(
            self.view.task(ref),
            columns,
            self.moment,
            has_left=self.view.has_left(ref),
            is_saving=ref in self.saving,
            removed_at=self._removed_at.get(ref),
        )

    def watch_saving(self, old: frozenset[TaskRef], new: frozenset[TaskRef]) -> None:
        self.table.follow(old ^ new, has_moved=False)

    def follow(self, changed: frozenset[TaskRef]) -> None:
        """Show tasks that changed, came or vanished."""
        self.moment = self._now()
        self._hide_columns()
        held = self.presence.is_at_work
        tasks = self.session.tasks
        change = self.watched.apply(changed, tasks, self.moment.now, is_held=held, still=self.selected)
        if not self.shows_removed:
            gone = {ref for ref in changed if ref not in tasks}
            if not gone.isdisjoint(self.marks):
                self.marks -= gone
            self.table.follow(change.touched, has_moved=change.has_moved)
        if self.selected in changed:
            self.look_again(has_changed=True)
        self.say_lines()

    def tick(self) -> None:
        """Let a second pass: ages, lines that leave, what is seen and what is attended."""
        self.moment = self._now()
        pinned = self.marks | {self.selected} if self.selected else self.marks
        held = self.presence.is_at_work
        change = self.view.release(self.moment.now, is_held=held, still=self.selected, pinned=pinned)
        if self.shows_removed:
            self.watched.release(self.moment.now)
        if change.has_moved or change.touched:
            self.table.follow(change.touched, has_moved=change.has_moved)
        self._look_around()
        self.table.refresh_ages()
        self.say_lines()
        self.look_again(has_changed=False)

    # Tabs, filter, order

    @property
    def tabs(self) -> tuple[AnyTab, ...]:
        """All tabs, in the order of their digits."""
        return (*Tab, *self.named)

    @property
    def cut(self) -> tuple[Tab, Query]:
        """What the view is to show: which built-in tab, and of it what matches which filter."""
        return cut(self.tab, self.query_read)

    def _around(self, view: View) -> Around:
        removed = frozenset[TaskRef]() if view is self.watched else self._removed_at
        return Around(self.moment.now, self.marks, removed, self.zone)

    def _show_view(self) -> None:
        """Show another tab, filter or order; what a list of usual length takes is done at once."""
        self._show_in(self.watched)

    def _show_in(self, view: View) -> None:
        """Cut and sort a view as is wanted now, and show it then."""
        tab, query = self.cut
        steps = self._rebuilding = view.rebuilt(
            self.moment.now, tab=tab, query=query, order=self.order, around=self._around(view)
        )
        if next(steps, _DONE) is _DONE:
            self._show_rebuilt(view)
        else:
            self.say_lines()
            self._rebuild(view, steps)

    @work(exclusive=True, group="rebuild")
    async def _rebuild(self, view: View, steps: Iterator[None]) -> None:
        # What is made meanwhile has no cycles to look for.
        with without_collecting():
            monotonic = self.presence.monotonic
            serve_at = monotonic() + _KEYS_WAIT_S
            for _step in steps:
                if monotonic() < serve_at:
                    continue
                await self.serve_keys()
                if self._rebuilding is not steps:
                    return
                serve_at = monotonic() + _KEYS_WAIT_S
            self._show_rebuilt(view)
            for _step in view.let_go():
                await self.serve_keys()

    async def serve_keys(self) -> None:
        """Let keys that wait do what they do, in the middle of long work."""
        for _turn in range(_TURNS_FOR_KEYS):
            await asyncio.sleep(0)

    def _show_rebuilt(self, view: View, on: TaskRef | None = None) -> None:
        self._rebuilding = None
        self.view = view
        self.table.show(view, on)
        if self._then_go_to is not None and self.table.select(self._then_go_to):
            self._then_go_to = None
        self.say_lines()

    def _look_around(self) -> None:
        """Have the filter look anew at what it leans on beside the tasks: the time and the marks."""
        slices = self.view.look_around(self._around(self.view))
        if self._take_judged(slices):
            self._go_on_looking(slices)

    @work(exclusive=True, group="look around")
    async def _go_on_looking(self, slices: Iterator[frozenset[TaskRef]]) -> None:
        while self._take_judged(slices):
            await self.serve_keys()

    def _take_judged(self, slices: Iterator[frozenset[TaskRef]]) -> bool:
        """Move what one slice says is judged otherwise now; whether there was one."""
        judged = next(slices, None)
        if judged:
            change = self.view.apply(
                judged,
                self.view.tasks,
                self.moment.now,
                is_held=self.presence.is_at_work,
                still=self.selected,
            )
            self.table.follow(change.touched, has_moved=change.has_moved)
            self.say_lines()
        return judged is not None

    def action_tab(self, number: int) -> None:
        """Show one of the tabs."""
        if int(number) <= len(self.tabs):
            self.tab = self.tabs[int(number) - 1]

    def watch_tab(self) -> None:
        self._show_view()

    def watch_order(self) -> None:
        self._show_view()

    def watch_filter_text(self) -> None:
        self.query_read = read(self.filter_text)
        self._show_view()

    def go_to(self, ref: TaskRef) -> None:
        self.follow(frozenset((ref,)))
        if not self.table.select(ref):
            self._then_go_to = ref
            self.tab, self.filter_text = Tab.ALL, ""
            if self._rebuilding is None:
                self._then_go_to = None
