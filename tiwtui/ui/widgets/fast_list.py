"""Scroll view that reuses the strips of unchanged lines, and moves by the keys that all lists share.

Textual caches with a strip what it filtered, cut and wrote of it, but first makes a new strip of each that a
widget gives, for a border or an opacity it may have. Where it has none, the strips are handed on as they are:
when a list scrolls by a line, one line is written. The scrollbar is drawn again only when its thumb is seen
to move, which in a long list is after hundreds of lines.
"""

from collections.abc import Callable, Hashable, Iterable

from rich.segment import Segment
from textual import events, on
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tiwtui.config.key_table import Scope
from tiwtui.ui.drawing.themed_widget import ThemedWidget
from tiwtui.ui.keymap.textual_bindings import bindings

_SAME_MOST = 32


class FastList(ThemedWidget, ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of which `strips` gives strips of the full width, each the same while it looks the same."""

    BINDINGS = bindings(Scope.LINES)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as of any widget
        super().__init__(id=id)
        self._same: dict[Hashable, Strip] = {}

    def strips(self, rows: Iterable[int]) -> list[Strip]:
        """Return the lines on some rows of the widget, from 0."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        return self.strips((y,))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        if not self._is_plain or (crop.x, crop.width) != (0, self.size.width):
            return super().render_lines(crop)
        strips = self.strips(crop.line_range)
        _base, background = self.background_colors
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    @property
    def _is_plain(self) -> bool:
        """Whether nothing is drawn around or over the lines."""
        styles = self.styles
        is_bare = not any(styles.gutter) and not any(edge for edge, _color in styles.outline)
        is_opaque = self.opacity == 1.0 and styles.text_opacity == 1.0
        return is_bare and is_opaque and not styles.tint.a and not styles.has_rule("hatch")

    def same(self, looks: Hashable, make: Callable[[], Strip]) -> Strip:
        """Return the line that looks so, made when it is first drawn: for the few lines that are no rows."""
        strip = self._same.get(looks)
        if strip is None:
            if len(self._same) >= _SAME_MOST:
                self._same.clear()
            strip = self._same[looks] = make()
        return strip

    def clear_tones(self) -> None:
        super().clear_tones()
        self._same.clear()

    # Moving

    @property
    def page_rows(self) -> int:
        """How many lines a page has, at least one."""
        raise NotImplementedError

    @property
    def row_count(self) -> int:
        """How many lines there are in all."""
        raise NotImplementedError

    def action_move(self, by: int) -> None:
        """Move by some lines, no further than to the first and the last one."""
        raise NotImplementedError

    def action_half_page(self, by: int) -> None:
        """Move by halves of the visible lines."""
        self.action_move(by * max(1, self.page_rows // 2))

    def action_page(self, by: int) -> None:
        """Move by as many lines as are visible."""
        self.action_move(by * self.page_rows)

    def action_to_top(self) -> None:
        """Move to the first line."""
        self.action_move(-self.row_count)

    def action_to_bottom(self) -> None:
        """Move to the last line."""
        self.action_move(self.row_count)

    def scroll_into_view(self, row: int) -> None:
        """Scroll by as little as it takes to have a line in sight."""
        top = self.scroll_offset.y
        if row < top:
            self.scroll_to(y=row, animate=False, force=True)
        elif row >= top + self.page_rows:
            self.scroll_to(y=row - self.page_rows + 1, animate=False, force=True)

    # Scrolling

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        # As in any `ScrollView`, but the bar is moved only where that can be seen.
        if self.show_vertical_scrollbar:
            bar = self.vertical_scrollbar
            if self._bar(bar.position) != self._bar(new_value):
                bar.position = new_value
        if round(old_value) != round(new_value):
            self.refresh()

    def watch_virtual_size(self) -> None:
        self._place_thumb()

    @on(events.Resize)
    def _place_thumb(self) -> None:
        # On another scale it may be far from where it was left.
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self.scroll_y

    def _bar(self, y: float) -> list[Segment]:
        """Return the scrollbar's cells as they are when line `y` is on top."""
        bar = self.vertical_scrollbar
        lines, window = bar.window_virtual_size, bar.window_size
        drawn = bar.renderer.render_bar(bar.size.height, lines, window if window < lines else 0, y)
        return list(drawn.segments)
