"""The fake session of the screen's tests does what a real one does: a contract for both."""

import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any, cast

import pytest

from tests.factories import FakeClock, make_ref
from tests.ui.fake_session import StillHandling, StillSession
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.composition import open_session
from tiwtui.config.settings import Settings
from tiwtui.coordination.handling import Handling
from tiwtui.engine.status import Mode
from tiwtui.model import Done, Phase
from tiwtui.session import Session
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.transport import SimTransport
from tiwtui.sim.world import SDK_APP_ID, World
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio

MATHS, PHYSICS, HISTORY, UNKNOWN = map(make_ref, ("maths", "physics", "history", "unknown"))


class _Keys:
    def load(self) -> Credentials:
        keys = demo_keys(7)
        return Credentials(Secret(keys.secret_id), Secret(keys.secret_key), None, "test")


@asynccontextmanager
async def _real() -> AsyncIterator[Session]:
    clock = FakeClock()
    service = Service(World(7), Setup(demo_keys(7)), started=clock.now)
    session = open_session(
        Settings(parse_endpoint("https://simulated.invalid"), "ap-singapore", SDK_APP_ID),
        _Keys(),
        store=TaskStore(Database(None)),
        clock=clock,
        transport=SimTransport(service, now=clock.monotonic, wall=clock.wall, sleep=clock.sleep),
        random=Random(1),
    )
    await session.start()
    yield session
    await session.close()


@asynccontextmanager
async def _fake() -> AsyncIterator[Session]:
    yield cast(Session, StillSession())


async def _steps(session: Session) -> AsyncIterator[Any]:
    """Go through the steps of a person; yield what can be seen after each."""
    yield await session.add([(MATHS, "Maths"), (PHYSICS, None)])
    yield await session.add([(MATHS, "Maths 3B"), (PHYSICS, None), (HISTORY, None)])
    await session.label(PHYSICS, "Physics")
    yield "labelled"
    yield await session.remove([PHYSICS, UNKNOWN])
    yield [gone.task.ref for gone in await session.removed()]
    yield await session.restore([PHYSICS, UNKNOWN])
    yield [gone.task.ref for gone in await session.removed()]
    yield await session.remove([HISTORY, PHYSICS])
    yield await session.add([(PHYSICS, None), (HISTORY, "History")])
    await session.handling.see([MATHS])
    await session.handling.acknowledge({MATHS: Done(5.0, "anna", ("failed",)), UNKNOWN: None})
    await session.handling.flag([MATHS, UNKNOWN], 5.0)
    await session.handling.take({MATHS: ("a",), UNKNOWN: ()})
    await session.handling.untake(await session.handling.take({MATHS: ("a", "b")}))
    yield session.tasks[MATHS].taken_videos, session.tasks[MATHS].done
    yield (await session.details(MATHS)).videos
    session.check_now([MATHS, UNKNOWN])
    session.attend(MATHS, [MATHS, PHYSICS])
    session.attend(None, ())
    session.pause()
    yield session.status().mode is Mode.PAUSED
    session.resume()
    yield session.status().mode is Mode.PAUSED
    session.set_budget(5.0)
    yield session.status().budget


async def _trace(session: Session) -> list[Any]:
    heard: set[Any] = set()
    stop = session.subscribe(heard.update)
    trace = []
    async for seen in _steps(session):
        tasks = [(ref, task.label, task.phase is Phase.NEW) for ref, task in session.tasks.items()]
        trace.append((seen, tasks, sorted(ref.task_id for ref in heard)))
        heard.clear()
    stop()
    return trace


async def test_the_fake_session_goes_through_the_same_steps_as_a_real_one() -> None:
    """What the screen's tests show is worth nothing where the session they stand on behaves otherwise."""
    async with _real() as real, _fake() as fake:
        assert await _trace(fake) == await _trace(real)


def test_the_fake_session_has_the_signatures_of_the_real_one() -> None:
    """It is handed over by a cast, which no type checker looks behind."""
    methods: dict[str, Callable[..., Any]] = {
        name: method
        for name, method in vars(StillSession).items()
        if inspect.isfunction(method) and not name.startswith("_") and name not in ("put", "drop", "commit")
    }
    assert len(methods) > 20
    for name, method in methods.items():
        assert inspect.signature(method) == inspect.signature(getattr(Session, name)), name
    for name in ("see", "acknowledge", "flag", "take", "untake"):
        assert inspect.signature(getattr(StillHandling, name)) == inspect.signature(getattr(Handling, name))
