"""The main screen: header, tabs, list, detail and footer; layout, focus, and the way back."""

from datetime import tzinfo

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from tiwtui.api.credentials import Looked
from tiwtui.catalog import _
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.listing.named import NamedFilter
from tiwtui.listing.tabs import Tab
from tiwtui.ui import headline, hints
from tiwtui.ui.bindings import bindings
from tiwtui.ui.keys import DEFAULT_KEYS, Keys, Scope
from tiwtui.ui.layout import SCREEN_LEAST, SHARES, Layout, next_layout, room
from tiwtui.ui.pace import Pace
from tiwtui.ui.presence import Presence
from tiwtui.ui.remembered import NOTHING_REMEMBERED, Remembered
from tiwtui.ui.screens.choosing import ChoosingScreen
from tiwtui.ui.screens.diagnostics import DiagnosticsScreen
from tiwtui.ui.screens.help import HelpScreen
from tiwtui.ui.screens.tasks import Copier, Severity
from tiwtui.ui.sheets.history import short_clock_text
from tiwtui.ui.watching import Watching
from tiwtui.ui.widgets.filter_input import FilterInput
from tiwtui.ui.widgets.said_line import Piece, SaidLine, pieces_width
from tiwtui.ui.widgets.task_table import TaskTable
from tiwtui.ui.widgets.welcome_panel import WelcomePanel
from tiwtui.watch.standing import Mode, Standing
from tiwtui.words import safe

_SHARE_STEP = 0.05
_TOASTS_FROM_WIDTH = 60
_TOLD_S = 5.0


