"""`tiwtui wait` and `watch`: the engine without the screen, until tasks have settled or for good.

Beside a running screen these send no checks of their own: whichever process holds the lease sends for all.
"""

import sys
from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

import click

from tiwtui.cli.exits import Exit, first, of_task, of_trouble
from tiwtui.cli.forms import Form, form_options
from tiwtui.cli.options import settings_of

if TYPE_CHECKING:
    from tiwtui.session import Session
    from tiwtui.settings import Settings
    from tiwtui.tasks import Task, TaskRef, Trouble

GIVES_UP_AFTER_S = 30.0
"""How long nothing but refusals that a person must lift may be left before `wait` ends."""


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--all", "is_all", is_flag=True, help=_("All tasks on the watch list."))
@click.option("--filter", "query", metavar="QUERY", help=_("Tasks on the watch list that match."))
@click.option(
    "--timeout", type=click.FloatRange(min=0), metavar="S", help=_("Give up after so many seconds.")
)
@form_options
@click.pass_context
def wait(
    context: click.Context,
    ids: tuple[str, ...],
    is_all: bool,
    query: str | None,
    timeout: float | None,
    form: Form,
) -> None:
    """Wait until all tasks have settled, and print them. IDs given join the watch list.

    Progress is told on standard error; --jsonl prints each task as it settles.

    Exit codes: 0 all ready; 1 some failed, empty or not found; 2 usage or configuration; 4 credentials,
    permission or application; 124 timeout; 130 interrupted.
    """
    import asyncio

    if not ids and not is_all and query is None:
        raise click.UsageError(_("wait for which tasks? Give ids, --filter or --all"))
    context.exit(asyncio.run(_wait(settings_of(context), ids, query, timeout, form)))


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--filter", "query", metavar="QUERY", help=_("Tasks on the watch list that match."))
@form_options
@click.pass_context
def watch(context: click.Context, ids: tuple[str, ...], query: str | None, form: Form) -> None:
    """Print every change of the tasks as it comes, until interrupted. IDs given join the watch list.

    Without ids all tasks on the list are watched, also those that join later.
    """
    import asyncio

    context.exit(asyncio.run(_watch(settings_of(context), ids, query, form)))


async def _wait(
    settings: "Settings", ids: Sequence[str], query: str | None, limit_s: float | None, form: Form
) -> Exit:
    from tiwtui.cli.engine import running
    from tiwtui.cli.printing import Printer

    async with running(settings, ids) as engine:
        session, clock, changed = engine.session, engine.clock, engine.changed
        refs = engine.chosen(query)
        printer = Printer(form)
        waiting = _Waiting(session, refs, clock.monotonic())
        ends_at = None if limit_s is None else clock.monotonic() + limit_s
        exits: list[Exit] = []
        try:
            while True:
                changed.clear()
                for ref in waiting.newly_settled():
                    if form is Form.JSONL:
                        printer.take(session.tasks[ref], await session.details(ref))
                if not waiting.left:
                    break
                now = clock.monotonic()
                gives_up_at = waiting.gives_up_at(now)
                if gives_up_at is not None and now >= gives_up_at:
                    break
                if ends_at is not None and now >= ends_at:
                    exits.append(Exit.TIMEOUT)
                    break
                waiting.tell()
                moments = [at for at in (gives_up_at, ends_at, now + 1.0) if at is not None]
                await clock.wait(changed, min(moments))
        finally:
            waiting.tell_end()
            # What is known is printed whatever ended the wait: a script that timed out still gets its JSON.
            for ref in refs:
                if ref in session.tasks and (form is not Form.JSONL or ref in waiting.left):
                    printer.take(session.tasks[ref], await session.details(ref))
            printer.close()
        exits += [waiting.exit_of(ref) for ref in refs if ref in session.tasks]
        if Exit.TIMEOUT in exits:
            # What has not settled when the time is up is the time-out's, not an answer of its own.
            exits = [code for code in exits if code not in (Exit.ACTIVE, Exit.NO_ANSWER)]
    return first(exits)


