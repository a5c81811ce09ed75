"""`tiwtui list` and `urls`: the last known state, without asking the service."""

import gc
from typing import TYPE_CHECKING

import click

from tiwtui.catalog import _
from tiwtui.cli.forms import Form, form_options
from tiwtui.cli.options import settings_of

if TYPE_CHECKING:
    from tiwtui.settings import Settings


@click.command("list")
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--filter", "query", metavar="QUERY", help=_("Only tasks that match, as on the screen."))
@form_options
@click.pass_context
def list_(context: click.Context, ids: tuple[str, ...], query: str | None, form: Form) -> None:
    """Print the watch list as it was last known.

    Aligned on a terminal, else tab-separated without a header: task_id sdk_app_id phase label room_id
    videos first_url error_code.
    """
    import asyncio

    was_collecting = gc.isenabled()
    # Ten thousand tasks make no cycles, and looking for some takes a quarter of the time.
    gc.disable()
    try:
        asyncio.run(_list(settings_of(context), ids, query, form))
    finally:
        if was_collecting:
            gc.enable()


async def _list(settings: "Settings", ids: tuple[str, ...], query: str | None, form: Form) -> None:
    from tiwtui.cli.ids import matching, on_list
    from tiwtui.cli.kept import kept
    from tiwtui.cli.printing import Printer
    from tiwtui.tasks import Details

    async with kept(settings) as (store, tasks):
        refs = on_list(ids, settings, tasks) if ids else tuple(tasks)
        chosen = matching(refs, query, tasks)
        videos = await store.videos([task.ref for task in chosen if task.video_count])
    printer = Printer(form, is_known=True)
    for task in chosen:
        printer.take(task, Details(videos.get(task.ref, ())))
    printer.close()


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--filter", "query", metavar="QUERY", help=_("Only tasks that match, as on the screen."))
@click.option("--kind", "kinds", metavar="KIND,...", help=_("Only camera, screen, whiteboard, mixed, audio."))
@click.option("--long", "is_long", is_flag=True, help=_("Label, room, kind and user before the URL."))
@click.pass_context
def urls(
    context: click.Context, ids: tuple[str, ...], query: str | None, kinds: str | None, is_long: bool
) -> None:
    """Print the URLs of the videos, one a line; their tasks then count as taken."""
    import asyncio

    wanted = None if kinds is None else frozenset(kind.strip() for kind in kinds.split(","))
    _refuse_unknown(wanted or frozenset())
    asyncio.run(_urls(settings_of(context), ids, query, wanted, is_long))


async def _urls(
    settings: "Settings", ids: tuple[str, ...], query: str | None, kinds: frozenset[str] | None, is_long: bool
) -> None:
    import time

    from tiwtui.cli.ids import matching, on_list
    from tiwtui.cli.kept import kept
    from tiwtui.urls import fit_url, url_fault
    from tiwtui.words import safe

    async with kept(settings) as (store, tasks):
        refs = on_list(ids, settings, tasks) if ids else tuple(tasks)
        chosen = matching(refs, query, tasks)
        videos = await store.videos([task.ref for task in chosen if task.video_count])
        taken = []
        for task in chosen:
            for video in videos.get(task.ref, ()):
                if kinds is not None and video.kind not in kinds:
                    continue
                fault = url_fault(video.url)
                if fault is not None:
                    told = _("{task}: URL refused, {reason}: {url}")
                    click.echo(told.format(task=task.ref, reason=fault, url=safe(video.url)), err=True)
                    continue
                room = "" if task.room_id is None else str(task.room_id)
                before = (task.label, room, video.kind, video.user_id) if is_long else ()
                click.echo("\t".join((*map(safe, before), fit_url(video.url))))
                taken.append(task.ref)
        await store.mark_taken(dict.fromkeys(taken), time.time())


def _refuse_unknown(kinds: frozenset[str]) -> None:
    from tiwtui.tasks import VIDEO_KINDS

    for kind in sorted(kinds):
        if kind not in VIDEO_KINDS and not kind.startswith("type_"):
            told = _("kind {kind!r} is not one of {known}, type_N")
            raise click.UsageError(told.format(kind=kind, known=", ".join(VIDEO_KINDS)))
