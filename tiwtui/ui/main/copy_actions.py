"""Copying: URLs at one key, every other form by a dialog, and the sheet where no clipboard is reached."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from textual import work
from textual.reactive import var

from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.model import Details, Task, TaskRef
from tiwtui.results.clipboard import Copied
from tiwtui.results.copy_formats import Format, Formatted, formatted, forms_for, kinds_of
from tiwtui.sanitize import safe
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.dialogs.copy_as import Choice, CopyAsScreen
from tiwtui.ui.dialogs.copy_sheet import CopySheet
from tiwtui.ui.main.check_actions import TaskScreen

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

    def _formatted(self, items: Items, choice: Choice, place: int | None) -> Formatted:
        """Return tasks in a form; a video that is selected itself also where it is no longer listed."""
        kinds = frozenset(kinds_of(items)) - choice.left_out if choice.left_out else None
        host = self.session.target.host
        return formatted(
            choice.form,
            items,
            kinds=kinds,
            default_app=self.default_app,
            host=host,
            has_unlisted=place is not None,
        )

    # The keys

    def _to_copy(self) -> list[TaskRef]:
        """Return the tasks that are meant: where one video is selected its task, whatever is marked."""
        if self.place is not None and self.selected is not None:
            return [self.selected]
        return self.meant_aloud()

    def action_copy(self) -> None:
        """Copy the URLs of the selected or marked tasks; in the detail that of the selected video."""
        self.copy_urls(self._to_copy(), self.place)

    def action_copy_nth(self, number: int) -> None:
        """Copy the URL of the selected task's n-th video."""
        self.copy_urls([self.selected] if self.selected else [], number - 1)

    @work(exclusive=True, group="copy")
    async def copy_urls(self, refs: list[TaskRef], place: int | None = None) -> None:
        """Copy all URLs of tasks, or of one the URL at a place, and say how many went by which route."""
        if not refs:
            return
        hidden = self.hidden_marks if place is None else 0
        try:
            items = await self._items(refs, place)
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return
        told = self._formatted(items, Choice(), place)
        if told.refused:
            self.say(_("URL refused: {reason}").format(reason=told.refused[0]), "error")
        if not told.text:
            self.say(self._no_url(items, place, told), "warning")
            return
        await self._copy(told.text, _copied_count(Format.URL, told.count), _left_out(items, hidden))
        await self._note_taken(told.taken)

    def _no_url(self, items: Items, place: int | None, told: Formatted) -> str:
        """Return why there is nothing to copy."""
        if told.refused:
            return _("nothing copied")
        if len(items) != 1:
            text = ngettext(
                "no video in {n} task; nothing copied", "no videos in {n} tasks; nothing copied", len(items)
            )
            return text.format(n=len(items))
        task = items[0][0]
        if place is not None and task.video_count:
            return _("there is no video {n}").format(n=place + 1)
        if task.phase.is_active:
            return _("no video yet; nothing copied")
        return _("no video; nothing copied")

    @work(exclusive=True, group="copy")
    async def action_copy_id(self) -> None:
        """Copy the ids of the selected or marked tasks, as a person writes them."""
        refs, hidden = self.meant_aloud(), self.hidden_marks
        if refs:
            ids = [ref.written(self.default_app) for ref in refs]
            await self._copy("\n".join(ids), _copied_count(Format.ID, len(ids)), _left_out((), hidden))

    @work(exclusive=True, group="copy")
    async def action_copy_as(self) -> None:
        """Copy the selected or marked tasks in a form that is asked for."""
        refs, hidden = self._to_copy(), 0 if self.place is not None else self.hidden_marks
        try:
            items = await self._items(refs, self.place)
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return
        choice = await self._chosen_form(refs, items) if items else None
        if choice is None:
            return
        told = self._formatted(items, choice, self.place)
        if told.refused:
            self.say(_("URL refused: {reason}").format(reason=told.refused[0]), "error")
        if not told.text:
            self.say(_("nothing to copy"), "warning")
            return
        form = choice.form
        lacking = items if form in (Format.URL, Format.CHAT) else ()
        await self._copy(told.text, _copied_count(form, told.count), _left_out(lacking, hidden))
        await self._note_taken(told.taken)

    async def _chosen_form(self, refs: list[TaskRef], items: Items) -> Choice | None:
        """Ask for a form. It is remembered, unless it is the ticket and that was offered first."""
        title = _("Copy {tasks} as").format(tasks=safe(self.counted(refs)))
        forms = forms_for(items)
        is_ticket_first = forms[0] is Format.TICKET
        offered = replace(self.copy_choice, form=Format.TICKET) if is_ticket_first else self.copy_choice
        screen = CopyAsScreen(
            title,
            offered,
            forms,
            kinds_of(items),
            lambda choice: self._formatted(items, choice, self.place),
            self.glyphs,
        )
        choice: Choice | None = await self.app.push_screen_wait(screen)
        if choice is not None and not (is_ticket_first and choice.form is Format.TICKET):
            self.copy_choice = choice
        return choice

    @work(exclusive=True, group="copy")
    async def action_copy_sheet(self) -> None:
        """Show the URLs of the selected or marked tasks whole, for the terminal's own selection."""
        refs = self._to_copy()
        if not refs:
            return
        try:
            items = await self._items(refs, self.place)
        except StoreFailed as failure:
            self.say(str(failure), "error")
            return
        told = self._formatted(items, Choice(), self.place)
        if not told.text:
            self.say(self._no_url(items, self.place, told), "warning")
            return
        await self._show_sheet(told.text, _copied_count(Format.URL, told.count))
        await self._note_taken(told.taken)

    # The ways out

    async def _copy(self, text: str, what: str, left_out: str) -> None:
        """Send a text to the clipboard, or show it whole, and say what was left out of it."""
        outcome = await self._copier(text)
        if isinstance(outcome, Copied):
            self.say(f"{what} {outcome.claim}{left_out and f'. {left_out}'}")
        else:
            if left_out:
                self.say(left_out, "warning")
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
        case Format.CHAT:
            return ngettext("{n} chat line", "{n} chat lines", n).format(n=n)
        case Format.CELLS:
            return ngettext("{n} spreadsheet row", "{n} spreadsheet rows", n).format(n=n)
        case Format.TICKET:
            return ngettext("{n} ticket", "{n} tickets", n).format(n=n)
        case Format.JSON:
            return ngettext("{n} task as JSON", "{n} tasks as JSON", n).format(n=n)
        case Format.CSV:
            return ngettext("{n} row of CSV", "{n} rows of CSV", n).format(n=n)
        case _ as unreachable:
            assert_never(unreachable)


def _left_out(items: Iterable[tuple[Task, Details]], hidden: int) -> str:
    """Return which tasks a copy holds nothing of: those without a video, and marked ones that are hidden."""
    without = sum(not details.videos for _task, details in items)
    told = []
    if without:
        told.append(ngettext("{n} task has no video.", "{n} tasks have no video.", without).format(n=without))
    if hidden:
        told.append(
            ngettext("{n} marked one is hidden.", "{n} marked ones are hidden.", hidden).format(n=hidden)
        )
    return " ".join(told)
