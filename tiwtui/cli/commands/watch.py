"""`tiwtui watch`: print every change of the tasks as it comes, until interrupted.

Beside a running screen it sends no checks: the process with the lease sends for all.
"""

from collections.abc import Sequence

import click

from tiwtui.cli.exit_codes import Exit
from tiwtui.cli.live_session import live_session
from tiwtui.cli.options import filter_option, ids_argument, settings_of
from tiwtui.cli.output import Adviser, OutputFormat, Printer, format_options
from tiwtui.cli.signals import run
from tiwtui.cli.task_args import Word, with_stdin
from tiwtui.clock import Clock
from tiwtui.config.settings import Settings
from tiwtui.model import Task


@click.command("watch")
@ids_argument
@filter_option
@format_options
@click.pass_context
def command(
    context: click.Context, ids: tuple[str, ...], query: str | None, output_format: OutputFormat
) -> None:
    """Print every change of the tasks as it comes, until interrupted. IDs given join the watch list.

    Without ids all tasks on the list are watched, also those that join later.
    """
    context.exit(run(_watch(settings_of(context), with_stdin(ids), query, output_format)))


async def _watch(
    settings: Settings,
    words: Sequence[Word],
    query: str | None,
    output_format: OutputFormat,
    *,
    clock: Clock | None = None,
) -> Exit:
    async with live_session(settings, words, clock=clock) as live:
        session = live.session
        printer, adviser = Printer(output_format, is_endless=True), Adviser()
        # A mistake in the filter ends the command here. What is known already is not a change.
        known = {ref: _news(session.tasks[ref]) for ref in live.chosen(query)}
        try:
            while True:
                changes = await live.changes(None)
                meant = changes if live.refs is None else changes.intersection(live.refs)
                for task in live.matching(tuple(meant), query):
                    news = _news(task)
                    if known.get(task.ref) != news:
                        known[task.ref] = news
                        printer.take(task, await session.details(task.ref))
                        adviser.advise(task.error, task.trouble)
        finally:
            printer.close()


def _news(task: Task) -> object:
    """Return the part of a task whose change is printed; another check with the same answer is no change."""
    trouble = None if task.trouble is None else (task.trouble.kind, task.trouble.code)
    return task.phase, task.status, task.video_count, task.label, task.error, trouble
