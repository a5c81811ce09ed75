"""Makes the pictures of this folder from the simulator: `python screenshots/make.py`.

A whole session runs through some minutes of the simulated service below the screen, on a clock of its own
that stands still while the screen is drawn.
"""

import asyncio
import os
import sys
import time
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.factories import FakeClock
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.composition import open_session
from tiwtui.config.settings import Settings
from tiwtui.model import TaskRef
from tiwtui.session import Session
from tiwtui.sim.request_check import REGION
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.transport import SimTransport
from tiwtui.sim.world import SDK_APP_ID, World
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore
from tiwtui.ui.app import TiwtuiApp

HOST = "tiw.tencentcloudapi.com"
SEED = 5
BEGAN = 1_790_000_000.0
RUN_S = 420.0
TASKS = 60
BETWEEN_TASKS_S = 4.0
SORTED_AFTER_S = 5.0
"""The list is not sorted again while keys are pressed."""
LABELS = ("Maths 3A", "Physics 2", "Chemistry 10", "English B2", "Art club")


class Keys:
    """The simulated service's own."""

    def load(self) -> Credentials:
        keys = demo_keys(SEED)
        return Credentials(Secret(keys.secret_id), Secret(keys.secret_key), None, "picture")


def label_of(world: World, ref: TaskRef) -> str:
    """Return a label that every font of a browser draws in cells of one width."""
    label = world.label(ref)
    is_narrow = all(character < "\u0300" for character in label)
    return label if is_narrow else LABELS[(world.place(ref.task_id) or 0) % len(LABELS)]


async def watch_for_a_while(session: Session, clock: FakeClock, world: World) -> None:
    """Let a session run for `RUN_S`; a task is added now and then."""
    ends_at = clock.now + RUN_S
    for ref in world.refs(TASKS):
        await session.add([(ref, label_of(world, ref))])
        await clock.run_until(clock.now + BETWEEN_TASKS_S)
    await clock.run_until(ends_at)


async def picture(name: str, size: tuple[int, int], *pressed: str) -> None:
    """Draw the screen after some keys and save it as an SVG."""
    clock, world = FakeClock(BEGAN), World(SEED, began_at=BEGAN)
    service = Service(world, Setup(demo_keys(SEED)), started=clock.now)
    session = open_session(
        Settings(parse_endpoint(HOST), REGION, SDK_APP_ID, profile="school"),
        Keys(),
        store=TaskStore(Database(None)),
        clock=clock,
        transport=SimTransport(service, now=clock.monotonic, wall=clock.wall, sleep=clock.sleep),
        random=Random(1),
    )
    app = TiwtuiApp(session, monotonic=clock.monotonic)
    async with app.run_test(size=size) as pilot:
        await watch_for_a_while(session, clock, world)
        await pilot.press("g")
        await clock.run_until(clock.now + SORTED_AFTER_S)
        app.main.tick()
        for key in pressed:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause(2.0)
        (HERE / f"{name}.svg").write_text(app.export_screenshot(title="tiwtui"), "utf-8")


async def main() -> None:
    """Make every picture."""
    to_a_ready_task = ["j"] * 14
    await picture("main", (120, 36), *to_a_ready_task)
    await picture("timeline", (120, 36), *to_a_ready_task, "tab", "right_square_bracket", "j", "j")
    await picture("narrow", (50, 30))


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    os.environ |= {"TZ": "UTC", "COLORTERM": "truecolor"}
    time.tzset()
    asyncio.run(main())
