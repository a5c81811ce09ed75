"""Which saved tasks `list` and `urls` print: read in one query, without an event loop. Not a command."""

import time

import click

from tiwtui.cli.options import refuse_unknown_profile
from tiwtui.cli.stdout import StateFailed
from tiwtui.config.settings import Settings
from tiwtui.model import TaskRef
from tiwtui.store.errors import StoreFailed
from tiwtui.store.snapshot import SavedTask, Snapshot, read_snapshot


def snapshot(settings: Settings) -> Snapshot:
    """Return the saved list; what happened to a damaged file is printed on standard error."""
    refuse_unknown_profile(settings)
    try:
        found = read_snapshot(settings.state_path(), wall=time.time())
    except StoreFailed as failure:
        raise StateFailed(str(failure)) from None
    if found.notice is not None:
        click.echo(found.notice, err=True)
    return found


def chosen(settings: Settings, ids: tuple[str, ...], query: str | None) -> tuple[SavedTask, ...]:
    """Return the tasks that match ids and a filter, all on the list without both.

    Removed tasks are included only where the filter asks for them: `removed:yes`.
    """
    if query is None and not ids:
        return tuple(snapshot(settings).watched.values())
    # Ids and filters take longer to import than a short list takes to print.
    from tiwtui.cli.task_args import listed_refs, parsed_filter, with_stdin
    from tiwtui.listing.attention.reasons import Limits
    from tiwtui.listing.query.terms import Context, DependsOn

    parsed = None if query is None else parsed_filter(query, has_removed=True)
    words = with_stdin(ids)
    found = snapshot(settings)
    takes_removed = parsed is not None and DependsOn.REMOVED in parsed.depends_on
    known: dict[TaskRef, SavedTask] = found.watched | found.removed if takes_removed else found.watched
    if ids:
        refs = listed_refs(words, settings, found.watched, found.removed, takes_removed=takes_removed)
        known = {ref: known[ref] for ref in refs}
    if parsed is None:
        return tuple(known.values())
    limits = Limits(settings.warns_before_s)
    matcher = parsed.matcher(Context(time.time(), removed=found.removed, limits=limits))
    return tuple(each for each in known.values() if matcher.matches(each.task))
