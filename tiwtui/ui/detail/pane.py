"""The detail pane: one task's videos, timeline, history and raw answer, each a tab."""

from dataclasses import dataclass
from datetime import tzinfo

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widgets import ContentSwitcher

from tiwtui.config.key_table import Keys, Scope
from tiwtui.formatting import Tone
from tiwtui.listing.notes import Moment
from tiwtui.model import Details, Task
from tiwtui.ui.detail.history_tab import history_sheet
from tiwtui.ui.detail.overview import outlook_overview, videos_overview
from tiwtui.ui.detail.raw_search import matching_rows, with_matches
from tiwtui.ui.detail.raw_tab import raw_sheet
from tiwtui.ui.detail.timeline_tab import timeline_sheet
from tiwtui.ui.detail.title_bar import DETAIL_TABS, detail_tabs, detail_title
from tiwtui.ui.drawing.background import has_frame, plain_lines
from tiwtui.ui.drawing.styled_text import Sheet, Span, row_width, words
from tiwtui.ui.keymap.textual_bindings import bindings
from tiwtui.ui.widgets.line_view import LineView
from tiwtui.ui.widgets.status_line import StatusLine

_NO_MOMENT = Moment(0.0)
_SELECTABLE = ("videos", "timeline")
_TITLE = 1
"""The lines above the open tab."""
_SCROLLBAR = 1


class Shown(msgspec.Struct, frozen=True):
    """What the pane shows: a task, its details once they were read, and at which moment."""

    task: Task | None = None
    details: Details | None = None
    moment: Moment = _NO_MOMENT
    zone: tzinfo | None = None


class _Sheets(ContentSwitcher):
    """The open tab, which fills it, but for a border that it may have."""

    def render_lines(self, crop: Region) -> list[Strip]:
        return super().render_lines(crop) if has_frame(self) else plain_lines(self, crop)


