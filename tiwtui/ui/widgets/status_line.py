"""One line of words: a left side, a right side, and what a click on each does."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tiwtui.formatting import Tone
from tiwtui.ui.drawing.cells import fit, joined
from tiwtui.ui.drawing.styled_text import Row, Span, row_width
from tiwtui.ui.drawing.themed_widget import ThemedWidget


class StatusLine(ThemedWidget):
    """A line of the screen that says something."""

    DEFAULT_CSS = """
    StatusLine { height: 1; width: 1fr; }
    """

    def __init__(self, name: str, ellipsis: str = "…", *, classes: str | None = None) -> None:
        super().__init__(id=name, classes=classes)
        self._ellipsis = ellipsis

    left: reactive[Row] = reactive((), init=False)
    right: reactive[Row] = reactive((), init=False)

    @dataclass
    class Clicked(Message):
        """Words with an action were clicked."""

        action: str

    def say(self, left: Row, right: Row = ()) -> None:
        """Say something else; the right side keeps its room, the left one is cut where both do not fit."""
        self.left, self.right = left, right

    def _laid_out(self) -> list[tuple[int, Span]]:
        """Return the pieces with the cell each begins at."""
        width = self.size.width
        right_width = min(row_width(self.right), width)
        laid: list[tuple[int, Span]] = []
        x = 0
        for piece in self.left:
            if x >= width - right_width:
                break
            laid.append((x, piece))
            x += piece.width
        x = width - right_width
        for piece in self.right:
            laid.append((x, piece))
            x += piece.width
        return laid

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        plain = self.tone_style(Tone.PLAIN)
        if y:
            return Strip.blank(width, plain)
        edge = width - min(row_width(self.right), width)
        parts = []
        end = 0
        for x, piece in self._laid_out():
            limit = edge if x < edge else width
            text = piece.text if x + piece.width <= limit else fit(piece.text, limit - x, self._ellipsis)
            if x > end:
                parts.append((" " * (x - end), plain))
            others = ["strong"] * piece.is_strong + ["lit"] * piece.is_lit
            if x >= end:
                parts.append((text, self.tone_style(piece.tone, *others)))
                end = x + cell_len(text)
        return Strip(joined(parts)).adjust_cell_length(width, plain)

    def on_click(self, event: events.Click) -> None:
        for x, piece in self._laid_out():
            if piece.action and x <= event.x < x + piece.width:
                self.post_message(self.Clicked(piece.action))
                return
