"""A read-only sheet of lines under a fixed head; in a list of videos one of the lines is selected."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from tiwtui.formatting import Tone
from tiwtui.ui.drawing.cells import joined
from tiwtui.ui.drawing.styled_text import Row, Sheet
from tiwtui.ui.widgets.fast_list import FastList

SheetOf = Callable[[int, int, bool], Sheet]
"""Returns the sheet for a width in cells and a height in lines, focused or not."""
_Said = tuple[Row, bool]
"""The words of a line, and whether it is drawn as the selected one."""
_CACHED_MOST = 1000
"""How many drawn lines of a long sheet are cached."""


class LineView(FastList):
    """Lines read with the movement keys; in a list of videos one of them is selected."""

    DEFAULT_CSS = """
    LineView {
        overflow: hidden auto;
        height: 1fr;
    }
    """

    selected: var[int] = var(0, init=False)
    """The selected line. Watch it to follow it: a message would come after the next key."""

    @dataclass
    class RowOpened(Message):
        """The selected line was double-clicked."""

        row: int

    def __init__(self, tab: str) -> None:
        super().__init__(id=tab)
        self._strips: dict[int, tuple[_Said, Strip]] = {}
        self._sheet_of: SheetOf = lambda _width, _height, _focused: Sheet()
        self._sheet = Sheet()

    def show(self, sheet_of: SheetOf, selected: int = 0) -> None:
        """Show another sheet."""
        self._sheet_of = sheet_of
        if selected != self.selected:
            was = self.selected
            self.set_reactive(LineView.selected, selected)
            self._refresh_rows(was, selected)
        self._set()

    def _set(self) -> None:
        sheet = self._sheet_of(self.size.width - 1, self.size.height, self.has_focus)
        if sheet == self._sheet:
            return
        before, self._sheet = self._shown_rows(), sheet
        self._fit(Size(1, sheet.height))
        # Most of a pane is empty, and an empty line costs as much to paint as a full one.
        for y, (old, new) in enumerate(zip(before, self._shown_rows(), strict=True)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def _shown_rows(self) -> list[_Said | None]:
        """Return what is on each visible line."""
        top = self.scroll_offset.y
        return [self._row_at(y, top) for y in range(self.size.height)]

    def _row_at(self, y: int, top: int) -> _Said | None:
        sheet = self._sheet
        if y < len(sheet.head):
            return sheet.head[y], False
        row = y - len(sheet.head) + top
        if row < len(sheet.rows):
            return sheet.rows[row], sheet.is_list and row == self.selected
        row -= len(sheet.rows)
        return (sheet.foot[row], False) if row < len(sheet.foot) else None

    def _refresh_rows(self, *rows: int) -> None:
        for row in rows:
            self.refresh_line(row + len(self._sheet.head))

    def _fit(self, size: Size) -> None:
        """Take another height; the screen is laid out again only where a scrollbar may come or go."""
        room = self.size.height
        if self.virtual_size.height <= room and size.height <= room:
            self.set_reactive(LineView.virtual_size, size)
        else:
            self.virtual_size = size

    def on_resize(self) -> None:
        self._set()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._set()

    @property
    def sheet(self) -> Sheet:
        """What is shown."""
        return self._sheet

    @property
    def page_rows(self) -> int:
        return max(1, self.size.height - len(self._sheet.head))

    @property
    def row_count(self) -> int:
        return len(self._sheet.rows)

    def action_move(self, by: int) -> None:
        if not self._sheet.is_list:
            self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)
            return
        row = max(0, min(self.selected + by, len(self._sheet.rows) - 1))
        if row != self.selected:
            self.select(row)

    def select(self, row: int) -> None:
        """Draw another line as the selected one and bring it on screen."""
        self.scroll_into_view(row)
        was, self.selected = self.selected, row
        self._refresh_rows(was, row)

    def on_click(self, event: events.Click) -> None:
        row = event.y - len(self._sheet.head) + self.scroll_offset.y
        if self._sheet.is_list and event.y >= len(self._sheet.head) and row < len(self._sheet.rows):
            self.select(row)
            if event.chain == 2:
                self.post_message(self.RowOpened(row))

    def strips(self, rows: Iterable[int]) -> list[Strip]:
        width, top = self.size.width, self.scroll_offset.y
        return [self._line(y, top, width) for y in rows]

    def _line(self, y: int, top: int, width: int) -> Strip:
        said = self._row_at(y, top)
        if said is None:
            return self.same(width, lambda: Strip.blank(width, self.tone_style(Tone.PLAIN)))
        number = y if y < len(self._sheet.head) else y + top
        kept = self._strips.get(number)
        if kept is None or kept[1].cell_length != width or kept[0] != said:
            if len(self._strips) >= _CACHED_MOST:
                self._strips.clear()
            row, is_selected = said
            kept = self._strips[number] = (said, self._strip(row, width, is_selected=is_selected))
        return kept[1]

    def clear_tones(self) -> None:
        super().clear_tones()
        self._strips.clear()

    def _strip(self, row: Row, width: int, *, is_selected: bool) -> Strip:
        others = ("selected",) if is_selected else ()
        parts = []
        for run in row:
            style = self.tone_style(run.tone, *others, *(["strong"] * run.is_strong), *(["lit"] * run.is_lit))
            parts.append((run.text, style + Style(link=run.url) if run.url else style))
        return Strip(joined(parts)).adjust_cell_length(width, self.tone_style(Tone.PLAIN, *others))
