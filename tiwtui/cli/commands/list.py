"""`tiwtui list` and `urls`: the last known state, without asking the service."""

from typing import TYPE_CHECKING

import click

from tiwtui.cli.forms import Form, form_options
from tiwtui.cli.options import settings_of
from tiwtui.gc_pause import without_collecting
from tiwtui.i18n import _

if TYPE_CHECKING:
    from tiwtui.config.settings import Settings
    from tiwtui.model import TaskRef


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
    from tiwtui.cli.output import Printer
    from tiwtui.cli.saved_list import chosen

    # Ten thousand tasks make no cycles, and looking for some takes a quarter of the time.
    with without_collecting():
        printer = Printer(form, is_known=True)
        for kept in chosen(settings_of(context), ids, query):
            printer.take(kept.task, kept.details)
        printer.close()


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]... [-]")
@click.option("--filter", "query", metavar="QUERY", help=_("Only tasks that match, as on the screen."))
@click.option(
    "--kind",
    "kinds",
    metavar="KIND,...",
    help=_("Only videos of these kinds: camera, screen, whiteboard, mixed, audio."),
)
@click.option("--long", "is_long", is_flag=True, help=_("Label, room, kind and user before the URL."))
@click.pass_context
def urls(
    context: click.Context, ids: tuple[str, ...], query: str | None, kinds: str | None, is_long: bool
) -> None:
    """Print the URLs of the videos, one a line; their tasks then count as taken."""
    from tiwtui.cli.saved_list import chosen
    from tiwtui.cli.signals import run
    from tiwtui.sanitize import fit_url, safe, url_fault

    wanted = None if kinds is None else frozenset(kind.strip() for kind in kinds.split(","))
    _refuse_unknown(wanted or frozenset())
    settings = settings_of(context)
    taken: list[TaskRef] = []
    for kept in chosen(settings, ids, query):
        task = kept.task
        for video in kept.details.listed:
            if wanted is not None and video.kind not in wanted:
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
    if taken:
        run(_mark_taken(settings, tuple(dict.fromkeys(taken))))


async def _mark_taken(settings: "Settings", refs: "tuple[TaskRef, ...]") -> None:
    import time

    from tiwtui.cli.saved_list import kept

    async with kept(settings) as (store, _tasks):
        await store.mark_taken(refs, time.time())


def _refuse_unknown(kinds: frozenset[str]) -> None:
    from tiwtui.model import UNKNOWN_KIND, VIDEO_KINDS

    for kind in sorted(kinds):
        if kind not in (*VIDEO_KINDS, UNKNOWN_KIND) and not kind.startswith("type_"):
            told = _("kind {kind!r} is not one of {known}, type_N, {unknown}")
            raise click.UsageError(told.format(kind=kind, known=", ".join(VIDEO_KINDS), unknown=UNKNOWN_KIND))
