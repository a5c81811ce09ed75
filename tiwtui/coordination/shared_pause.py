"""The pause that all processes share, as one of them applies it.

A pause ends after its time, by the wall clock that the processes share or by this process's own monotonic
clock, whichever is sooner: the first counts while the machine sleeps, the second cannot be set back.
"""

import math

from tiwtui.clock import Clock
from tiwtui.coordination.sender_requests import Pause
from tiwtui.engine.watcher import Watcher


class SharedPause:
    """Pauses and continues one process's watcher; `changes` counts what was done in this process."""

    def __init__(self, watcher: Watcher, clock: Clock, name: str, lasts_s: float | None) -> None:
        self._watcher = watcher
        self._clock = clock
        self._name = name
        self._lasts_s = lasts_s
        self._pause: Pause | None = None
        self.changes = 0

    def begin(self) -> Pause:
        """Pause here, or begin the time of a pause again; return what the others are to read."""
        self.changes += 1
        pause = Pause(self._name, self._clock.wall(), self._lasts_s)
        self._apply(pause)
        return pause

    def resume(self) -> None:
        """Continue here, and try again whatever was stopped by trouble."""
        self.changes += 1
        self._watcher.resume(self._clock.monotonic())

    def take(self, pause: Pause | None) -> None:
        """Apply what the database says; a pause that ended here is not begun again."""
        if pause is not None and pause != self._pause:
            self._apply(pause)
        elif pause is None and self._watcher.breaker.paused_by is not None:
            self._watcher.end_pause(self._clock.monotonic())

    def end_in_time(self) -> Pause | None:
        """End a pause whose time is over and return it, else `None`."""
        now, pause, until = self._clock.monotonic(), self._pause, self._watcher.breaker.paused_until
        if pause is None or until is None or (now < until and self._left_s(pause) > 0):
            return None
        self.changes += 1
        self._watcher.end_pause(now)
        return pause

    def _apply(self, pause: Pause) -> None:
        self._pause = pause
        now, wall = self._clock.monotonic(), self._clock.wall()
        left_s = min(math.inf if pause.lasts_s is None else pause.lasts_s, self._left_s(pause))
        until = None if pause.lasts_s is None else now + max(0.0, left_s)
        self._watcher.pause(pause.name, now - max(0.0, wall - pause.at), until)

    def _left_s(self, pause: Pause) -> float:
        return math.inf if pause.lasts_s is None else pause.at + pause.lasts_s - self._clock.wall()