class DetailPane(Vertical):
    """One task in detail; the selected video is the same in Videos and Timeline.

    What it is made of is held here and not looked for: news may still come while it is being taken apart.
    """

    BINDINGS = bindings(Scope.RAW, Scope.DETAIL)
    DEFAULT_CSS = """
    DetailPane {
        & > .bar { background: $surface; }
        & > .bar.-focused { background: $primary 30%; }
        &:light > .bar.-focused { background: $primary 18%; }
        &:ansi > .bar.-focused { background: ansi_default; text-style: reverse; }
        &:nocolor > .bar.-focused { text-style: reverse; }
        &:ansi > .bar.-focused > *, &:nocolor > .bar.-focused > * { color: $text; text-style: none; }
        &:ansi > .bar.-focused > .tone--lit, &:nocolor > .bar.-focused > .tone--lit {
            background: ansi_default;
            text-style: bold underline;
        }
        & > ContentSwitcher { height: 1fr; }
        &.-framed > ContentSwitcher { border: round $foreground 30%; border-top: none; }
        &.-framed:ansi > ContentSwitcher { border: round ansi_default; border-top: none; }
        &.-framed:focus-within > ContentSwitcher { border: round $primary; border-top: none; }
    }
    """

    shown: var[Shown] = var(Shown, init=False)
    tab: var[str] = var("videos", init=False)
    selected: var[int] = var(0, init=False)
    framed: var[bool] = var(False, init=False)
    changes: var[int] = var(0, init=False)
    """Rises whenever it has something else to say, maybe of another height."""

    @dataclass
    class TabRequested(Message):
        """The name of a tab was clicked."""

        tab: str

    def __init__(self, tab: str, keys: Keys) -> None:
        super().__init__(id="detail")
        self.set_reactive(DetailPane.tab, tab)
        self._keys = keys
        self._bar = StatusLine("bar", classes="bar")
        self._lists = {tab: LineView(tab) for tab in DETAIL_TABS}
        self._needle = ""
        self._match = 0

    def compose(self) -> ComposeResult:
        yield self._bar
        with _Sheets(initial=self.tab):
            yield from self._lists.values()

    @property
    def open_list(self) -> LineView:
        """The tab that is open."""
        return self._lists[self.tab]

    def watch_tab(self) -> None:
        had_focus = self.has_focus_within
        self.query_one(_Sheets).current = self.tab
        self._set_title()
        self._set(self.tab)
        self.changes += 1
        if had_focus:
            self.open_list.focus()

    def watch_shown(self, old: Shown, new: Shown) -> None:
        is_new = (old.task and old.task.ref) != (new.task and new.task.ref)
        if is_new:
            self.set_reactive(DetailPane.selected, 0)
        has_changed = is_new or old.details is not new.details or old.task is not new.task
        before, now = old.moment, new.moment
        # Each second brings another moment, of which the title says nothing.
        if has_changed or (before.default_app, before.glyphs) != (now.default_app, now.glyphs):
            self._set_title()
        is_next_minute = before.now // 60 != now.now // 60
        if has_changed or is_next_minute or self.tab == "history" or not (new.details and new.details.videos):
            self._set(self.tab)
        if has_changed and (new.details is not None or new.task is None):
            self.changes += 1
        if is_new:
            for lines in self._lists.values():
                lines.scroll_to(y=0, animate=False, force=True)

    def search(self, needle: str) -> int:
        """Light a text in the answer, go to the first line with it, and return how many there are."""
        self._needle, self._match = needle, 0
        self._set("raw")
        self.go_to_match(0)
        return len(self._matches)

    def go_to_match(self, by: int) -> None:
        """Scroll to another match; after the last comes the first."""
        if matches := self._matches:
            self._match = (self._match + by) % len(matches)
            self._lists["raw"].scroll_to(y=max(0, matches[self._match] - 1), animate=False, force=True)
        self._set_title()

    @property
    def needle(self) -> str:
        """What is searched for in the answer."""
        return self._needle

    @property
    def _matches(self) -> tuple[int, ...]:
        return matching_rows(self._lists["raw"].sheet, self._needle)

    def watch_framed(self) -> None:
        self.set_class(self.framed, "-framed")
        self._bar.set_class(not self.framed, "bar")
        self._bar.framed = self.framed
        self._set_title()

    def watch_selected(self) -> None:
        for tab in _SELECTABLE:
            self._lists[tab].select(self.selected)
        # The selected lane says when it starts and ends.
        self._set(self.tab)

    def on_resize(self) -> None:
        self._set_title()

    def _set_title(self) -> None:
        tabs = detail_tabs(self.tab)
        room = self._bar.room - row_width(tabs) - 3
        shown = self.shown
        matches = self._matches if self.tab == "raw" and self._needle else ()
        place = f" {self._match % len(matches) + 1}/{len(matches)} " if matches else ""
        title = detail_title(shown.task, shown.moment.default_app, room - len(place), shown.moment.glyphs)
        self._bar.say(tabs, (Span(place, Tone.NAME, is_strong=True), *title) if place else title)

    def _set(self, tab: str) -> None:
        def sheet_of(width: int, height: int, has_focus: bool) -> Sheet:
            return self._sheet(tab, width, height, has_focus)

        self._lists[tab].show(sheet_of, self.selected)

    def rows_within(self, width: int, most: int) -> int | None:
        """Return how many of at most `most` lines it has words for; `None` until the details were read."""
        if self.shown.task is not None and self.shown.details is None:
            return None
        around = _TITLE + self.framed
        sheet = self._sheet(self.tab, width - _SCROLLBAR - 2 * self.framed, most - around, has_focus=False)
        return min(most, around + sheet.height)

    def _sheet(self, tab: str, width: int, height: int, has_focus: bool) -> Sheet:
        shown = self.shown
        task, details, at, zone = shown.task, shown.details, shown.moment, shown.zone
        nth = self._keys.each_shown("copy.nth")
        if task is None or details is None or width < 1:
            return words("")
        match tab:
            case "history":
                removed_at = at.removed_at(task.ref)
                return history_sheet(task, details, at.now, zone, at.glyphs, width, removed_at)
            case "raw":
                return with_matches(raw_sheet(task, details, at.now, zone, width), self._needle)
            case _ if not details.videos:
                return outlook_overview(task, details, at, zone, width, height, self._keys.word("check"))
            case "videos":
                return videos_overview(
                    task,
                    details,
                    at,
                    zone,
                    width,
                    height,
                    has_numbers=has_focus,
                    keys=nth,
                    selected=self.selected,
                )
            case _:
                return timeline_sheet(
                    details.videos,
                    task.total_time_ms,
                    width,
                    at.glyphs,
                    has_numbers=has_focus,
                    keys=nth,
                    selected=self.selected,
                )

    @on(StatusLine.Clicked)
    def _click(self, event: StatusLine.Clicked) -> None:
        event.stop()
        self.post_message(self.TabRequested(event.action))

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _show_focus(self) -> None:
        self._bar.is_active = self.has_focus_within

    def on_mount(self) -> None:
        for tab in _SELECTABLE:
            self.watch(self._lists[tab], "selected", self._select, init=False)

    def _select(self, row: int) -> None:
        self.selected = row
