"""What a person can do to tasks: add, label, remove, check, pause. The screen's other half.

What changes the watch list is confirmed once it is kept; where it cannot be, the person is told why, and what
was typed is still there.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from operator import attrgetter
from typing import Literal, TypeVar

from textual import work
from textual.reactive import var

from tiwtui import intake
from tiwtui.catalog import _, ngettext
from tiwtui.listing.view import View
from tiwtui.results.clipboard import Copied, NoRoute, TooLong
from tiwtui.tasks import Task, TaskRef, default_app
from tiwtui.ui.keys import DEFAULT_KEYS, Keys
from tiwtui.ui.pace import SAVING_TOLD_AFTER_S
from tiwtui.ui.screens.add import AddScreen, Preview, Wanted
from tiwtui.ui.screens.confirm import ConfirmScreen, LineScreen
from tiwtui.ui.screens.drawing import DrawnScreen
from tiwtui.ui.watching import Watching
from tiwtui.watch.failure import StoreFailed
from tiwtui.watch.pacing import next_step
from tiwtui.watch.standing import Mode
from tiwtui.words import age_text, number_text, safe, task_name

ASKS_OVER_S = 10.0
"""Checking so much of the budget's time at one key asks first."""

Copier = Callable[[str], Awaitable[Copied | TooLong | NoRoute]]
Severity = Literal["information", "warning", "error"]
T = TypeVar("T")

_APP = attrgetter("sdk_app_id")
_FEW_MARKS = 500
"""Looking for more, one by one, takes longer than looking at all lines of a long list."""


