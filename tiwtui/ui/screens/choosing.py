"""Choosing what is meant, by marks, and what of it is shown, by columns."""

from textual import work

from tiwtui.tasks import TaskRef
from tiwtui.ui.screens.columns import ColumnsScreen
from tiwtui.ui.screens.list import ListScreen


class ChoosingScreen(ListScreen):
    """A list in which tasks are marked, alone, in a row, or all that are shown."""

    _marked_last: TaskRef | None = None

    def action_mark(self) -> None:
        """Mark or unmark the selected task and go on to the next."""
        if self.selected is not None:
            self.marks = self.marks ^ {self.selected}
            self._marked_last = self.selected
            self.table.action_move(1)

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
