"""The watch list on disk, as the commands use it that need no network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click

from tiwtui.cli.task_args import Tasks
from tiwtui.config.settings import Settings
from tiwtui.i18n import _
from tiwtui.store.errors import BUSY_S, StoreFailed

if TYPE_CHECKING:
    from tiwtui.model import TaskRef
    from tiwtui.store.snapshot import SavedTask, Snapshot
    from tiwtui.store.task_store import TaskStore


class StateFailed(click.ClickException):
    """The saved state could not be read or written; ends with exit code 2."""

    exit_code = 2


def ending(failure: StoreFailed) -> BaseException:
    """Return what ends a command after a failure: where a signal ends it, the failure is only said."""
    import asyncio

    task = asyncio.current_task()
    if task is not None and task.cancelling():
        click.echo(_("Error: {message}").format(message=failure), err=True)
        return asyncio.CancelledError()
    return StateFailed(str(failure))


@asynccontextmanager
async def kept(
    settings: Settings, *, busy_s: float = BUSY_S, begins: bool = False
) -> "AsyncIterator[tuple[TaskStore, Tasks]]":
    """Open the watch list; what happened to the file is said on standard error.

    `busy_s` is how long a write waits for another program's. A list is begun only where `begins`.
    """
    from tiwtui.store.database import Database
    from tiwtui.store.task_store import TaskStore

    is_new = not settings.is_known_profile()
    if is_new and not begins:
        raise unknown_profile(settings)
    store = TaskStore(Database(settings.state_path(), busy_s=busy_s, sees_through=True))
    notice: str | None = None
    try:
        try:
            tasks = await store.open()
            if is_new:
                click.echo(settings.new_profile_text(), err=True)
            notice = store.database.notice
            if notice is not None:
                click.echo(notice, err=True)
            yield store, {task.ref: task for task in tasks}
        finally:
            await store.close()
            if store.database.notice not in (notice, None):
                click.echo(store.database.notice, err=True)
    except StoreFailed as failure:
        raise ending(failure) from None


def unknown_profile(settings: Settings) -> click.UsageError:
    """Return the error for a profile that may be mistyped: a command that adds nothing begins no list."""
    message = _(
        "profile {name!r} is not configured and has no watch list; check the name, or add a task to it"
    )
    return click.UsageError(message.format(name=settings.profile))


def snapshot(settings: Settings) -> "Snapshot":
    """Return what is saved, for a command that only prints it, and say what happened to the file."""
    import time

    from tiwtui.store.snapshot import read_snapshot

    if not settings.is_known_profile():
        raise unknown_profile(settings)
    try:
        found = read_snapshot(settings.state_path(), wall=time.time())
    except StoreFailed as failure:
        raise StateFailed(str(failure)) from None
    if found.notice is not None:
        click.echo(found.notice, err=True)
    return found


def chosen(settings: Settings, ids: tuple[str, ...], query: str | None) -> "tuple[SavedTask, ...]":
    """Return the tasks that ids and a filter choose, all on the list without both.

    Removed tasks are looked at only where the filter asks about them: `removed:yes`.
    """
    import time

    from tiwtui.cli.task_args import gathered, on_list, understood

    if query is None and not ids:
        return tuple(snapshot(settings).watched.values())
    # What a filter stands on takes longer to import than a short list to print.
    from tiwtui.listing.query.terms import Around, On

    read = None if query is None else understood(query, has_removed=True)
    given = gathered(ids)
    found = snapshot(settings)
    takes_removed = read is not None and On.REMOVED in read.leans_on
    known: dict[TaskRef, SavedTask] = found.watched | found.removed if takes_removed else found.watched
    if ids:
        refs = on_list(given, settings, found.watched, found.removed, takes_removed=takes_removed)
        known = {ref: known[ref] for ref in refs}
    if read is None:
        return tuple(known.values())
    test = read.at(Around(time.time(), removed=found.removed))
    return tuple(each for each in known.values() if test(each.task))
