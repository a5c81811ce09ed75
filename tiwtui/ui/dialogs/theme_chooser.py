"""The theme chooser, beside the screen that it changes."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tiwtui.i18n import _
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.themed_widget import QUIET
from tiwtui.ui.drawing.themes import ANSI, fitting

_NAME_CELLS = 20


class ThemeScreen(Dialog[None]):
    """Shows each theme as soon as it is highlighted; Enter keeps it, esc restores the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
    ]
    DEFAULT_CSS = """
    ThemeScreen {
        align: right middle;
        background: transparent;
        & > .box { width: 42; padding: 0 1; }
        & OptionList { max-height: 100%; }
    }
    """

    def compose(self) -> ComposeResult:
        self._before = self.app.theme
        names = fitting(self.app.available_themes, self.app.console.color_system)
        self._names = sorted(names, key=lambda name: (name.startswith(ANSI), self._is_light(name), name))
        with Vertical(classes="box") as box:
            box.border_title = Content(_("Theme"))
            yield OptionList(*(Option(self._prompt(name)) for name in self._names), compact=True)

    def shown_keys(self) -> KeyWords:
        return (("enter", _("ok")), ("esc", _("cancel")))

    def opened(self) -> None:
        themes = self.query_one(OptionList)
        if self._before in self._names:
            themes.highlighted = self._names.index(self._before)
        # Watched, since a message would come after the key that closes.
        self.watch(themes, "highlighted", self._show, init=False)

    def _is_light(self, name: str) -> bool:
        return not self.app.available_themes[name].dark

    def _prompt(self, name: str) -> Content:
        kind = _("light") if self._is_light(name) else _("dark")
        if name.startswith(ANSI):
            kind = _("of the terminal")
        return Content.assemble(f" {fit(name, _NAME_CELLS)} ", (kind, QUIET))

    def _show(self, place: int | None) -> None:
        if place is not None:
            self.app.theme = self._names[place]

    def action_move(self, by: int) -> None:
        """Highlight the next theme, or the one before."""
        themes = self.query_one(OptionList)
        themes.action_cursor_down() if by > 0 else themes.action_cursor_up()

    def action_close(self) -> None:
        """Restore the theme there was."""
        self.app.theme = self._before
        super().action_close()

    @on(OptionList.OptionSelected)
    def _keep(self) -> None:
        self.dismiss(None)
