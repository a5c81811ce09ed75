"""`tiwtui add`, `rm` and `label`: what a person does to the watch list, without the screen."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiwtui.cli.exit_codes import Exit, first
from tiwtui.cli.options import settings_of, unicode
from tiwtui.i18n import _
from tiwtui.store.errors import BUSY_S

if TYPE_CHECKING:
    from tiwtui.cli.task_args import Given
    from tiwtui.config.settings import Settings
    from tiwtui.intake import Intake

PIPED_BUSY_S = 30.0
"""A log that is piped in goes on for days, and nobody is there to start it again: it waits longer."""


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Read tasks from a file."),
)
@click.option(
    "--label", metavar="TEXT", callback=unicode, help=_("Label for the tasks that come without one.")
)
@click.pass_context
def add(context: click.Context, ids: tuple[str, ...], file: Path | None, label: str | None) -> None:
    """Put tasks on the watch list, and print their ids.

    An ID is a TaskId, or SdkAppId/TaskId; "-" reads standard input and saves line by line, so that a log
    can be piped in as it grows. Everything is understood that can be pasted on the screen: "id label"
    lines, CSV, log lines, URLs, JSON. What is not understood is told on standard error, and the exit
    code is 1. An id that stands on the list for two applications has to be given with its own; piped in
    without, it is skipped and named on standard error, and the exit code is 2.
    """
    import asyncio

    from tiwtui.cli.signals import interruptible

    if not ids and file is None:
        raise click.UsageError(_('no task id given; "-" reads standard input'))
    text = None if label is None else " ".join(label.split())
    with interruptible():
        exit_code = asyncio.run(_add(settings_of(context), ids, file, text))
    context.exit(exit_code)


async def _add(settings: "Settings", ids: tuple[str, ...], file: Path | None, label: str | None) -> Exit:
    import time

    from tiwtui.cli.saved_list import kept
    from tiwtui.cli.signals import waking
    from tiwtui.cli.task_args import Meaning
    from tiwtui.formatting import safe
    from tiwtui.model import Task
    from tiwtui.store.errors import StoreFailed

    exits: set[Exit] = set()
    busy_s = PIPED_BUSY_S if "-" in ids else BUSY_S
    async with AsyncExitStack() as stack:
        stack.enter_context(waking())
        store, tasks = await stack.enter_async_context(kept(settings, busy_s=busy_s, begins=True))
        meaning = Meaning(settings, tasks, [gone.task.ref for gone in await store.removed()])
        for taken, is_piped in _told(ids, file, meaning.default_app):
            wall = time.time()
            found = []
            for entry in taken.entries:
                doubt = meaning.doubt(entry) if is_piped else None
                if doubt is None:
                    found.append((meaning.ref(entry), label if entry.label is None else entry.label))
                else:
                    click.echo(doubt, err=True)
                    exits.add(Exit.USAGE)
            # Known ones too: somebody may have taken one off the list since this command began.
            try:
                if found:
                    await store.add([Task(ref, wall, text or "", phase_since=wall) for ref, text in found])
            except StoreFailed:
                # What came through a pipe is nowhere else by now.
                for ref, _text in found:
                    click.echo(_("not saved: {id}").format(id=meaning.written(ref)), err=True)
                raise
            for ref, text in found:
                if text == "" and ref in tasks:
                    await store.label(ref, text)
                meaning.learn(ref)
            for ref, _text in found:
                click.echo(meaning.written(ref))
            for text in taken.not_understood:
                click.echo(_("not understood: {text}").format(text=safe(text)), err=True)
                exits.add(Exit.NOT_READY)
    return first(exits)


def _told(ids: tuple[str, ...], file: Path | None, app: int | None) -> "Iterator[tuple[Intake, bool]]":
    """Read arguments and the file as one, so that a mistake in them saves nothing; then what is piped in.

    Each comes with whether it was piped in.
    """
    from tiwtui.cli.stdin import lines
    from tiwtui.cli.stdout import reading
    from tiwtui.intake import Intake, LineReader, read

    taken = [_argument(word, app) for word in ids if word != "-"]
    if file is not None:
        with reading(str(file)):
            text = file.read_text("utf-8", errors="replace")
        taken.append(read(text, app))
    given = Intake(
        tuple(entry for each in taken for entry in each.entries),
        tuple(text for each in taken for text in each.not_understood),
    )
    yield given, False
    if "-" in ids:
        reader = LineReader(app)
        try:
            for line in lines():
                taken_now = reader.feed(line)
                # Not given out where it is empty, so that a signal while something is held comes here.
                if taken_now.entries or taken_now.not_understood:
                    yield taken_now, True
        except (KeyboardInterrupt, SystemExit):
            # What was held back, waiting for the rest of its document, must not vanish with the signal.
            yield reader.close(), True
            raise
        yield reader.close(), True


def _argument(word: str, app: int | None) -> "Intake":
    from tiwtui.intake import Intake, read

    # A line of a file may hold nothing; an argument is meant as a task, or is a variable that was not set.
    taken = read(word, app)
    return taken if taken.entries or taken.not_understood else Intake(not_understood=(word,))


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--filter", "query", metavar="QUERY", help=_("Only tasks that match, as on the screen."))
@click.pass_context
def rm(context: click.Context, ids: tuple[str, ...], query: str | None) -> None:
    """Take tasks off the watch list, and print their ids.

    "tiwtui list --filter removed:yes" lists them; adding one again brings it back with everything known.
    """
    from tiwtui.cli.signals import run
    from tiwtui.cli.task_args import gathered

    if not ids and query is None:
        raise click.UsageError(_("which tasks? Give ids or --filter"))
    run(_rm(settings_of(context), gathered(ids), query))


async def _rm(settings: "Settings", ids: "tuple[Given, ...]", query: str | None) -> None:
    import time

    from tiwtui.cli.saved_list import kept
    from tiwtui.cli.task_args import Meaning, matching, on_list

    async with kept(settings) as (store, tasks):
        meaning = Meaning(settings, tasks)
        removed = [gone.task.ref for gone in await store.removed()]
        refs = on_list(ids, settings, tasks, removed) if ids else tuple(tasks)
        chosen = [task.ref for task in matching(refs, query, tasks)]
        await store.remove(chosen, time.time())
        for ref in chosen:
            click.echo(meaning.written(ref))


@click.command()
@click.argument("id", metavar="ID")
@click.argument("text", metavar="TEXT", callback=unicode)
@click.pass_context
def label(context: click.Context, id: str, text: str) -> None:  # noqa: A002 - the argument's name on the line
    """Give a task a label; an empty TEXT takes it away."""
    from tiwtui.cli.signals import run
    from tiwtui.cli.task_args import gathered

    run(_label(settings_of(context), gathered((id,)), text))


async def _label(settings: "Settings", ids: "tuple[Given, ...]", text: str) -> None:
    from tiwtui.cli.saved_list import kept
    from tiwtui.cli.task_args import on_list

    async with kept(settings) as (store, tasks):
        refs = on_list(ids, settings, tasks, [gone.task.ref for gone in await store.removed()])
        if len(refs) != 1:
            raise click.UsageError(_("label takes one task id"))
        await store.label(refs[0], " ".join(text.split()))