async def _watch(settings: "Settings", ids: Sequence[str], query: str | None, form: Form) -> Exit:
    from tiwtui.cli.engine import running
    from tiwtui.cli.printing import Printer

    async with running(settings, ids) as engine:
        session = engine.session
        printer = Printer(form, is_endless=True)
        shown: dict[TaskRef, object] = {}
        try:
            while True:
                engine.changed.clear()
                for ref in engine.chosen(query):
                    task = session.tasks[ref]
                    news = _news(task)
                    if shown.get(ref) != news:
                        shown[ref] = news
                        printer.take(task, await session.details(ref))
                await engine.clock.wait(engine.changed, None)
        finally:
            printer.close()


def _news(task: "Task") -> object:
    """Return what of a task counts as a change: not that it was checked once more."""
    trouble = None if task.trouble is None else (task.trouble.kind, task.trouble.code)
    return task.phase, task.status, task.video_count, task.label, task.error, trouble


class _Waiting:
    """Which tasks are waited for, and what is said of it on standard error."""

    def __init__(self, session: "Session", refs: "Sequence[TaskRef]", now: float) -> None:
        self._session = session
        self._refs = refs
        self._blocked_since: float | None = None
        self._began = now
        self._told = ""
        self.left = dict.fromkeys(refs)

    def newly_settled(self) -> "list[TaskRef]":
        """Return the tasks that have settled, or were removed, since the last call."""
        gone = [ref for ref in self.left if ref not in self._session.tasks]
        settled = [ref for ref in self.left if self._session.has_settled(ref)]
        for ref in (*gone, *settled):
            del self.left[ref]
        return settled

    def gives_up_at(self, now: float) -> float | None:
        """Return when waiting ends because a person is needed, if nothing else is left to wait for."""
        if not all(self._blocked_by(ref) for ref in self.left):
            self._blocked_since = None
            return None
        if self._blocked_since is None:
            self._blocked_since = now
        return self._blocked_since + GIVES_UP_AFTER_S

    def exit_of(self, ref: "TaskRef") -> Exit:
        """Return what a task means for the exit code; one that was kept from being asked, for why."""
        task = self._session.tasks[ref]
        trouble = self._blocked_by(ref) if ref in self.left else None
        return of_task(task) if trouble is None else of_trouble(trouble)

    def tell(self) -> None:
        """Say how many are left and what stands in the way, where that is news."""
        from tiwtui.words import safe

        settled = len(self._refs) - len(self.left)
        text = _("{settled} of {all} settled").format(settled=settled, all=len(self._refs))
        trouble = self._session.standing().trouble
        if trouble is not None:
            text += f" · {safe(trouble.code)} {safe(trouble.message)}"
        if text != self._told:
            self._told = text
            is_terminal = sys.stderr is not None and sys.stderr.isatty()
            click.echo(f"\r\x1b[K{text}" if is_terminal else text, err=True, nl=not is_terminal)

    def tell_end(self) -> None:
        """End the line that `tell` writes over."""
        if self._told and sys.stderr is not None and sys.stderr.isatty():
            click.echo(err=True)

    def _blocked_by(self, ref: "TaskRef") -> "Trouble | None":
        standing, task = self._session.standing(), self._session.tasks[ref]
        troubles = [task.trouble, standing.trouble]
        if ref.sdk_app_id in standing.halted_apps:
            troubles += [
                other.trouble
                for other in self._session.tasks.values()
                if other.ref.sdk_app_id == ref.sdk_app_id and other.trouble is not None
            ][:1]
        return next((each for each in troubles if each is not None and _needs_a_person(each)), None)


def _needs_a_person(trouble: "Trouble") -> bool:
    return of_trouble(trouble) in (Exit.REFUSED, Exit.USAGE)
