"""Choosing what is meant, by marks, and what is shown of it: which tasks, in which order, which columns."""

from textual import on, work
from textual.widgets import Input

from tiwtui.listing.order import SORTABLE, Order
from tiwtui.listing.query.terms import DependsOn
from tiwtui.model import TaskRef
from tiwtui.ui.dialogs.column_chooser import ColumnsScreen
from tiwtui.ui.main.edit_actions import RemovingScreen
from tiwtui.ui.main.view_state import KEPT_FILTERS
from tiwtui.ui.widgets.filter_input import FilterInput
from tiwtui.ui.widgets.task_table import TaskTable


class ChoosingScreen(RemovingScreen):
    """A list in which tasks are marked, alone, in a row, or all that are shown; filtered and sorted."""

    _marked_last: TaskRef | None = None

    # Marks

    def watch_marks(self) -> None:
        self.table.marks = self.marks
        if DependsOn.MARKS in self.cut[1].depends_on:
            self._show_view() if self._rebuilding else self._look_around()
        self.say_lines()

    def action_mark(self) -> None:
        """Mark or unmark the selected task and go on to the next."""
        if self.selected is not None:
            self.mark_selected(self.selected)
            self.table.action_move(1)

    def mark_selected(self, selected: TaskRef) -> None:
        """Mark or unmark the selected task."""
        self.marks = self.marks ^ {selected}
        self._marked_last = selected

    def action_mark_range(self) -> None:
        """Mark all from the task that was marked last to the selected one; the first press marks one end."""
        here = None if self.selected is None else self.view.index_of(self.selected)
        if here is None or self.selected is None:
            return
        last = self._marked_last if self._marked_last in self.marks else None
        there = None if last is None else self.view.index_of(last)
        first, after = sorted((here, here if there is None else there))
        self.marks |= {self.view.ref_at(index) for index in range(first, after + 1)}
        self._marked_last = self.selected

    def action_mark_all(self) -> None:
        """Mark all shown tasks; once all are marked, none."""
        shown = frozenset(self.view.refs())
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown

    @work
    async def action_columns(self) -> None:
        """Choose the columns of the list."""
        chosen: frozenset[str] | None = await self.app.push_screen_wait(
            ColumnsScreen(self.hidden, self.glyphs)
        )
        if chosen is not None:
            self.hidden = chosen

    # Filter and order

    def action_filter(self) -> None:
        """Open the line the filter is typed into."""
        self.filtered_from = self.selected
        self.query_one(FilterInput).open_on(self.filter_text, self.kept_filters)
        self.call_after_refresh(self.say_lines)

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        if event.input.has_class("-open"):
            self.filter_text = event.value

    @on(Input.Submitted, "#filter")
    def _keep_filter(self) -> None:
        self.query_one(FilterInput).remove_class("-open")
        self.filtered_from = None
        self.table.focus()
        if self.filter_text:
            others = (text for text in self.kept_filters if text != self.filter_text)
            self.kept_filters = (self.filter_text, *others)[:KEPT_FILTERS]
        self.call_after_refresh(self.say_lines)

    @on(FilterInput.Dropped)
    def _drop_filter(self) -> None:
        self._keep_filter()
        self.filter_text = ""

    @on(FilterInput.MoveRequested)
    def _move_list(self, event: FilterInput.MoveRequested) -> None:
        self.table.action_move(event.by)

    def action_sort(self) -> None:
        """Sort by the next column that is shown; after the last one comes the default order."""
        shown = [placed.column.id for placed in self.table.columns if placed.column.id in SORTABLE]
        places = ["", *shown]
        place = places.index(self.order.column) if self.order.column in places else 0
        self.order = Order(places[(place + 1) % len(places)])

    def action_sort_reverse(self) -> None:
        """Turn the order round."""
        self.order = Order(self.order.column, not self.order.is_reversed)

    @on(TaskTable.SortRequested)
    def _sort(self, event: TaskTable.SortRequested) -> None:
        column = {"name": "label", "glyph": "phase"}.get(event.column, event.column)
        if column in SORTABLE:
            self.order = Order(column, self.order.column == column and not self.order.is_reversed)
