"""The diagnostics on the whole screen: looked at once a second while they are open, never otherwise."""

from datetime import tzinfo
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tiwtui.config.keys import DEFAULT_KEYS, Keys
from tiwtui.formatting import Tone
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _
from tiwtui.results.clipboard import Copied
from tiwtui.sanitize import safe
from tiwtui.ui.dialogs.copy_sheet import CopySheet
from tiwtui.ui.dialogs.diagnostics_text import Reader, diagnostics_sheet, diagnostics_text
from tiwtui.ui.dialogs.dialog import Dialog
from tiwtui.ui.main.check_actions import Copier
from tiwtui.ui.timing import Pace
from tiwtui.ui.watching import Watching
from tiwtui.ui.widgets import header_bar
from tiwtui.ui.widgets.line_view import LineList
from tiwtui.ui.widgets.status_line import Piece, Pieces, SaidLine

_TOLD_S = 5.0


class DiagnosticsScreen(Dialog[None]):
    """Rates, delay, trouble and the last requests, scrolled with the moving keys; `y` copies them all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,b", "close", show=False),
        Binding("y,c", "copy", show=False),
    ]
    DEFAULT_CSS = """
    DiagnosticsScreen {
        layout: vertical;
        background: $background;
        & > SaidLine { background: $surface; }
    }
    """

    def __init__(
        self,
        session: Watching,
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
        self._told = ""

    def compose(self) -> ComposeResult:
        yield SaidLine(id="diagnostics-head")
        yield LineList("diagnostics")
        yield SaidLine(id="diagnostics-foot")

    def opened(self) -> None:
        for line in self.query(SaidLine):
            line.ellipsis = self._glyphs.ellipsis
        self.query_one(LineList).focus()
        self.tick()
        if self._pace.tick_s is not None:
            self.set_interval(max(1.0, self._pace.tick_s), self.tick)

    def resized(self) -> None:
        self._say_lines()

    def tick(self) -> None:
        """Look again."""
        told, reader = self._session.diagnostics(), self._reader()
        self.query_one(LineList).show(lambda width, _focused: diagnostics_sheet(told, reader, width))
        self._say_lines()

    def _reader(self) -> Reader:
        return Reader(self._session.wall(), self._zone, self._glyphs, self._default_app)

    def _say_lines(self) -> None:
        reader = self._reader()
        left, right = header_bar.header(
            self._session.target,
            self._session.status(),
            reader.now,
            reader.clock,
            self.size.width,
            self._glyphs,
            is_kept=self._session.trouble is None,
        )
        self.query_one("#diagnostics-head", SaidLine).say(left, right)
        self._say_foot()

    def _say_foot(self) -> None:
        told = (Piece(f" {self._told}"),) if self._told else self._hints()
        self.query_one("#diagnostics-foot", SaidLine).say(told)

    def _hints(self) -> Pieces:
        hints: tuple[tuple[str, str, str], ...] = (
            ("esc", _("close"), "close"),
            ("y", _("copy all"), "copy"),
            (self._keys.pair("move.down", "move.up"), _("scroll"), ""),
        )
        return tuple(
            piece
            for key, word, action in hints
            for piece in (
                Piece(f" {key} ", Tone.NAME, is_strong=True, action=action),
                Piece(f"{word} ", Tone.QUIET, action=action),
            )
        )

    def _say(self, text: str) -> None:
        """Say something in the last line for a while: a toast would lie on the figures."""
        self._told = safe(text)
        self._say_foot()
        self.set_timer(_TOLD_S, self._forget)

    def _forget(self) -> None:
        self._told = ""
        self._say_foot()

    @on(SaidLine.Clicked)
    async def _click(self, event: SaidLine.Clicked) -> None:
        event.stop()
        await self.run_action(event.action)

    @work(exclusive=True, group="copy")
    async def action_copy(self) -> None:
        """Copy the whole as plain text; where no clipboard is reached, show it to be selected."""
        told, now = self._session.diagnostics(), self._session.wall()
        text = diagnostics_text(told, self._session.target, now, self._default_app)
        what = _("diagnostics")
        outcome = await self._copier(text)
        if not self.is_staying:
            return
        if isinstance(outcome, Copied):
            self._say(f"{what} {outcome.claim}")
        else:
            await self.app.push_screen_wait(CopySheet(text, f"{what}: {outcome.reason}"))
