"""The saved watch list, opened by the commands that change it and need no network."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager

import click

from tiwtui.cli.options import refuse_unknown_profile
from tiwtui.cli.stdout import StateFailed
from tiwtui.cli.task_args import Tasks
from tiwtui.config.settings import Settings
from tiwtui.engine.statistics.totals import ProcessingTimes
from tiwtui.i18n import _
from tiwtui.listing.attention.reasons import Limits, slow_after
from tiwtui.store.database import Database
from tiwtui.store.errors import BUSY_S, StoreFailed
from tiwtui.store.task_store import TaskStore, editor_name


@asynccontextmanager
async def opened(
    settings: Settings, *, busy_s: float = BUSY_S, begins: bool = False
) -> AsyncIterator[tuple[TaskStore, Tasks]]:
    """Open the watch list; what happened to a damaged file is printed on standard error.

    `busy_s` is how long a write waits for another program's lock. A list is begun only where `begins`.
    """
    is_new = not settings.is_known_profile()
    if not begins:
        refuse_unknown_profile(settings)
    database = Database(settings.state_path(), busy_s=busy_s, sees_through=True)
    store = TaskStore(database, by=editor_name())
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
        raise state_failed(failure) from None


async def saved_limits(settings: Settings, store: TaskStore) -> Limits:
    """Return what attention depends on."""
    times = ProcessingTimes()
    times.load(await store.processing_times())
    return Limits(settings.warns_before_s, slow_after(times.typical_s()))


def state_failed(failure: StoreFailed) -> BaseException:
    """Return the exception that ends a command; where a signal already ends it, print the failure."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        click.echo(_("Error: {message}").format(message=failure), err=True)
        return asyncio.CancelledError()
    return StateFailed(str(failure))


@contextmanager
def naming_unsaved(ids: Iterable[str]) -> Iterator[None]:
    """Print the ids of a change that could not be saved: a script may know them from nowhere else."""
    try:
        yield
    except StoreFailed:
        for each in ids:
            click.echo(_("not saved: {id}").format(id=each), err=True)
        raise
