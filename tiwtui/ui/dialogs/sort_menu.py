"""The sort menu: one letter for each column that a list can be sorted by, shown or not."""

from collections.abc import Collection
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tiwtui.formatting import Tone
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.listing.columns import column_word
from tiwtui.listing.order import LETTERS, Order
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords
from tiwtui.ui.drawing.themed_widget import QUIET


def order_word(column: str) -> str:
    """Return what the order by a column is called."""
    words = {"": _("Default: active, then newest"), "note": _("Over the usual time")}
    return words.get(column) or column_word(column)


class SortScreen(Dialog[str]):
    """Returns the column that was chosen, `""` for the default order; the present one to reverse it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "close", show=False),
        *(Binding(letter, f"choose('{column}')", show=False) for column, letter in LETTERS.items()),
    ]
    DEFAULT_CSS = """
    SortScreen {
        & > .box { width: 44; }
        & OptionList { max-height: 100%; }
    }
    """

    def __init__(self, order: Order, shown: Collection[str], glyphs: Glyphs) -> None:
        """Make the menu; `shown` are the columns that are on the screen now."""
        super().__init__()
        self._order = order
        self._shown = shown
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(_("Sort by"))
            yield OptionList(*(Option(self._prompt(column)) for column in LETTERS), compact=True)

    def shown_keys(self) -> KeyWords:
        return ((_("letter"), _("sort, again reverse")), ("enter", _("ok")), ("esc", _("cancel")))

    def opened(self) -> None:
        self.query_one(OptionList).highlighted = list(LETTERS).index(self._order.column)

    def _prompt(self, column: str) -> Content:
        is_present = column == self._order.column
        way = self._glyphs.down if self._order.has_largest_first else self._glyphs.up
        arrow = f" {way}" if is_present else ""
        look = "bold" if is_present else "" if column in self._shown else QUIET
        letter = (f" {LETTERS[column]}  ", f"bold ${Tone.NAME}")
        return Content.assemble(letter, (f"{order_word(column)}{arrow}", look))

    def action_choose(self, column: str) -> None:
        """Choose a column."""
        self.dismiss(column)

    @on(OptionList.OptionSelected)
    def _accept(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(list(LETTERS)[event.option_index])
