"""Copying: URLs by one key, every other format by a dialog, and a sheet where no clipboard is reached."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import assert_never

import msgspec

from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.listing.notes import is_probably_deleted
from tiwtui.model import Details, Task, TaskRef
from tiwtui.process.gc_pause import without_collecting
from tiwtui.results.clipboard import Copied, Copier
from tiwtui.results.copy_formats import (
    Choice,
    Format,
    Formatted,
    Formatting,
    beginning,
    formatted_in_slices,
    forms_for,
    kinds_of,
)
from tiwtui.sanitize import safe
from tiwtui.session import Session
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.detail.raw_tab import answer_text
from tiwtui.ui.jobs import Jobs, served
from tiwtui.ui.main.list_controller import ListController
from tiwtui.ui.main.notifier import Notifier
from tiwtui.ui.main.selection import Selection
from tiwtui.ui.main.split_layout import SplitLayout
from tiwtui.ui.main.view_state import CurrentState
from tiwtui.ui.undo_stack import Handled, UndoStack

_READ_AT_ONCE = 1000
"""Of how many tasks the videos are read at once."""

Items = list[tuple[Task, Details]]
Copying = Callable[[Items, int | None, int], Awaitable[None]]
"""Copies tasks, of one perhaps the video at a place; the last argument is how many marked ones are hidden."""


class CopyActions:
    """The actions that hand out URLs, ids and whole tasks."""

    def __init__(
        self,
        session: Session,
        state: CurrentState,
        selection: Selection,
        tasks: ListController,
        layout: SplitLayout,
        copier: Copier,
        jobs: Jobs,
        notifier: Notifier,
        glyphs: Glyphs,
        undo_stack: UndoStack,
    ) -> None:
        self._session = session
        self._state = state
        self._selection = selection
        self._tasks = tasks
        self._layout = layout
        self._copier = copier
        self._jobs = jobs
        self._notifier = notifier
        self._glyphs = glyphs
        self._undo_stack = undo_stack

    # The keys

    def copy_urls(self) -> None:
        """Copy the URLs of the targets; in the detail that of the selected video."""
        self._run(self._copy_urls, self._targets(), self._layout.video)

    def copy_nth(self, number: int) -> None:
        """Copy the URL of the n-th video of the task under the cursor."""
        ref = self._selection.cursor.value
        self._run(self._copy_urls, [ref] if ref else [], number - 1)

    def copy_answer(self) -> None:
        """Copy the last answer about the task under the cursor."""
        if ref := self._selection.cursor.value:
            self._jobs.run(self._copy_answer, ref, group="copy")

    def copy_sheet(self) -> None:
        """Show the URLs of the targets whole, for the terminal's own selection."""
        self._run(self._show_urls, self._targets(), self._layout.video)

    def copy_as(self) -> None:
        """Copy the targets in a format that is asked for."""
        self._run(self._copy_as, self._targets(), self._layout.video)

    def copy_ids(self) -> None:
        """Copy the ids of the targets, as a person writes them."""
        refs, hidden = self._selection.targets_or_notify(), self._selection.hidden_marks
        ids = [ref.written(self._tasks.default_app) for ref in refs]
        if ids:
            what, left_out = _copied_count(Format.ID, len(ids)), _left_out((), hidden)
            self._jobs.run(self._copy, "\n".join(ids), what, left_out, group="copy")

    def _targets(self) -> list[TaskRef]:
        """Return what is copied: the task of the selected video where there is one, else the targets."""
        ref = self._selection.cursor.value
        if self._layout.video is not None and ref is not None:
            return [ref]
        return self._selection.targets_or_notify()

    # What is copied

    def _run(self, copy: Copying, refs: list[TaskRef], place: int | None) -> None:
        if refs:
            self._jobs.run(self._read_and, copy, refs, place, group="copy")

    async def _read_and(self, copy: Copying, refs: list[TaskRef], place: int | None) -> None:
        """Copy tasks with their details, or of their videos the one at a place."""
        hidden = self._selection.hidden_marks if place is None else 0
        items: Items = []
        try:
            for begin in range(0, len(refs), _READ_AT_ONCE):
                read = refs[begin : begin + _READ_AT_ONCE]
                videos_of = await self._session.videos_of(read)
                for ref in read:
                    videos = videos_of.get(ref, ())
                    if place is not None:
                        videos = videos[place : place + 1]
                    if (task := self._tasks.task(ref)) is not None:
                        items.append((task, Details(videos)))
        except StoreFailed as failure:
            self._notifier.say(str(failure), "error")
            return
        await copy(items, place, hidden)

    async def _formatted(self, items: Items, choice: Choice, place: int | None) -> Formatted:
        """Return tasks in a format, serving keys meanwhile."""
        # What is made meanwhile has no cycles to look for.
        with without_collecting():
            return await served(formatted_in_slices(self._formatting(items, choice, place), items))

    def _formatting(self, items: Items, choice: Choice, place: int | None) -> Formatting:
        """Return how to format tasks; a video that is selected itself also where it is no longer listed."""
        kinds = frozenset(kinds_of(items)) - choice.left_out if choice.left_out else None
        return Formatting(
            choice.form,
            kinds=kinds,
            default_app=self._tasks.default_app,
            host=self._session.target.host,
            has_unlisted=place is not None,
        )

    async def _copy_urls(self, items: Items, place: int | None, hidden: int) -> None:
        """Copy all URLs and say how many went by which route."""
        copied = await self._formatted(items, Choice(), place)
        self._say_refused(copied)
        if not copied.text:
            self._notifier.say(_no_url(items, place, copied), "warning")
            return
        left_out = _sentences(_left_out(items, hidden), self._deleted(copied))
        await self._copy(copied.text, _copied_count(Format.URL, copied.count), left_out)
        await self._note_taken(copied.taken)

    async def _show_urls(self, items: Items, place: int | None, _hidden: int) -> None:
        from tiwtui.ui.dialogs.copy_sheet import CopySheet

        copied = await self._formatted(items, Choice(), place)
        if not copied.text:
            self._notifier.say(_no_url(items, place, copied), "warning")
            return
        if deleted := self._deleted(copied):
            self._notifier.say(deleted, "warning")
        await self._jobs.ask(CopySheet(copied.text, _copied_count(Format.URL, copied.count)))
        await self._note_taken(copied.taken)

    async def _copy_as(self, items: Items, place: int | None, hidden: int) -> None:
        choice = await self._ask_format(items, place) if items else None
        if choice is None:
            return
        copied = await self._formatted(items, choice, place)
        self._say_refused(copied)
        if not copied.text:
            self._notifier.say(_("nothing to copy"), "warning")
            return
        lacking = items if choice.form in (Format.URL, Format.CHAT) else ()
        left_out = _sentences(_left_out(lacking, hidden), self._deleted(copied))
        await self._copy(copied.text, _copied_count(choice.form, copied.count), left_out)
        await self._note_taken(copied.taken)

    async def _ask_format(self, items: Items, place: int | None) -> Choice | None:
        """Ask for a format. It is remembered, unless it is the ticket and that was offered first."""
        from tiwtui.ui.dialogs.copy_as import CopyAsScreen

        named = self._selection.describe(task.ref for task, _details in items)
        forms, offered = forms_for(items), self._state.value.copy_choice
        is_ticket_first = forms[0] is Format.TICKET
        if is_ticket_first:
            offered = msgspec.structs.replace(offered, form=Format.TICKET)
        choice = await self._jobs.ask(
            CopyAsScreen(
                _("Copy {tasks} as").format(tasks=safe(named)),
                offered,
                forms,
                kinds_of(items),
                lambda choice: beginning(self._formatting(items, choice, place), items),
                self._glyphs,
            )
        )
        if choice is not None and not (is_ticket_first and choice.form is Format.TICKET):
            self._state.change(copy_choice=choice)
        return choice

    # Where it goes

    async def _copy_answer(self, ref: TaskRef) -> None:
        try:
            text = answer_text(await self._session.details(ref))
        except StoreFailed as failure:
            self._notifier.say(str(failure), "error")
            return
        if text:
            await self._copy(text, _("the answer"), "")
        else:
            self._notifier.say(_("nothing to copy"), "warning")

    async def _copy(self, text: str, what: str, left_out: str) -> None:
        """Send a text to the clipboard, or show it whole, and say what was left out of it."""
        from tiwtui.ui.dialogs.copy_sheet import CopySheet

        outcome = await self._copier(text)
        if isinstance(outcome, Copied):
            self._notifier.say(f"{what} {outcome.claim}{left_out and f'. {left_out}'}")
        else:
            if left_out:
                self._notifier.say(left_out, "warning")
            await asyncio.sleep(0)
            await self._jobs.ask(CopySheet(text, f"{what}: {outcome.reason}"))

    def _deleted(self, copied: Formatted) -> str:
        """Return that files of which URLs were copied are probably deleted."""
        tasks = [task for ref in copied.taken if (task := self._tasks.task(ref)) is not None]
        dead = sum(is_probably_deleted(task, self._tasks.moment) for task in tasks)
        if not dead:
            return ""
        if len(tasks) == 1:
            return _("Its files are probably deleted.")
        text = ngettext(
            "The files of {n} task are probably deleted.",
            "The files of {n} tasks are probably deleted.",
            dead,
        )
        return text.format(n=dead)

    def _say_refused(self, copied: Formatted) -> None:
        if copied.refused:
            self._notifier.say(_("URL refused: {reason}").format(reason=copied.refused[0]), "error")

    async def _note_taken(self, videos: Mapping[TaskRef, tuple[str, ...]]) -> None:
        # A task may have gone while a dialog was open, and a removed one is nobody's to hand out.
        videos = {ref: keys for ref, keys in videos.items() if ref in self._session.tasks}
        if not videos:
            return
        handling, named = self._session.handling, self._selection.describe(videos)
        try:
            copies = await handling.take(videos)
        except StoreFailed as failure:
            text = _("copied, but that could not be noted: {reason}").format(reason=failure)
            self._notifier.say(text, "error")
            return

        async def take_back() -> str:
            await handling.untake(copies)
            if any((task := self._tasks.task(ref)) and task.taken_at for ref in videos):
                words = _("{tasks} still noted as copied, from before")
            else:
                words = _("{tasks} no longer noted as copied")
            return words.format(tasks=named)

        self._undo_stack.push(Handled(tuple(videos), self._session.wall(), take_back))


def _sentences(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _no_url(items: Items, place: int | None, copied: Formatted) -> str:
    """Return why there is nothing to copy."""
    if copied.refused:
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


def _copied_count(form: Format, n: int) -> str:
    """Return how many of what was copied."""
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
    parts = []
    if without:
        parts.append(
            ngettext("{n} task has no video.", "{n} tasks have no video.", without).format(n=without)
        )
    if hidden:
        parts.append(
            ngettext("{n} marked one is hidden.", "{n} marked ones are hidden.", hidden).format(n=hidden)
        )
    return " ".join(parts)
