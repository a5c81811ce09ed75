"""The list of tasks, drawn line by line from a `View`, so that its size does not matter.

The cursor and the scroll position belong to a task, not to a line number: when lines come, go or move, the
cursor's task stays on its screen line. A list at its top stays at its top.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.strip import Strip

from tiwtui.config.keys import Scope
from tiwtui.formatting import Tone
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.listing.arrangement import Line, Placed, Wanted, arrange, title
from tiwtui.listing.view import View
from tiwtui.model import TaskRef
from tiwtui.ui.drawing.cells import fit, headed, joined
from tiwtui.ui.keymap.bindings import bindings
from tiwtui.ui.widgets.fast_list import FastList

_GUTTER = 2
"""The cells of the cursor bar and the mark, before the first column."""

_MARGIN = 2
"""The cells of the scrollbar and of the air before it."""

LineOf = Callable[[TaskRef, tuple[Placed, ...]], Line]
_Look = tuple[bool, bool, bool]


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
        self._view = view
        self._line_of = line_of
        self.columns: tuple[Placed, ...] = ()
        self._cursor_index = 0
        self._anchor: tuple[TaskRef, int] | None = None
        self._words: dict[TaskRef, Line] = {}
        self._strips: dict[TaskRef, tuple[Line, _Look, Strip]] = {}
        self._styles: dict[tuple[_Look, bool, str], Style] = {}
        self.painted = 0
        """How many lines were built since the start: what a repaint costs."""

    # What is shown

    def on_screen(self) -> list[TaskRef]:
        """Return the tasks whose lines are visible, from the top."""
        first = self.scroll_offset.y
        return [
            self._view.ref_at(index) for index in range(first, min(first + self.page_rows, len(self._view)))
        ]

    @property
    def page_rows(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def row_count(self) -> int:
        return len(self._view)

    def show(self, view: View, on: TaskRef | None = None) -> None:
        """Show a view, the cursor `on` a task or where it was; where that is not shown, at the top."""
        self._view = view
        self._words.clear()
        was = self.cursor
        place = was if on is None else on
        index = None if place is None else view.index_of(place)
        self.virtual_size = Size(1, len(view) + 1)
        if index is None:
            self.scroll_to(y=0, animate=False, force=True)
        self._put_cursor(0 if index is None else index)
        self.refresh()

    def follow(self, touched: Iterable[TaskRef], *, has_moved: bool) -> None:
        """Repaint after the view changed: the touched lines, or where lines moved all, around the anchor."""
        for ref in touched:
            self._words.pop(ref, None)
            if not has_moved:
                self._refresh_row(ref)
        if has_moved:
            self._settle()

    def refresh_ages(self) -> None:
        """Repaint the visible lines whose words have changed with time."""
        visible = self.on_screen()
        fresh = {ref: self._line_of(ref, self.columns) for ref in visible}
        stale = [row for row, ref in enumerate(visible) if self._words.get(ref) != fresh[ref]]
        self._words = fresh
        self._strips = {ref: self._strips[ref] for ref in visible if ref in self._strips}
        for row in stale:
            self.refresh_line(row + 1 + self.scroll_offset.y)

    def row_of(self, ref: TaskRef | None) -> int | None:
        """Return on which line of the screen a task is, from 0; `None` where it is not visible."""
        index = None if ref is None else self._view.index_of(ref)
        return index - self.scroll_offset.y if index is not None and self._is_visible(index) else None

    def select(self, ref: TaskRef, row: int | None = None) -> bool:
        """Put the cursor on a task, where it can be on a line of the screen; whether the task is shown."""
        index = self._view.index_of(ref)
        if index is not None:
            # A list at its top stays there.
            if row is not None and (self.scroll_offset.y or not self._is_visible(index)):
                self.scroll_to(y=max(0, index - row), animate=False, force=True)
            self._move_to(index)
        return index is not None

    def _settle(self) -> None:
        """Put cursor and scroll back on their tasks after lines came, went or moved."""
        self.virtual_size = Size(1, len(self._view) + 1)
        was_at_top = self.scroll_offset.y == 0
        anchor, was = self._anchor, self.cursor
        if anchor is not None and not was_at_top:
            index = self._view.index_of(anchor[0])
            if index is not None:
                self.scroll_to(y=max(0, index - anchor[1]), animate=False, force=True)
        index = None if was is None else self._view.index_of(was)
        follows = not was_at_top and anchor is not None and anchor[0] == was
        self._put_cursor(self._cursor_index if index is None else index, scroll=follows)
        self.refresh()

    def _is_visible(self, index: int) -> bool:
        return 0 <= index - self.scroll_offset.y < self.page_rows

    def _put_cursor(self, index: int, *, scroll: bool = True) -> None:
        size = len(self._view)
        self._cursor_index = max(0, min(index, size - 1))
        cursor = self._view.ref_at(self._cursor_index) if size else None
        if scroll:
            self.scroll_into_view(self._cursor_index)
        self._note_anchor()
        self.cursor = cursor

    def _note_anchor(self) -> None:
        """Remember which task is on which screen line: the cursor's if visible, else the topmost."""
        top, size = self.scroll_offset.y, len(self._view)
        index = self._cursor_index if self._is_visible(self._cursor_index) else min(top, size - 1)
        self._anchor = (self._view.ref_at(index), index - top) if 0 <= index < size else None

    # Moving

    def _move_to(self, index: int) -> None:
        old = self._cursor_index
        self.hovered = None
        self._put_cursor(index)
        self.refresh_line(old + 1)
        self.refresh_line(self._cursor_index + 1)

    def action_move(self, by: int) -> None:
        self._move_to(self._cursor_index + by)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._note_anchor()
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
        if self._is_visible(self._cursor_index) or self._anchor is None:
            self.scroll_into_view(self._cursor_index)

    def _arrange(self) -> None:
        self.columns = arrange(self.outer_size.width, self.wanted, indent=_GUTTER, margin=_MARGIN)
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
        if index is not None and self._is_visible(index):
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
        look = (index == self._cursor_index, ref in self.marks, index == self.hovered)
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
        is_cursor, is_marked, _is_hovered = look
        glyphs = self._glyphs
        plain = self._style(look, words.is_dim, Tone.PLAIN)
        parts = [
            (glyphs.cursor if is_cursor else " ", self._style(look, False, "bar")),
            (glyphs.mark if is_marked else " ", self._style(look, False, Tone.WARN)),
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
        parts = [Segment(" " * _GUTTER, style)]
        for placed in self.columns:
            is_sorted = order.column == placed.column.id
            arrow = (glyphs.down if order.is_reversed else glyphs.up) if is_sorted else ""
            parts.append(Segment(headed(title(placed), placed, arrow, glyphs.ellipsis), style))
        return Strip(parts).adjust_cell_length(width, style)

    def _style(self, look: _Look, is_dim: bool, tone: str) -> Style:
        key = (look, is_dim, tone)
        style = self._styles.get(key)
        if style is None:
            is_cursor, is_marked, is_hovered = look
            laid = ["marked"] * is_marked + ["hover"] * is_hovered + ["selected"] * is_cursor
            style = self._styles[key] = self.tone_style("dim" if is_dim else tone, *laid)
        return style
