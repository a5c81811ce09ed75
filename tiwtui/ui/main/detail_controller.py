"""What a person looks at: the task the cursor rests on, its details, that it was seen, what is attended.

What is looked at is asked about more often, and what the cursor only passes costs nothing.
"""

from contextlib import suppress
from datetime import tzinfo

from textual import on, work
from textual.timer import Timer

from tiwtui.listing.notes import Moment
from tiwtui.listing.view import View
from tiwtui.model import Details, TaskRef
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.detail.pane import DetailPane, Shown
from tiwtui.ui.input.activity import Presence
from tiwtui.ui.main.check_actions import Copier
from tiwtui.ui.main.copy_actions import CopyingScreen
from tiwtui.ui.timing import SEEN_AFTER_S, Pace
from tiwtui.ui.watching import Watching
from tiwtui.ui.widgets.task_table import TaskTable


class LookingScreen(CopyingScreen):
    """A screen with the detail of the task under the cursor of a table."""

    table: TaskTable
    moment: Moment

    def __init__(
        self,
        session: Watching,
        copier: Copier,
        view: View,
        presence: Presence,
        pace: Pace,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(session, copier, view)
        self.presence = presence
        self.pace = pace
        self.zone = zone
        self.pane = DetailPane(id="detail")
        self._details: tuple[TaskRef, Details] | None = None
        self._rested_since = presence.monotonic()
        self._resting: Timer | None = None
        self._is_noting_seen = False

    def follow_cursor(self) -> None:
        """Select what the cursor is on, before the next key is looked at."""
        self.watch(self.table, "cursor", self._select, init=False)

    def _select(self, ref: TaskRef | None) -> None:
        self.selected = ref

    def watch_selected(self, _was: TaskRef | None, _now: TaskRef | None) -> None:
        self._rested_since = self.presence.monotonic()
        self._show_detail()
        self._rest()

    @on(TaskTable.Scrolled)
    def _rest(self) -> None:
        """Follow the cursor once it rests, so that a held key reads no details of tasks it only passes."""
        if self._resting is not None:
            self._resting.stop()
        if self.pace.rest_s:
            self._resting = self.set_timer(self.pace.rest_s, self._rested)
        else:
            self._rested()

    def _rested(self) -> None:
        self._attend()
        self._read_details()

    @work(exclusive=True, group="details")
    async def _read_details(self) -> None:
        ref = self.selected
        if ref is not None and ref in self.shown_tasks:
            try:
                self._details = (ref, await self.session.details(ref))
            except StoreFailed as failure:
                self.say(str(failure), "error")
            self._show_detail()

    def _show_detail(self) -> None:
        task = self.task_of(self.selected)
        details = self._details[1] if task and self._details and self._details[0] == task.ref else None
        self.pane.shown = Shown(task, details, self.moment, self.zone)

    def look_again(self, *, has_changed: bool) -> None:
        """Show the selected task anew: it changed, or time has passed."""
        if has_changed:
            self._rested_since = self.presence.monotonic()
            self._read_details()
        else:
            self._attend()
            self._see()
        self._show_detail()

    def _see(self) -> None:
        task = self.task_of(self.selected)
        rested = self.presence.monotonic() - self._rested_since >= SEEN_AFTER_S
        is_looked_at = rested and self.presence.is_attended and not self.shows_removed
        if task is not None and task.is_unseen and is_looked_at:
            self._note_seen(task.ref)

    @work
    async def _note_seen(self, ref: TaskRef) -> None:
        if self._is_noting_seen:
            return
        self._is_noting_seen = True
        # Why it cannot be kept is on the screen already; the next second tries again.
        with suppress(StoreFailed):
            await self.session.mark_seen((ref,))
        self._is_noting_seen = False

    def _attend(self) -> None:
        if self.presence.is_attended and not self.shows_removed:
            self.session.attend(self.selected, self.table.on_screen())
        else:
            self.session.attend(None, ())
