"""The main screen: it owns the list, the detail and the lines around them, and wires them together."""

from collections.abc import Callable
from datetime import tzinfo

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input, Static

from tiwtui.config.key_table import Keys, Scope
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.listing.named_filters import NamedFilter
from tiwtui.listing.tabs import Tab
from tiwtui.listing.window import NOWHERE
from tiwtui.model import TaskRef
from tiwtui.results.clipboard import Copier
from tiwtui.session import Session
from tiwtui.ui.detail.pane import DetailPane
from tiwtui.ui.drawing.background import CoveredContainer, is_drawn_later, plain_lines
from tiwtui.ui.input.activity import Presence
from tiwtui.ui.jobs import Jobs
from tiwtui.ui.keymap.textual_bindings import bindings
from tiwtui.ui.main.add_actions import AddActions
from tiwtui.ui.main.check_actions import CheckActions
from tiwtui.ui.main.copy_actions import CopyActions
from tiwtui.ui.main.detail_controller import DetailController
from tiwtui.ui.main.edit_actions import EditActions
from tiwtui.ui.main.header_and_footer import HeaderAndFooter
from tiwtui.ui.main.list_controller import ListController
from tiwtui.ui.main.notifier import Notifier
from tiwtui.ui.main.selection import Selection, watch_list
from tiwtui.ui.main.split_layout import SplitLayout
from tiwtui.ui.main.view_actions import ViewActions
from tiwtui.ui.main.view_state import FIRST_START, CurrentState, ViewState
from tiwtui.ui.observable import Observable
from tiwtui.ui.ticking import Ticker
from tiwtui.ui.timing import Pace
from tiwtui.ui.widgets.filter_input import FilterInput
from tiwtui.ui.widgets.status_line import StatusLine
from tiwtui.ui.widgets.task_table import TaskTable

_HARMLESS = frozenset({"back", "quit", "help", "commands", "diagnostics"})
"""Commands that leave all tasks as they are."""

Handlers = dict[str, Callable[..., object]]


