"""A running session for commands: the shared watch list, the ids given, and what changes."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import click

from tiwtui.api.credentials import EnvironmentSource
from tiwtui.cli.saved_list import naming_unsaved, state_failed
from tiwtui.cli.task_args import IdResolver, Word, matching, named_refs
from tiwtui.clock import Clock, SystemClock
from tiwtui.composition import open_session
from tiwtui.config.settings import BadSettings, Settings
from tiwtui.model import Task, TaskRef
from tiwtui.session import Session
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.moments import limits_of


class LiveSession:
    """A session that runs. `refs` are the tasks that ids named, `None` where all on the list are meant."""

    def __init__(
        self,
        session: Session,
        clock: Clock,
        refs: tuple[TaskRef, ...] | None,
        runner: asyncio.Task[None],
    ) -> None:
        self.session = session
        self.clock = clock
        self.refs = refs
        self._runner = runner
        self._changed = asyncio.Event()
        self._changes: set[TaskRef] = set()

    def chosen(self, query: str | None) -> tuple[TaskRef, ...]:
        """Return the tasks that are meant, those named or all on the list, that match a filter."""
        refs = tuple(self.session.tasks) if self.refs is None else self.refs
        return tuple(task.ref for task in self.matching(refs, query))

    def matching(self, refs: Sequence[TaskRef], query: str | None) -> tuple[Task, ...]:
        """Return the tasks of `refs` that match a filter, as on the screen."""
        return matching(refs, query, self.session.tasks, limits_of(self.session))

    def note(self, changes: frozenset[TaskRef]) -> None:
        """Note that tasks changed, or with no tasks the status, and wake `changes`."""
        self._changes |= changes
        self._changed.set()

    async def changes(self, until: float | None) -> frozenset[TaskRef]:
        """Return the tasks that changed since the last call, when there are some or at `until` (monotonic).

        Raises the bug that ended the session, if one did: nothing would ever change again.
        """
        await self.clock.wait(self._changed, until)
        self._changed.clear()
        if self._runner.done():
            await self._runner
        changes = frozenset(self._changes)
        self._changes.clear()
        return changes


@asynccontextmanager
async def live_session(
    settings: Settings, words: Sequence[Word], *, clock: Clock | None = None
) -> AsyncIterator[LiveSession]:
    """Run a session on the saved watch list with the ids added; messages about the file go to stderr."""
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
            refs = named_refs(words, settings, session.tasks) if words else None
            if refs:
                with naming_unsaved(map(IdResolver(settings, session.tasks).written, refs)):
                    await session.add([(ref, None) for ref in refs])
            runner = asyncio.create_task(session.run())
            live = LiveSession(session, clock, refs, runner)
            session.subscribe(live.note)
            runner.add_done_callback(lambda _ended: live.note(frozenset()))
            try:
                yield live
            finally:
                runner.cancel()
                # A bug that ended the session is raised here, unless `changes` raised it already.
                with suppress(asyncio.CancelledError):
                    await runner
        finally:
            await session.close()
            if session.notice not in (notice, None):
                click.echo(session.notice, err=True)
    except StoreFailed as failure:
        raise state_failed(failure) from None
