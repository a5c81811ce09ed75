"""The engine as commands run it: the shared watch list, the ids given, and an event for each change."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import click

from tiwtui.api.credentials import EnvironmentSource
from tiwtui.cli.ids import asked_for, matching
from tiwtui.cli.kept import StateFailed
from tiwtui.clock import Clock, SystemClock
from tiwtui.session import Session, open_session
from tiwtui.settings import BadSettings, Settings
from tiwtui.tasks import TaskRef
from tiwtui.watch.failure import StoreFailed


@dataclass(frozen=True, slots=True)
class Running:
    """The engine at work. `changed` is set at each change; `refs` are the tasks that ids named."""

    session: Session
    clock: Clock
    changed: asyncio.Event
    refs: tuple[TaskRef, ...] | None

    def chosen(self, query: str | None) -> tuple[TaskRef, ...]:
        """Return the tasks that are meant: those named, or all on the list, as far as a filter lets them."""
        refs = tuple(self.session.tasks) if self.refs is None else self.refs
        return tuple(task.ref for task in matching(refs, query, self.session.tasks))


@asynccontextmanager
async def running(settings: Settings, ids: Sequence[str]) -> AsyncIterator["Running"]:
    """Run the engine on the saved watch list, which the ids join."""
    clock = SystemClock()
    changed = asyncio.Event()
    try:
        session = open_session(settings, EnvironmentSource(os.environ), clock=clock)
    except BadSettings as error:
        raise click.UsageError(str(error)) from None
    try:
        await session.start()
        session.subscribe(lambda _changes: changed.set())
        refs = asked_for(ids, settings, session.tasks) if ids else None
        await session.add([(ref, None) for ref in refs or ()])
        engine = asyncio.create_task(session.run())
        engine.add_done_callback(lambda _ended: changed.set())
        try:
            yield Running(session, clock, changed, refs)
        finally:
            engine.cancel()
            # A bug that ended the engine is raised here.
            with suppress(asyncio.CancelledError):
                await engine
    except StoreFailed as failure:
        raise StateFailed(str(failure)) from None
    finally:
        await session.close()
