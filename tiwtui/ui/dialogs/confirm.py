"""A question with a safe answer focused, and one line of text to be typed."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from tiwtui.i18n import _
from tiwtui.sanitize import safe
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords


class ConfirmScreen(Dialog[bool]):
    """Asks before something is done to many tasks; Cancel is focused."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "close", show=False),
        Binding("y", "accept", show=False),
        Binding("left,right,h,l,up,down,j,k", "app.focus_next", show=False),
    ]
    DEFAULT_CSS = """
    ConfirmScreen {
        & Horizontal { height: auto; margin-top: 1; align-horizontal: right; }
    }
    """

    def __init__(self, question: str, accept: str) -> None:
        super().__init__()
        self._question = question
        self._accept = accept

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Content(self._question))
            with Horizontal():
                yield Button(Content(_("Cancel")), id="cancel", compact=True)
                yield Button(Content(self._accept), id="accept", compact=True)

    def shown_keys(self) -> KeyWords:
        return (("y", self._accept.lower()), ("n", _("cancel")))

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "accept")

    def action_accept(self) -> None:
        """Answer yes."""
        self.dismiss(True)


class LineScreen(Dialog[str]):
    """Asks for one line of text, such as a label."""

    def __init__(self, title: str, value: str = "", *, fault: str = "", accept: str = "") -> None:
        super().__init__()
        self._fault = fault
        self._title = title
        self._value = value
        self._accept = accept

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            yield Input(self._value, compact=True)
            if self._fault:
                yield Static(Content(safe(self._fault)), classes="fault")

    def shown_keys(self) -> KeyWords:
        return (("enter", self._accept or _("save")), ("esc", _("cancel")))

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())
