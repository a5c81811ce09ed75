"""The line the filter is typed into: enter keeps it, esc clears it, the arrows move the list meanwhile."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tiwtui.words import _


class FilterInput(Input):
    """An input above the list; hidden while nothing is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", show=False),
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

    def __init__(self) -> None:
        super().__init__(
            compact=True, id="filter", placeholder=_("words  !word  phase:ready"), select_on_focus=False
        )

    def action_drop(self) -> None:
        """Clear the filter."""
        self.post_message(self.Dropped())

    def action_move(self, by: int) -> None:
        """Move the list."""
        self.post_message(self.MoveRequested(by))
