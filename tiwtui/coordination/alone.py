"""A watch list that no other process shares: what `demo` and `get` have in the place of `Sharing`."""

import asyncio
from collections.abc import Callable, Iterable

from tiwtui.clock import Clock
from tiwtui.coordination.peers import Sharers
from tiwtui.engine.status import Status
from tiwtui.engine.watcher import Watcher
from tiwtui.model import TaskRef


class Alone:
    """The same face as `Sharing`, for a process that is always the sender."""

    is_sender = True
    trouble: str | None = None

    def __init__(self, watcher: Watcher, clock: Clock, *, name: str, wake: Callable[[], None]) -> None:
        self._watcher = watcher
        self._clock = clock
        self._name = name
        self._wake = wake

    def status(self) -> Status:
        """Return how the watching stands."""
        return self._watcher.status(self._clock.monotonic(), self._clock.wall())

    def sharers(self) -> Sharers:
        """Return who shares the list: nobody."""
        return Sharers(self._name, is_here=True)

    async def run(self) -> None:
        """Do nothing until cancelled: there is nobody to look for."""
        await asyncio.Event().wait()

    def check_now(self, refs: Iterable[TaskRef]) -> None:
        """Have tasks checked as soon as there is a slot."""
        self._watcher.check_now(refs, self._clock.monotonic())
        self._wake()

    def pause(self) -> None:
        """Stop the checks."""
        self._watcher.pause(self._name, self._clock.monotonic())
        self._wake()

    def resume(self) -> None:
        """Go on, and try again whatever was stopped."""
        self._watcher.resume(self._clock.monotonic())
        self._wake()

    def set_budget(self, per_second: float) -> None:
        """Send at most this many checks a second."""
        self._watcher.rate_limit.set_budget(per_second)
        self._wake()

    def attend(self, selected: TaskRef | None, on_screen: Iterable[TaskRef]) -> None:
        """Note what the person looks at."""
        self._watcher.attend(selected, on_screen, self._clock.monotonic())
        self._wake()
