"""`tiwtui wait` and `watch`: the engine without the screen, until tasks have settled or for good.

Beside a running screen these send no checks of their own: whichever process holds the lease sends for all.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tiwtui.cli.exit_codes import Exit, first, of_task, of_trouble
from tiwtui.cli.forms import Form, form_options
from tiwtui.cli.options import finite, settings_of
from tiwtui.i18n import _

if TYPE_CHECKING:
    from tiwtui.cli.task_args import Given
    from tiwtui.clock import Clock
    from tiwtui.config.settings import Settings
    from tiwtui.engine.status import Status
    from tiwtui.model import Task, TaskRef
    from tiwtui.session import Session

GIVES_UP_AFTER_S = 30.0
"""How long nothing but refusals that a person must lift may be left before `wait` ends."""


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--all", "is_all", is_flag=True, help=_("All tasks on the watch list."))
@click.option("--filter", "query", metavar="QUERY", help=_("Tasks on the watch list that match."))
@click.option("--timeout", type=float, callback=finite, metavar="S", help=_("Give up after so many seconds."))
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
    from tiwtui.cli.signals import run
    from tiwtui.cli.task_args import gathered

    if not ids and not is_all and query is None:
        raise click.UsageError(_("wait for which tasks? Give ids, --filter or --all"))
    context.exit(run(_wait(settings_of(context), gathered(ids), query, timeout, form)))


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--filter", "query", metavar="QUERY", help=_("Tasks on the watch list that match."))
@form_options
@click.pass_context
def watch(context: click.Context, ids: tuple[str, ...], query: str | None, form: Form) -> None:
    """Print every change of the tasks as it comes, until interrupted. IDs given join the watch list.

    Without ids all tasks on the list are watched, also those that join later.
    """
    from tiwtui.cli.signals import run
    from tiwtui.cli.task_args import gathered

    context.exit(run(_watch(settings_of(context), gathered(ids), query, form)))


async def _wait(
    settings: "Settings",
    ids: "Sequence[Given]",
    query: str | None,
    limit_s: float | None,
    form: Form,
    *,
    clock: "Clock | None" = None,
    gives_up_after_s: float = GIVES_UP_AFTER_S,
) -> Exit:
    from tiwtui.cli.live_session import running
    from tiwtui.cli.output import Adviser, Printer

    async with running(settings, ids, clock=clock) as engine:
        session, clock = engine.session, engine.clock
        refs = engine.chosen(query)
        printer = Printer(form)
        waiting = _Waiting(session, refs, gives_up_after_s)
        ends_at = None if limit_s is None else clock.monotonic() + limit_s
        exits: list[Exit] = []
        try:
            while True:
                for ref in waiting.newly_settled():
                    if form is Form.JSONL:
                        printer.take(session.tasks[ref], await session.details(ref))
                if not waiting.left:
                    break
                now = clock.monotonic()
                gives_up_at = waiting.gives_up_at(now)
                if gives_up_at is not None and now >= gives_up_at:
                    waiting.tell_obstacles()
                    break
                if ends_at is not None and now >= ends_at:
                    waiting.tell_obstacles()
                    exits.append(Exit.TIMEOUT)
                    break
                waiting.tell()
                moments = [at for at in (gives_up_at, ends_at, now + 1.0) if at is not None]
                await engine.changes(min(moments))
        finally:
            waiting.tell_end()
            # What is known is printed whatever ended the wait: a script that timed out still gets its JSON.
            for ref in refs:
                if ref in session.tasks and (form is not Form.JSONL or ref in waiting.left):
                    printer.take(session.tasks[ref], await session.details(ref))
            printer.close()
            Adviser().advise(*(session.tasks[ref].error for ref in refs if ref in session.tasks))
        exits += [waiting.exit_of(ref) for ref in refs]
    return first(exits)


async def _watch(
    settings: "Settings",
    ids: "Sequence[Given]",
    query: str | None,
    form: Form,
    *,
    clock: "Clock | None" = None,
) -> Exit:
    from tiwtui.cli.live_session import running
    from tiwtui.cli.output import Adviser, Printer
    from tiwtui.cli.task_args import matching

    async with running(settings, ids, clock=clock) as engine:
        session = engine.session
        printer, adviser = Printer(form, is_endless=True), Adviser()
        # A mistake in the filter is told now. What is known so far is what `list` prints, not a change.
        known = {ref: _news(session.tasks[ref]) for ref in engine.chosen(query)}
        try:
            while True:
                changes = await engine.changes(None)
                meant = changes if engine.refs is None else changes.intersection(engine.refs)
                for task in matching(tuple(meant), query, session.tasks):
                    news = _news(task)
                    if known.get(task.ref) != news:
                        known[task.ref] = news
                        printer.take(task, await session.details(task.ref))
                        adviser.advise(task.error, task.trouble)
        finally:
            printer.close()


def _news(task: "Task") -> object:
    """Return what of a task counts as a change: not that it was checked once more."""
    trouble = None if task.trouble is None else (task.trouble.kind, task.trouble.code)
    return task.phase, task.status, task.video_count, task.label, task.error, trouble


class _Waiting:
    """Which tasks are waited for, and what is said of it on standard error."""

    def __init__(self, session: "Session", refs: "Sequence[TaskRef]", gives_up_after_s: float) -> None:
        self._session = session
        self._refs = refs
        self._gives_up_after_s = gives_up_after_s
        self._blocked_since: float | None = None
        self._told = ""
        self.left = dict.fromkeys(refs)

    def newly_settled(self) -> "list[TaskRef]":
        """Return the tasks that have settled since the last call; those that were removed are left out."""
        gone = [ref for ref in self.left if ref not in self._session.tasks]
        settled = [ref for ref in self.left if self._session.has_settled(ref)]
        for ref in (*gone, *settled):
            del self.left[ref]
        for ref in gone:
            click.echo(_("{task} was taken off the watch list").format(task=ref), err=True)
        return settled

    def gives_up_at(self, now: float) -> float | None:
        """Return when waiting ends because a person is needed, if nothing else is left to wait for."""
        status = self._session.status()
        if any(self._obstacle(ref, status) is None for ref in self.left):
            self._blocked_since = None
            return None
        if self._blocked_since is None:
            self._blocked_since = now
        return self._blocked_since + self._gives_up_after_s

    def exit_of(self, ref: "TaskRef") -> Exit:
        """Return what a task means for the exit code; one that was kept from being asked, for why."""
        if ref not in self._session.tasks:
            # What nobody watches any more has not become ready.
            return Exit.NOT_READY
        obstacle = self._obstacle(ref, self._session.status()) if ref in self.left else None
        return of_task(self._session.tasks[ref]) if obstacle is None else obstacle

    def tell(self) -> None:
        """Say how many are left and what stands in the way, where that is news."""
        from tiwtui.engine.status import Mode
        from tiwtui.sanitize import safe

        settled = len(self._refs) - len(self.left)
        text = _("{settled} of {all} settled").format(settled=settled, all=len(self._refs))
        status = self._session.status()
        if status.mode is Mode.PAUSED:
            text += " · " + _("paused by {who}").format(who=safe(status.by))
        elif status.trouble is not None:
            why = (status.trouble.code, status.advice or status.trouble.message)
            text += " · " + " ".join(safe(word) for word in why if word)
        elif status.advice:
            text += " · " + safe(status.advice)
        if abs(status.clock_offset_s) >= 1.0:
            text += " · " + _("clock corrected by {offset:+.0f} s").format(offset=status.clock_offset_s)
        if text != self._told:
            self._told = text
            is_terminal = sys.stderr is not None and sys.stderr.isatty()
            click.echo(f"\r\x1b[K{text}" if is_terminal else text, err=True, nl=not is_terminal)

    def tell_end(self) -> None:
        """End the line that `tell` writes over."""
        if self._told and sys.stderr is not None and sys.stderr.isatty():
            click.echo(err=True)
        self._told = ""

    def tell_obstacles(self) -> None:
        """Say why the tasks that are left have not settled, each reason once with a request to ask about."""
        from tiwtui.formatting import advice_text
        from tiwtui.sanitize import safe

        self.tell_end()
        status = self._session.status()
        own = (self._session.tasks[ref].trouble for ref in self.left if ref in self._session.tasks)
        # By code: a message may name the task, and a thousand tasks can be left.
        troubles = {each.code or each.message: each for each in (status.trouble, *own) if each is not None}
        for trouble in troubles.values():
            known = status.trouble is not None and status.trouble.code == trouble.code
            to_do = status.advice if known else ""
            # Trouble without a code is that of the saved state, whose message has the advice in it.
            to_do = to_do or (advice_text(trouble) if trouble.code else "")
            asked = f"RequestId {trouble.request_id}" if trouble.request_id else ""
            reason = ": ".join(filter(None, (trouble.code, trouble.message)))
            click.echo(" · ".join(safe(text) for text in (reason, to_do, asked) if text), err=True)
        if status.trouble is None and status.advice and not troubles:
            click.echo(safe(status.advice), err=True)

    def _obstacle(self, ref: "TaskRef", status: "Status") -> Exit | None:
        """Return how a wait for this task ends if only a person can clear its way, else `None`."""
        if ref.sdk_app_id in status.stopped_apps:
            return Exit.REFUSED
        for trouble in (self._session.tasks[ref].trouble, status.trouble):
            if trouble is not None and of_trouble(trouble) in (Exit.REFUSED, Exit.USAGE):
                return of_trouble(trouble)
        return None