class MainScreen(Screen[None]):
    """All tasks, and one of them in detail."""

    AUTO_FOCUS = ""
    BINDINGS = bindings(Scope.MAIN)

    class QuitRequested(Message):
        """The user wants to leave, and nothing is open any more."""

    class DemoRequested(Message):
        """The user wants to see the demo instead."""

    def __init__(
        self,
        session: Session,
        copier: Copier,
        presence: Presence,
        pace: Pace,
        *,
        zone: tzinfo | None,
        glyphs: Glyphs,
        keys: Keys,
        filters: tuple[NamedFilter, ...] = (),
        left: ViewState = FIRST_START,
    ) -> None:
        """Make the screen; `left` is how the last start left it."""
        super().__init__()
        app = session.target.sdk_app_id
        self.state = CurrentState(left if app is None else msgspec.structs.replace(left, app=app))
        self._session = session
        self._copier = copier
        self._pace = pace
        self._zone = zone
        self._glyphs = glyphs
        self._keys = keys
        jobs, shown = Jobs(self), Observable(watch_list(session, left, zone))
        self._notifier = notifier = Notifier(self, session.wall, lambda: self.lines.refresh_foot())
        say = notifier.say
        self.selection = selection = Selection(shown, self.state, keys, say)
        self.tasks = tasks = ListController(
            session, self.state, shown, selection, jobs, say, presence, glyphs, zone, self._list_changed
        )
        self.pane = DetailPane(left.detail_tab, keys)
        self._line = FilterInput()
        self.detail = DetailController(
            session, selection, tasks, self.pane, jobs, say, presence, zone, pace.rest_s
        )
        parts = (tasks.table, self.pane, self._line)
        self.split = layout = SplitLayout(
            self, self.state, selection, shown, *parts, say, lambda: self.lines.refresh()
        )
        self.edits = edits = EditActions(session, selection, tasks, jobs, notifier, keys)
        self._adding = adding = AddActions(session, self.state, selection, tasks, edits, jobs, notifier)
        self.lines = lines = HeaderAndFooter(
            self, session, self.state, selection, tasks, layout, edits, notifier, keys, glyphs, filters, zone
        )
        checks = CheckActions(session, shown, selection, jobs, notifier, lines.refresh_standing)
        copies = CopyActions(
            session, self.state, selection, tasks, layout, copier, jobs, notifier, glyphs, edits.undo_stack
        )
        self._views = views = ViewActions(
            session, self.state, selection, tasks, layout, self._line, jobs, filters, glyphs, lines
        )
        self.handlers: Handlers = {
            "focus.switch": layout.switch_focus,
            "detail.open": self._open_detail,
            "back": self._go_back,
            "add": adding.add,
            "label": edits.label,
            "remove": edits.remove,
            "done": edits.done,
            "flag": edits.flag,
            "undo": edits.undo,
            "mark": views.mark,
            "mark.range": selection.mark_range,
            "mark.all": selection.mark_all,
            "raw.copy": copies.copy_answer,
            "raw.search": lambda: jobs.run(layout.search_answer),
            "raw.next": lambda: layout.go_to_match(1),
            "raw.previous": lambda: layout.go_to_match(-1),
            "copy": copies.copy_urls,
            "copy.as": copies.copy_as,
            "copy.id": copies.copy_ids,
            "copy.sheet": copies.copy_sheet,
            "copy.nth": copies.copy_nth,
            "check": checks.check,
            "check.shown": checks.check_shown,
            "pause": checks.pause,
            "pause.renew": checks.renew_pause,
            "budget.down": checks.lower_budget,
            "budget.up": checks.raise_budget,
            "filter": views.open_filter,
            "tab": views.show_tab,
            "sort": views.choose_order,
            "sort.reverse": views.reverse_order,
            "columns": views.choose_columns,
            "layout": layout.next_place,
            "theme": lambda: self.app.action_change_theme(),
            "detail.narrower": layout.narrow,
            "detail.wider": layout.widen,
            "detail.previous": layout.previous_tab,
            "detail.next": layout.next_tab,
            "commands": lambda: self.app.action_command_palette(),
            "diagnostics": self._show_diagnostics,
            "help": self._show_help,
            "quit": self._quit,
        }
        """What each command of the key table does on this screen."""

    # Its parts on the screen

    def compose(self) -> ComposeResult:
        # What is below is styled once it is there, and again by each change of a class from then on.
        self.split.place_within(*self.app.size)
        yield self.lines.head
        yield self.lines.advice
        with CoveredContainer(id="body"):
            with CoveredContainer(id="panel"):
                with Horizontal(id="tabs"):
                    yield self.lines.tabs
                    yield self._line
                yield self.lines.welcome
                with CoveredContainer(id="frame"):
                    yield self.tasks.table
            yield self.pane
        yield self.lines.foot
        yield Static(Content(_("too small: tiwtui needs 40x12 cells")), id="too-small")

    def on_mount(self) -> None:
        if self.app.return_code is not None:
            # The program ends while this opens: nothing more of it was mounted.
            return
        # Watched, since a message would come after the next key.
        self.watch(self.tasks.table, "cursor", self.selection.cursor.set, init=False)
        self.watch(self.pane, "selected", self._video_selected, init=False)
        self.watch(self.pane, "changes", self.split.lay_out, init=False)
        self.tasks.table.show(self.tasks.view, NOWHERE)
        self.split.lay_out()
        self.set_focus(self.tasks.table)
        self.tasks.read_removed()
        self.edits.start()
        if self._pace.tick_s is not None:
            self.set_interval(self._pace.tick_s, Ticker(self._session, self.tasks.presence, self.tick))

    def render_lines(self, crop: Region) -> list[Strip]:
        return plain_lines(self, crop)

    def _compositor_refresh(self) -> None:
        if is_drawn_later(self):
            self.refresh()
        else:
            super()._compositor_refresh()

    # The engine and the clock

    def follow(self, changed: frozenset[TaskRef]) -> None:
        """Show tasks that changed, came or vanished."""
        self._notifier.announce(changed, self.tasks.watched.view.tasks, self._session.tasks)
        self.tasks.follow(changed)

    def tick(self) -> None:
        """Let a second pass."""
        self.tasks.tick()
        self._views.look_elsewhere()
        self.lines.refresh()
        self.detail.tick()

    def _list_changed(self, changed: frozenset[TaskRef]) -> None:
        if self.selection.cursor.value in changed:
            self.detail.task_changed()
        self._views.look_elsewhere()
        self.lines.refresh()

    def _video_selected(self, place: int) -> None:
        self.selection.video = place

    # Keys and clicks

    def action_run(self, name: str, *numbers: int) -> None:
        """Run a command of the key table, a numbered one on its n-th thing."""
        self.handlers[name](*numbers)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "run" and str(parameters[0]).startswith("raw.") and not self.split.is_in_raw:
            return False
        # On a screen that is too small to show anything no key may do anything to a task.
        if action == "run" and self.split.is_too_small and parameters[0] not in _HARMLESS:
            return False
        return super().check_action(action, parameters)

    @on(StatusLine.Clicked)
    async def _click(self, event: StatusLine.Clicked) -> None:
        event.stop()
        await self.run_action(event.action)

    @on(TaskTable.Opened)
    def _open(self) -> None:
        self.state.change(is_full=True)

    @on(TaskTable.Scrolled)
    def _scrolled(self) -> None:
        self.detail.wait_for_rest()

    @on(TaskTable.SortRequested)
    def _sort(self, event: TaskTable.SortRequested) -> None:
        self._views.sort_by(event.column)

    @on(DetailPane.TabRequested)
    def _show_detail_tab(self, event: DetailPane.TabRequested) -> None:
        self.state.change(detail_tab=event.tab)

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        self._views.filter_typed(event.value)

    @on(Input.Submitted, "#filter")
    def _filter_accepted(self) -> None:
        self._views.accept_filter()
        self._views.go_elsewhere()

    @on(FilterInput.CompletionRequested)
    def _complete_filter(self, event: FilterInput.CompletionRequested) -> None:
        self._views.complete(event.by)

    @on(FilterInput.Dropped)
    def _filter_dropped(self) -> None:
        self._views.drop_filter()

    @on(FilterInput.MoveRequested)
    def _move_list(self, event: FilterInput.MoveRequested) -> None:
        self.tasks.table.action_move(event.by)

    @on(events.DescendantFocus)
    def _focus_went(self) -> None:
        if self.split.is_in_detail:
            self.tasks.table.window.is_pinned = False  # The detail is of one task.
        self.lines.refresh_foot()

    def on_resize(self) -> None:
        self.split.lay_out()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._adding.paste(event.text)

    # Back, help, quit

    def _go_back(self) -> bool:
        """Go one step back: notice, full screen, filter, then marks; return whether there was one."""
        state = self.state.value
        if self.lines.notice:
            self.lines.notice = ""
            self.lines.refresh_standing()
        elif state.is_full:
            self.state.change(is_full=False)
        elif state.filter_text:
            self.state.change(filter_text="")
        elif self.selection.marks.value:
            self.selection.marks.set(frozenset())
        elif self.selection.shows_removed:
            # A tab of its own asks for them; the watch list is behind it.
            self.state.change(tab=Tab.ALL)
        elif self.split.is_in_detail:
            self.split.focus_list()
        else:
            return False
        return True

    def _quit(self) -> None:
        """Go one step back, and quit where there is none."""
        if not self._go_back():
            self.post_message(self.QuitRequested())

    def _open_detail(self) -> None:
        """Give the detail the whole screen, or take it back; at the first start, open the demo.

        Where a filter leaves the list empty, go to where it finds something.
        """
        if self.lines.is_first_start:
            self.post_message(self.DemoRequested())
        elif not self._views.go_elsewhere():
            self.split.toggle_full()

    def _show_help(self) -> None:
        from tiwtui.ui.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen(self._keys, self._glyphs, self.lines.place))

    def _show_diagnostics(self) -> None:
        from tiwtui.ui.dialogs.diagnostics import DiagnosticsScreen

        app, keys = self.tasks.default_app, self._keys
        self.app.push_screen(
            DiagnosticsScreen(self._session, self._copier, self._pace, self._zone, self._glyphs, app, keys)
        )
