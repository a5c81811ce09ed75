"""Choosing what the list shows: tab, filter, order, columns; and marking tasks in it."""

from tiwtui.glyphs import Glyphs
from tiwtui.listing.named_filters import AnyTab, NamedFilter
from tiwtui.listing.order import LETTERS, Order, sorting_column
from tiwtui.listing.query.completion import complete
from tiwtui.listing.recheck import RECHECK_EACH_S
from tiwtui.listing.tabs import Tab
from tiwtui.session import Session
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.jobs import Jobs, served
from tiwtui.ui.main.header_and_footer import HeaderAndFooter
from tiwtui.ui.main.list_controller import ListController
from tiwtui.ui.main.selection import Selection
from tiwtui.ui.main.split_layout import SplitLayout
from tiwtui.ui.main.view_state import SAVED_FILTERS, CurrentState
from tiwtui.ui.widgets.filter_input import FilterInput
from tiwtui.ui.widgets.welcome import Elsewhere


class ViewActions:
    """What keys and clicks do to the list itself."""

    def __init__(
        self,
        session: Session,
        state: CurrentState,
        selection: Selection,
        tasks: ListController,
        layout: SplitLayout,
        line: FilterInput,
        jobs: Jobs,
        named: tuple[NamedFilter, ...],
        glyphs: Glyphs,
        lines: HeaderAndFooter,
    ) -> None:
        """Make the actions; the tabs of `named` filters come after the built-in ones."""
        self._session = session
        self._state = state
        self._selection = selection
        self._tasks = tasks
        self._layout = layout
        self._line = line
        self._jobs = jobs
        self._tabs: tuple[AnyTab, ...] = (*Tab, *named)
        self._glyphs = glyphs
        self._elsewhere = lines.elsewhere
        self._completion = lines.completion
        self._looked_for: tuple[AnyTab, str, float] | None = None

    def mark(self) -> None:
        """Mark or unmark the task under the cursor; in the list, go on to the next."""
        self._selection.toggle()
        if not self._layout.is_in_detail:
            self._tasks.table.action_move(1)

    def show_tab(self, number: int) -> None:
        """Show the n-th tab, if there is one."""
        if number <= len(self._tabs):
            self._state.change(tab=self._tabs[number - 1])

    # The filter

    def open_filter(self) -> None:
        """Open the line the filter is typed into; it stands above the list, so that list has its place."""
        self._state.change(is_full=False, is_filtering=True)
        self._line.open_on(self._state.value.filter_text, self._state.value.saved_filters)

    def filter_typed(self, text: str) -> None:
        """Filter by what stands on the line, while it is open."""
        completion = self._completion.value
        if completion is not None and completion.text != text:
            self._completion.set(None)
        if self._state.value.is_filtering:
            self._state.change(filter_text=text)

    def complete(self, by: int) -> None:
        """Complete what is typed; again, put the next candidate there, or the one before."""
        line, known = self._line, self._completion.value
        if known is not None and known.text == line.value and len(known.candidates) > 1:
            known = known.turned(by)
        else:
            known = complete(line.value, line.cursor_position, self._session.tasks.values(), by)
        self._completion.set(known)
        if known is not None:
            line.put(known.text, known.cursor)

    def accept_filter(self) -> None:
        """Close the line and save the filter for being recalled."""
        self._line.close()
        self._completion.set(None)
        self._layout.focus_list()
        state = self._state.value
        saved = state.saved_filters
        if state.filter_text:
            others = (text for text in saved if text != state.filter_text)
            saved = (state.filter_text, *others)[:SAVED_FILTERS]
        self._state.change(is_filtering=False, saved_filters=saved)

    def drop_filter(self) -> None:
        """Close the line and clear the filter."""
        self.accept_filter()
        self._state.change(filter_text="")

    # Where else the filter finds something

    def look_elsewhere(self) -> None:
        """Count what the filter finds elsewhere if it finds nothing here, again every few seconds."""
        state, tasks = self._state.value, self._tasks
        looks = state.filter_text and not len(tasks.view) and not tasks.is_rebuilding
        if not looks or tasks.query.asks_for_removed:
            self._looked_for = None
            self._elsewhere.set(None)
            return
        wanted = (state.tab, state.filter_text, tasks.moment.now // RECHECK_EACH_S)
        if wanted != self._looked_for:
            if self._looked_for is None or wanted[:2] != self._looked_for[:2]:
                self._elsewhere.set(None)
            self._looked_for = wanted
            self._jobs.run(self._look_elsewhere, wanted, group="elsewhere")

    async def _look_elsewhere(self, wanted: tuple[AnyTab, str, float]) -> None:
        query, view = self._tasks.query, self._tasks.view
        in_all = 0
        if self._state.value.tab is not Tab.ALL:
            in_all = await served(view.count_matching(query))
        try:
            removed = await self._session.removed()
        except StoreFailed:
            # What cannot be read cannot be shown either.
            removed = ()
        if self._looked_for == wanted:
            matcher = query.matcher(view.context)
            self._elsewhere.set(Elsewhere(in_all, sum(matcher.matches(gone.task) for gone in removed)))

    def go_elsewhere(self) -> bool:
        """Show what the filter finds elsewhere; return whether it finds anything there."""
        there = self._elsewhere.value
        if there is None or not (there.in_all or there.removed):
            return False
        text = self._state.value.filter_text
        self._state.change(tab=Tab.ALL, filter_text=text if there.in_all else f"removed:yes {text}")
        return True

    # Order and columns

    def choose_order(self) -> None:
        """Ask what the list is to be sorted by."""
        self._jobs.run(self._choose_order)

    async def _choose_order(self) -> None:
        from tiwtui.ui.dialogs.sort_menu import SortScreen

        shown = {sorting_column(placed.column.id) for placed in self._tasks.table.columns}
        column = await self._jobs.ask(SortScreen(self._state.value.order, shown, self._glyphs))
        if column is not None:
            self.sort_by(column)

    def reverse_order(self) -> None:
        """Turn the order round."""
        order = self._state.value.order
        self._state.change(order=Order(order.column, not order.is_reversed))

    def sort_by(self, column: str) -> None:
        """Sort by a column, `""` for the default order; where the list is so already, turn it round."""
        order = self._state.value.order
        column = "phase" if column == "glyph" else sorting_column(column)
        if column in LETTERS:
            self._state.change(order=Order(column, order.column == column and not order.is_reversed))

    def choose_columns(self) -> None:
        """Ask which columns the list is to show."""
        self._jobs.run(self._choose_columns)

    async def _choose_columns(self) -> None:
        from tiwtui.ui.dialogs.column_chooser import ColumnsScreen

        placed = {"name": ("task", "label")}
        shown = {
            name for one in self._tasks.table.columns for name in placed.get(one.column.id, (one.column.id,))
        }
        columns = await self._jobs.ask(ColumnsScreen(self._state.value.columns, shown, self._glyphs))
        if columns is not None:
            self._state.change(columns=columns)
