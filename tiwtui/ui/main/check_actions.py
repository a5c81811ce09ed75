"""What a person can do to the tasks that are meant: add, label and check them; pause, and the budget.

What changes the watch list is confirmed once it is kept; where it cannot be, the person is told why, and what
was typed is still there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from operator import attrgetter
from typing import TypeVar

from textual import work
from textual.reactive import var

from tiwtui import intake
from tiwtui.engine.rate_limit import next_step
from tiwtui.engine.status import Mode
from tiwtui.formatting import age_text, number_text
from tiwtui.i18n import _, ngettext
from tiwtui.listing.view import View
from tiwtui.model import NO_CREDENTIALS, TaskRef, default_app
from tiwtui.results.clipboard import Copied, NoRoute, TooLong
from tiwtui.sanitize import safe
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.dialogs.add import AddScreen, Preview, Wanted
from tiwtui.ui.dialogs.confirm import ConfirmScreen, LineScreen
from tiwtui.ui.main.selection import MeaningScreen
from tiwtui.ui.main.undo_stack import Removals
from tiwtui.ui.timing import SAVING_TOLD_AFTER_S
from tiwtui.ui.watching import Watching

ASKS_OVER_S = 10.0
"""Checking so much of the budget's time at one key asks first."""

Copier = Callable[[str], Awaitable[Copied | TooLong | NoRoute]]
T = TypeVar("T")

_APP = attrgetter("sdk_app_id")


