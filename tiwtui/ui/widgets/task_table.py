"""The list of tasks, drawn line by line from a `View`, so that its size does not matter.

Its `Window` says where cursor and screen are, and the scroll position follows it. Where a person scrolls, the
window follows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.strip import Strip

from tiwtui.config.key_table import Scope
from tiwtui.formatting import Tone
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _
from tiwtui.listing.arrangement import Line, Placed, Wanted, arrange, title
from tiwtui.listing.columns import column_word
from tiwtui.listing.order import Order, sorting_column
from tiwtui.listing.view import Change, View
from tiwtui.listing.window import Spot, Window
from tiwtui.model import TaskRef
from tiwtui.ui.drawing.cells import fit, headed, joined
from tiwtui.ui.keymap.textual_bindings import bindings
from tiwtui.ui.widgets.fast_list import FastList

GUTTER = 2
"""The cells of the cursor bar and the mark, before the first column."""

MARGIN = 2
"""The cells of the scrollbar and of the air before it."""

LineOf = Callable[[TaskRef, tuple[Placed, ...]], Line]
_DIMMED = (Tone.PLAIN, Tone.QUIET)
"""The tones of a dim row that are drawn dim; phase and Note keep their colours."""
_Look = tuple[bool, bool, bool, bool]
"""Whether a row has the cursor, is marked, is under the mouse, is lit."""


class TaskTable(FastList):
    """A table of tasks under one header line."""

    BINDINGS = bindings(Scope.LIST)
    DEFAULT_CSS = """
    TaskTable {
        overflow: hidden auto;
        scrollbar-gutter: stable;
    }
    """

    cursor: var[TaskRef | None] = var(None, init=False)
    """The task the cursor is on. Watch it to follow it: a message would come after the next key."""
    marks: var[frozenset[TaskRef]] = var(frozenset, init=False)
    empty: reactive[tuple[str, ...]] = reactive((), init=False)
    hovered: var[int | None] = var(None, init=False)
    wanted: var[Wanted] = var(Wanted, init=False)

    @dataclass
    class Opened(Message):
        """A task was double-clicked."""

        ref: TaskRef

    @dataclass
    class Scrolled(Message):
        """Other tasks may have come on screen."""

    @dataclass
    class SortRequested(Message):
        """The title of a column was clicked."""

        column: str

    def __init__(self, view: View, line_of: LineOf, glyphs: Glyphs = UNICODE_GLYPHS) -> None:
        super().__init__(id="list")
        self._glyphs = glyphs
        self.window = Window(view)
        self._line_of = line_of
        self.columns: tuple[Placed, ...] = ()
        self._words: dict[TaskRef, Line] = {}
        self._strips: dict[TaskRef, tuple[Line, _Look, Strip]] = {}
        self._styles: dict[tuple[_Look, bool, str], Style] = {}
        self.painted = 0
        """How many lines were built since the start: what a repaint costs."""

    # What is shown

    def on_screen(self) -> list[TaskRef]:
        """Return the tasks whose lines are visible, from the top."""
        return self.window.on_screen()

    @property
    def _view(self) -> View:
        return self.window.view

    @property
    def page_rows(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def row_count(self) -> int:
        return len(self._view)

    def show(self, view: View, spot: Spot) -> None:
        """Show a view, the cursor on a spot or near it."""
        self._words.clear()
        self.window.show(view, spot)
        self._follow_window()
        self.refresh()

    def follow(self, change: Change, was: Sequence[TaskRef]) -> None:
        """Repaint after the view changed: the touched lines, or where lines came, went or moved all.

        `was` are the tasks that were on the screen before.
        """
        # Of all that are marked few are on the screen: those are looked up.
        for ref in change.touched.intersection(self._words):
            del self._words[ref]
        if not change.has_moved:
            for ref in change.touched.intersection(self.on_screen()):
                self._refresh_row(ref)
        else:
            self.window.follow(was, is_resorted=change.is_resorted)
            self._follow_window()
            self.refresh()

    def refresh_ages(self) -> None:
        """Repaint the visible lines whose words have changed with time."""
        visible = self.on_screen()
        fresh = {ref: self._line_of(ref, self.columns) for ref in visible}
        stale = [row for row, ref in enumerate(visible) if self._words.get(ref) != fresh[ref]]
        self._words = fresh
        self._strips = {ref: self._strips[ref] for ref in visible if ref in self._strips}
        for row in stale:
            self.refresh_line(row + 1 + self.scroll_offset.y)

    def select(self, ref: TaskRef, row: int | None = None) -> bool:
        """Put the cursor on a task, where it can be on a line of the screen; whether the task is shown."""
        index = self._view.index_of(ref)
        if index is not None:
            # A list at its top stays there.
            stays = self.window.top == 0 and self.window.shows(index)
            self._move_to(index, None if stays else row)
        return index is not None

    def _fit_window(self) -> None:
        """Give the window the height of the list; a list that is hidden keeps the one it had."""
        if self.size.height:
            self.window.resize(self.page_rows)

    def _follow_window(self) -> None:
        """Scroll to where the window is, and have its cursor."""
        self.virtual_size = Size(1, len(self._view) + 1)
        if self.scroll_offset.y != self.window.top:
            self.scroll_to(y=self.window.top, animate=False, force=True)
        self.cursor = self.window.cursor

    # Moving

    def _move_to(self, index: int, row: int | None = None) -> None:
        old = self.window.index
        self.hovered = None
        self.window.move_to(index, row)
        self._follow_window()
        self.refresh_line(old + 1)
        self.refresh_line(self.window.index + 1)

    def action_move(self, by: int) -> None:
        self._move_to(self.window.index + by)

    def action_to_top(self) -> None:
        """Put the cursor on the first line, and leave it there whatever task comes to be first."""
        self._move_to(0)
        self.window.pin()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) == round(new_value):
            return
        # Textual scrolls for a new height before it sends the event.
        self._fit_window()
        if round(new_value) != self.window.top:
            self.window.scroll_to(round(new_value))
            self._follow_window()
            self.refresh()
        self.post_message(self.Scrolled())

    # The mouse

    def _index_at(self, y: int) -> int | None:
        index = y - 1 + self.scroll_offset.y
        return index if y >= 1 and index < len(self._view) else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.hovered = self._index_at(event.y)

    def on_leave(self) -> None:
        self.hovered = None

    def watch_hovered(self, old: int | None, new: int | None) -> None:
        for index in (old, new):
            if index is not None:
                self.refresh_line(index + 1)

    def on_click(self, event: events.Click) -> None:
        index = self._index_at(event.y)
        if event.y == 0:
            hit = next((placed for placed in self.columns if placed.x <= event.x < placed.end), None)
            if hit is not None:
                self.post_message(self.SortRequested(hit.column.id))
        elif index is not None:
            self._move_to(index)
            if event.chain == 2 and self.cursor is not None:
                self.post_message(self.Opened(self.cursor))

    # Painting

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()
        self._fit_window()
        self._follow_window()

    def _arrange(self) -> None:
        self.columns = arrange(self.outer_size.width, self.wanted, indent=GUTTER, margin=MARGIN)
        self._words.clear()
        self._strips.clear()
        self.virtual_size = Size(1, len(self._view) + 1)
        self.refresh()

    def watch_wanted(self) -> None:
        self._arrange()

    def watch_marks(self, old: frozenset[TaskRef], new: frozenset[TaskRef]) -> None:
        if len(old ^ new) == 1:
            self._refresh_row(next(iter(old ^ new)))
        else:
            self.refresh()

    def clear_tones(self) -> None:
        super().clear_tones()
        self._styles.clear()
        self._strips.clear()

    def _refresh_row(self, ref: TaskRef) -> None:
        index = self._view.index_of(ref)
        if index is not None and self.window.shows(index):
            self.refresh_line(index + 1)

    def strips(self, rows: Iterable[int]) -> list[Strip]:
        width, top, count = self.size.width, self.scroll_offset.y - 1, len(self._view)
        return [
            self._header(width)
            if y == 0
            else self._task_strip(y + top, width)
            if y + top < count
            else self._blank(y, width)
            for y in rows
        ]

    def _task_strip(self, index: int, width: int) -> Strip:
        ref = self._view.ref_at(index)
        words = self._words.get(ref)
        if words is None:
            words = self._words[ref] = self._line_of(ref, self.columns)
        look = (index == self.window.index, ref in self.marks, index == self.hovered, words.is_lit)
        kept = self._strips.get(ref)
        if kept is None or kept[1] != look or kept[2].cell_length != width or kept[0] != words:
            kept = self._strips[ref] = (words, look, self._row(words, look, width))
        return kept[2]

    def _blank(self, y: int, width: int) -> Strip:
        """A line below the last task, or one of the words in the middle of an empty list."""
        place = y - max(1, (self.size.height - len(self.empty)) // 2)
        if len(self._view) or not 0 <= place < len(self.empty):
            return self.same(width, lambda: Strip.blank(width, self.rich_style))
        text, style = self.empty[place], self.tone_style(Tone.QUIET)
        centred = Segment(" " * max(0, (width - cell_len(text)) // 2) + text, style)
        return self.same((text, width), lambda: Strip([centred]).adjust_cell_length(width, style))

    def _row(self, words: Line, look: _Look, width: int) -> Strip:
        self.painted += 1
        is_cursor, is_marked, _is_hovered, _is_lit = look
        glyphs = self._glyphs
        plain = self._style(look, words.is_dim, Tone.PLAIN)
        parts = [
            (glyphs.cursor if is_cursor else " ", self._style(look, False, "bar")),
            (glyphs.mark if is_marked else " ", self._style(look, False, Tone.NAME)),
        ]
        for placed, said in zip(self.columns, words.cells, strict=True):
            text = fit(said.text, placed.width, glyphs.ellipsis, is_right=placed.column.is_right)
            parts.append((text, self._style(look, words.is_dim, said.tone)))
            parts.append((" " * placed.column.gap, plain))
        return Strip(joined(parts)).adjust_cell_length(width, plain)

    def _header(self, width: int) -> Strip:
        looks = (self.columns, self._view.order, self.has_focus, width)
        return self.same(looks, lambda: self._new_header(width))

    def _new_header(self, width: int) -> Strip:
        style = self.tone_style(Tone.PLAIN, "strong") if self.has_focus else self.tone_style(Tone.QUIET)
        order, glyphs = self._view.order, self._glyphs
        parts = [Segment(" " * GUTTER, style)]
        arrow = glyphs.down if order.has_largest_first else glyphs.up
        titles = [(title(one), order.column == sorting_column(one.column.id)) for one in self.columns]
        if titles and order != Order() and not any(is_sorted for _title, is_sorted in titles):
            # No column that is shown has the order; the last title has the room to name it.
            words = _("{title}, by {column}") if order.column else _("{title}, default")
            titles[-1] = words.format(title=titles[-1][0], column=column_word(order.column)), True
        for placed, (text, is_sorted) in zip(self.columns, titles, strict=True):
            parts.append(Segment(headed(text, placed, arrow if is_sorted else "", glyphs.ellipsis), style))
        return Strip(parts).adjust_cell_length(width, style)

    def _style(self, look: _Look, is_dim: bool, tone: str) -> Style:
        key = (look, is_dim, tone)
        style = self._styles.get(key)
        if style is None:
            names = ("selected", "marked", "hover", "changed")
            # What is laid last counts most: the cursor is seen on any row.
            laid = [name for name, is_so in zip(names, look, strict=True) if is_so][::-1]
            style = self._styles[key] = self.tone_style("dim" if is_dim and tone in _DIMMED else tone, *laid)
        return style
