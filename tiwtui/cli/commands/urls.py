"""`tiwtui urls`: the URLs of the videos, from the last known state."""

import time
from collections.abc import Mapping, Sequence

import click

from tiwtui.cli.commands.chosen_tasks import chosen
from tiwtui.cli.options import filter_option, ids_argument, settings_of
from tiwtui.cli.saved_list import opened
from tiwtui.cli.signals import run
from tiwtui.config.settings import Settings
from tiwtui.i18n import _
from tiwtui.model import UNKNOWN_KIND, VIDEO_KINDS, TaskRef
from tiwtui.sanitize import fit_url, safe, url_fault


@click.command("urls")
@ids_argument
@filter_option
@click.option(
    "--kind",
    "kinds",
    metavar="KIND,...",
    help=_("Only videos of these kinds: camera, screen, whiteboard, mixed, audio."),
)
@click.option("--long", "is_long", is_flag=True, help=_("Label, room, kind and user before the URL."))
@click.option("--take", "takes", is_flag=True, help=_("Note that these videos were copied."))
@click.pass_context
def command(
    context: click.Context,
    ids: tuple[str, ...],
    query: str | None,
    kinds: str | None,
    is_long: bool,
    takes: bool,
) -> None:
    """Print the URLs of the videos, one a line."""
    wanted = None if kinds is None else frozenset(kind.strip() for kind in kinds.split(","))
    _refuse_unknown(wanted or frozenset())
    settings = settings_of(context)
    taken: dict[TaskRef, list[str]] = {}
    for saved in chosen(settings, ids, query):
        task = saved.task
        for video in saved.details.listed:
            if wanted is not None and video.kind not in wanted:
                continue
            fault = url_fault(video.url)
            if fault is not None:
                message = _("{task}: URL withheld, {reason}: {url}")
                click.echo(message.format(task=task.ref, reason=fault, url=safe(video.url)), err=True)
                continue
            room = "" if task.room_id is None else str(task.room_id)
            before = (task.label, room, video.kind, video.user_id) if is_long else ()
            click.echo("\t".join((*map(safe, before), fit_url(video.url))))
            taken.setdefault(task.ref, []).append(video.key)
    if takes and taken:
        run(_take(settings, taken))


async def _take(settings: Settings, videos: Mapping[TaskRef, Sequence[str]]) -> None:
    async with opened(settings) as (store, _tasks):
        await store.take(videos, time.time())


def _refuse_unknown(kinds: frozenset[str]) -> None:
    for kind in sorted(kinds):
        if kind not in (*VIDEO_KINDS, UNKNOWN_KIND) and not kind.startswith("type_"):
            message = _("kind {kind!r} is not one of {known}, type_N, {unknown}")
            known = ", ".join(VIDEO_KINDS)
            raise click.UsageError(message.format(kind=kind, known=known, unknown=UNKNOWN_KIND))
