"""Copying: URLs at one key, every other form by a dialog, and the sheet where no clipboard is reached."""

import asyncio
from collections.abc import Sequence

from textual import work
from textual.reactive import var

from tiwtui.catalog import _, ngettext
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.results.clipboard import Copied
from tiwtui.results.formats import Format, Formatted, formatted, kinds_of
from tiwtui.tasks import Details, Task, TaskRef
from tiwtui.ui.screens.copy_as import Choice, CopyAsScreen
from tiwtui.ui.screens.sheet import CopySheet
from tiwtui.ui.screens.tasks import TaskScreen
from tiwtui.watch.failure import StoreFailed
from tiwtui.words import safe

Items = list[tuple[Task, Details]]


class CopyingScreen(TaskScreen):
    """A screen whose tasks can be copied; `copy_choice` is the form that was chosen last."""

    copy_choice: var[Choice] = var(Choice(), init=False)
    glyphs: Glyphs = UNICODE_GLYPHS

    # What is copied

    async def _items(self, refs: Sequence[TaskRef], place: int | None = None) -> Items:
        """Return tasks with what is kept of them, or of their videos the one at a place."""
        items: Items = []
        for ref in refs:
            task = self.task_of(ref)
            if task is None:
                continue
            details = await self.session.details(ref)
            if place is not None:
                details = Details(videos=details.videos[place : place + 1])
            items.append((task, details))
        return items

    def _formatted(self, items: Items, choice: Choice) -> Formatted:
        kinds = frozenset(kinds_of(items)) - choice.left_out if choice.left_out else None
        host = self.session.target.host
        return formatted(choice.form, items, kinds=kinds, default_app=self.default_app, host=host)

    # The keys

    def action_copy(self) -> None:
        """Copy the URLs of the selected or marked tasks; in the detail that of the selected video."""
        self.copy_urls(self.meant(), self.place)

    def action_copy_nth(self, number: int) -> None:
        """Copy the URL of the selected task's n-th video."""
        self.copy_urls([self.selected] if self.selected else [], number - 1)

    @work(exclusive=True, group="copy")
    async def copy_urls(self, refs: list[TaskRef], place: int | None = None) -> None:
        """Copy all URLs of tasks, or of one the URL at a place, and say how many went by which route."""
        try:
            items = await self._items(refs, place)
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return
        told = self._formatted(items, Choice())
        if told.refused:
            self.say(_("URL refused: {reason}").format(reason=told.refused[0]), "error")
        if not told.text:
            self.say(self._no_url(refs, place), "warning")
            return
        count = ngettext("{n} URL", "{n} URLs", told.count).format(n=told.count)
        without = sum(not details.videos for _task, details in items)
        if without:
            lacking = ngettext("{n} task without video", "{n} tasks without video", without).format(n=without)
            count = f"{count}, {lacking}"
        await self._copy(told.text, count)
        await self._note_taken(told.taken)

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

    @work(exclusive=True, group="copy")
    async def action_copy_as(self) -> None:
        """Copy the selected or marked tasks in a form that is asked for."""
        told = await self._chosen_form()
        if told is None:
            return
        if told.refused:
            self.say(_("URL refused: {reason}").format(reason=told.refused[0]), "error")
        if not told.text:
            self.say(_("nothing to copy"), "warning")
            return
        await self._copy(told.text, _copied_count(self.copy_choice.form, told.count))
        await self._note_taken(told.taken)

    async def _chosen_form(self) -> Formatted | None:
        """Ask for a form; return what it makes of the tasks."""
        refs = self.meant()
        try:
            items = await self._items(refs, self.place)
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return None
        if not items:
            return None
        title = _("Copy {tasks} as").format(tasks=safe(self.counted(refs)))
        kinds = kinds_of(items)
        screen = CopyAsScreen(
            title, self.copy_choice, kinds, lambda choice: self._formatted(items, choice), self.glyphs
        )
        choice: Choice | None = await self.app.push_screen_wait(screen)
        if choice is None:
            return None
        self.copy_choice = choice
        return self._formatted(items, choice)

    @work(exclusive=True, group="copy")
    async def action_copy_sheet(self) -> None:
        """Show the URLs of the selected or marked tasks whole, for the terminal's own selection."""
        refs = self.meant()
        try:
            items = await self._items(refs, self.place)
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return
        told = self._formatted(items, Choice())
        if not told.text:
            self.say(self._no_url(refs, self.place), "warning")
            return
        head = ngettext("{n} URL", "{n} URLs", told.count).format(n=told.count)
        await self._show_sheet(told.text, head)
        await self._note_taken(told.taken)

    # The ways out

    async def _copy(self, text: str, what: str) -> None:
        """Send a text to the clipboard, or show it whole."""
        outcome = await self._copier(text)
        if isinstance(outcome, Copied):
            self.say(f"{what} {outcome.claim}")
        else:
            await asyncio.sleep(0)
            await self._show_sheet(text, f"{what}: {outcome.reason}")

    async def _show_sheet(self, text: str, head: str) -> None:
        await self.app.push_screen_wait(CopySheet(text, head))

    async def _note_taken(self, refs: tuple[TaskRef, ...]) -> None:
        if not refs:
            return
        try:
            await self.session.mark_taken(refs)
        except StoreFailed as failure:
            self.say(_("copied, but not noted as taken: {reason}").format(reason=failure), "error")


def _copied_count(form: Format, n: int) -> str:
    """Return how many of what a form holds."""
    match form:
        case Format.URL:
            return ngettext("{n} URL", "{n} URLs", n).format(n=n)
        case Format.ID:
            return ngettext("{n} id", "{n} ids", n).format(n=n)
        case Format.JSON | Format.TICKET:
            return ngettext("{n} task", "{n} tasks", n).format(n=n)
        case Format.CHAT | Format.CELLS | Format.CSV:
            return ngettext("{n} line", "{n} lines", n).format(n=n)
