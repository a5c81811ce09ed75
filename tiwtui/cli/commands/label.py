"""`tiwtui label`: give a task a label."""

import click

from tiwtui.cli.options import settings_of, utf8
from tiwtui.cli.saved_list import naming_unsaved, opened
from tiwtui.cli.signals import run
from tiwtui.cli.task_args import IdResolver, Word, listed_refs, with_stdin
from tiwtui.config.settings import Settings
from tiwtui.i18n import _


@click.command("label")
@click.argument("task", metavar="ID")
@click.argument("text", metavar="TEXT", callback=utf8)
@click.pass_context
def command(context: click.Context, task: str, text: str) -> None:
    """Give a task a label; an empty TEXT takes it away."""
    run(_label(settings_of(context), with_stdin((task,)), text))


async def _label(settings: Settings, words: tuple[Word, ...], text: str) -> None:
    async with opened(settings) as (store, tasks):
        refs = listed_refs(words, settings, tasks, [gone.task.ref for gone in await store.removed()])
        if len(refs) != 1:
            raise click.UsageError(_("label takes one task id"))
        with naming_unsaved(map(IdResolver(settings, tasks).written, refs)):
            await store.label(refs[0], " ".join(text.split()))
