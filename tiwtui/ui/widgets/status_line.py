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

_EDGES = ("╭─", "─╮")
_EDGE = "─"


class StatusLine(ThemedWidget):
    """A line of the screen that says something; `framed`, it is the upper edge of the panel below it."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        width: 1fr;
        & > .tone--edge { color: $foreground 30%; }
        &:ansi > .tone--edge { color: ansi_default; text-style: dim; }
        & > .tone--edge-active { color: $primary; }
        &:ansi > .tone--edge-active { text-style: bold; }
        &:nocolor > .tone--edge-active { text-style: bold; }
    }
    """

    framed: reactive[bool] = reactive(False, init=False)
    is_active: reactive[bool] = reactive(False, init=False)
    """Whether what it belongs to has the focus."""

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

    def watch_is_active(self) -> None:
        self.set_class(self.is_active, "-focused")

    @property
    def room(self) -> int:
        """The cells for words: those between the corners of a panel."""
        return self.size.width - 2 * self._inset

    @property
    def _inset(self) -> int:
        return len(_EDGES[0]) if self.framed else 0

    def _laid_out(self) -> list[tuple[int, Span]]:
        """Return the pieces with the cell each begins at."""
        begin, end = self._inset, self.size.width - self._inset
        edge = end - min(row_width(self.right), self.room)
        laid: list[tuple[int, Span]] = []
        x = begin
        for piece in self.left:
            if x >= edge:
                break
            laid.append((x, piece))
            x += piece.width
        x = edge
        for piece in self.right:
            laid.append((x, piece))
            x += piece.width
        return laid

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        plain = self.tone_style(Tone.PLAIN)
        if y:
            return Strip.blank(width, plain)
        between, fill = (
            (self.tone_style("edge-active" if self.is_active else "edge"), _EDGE)
            if self.framed
            else (plain, " ")
        )
        last = width - self._inset
        edge = last - min(row_width(self.right), self.room)
        parts = [(_EDGES[0], between)] if self.framed else []
        end = self._inset
        for x, piece in self._laid_out():
            limit = edge if x < edge else last
            text = piece.text if x + piece.width <= limit else fit(piece.text, limit - x, self._ellipsis)
            if x > end:
                parts.append((fill * (x - end), between))
            others = ["strong"] * piece.is_strong + ["lit"] * piece.is_lit
            if x >= end:
                parts.append((text, self.tone_style(piece.tone, *others)))
                end = x + cell_len(text)
        if self.framed:
            parts.append((fill * (last - end) + _EDGES[1], between))
        return Strip(joined(parts)).adjust_cell_length(width, plain)

    def on_click(self, event: events.Click) -> None:
        for x, piece in self._laid_out():
            if piece.action and x <= event.x < x + piece.width:
                self.post_message(self.Clicked(piece.action))
                return
