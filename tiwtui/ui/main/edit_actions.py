"""Removing tasks, and bringing them back as they were.

Edits wait for the one before, so that what was removed last is known when it is to come back.
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from textual import work

from tiwtui.formatting import age_text, task_name
from tiwtui.i18n import _, ngettext
from tiwtui.listing.index import SLICE, spans
from tiwtui.model import TaskRef
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.dialogs.confirm import ConfirmScreen
from tiwtui.ui.main.removed import RemovedScreen
from tiwtui.ui.main.undo_stack import Removal, last_kept


class RemovingScreen(RemovedScreen):
    """A list whose tasks can be taken off the watch list, and back."""

    has_undo_kept = False
    """Whether the list was empty at the start and a removal of before can be brought back."""

    def on_mount(self) -> None:
        if not self.session.tasks:
            self._look_for_removal()

    @work
    async def _look_for_removal(self) -> None:
        # Why it cannot be read is said when it is wanted.
        with suppress(StoreFailed):
            removed = await self.session.removed()
            self.has_undo_kept = last_kept(removed, self.session.wall()) is not None
            self.say_lines()

    # Away

    def action_remove(self) -> None:
        """Take tasks off the watch list: one at once, several after asking."""
        refs = self.meant_aloud()
        if refs and not self.refuses(refs):
            self._remove(refs, self.counted(refs), self.selected, self.table.row_of(self.selected))

    @work
    async def _remove(self, refs: list[TaskRef], told: str, cursor: TaskRef | None, row: int | None) -> None:
        if len(refs) > 1:
            question = _("Remove {tasks} from the watch list?").format(tasks=told)
            if not await self.app.push_screen_wait(ConfirmScreen(question, _("Remove"))):
                return
        async with self.one_edit:
            try:
                removed = await self.kept(refs, self.session.remove(refs))
            except StoreFailed as failure:
                self.say(str(failure), "error")
                return
            if not removed:
                return
            marked = self.marks & frozenset(removed)
            self.removals.note(Removal(removed, self.session.wall(), marked, cursor, row))
            self.marks -= marked
            # Not left to the news, which come four times a second: the next key is for the next task.
            await self._follow_all(removed)
        text = ngettext(
            "{tasks} removed; {key} brings it back",
            "{tasks} removed; {key} brings them back",
            len(removed),
        )
        self.say(text.format(tasks=told, key=self.keys.word("undo")))

    # And back

    def action_undo(self) -> None:
        """Bring back what was removed last, or of removed tasks that are shown those that are meant."""
        if not self.shows_removed:
            self._undo()
        elif refs := self.meant():
            self._bring_back(tuple(refs))
        else:
            self.say(_("nothing to bring back"))

    @work
    async def _bring_back(self, refs: tuple[TaskRef, ...]) -> None:
        async with self.one_edit:
            back = await self._restored(refs)
        if back:
            self.say(_("brought back {tasks}").format(tasks=self._named(back)))

    @work
    async def _undo(self) -> None:
        async with self.one_edit:
            removal = self.removals.last or await self._last_kept()
            if removal is None:
                return
            back = await self._restored(removal.refs)
            if back is None:
                return
            is_shown = self._put_as_it_was(removal, back)
        if not back:
            self.say(ngettext("it is back already", "they are back already", len(removal.refs)))
            return
        told = _("brought back {tasks}").format(tasks=self._named(back))
        if not removal.is_own:
            ago = age_text(self.session.wall() - removal.at)
            told = _("{brought_back}, removed {age} ago").format(brought_back=told, age=ago)
        if not is_shown:
            told = _("{brought_back}; not shown here").format(brought_back=told)
        self.say(told)

    async def _last_kept(self) -> Removal | None:
        """Return what was removed last before this run, or elsewhere; say so where there is nothing."""
        try:
            removed = await self.session.removed()
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return None
        removal = last_kept(removed, self.session.wall())
        if removal is None and removed:
            self.say(_("nothing was removed in the last 24 hours; filter removed:yes for what was before"))
        elif removal is None:
            self.say(_("nothing to bring back"))
        return removal

    async def _restored(self, refs: tuple[TaskRef, ...]) -> tuple[TaskRef, ...] | None:
        """Bring tasks back and show them at once; `None` where that could not be kept, which is said."""
        try:
            back = await self.kept(refs, self.session.restore(refs))
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return None
        self.has_undo_kept = False
        # Those that another process brought back meanwhile are there, too.
        self.removals.came_back(refs)
        await self._follow_all(back)
        return back

    async def _follow_all(self, refs: Sequence[TaskRef]) -> None:
        """Show that tasks went or are back; where they are many, keys are served in between."""
        self.follow(frozenset(refs[:SLICE]))
        for begin, end in islice(spans(len(refs)), 1, None):
            await self.serve_keys()
            self.follow(frozenset(refs[begin:end]))

    def _put_as_it_was(self, removal: Removal, back: Sequence[TaskRef]) -> bool:
        """Put marks and cursor where they were before a removal; whether any of its tasks is shown."""
        if self.shows_removed:
            return not back
        self.marks |= removal.marked.intersection(back)
        places = {ref: place for ref in back if (place := self.view.index_of(ref)) is not None}
        if not places:
            return False
        if removal.cursor in places:
            self.table.select(removal.cursor, removal.row)
        else:
            self.table.select(min(places, key=places.__getitem__))
        return True

    def _named(self, refs: Sequence[TaskRef]) -> str:
        """Return one task's name, or how many there are."""
        tasks = self.session.tasks
        if len(refs) == 1 and refs[0] in tasks:
            return task_name(tasks[refs[0]])
        return ngettext("{n} task", "{n} tasks", len(refs)).format(n=len(refs))
