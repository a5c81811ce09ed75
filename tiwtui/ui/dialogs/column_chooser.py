"""The column chooser: which columns the list shows where there is room for them, and in which order."""

from collections.abc import Collection
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
from tiwtui.listing.columns import ALL_COLUMNS, FIXED, column_word
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.themed_widget import QUIET

_LAST = "note"
_WORD_CELLS = 12


class ColumnsScreen(Dialog[tuple[str, ...]]):
    """Returns the columns that are to be shown, in their order.

    Columns that are left out keep their place here, so that one that comes back is where it was.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("J", "shift(1)", show=False),
        Binding("K", "shift(-1)", show=False),
        Binding("space", "toggle_column", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ColumnsScreen {
        & > .box { width: 52; }
        & OptionList { max-height: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, chosen: tuple[str, ...], has_room: Collection[str], glyphs: Glyphs) -> None:
        """Make the chooser; `has_room` are the columns that are on the screen now."""
        super().__init__()
        self._order = with_the_others(chosen)
        self._chosen = frozenset(chosen)
        self._has_room = has_room
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(_("Columns"))
            yield OptionList(*(Option(self._prompt(name)) for name in (*self._order, _LAST)), compact=True)

    def shown_keys(self) -> KeyWords:
        return (("space", _("on/off")), ("J K", _("move")), ("enter", _("ok")), ("esc", _("cancel")))

    def opened(self) -> None:
        self.query_one(OptionList).highlighted = 0

    def _prompt(self, name: str) -> Content:
        is_fixed = name in (FIXED, _LAST)
        is_shown = is_fixed or name in self._chosen
        sign = self._glyphs.mark if is_shown else self._glyphs.nothing
        beside = ""
        if is_fixed:
            beside = _("always")
        elif name == "app":
            beside = _("with several apps")
        elif is_shown and name not in self._has_room:
            beside = _("no room now")
        word = fit(column_word(name), _WORD_CELLS) if beside else column_word(name)
        return Content.assemble((f" {sign} {word}", "" if is_shown else QUIET), (beside, QUIET))

    def action_move(self, by: int) -> None:
        """Highlight the next column, or the one before."""
        columns = self.query_one(OptionList)
        columns.action_cursor_down() if by > 0 else columns.action_cursor_up()

    def action_shift(self, by: int) -> None:
        """Move the highlighted column down or up; Task and Note do not move."""
        place = self.query_one(OptionList).highlighted
        if place is None or not 0 <= place + by < len(self._order) or place >= len(self._order):
            return
        if self._order[place] != FIXED:
            self._order[place], self._order[place + by] = self._order[place + by], self._order[place]
            self._show(place, place + by)
            self.query_one(OptionList).highlighted = place + by

    def action_toggle_column(self) -> None:
        """Show the highlighted column, or leave it out; Task and Note are always shown."""
        place = self.query_one(OptionList).highlighted
        if place is not None and place < len(self._order) and self._order[place] != FIXED:
            self._chosen ^= {self._order[place]}
            self._show(place)

    def _show(self, *places: int) -> None:
        columns = self.query_one(OptionList)
        for place in places:
            columns.replace_option_prompt_at_index(place, self._prompt(self._order[place]))

    @on(OptionList.OptionSelected)
    def _accept(self) -> None:
        self.dismiss(tuple(name for name in self._order if name in self._chosen))


def with_the_others(chosen: tuple[str, ...]) -> list[str]:
    """Return the chosen columns in their order, and each other one after the one it follows by default."""
    order = list(chosen)
    for place, name in enumerate(ALL_COLUMNS):
        if name not in order:
            order.insert(order.index(ALL_COLUMNS[place - 1]) + 1 if place else 0, name)
    return order
