"""Where the list and the detail are on the screen, how large the detail is, and which of both has the focus.

1. The key that goes from the list to the detail leads there also where only one of them has room.
2. The detail has the focus, or the whole screen, for one task. When that task leaves the list, the focus goes
   back to the list: the next key must not reach another task's videos.
"""

from collections.abc import Callable, Collection
from typing import Any

import msgspec
from textual.screen import Screen

from tiwtui.i18n import _
from tiwtui.listing.arrangement import Wanted, least_width
from tiwtui.listing.columns import DEFAULT_COLUMNS
from tiwtui.model import TaskRef
from tiwtui.ui.detail.pane import DetailPane
from tiwtui.ui.detail.title_bar import DETAIL_TABS
from tiwtui.ui.main.selection import Say, Selection, Source
from tiwtui.ui.main.view_state import SHARES, CurrentState, Layout, ViewState
from tiwtui.ui.observable import Observable
from tiwtui.ui.widgets.filter_input import FilterInput
from tiwtui.ui.widgets.task_table import GUTTER, MARGIN, TaskTable

LIST_BESIDE = ("phase", "task", "label", "room", "in_phase", "checked", "videos")
"""The columns that a list keeps beside the detail, of those that were chosen; Note has room for problems."""
PANE_LEAST_WIDTH = 60
PANE_LEAST_HEIGHT = 3
LIST_LEAST_HEIGHT = 6
ROWS_FOR_PANE = 20
SCREEN_LEAST = (40, 12)
FRAMED_FROM = (100, 30)
_CHROME_ROWS = 3
_SHARE_STEP = 0.05
_WITH_A_SELECTED_VIDEO = ("videos", "timeline")
_PARTS = ("is_full", "layout", "share", "columns")
"""What of the view state decides about the places."""

RowsWithin = Callable[[int, int], int | None]
"""Returns how many lines the detail fills, given its width and the most it may have; `None` if not known."""


class Room(msgspec.Struct, frozen=True):
    """Where the detail is, `right`, `below`, `full` or `none`, and how many cells it gets that way."""

    where: str
    size: int = 0


def is_framed(width: int, height: int) -> bool:
    """Return whether a screen has room for borders around the list and the detail."""
    return width >= FRAMED_FROM[0] and height >= FRAMED_FROM[1]


def list_width(columns: Collection[str] = DEFAULT_COLUMNS) -> int:
    """Return the cells that a list needs to keep its columns beside the detail."""
    fitting = tuple(name for name in columns if name in LIST_BESIDE)
    return least_width(Wanted(fitting, has_problems=True), indent=GUTTER, margin=MARGIN)


def room(
    width: int,
    height: int,
    layout: Layout,
    share: float,
    *,
    is_full: bool,
    beside: int | None = None,
    rows_within: RowsWithin = lambda _width, most: most,
) -> Room:
    """Return where the detail fits; `share` is how much of the screen it is to have at most.

    `beside` is the width that the list keeps beside it.
    """
    frame = int(is_framed(width, height))
    beside = (list_width() if beside is None else beside) + 2 * frame
    if is_full:
        return Room("full")
    if layout is Layout.ALONE or height < ROWS_FOR_PANE:
        return Room("none")
    if layout is not Layout.BELOW and width - PANE_LEAST_WIDTH >= beside:
        return Room("right", max(PANE_LEAST_WIDTH, min(round(width * share), width - beside)))
    free = height - _CHROME_ROWS - frame
    most = min(round(free * share), free - LIST_LEAST_HEIGHT)
    rows = rows_within(width, most)
    return Room("below", most if rows is None else max(PANE_LEAST_HEIGHT, rows))


def next_layout(width: int, height: int, layout: Layout, share: float, beside: int | None = None) -> Layout:
    """Return the layout after this one that looks different from it on this screen."""
    order = list(Layout)

    def where(candidate: Layout) -> str:
        return room(width, height, candidate, share, is_full=False, beside=beside).where

    for step in range(1, len(order)):
        candidate = order[(order.index(layout) + step) % len(order)]
        if where(candidate) != where(layout):
            return candidate
    return layout


