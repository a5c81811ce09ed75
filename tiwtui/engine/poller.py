"""The driver around the state machine: due → client → complete → store → publish → wait or be woken.

It plans before it sends: when `due` names a task, it is in flight. Its slot is spent when its connection is
ready and its bytes go out. A bug in a check ends the poller; everything the network can do is a value.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from tiwtui.api.answers import Answer
from tiwtui.api.departure import Slot, Withheld
from tiwtui.clock import Clock
from tiwtui.engine.flights import Flights
from tiwtui.engine.rate_limit import RateLimit
from tiwtui.engine.transitions import CheckResult, needs_seen
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Details, TaskRef, Video

LONGEST_WAIT_S = 5.0
"""A check that waits longer for its slot is planned again: its connection would be closed by then."""


class Service(Protocol):
    """A service that can be asked about a task."""

    async def describe(self, ref: TaskRef, slot: Slot) -> Answer:
        """Return what is said of a task, asked in its slot. Raises `Withheld` where the slot does."""
        ...


class _CheckSlot:
    """One check's wait for its slot; `spent` is called once it has left."""

    def __init__(
        self,
        ref: TaskRef,
        flights: Flights,
        rate_limit: RateLimit,
        clock: Clock,
        planned_at: float,
        spent: Callable[[], None],
    ) -> None:
        self._ref = ref
        self._flights = flights
        self._rate_limit = rate_limit
        self._clock = clock
        self._planned_at = planned_at
        self._spent = spent
        self.woken = asyncio.Event()

    async def wait(self) -> None:
        """Return in the check's slot. Raises `Withheld` if it may no longer leave, or waited too long."""
        now = self._clock.monotonic()
        gives_up_at = now + LONGEST_WAIT_S
        self._flights.ready(self._ref, now)
        while True:
            self.woken.clear()
            if not self._flights.may_leave(self._ref, now) or now >= gives_up_at:
                raise Withheld
            leaves_at = self._flights.leaves_at(self._ref, now)
            if leaves_at is not None and now >= leaves_at:
                break
            again_at = gives_up_at if leaves_at is None else self._rate_limit.look_again_at(leaves_at, now)
            await self._clock.wait(self.woken, min(gives_up_at, again_at))
            now = self._clock.monotonic()
        self._flights.leave(self._ref, now, late_s=now - max(self._planned_at, leaves_at))
        self._spent()

    def left(self) -> None:
        """Note when the last byte was written: the next check leaves a whole gap later."""
        self._rate_limit.spend(self._clock.monotonic())


class Poller:
    """Sends what the watcher plans and hands it what comes back; `statistics` is the book of that.

    `record` saves what a check found; `details` returns what is saved of a task, or `None`.
    `publish` is called after each change with nothing: the watcher holds the changes. `read_keys` reads the
    keys again and returns whether they are others than before.
    """

    def __init__(
        self,
        watcher: Watcher,
        service: Service,
        clock: Clock,
        *,
        record: Callable[[CheckResult], None],
        details: Callable[[TaskRef], Awaitable[Details | None]],
        publish: Callable[[], None],
        read_keys: Callable[[], bool],
    ) -> None:
        self._watcher = watcher
        self._service = service
        self._record = record
        self._details = details
        self._clock = clock
        self._publish = publish
        self._read_keys = read_keys
        self._woken = asyncio.Event()
        self._wakes_at: float | None = None
        self._slots: set[_CheckSlot] = set()

    def wake(self) -> None:
        """Look at the plan again: something about it changed."""
        self._woken.set()
        for slot in self._slots:
            slot.woken.set()

    async def run(self) -> None:
        """Check tasks until cancelled."""
        async with asyncio.TaskGroup() as checks:
            while True:
                self._woken.clear()
                now = self._clock.monotonic()
                if self._watcher.keys_are_due(now):
                    self._watcher.keys_read(now, changed=self._read_keys())
                self._watcher.statistics.note_mode(self._watcher.breaker, self._clock.wall())
                planned_at = now if self._wakes_at is None else min(now, self._wakes_at)
                while (ref := self._watcher.due(now)) is not None:
                    checks.create_task(self._check(ref, planned_at))
                self._wakes_at = self._watcher.wake_at(now)
                await self._clock.wait(self._woken, self._wakes_at)

    async def _check(self, ref: TaskRef, planned_at: float) -> None:
        # When a check has left, the next one is first, and there is room for another plan.
        slot = _CheckSlot(
            ref, self._watcher.flights, self._watcher.rate_limit, self._clock, planned_at, self.wake
        )
        self._slots.add(slot)
        try:
            answer = await self._service.describe(ref, slot)
        except Withheld:
            self._watcher.call_off(ref, self._clock.monotonic())
            # The circuit breaker may have closed before the check was back in the plan.
            self.wake()
            return
        finally:
            self._slots.discard(slot)
        seen = await self._seen(ref, answer)
        result = self._watcher.complete(ref, answer, self._clock.monotonic(), self._clock.wall(), seen)
        if result is not None:
            self._record(result)
        self._publish()
        self.wake()

    async def _seen(self, ref: TaskRef, answer: Answer) -> tuple[Video, ...] | None:
        """Return the saved videos of a task, where its answer needs them and they can be read."""
        task = self._watcher.tasks.get(ref)
        if task is None or not needs_seen(task, answer):
            return None
        saved = await self._details(ref)
        return None if saved is None else saved.videos
