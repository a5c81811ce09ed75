"""The copy sheet: the whole text on the screen, where no route to a clipboard is to be trusted.

While it is open the mouse belongs to the terminal, so that dragging selects as it does in a shell.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, assert_never

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.filter import LineFilter
from textual.widgets import Static, TextArea

from tiwtui.i18n import _
from tiwtui.results.save_file import Exists, NotSaved, Saved, save_text
from tiwtui.sanitize import safe
from tiwtui.ui.dialogs.confirm import ConfirmScreen, LineScreen
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords, key_words
from tiwtui.ui.drawing.output_filters import AsciiSigns

SHOWN_MOST = 200_000
"""How many characters of a text are shown. To wrap more of them takes seconds, and nobody selects them."""

PROPOSED_NAME = "tiwtui-urls.txt"


class SheetText(TextArea):
    """A text to be selected: drawn as it is, also where only ASCII is drawn."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [one for one in super().get_line_filters() if not isinstance(one, AsciiSigns)]


class CopySheet(Dialog[None]):
    """Shows a text whole, so that the terminal's own selection can take it; `w` saves it to a file.

    Of a very long text it shows the beginning.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "save", show=False),
    ]
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
            shown = self._text
            if len(shown) > SHOWN_MOST:
                # Up to a line's end: half a URL looks like a whole one.
                shown = shown[:SHOWN_MOST].rpartition("\n")[0] or shown[:SHOWN_MOST]
                part = _("shown are {n} of {lines} lines, {key} saves all").format(
                    n=shown.count("\n") + 1, lines=self._text.count("\n") + 1, key="w"
                )
                self._reason = f"{self._reason}; {part}"
            yield Static(Content(self._reason), classes="hint")
            yield SheetText(shown, read_only=True, soft_wrap=True, show_cursor=False, compact=True)
            yield Static(classes="keys")

    def shown_keys(self) -> KeyWords:
        return (("w", _("save")), (_("mouse"), _("select")), ("esc", _("close")))

    def show_keys(self) -> None:
        self.query_one(".keys", Static).update(key_words(self.shown_keys(), self.size.width - 2))

    def opened(self) -> None:
        self._give_mouse(to_terminal=True)

    def on_unmount(self) -> None:
        self._give_mouse(to_terminal=False)

    def _give_mouse(self, *, to_terminal: bool) -> None:
        # A driver without a terminal, as tests have it, has no mouse to give.
        name = "_disable_mouse_support" if to_terminal else "_enable_mouse_support"
        give = getattr(self.app._driver, name, None)
        if give is not None and not self.app._exit:
            give()

    @work
    async def action_save(self) -> None:
        """Save the text to a file that is asked for; one that is there is asked about."""
        typed, fault = PROPOSED_NAME, ""
        while True:
            screen = LineScreen(_("Save to file"), typed, fault=fault)
            answer = await self.app.push_screen_wait(screen)
            if not answer:
                return
            path = Path(answer)
            outcome = await asyncio.to_thread(save_text, self._text, path)
            if isinstance(outcome, Exists):
                question = _("{path} is there already. Replace it?").format(path=safe(str(path)))
                if not await self.app.push_screen_wait(ConfirmScreen(question, _("Replace"))):
                    typed, fault = answer, ""
                    continue
                outcome = await asyncio.to_thread(save_text, self._text, path, overwrites=True)
            match outcome:
                case Saved():
                    self.app.notify(_("saved in {path}").format(path=safe(str(path))), markup=False)
                    return
                case NotSaved(reason=reason):
                    typed, fault = answer, _("not saved: {reason}").format(reason=reason)
                case Exists():
                    typed, fault = answer, _("not saved: {reason}").format(reason=_("it is there already"))
                case _ as unreachable:
                    assert_never(unreachable)
