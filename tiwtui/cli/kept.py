"""The watch list on disk, as the commands use it that need no network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from tiwtui.cli.ids import Tasks
from tiwtui.settings import Settings
from tiwtui.watch.database import SqliteStore
from tiwtui.watch.failure import StoreFailed


class StateFailed(click.ClickException):
    """The saved state could not be read or written; ends with exit code 2."""

    exit_code = 2


@asynccontextmanager
async def kept(settings: Settings) -> AsyncIterator[tuple[SqliteStore, Tasks]]:
    """Open the watch list; what befell the file is told on standard error."""
    store = SqliteStore(settings.state_path())
    try:
        try:
            tasks = await store.open()
            if store.notice is not None:
                click.echo(store.notice, err=True)
            yield store, {task.ref: task for task in tasks}
        finally:
            await store.close()
    except StoreFailed as failure:
        raise StateFailed(str(failure)) from None
