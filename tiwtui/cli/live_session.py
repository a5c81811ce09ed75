"""The engine as commands run it: the shared watch list, the ids given, and what changes."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import click

from tiwtui.api.credentials import EnvironmentSource
from tiwtui.cli.saved_list import ending
from tiwtui.cli.task_args import Given, asked_for, matching
from tiwtui.clock import Clock, SystemClock
from tiwtui.config.settings import BadSettings, Settings
from tiwtui.model import TaskRef
from tiwtui.session import Session, open_session
from tiwtui.store.errors import StoreFailed


@dataclass(slots=True)
class Running:
    """The engine at work. `refs` are the tasks that ids named, `None` where all on the list are meant."""

    session: Session
    clock: Clock
    refs: tuple[TaskRef, ...] | None
    engine: asyncio.Task[None]
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _changes: set[TaskRef] = field(default_factory=set)

    def chosen(self, query: str | None) -> tuple[TaskRef, ...]:
        """Return the tasks that are meant: those named, or all on the list, as far as a filter lets them."""
        refs = tuple(self.session.tasks) if self.refs is None else self.refs
        return tuple(task.ref for task in matching(refs, query, self.session.tasks))

    def note(self, changes: frozenset[TaskRef]) -> None:
        """Wake who waits: tasks, or the status, have changed."""
        self._changes |= changes
        self._changed.set()

    async def changes(self, until: float | None) -> frozenset[TaskRef]:
        """Return the tasks that changed since the last call, once some have or the clock reads `until`.

        A bug that ended the engine is raised here: nothing would ever change again.
        """
        await self.clock.wait(self._changed, until)
        self._changed.clear()
        if self.engine.done():
            await self.engine
        changes = frozenset(self._changes)
        self._changes.clear()
        return changes


@asynccontextmanager
async def running(
    settings: Settings, ids: Sequence[Given], *, clock: Clock | None = None
) -> AsyncIterator[Running]:
    """Run the engine on the saved watch list, which the ids join; what befell the file is told on stderr."""
    clock = clock or SystemClock()
    try:
        session = open_session(settings, EnvironmentSource(os.environ), clock=clock)
    except BadSettings as error:
        raise click.UsageError(str(error)) from None
    notice: str | None = None
    try:
        try:
            await session.start()
            notice = session.notice
            if notice is not None:
                click.echo(notice, err=True)
            refs = asked_for(ids, settings, session.tasks) if ids else None
            if refs:
                await session.add([(ref, None) for ref in refs])
            engine = asyncio.create_task(session.run())
            at_work = Running(session, clock, refs, engine)
            session.subscribe(at_work.note)
            engine.add_done_callback(lambda _ended: at_work.note(frozenset()))
            try:
                yield at_work
            finally:
                engine.cancel()
                # A bug that ended the engine is raised here, unless it was told already.
                with suppress(asyncio.CancelledError):
                    await engine
        finally:
            await session.close()
            if session.notice not in (notice, None):
                click.echo(session.notice, err=True)
    except StoreFailed as failure:
        raise ending(failure) from None
