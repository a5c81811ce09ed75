"""Makes the pictures of this folder from the simulator: `python screenshots/make.py`.

The engine is run through some minutes of the simulated service, then the screen is drawn once, still.
"""

import asyncio
import heapq
import os
import sys
import time
from pathlib import Path
from random import Random

import httpx
from tiwtui.store.store import MemoryStore

from tiwtui.api import wire
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.api.key_ring import KeyRing
from tiwtui.api.signing import SIGNED_HEADERS, authorization
from tiwtui.config.settings import Settings
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Task, TaskRef
from tiwtui.session import Session, Target, client_for
from tiwtui.sim.http_types import Reply, Request
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.world import SDK_APP_ID, World
from tiwtui.ui.app import TiwtuiApp

HERE = Path(__file__).parent
HOST = "tiw.tencentcloudapi.com"
REGION = "ap-singapore"
SEED = 5
BEGAN = 1_790_000_000.0
RUN_S = 420.0
LABELS = ("Maths 3A", "Physics 2", "Chemistry 10", "English B2", "Art club")


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


class Silence(httpx.AsyncBaseTransport):
    """A network on which nothing is ever answered: the picture is of a moment."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError


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


def label_of(world: World, ref: TaskRef) -> str:
    """Return a label that every font of a browser draws in cells of one width."""
    label = world.label(ref)
    is_narrow = all(character < "\u0300" for character in label)
    return label if is_narrow else LABELS[(world.place(ref.task_id) or 0) % len(LABELS)]


async def watched_for_a_while(count: int) -> tuple[Watcher, MemoryStore]:
    """Return the engine and what it found of `count` tasks, each added four seconds after the one before."""
    world = World(SEED, began_at=BEGAN)
    service = Service(world, Setup(demo_keys(SEED)), started=0.0)
    watcher, store = Watcher(random=Random(1)), MemoryStore()
    waiting = list(world.refs(count))
    flying: list[tuple[float, TaskRef]] = []
    now = 0.0
    while now < RUN_S:
        while waiting and now >= (count - len(waiting)) * 4.0:
            ref = waiting.pop(0)
            watcher.add(ref, label_of(world, ref), now, BEGAN + now)
            await store.add([Task(ref, BEGAN + now, label_of(world, ref), phase_since=BEGAN + now)])
        while flying and flying[0][0] <= now:
            ref = heapq.heappop(flying)[1]
            answer = wire.parse(ask(service, ref, now))
            found = watcher.complete(ref, answer, now, BEGAN + now)
            if found is not None:
                store.record(found)
        while (due := watcher.due(now)) is not None:
            heapq.heappush(flying, (now + 0.08, due))
        now += 0.05
    return watcher, store


async def picture(name: str, size: tuple[int, int], *pressed: str) -> None:
    """Draw the screen after some keys and keep it as an SVG."""
    watcher, store = await watched_for_a_while(60)
    keys, clock = KeyRing(Keys()), StillClock()
    settings = Settings(parse_endpoint(HOST), REGION, SDK_APP_ID)
    session = Session(
        Target("school", HOST, REGION, SDK_APP_ID),
        watcher=watcher,
        store=store,
        client=client_for(settings, keys, clock, Silence()),
        keys=keys,
        clock=clock,
        who="pts/3",
    )
    app = TiwtuiApp(session)
    async with app.run_test(size=size) as pilot:
        for key in pressed:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause()
        (HERE / f"{name}.svg").write_text(app.export_screenshot(title="tiwtui"), "utf-8")


async def main() -> None:
    """Make every picture."""
    to_a_ready_task = ["j"] * 14
    await picture("main", (120, 36), *to_a_ready_task)
    await picture("timeline", (120, 36), *to_a_ready_task, "]")
    await picture("narrow", (50, 30))


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    asyncio.run(main())
    sys.exit(0)
