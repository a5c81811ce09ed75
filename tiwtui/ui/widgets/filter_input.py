"""The line the filter is typed into: enter accepts it, esc clears it, the arrows move the list meanwhile, tab
asks for what is typed to be completed.

On an empty line ↑ recalls saved filters, and ↑ and ↓ go on through that until something is typed.
"""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tiwtui.i18n import _

_LEAST_WIDTH = 24


def filter_width(width: int) -> int:
    """Return how many cells of a screen's the open line takes."""
    return max(_LEAST_WIDTH, width * 2 // 5)


class FilterInput(Input):
    """An input above the list; hidden while nothing is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", show=False),
        Binding("tab", "complete(1)", show=False),
        Binding("shift+tab", "complete(-1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
    ]
    DEFAULT_CSS = """
    FilterInput { width: 40%; min-width: 24; display: none; background: $surface; padding: 0; }
    FilterInput.-open { display: block; }
    """

    @dataclass
    class Dropped(Message):
        """The filter is to be cleared."""

    @dataclass
    class MoveRequested(Message):
        """The list is to move while the filter is typed."""

        by: int

    @dataclass
    class CompletionRequested(Message):
        """What is typed is to be completed, or replaced by the next candidate (-1: the one before)."""

        by: int

    def __init__(self) -> None:
        super().__init__(
            compact=True, id="filter", placeholder=_("words  !word  phase:ready"), select_on_focus=False
        )
        self._history: tuple[str, ...] = ()
        self._recalled: int | None = None

    def open_on(self, text: str, history: tuple[str, ...]) -> None:
        """Take the keys, on a text; `history` is what can be recalled, the latest first."""
        self._history, self._recalled = history, None
        self.put(text, len(text))
        self.add_class("-open")
        self.focus()

    def close(self) -> None:
        """Take no more keys, and leave the screen."""
        self.remove_class("-open")

    def put(self, text: str, cursor: int) -> None:
        """Replace the text, with the cursor in some place of it."""
        self.value = text
        self.cursor_position = cursor

    def action_complete(self, by: int) -> None:
        """Ask for completion; the focus stays, also where there is none."""
        self.post_message(self.CompletionRequested(by))

    def action_drop(self) -> None:
        """Clear the filter."""
        self.post_message(self.Dropped())

    def action_move(self, by: int) -> None:
        """Recall another filter where one is being recalled, else move the list."""
        if abs(by) != 1 or not self._recall(-by):
            self.post_message(self.MoveRequested(by))

    def _recall(self, back: int) -> bool:
        """Put a saved filter that lies further back on the line; return whether there is one."""
        if not self.value:
            self._recalled = None
        elif self._recalled is None or self.value != self._history[self._recalled]:
            return False
        place = (-1 if self._recalled is None else self._recalled) + back
        if not -1 <= place < len(self._history):
            return False
        self._recalled = None if place < 0 else place
        text = "" if place < 0 else self._history[place]
        self.put(text, len(text))
        return True
