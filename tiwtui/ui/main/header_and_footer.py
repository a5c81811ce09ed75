"""The words around the list: header, tabs with the filter, advice, footer; and the first start's welcome.

Each line is given its words as values; a line that says the same is not painted again.
"""

from datetime import tzinfo
from typing import Any

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tiwtui.api.credentials import SourceTried
from tiwtui.config.key_table import Keys, Scope
from tiwtui.engine.status import Mode, Status
from tiwtui.formatting import Tone
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.listing.attention.reasons import attention
from tiwtui.listing.named_filters import NamedFilter
from tiwtui.listing.query.completion import Completion
from tiwtui.listing.tabs import Tab
from tiwtui.model import TaskRef
from tiwtui.sanitize import safe
from tiwtui.session import Session
from tiwtui.ui.detail.history_tab import short_clock_text
from tiwtui.ui.dialogs.help_text import Place
from tiwtui.ui.drawing.styled_text import Row, Span, row_width
from tiwtui.ui.main.edit_actions import EditActions
from tiwtui.ui.main.list_controller import ListController
from tiwtui.ui.main.notifier import Notifier
from tiwtui.ui.main.selection import Selection
from tiwtui.ui.main.split_layout import SplitLayout
from tiwtui.ui.main.view_state import CurrentState, ViewState
from tiwtui.ui.observable import Observable
from tiwtui.ui.widgets.calm_panel import CalmPanel, quiet_since
from tiwtui.ui.widgets.filter_input import filter_width
from tiwtui.ui.widgets.footer import (
    Here,
    candidate_words,
    footer,
    hints,
    mark_word,
    marked_words,
    typing_hints,
    typing_keys,
)
from tiwtui.ui.widgets.header_bar import header
from tiwtui.ui.widgets.status_line import StatusLine
from tiwtui.ui.widgets.tab_bar import filter_fault, filter_words, tab_line
from tiwtui.ui.widgets.welcome import Elsewhere, WelcomePanel, empty_words

_UNDO_SHOWN_S = 30.0
"""How long after a removal the footer offers to bring it back."""


