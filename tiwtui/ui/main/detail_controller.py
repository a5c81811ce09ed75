"""The detail of the task under the cursor: what it shows, that the task was seen, what the engine attends to.

What a person looks at is checked more often; tasks that the cursor only passes cost nothing.
"""

from contextlib import suppress
from datetime import tzinfo

from textual.timer import Timer

from tiwtui.model import Details, TaskRef
from tiwtui.session import Session
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.detail.pane import DetailPane, Shown
from tiwtui.ui.input.activity import Presence
from tiwtui.ui.jobs import Jobs
from tiwtui.ui.main.list_controller import ListController
from tiwtui.ui.main.selection import Say, Selection
from tiwtui.ui.timing import SEEN_AFTER_S


class DetailController:
    """Keeps the detail pane at the task under the cursor."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        tasks: ListController,
        pane: DetailPane,
        jobs: Jobs,
        say: Say,
        presence: Presence,
        zone: tzinfo | None,
        rest_s: float,
    ) -> None:
        """Make the controller; `rest_s` is when a cursor rests."""
        self._session = session
        self._selection = selection
        self._pane = pane
        self._jobs = jobs
        self._say = say
        self._presence = presence
        self._tasks = tasks
        self._zone = zone
        self._rest_s = rest_s
        self._details: tuple[TaskRef, Details] | None = None
        self._shown: TaskRef | None = None
        self._rested_since = presence.monotonic()
        self._resting: Timer | None = None
        self._is_noting_seen = False
        selection.cursor.watch(self._follow_cursor)

    def _follow_cursor(self, _old: TaskRef | None, _new: TaskRef | None) -> None:
        self._rested_since = self._presence.monotonic()
        self._show()
        self.wait_for_rest()

    def wait_for_rest(self) -> None:
        """Read details once the cursor rests: a held key reads none of the tasks that it passes."""
        if self._resting is not None:
            self._resting.stop()
        if self._rest_s:
            self._resting = self._jobs.after(self._rest_s, self._rested)
        else:
            self._rested()

    def _rested(self) -> None:
        self._attend()
        self._read()

    def _read(self) -> None:
        self._jobs.run(self._read_details, group="details")

    async def _read_details(self) -> None:
        task = self._selection.task
        if task is None:
            return
        try:
            self._details = (task.ref, await self._session.details(task.ref))
        except StoreFailed as failure:
            self._say(str(failure), "error")
        self._show()

    def _show(self) -> None:
        task = self._selection.task
        ref = None if task is None else task.ref
        if ref != self._shown:
            self._shown, self._selection.video = ref, 0
        details = self._details[1] if self._details and self._details[0] == ref else None
        self._pane.shown = Shown(task, details, self._tasks.moment, self._zone)

    def task_changed(self) -> None:
        """Show the task under the cursor again, with what is saved of it now."""
        self._rested_since = self._presence.monotonic()
        self._read()
        self._show()

    def tick(self) -> None:
        """Show that time has passed, and note what was seen by now."""
        self._attend()
        self._see()
        self._show()

    def _see(self) -> None:
        task = self._selection.task
        has_rested = self._presence.monotonic() - self._rested_since >= SEEN_AFTER_S
        if task is not None and task.is_unseen and has_rested and self._is_looked_at:
            self._jobs.run(self._note_seen, task.ref)

    @property
    def _is_looked_at(self) -> bool:
        return self._presence.is_attended and not self._selection.shows_removed

    async def _note_seen(self, ref: TaskRef) -> None:
        if self._is_noting_seen:
            return
        self._is_noting_seen = True
        # Why it cannot be saved is on the screen already; the next second tries again.
        with suppress(StoreFailed):
            await self._session.handling.see((ref,))
        self._is_noting_seen = False

    def _attend(self) -> None:
        if self._is_looked_at:
            self._session.attend(self._selection.cursor.value, self._tasks.table.on_screen())
        else:
            self._session.attend(None, ())
