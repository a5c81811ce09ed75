"""Putting tasks on the watch list: the dialog that takes ids, and a paste anywhere.

What cannot be saved is still in the dialog, with the reason.
"""

from tiwtui.i18n import ngettext
from tiwtui.session import Session
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.jobs import Jobs
from tiwtui.ui.main.edit_actions import EditActions
from tiwtui.ui.main.list_controller import ListController
from tiwtui.ui.main.notifier import Notifier
from tiwtui.ui.main.selection import Selection
from tiwtui.ui.main.view_state import CurrentState


class AddActions:
    """The actions that add tasks."""

    def __init__(
        self,
        session: Session,
        state: CurrentState,
        selection: Selection,
        tasks: ListController,
        edits: EditActions,
        jobs: Jobs,
        notifier: Notifier,
    ) -> None:
        self._session = session
        self._state = state
        self._selection = selection
        self._tasks = tasks
        self._edits = edits
        self._jobs = jobs
        self._notifier = notifier

    def add(self) -> None:
        """Open the dialog that takes ids."""
        self._jobs.run(self._add_from, "")

    def paste(self, text: str) -> None:
        """Read a paste: one of known ids only goes there or marks them, any other opens the dialog on it."""
        from tiwtui.intake import reader
        from tiwtui.ui.dialogs.add import Preview

        app, known_tasks = self._tasks.default_app, self._session.tasks
        read = reader.read(text, app).beside(known_tasks, app)
        preview = Preview.of(read, app, known_tasks)
        others = preview.new or preview.relabelled or preview.not_understood or preview.several
        if not preview.known or others:
            self._jobs.run(self._add_from, text)
            return
        refs = [ref for ref, _label in read.tasks(app)]
        if len(refs) == 1:
            self._tasks.go_to(refs[0])
        else:
            self._selection.marks.set(self._selection.marks.value | frozenset(refs))
            marked = ngettext("{n} known task marked", "{n} known tasks marked", len(refs))
            self._notifier.say(marked.format(n=len(refs)))

    async def _add_from(self, text: str) -> None:
        """Let the user see and change what a text would add, then add it."""
        from tiwtui.ui.dialogs.add import AddScreen

        fault = ""
        while True:
            dialog = AddScreen(text, self._tasks.default_app, self._session.tasks, fault)
            wanted = await self._jobs.ask(dialog)
            if wanted is None:
                return
            if wanted.app is not None:
                self._state.change(app=wanted.app)
            refs = [ref for ref, _label in wanted.entries]
            try:
                added = await self._edits.saved(refs, self._session.add(wanted.entries))
                break
            except StoreFailed as failure:
                text, fault = wanted.text, str(failure)
        parts = [ngettext("{n} task added", "{n} tasks added", len(added.new)).format(n=len(added.new))]
        if added.relabelled:
            relabelled = len(added.relabelled)
            parts.append(ngettext("{n} relabelled", "{n} relabelled", relabelled).format(n=relabelled))
        self._notifier.say(", ".join(parts))
        for ref in (*added.new, *added.known)[:1]:
            self._tasks.go_to(ref)
