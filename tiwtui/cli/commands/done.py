"""`tiwtui done`: acknowledge tasks, or take that back."""

import time

import click

from tiwtui.cli.options import filter_option, ids_argument, settings_of
from tiwtui.cli.saved_list import naming_unsaved, opened, saved_limits
from tiwtui.cli.signals import run
from tiwtui.cli.task_args import IdResolver, Word, listed_refs, matching, with_stdin
from tiwtui.config.settings import Settings
from tiwtui.i18n import _
from tiwtui.listing.attention.reasons import reasons
from tiwtui.model import Done


@click.command("done")
@ids_argument
@filter_option
@click.option("--undo", is_flag=True, help=_("Take it back."))
@click.pass_context
def command(context: click.Context, ids: tuple[str, ...], query: str | None, undo: bool) -> None:
    """Acknowledge tasks, and print their ids.

    They leave Attention until there is a new reason. "tiwtui list --filter done:no" lists the others.
    """
    if not ids and query is None:
        raise click.UsageError(_("which tasks? Give ids or --filter"))
    run(_done(settings_of(context), with_stdin(ids), query, undo))


async def _done(settings: Settings, words: tuple[Word, ...], query: str | None, undo: bool) -> None:
    async with opened(settings) as (store, tasks):
        resolver = IdResolver(settings, tasks)
        removed = [gone.task.ref for gone in await store.removed()]
        refs = listed_refs(words, settings, tasks, removed) if words else tuple(tasks)
        now, limits = time.time(), await saved_limits(settings, store)
        chosen = matching(refs, query, tasks, limits)
        ids = [resolver.written(task.ref) for task in chosen]
        with naming_unsaved(ids):
            await store.mark_done(
                {
                    task.ref: None if undo else Done(now, store.by, reasons(task, now, limits))
                    for task in chosen
                }
            )
        for each in ids:
            click.echo(each)
