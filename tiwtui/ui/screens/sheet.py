"""The copy sheet: the whole text on the screen, where no route to a clipboard is to be trusted."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from tiwtui.ui.screens.dialog import Dialog
from tiwtui.words import _


class CopySheet(Dialog[None]):
    """Shows a text whole, so that the terminal's own selection can take it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "close", show=False)]
    DEFAULT_CSS = """
    CopySheet {
        & > .box { width: 100%; height: 100%; padding: 0 1; border: none; }
        & TextArea { height: 1fr; border: none; padding: 0; }
    }
    """

    def __init__(self, text: str, reason: str) -> None:
        super().__init__()
        self._text = text
        self._reason = reason

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Content(self._reason), classes="hint")
            yield TextArea(self._text, read_only=True, soft_wrap=True, show_cursor=False)
            hint = _("Select with the mouse (shift or option held down in most terminals); esc closes")
            yield Static(Content(hint), classes="hint")
