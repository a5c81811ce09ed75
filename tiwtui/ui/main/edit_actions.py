"""What a person can do to watched tasks: label, acknowledge, flag, remove, and take that back.

1. A change is confirmed once it is saved. Where it cannot be saved, the reason is shown, and what was typed
   is still there.
2. Changes that `u` takes back wait for one another, so that it takes back the last one.
3. What is brought back comes back as it was: marked, and with the cursor on the line it had.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from tiwtui.config.key_table import Keys
from tiwtui.formatting import age_text, task_name
from tiwtui.i18n import _, ngettext
from tiwtui.listing.attention.reasons import left_to_do
from tiwtui.listing.window import Spot
from tiwtui.model import Done, TaskRef
from tiwtui.sanitize import safe
from tiwtui.session import Session
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.jobs import Jobs, served
from tiwtui.ui.main.list_controller import ListController
from tiwtui.ui.main.notifier import Notifier
from tiwtui.ui.main.selection import Selection
from tiwtui.ui.timing import SAVING_SHOWN_AFTER_S
from tiwtui.ui.undo_stack import Handled, Removal, UndoStack, done_words, last_saved, removed_words

T = TypeVar("T")


class EditActions:
    """The actions that change the watch list."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        tasks: ListController,
        jobs: Jobs,
        notifier: Notifier,
        keys: Keys,
    ) -> None:
        self.undo_stack = UndoStack()
        self.has_saved_removal = False
        """Whether the list was empty at the start and an earlier removal can be brought back."""
        self._session = session
        self._selection = selection
        self._tasks = tasks
        self._jobs = jobs
        self._notifier = notifier
        self._keys = keys
        self._one_edit = asyncio.Lock()

    def start(self) -> None:
        """Look for an earlier removal where the watch list is empty."""
        if not self._session.tasks:
            self._jobs.run(self._look_for_removal)

    async def _look_for_removal(self) -> None:
        # Why it cannot be read is said when it is wanted.
        with suppress(StoreFailed):
            removed = await self._session.removed()
            self.has_saved_removal = last_saved(removed, self._session.wall()) is not None
            self._tasks.follow(frozenset())

    async def saved(self, refs: Iterable[TaskRef], commit: Awaitable[T]) -> T:
        """Wait until an edit of tasks is saved; their rows say so where that takes long enough to be felt."""
        edited = frozenset(refs)
        timer = self._jobs.after(
            SAVING_SHOWN_AFTER_S, lambda: self._tasks.show_saving(self._tasks.saving | edited)
        )
        try:
            return await commit
        finally:
            timer.stop()
            self._tasks.show_saving(self._tasks.saving - edited)

    async def _saved_or_none(self, refs: Iterable[TaskRef], commit: Awaitable[T]) -> T | None:
        """Save an edit; where it cannot be saved, say why and return `None`."""
        try:
            return await self.saved(refs, commit)
        except StoreFailed as failure:
            self._notifier.say(str(failure), "error")
            return None

    # Labelling

    def label(self) -> None:
        """Give the targets a label."""
        refs = self._selection.watched_targets_or_notify()
        if refs:
            self._jobs.run(self._label, refs, safe(self._selection.describe(refs)))

    async def _label(self, refs: list[TaskRef], named: str) -> None:
        from tiwtui.ui.dialogs.confirm import LineScreen

        text, fault = safe(self._session.tasks[refs[0]].label), ""
        while True:
            dialog = LineScreen(_("Label of {tasks}").format(tasks=named), text, fault=fault)
            typed = await self._jobs.ask(dialog)
            if typed is None:
                return
            try:
                for ref in refs:
                    if ref in self._session.tasks:
                        await self.saved((ref,), self._session.label(ref, typed))
                return
            except StoreFailed as failure:
                text, fault = typed, str(failure)

    # Removing

    def remove(self) -> None:
        """Take the targets off the watch list: one at once, several after asking."""
        if self._tasks.surprises():
            return
        refs = self._selection.watched_targets_or_notify()
        if refs:
            spot = self._tasks.table.window.spot
            self._jobs.run(self._remove, refs, self._selection.describe(refs), spot)

    async def _remove(self, refs: list[TaskRef], named: str, spot: Spot) -> None:
        from tiwtui.ui.dialogs.confirm import ConfirmScreen

        if len(refs) > 1:
            question = _("Remove {tasks} from the watch list?").format(tasks=named)
            if not await self._jobs.ask(ConfirmScreen(question, _("Remove"))):
                return
        async with self._one_edit:
            self._tasks.removing = frozenset(refs)
            removed = await self._saved_or_none(refs, self._session.remove(refs))
            if not removed:
                return
            marks = self._selection.marks.value
            marked = marks & frozenset(removed)
            self.undo_stack.push(Removal(removed, self._session.wall(), marked, spot.ref, spot.line))
            self._selection.marks.set(marks - marked)
            # Not left to the news, which come four times a second: the next key is for the next task.
            await self._tasks.follow_all(removed)
        words, key = removed_words(len(removed)), self._keys.word("undo")
        self._notifier.say_done(*words, len(removed), tasks=named, key=key)

    # Acknowledging

    def done(self) -> None:
        """Acknowledge the targets; where all are done already, take that back."""
        if self._tasks.surprises():
            return
        refs = self._selection.watched_targets_or_notify()
        if refs:
            self._jobs.run(self._done, refs, self._selection.describe(refs))

    async def _done(self, refs: list[TaskRef], named: str) -> None:
        async with self._one_edit:
            at, limits = self._session.wall(), self._tasks.moment.limits
            tasks = {ref: self._session.tasks[ref] for ref in refs if ref in self._session.tasks}
            left = await served(left_to_do(tuple(tasks.values()), at, limits))
            by = self._session.handling.by
            wanted = {ref: Done(at, by, why) for ref, why in left.items()}
            before = {ref: tasks[ref].done for ref in left or tasks}
            if not await self._acknowledged(wanted or dict.fromkeys(tasks)):
                return

            async def take_back() -> str:
                await self._session.handling.acknowledge(before)
                return (_("{tasks} not done") if left else _("{tasks} done")).format(tasks=named)

            self.undo_stack.push(Handled(tuple(before), at, take_back))
            await self._tasks.follow_all(tuple(before))
        words, key = done_words(is_done=bool(left)), self._keys.word("undo")
        self._notifier.say_done(*words, len(before), tasks=named, key=key)

    async def _acknowledged(self, done: Mapping[TaskRef, Done | None]) -> bool:
        try:
            await self.saved(done, self._session.handling.acknowledge(done))
        except StoreFailed as failure:
            self._notifier.say(str(failure), "error")
            return False
        return bool(done)

    def flag(self) -> None:
        """Flag the active targets for an alert when they settle; where all are flagged, take that back."""
        refs, tasks = self._selection.watched_targets_or_notify(), self._session.tasks
        active = [ref for ref in refs if ref in tasks and tasks[ref].phase.is_active]
        if active:
            self._jobs.run(self._flag, active)
        elif refs:
            self._notifier.say(_("already settled; no alert"))

    async def _flag(self, refs: list[TaskRef]) -> None:
        tasks = self._session.tasks
        left = [ref for ref in refs if ref in tasks and tasks[ref].flagged_at is None]
        changed, at = left or refs, self._session.wall() if left else None
        try:
            await self.saved(changed, self._session.handling.flag(changed, at))
        except StoreFailed as failure:
            self._notifier.say(str(failure), "error")
            return
        await self._tasks.follow_all(changed)
        text = _("no alert for {tasks}")
        if left:
            text = ngettext("alert when {tasks} settles", "alert when {tasks} settle", len(left))
        self._notifier.say(text.format(tasks=self._named(changed)))

    # Taking back

    def undo(self) -> None:
        """Take back the last change, or bring back the targets where removed tasks are shown."""
        if not self._selection.shows_removed:
            self._jobs.run(self._undo)
        elif refs := self._selection.targets():
            self._jobs.run(self._bring_back, tuple(refs))
        else:
            self._notifier.say(_("nothing to bring back"))

    async def _bring_back(self, refs: tuple[TaskRef, ...]) -> None:
        async with self._one_edit:
            back = await self._restored(refs)
        if back:
            self._notifier.say(_("brought back {tasks}").format(tasks=self._named(back)))

    async def _undo(self) -> None:
        async with self._one_edit:
            removal = self.undo_stack.last or await self._last_saved()
            if isinstance(removal, Handled):
                await self._take_back(removal)
                return
            if removal is None:
                return
            back = await self._restored(removal.refs)
            if back is None:
                return
            is_shown = self._put_as_it_was(removal, back)
        if not back:
            self._notifier.say(ngettext("it is back already", "they are back already", len(removal.refs)))
            return
        text = _("brought back {tasks}").format(tasks=self._named(back))
        if not removal.is_own:
            ago = age_text(self._session.wall() - removal.at)
            text = _("{brought_back}, removed {age} ago").format(brought_back=text, age=ago)
        if not is_shown:
            text = _("{brought_back}; not shown here").format(brought_back=text)
        self._notifier.say(text)

    async def _take_back(self, handled: Handled) -> None:
        message = await self._saved_or_none(handled.refs, handled.take_back())
        if message is None:
            return
        self.undo_stack.taken_back(handled)
        await self._tasks.follow_all(handled.refs)
        self._notifier.say(message)

    async def _last_saved(self) -> Removal | None:
        """Return what was removed last before this run, or elsewhere; say so where there is nothing."""
        try:
            removed = await self._session.removed()
        except StoreFailed as failure:
            self._notifier.say(str(failure), "error")
            return None
        removal = last_saved(removed, self._session.wall())
        if removal is None and removed:
            text = _("nothing was removed in the last 24 hours; filter removed:yes for what was before")
            self._notifier.say(text)
        elif removal is None:
            self._notifier.say(_("nothing to bring back"))
        return removal

    async def _restored(self, refs: tuple[TaskRef, ...]) -> tuple[TaskRef, ...] | None:
        """Bring tasks back and show them at once; `None` where that could not be saved, which is said."""
        back = await self._saved_or_none(refs, self._session.restore(refs))
        if back is None:
            return None
        self.has_saved_removal = False
        # Those that another process brought back meanwhile are there, too.
        self.undo_stack.came_back(refs)
        await self._tasks.follow_all(back)
        return back

    def _put_as_it_was(self, removal: Removal, back: Sequence[TaskRef]) -> bool:
        """Put marks and cursor where they were before a removal; whether any of its tasks is shown."""
        if self._selection.shows_removed:
            return not back
        self._selection.marks.set(self._selection.marks.value | removal.marked.intersection(back))
        view, table = self._tasks.view, self._tasks.table
        places = {ref: place for ref in back if (place := view.index_of(ref)) is not None}
        if not places:
            return False
        if removal.cursor in places:
            table.select(removal.cursor, removal.row)
        else:
            table.select(min(places, key=places.__getitem__))
        return True

    def _named(self, refs: Sequence[TaskRef]) -> str:
        """Return one task's name, or how many there are."""
        tasks = self._session.tasks
        if len(refs) == 1 and refs[0] in tasks:
            return task_name(tasks[refs[0]])
        return ngettext("{n} task", "{n} tasks", len(refs)).format(n=len(refs))
