"""Runs commands in this process, and the simulated service for them, at a fixed time."""

import contextlib
import time
from collections.abc import AsyncIterator, Mapping

from click.testing import CliRunner, Result

from tiwtui.cli.main import tiwtui
from tiwtui.sim.faults import Fault
from tiwtui.sim.server import Clocks, SimServer, serve
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.world import CAST_SIZE, SDK_APP_ID, Failed, Finished, Unsettled, World

SEED = 5
KEYS = demo_keys(SEED)
APP = str(SDK_APP_ID)
AT_S = 200.0
"""Age of the simulated world: some tasks have ended in each way, and others still run."""

ENVIRONMENT = {"TENCENTCLOUD_SECRET_ID": KEYS.secret_id, "TENCENTCLOUD_SECRET_KEY": KEYS.secret_key}

_STATES = {ref.task_id: World(SEED).state(ref.task_id, AT_S) for ref in World(SEED).refs(CAST_SIZE)}

READY = "ghucnligqtgtvk2624mb"
OTHER_READY = next(
    name for name, state in _STATES.items() if isinstance(state, Finished) and len(state.recording.videos) > 1
)
EMPTY = next(
    name for name, state in _STATES.items() if isinstance(state, Finished) and not state.recording.videos
)
FAILED = next(name for name, state in _STATES.items() if isinstance(state, Failed))
RUNNING = next(
    name for name, state in _STATES.items() if isinstance(state, Unsettled) and state.status == "PROCESSING"
)
UNKNOWN = "neverneverneverneve0"


@contextlib.asynccontextmanager
async def simulated(
    faults: Mapping[Fault, float] | None = None, requests_per_second: int = 10_000
) -> AsyncIterator[SimServer]:
    """Serve a world whose time stays at `AT_S`; the other clocks run."""
    setup = Setup(KEYS, faults=dict(faults or {}), requests_per_second=requests_per_second)
    server = await serve(Service(World(SEED), setup, started=0.0), clocks=Clocks(now=lambda: AT_S))
    try:
        yield server
    finally:
        await server.close()


def ran(
    *words: str, environment: Mapping[str, str] = ENVIRONMENT, standard_input: str | bytes = ""
) -> Result:
    """Run the command line in this process, with these keys in the environment."""
    return CliRunner().invoke(tiwtui, words, env=dict(environment), input=standard_input)


def got(endpoint: str, *words: str, environment: Mapping[str, str] = ENVIRONMENT) -> Result:
    """Run `tiwtui get` on ids of the simulated application."""
    return ran("--endpoint", endpoint, "--sdk-app-id", APP, "get", *words, environment=environment)


class JumpingClock:
    """A clock that never waits: a wait until a moment sets the clock to it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._offset = time.time() - self.now

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now + self._offset

    async def wait(self, woken: object, until: float | None) -> None:
        assert until is not None
        self.now = max(self.now, until)
