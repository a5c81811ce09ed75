"""The removed tasks, in place of the watch list for as long as the filter asks for them: `removed:yes`.

1. They have a view of their own, made of what the store keeps; the watch list goes on behind it, and the
   counts of the tabs are its own.
2. What came back is out of the list at once. The store is read again when a task was removed, whoever did it.
3. Each of the two lists has its marks; the watch list has its cursor back where that was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from textual import work

from tiwtui.listing.view import View
from tiwtui.model import Removed, Task, TaskRef
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.main.list_controller import ListScreen


class RemovedScreen(ListScreen):
    """A list that shows removed tasks where the filter asks for them."""

    filtered_from: TaskRef | None = None
    """The task the cursor was on before the filter was typed, while it is."""

    _marks_aside: frozenset[TaskRef] = frozenset()
    """The marks of the list that is not shown."""
    _left_at: TaskRef | None = None

    @property
    def asks_for_removed(self) -> bool:
        """Whether tab and filter are about removed tasks, shown already or not."""
        return self.cut[1].asks_for_removed

    def on_mount(self) -> None:
        if self.asks_for_removed:
            self.read_removed()

    def _show_view(self) -> None:
        if not self.asks_for_removed:
            super()._show_view()
        elif self.shows_removed:
            self._show_in(self.view)
        else:
            # Until they are read, the list stays as it is.
            self._rebuilding = None
            self.say_lines()
            self.read_removed()

    def follow(self, changed: frozenset[TaskRef]) -> None:
        super().follow(changed)
        if not self.asks_for_removed:
            return
        tasks = self.session.tasks
        back = [ref for ref in changed if ref in tasks and ref in self.view.tasks]
        if self.shows_removed and back:
            self._apply(back, {})
        if any(ref not in tasks for ref in changed):
            self.read_removed()

    @work(exclusive=True, group="removed")
    async def read_removed(self) -> None:
        """Read what was removed, and show it if the filter still asks for that."""
        try:
            removed = await self.session.removed()
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return
        if self.asks_for_removed:
            # One that came back while they were read is no longer one of them.
            self._take([gone for gone in removed if gone.task.ref not in self.session.tasks])

    def _take(self, removed: Sequence[Removed]) -> None:
        tasks = {gone.task.ref: gone.task for gone in removed}
        self._removed_at.clear()
        self._removed_at.update((gone.task.ref, gone.at) for gone in removed)
        if self.shows_removed:
            was = self.view.tasks
            self._apply([ref for ref in was.keys() | tasks.keys() if was.get(ref) != tasks.get(ref)], tasks)
            return
        tab, query = self.cut
        around = replace(self._around(self.watched), removed=self._removed_at)
        now = self.moment.now
        self._show_rebuilt(View(tasks, now, tab=tab, query=query, order=self.order, around=around))

    def _apply(self, changed: Iterable[TaskRef], tasks: Mapping[TaskRef, Task]) -> None:
        """Let removed tasks come and go; those that are not in `tasks` go."""
        held = self.presence.is_at_work
        change = self.view.apply(changed, tasks, self.moment.now, is_held=held, still=self.selected)
        self.marks = frozenset(ref for ref in self.marks if ref in self.view.tasks)
        self.table.follow(change.touched, has_moved=change.has_moved)
        self.say_lines()

    def _show_rebuilt(self, view: View, on: TaskRef | None = None) -> None:
        if view is self.view:
            super()._show_rebuilt(view, on)
            return
        if view is self.watched:
            on = self._left_at
            self._removed_at.clear()
        else:
            self._left_at = self.filtered_from or self.selected
        super()._show_rebuilt(view, on)
        here = self.shown_tasks
        aside, self._marks_aside = self._marks_aside, self.marks
        self.marks = frozenset(ref for ref in aside if ref in here)
