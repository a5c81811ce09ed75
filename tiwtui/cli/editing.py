"""`tiwtui add`, `rm` and `label`: what a person does to the watch list, without the screen."""

import sys
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiwtui.cli.exits import Exit
from tiwtui.cli.options import settings_of

if TYPE_CHECKING:
    from tiwtui.intake import Intake
    from tiwtui.settings import Settings


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Read tasks from a file."),
)
@click.option("--label", metavar="TEXT", help=_("Label for the tasks that come without one."))
@click.pass_context
def add(context: click.Context, ids: tuple[str, ...], file: Path | None, label: str | None) -> None:
    """Put tasks on the watch list, and print their ids.

    An ID is a TaskId, or SdkAppId/TaskId; "-" reads standard input and saves line by line, so that a log
    can be piped in as it grows. Everything is understood that can be pasted on the screen: "id label"
    lines, CSV, log lines, URLs, JSON. What is not is told on standard error, and the exit code is 1.
    """
    import asyncio

    if not ids and file is None:
        raise click.UsageError(_('no task id given; "-" reads standard input'))
    context.exit(asyncio.run(_add(settings_of(context), ids, file, label)))


async def _add(settings: "Settings", ids: tuple[str, ...], file: Path | None, label: str | None) -> Exit:
    import time

    from tiwtui.cli.ids import default_app
    from tiwtui.cli.kept import kept
    from tiwtui.tasks import Task
    from tiwtui.words import safe

    exit_code = Exit.READY
    async with kept(settings) as (store, tasks):
        app = default_app(settings, tasks)
        known = set(tasks)
        for taken in _told(ids, file, app):
            if taken.needs_app(app):
                raise click.UsageError(_("which application? Give --sdk-app-id N, or the ids as N/ID"))
            wall = time.time()
            found = [(ref, label if own is None else own) for ref, own in taken.tasks(app)]
            await store.add(
                [Task(ref, wall, text or "", phase_since=wall) for ref, text in found if ref not in known]
            )
            for ref, text in found:
                if ref in known and text is not None:
                    await store.label(ref, text)
                known.add(ref)
                click.echo(ref.written(settings.sdk_app_id))
            for text in taken.not_understood:
                click.echo(_("not understood: {text}").format(text=safe(text)), err=True)
                exit_code = Exit.NOT_READY
    return exit_code


def _told(ids: tuple[str, ...], file: Path | None, app: int | None) -> "Iterator[Intake]":
    """Read arguments and the file whole, standard input line by line."""
    from tiwtui.intake import LineReader, read

    for word in ids:
        if word == "-":
            reader = LineReader(app)
            for line in sys.stdin:
                yield reader.feed(line)
            yield reader.close()
        else:
            yield read(word, app)
    if file is not None:
        yield read(file.read_text("utf-8", errors="replace"), app)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--filter", "query", metavar="QUERY", help=_("Only tasks that match, as on the screen."))
@click.pass_context
def rm(context: click.Context, ids: tuple[str, ...], query: str | None) -> None:
    """Take tasks off the watch list, and print their ids.

    They are kept for thirty days with everything known of them; adding one again brings it back.
    """
    import asyncio

    if not ids and query is None:
        raise click.UsageError(_("which tasks? Give ids or --filter"))
    asyncio.run(_rm(settings_of(context), ids, query))


async def _rm(settings: "Settings", ids: tuple[str, ...], query: str | None) -> None:
    import time

    from tiwtui.cli.ids import matching, on_list
    from tiwtui.cli.kept import kept

    async with kept(settings) as (store, tasks):
        refs = on_list(ids, settings, tasks) if ids else tuple(tasks)
        chosen = [task.ref for task in matching(refs, query, tasks)]
        await store.remove(chosen, time.time())
        for ref in chosen:
            click.echo(ref.written(settings.sdk_app_id))


@click.command()
@click.argument("id", metavar="ID")
@click.argument("text", metavar="TEXT")
@click.pass_context
def label(context: click.Context, id: str, text: str) -> None:  # noqa: A002 - the argument's name on the line
    """Give a task a label; an empty TEXT takes it away."""
    import asyncio

    asyncio.run(_label(settings_of(context), id, text))


async def _label(settings: "Settings", word: str, text: str) -> None:
    from tiwtui.cli.ids import on_list
    from tiwtui.cli.kept import kept

    async with kept(settings) as (store, tasks):
        (ref,) = on_list((word,), settings, tasks)
        await store.label(ref, " ".join(text.split()))