class TaskScreen(MeaningScreen, inherit_bindings=False):
    """A screen with the actions on the tasks that are meant."""

    saving: var[frozenset[TaskRef]] = var(frozenset, init=False)

    def __init__(self, session: Watching, copier: Copier, view: View) -> None:
        super().__init__(session, view)
        self.chosen_app = session.target.sdk_app_id
        self._apps: frozenset[int] = frozenset()
        self._apps_of = -1
        self._copier = copier
        self.removals = Removals()
        self.one_edit = asyncio.Lock()

    @property
    def apps(self) -> frozenset[int]:
        """The applications of the watched tasks; counted anew when there are more of these or fewer."""
        tasks = self.session.tasks
        if len(tasks) != self._apps_of:
            self._apps_of = len(tasks)
            self._apps = frozenset(map(_APP, tasks))
        return self._apps

    @property
    def default_app(self) -> int | None:
        """The application of ids without one: that of the profile, the one told here, or the only one."""
        return default_app(self.chosen_app, self.apps)

    @property
    def place(self) -> int | None:
        """The selected video's place where the detail is focused, else nothing."""
        return None

    def follow(self, changed: frozenset[TaskRef]) -> None:
        """Show tasks that changed, came or vanished."""
        raise NotImplementedError

    def go_to(self, ref: TaskRef) -> None:
        """Put the cursor on a task, leaving a tab or filter that hides it."""
        raise NotImplementedError

    # Adding, labelling

    def action_add(self) -> None:
        """Open the dialog that takes ids."""
        self.add_from("")

    def take_paste(self, text: str) -> None:
        """Read a paste: one of known ids only goes there or marks them, any other opens the dialog on it."""
        read = intake.read(text, self.default_app).beside(self.session.tasks, self.default_app)
        preview = Preview.of(read, self.default_app, self.session.tasks)
        others = preview.new or preview.relabelled or preview.not_understood or preview.several
        if preview.known and not others:
            refs = [ref for ref, _label in read.tasks(self.default_app)]
            if len(refs) == 1:
                self.go_to(refs[0])
            else:
                self.marks = self.marks | frozenset(refs)
                told = ngettext("{n} known task marked", "{n} known tasks marked", len(refs))
                self.say(told.format(n=len(refs)))
        else:
            self.add_from(text)

    @work
    async def add_from(self, text: str) -> None:
        """Let the user see and change what a text would add, then add it."""
        fault = ""
        while True:
            screen = AddScreen(text, self.default_app, self.session.tasks, fault)
            wanted: Wanted | None = await self.app.push_screen_wait(screen)
            if wanted is None:
                return
            if wanted.app is not None:
                self.chosen_app = wanted.app
            refs = [ref for ref, _label in wanted.entries]
            try:
                added = await self.kept(refs, self.session.add(wanted.entries))
                break
            except StoreFailed as failure:
                text, fault = wanted.text, str(failure)
        told = [ngettext("{n} task added", "{n} tasks added", len(added.new)).format(n=len(added.new))]
        if added.relabelled:
            relabelled = len(added.relabelled)
            told.append(ngettext("{n} relabelled", "{n} relabelled", relabelled).format(n=relabelled))
        self.say(", ".join(told))
        for ref in (*added.new[:1], *added.known[:1]):
            self.go_to(ref)
            break

    @work
    async def action_label(self) -> None:
        """Give the selected task, or all marked ones, a label."""
        refs = self.meant_aloud()
        if not refs or self.refuses(refs):
            return
        text = safe(self.session.tasks[refs[0]].label)
        title = _("Label of {tasks}").format(tasks=safe(self.counted(refs)))
        fault = ""
        while True:
            screen = LineScreen(title, text, fault=fault)
            typed: str | None = await self.app.push_screen_wait(screen)
            if typed is None:
                return
            try:
                for ref in refs:
                    if ref in self.session.tasks:
                        await self.kept((ref,), self.session.label(ref, typed))
                return
            except StoreFailed as failure:
                text, fault = typed, str(failure)

    async def kept(self, refs: Iterable[TaskRef], commit: Awaitable[T]) -> T:
        """Wait until an edit of tasks is kept; their rows say so where that takes long enough to be felt."""
        wanted = frozenset(refs)

        def tell() -> None:
            self.saving |= wanted

        timer = self.set_timer(SAVING_TOLD_AFTER_S, tell)
        try:
            return await commit
        finally:
            timer.stop()
            self.saving -= wanted

    # Checking

    @work
    async def action_check(self) -> None:
        """Have the selected or the marked tasks checked now, settled ones too."""
        refs = self.meant_aloud()
        if refs and not self.refuses(refs):
            await self._hurry(refs, self.counted(refs))

    @work
    async def action_check_shown(self) -> None:
        """Have all shown active tasks checked now."""
        tasks = self.shown_tasks
        refs = [ref for ref in self.view.refs() if ref in tasks and tasks[ref].phase.is_active]
        if not refs and not self.shows_removed:
            self.say(_("no active task is shown"), "warning")
        elif not self.refuses(refs or self.view.refs()):
            told = ngettext("{n} active task", "{n} active tasks", len(refs)).format(n=len(refs))
            await self._hurry(refs, told)

    async def _hurry(self, refs: list[TaskRef], told: str) -> None:
        allowed = self.session.status().allowed
        takes_s = len(refs) / allowed if allowed else 0.0
        if takes_s > ASKS_OVER_S:
            question = _("Check {tasks} now? At {rate} checks a second this takes {time}.").format(
                tasks=told, rate=number_text(allowed), time=age_text(takes_s)
            )
            if not await self.app.push_screen_wait(ConfirmScreen(question, _("Check"))):
                return
        self.session.check_now(refs)
        trouble = self.session.status().trouble
        if trouble is not None and trouble.code == NO_CREDENTIALS:
            self.say(_("{tasks} checked once there is a key").format(tasks=told), "warning")
        else:
            self.say(_("checking {tasks} now").format(tasks=told))

    def action_pause(self) -> None:
        """Pause checking, or go on."""
        if self.session.status().mode is Mode.PAUSED:
            self.session.resume()
        else:
            self.session.pause()
        self.refresh_standing()

    def action_budget_down(self) -> None:
        """Allow fewer checks a second."""
        self._step_budget(-1)

    def action_budget_up(self) -> None:
        """Allow more checks a second."""
        self._step_budget(1)

    def _step_budget(self, by: int) -> None:
        wanted = next_step(self.session.status().budget, by)
        self.session.set_budget(wanted)
        budget = self.session.status().budget
        if budget < wanted:
            told = _("{wanted} checks/s wanted here; another process allows {budget}")
            self.say(told.format(wanted=number_text(wanted), budget=number_text(budget)))
        self.refresh_standing()

    def refresh_standing(self) -> None:
        """Show anew how the watching stands."""
