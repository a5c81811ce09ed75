"""The list and its two sources: the watch list, and the removed tasks while the filter asks for them.

1. No line that is sorted again moves before the keys have rested. What moves is noted: a key may have been
   meant for how the lines were before.
2. The removed tasks have a view of their own. The watch list goes on behind it, and the counts of the tabs
   are its own. A task that came back leaves the removed ones at once; they are read again when a task was
   removed, also by another process.
3. Each source has its own marks; the watch list has its cursor back where that was.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from itertools import islice

from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.listing.arrangement import Line, Placed, Wanted, line
from tiwtui.listing.index import spans
from tiwtui.listing.named_filters import cut
from tiwtui.listing.notes import Moment
from tiwtui.listing.query.parser import Query, read
from tiwtui.listing.query.terms import Context, DependsOn
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import APPLIED_AT_ONCE, Change, View
from tiwtui.listing.window import Places
from tiwtui.model import Removed, Task, TaskRef, default_app
from tiwtui.session import Session
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.input.activity import Presence
from tiwtui.ui.jobs import Jobs, serve_keys
from tiwtui.ui.main.selection import Say, Selection, Source
from tiwtui.ui.main.view_state import CurrentState, ViewState
from tiwtui.ui.moments import Moments
from tiwtui.ui.observable import Observable
from tiwtui.ui.rebuilding import Rebuilding
from tiwtui.ui.widgets.task_table import TaskTable


class ListController:
    """Keeps the table at what the engine, the tabs, the filter and the order say."""

    def __init__(
        self,
        session: Session,
        state: CurrentState,
        shown: Observable[Source],
        selection: Selection,
        jobs: Jobs,
        say: Say,
        presence: Presence,
        glyphs: Glyphs,
        zone: tzinfo | None,
        changed: Callable[[frozenset[TaskRef]], None],
    ) -> None:
        """Make the controller; `changed` is called when tasks changed, or with none when the list did."""
        self.saving: frozenset[TaskRef] = frozenset()
        """The tasks whose edit takes long enough to be felt."""
        self.removing: frozenset[TaskRef] = frozenset()
        """The tasks that a person removed last on this screen."""
        self.query = read(state.value.filter_text)
        self.watched = shown.value
        self._session = session
        self._state = state
        self._shown = shown
        self._selection = selection
        self._jobs = jobs
        self._say = say
        self.presence = presence
        self._moments = Moments(session, glyphs, zone)
        self._zone = zone
        self._changed = changed
        self._rebuilding = Rebuilding(jobs, presence.monotonic)
        self._then_go_to: TaskRef | None = None
        self._shows = (state.value.tab, state.value.filter_text)
        self._places = Places()
        self._marks_aside: frozenset[TaskRef] = frozenset()
        self.moment = self._now()
        self.table = TaskTable(self.view, self._line_of, glyphs)
        self._choose_columns()
        state.watch(self._follow_state)
        selection.marks.watch(self._follow_marks)

    # What is shown

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self._shown.value.view

    def task(self, ref: TaskRef) -> Task | None:
        """Return a task of the list that is shown, if it is still there."""
        return self._shown.value.tasks.get(ref)

    @property
    def is_rebuilding(self) -> bool:
        """Whether another list is being made, with the one that is shown still in its place."""
        return self._rebuilding.is_under_way

    @property
    def default_app(self) -> int | None:
        """The application of ids without one: the profile's, the one given on the screen, or the only one."""
        return default_app(self._state.value.app, self._moments.apps)

    def _now(self) -> Moment:
        return self._moments.now(self.default_app, self._shown.value.removed_at.get)

    def _choose_columns(self, *, is_held: bool = False) -> None:
        """Give the table its columns; while `is_held`, Note does not lose the room that problems got."""
        has_problems = self.view.holds_problems() or (is_held and self.table.wanted.has_problems)
        self.table.wanted = Wanted(self._state.value.columns, len(self._moments.apps) > 1, has_problems)

    def _line_of(self, ref: TaskRef, columns: tuple[Placed, ...]) -> Line:
        return line(
            self.view.task(ref),
            columns,
            self.moment,
            has_left=self.view.has_left(ref),
            is_saving=ref in self.saving,
            removed_at=self.moment.removed_at(ref),
        )

    def show_saving(self, refs: frozenset[TaskRef]) -> None:
        """Say in the rows of tasks that an edit of them is being saved, and no more in others."""
        old, self.saving = self.saving, refs
        self.table.follow(Change(has_moved=False, touched=old ^ refs), self.table.on_screen())

    def _follow_marks(self, _old: frozenset[TaskRef], new: frozenset[TaskRef]) -> None:
        self.table.marks = new
        if DependsOn.MARKS in self._cut[1].depends_on:
            self._show_view() if self.is_rebuilding else self._judge_again()
        self._changed(frozenset())

    def _follow_state(self, old: ViewState, new: ViewState) -> None:
        if old.columns != new.columns:
            self._choose_columns()
        if old.filter_text != new.filter_text:
            self.query = read(new.filter_text)
        if (old.tab, old.filter_text, old.order) != (new.tab, new.filter_text, new.order):
            self._show_view()

    # Following the engine

    def follow(self, changed: frozenset[TaskRef]) -> None:
        """Show tasks that changed, came or vanished."""
        self.moment = self._now()
        tasks, was = self._session.tasks, self.table.on_screen()
        held = self.presence.is_at_work
        change = self.watched.view.apply(changed, tasks, self.moment.now, is_held=held)
        self._choose_columns(is_held=held)
        gone = frozenset(ref for ref in changed if ref not in tasks)
        if not self._selection.shows_removed:
            if not gone.isdisjoint(self._selection.marks.value):
                self._selection.marks.set(self._selection.marks.value - gone)
            self._follow_change(change, was)
        self._changed(changed)
        if self._asks_for_removed:
            back = [ref for ref in changed if ref in tasks and ref in self.view.tasks]
            if self._selection.shows_removed and back:
                self._replace(back, {})
            if gone:
                self.read_removed()

    async def follow_all(self, refs: Sequence[TaskRef]) -> None:
        """Show that tasks went or are back; where they are many, keys are served in between."""
        self.follow(frozenset(refs[:APPLIED_AT_ONCE]))
        for begin, end in islice(spans(len(refs), APPLIED_AT_ONCE), 1, None):
            await serve_keys()
            self.follow(frozenset(refs[begin:end]))

    def tick(self) -> None:
        """Let a second pass: ages, and lines that leave."""
        self.moment = self._now()
        cursor, marks = self._selection.cursor.value, self._selection.marks.value
        pinned, was = marks | {cursor} if cursor else marks, self.table.on_screen()
        held = self.presence.is_at_work
        change = self.view.release(self.moment.now, is_held=held, pinned=pinned)
        if self._selection.shows_removed:
            self.watched.view.release(self.moment.now)
        self._follow_change(change, was)
        self._judge_again()
        self._choose_columns(is_held=held)
        self.table.refresh_ages()

    def _follow_change(self, change: Change, was: list[TaskRef]) -> None:
        """Have the table follow a change of the view, which `was` on the screen before."""
        cursor = self.table.cursor
        self.table.follow(change, was)
        has_other = self.table.cursor != cursor is not None and cursor not in self.removing
        if has_other or (change.is_resorted and was != self.table.on_screen()):
            self.presence.note_move()

    def surprises(self) -> bool:
        """Return whether lines just moved, so that a key may not mean the task it finds; then say so."""
        is_surprised = self.presence.is_surprised and not self._state.value.is_full
        if is_surprised:
            self._say(_("the list moved, press again"), "warning")
        return is_surprised

    # Another tab, filter or order

    @property
    def _cut(self) -> tuple[Tab, Query]:
        """What the view is to show: which built-in tab, and of it what matches which filter."""
        return cut(self._state.value.tab, self.query)

    def _context(self, source: Source) -> Context:
        return self._context_of(source.removed_at)

    def _context_of(self, removed_at: Collection[TaskRef]) -> Context:
        marks, moment = self._selection.marks.value, self.moment
        return Context(moment.now, marks, removed_at, self._zone, moment.limits, moment.usual)

    def _show_view(self) -> None:
        """Show what tab, filter and order ask for; what a list of usual length takes is done at once."""
        if not self._asks_for_removed:
            self._show_in(self.watched)
        elif self._selection.shows_removed:
            self._show_in(self._shown.value)
        else:
            # Until they are read, the list stays as it is.
            self._rebuilding.abandon()
            self._changed(frozenset())
            self.read_removed()

    def _show_in(self, source: Source) -> None:
        """Filter and sort a source as is wanted now, and show it then."""
        tab, query = self._cut
        order, context = self._state.value.order, self._context(source)
        slices = source.view.rebuild(self.moment.now, tab=tab, query=query, order=order, context=context)
        self._rebuilding.start(source.view, slices, lambda: self._show_rebuilt(source))
        if self.is_rebuilding:
            self._changed(frozenset())

    def _show_rebuilt(self, source: Source) -> None:
        is_other = source is not self._shown.value
        was, self._shows = self._shows, (self._state.value.tab, self._state.value.filter_text)
        spot = self._places.turn(was, self._shows, self.table.window, is_other=is_other)
        self._shown.set(source)
        self.moment = self._now()
        self._choose_columns()
        self.table.show(source.view, spot)
        if self._then_go_to is not None and self.table.select(self._then_go_to):
            self._then_go_to = None
        self._changed(frozenset())
        if is_other:
            aside, self._marks_aside = self._marks_aside, self._selection.marks.value
            self._selection.marks.set(frozenset(ref for ref in aside if ref in source.tasks))

    def go_to(self, ref: TaskRef) -> None:
        """Put the cursor on a task, leaving a tab or filter that hides it."""
        self.follow(frozenset((ref,)))
        if not self.table.select(ref):
            self._then_go_to = ref
            self._state.change(tab=Tab.ALL, filter_text="")
            if not self.is_rebuilding:
                self._then_go_to = None

    # What the filter depends on beside the tasks

    def _judge_again(self) -> None:
        """Have the filter look again at what it depends on beside the tasks: the time and the marks."""
        slices = self.view.recheck(self._context(self._shown.value))
        if self._take_judged(slices):
            self._jobs.run(self._go_on_judging, slices, group="judge")

    async def _go_on_judging(self, slices: Iterator[frozenset[TaskRef]]) -> None:
        while self._take_judged(slices):
            await serve_keys()

    def _take_judged(self, slices: Iterator[frozenset[TaskRef]]) -> bool:
        """Move the tasks of one slice that are judged otherwise now; return whether there was a slice."""
        judged = next(slices, None)
        if judged:
            self._apply(judged, self.view.tasks)
        return judged is not None

    def _apply(self, changed: Iterable[TaskRef], tasks: Mapping[TaskRef, Task]) -> None:
        held, was = self.presence.is_at_work, self.table.on_screen()
        self._follow_change(self.view.apply(changed, tasks, self.moment.now, is_held=held), was)
        self._changed(frozenset())

    # The removed tasks

    @property
    def _asks_for_removed(self) -> bool:
        """Whether tab and filter are about removed tasks, shown already or not."""
        return self._cut[1].asks_for_removed

    def read_removed(self) -> None:
        """Read what was removed where the filter asks for it, and show it if it still does by then."""
        if self._asks_for_removed:
            self._jobs.run(self._read_removed, group="removed")

    async def _read_removed(self) -> None:
        try:
            removed = await self._session.removed()
        except StoreFailed as failure:
            self._say(str(failure), "error")
            return
        if self._asks_for_removed:
            # One that came back while they were read is no longer one of them.
            self._take([gone for gone in removed if gone.task.ref not in self._session.tasks])

    def _take(self, removed: Sequence[Removed]) -> None:
        tasks = {gone.task.ref: gone.task for gone in removed}
        removed_at = {gone.task.ref: gone.at for gone in removed}
        if self._selection.shows_removed:
            known = self._shown.value.removed_at
            known.clear()
            known.update(removed_at)
            was = self.view.tasks
            self._replace([ref for ref in was.keys() | tasks.keys() if was.get(ref) != tasks.get(ref)], tasks)
            return
        tab, query = self._cut
        now, order = self.moment.now, self._state.value.order
        context = self._context_of(removed_at)
        view = View(tasks, now, tab=tab, query=query, order=order, context=context)
        self._show_rebuilt(Source(view, view.tasks, removed_at, is_removed=True))

    def _replace(self, changed: Iterable[TaskRef], tasks: Mapping[TaskRef, Task]) -> None:
        """Let removed tasks come and go; those that are not in `tasks` go."""
        self._apply(changed, tasks)
        marks = self._selection.marks.value
        self._selection.marks.set(frozenset(ref for ref in marks if ref in self.view.tasks))
