"""The driver around the state machine: due → client → complete → store → publish → wait or be woken.

It plans before it sends: when `due` names a task, the budget is already spent and the task is in flight.
A bug in a check ends the poller; everything the network can do is a value.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from tiwtui.api.answers import Answer
from tiwtui.api.departure import Withheld
from tiwtui.clock import Clock
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.statistics import Ledger
from tiwtui.engine.transitions import needs_seen
from tiwtui.engine.watcher import Watcher
from tiwtui.model import TaskRef, Video
from tiwtui.store.errors import StoreFailed
from tiwtui.store.store import Store


class Service(Protocol):
    """Whoever can be asked about a task."""

    async def describe(self, ref: TaskRef) -> Answer:
        """Return what is said of a task. Raises `Withheld` where the question was not put after all."""
        ...


class Poller:
    """Sends what the watcher plans and hands it what comes back; `ledger` is the book of that.

    `publish` is called after each change with nothing: the watcher holds the changes. `read_keys` reads the
    keys anew and returns whether they are others than before.
    """

    def __init__(
        self,
        watcher: Watcher,
        service: Service,
        store: Store,
        clock: Clock,
        *,
        publish: Callable[[], None],
        read_keys: Callable[[], bool],
    ) -> None:
        self._watcher = watcher
        self._service = service
        self._store = store
        self._clock = clock
        self._publish = publish
        self._read_keys = read_keys
        self._woken = asyncio.Event()
        self._wakes_at: float | None = None
        self.ledger = Ledger(clock.monotonic())

    def wake(self) -> None:
        """Look at the plan again: something about it changed."""
        self._woken.set()

    async def run(self) -> None:
        """Check tasks until cancelled."""
        async with asyncio.TaskGroup() as checks:
            while True:
                self._woken.clear()
                now = self._clock.monotonic()
                if self._watcher.keys_are_due(now):
                    self._watcher.keys_read(now, changed=self._read_keys())
                self.ledger.stands(self._watcher.gate, self._clock.wall())
                planned_at = now if self._wakes_at is None else min(now, self._wakes_at)
                while (ref := self._watcher.due(now)) is not None:
                    checks.create_task(self._check(ref, self._watcher.schedule.chosen_for, planned_at))
                self._wakes_at = self._watcher.wake_at(now)
                await self._clock.wait(self._woken, self._wakes_at)

    async def _check(self, ref: TaskRef, reason: Reason, planned_at: float) -> None:
        now = self._clock.monotonic()
        if now > self._watcher.gate.sends_until:
            # Stopped between plan and send: another process may be the sender by now.
            self._watcher.call_off(ref, now)
            return
        self._watcher.pacing.departed(now)
        self.ledger.left(ref, reason, now, self._clock.wall(), late_s=now - planned_at)
        try:
            answer = await self._service.describe(ref)
        except Withheld:
            self.ledger.withheld(ref)
            self._watcher.call_off(ref, self._clock.monotonic())
            # The gate may have opened again before the check was back in the plan.
            self.wake()
            return
        seen = await self._seen(ref, answer)
        before, now, wall = self._watcher.tasks.get(ref), self._clock.monotonic(), self._clock.wall()
        found = self._watcher.complete(ref, answer, now, wall, seen)
        was_active = before is not None and before.phase.is_active
        self.ledger.answered(ref, answer, found, now, wall, was_active=was_active)
        if found is not None:
            self._store.record(found)
        self._publish()
        self.wake()

    async def _seen(self, ref: TaskRef, answer: Answer) -> tuple[Video, ...] | None:
        """Return the saved videos of a task, where its answer needs them and they can be read."""
        task = self._watcher.tasks.get(ref)
        if task is None or not needs_seen(task, answer):
            return None
        try:
            return (await self._store.details(ref)).videos
        except StoreFailed:
            return None
