"""The main screen: header, tabs, list, detail and footer; and the way back."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tiwtui.api.credentials import SourceTried
from tiwtui.config.keys import Scope
from tiwtui.engine.status import Mode, Status
from tiwtui.formatting import Tone
from tiwtui.i18n import _
from tiwtui.listing.named_filters import NamedFilter
from tiwtui.listing.tabs import Tab
from tiwtui.model import TaskRef
from tiwtui.sanitize import safe
from tiwtui.ui.detail.history_tab import short_clock_text
from tiwtui.ui.dialogs.diagnostics import DiagnosticsScreen
from tiwtui.ui.dialogs.help import HelpScreen
from tiwtui.ui.drawing.background import CoveredContainer
from tiwtui.ui.keymap.bindings import bindings
from tiwtui.ui.main.selection import Severity
from tiwtui.ui.main.split_layout import PlacingScreen
from tiwtui.ui.main.view_state import Remembered
from tiwtui.ui.widgets import header_bar
from tiwtui.ui.widgets.filter_input import FilterInput
from tiwtui.ui.widgets.footer import Here, hints
from tiwtui.ui.widgets.status_line import Piece, Pieces, SaidLine, pieces_width
from tiwtui.ui.widgets.welcome_panel import WelcomePanel

_TOASTS_FROM_WIDTH = 60
_TOLD_S = 5.0
_UNDO_TOLD_S = 30.0


class MainScreen(PlacingScreen):
    """All tasks and one of them in detail."""

    BINDINGS = bindings(Scope.MAIN)

    class QuitRequested(Message):
        """The user wants to leave, and nothing is open any more."""

    class DemoRequested(Message):
        """The user wants to see the demo instead."""

    notice = ""
    """What happened to the saved state, at the start or since, until it is hidden."""

    _noticed: str | None = None
    _told = ""
    _fault = ""
    """What is wrong with the filter, where there is no room for that beside it."""
    _advice = ""
    _left_on: TaskRef | None = None
    _foot: tuple[Here, int, Pieces] | None = None

    def take_up(self, remembered: Remembered) -> None:
        super().take_up(remembered)
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
        self.place_within(*self.app.size)
        yield SaidLine(id="head")
        with Horizontal(id="tabs"):
            yield SaidLine(id="tab-line")
            yield FilterInput()
        yield Static(id="advice")
        with CoveredContainer(id="body"):
            yield WelcomePanel(self.keys, self.glyphs)
            yield self.table
            yield self.pane
        yield SaidLine(id="foot")
        yield Static(Content(_("too small: tiwtui needs 40x12 cells")), id="too-small")

    def on_mount(self) -> None:
        if self.app.return_code is not None:
            # The program ends while this opens: nothing more of it was mounted.
            return
        for line in self.query(SaidLine):
            line.ellipsis = self.glyphs.ellipsis
        self.pane.keys = self.keys
        self.follow_cursor()
        self.table.show(self.view, on=self._left_on)
        self.lay_out()
        self.set_focus(self.table)
        if self.pace.tick_s is not None:
            self.set_interval(self.pace.tick_s, self.tick)

    # Words around the list

    def _clock(self, at: float) -> str:
        return short_clock_text(at, self.zone, self.moment.now)

    def refresh_standing(self) -> None:
        status = self.session.status()
        trouble = self.session.trouble
        left, right = header_bar.header(
            self.session.target,
            status,
            self.moment.now,
            self._clock,
            self.size.width,
            self.glyphs,
            is_kept=trouble is None,
            try_key=self.keys.word("check"),
        )
        self.query_one("#head", SaidLine).say(left, right)
        if self.session.notice != self._noticed:
            self._noticed = self.session.notice
            self.notice = self._noticed or ""
        notice = self.notice and _("{notice} ({key} hides this)").format(
            notice=self.notice, key=self.keys.word("back")
        )
        looked = self._looked_in_vain(status)
        if looked != self.query_one(WelcomePanel).looked:
            self.query_one(WelcomePanel).looked = looked
            self.set_class(bool(looked), "-first-run")
            if not looked and self.focused is None:
                self.table.focus()
        told = "\n".join(filter(None, (trouble, "" if looked else status.advice, notice)))
        if told != self._advice:
            self._advice = told
            advice = self.query_one("#advice", Static)
            advice.display = bool(told)
            advice.update(Content("\n".join(map(safe, told.splitlines()))))
        self._say_foot()

    def _looked_in_vain(self, status: Status) -> tuple[SourceTried, ...]:
        """Return where keys were looked for, at a first start: nothing to send with, nothing to watch yet."""
        is_first = status.mode is Mode.STOPPED and not self.session.tasks and not self.shows_removed
        return self.session.looked_in_vain if is_first else ()

    def say_lines(self) -> None:
        """Say header, tabs, filter and footer anew; a line that says the same is not repainted."""
        width, glyphs = self.size.width, self.glyphs
        shown = len(self.view)
        total = self.view.count(self.tab) if isinstance(self.tab, Tab) else None
        line = self.query_one(FilterInput)
        is_open = line.has_class("-open")
        free = width - (line.size.width if is_open else 0)
        filtered = header_bar.filter_pieces(
            self.filter_text, self.query_read, shown, total, free * 2 // 3, is_open=is_open
        )
        fault = header_bar.filter_fault(self.query_read)
        self._fault = "" if any(fault in piece.text for piece in filtered) else fault
        tabs = header_bar.tab_line(
            self.watched.count,
            self.tab,
            free - pieces_width(filtered),
            glyphs,
            named=self.named,
            shown=None if self.filter_text else shown,
            keys=self.keys,
        )
        self.query_one("#tab-line", SaidLine).say(tabs, filtered)
        known, cells = self.view.count(Tab.ALL), self.table.size.width or width
        self.table.empty = header_bar.empty_words(
            self.tab, self.filter_text, known, cells, self.keys, shows_removed=self.shows_removed
        )
        self.refresh_standing()

    def watch_selected(self, was: TaskRef | None, now: TaskRef | None) -> None:
        super().watch_selected(was, now)
        self._say_foot()

    def _say_foot(self) -> None:
        foot = self.query_one("#foot", SaidLine)
        if self._told or self._fault:
            foot.say((Piece(f" {self._told or self._fault}", Tone.PLAIN if self._told else Tone.BAD),))
            self._foot = None
            return
        marked = header_bar.marked_pieces(len(self.marks), self.shown_marks)
        if self.is_full:
            # No key means the others there.
            marked = header_bar.mark_pieces() if self.selected in self.marks else ()
        here, width = self._here(), self.size.width - pieces_width(marked)
        # Each key that moves the cursor comes by here, and nearly all leave it as it is.
        if self._foot != (here, width, marked):
            self._foot = (here, width, marked)
            shown = [(self.keys.command(name), word) for name, word in hints(here)]
            foot.say(header_bar.footer(shown, width), marked)

    def _here(self) -> Here:
        """Return where the person is, for the footer."""
        last, task = self.removals.last, self.task_of(self.selected)
        has_place = self.place is not None
        videos_here = 0 if task is None else task.video_count
        return Here(
            is_first_run=bool(self.query_one(WelcomePanel).looked),
            is_empty=not self.watched.count(Tab.ALL),
            has_task=task is not None,
            shows_removed=self.shows_removed,
            in_detail=self.pane.has_focus_within,
            is_full=self.is_full,
            has_place=has_place,
            videos=videos_here if has_place else self.meant_videos,
            marks=self.shown_marks,
            marks_hidden=self.hidden_marks > 0,
            is_filtered=bool(self.filter_text),
            is_paused=self.session.status().mode is Mode.PAUSED,
            has_undo=last is not None or self.has_undo_kept,
            is_fresh=last is not None and self.moment.now - last.at < _UNDO_TOLD_S,
        )

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

    def action_detail_open(self) -> None:
        """Give the detail the whole screen, or take it back; at the first start, open the demo."""
        if self.query_one(WelcomePanel).looked:
            self.post_message(self.DemoRequested())
        else:
            super().action_detail_open()

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
        elif self.shows_removed:
            # A tab of its own asks for them; the watch list is behind it.
            self.tab = Tab.ALL
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
        given = (self.session, self._copier, self.pace, self.zone, self.glyphs, self.default_app, self.keys)
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