class HeaderAndFooter:
    """Writes the lines around the list."""

    def __init__(
        self,
        screen: Screen[Any],
        session: Session,
        state: CurrentState,
        selection: Selection,
        tasks: ListController,
        layout: SplitLayout,
        edits: EditActions,
        notifier: Notifier,
        keys: Keys,
        glyphs: Glyphs,
        named: tuple[NamedFilter, ...],
        zone: tzinfo | None,
    ) -> None:
        self.notice = ""
        """What happened to the saved state, at the start or since, until it is hidden."""
        self._noticed: str | None = None
        self.is_first_start = False
        """Whether there is neither a key nor a task yet."""
        self.elsewhere: Observable[Elsewhere | None] = Observable(None)
        """What a filter that finds nothing in the list finds elsewhere, once that is counted."""
        self.completion: Observable[Completion | None] = Observable(None)
        """The candidates for what is typed in the filter, while one is chosen."""
        ellipsis = glyphs.ellipsis
        self.head, self.tabs, self.foot = (
            StatusLine(name, ellipsis) for name in ("head", "tab-line", "foot")
        )
        self.advice = Static(id="advice")
        self.welcome = WelcomePanel(keys, glyphs)
        self._screen = screen
        self._session = session
        self._state = state
        self._selection = selection
        self._tasks = tasks
        self._layout = layout
        self._edits = edits
        self._notifier = notifier
        self._keys = keys
        self._glyphs = glyphs
        self._named = named
        self._zone = zone
        self._presence = tasks.presence
        self._calm: CalmPanel | None = None
        self._tried: tuple[SourceTried, ...] = ()
        self._advised = ""
        self._fault = ""
        """What is wrong with the filter, where there is no room for that beside it."""
        self._shown_foot: tuple[Here, int, Row] | None = None
        state.watch(self._follow_state)
        selection.cursor.watch(self._follow_cursor)
        self.elsewhere.watch(lambda _old, _new: self.refresh())
        self.completion.watch(lambda _old, _new: self.refresh_foot())
        layout.framed.watch(self._follow_frame)

    def _follow_state(self, old: ViewState, new: ViewState) -> None:
        if old.is_filtering != new.is_filtering:
            self.refresh()

    def _follow_frame(self, _old: bool, is_framed: bool) -> None:
        self.tabs.framed = is_framed

    def _follow_cursor(self, _old: TaskRef | None, _new: TaskRef | None) -> None:
        self.refresh_foot()

    def refresh(self) -> None:
        """Write all lines again."""
        self._say_tabs()
        state, keys = self._state.value, self._keys
        known, width = (
            self._tasks.view.count(Tab.ALL),
            self._tasks.table.size.width or self._screen.size.width,
        )
        self._tasks.table.empty = empty_words(
            state.tab,
            state.filter_text,
            known,
            width,
            keys,
            shows_removed=self._selection.shows_removed,
            is_filtering=state.is_filtering,
            elsewhere=self.elsewhere.value,
        )
        self._rest_or_wake()
        self.refresh_standing()

    @property
    def is_calm(self) -> bool:
        """Whether the list is covered, as nobody is there and there is nothing to do."""
        return self._calm is not None

    def _rest_or_wake(self) -> None:
        is_calm = self._presence.is_untouched and self._has_nothing_to_do()
        if is_calm and self._calm is None:
            since = quiet_since(self._session.tasks.values())
            words = short_clock_text(since, self._zone, self._tasks.moment.now)
            self._calm = CalmPanel(words, short_clock_text(since, self._zone, since))
            self._screen.query_one("#panel").mount(self._calm)
        elif not is_calm and self._calm is not None:
            self._calm.remove()
            self._calm = None
        if self._screen.has_class("-calm") is not is_calm:
            self._screen.set_class(is_calm, "-calm")
            if not is_calm and self._screen.focused is None:
                self._layout.focus_list()

    def _has_nothing_to_do(self) -> bool:
        count, status = self._tasks.watched.view.count, self._session.status()
        if not self._session.tasks or count(Tab.ACTIVE) or count(Tab.ATTENTION):
            return False
        is_fine = status.mode in (Mode.LIVE, Mode.FOLLOWING) and self._session.trouble is None
        return is_fine and self._screen.is_current

    def _say_tabs(self) -> None:
        state, query, view = self._state.value, self._tasks.query, self._tasks.view
        room, shown = self._layout.list_width - (self.tabs.size.width - self.tabs.room), view.match_count
        typed_in = filter_width(room) if state.is_filtering else 0
        total = view.count(state.tab) if isinstance(state.tab, Tab) else None
        free = room - typed_in
        filtered = filter_words(
            state.filter_text, query, shown, total, free * 2 // 3, is_open=state.is_filtering
        )
        fault = filter_fault(query)
        self._fault = "" if any(fault in piece.text for piece in filtered) else fault
        tabs = tab_line(
            self._tasks.watched.view.count,
            state.tab,
            free - row_width(filtered),
            self._glyphs,
            named=self._named,
            shown=None if state.filter_text else shown,
            keys=self._keys,
            is_faded=self._presence.is_untouched,
        )
        # The line for the filter lies over the blanks.
        self.tabs.say(tabs, (*filtered, Span(" " * typed_in)))

    def refresh_standing(self) -> None:
        """Write the state of the checking again, and what a person can do about it."""
        status, trouble, now = self._session.status(), self._session.trouble, self._tasks.moment.now
        left, right = header(
            self._session.target,
            status,
            now,
            lambda at: short_clock_text(at, self._zone, now),
            self._screen.size.width,
            self._glyphs,
            is_saved=trouble is None,
            own=self._session.who,
            try_key=self._keys.word("check"),
        )
        self.head.say(left, right)
        if self._session.notice != self._noticed:
            self._noticed = self._session.notice
            self.notice = self._noticed or ""
        self._welcome(status)
        notice = "" if self._presence.is_untouched else self.notice
        notice = notice and _("{notice} ({key} hides this)").format(
            notice=notice, key=self._keys.word("back")
        )
        advised = "\n".join(filter(None, (trouble, "" if self._tried else status.advice, notice)))
        if advised != self._advised:
            self._advised = advised
            self.advice.display = bool(advised)
            self.advice.update(Content("\n".join(map(safe, advised.splitlines()))))
        self.refresh_foot()

    def _welcome(self, status: Status) -> None:
        """Show where keys were looked for at a first start: nothing to send with, nothing to watch yet."""
        is_first = status.mode is Mode.STOPPED and not self._session.tasks
        is_first = is_first and not self._selection.shows_removed
        tried = self._session.credential_sources_tried if is_first else ()
        if tried == self._tried:
            return
        self._tried, self.is_first_start = tried, bool(tried)
        self.welcome.looked = tried
        self._screen.set_class(bool(tried), "-first-run")
        if not tried and self._screen.focused is None:
            self._layout.focus_list()

    # The footer

    def refresh_foot(self) -> None:
        """Write the footer again: a message, candidates, a fault, or the keys that matter here."""
        self.tabs.is_active = not self._layout.is_in_detail
        message, completion = self._notifier.line, self.completion.value
        if self.is_calm:
            message = _("any key shows the list")
        if completion is not None and not message:
            width = self._screen.size.width
            self.foot.say(candidate_words(completion.candidates, completion.place, width, self._glyphs))
            self._shown_foot = None
            return
        if message or self._fault:
            tone = Tone.PLAIN if message else Tone.BAD
            self.foot.say((Span(f" {message or self._fault}", tone),))
            self._shown_foot = None
            return
        if self._state.value.is_filtering:
            self.foot.say(typing_hints(self._screen.size.width))
            self._shown_foot = None
            return
        marks = self._selection.marks.value
        marked = marked_words(len(marks), self._selection.shown_marks)
        if self._state.value.is_full:
            # No key means the other marks there.
            marked = mark_word() if self._selection.cursor.value in marks else ()
        here, width = self._here(), self._screen.size.width - row_width(marked)
        # Each key that moves the cursor comes by here, and nearly all leave the footer as it is.
        if self._shown_foot != (here, width, marked):
            self._shown_foot = (here, width, marked)
            shown = [(self._keys.command(name), word) for name, word in hints(here)]
            self.foot.say(footer(shown, width), marked)

    @property
    def place(self) -> Place:
        """Where the person is, and the keys that matter there, for the help."""
        if self._state.value.is_filtering:
            return Place(_("Filter line"), own=typing_keys())
        here = self._here()
        in_detail = here.in_detail or here.is_full
        scopes = {Scope.DETAIL, *({Scope.RAW} if here.in_raw else ())} if in_detail else {Scope.LIST}
        of_scope = (command.id for command in self._keys.commands if command.scope in scopes)
        matter = (name for name, _word in hints(here) if name != "help")
        return Place(
            _("Here: the detail") if in_detail else _("Here: the list"), (*matter, *of_scope, "help")
        )

    def _here(self) -> Here:
        """Return where the person is."""
        state, selection, last = self._state.value, self._selection, self._edits.undo_stack.last
        task, has_place, moment = selection.task, self._layout.video is not None, self._tasks.moment
        videos_here = 0 if task is None else task.video_count
        return Here(
            is_first_run=self.is_first_start,
            is_empty=not self._tasks.watched.view.count(Tab.ALL),
            has_task=task is not None,
            shows_removed=selection.shows_removed,
            in_detail=self._layout.is_in_detail,
            in_raw=self._layout.is_in_raw,
            is_full=state.is_full,
            has_place=has_place,
            videos=videos_here if has_place else selection.video_count,
            marks=selection.shown_marks,
            marks_hidden=selection.hidden_marks > 0,
            is_filtered=bool(state.filter_text),
            is_paused=self._session.status().mode is Mode.PAUSED,
            wants_attention=task is not None and attention(task, moment.now, moment.limits)[0],
            has_undo=last is not None or self._edits.has_saved_removal,
            is_fresh=last is not None and moment.now - last.at < _UNDO_SHOWN_S,
        )
