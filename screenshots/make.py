"""Makes the pictures of this folder from the simulator: `python screenshots/make.py`.

The engine is run through half an hour of the simulated service, then the screen is drawn once, still.
"""

import asyncio
import heapq
import os
import sys
import time
from pathlib import Path
from random import Random

from tiwtui.api import wire
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.api.signing import SIGNED_HEADERS, authorization
from tiwtui.session import Session, open_session
from tiwtui.settings import Settings
from tiwtui.sim.exchange import Reply, Request
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.world import SDK_APP_ID, World
from tiwtui.tasks import Task, TaskRef
from tiwtui.ui.app import TiwtuiApp
from tiwtui.watch.store import MemoryStore
from tiwtui.watch.watcher import Watcher

HERE = Path(__file__).parent
HOST = "tiw.tencentcloudapi.com"
REGION = "ap-singapore"
SEED = 5
BEGAN = 1_790_000_000.0
RUN_S = 1500.0


class StillClock:
    """A clock that has stopped at the end of the run."""

    def monotonic(self) -> float:
        return RUN_S

    def wall(self) -> float:
        return BEGAN + RUN_S

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        await woken.wait()


class Keys:
    """The simulated service's own."""

    def load(self) -> Credentials:
        keys = demo_keys(SEED)
        return Credentials(Secret(keys.secret_id), Secret(keys.secret_key), None, "picture")


def ask(service: Service, ref: TaskRef, now: float) -> bytes:
    """Return the answer's bytes to one signed check at `now`."""
    keys, body, stamp = demo_keys(SEED), wire.request_body(ref), int(BEGAN + now)
    headers = {
        "content-type": "application/json",
        "host": HOST,
        "x-tc-action": wire.ACTION,
        "x-tc-version": wire.VERSION,
        "x-tc-region": REGION,
        "x-tc-timestamp": str(stamp),
    }
    headers["authorization"] = authorization(
        keys.secret_id,
        keys.secret_key,
        method="POST",
        query="",
        signed={name: headers[name] for name in SIGNED_HEADERS},
        payload=body,
        timestamp=stamp,
        service=wire.SERVICE,
    )
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    reply = service.answer(Request.of("POST", "/", raw, body), now=now, wall=BEGAN + now)
    assert isinstance(reply, Reply)
    return reply.body


async def half_an_hour(count: int) -> MemoryStore:
    """Return a store with what the engine found of `count` tasks, the later ones added later."""
    world = World(SEED, began_at=BEGAN)
    service = Service(world, Setup(demo_keys(SEED)), started=0.0)
    watcher, store = Watcher(random=Random(1)), MemoryStore()
    waiting = list(world.refs(count))
    flying: list[tuple[float, TaskRef]] = []
    now = 0.0
    while now < RUN_S:
        while waiting and now >= (count - len(waiting)) * 4.0:
            ref = waiting.pop(0)
            watcher.add(ref, world.label(ref), now, BEGAN + now)
            await store.add([Task(ref, BEGAN + now, world.label(ref), phase_since=BEGAN + now)])
        while flying and flying[0][0] <= now:
            ref = heapq.heappop(flying)[1]
            answer = wire.parse(ask(service, ref, now))
            found = watcher.complete(ref, answer, now, BEGAN + now)
            if found is not None:
                store.record(found)
        while (due := watcher.due(now)) is not None:
            heapq.heappush(flying, (now + 0.08, due))
        now += 0.05
    return store


async def picture(name: str, size: tuple[int, int], *keys: str) -> None:
    """Draw the screen after some keys and keep it as an SVG."""
    session: Session = open_session(
        Settings(parse_endpoint(HOST), REGION, SDK_APP_ID, profile="school"),
        Keys(),
        store=await half_an_hour(60),
        clock=StillClock(),
    )
    app = TiwtuiApp(session)
    async with app.run_test(size=size) as pilot:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause()
        (HERE / f"{name}.svg").write_text(app.export_screenshot(title="tiwtui"), "utf-8")


async def main() -> None:
    """Make every picture."""
    await picture("main", (120, 36), "3", "j", "j")
    await picture("timeline", (120, 36), "3", "j", "j", "]")
    await picture("narrow", (50, 30))


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    asyncio.run(main())
    sys.exit(0)
