"""`tiwtui rm`: take tasks off the watch list."""

import time

import click

from tiwtui.cli.options import filter_option, ids_argument, settings_of
from tiwtui.cli.saved_list import naming_unsaved, opened, saved_limits
from tiwtui.cli.signals import run
from tiwtui.cli.task_args import IdResolver, Word, listed_refs, matching, with_stdin
from tiwtui.config.settings import Settings
from tiwtui.i18n import _


@click.command("rm")
@ids_argument
@filter_option
@click.pass_context
def command(context: click.Context, ids: tuple[str, ...], query: str | None) -> None:
    """Take tasks off the watch list, and print their ids.

    "tiwtui list --filter removed:yes" lists them. Adding one again restores it with all that was known.
    """
    if not ids and query is None:
        raise click.UsageError(_("which tasks? Give ids or --filter"))
    run(_rm(settings_of(context), with_stdin(ids), query))


async def _rm(settings: Settings, words: tuple[Word, ...], query: str | None) -> None:
    async with opened(settings) as (store, tasks):
        resolver = IdResolver(settings, tasks)
        removed = [gone.task.ref for gone in await store.removed()]
        refs = listed_refs(words, settings, tasks, removed) if words else tuple(tasks)
        chosen = [task.ref for task in matching(refs, query, tasks, await saved_limits(settings, store))]
        ids = [resolver.written(ref) for ref in chosen]
        with naming_unsaved(ids):
            await store.remove(chosen, time.time())
        for each in ids:
            click.echo(each)
