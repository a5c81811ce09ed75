"""Values for tests: each with everything filled in, so that a test names only what it is about."""

import asyncio
import contextlib
import heapq
import itertools
import json
import time
from typing import Any

import msgspec

from tests.standstill import standstill
from tiwtui.api import errors
from tiwtui.api.answers import NoAnswer, Observed, Refused
from tiwtui.listing.attention.reasons import attention
from tiwtui.listing.tabs import Tab
from tiwtui.model import Task, TaskRef, Video

APP = 1_400_000_001
WALL = 1_700_000_000.0


def make_ref(name: object = "ghucnligqtgtvk2624mb", app: int = APP) -> TaskRef:
    """Return a task; a number makes an id of the usual shape."""
    return TaskRef(app, f"{name:020d}" if isinstance(name, int) else str(name))


def is_in_tab(tab: Tab, task: Task, now: float) -> bool:
    """Return whether a task is in a tab at `now`: the reference for counts that are updated step by step."""
    return attention(task, now)[0] if tab is Tab.ATTENTION else task.phase in tab.phases


def make_task(name: object = "ghucnligqtgtvk2624mb", **fields: Any) -> Task:
    """Return a task added at `WALL`."""
    fields = {"added_at": WALL, "phase_since": WALL} | fields
    return msgspec.structs.replace(Task(make_ref(name), WALL), **fields)


def make_video(**fields: Any) -> Video:
    """Return the document's sample video."""
    values: dict[str, Any] = {
        "url": "http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4",
        "video_id": "5285890792776509100",
        "user_id": "",
        "type": 2,
        "format": "mp4",
        "size_bytes": 318384,
        "duration_ms": 156750,
        "play_offset_ms": 0,
        "width": 1024,
        "height": 768,
    }
    return Video(**(values | fields))


def observed(status: str = "PROCESSING", *videos: Video, **fields: Any) -> Observed:
    """Return an answer that describes a task."""
    values: dict[str, Any] = {
        "group_id": "900822",
        "room_id": 900822,
        "total_time_ms": 156750,
        "task_id": "00e1jv8ve0jcqk7da9lb",
        "request_id": "d290f1ee-6c54-4b01-90e6-d701748f0851",
        "oddities": (),
        "raw": b"{}",
    }
    return Observed(status=status, videos=videos, **(values | fields))


def finished() -> Observed:
    """Return the answer for a task that is ready."""
    return observed("FINISHED", make_video())


def refused(code: str, message: str = "no", **fields: Any) -> Refused:
    """Return an answer with an error code."""
    return Refused(errors.meaning(code), code, message, "r-1", b"{}", **fields)


def no_answer() -> NoAnswer:
    """Return what a dead network brings."""
    return NoAnswer("timeout", "no answer in 20 s")


def envelope(**response: Any) -> bytes:
    """Return an answer's bytes."""
    return json.dumps({"Response": response}).encode()


class FastClock:
    """The machine's clocks, `speed` times as fast: what waits for a socket stays real."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self._wall = time.time()

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * self._speed

    def wall(self) -> float:
        return self._wall + self.monotonic()

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        wait_s = None if until is None else max(0.0, until - self.monotonic()) / self._speed
        # Not wait_for: up to Python 3.11 it drops a cancellation that comes together with what it waits for.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await woken.wait()


class FakeClock:
    """A clock that moves only when everything else waits for it.

    `run_until` lets tasks run until all of them wait, then jumps to the earliest moment that one waits for.
    """

    def __init__(self, wall: float = WALL) -> None:
        self.now = 1000.0
        self.wall_offset = wall - self.now
        self._timers: list[tuple[float, int, asyncio.Event]] = []
        self._count = itertools.count()
        self._waiting: set[int] = set()

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now + self.wall_offset

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        if until is None:
            await woken.wait()
        elif until > self.now:
            number = next(self._count)
            heapq.heappush(self._timers, (until, number, woken))
            self._waiting.add(number)
            try:
                await woken.wait()
            finally:
                self._waiting.discard(number)

    async def sleep(self, seconds: float) -> None:
        await self.wait(asyncio.Event(), self.now + seconds)

    async def run_until(self, end: float) -> None:
        """Move on to `end`, a moment at a time."""
        while True:
            await standstill()
            while self._timers and self._timers[0][1] not in self._waiting:
                heapq.heappop(self._timers)
            if not self._timers or self._timers[0][0] > end:
                self.now = max(self.now, end)
                return
            until, _number, woken = heapq.heappop(self._timers)
            self.now = max(self.now, until)
            woken.set()
