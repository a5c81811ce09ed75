"""What a person can do to tasks: add, label, remove, check, pause, copy. The screen's other half."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

from textual import work
from textual.reactive import var
from textual.screen import Screen

from tiwtui import intake
from tiwtui.listing.view import View
from tiwtui.results.clipboard import Copied, NoRoute, TooLong
from tiwtui.tasks import Details, Task, TaskRef
from tiwtui.ui.screens.add import AddScreen, Preview, Wanted
from tiwtui.ui.screens.confirm import ConfirmScreen, LineScreen
from tiwtui.ui.screens.sheet import CopySheet
from tiwtui.ui.watching import Watching
from tiwtui.watch.standing import Mode
from tiwtui.words import _, age_text, fit_url, ngettext, number_text, safe, task_name, url_fault

BUDGETS = (1.0, 2.0, 5.0, 10.0, 15.0, 18.0)
ASKS_OVER_S = 10.0
"""Checking so much of the budget's time at one key asks first."""

Copier = Callable[[str], Awaitable[Copied | TooLong | NoRoute]]
Severity = Literal["information", "warning", "error"]


class TaskScreen(Screen[None], inherit_bindings=False):
    """A screen with a selected task, marks, and the actions on them."""

    selected: var[TaskRef | None] = var(None, init=False)
    marks: var[frozenset[TaskRef]] = var(frozenset, init=False)

    def __init__(self, session: Watching, copier: Copier) -> None:
        super().__init__()
        self.session = session
        self.default_app = session.target.sdk_app_id
        self._copier = copier
        self._removed: list[tuple[TaskRef, ...]] = []
        self.view = View(session.tasks, session.wall())

    def say(self, text: str, severity: Severity = "information") -> None:
        """Tell the user something in passing."""
        self.notify(safe(text), severity=severity, markup=False)

    @property
    def place(self) -> int | None:
        """The selected video's place where the detail is focused, else nothing."""
        return None

    def go_to(self, ref: TaskRef) -> None:
        """Put the cursor on a task, leaving a tab or filter that hides it."""
        raise NotImplementedError

    # Which tasks are meant

    def meant(self) -> list[TaskRef]:
        """Return the marked tasks that are shown, or without marks the selected one."""
        tasks = self.session.tasks
        if not self.marks:
            return [self.selected] if self.selected is not None and self.selected in tasks else []
        places = ((self.view.index_of(ref), ref) for ref in self.marks if ref in tasks)
        return [ref for _place, ref in sorted((place, ref) for place, ref in places if place is not None)]

    def _counted(self, refs: Iterable[TaskRef]) -> str:
        """Return how a message names tasks: one by its name, several by their number and the hidden ones."""
        told = list(refs)
        if len(told) == 1 and not self.marks:
            return task_name(self.session.tasks[told[0]])
        hidden = len(self.marks) - len(told)
        text = ngettext("{n} task", "{n} tasks", len(told)).format(n=len(told))
        return _("{tasks} ({n} marked ones hidden)").format(tasks=text, n=hidden) if hidden > 0 else text

    # Adding, labelling, removing

    def action_add(self) -> None:
        """Open the dialog that takes ids."""
        self.add_from("")

    def take_paste(self, text: str) -> None:
        """Read a paste: one of known ids only goes there or marks them, any other opens the dialog on it."""
        read = intake.read(text, self.default_app)
        preview = Preview.of(read, self.default_app, self.session.tasks)
        if preview.known and not (preview.new or preview.relabelled or preview.not_understood):
            refs = [ref for ref, _label in read.tasks(self.default_app)]
            if len(refs) == 1:
                self.go_to(refs[0])
            else:
                self.marks = self.marks | frozenset(refs)
                self.say(_("{n} known tasks marked").format(n=len(refs)))
        else:
            self.add_from(text)

    @work
    async def add_from(self, text: str) -> None:
        """Let the user see and change what a text would add, then add it."""
        screen = AddScreen(text, self.default_app, self.session.tasks)
        wanted: Wanted | None = await self.app.push_screen_wait(screen)
        if wanted is None:
            return
        if wanted.app is not None:
            self.default_app = wanted.app
        added = await self.session.add(wanted.entries)
        told = [ngettext("{n} task added", "{n} tasks added", len(added.new)).format(n=len(added.new))]
        if added.relabelled:
            told.append(_("{n} relabelled").format(n=len(added.relabelled)))
        self.say(", ".join(told))
        for ref in (*added.new[:1], *added.known[:1]):
            self.go_to(ref)
            break

    @work
    async def action_label(self) -> None:
        """Give the selected task, or all marked ones, a label."""
        refs = self.meant()
        if not refs:
            return
        was = self.session.tasks[refs[0]].label
        title = _("Label of {tasks}").format(tasks=safe(self._counted(refs)))
        text = await self.app.push_screen_wait(LineScreen(title, safe(was), _("enter saves, esc cancels")))
        if text is not None:
            for ref in refs:
                if ref in self.session.tasks:
                    await self.session.label(ref, text)

    @work
    async def action_remove(self) -> None:
        """Take tasks off the watch list: one at once, several after asking."""
        refs = self.meant()
        if not refs:
            return
        told = self._counted(refs)
        if len(refs) > 1:
            question = _("Remove {tasks} from the watch list?").format(tasks=told)
            if not await self.app.push_screen_wait(ConfirmScreen(question, _("Remove"))):
                return
        removed = await self.session.remove(refs)
        if removed:
            self._removed.append(removed)
            self.marks = self.marks - frozenset(removed)
            self.say(_("{tasks} removed; u brings it back").format(tasks=told))

    async def action_undo(self) -> None:
        """Bring back what was removed last."""
        if not self._removed:
            self.say(_("nothing to bring back"))
            return
        restored = await self.session.restore(self._removed.pop())
        if restored:
            self.say(ngettext("{n} task back", "{n} tasks back", len(restored)).format(n=len(restored)))

    # Checking

    @work
    async def action_check(self) -> None:
        """Have the selected or the marked tasks checked now, settled ones too."""
        await self._hurry(self.meant())

    @work
    async def action_check_shown(self) -> None:
        """Have all shown active tasks checked now."""
        tasks = self.session.tasks
        await self._hurry([ref for ref in self.view.refs() if ref in tasks and tasks[ref].phase.is_active])

    async def _hurry(self, refs: list[TaskRef]) -> None:
        allowed = self.session.standing().allowed
        takes_s = len(refs) / allowed if allowed else 0.0
        if takes_s > ASKS_OVER_S:
            question = _("Check {n} tasks now? At {rate} checks a second this takes {time}.").format(
                n=len(refs), rate=number_text(allowed), time=age_text(takes_s)
            )
            if not await self.app.push_screen_wait(ConfirmScreen(question, _("Check"))):
                return
        self.session.hurry(refs)
        if refs:
            self.say(_("checking {tasks} now").format(tasks=self._counted(refs)))

    def action_pause(self) -> None:
        """Pause checking, or go on."""
        if self.session.standing().mode is Mode.PAUSED:
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
        budget = self.session.standing().budget
        lower = [step for step in BUDGETS if step < budget - 0.01]
        higher = [step for step in BUDGETS if step > budget + 0.01]
        step = (lower[-1:] if by < 0 else higher[:1]) or [budget]
        self.session.set_budget(step[0])
        self.refresh_standing()

    def refresh_standing(self) -> None:
        """Show anew how the watching stands."""

    # Copying

    def action_copy(self) -> None:
        """Copy the URLs of the selected or marked tasks; in the detail that of the selected video."""
        self.copy_urls(self.meant(), self.place)

    def action_copy_nth(self, number: int) -> None:
        """Copy the URL of the selected task's n-th video."""
        self.copy_urls([self.selected] if self.selected else [], number - 1)

    @work(exclusive=True, group="copy")
    async def copy_urls(self, refs: list[TaskRef], place: int | None = None) -> None:
        """Copy all URLs of tasks, or of one the URL at a place, and say how many went by which route."""
        urls: list[str] = []
        refused: list[str] = []
        without, taken = 0, []
        for ref in refs:
            if ref not in self.session.tasks:
                continue
            details = await self.session.details(ref)
            fit, faults = _urls(details, place)
            urls += fit
            refused += faults
            without += not details.videos
            taken += [ref] * bool(fit)
        if refused:
            self.say(_("URL refused: {reason}").format(reason=refused[0]), "error")
        if not urls:
            self.say(self._no_url(refs, place), "warning")
            return
        count = ngettext("{n} URL", "{n} URLs", len(urls)).format(n=len(urls))
        if without:
            lacking = ngettext("{n} task without video", "{n} tasks without video", without).format(n=without)
            count = f"{count}, {lacking}"
        if await self._copy("\n".join(urls), count):
            await self.session.mark_taken(taken)

    def _no_url(self, refs: list[TaskRef], place: int | None) -> str:
        task = self.task_of(refs[0]) if refs else None
        if place is not None and task is not None and task.video_count:
            return _("there is no video {n}").format(n=place + 1)
        return ngettext("no video yet, nothing copied", "no videos yet, nothing copied", max(1, len(refs)))

    @work(exclusive=True, group="copy")
    async def action_copy_id(self) -> None:
        """Copy the ids of the selected or marked tasks, as a person writes them."""
        refs = self.meant()
        if refs:
            ids = [ref.written(self.default_app) for ref in refs]
            await self._copy("\n".join(ids), ngettext("{n} id", "{n} ids", len(ids)).format(n=len(ids)))

    async def _copy(self, text: str, what: str) -> bool:
        """Send a text to the clipboard, or show it whole; whether the user has it now."""
        outcome = await self._copier(text)
        if isinstance(outcome, Copied):
            self.say(f"{what} {outcome.claim}")
        else:
            await asyncio.sleep(0)
            await self.app.push_screen_wait(CopySheet(text, f"{what}: {outcome.reason}"))
        return True

    def task_of(self, ref: TaskRef | None) -> Task | None:
        """Return a task that is still on the list."""
        return None if ref is None else self.session.tasks.get(ref)


def _urls(details: Details, place: int | None) -> tuple[list[str], list[str]]:
    """Return the URLs to copy, and why any are refused."""
    videos = details.videos if place is None else details.videos[place : place + 1]
    faults = [(video.url, url_fault(video.url)) for video in videos]
    return [fit_url(url) for url, fault in faults if fault is None], [
        fault for _url, fault in faults if fault
    ]
