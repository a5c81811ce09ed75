"""The column chooser: which columns the list shows where there is room for them."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.listing.columns import CHOOSABLE, column_word
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords


class ColumnsScreen(Dialog[frozenset[str]]):
    """Returns the columns that are to be left out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,w", "close", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("space", "toggle_column", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ColumnsScreen {
        & > .box { width: 44; }
    }
    """

    def __init__(self, hidden: frozenset[str], glyphs: Glyphs) -> None:
        super().__init__()
        self._hidden = hidden
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(_("Columns"))
            yield OptionList(*(Option(self._prompt(name)) for name in CHOOSABLE), compact=True)

    def shown_keys(self) -> KeyWords:
        return (("space", _("on/off")), ("enter", _("ok")), ("esc", _("cancel")))

    def opened(self) -> None:
        self.query_one(OptionList).highlighted = 0

    def _prompt(self, name: str) -> Content:
        sign = self._glyphs.nothing if name in self._hidden else self._glyphs.mark
        word = column_word(name)
        if name == "app":
            word = _("{column} (where there are several)").format(column=word)
        return Content(f" {sign} {word}")

    def action_move(self, by: int) -> None:
        """Highlight the next column, or the one before."""
        columns = self.query_one(OptionList)
        columns.action_cursor_down() if by > 0 else columns.action_cursor_up()

    def action_toggle_column(self) -> None:
        """Show the highlighted column, or hide it."""
        columns = self.query_one(OptionList)
        place = columns.highlighted
        if place is not None:
            self._hidden ^= {CHOOSABLE[place]}
            columns.replace_option_prompt_at_index(place, self._prompt(CHOOSABLE[place]))

    @on(OptionList.OptionSelected)
    def _accept(self) -> None:
        self.dismiss(self._hidden)
