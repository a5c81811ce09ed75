"""The diagnostics on the whole screen, read once a second while they are open."""

from datetime import tzinfo
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tiwtui.config.key_table import DEFAULT_KEYS, Keys
from tiwtui.formatting import Tone
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _
from tiwtui.results.clipboard import Copied, Copier
from tiwtui.sanitize import safe
from tiwtui.session import Session
from tiwtui.ui.dialogs.copy_sheet import CopySheet
from tiwtui.ui.dialogs.diagnostics_text import Reader, diagnostics_sheet, diagnostics_text
from tiwtui.ui.dialogs.dialog import Dialog
from tiwtui.ui.drawing.styled_text import Row, Span
from tiwtui.ui.timing import Pace
from tiwtui.ui.widgets.header_bar import header
from tiwtui.ui.widgets.line_view import LineView
from tiwtui.ui.widgets.status_line import StatusLine

_MESSAGE_S = 5.0


class DiagnosticsScreen(Dialog[None]):
    """Rates, delay, trouble and the last requests, scrolled with the moving keys; `y` copies them all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # This key goes with that of the command, whatever that is bound to.
        Binding("b", "close", show=False, id="diagnostics"),
        Binding("y,c", "copy", show=False),
    ]
    DEFAULT_CSS = """
    DiagnosticsScreen {
        layout: vertical;
        background: $background;
        & > StatusLine { background: $surface; }
    }
    """

    def __init__(
        self,
        session: Session,
        copier: Copier,
        pace: Pace,
        zone: tzinfo | None = None,
        glyphs: Glyphs = UNICODE_GLYPHS,
        default_app: int | None = None,
        keys: Keys = DEFAULT_KEYS,
    ) -> None:
        super().__init__()
        self._session = session
        self._copier = copier
        self._pace = pace
        self._zone = zone
        self._glyphs = glyphs
        self._default_app = default_app
        self._keys = keys
        self._message = ""

    def compose(self) -> ComposeResult:
        yield StatusLine("diagnostics-head", self._glyphs.ellipsis)
        yield LineView("diagnostics")
        yield StatusLine("diagnostics-foot", self._glyphs.ellipsis)

    def opened(self) -> None:
        self.query_one(LineView).focus()
        self.tick()
        if self._pace.tick_s is not None:
            self.set_interval(max(1.0, self._pace.tick_s), self.tick)

    def resized(self) -> None:
        self._say_lines()

    def tick(self) -> None:
        """Look again."""
        report, reader = self._session.diagnostics(), self._reader()
        self.query_one(LineView).show(
            lambda width, _height, _focused: diagnostics_sheet(report, reader, width)
        )
        self._say_lines()

    def _reader(self) -> Reader:
        return Reader(self._session.wall(), self._zone, self._glyphs, self._default_app)

    def _say_lines(self) -> None:
        reader = self._reader()
        left, right = header(
            self._session.target,
            self._session.status(),
            reader.now,
            reader.clock,
            self.size.width,
            self._glyphs,
            is_saved=self._session.trouble is None,
            own=self._session.who,
        )
        self.query_one("#diagnostics-head", StatusLine).say(left, right)
        self._say_foot()

    def _say_foot(self) -> None:
        words = (Span(f" {self._message}"),) if self._message else self._hints()
        self.query_one("#diagnostics-foot", StatusLine).say(words)

    def _hints(self) -> Row:
        hints: tuple[tuple[str, str, str], ...] = (
            ("esc", _("close"), "close"),
            ("y", _("copy all"), "copy"),
            (self._keys.pair("move.down", "move.up"), _("scroll"), ""),
        )
        return tuple(
            piece
            for key, word, action in hints
            for piece in (
                Span(f" {key} ", Tone.NAME, is_strong=True, action=action),
                Span(f"{word} ", Tone.QUIET, action=action),
            )
        )

    def _say(self, text: str) -> None:
        """Say something in the last line for a while: a toast would lie on the figures."""
        self._message = safe(text)
        self._say_foot()
        self.set_timer(_MESSAGE_S, self._forget)

    def _forget(self) -> None:
        self._message = ""
        self._say_foot()

    @on(StatusLine.Clicked)
    async def _click(self, event: StatusLine.Clicked) -> None:
        event.stop()
        await self.run_action(event.action)

    @work(exclusive=True, group="copy")
    async def action_copy(self) -> None:
        """Copy the whole as plain text; where no clipboard is reached, show it to be selected."""
        report, now = self._session.diagnostics(), self._session.wall()
        text = diagnostics_text(report, self._session.target, now, self._default_app)
        what = _("diagnostics")
        outcome = await self._copier(text)
        if not self.is_staying:
            return
        if isinstance(outcome, Copied):
            self._say(f"{what} {outcome.claim}")
        else:
            await self.app.push_screen_wait(CopySheet(text, f"{what}: {outcome.reason}"))
