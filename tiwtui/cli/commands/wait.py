"""`tiwtui wait`: run a session without the screen until tasks have settled.

Beside a running screen it sends no checks: the process with the lease sends for all.
"""

import sys
from collections.abc import Sequence

import click

from tiwtui.cli.exit_codes import Exit, first, of_task, of_trouble
from tiwtui.cli.live_session import live_session
from tiwtui.cli.options import filter_option, finite, ids_argument, settings_of
from tiwtui.cli.output import Adviser, OutputFormat, Printer, format_options
from tiwtui.cli.signals import run
from tiwtui.cli.task_args import Word, with_stdin
from tiwtui.clock import Clock
from tiwtui.config.settings import Settings
from tiwtui.engine.status import Mode, Status
from tiwtui.formatting import advice_text
from tiwtui.i18n import _
from tiwtui.model import TaskRef
from tiwtui.sanitize import safe
from tiwtui.session import Session

GIVES_UP_AFTER_S = 30.0
"""`wait` gives up when for this long every remaining task has had an error that only the user can fix."""


@click.command("wait")
@ids_argument
@click.option("--all", "is_all", is_flag=True, help=_("All tasks on the watch list."))
@filter_option
@click.option(
    "--timeout", type=float, callback=finite, metavar="S", help=_("Give up after this many seconds.")
)
@format_options
@click.pass_context
def command(
    context: click.Context,
    ids: tuple[str, ...],
    is_all: bool,
    query: str | None,
    timeout: float | None,
    output_format: OutputFormat,
) -> None:
    """Wait until all tasks have settled, and print them. IDs given join the watch list.

    Progress goes to standard error. --jsonl prints each task as it settles. The wait gives up when
    for 30 s every remaining task has had an error only you can fix.

    Exit codes: 0 all ready; 1 some failed, empty or not found; 2 usage or configuration; 4 credentials,
    permission or application; 124 timeout; 130 interrupted.
    """
    if not ids and not is_all and query is None:
        raise click.UsageError(_("wait for which tasks? Give ids, --filter or --all"))
    context.exit(run(_wait(settings_of(context), with_stdin(ids), query, timeout, output_format)))


async def _wait(
    settings: Settings,
    words: Sequence[Word],
    query: str | None,
    limit_s: float | None,
    output_format: OutputFormat,
    *,
    clock: Clock | None = None,
    gives_up_after_s: float = GIVES_UP_AFTER_S,
) -> Exit:
    async with live_session(settings, words, clock=clock) as live:
        session, clock = live.session, live.clock
        refs = live.chosen(query)
        printer = Printer(output_format)
        waiting = _Waiting(session, refs, gives_up_after_s)
        ends_at = None if limit_s is None else clock.monotonic() + limit_s
        exits: list[Exit] = []
        try:
            while True:
                for ref in waiting.newly_settled():
                    if output_format.is_incremental:
                        printer.take(session.tasks[ref], await session.details(ref))
                if not waiting.left:
                    break
                now = clock.monotonic()
                gives_up_at = waiting.gives_up_at(now)
                if gives_up_at is not None and now >= gives_up_at:
                    waiting.print_obstacles()
                    break
                if ends_at is not None and now >= ends_at:
                    waiting.print_obstacles()
                    exits.append(Exit.TIMEOUT)
                    break
                waiting.print_progress()
                moments = [at for at in (gives_up_at, ends_at, now + 1.0) if at is not None]
                await live.changes(min(moments))
        finally:
            waiting.end_progress()
            # Printed also when the wait is interrupted or times out: the script still gets its JSON.
            for ref in refs:
                if ref in session.tasks and (not output_format.is_incremental or ref in waiting.left):
                    printer.take(session.tasks[ref], await session.details(ref))
            printer.close()
            Adviser().advise(*(session.tasks[ref].error for ref in refs if ref in session.tasks))
        exits += [waiting.exit_of(ref) for ref in refs]
    return first(exits)


class _Waiting:
    """The tasks that have not settled yet, and the progress on standard error."""

    def __init__(self, session: Session, refs: Sequence[TaskRef], gives_up_after_s: float) -> None:
        self._session = session
        self._refs = refs
        self._gives_up_after_s = gives_up_after_s
        self._blocked_since: float | None = None
        self._printed = ""
        self.left = dict.fromkeys(refs)

    def newly_settled(self) -> list[TaskRef]:
        """Return the tasks that have settled since the last call, without removed ones."""
        gone = [ref for ref in self.left if ref not in self._session.tasks]
        settled = [ref for ref in self.left if self._session.has_settled(ref)]
        for ref in (*gone, *settled):
            del self.left[ref]
        for ref in gone:
            click.echo(_("{task} was removed from the watch list").format(task=ref), err=True)
        return settled

    def gives_up_at(self, now: float) -> float | None:
        """Return when the wait gives up; `None` while a task is left that needs nothing from the user."""
        status = self._session.status()
        if any(self._obstacle(ref, status) is None for ref in self.left):
            self._blocked_since = None
            return None
        if self._blocked_since is None:
            self._blocked_since = now
        return self._blocked_since + self._gives_up_after_s

    def exit_of(self, ref: TaskRef) -> Exit:
        """Return the exit code of what blocks the checks of a task, else of the task itself."""
        if ref not in self._session.tasks:
            # A removed task has not become ready.
            return Exit.NOT_READY
        obstacle = self._obstacle(ref, self._session.status()) if ref in self.left else None
        return of_task(self._session.tasks[ref]) if obstacle is None else obstacle

    def print_progress(self) -> None:
        """Print how many have settled and what is wrong, if that has changed."""
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
        if text != self._printed:
            self._printed = text
            is_terminal = sys.stderr is not None and sys.stderr.isatty()
            click.echo(f"\r\x1b[K{text}" if is_terminal else text, err=True, nl=not is_terminal)

    def end_progress(self) -> None:
        """End the line that `print_progress` overwrites."""
        if self._printed and sys.stderr is not None and sys.stderr.isatty():
            click.echo(err=True)
        self._printed = ""

    def print_obstacles(self) -> None:
        """Print why the remaining tasks have not settled, each reason once with a request id."""
        self.end_progress()
        status = self._session.status()
        own = (self._session.tasks[ref].trouble for ref in self.left if ref in self._session.tasks)
        # Once per code, because the message may name one of a thousand tasks.
        troubles = {each.code or each.message: each for each in (status.trouble, *own) if each is not None}
        for trouble in troubles.values():
            known = status.trouble is not None and status.trouble.code == trouble.code
            advice = status.advice if known else ""
            # Trouble without a code concerns the saved state; its message includes the advice.
            advice = advice or (advice_text(trouble) if trouble.code else "")
            asked = f"RequestId {trouble.request_id}" if trouble.request_id else ""
            reason = ": ".join(filter(None, (trouble.code, trouble.message)))
            click.echo(" · ".join(safe(text) for text in (reason, advice, asked) if text), err=True)
        if status.trouble is None and status.advice and not troubles:
            click.echo(safe(status.advice), err=True)

    def _obstacle(self, ref: TaskRef, status: Status) -> Exit | None:
        """Return the exit code of the error that blocks a task, if only the user can fix it."""
        if ref.sdk_app_id in status.stopped_apps:
            return Exit.REFUSED
        for trouble in (self._session.tasks[ref].trouble, status.trouble):
            if trouble is not None and of_trouble(trouble) in (Exit.REFUSED, Exit.USAGE):
                return of_trouble(trouble)
        return None