class SplitLayout:
    """Gives list and detail their places on a screen, and the focus to one of them."""

    def __init__(
        self,
        screen: Screen[Any],
        state: CurrentState,
        selection: Selection,
        shown: Observable[Source],
        table: TaskTable,
        pane: DetailPane,
        line: FilterInput,
        say: Say,
        changed: Callable[[], None],
    ) -> None:
        """Make the layout; `changed` is called when the places or the focus may have changed."""
        self.is_too_small = False
        """Whether the screen is too small to show anything, so that no key may change a task."""
        self._screen = screen
        self._state = state
        self._selection = selection
        self._shown = shown
        self._table = table
        self._pane = pane
        self._line = line
        self._say = say
        self._changed = changed
        self._where = ""
        self.framed = Observable(False)
        """Whether list and detail have borders."""
        self.list_width = 0
        """The cells of the list, with its border."""
        state.watch(self._follow_state)
        selection.cursor.watch(self._follow_cursor)

    # Focus

    @property
    def is_in_detail(self) -> bool:
        """Whether the detail has the focus."""
        focused = self._screen.focused
        return focused is not None and self._pane in focused.ancestors

    @property
    def is_in_raw(self) -> bool:
        """Whether the answer has the focus."""
        return self.is_in_detail and self._state.value.detail_tab == "raw"

    async def search_answer(self) -> None:
        """Ask for a text and go to it in the answer."""
        from tiwtui.ui.dialogs.confirm import LineScreen

        dialog = LineScreen(_("Search in the answer"), self._pane.needle, accept=_("search"))
        needle = await self._screen.app.push_screen_wait(dialog)
        if needle is not None and not self._pane.search(needle) and needle:
            self._say(_("not in this answer: {text}").format(text=needle), "warning")

    def go_to_match(self, by: int) -> None:
        """Go to the next line of the answer with the text that was searched for, or to the one before."""
        if not self._pane.needle:
            self._say(_("nothing is searched for yet"), "warning")
        self._pane.go_to_match(by)

    @property
    def video(self) -> int | None:
        """The place of the video that keys act on, where one is selected in the focused detail."""
        has_selected = self._state.value.detail_tab in _WITH_A_SELECTED_VIDEO
        return self._selection.video if has_selected and self.is_in_detail else None

    def focus_list(self) -> None:
        """Give the focus to the list."""
        self._table.focus()

    def switch_focus(self) -> None:
        """Go from the list to the detail and back."""
        if self._state.value.is_full:
            self._state.change(is_full=False)
        elif self.is_in_detail:
            self.focus_list()
        elif self._where in ("right", "below"):
            self._pane.open_list.focus()
        else:
            self.toggle_full()

    def toggle_full(self) -> None:
        """Give the detail the whole screen, or take it back."""
        is_full = self._state.value.is_full
        if is_full or self._selection.cursor.value is not None:
            self._state.change(is_full=not is_full)
        else:
            self._say(_("there is no task here"), "warning")

    def _follow_cursor(self, old: TaskRef | None, new: TaskRef | None) -> None:
        if old is not None and self._shown.value.view.index_of(old) is None:
            self._leave_detail()
        if old is None or new is None:
            self.lay_out()

    def _leave_detail(self) -> None:
        """Give the list the focus, and its place on the screen."""
        if self._state.value.is_full:
            self._state.change(is_full=False)
        elif self.is_in_detail:
            self.focus_list()

    # The detail's tabs

    def next_tab(self) -> None:
        """Open the next tab of the detail."""
        self._turn_tab(1)

    def previous_tab(self) -> None:
        """Open the previous tab of the detail."""
        self._turn_tab(-1)

    def _turn_tab(self, by: int) -> None:
        place = DETAIL_TABS.index(self._state.value.detail_tab) + by
        self._state.change(detail_tab=DETAIL_TABS[place % len(DETAIL_TABS)])

    # Place and size

    def widen(self) -> None:
        """Make the detail larger."""
        self._state.change(share=min(SHARES[1], self._state.value.share + _SHARE_STEP))

    def narrow(self) -> None:
        """Make the detail smaller."""
        self._state.change(share=max(SHARES[0], self._state.value.share - _SHARE_STEP))

    def next_place(self) -> None:
        """Put the detail to the right, below, or away."""
        state = self._state.value
        beside = list_width(state.columns)
        self._state.change(layout=next_layout(*self._screen.size, state.layout, state.share, beside))

    def _follow_state(self, old: ViewState, new: ViewState) -> None:
        if old.detail_tab != new.detail_tab:
            self._pane.tab = new.detail_tab
        if any(getattr(old, part) != getattr(new, part) for part in _PARTS):
            self.lay_out()
        if old.is_full != new.is_full:
            (self._pane.open_list if new.is_full else self._table).focus()

    def lay_out(self) -> None:
        """Put both where they belong on a screen of this size."""
        self.place_within(*self._screen.size)
        if self._where == "none" and self.is_in_detail:
            self.focus_list()
        elif self._screen.focused is None:
            # On a screen that was too small nothing had the focus.
            self._screen.call_after_refresh(self._focus_again)
        self._changed()

    def _focus_again(self) -> None:
        state = self._state.value
        if self._screen.focused is None:
            line_or_list = self._line if state.is_filtering else self._table
            (self._pane.open_list if state.is_full else line_or_list).focus()

    def _room(self, width: int, height: int, state: ViewState) -> Room:
        """Return where the detail fits; the list has the whole screen while it is empty."""
        if not len(self._shown.value.view) and not state.is_full:
            return Room("none")
        most_rows = self._pane.rows_within
        beside = list_width(state.columns)
        return room(
            width,
            height,
            state.layout,
            state.share,
            is_full=state.is_full,
            beside=beside,
            rows_within=most_rows,
        )

    def place_within(self, width: int, height: int) -> None:
        """Set the classes and sizes that put both where they belong."""
        state = self._state.value
        self.is_too_small = width < SCREEN_LEAST[0] or height < SCREEN_LEAST[1]
        self._screen.set_class(self.is_too_small, "-too-small")
        framed = is_framed(width, height)
        if framed != self.framed.value:
            self._screen.set_class(framed, "-framed")
            self._pane.framed = framed
            self.framed.set(framed)
        place = self._room(width, height, state)
        if place.where != self._where:
            # Each change of a class styles the whole screen again.
            self._screen.remove_class(f"-{self._where}")
            self._screen.add_class(f"-{place.where}")
            self._where = place.where
        self.list_width = width - place.size if place.where == "right" else width
        self._pane.styles.width = place.size if place.where == "right" else "100%"
        self._pane.styles.height = place.size if place.where == "below" else "100%"
