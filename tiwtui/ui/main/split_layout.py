"""Where the list and the detail are: beside each other, one below the other, or one in place of the other.

1. The key that goes from the list to the detail leads there also where only one of them is on the screen.
2. The detail has the focus, or the whole screen, for one task. When that leaves the list, the focus goes back
   to the list: the next key must not reach another task's videos.
"""

from textual import on
from textual.reactive import var

from tiwtui.i18n import _
from tiwtui.model import TaskRef
from tiwtui.ui.main.choosing import ChoosingScreen
from tiwtui.ui.main.layout import SCREEN_LEAST, SHARES, Layout, next_layout, room
from tiwtui.ui.main.view_state import Remembered
from tiwtui.ui.widgets.filter_input import FilterInput
from tiwtui.ui.widgets.task_table import TaskTable

_SHARE_STEP = 0.05
_UNTOUCHING = frozenset({"back", "quit", "help", "commands", "diagnostics"})
"""Actions that leave all tasks as they are."""


class PlacingScreen(ChoosingScreen):
    """A list and the detail of one of its tasks."""

    layout_wanted: var[Layout] = var(Layout.AUTO, init=False)
    share: var[float] = var(0.4, init=False)
    is_full: var[bool] = var(False, init=False)

    _where = ""

    def take_up(self, remembered: Remembered) -> None:
        super().take_up(remembered)
        self.set_reactive(PlacingScreen.layout_wanted, remembered.layout)
        self.set_reactive(PlacingScreen.share, remembered.share)

    @property
    def place(self) -> int | None:
        return self.pane.selected if self.pane.has_focus_within and self.pane.has_videos_open else None

    @property
    def acts_on_marks(self) -> bool:
        # Who looks at one task on the whole screen sees no other, marked or not.
        return super().acts_on_marks and not self.is_full

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # On a screen that is too small to show anything no key may do anything to a task.
        if self.has_class("-too-small") and action not in _UNTOUCHING:
            return False
        return super().check_action(action, parameters)

    # Focus

    def action_focus_switch(self) -> None:
        """Go from the list to the detail and back."""
        if self.is_full:
            self.is_full = False
        elif self.pane.has_focus_within:
            self.table.focus()
        elif self.pane.display:
            self.pane.open_list.focus()
        else:
            self.action_detail_open()

    def action_detail_open(self) -> None:
        """Give the detail the whole screen, or take it back."""
        if self.is_full or self.selected is not None:
            self.is_full = not self.is_full
        else:
            self.say(_("there is no task here"), "warning")

    @on(TaskTable.Opened)
    def _open(self) -> None:
        self.is_full = True

    def watch_selected(self, was: TaskRef | None, now: TaskRef | None) -> None:
        super().watch_selected(was, now)
        if was is not None and self.view.index_of(was) is None:
            self.leave_detail()

    def leave_detail(self) -> None:
        """Give the list the focus, and its place on the screen."""
        if self.is_full:
            self.is_full = False
        elif self.pane.has_focus_within:
            self.table.focus()

    def watch_is_full(self) -> None:
        self.lay_out()
        (self.pane.open_list if self.is_full else self.table).focus()

    # What is done beside the list, or to it

    def action_filter(self) -> None:
        """Open the line the filter is typed into; it stands above the list."""
        self.is_full = False
        super().action_filter()

    def action_mark(self) -> None:
        """Mark or unmark the selected task; in the list, go on to the next."""
        if self.pane.has_focus_within and self.selected is not None:
            self.mark_selected(self.selected)
        else:
            super().action_mark()

    # The detail's tabs

    def action_detail_next(self) -> None:
        """Open the next tab of the detail."""
        self.pane.turn_tab(1)

    def action_detail_previous(self) -> None:
        """Open the previous tab of the detail."""
        self.pane.turn_tab(-1)

    def action_detail_tab(self, tab: str) -> None:
        """Open a tab of the detail."""
        self.pane.tab = tab

    # Its place and size

    def action_detail_wider(self) -> None:
        """Make the detail larger."""
        self.share = min(SHARES[1], self.share + _SHARE_STEP)

    def action_detail_narrower(self) -> None:
        """Make the detail smaller."""
        self.share = max(SHARES[0], self.share - _SHARE_STEP)

    def action_layout(self) -> None:
        """Put the detail to the right, below, or away."""
        self.layout_wanted = next_layout(*self.size, self.layout_wanted, self.share)

    def watch_share(self) -> None:
        self.lay_out()

    def watch_layout_wanted(self) -> None:
        self.lay_out()

    def on_resize(self) -> None:
        self.lay_out()

    def lay_out(self) -> None:
        """Put both where they belong on a screen of this size."""
        self.place_within(*self.size)
        if self._where == "none" and self.pane.has_focus_within:
            self.table.focus()
        elif self.focused is None:
            # On a screen that was too small nothing had the focus.
            self.call_after_refresh(self._focus_anew)
        self.say_lines()

    def _focus_anew(self) -> None:
        line = self.query_one(FilterInput)
        if self.focused is None:
            (line if line.has_class("-open") else self.pane.open_list if self.is_full else self.table).focus()

    def place_within(self, width: int, height: int) -> None:
        """Set the classes and sizes that put both where they belong."""
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