class MainScreen(ChoosingScreen):
    """All tasks and one of them in detail."""

    BINDINGS = bindings(Scope.MAIN)

    layout_wanted: var[Layout] = var(Layout.AUTO, init=False)
    share: var[float] = var(0.4, init=False)
    is_full: var[bool] = var(False, init=False)

    class QuitRequested(Message):
        """The user wants to leave, and nothing is open any more."""

    class DemoRequested(Message):
        """The user wants to see the demo instead."""

    notice = ""
    """What befell the saved state at the start, until it is hidden."""

    _told = ""
    _advice = ""
    _where = ""

    def __init__(
        self,
        session: Watching,
        copier: Copier,
        presence: Presence,
        pace: Pace,
        zone: tzinfo | None = None,
        glyphs: Glyphs = UNICODE_GLYPHS,
        *,
        keys: Keys = DEFAULT_KEYS,
        filters: tuple[NamedFilter, ...] = (),
        remembered: Remembered = NOTHING_REMEMBERED,
    ) -> None:
        super().__init__(
            session, copier, presence, pace, zone, glyphs, keys=keys, filters=filters, remembered=remembered
        )
        self.set_reactive(MainScreen.layout_wanted, remembered.layout)
        self.set_reactive(MainScreen.share, remembered.share)
        self._left_on = remembered.selected

    @property
    def remembered(self) -> Remembered:
        """How the screen stands now, for the next start; the theme is the application's to add."""
        tab = self.tab
        return Remembered(
            tab=tab if isinstance(tab, Tab) else Tab.ALL,
            named=tab.name if isinstance(tab, NamedFilter) else "",
            filter_text=self.filter_text,
            kept_filters=self.kept_filters,
            order=self.order,
            hidden=self.hidden,
            selected=self.selected,
            layout=self.layout_wanted,
            share=self.share,
            detail_tab=self.pane.tab,
            copy_choice=self.copy_choice,
            app=self.chosen_app,
        )

    def compose(self) -> ComposeResult:
        # What is below is styled once it is there, and again by each change of a class from then on.
        self._place(*self.app.size)
        yield SaidLine(id="head")
        with Horizontal(id="tabs"):
            yield SaidLine(id="tab-line")
            yield FilterInput()
        yield Static(id="advice")
        with Container(id="body"):
            yield WelcomePanel(self.keys, self.glyphs)
            yield self.table
            yield self.pane
        yield SaidLine(id="foot")
        yield Static(Content(_("too small: tiwtui needs 40x12 cells")), id="too-small")

    def on_mount(self) -> None:
        for line in self.query(SaidLine):
            line.ellipsis = self.glyphs.ellipsis
        self.notice = self.session.notice or ""
        self.follow_cursor()
        self.table.show(self.view, on=self._left_on)
        self._lay_out()
        self.set_focus(self.table)
        if self.pace.tick_s is not None:
            self.set_interval(self.pace.tick_s, self.tick)

    # Words around the list

    def _clock(self, at: float) -> str:
        return short_clock_text(at, self.zone, self.moment.now)

    def refresh_standing(self) -> None:
        standing = self.session.standing()
        trouble = self.session.trouble
        left, right = headline.header(
            self.session.target,
            standing,
            self.moment.now,
            self._clock,
            self.size.width,
            self.glyphs,
            is_kept=trouble is None,
        )
        self.query_one("#head", SaidLine).say(left, right)
        notice = self.notice and _("{notice} ({key} hides this)").format(
            notice=self.notice, key=self.keys.word("back")
        )
        looked = self._looked_in_vain(standing)
        if looked != self.query_one(WelcomePanel).looked:
            self.query_one(WelcomePanel).looked = looked
            self.set_class(bool(looked), "-first-run")
            if not looked and self.focused is None:
                self.table.focus()
        told = "\n".join(filter(None, (trouble, "" if looked else standing.advice, notice)))
        if told != self._advice:
            self._advice = told
            advice = self.query_one("#advice", Static)
            advice.display = bool(told)
            advice.update(Content("\n".join(map(safe, told.splitlines()))))

    def _looked_in_vain(self, standing: Standing) -> tuple[Looked, ...]:
        """Return where keys were looked for, at a first start: nothing to send with, nothing to watch yet."""
        is_first = standing.mode is Mode.HALTED and not self.session.tasks and not self.shows_removed
        return self.session.looked_in_vain if is_first else ()

    def say_lines(self) -> None:
        """Say header, tabs, filter and footer anew; a line that says the same is not repainted."""
        self.refresh_standing()
        width, glyphs = self.size.width, self.glyphs
        shown = len(self.view)
        total = self.view.count(self.tab) if isinstance(self.tab, Tab) else None
        line = self.query_one(FilterInput)
        is_open = line.has_class("-open")
        free = width - (line.size.width if is_open else 0)
        filtered = headline.filter_pieces(
            self.filter_text, self.query_read, shown, total, width // 2, is_open=is_open
        )
        tabs = headline.tab_line(
            self.watched.count,
            self.tab,
            free - pieces_width(filtered),
            glyphs,
            named=self.named,
            shown=None if self.filter_text else shown,
        )
        self.query_one("#tab-line", SaidLine).say(tabs, filtered)
        known, cells = self.view.count(Tab.ALL), self.table.size.width or width
        self.table.empty = headline.empty_words(
            self.tab, self.filter_text, known, cells, self.keys, shows_removed=self.shows_removed
        )
        self._say_foot()

    def _say_foot(self) -> None:
        foot = self.query_one("#foot", SaidLine)
        if self._told:
            foot.say((Piece(f" {self._told}"),))
            return
        told = hints.DETAIL if self.pane.has_focus_within else hints.LIST
        if self.shows_removed and told is hints.LIST:
            told = hints.REMOVED
        elif not self.watched.count(Tab.ALL):
            told = hints.FIRST_RUN if self.query_one(WelcomePanel).looked else hints.EMPTY
        marked = headline.marked_pieces(len(self.marks), self.shown_marks)
        shown = [(self.keys.command(name), word) for name, word in told]
        foot.say(headline.footer(shown, self.size.width - pieces_width(marked)), marked)

    def say(self, text: str, severity: Severity = "information") -> None:
        if self.size.width >= _TOASTS_FROM_WIDTH:
            super().say(text, severity)
            return
        self._told = safe(text)
        self._say_foot()
        self.set_timer(_TOLD_S, self._forget_told)

    def _forget_told(self) -> None:
        self._told = ""
        self._say_foot()

    # Focus and layout

    @property
    def place(self) -> int | None:
        return self.pane.selected if self.pane.has_focus_within and self.pane.has_videos_open else None

    def action_focus_switch(self) -> None:
        """Go from the list to the detail and back."""
        if self.pane.has_focus_within and not self.is_full:
            self.table.focus()
        elif self.pane.display:
            self.pane.open_list.focus()

    def action_detail_open(self) -> None:
        """Give the detail the whole screen, or take it back; at the first start, open the demo."""
        if self.query_one(WelcomePanel).looked:
            self.post_message(self.DemoRequested())
        else:
            self.is_full = not self.is_full

    @on(TaskTable.Opened)
    def _open(self) -> None:
        self.is_full = True

    def action_detail_next(self) -> None:
        """Open the next tab of the detail."""
        self.pane.turn_tab(1)

    def action_detail_previous(self) -> None:
        """Open the previous tab of the detail."""
        self.pane.turn_tab(-1)

    def action_detail_tab(self, tab: str) -> None:
        """Open a tab of the detail."""
        self.pane.tab = tab

    def action_detail_wider(self) -> None:
        """Make the detail larger."""
        self.share = min(SHARES[1], self.share + _SHARE_STEP)

    def action_detail_narrower(self) -> None:
        """Make the detail smaller."""
        self.share = max(SHARES[0], self.share - _SHARE_STEP)

    def action_layout(self) -> None:
        """Put the detail to the right, below, or away."""
        self.layout_wanted = next_layout(*self.size, self.layout_wanted, self.share)

    def watch_is_full(self) -> None:
        self._lay_out()
        (self.pane.open_list if self.is_full else self.table).focus()

    def watch_share(self) -> None:
        self._lay_out()

    def watch_layout_wanted(self) -> None:
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        self._place(*self.size)
        if self._where == "none" and self.pane.has_focus_within:
            self.table.focus()
        self.say_lines()

    def _place(self, width: int, height: int) -> None:
        is_small = width < SCREEN_LEAST[0] or height < SCREEN_LEAST[1]
        self.set_class(is_small, "-too-small")
        place = room(width, height, self.layout_wanted, self.share, is_full=self.is_full)
        if place.where != self._where:
            # Each change of a class styles the whole screen anew.
            self.remove_class(f"-{self._where}")
            self.add_class(f"-{place.where}")
            self._where = place.where
        self.pane.styles.width = place.size if place.where == "right" else "100%"
        self.pane.styles.height = place.size if place.where == "below" else "100%"

    @on(events.DescendantFocus)
    def _focus_went(self) -> None:
        self._say_foot()

    @on(SaidLine.Clicked)
    async def _click(self, event: SaidLine.Clicked) -> None:
        event.stop()
        await self.run_action(event.action)

    # Back, help, quit

    def action_back(self) -> bool:
        """Go one step back: notice, full screen, filter, then marks; whether there was one."""
        if self.notice:
            self.notice = ""
            self.refresh_standing()
        elif self.is_full:
            self.is_full = False
        elif self.filter_text:
            self.filter_text = ""
        elif self.marks:
            self.marks = frozenset()
        elif self.pane.has_focus_within:
            self.table.focus()
        else:
            return False
        return True

    def action_quit(self) -> None:
        """Go one step back, and quit where there is none."""
        if not self.action_back():
            self.post_message(self.QuitRequested())

    def action_diagnostics(self) -> None:
        """Show how the watching goes."""
        given = (self.session, self._copier, self.pace, self.zone, self.glyphs, self.default_app)
        self.app.push_screen(DiagnosticsScreen(*given))

    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen(self.keys))

    def action_commands(self) -> None:
        """Show all commands."""
        self.app.action_command_palette()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.take_paste(event.text)