class TaskScreen(DrawnScreen, inherit_bindings=False):
    """A screen with a selected task, marks, and the actions on them."""

    selected: var[TaskRef | None] = var(None, init=False)
    marks: var[frozenset[TaskRef]] = var(frozenset, init=False)
    saving: var[frozenset[TaskRef]] = var(frozenset, init=False)
    keys: Keys = DEFAULT_KEYS
    """The keys of all commands, for sentences that name one."""

    def __init__(self, session: Watching, copier: Copier, view: View) -> None:
        super().__init__()
        self.session = session
        self.chosen_app = session.target.sdk_app_id
        self._apps: frozenset[int] = frozenset()
        self._apps_of = -1
        self._marks_counted: tuple[frozenset[TaskRef], int, int] = (frozenset(), -1, 0)
        self._copier = copier
        self._removed: list[tuple[TaskRef, ...]] = []
        self.watched = view
        """The view of the watch list."""
        self.view = view
        """The view that is shown: that of the watch list, or one of the removed tasks."""

    @property
    def shows_removed(self) -> bool:
        """Whether the tasks that are shown are removed ones."""
        return self.view is not self.watched

    @property
    def shown_tasks(self) -> Mapping[TaskRef, Task]:
        """The tasks that can be shown and acted on: the watched ones, or the removed in their place."""
        return self.view.tasks if self.shows_removed else self.session.tasks

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

    def say(self, text: str, severity: Severity = "information") -> None:
        """Tell the user something in passing."""
        self.notify(safe(text), severity=severity, markup=False)

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

    # Which tasks are meant

    def meant(self) -> list[TaskRef]:
        """Return the marked tasks that are shown, or without marks the selected one."""
        tasks = self.shown_tasks
        if not self.marks:
            return [self.selected] if self.selected is not None and self.selected in tasks else []
        if len(self.marks) > _FEW_MARKS:
            return [ref for ref in self.view.refs() if ref in self.marks and ref in tasks]
        places = ((self.view.index_of(ref), ref) for ref in self.marks if ref in tasks)
        return [ref for _place, ref in sorted((place, ref) for place, ref in places if place is not None)]

    @property
    def shown_marks(self) -> int:
        """How many marked tasks are shown; counted anew where marks changed or lines came or went."""
        marks, turnover, _count = self._marks_counted
        if marks is not self.marks or turnover != self.view.turnover:
            count = len(self.meant()) if self.marks else 0
            self._marks_counted = (self.marks, self.view.turnover, count)
        return self._marks_counted[2]

    def counted(self, refs: Iterable[TaskRef]) -> str:
        """Return how a message names tasks: one by its name, several by their number and the hidden ones."""
        told = list(refs)
        if len(told) == 1 and not self.marks:
            return task_name(self.shown_tasks[told[0]])
        hidden = len(self.marks) - len(told)
        text = ngettext("{n} task", "{n} tasks", len(told)).format(n=len(told))
        return _("{tasks} ({n} marked ones hidden)").format(tasks=text, n=hidden) if hidden > 0 else text

    def refuses(self, refs: Iterable[TaskRef]) -> bool:
        """Say of removed tasks that they can only be brought back; whether that is what is meant."""
        count = len(list(refs))
        if self.shows_removed and count:
            told = ngettext(
                "it was removed; {key} brings it back", "they were removed; {key} brings them back", count
            )
            self.say(told.format(key=self.keys.word("undo")), "warning")
        return self.shows_removed

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
            told.append(_("{n} relabelled").format(n=len(added.relabelled)))
        self.say(", ".join(told))
        for ref in (*added.new[:1], *added.known[:1]):
            self.go_to(ref)
            break

    @work
    async def action_label(self) -> None:
        """Give the selected task, or all marked ones, a label."""
        refs = self.meant()
        if not refs or self.refuses(refs):
            return
        text = safe(self.session.tasks[refs[0]].label)
        title = _("Label of {tasks}").format(tasks=safe(self.counted(refs)))
        fault = ""
        while True:
            screen = LineScreen(title, text, _("enter saves, esc cancels"), fault=fault)
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

    @work
    async def action_remove(self) -> None:
        """Take tasks off the watch list: one at once, several after asking."""
        refs = self.meant()
        if not refs or self.refuses(refs):
            return
        told = self.counted(refs)
        if len(refs) > 1:
            question = _("Remove {tasks} from the watch list?").format(tasks=told)
            if not await self.app.push_screen_wait(ConfirmScreen(question, _("Remove"))):
                return
        try:
            removed = await self.kept(refs, self.session.remove(refs))
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return
        if removed:
            self._removed.append(removed)
            # Not left to the news, which come four times a second: the next key is for the next task.
            self.follow(frozenset(removed))
            self.marks = self.marks - frozenset(removed)
            text = ngettext(
                "{tasks} removed; {key} brings it back",
                "{tasks} removed; {key} brings them back",
                len(removed),
            )
            self.say(text.format(tasks=told, key=self.keys.word("undo")))

    @work(exclusive=True, group="undo")
    async def action_undo(self) -> None:
        """Bring back what was removed last, or of removed tasks that are shown those that are meant."""
        refs = tuple(self.meant()) if self.shows_removed else self._removed[-1] if self._removed else ()
        if not refs:
            self.say(_("nothing to bring back"))
            return
        try:
            restored = await self.kept(refs, self.session.restore(refs))
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return
        # What is back is not brought back once more; nor is what another process brought back meanwhile.
        left = (tuple(ref for ref in gone if ref not in refs) for gone in self._removed)
        self._removed = [gone for gone in left if gone]
        if restored:
            self.say(ngettext("{n} task back", "{n} tasks back", len(restored)).format(n=len(restored)))

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
        refs = self.meant()
        if not self.refuses(refs):
            await self._hurry(refs)

    @work
    async def action_check_shown(self) -> None:
        """Have all shown active tasks checked now."""
        tasks = self.shown_tasks
        refs = [ref for ref in self.view.refs() if ref in tasks and tasks[ref].phase.is_active]
        if not self.refuses(refs):
            await self._hurry(refs)

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
            self.say(_("checking {tasks} now").format(tasks=self.counted(refs)))

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
        self.session.set_budget(next_step(self.session.standing().budget, by))
        self.refresh_standing()

    def refresh_standing(self) -> None:
        """Show anew how the watching stands."""

    def task_of(self, ref: TaskRef | None) -> Task | None:
        """Return a task of the list that is shown, if it is still there."""
        return None if ref is None else self.shown_tasks.get(ref)
