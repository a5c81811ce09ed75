"""The application: it starts the session, merges its changes into few repaints, and ends cleanly."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from msgspec.structs import replace
from rich.text import Text
from textual import events, on
from textual.app import App, SystemCommand
from textual.command import Provider
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.worker import WorkerFailed

from tiwtui.config.key_table import DEFAULT_KEYS, Keys, Scope
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.listing.named_filters import AnyTab, named_filters, tabs_by_name
from tiwtui.listing.tabs import Tab
from tiwtui.model import TaskRef
from tiwtui.process.crash_log import write_crash
from tiwtui.process.gc_pause import end_of_start, set_aside, without_collecting
from tiwtui.process.resource_shortage import shortage
from tiwtui.results import clipboard
from tiwtui.results.clipboard import Copier
from tiwtui.sanitize import safe
from tiwtui.session import Session
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.change_feed import ChangeFeed
from tiwtui.ui.dialogs.dialog import Dialog
from tiwtui.ui.dialogs.help_text import Place
from tiwtui.ui.drawing.output_filters import AsciiSigns, without_ansi_colors
from tiwtui.ui.drawing.scrollbar import SlimScrollBar
from tiwtui.ui.drawing.themes import fitting_theme, legible_themes
from tiwtui.ui.input.activity import Presence
from tiwtui.ui.input.key_gate import KeyGate
from tiwtui.ui.input.shutdown import ended_by_signals
from tiwtui.ui.input.terminal_driver import TerminalDriver
from tiwtui.ui.keymap.palette import Commands, capitalized, offered
from tiwtui.ui.keymap.textual_bindings import bindings, keymap
from tiwtui.ui.main.screen import MainScreen
from tiwtui.ui.main.view_state import FIRST_START, NO_TABS, read_view_state, view_state_json
from tiwtui.ui.main.view_state_file import ViewFile
from tiwtui.ui.timing import Pace
from tiwtui.ui.widgets.tab_bar import tab_word, title_words

EXIT_CRASHED = 70
EXIT_UNUSABLE = 2

_TITLE_EACH_S = 1.0


class TiwtuiApp(App[None], inherit_bindings=False):
    """The screen of tiwtui over one session; `return_code` is not 0 after a crash."""

    TITLE = "tiwtui"
    CSS_PATH = "app.tcss"
    BINDINGS = bindings(Scope.APP)
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}

    def __init__(
        self,
        session: Session,
        *,
        copier: Copier | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        zone: tzinfo | None = None,
        glyphs: Glyphs = UNICODE_GLYPHS,
        pace: Pace | None = None,
        theme: str | None = None,
        keys: Keys = DEFAULT_KEYS,
        filters: Iterable[tuple[str, str]] = (),
        clipboard_command: Sequence[str] = (),
        view_file: ViewFile | None = None,
        opens_on: AnyTab | None = None,
        log_path: Path | None = None,
    ) -> None:
        """Make the application; it is not started yet.

        `filters` are the names and texts of those that are tabs. `view_file` is where the next start finds
        how this one was left; a `theme` that is given stands before the one that is found there.
        """
        super().__init__()
        self._session = session
        self._copier = copier or self._copy_here
        self._presence = Presence(monotonic)
        self._zone = zone
        self._glyphs = glyphs
        self._pace = pace or Pace()
        self._log_path = log_path
        self._keys = keys
        self._quit_keys = keys.command("quit.now").keys
        self._clipboard_command = tuple(clipboard_command)
        self.set_keymap(keymap(keys))
        self._named = named_filters(filters)
        self._view_file = view_file
        self._opens_on = opens_on
        self._left = FIRST_START
        self._theme_given = theme
        self._is_open = False
        self.wants_demo = False
        """Whether the screen was closed to see the demo."""
        self.failure: str | None = None
        """Why the saved state could not be opened, or not written at the end: for after the screen."""
        self._feed = ChangeFeed(self, self._pace, monotonic, self._show_changes)
        self.key_gate = KeyGate(self, self._pace, self._presence, keys.moving, self._pass_on, self._is_inside)
        self._title_planned = False
        self._unsubscribe: Callable[[], None] = lambda: None
        self._undo_signals: Callable[[], None] = lambda: None
        self.animation_level = "none"
        # Textual's own place for how all scrollbars are drawn.
        ScrollBar.renderer = SlimScrollBar
        if glyphs is not UNICODE_GLYPHS:
            self._filters.append(AsciiSigns())
        for legible in legible_themes():
            self.register_theme(legible)
        if theme is not None:
            self.theme = theme
        self._theme_at_start = self.theme

    def get_driver_class(self) -> type[Driver]:
        usual = super().get_driver_class()
        return TerminalDriver if usual is LinuxDriver else usual

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = super().get_line_filters()
        return without_ansi_colors(filters) if self.native_ansi_color else filters

    def on_load(self) -> None:
        """Read how the last start was left, before anything is painted."""
        if self._view_file is not None:
            tabs = tabs_by_name(self._named) if self._view_file.keeps_tab else NO_TABS
            self._left = read_view_state(self._view_file.read(), tabs)
        if self._opens_on is not None:
            self._left = replace(self._left, tab=self._opens_on)
        if self._theme_given is None and self._left.theme in self.available_themes:
            self.theme = self._left.theme
        self.theme = self._theme_at_start = fitting_theme(self.theme, self.console.color_system)

    async def on_mount(self) -> None:
        try:
            with without_collecting():
                await self._session.start()
                set_aside(len(self._session.tasks))
        except StoreFailed as failure:
            self.failure = str(failure)
            self.exit(return_code=EXIT_UNUSABLE)
            return
        with without_collecting():
            self.main = MainScreen(
                self._session,
                self._copier,
                self._presence,
                self._pace,
                zone=self._zone,
                glyphs=self._glyphs,
                keys=self._keys,
                filters=self._named,
                left=self._left,
            )
            set_aside(len(self._session.tasks))
        self._is_open = True
        self._unsubscribe = self._session.subscribe(self._feed.collect)
        self._undo_signals = ended_by_signals(self._end_by_signal)
        await self.push_screen(self.main)
        self._show_title()
        self.main.call_after_refresh(end_of_start)
        self.run_worker(self._session.run(), group="engine")
        if self._view_file is not None and self._pace.remember_s is not None:
            self.set_interval(self._pace.remember_s, self.remember)

    async def on_unmount(self) -> None:
        self._unsubscribe()
        self._put_view()
        if self._view_file is not None:
            await asyncio.to_thread(self._view_file.write)
        try:
            await self._session.close()
        except StoreFailed as failure:
            self.failure = self.failure or str(failure)
        finally:
            self._undo_signals()

    # What the next start reads

    def remember(self) -> None:
        """Save how the screen stands now, if it changed."""
        if self._put_view() and self._view_file is not None:
            self.run_worker(self._view_file.write, thread=True, group="view")

    def _put_view(self) -> bool:
        if self._view_file is None or not self._is_open:
            return False
        is_chosen = self.theme != self._theme_at_start
        theme = self.theme if is_chosen else self._left.theme
        left = replace(self.main.state.value, theme=theme)
        return self._view_file.put(view_state_json(left, keeps_tab=self._view_file.keeps_tab))

    # Changes of the engine

    def _show_changes(self, changes: frozenset[TaskRef]) -> None:
        # Changes that come before the screen is made or while it is taken down have no line to go to.
        if self.main.is_mounted and self.is_running:
            self._presence.note_change()
            self.main.follow(changes)
            self._plan_title()

    # The terminal's title

    def _plan_title(self) -> None:
        """Have the title say soon how many tasks are ready, failed and active."""
        if not self._title_planned:
            self._title_planned = True
            self.set_timer(_TITLE_EACH_S, self._show_title)

    def _show_title(self) -> None:
        self._title_planned = False
        if isinstance(self._driver, TerminalDriver):
            self._driver.show_title(title_words(self.main.tasks.watched.view.count, self._glyphs))

    # Signs of a person

    async def on_event(self, event: events.Event) -> None:
        was_untouched, was_calm = self._presence.is_untouched, self._is_open and self.main.lines.is_calm
        match event:
            case events.Key() | events.Click() | events.Paste():
                self._presence.note(is_typing=True)
            case events.MouseEvent() | events.AppFocus():
                self._presence.note(is_typing=False)
            case _:
                pass
        if was_untouched and self._is_open and not self._presence.is_untouched:
            self.main.lines.refresh()
        # The first key brings the list back: nobody saw yet what another one would act on.
        if was_calm and isinstance(event, events.Key) and event.key not in self._quit_keys:
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self.key_gate.take(event)
            return
        await self._pass_on(event)

    async def _pass_on(self, event: events.Event) -> None:
        if isinstance(event, events.Paste):
            event.text = "\n".join("\t".join(map(safe, line.split("\t"))) for line in event.text.splitlines())
        await super().on_event(event)

    def _is_inside(self) -> bool:
        """Whether a dialog or the filter line is open."""
        return self._is_open and (self.screen is not self.main or self.main.state.value.is_filtering)

    # The clipboard of this terminal

    async def _copy_here(self, text: str) -> clipboard.Copied | clipboard.TooLong | clipboard.NoRoute:
        return await clipboard.copy(
            text,
            environ=os.environ,
            which=shutil.which,
            platform=sys.platform,
            run=clipboard.run_command,
            osc52=self._write,
            command=self._clipboard_command,
        )

    def _write(self, sequence: bytes) -> None:
        if self._driver is not None:
            self._driver.write(sequence.decode("ascii"))

    # Commands

    def action_help_dialog(self) -> None:
        """Help with the dialog on top: its own keys first."""
        from tiwtui.ui.dialogs.help import HelpScreen

        if isinstance(self.screen, Dialog):
            title, own = _("This dialog"), self.screen.shown_keys()
            place = Place(title, own=own, has_commands=False)
            self.push_screen(HelpScreen(self._keys, self._glyphs, place))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        from tiwtui.ui.dialogs.help import run_command

        if not isinstance(screen, MainScreen):
            yield SystemCommand(capitalized(_("choose a theme")), "", self.action_change_theme)
            return
        tabs = (*map(tab_word, Tab), *(named.name for named in self._named))
        task = screen.selection.task
        videos = 0 if task is None else task.video_count
        for command in offered(self._keys, screen.lines.place.commands, tabs, videos):
            run = partial(self.call_later, run_command, self, command)
            yield SystemCommand(capitalized(command.title), command.key_shown, run)

    def action_change_theme(self) -> None:
        """Choose a theme, seeing each on the screen behind."""
        from tiwtui.ui.dialogs.theme_chooser import ThemeScreen

        if not isinstance(self.screen, ThemeScreen):
            self.push_screen(ThemeScreen())

    @on(MainScreen.QuitRequested)
    def action_leave(self) -> None:
        """Quit, saying how many tasks are left unsettled."""
        active = self._session.status().active
        left = ngettext(
            "{n} still active; checked again when tiwtui runs",
            "{n} still active; checked again when tiwtui runs",
            active,
        ).format(n=active)
        self.exit(message=Text(left) if active and self._session.is_saved else None)

    @on(MainScreen.DemoRequested)
    def _leave_for_demo(self) -> None:
        self.wants_demo = True
        self.exit()

    # The end

    def _end_by_signal(self, code: int) -> None:
        self.exit(return_code=code)

    def _fatal_error(self) -> None:
        """Say briefly that the program failed, never with its variables: those may hold keys."""
        error: BaseException | None = self._exception
        if isinstance(error, WorkerFailed):
            error = error.error
        text = None if error is None else shortage(error)
        self._return_code = EXIT_CRASHED if text is None else EXIT_UNUSABLE
        if text is None:
            where = "" if error is None else write_crash(error, self._log_path, os.environ)
            text = _("tiwtui crashed ({error}).").format(error=type(error).__name__)
            text = f"{text} {where}".rstrip()
        if not self._exit_renderables:
            self._exit_renderables.append(Text(text))
        self._close_messages_no_wait()
