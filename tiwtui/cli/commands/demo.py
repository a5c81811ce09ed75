"""`tiwtui demo`: the screen on the built-in simulated service; no account, no network, nothing saved."""

import time

import click
import msgspec

from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.cli.commands.run_app import run_app, screen_config
from tiwtui.cli.options import SEED, SPEED, TASKS, options_of, world_options
from tiwtui.composition import open_session
from tiwtui.config.config import Config
from tiwtui.config.settings import Settings
from tiwtui.i18n import _
from tiwtui.model import Task
from tiwtui.sim.request_check import REGION
from tiwtui.sim.service import DEMO_LATENCY_S, Service, Setup, demo_keys
from tiwtui.sim.transport import SimTransport
from tiwtui.sim.world import SDK_APP_ID, World
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore


class DemoKeys(msgspec.Struct, frozen=True):
    """The credentials that the simulated service accepts."""

    seed: int

    def load(self) -> Credentials:
        keys = demo_keys(self.seed)
        return Credentials(Secret(keys.secret_id), Secret(keys.secret_key), None, "demo")


@click.command("demo")
@world_options(_("How many tasks are watched."))
@click.pass_context
def command(context: click.Context, tasks: int, seed: int, speed: float) -> None:
    """Open the screen on a simulated service; nothing is saved.

    It needs no account and no network.
    """
    options = options_of(context)
    context.exit(run_demo(screen_config(options), tasks, seed, speed, options.tab))


def run_demo(
    config: Config, tasks: int = TASKS, seed: int = SEED, speed: float = SPEED, tab: str | None = None
) -> int:
    """Run the screen on a simulated service until the user leaves it; return the exit code."""
    began = time.time()
    world = World(seed, began_at=float(int(began)))
    service = Service(world, Setup(demo_keys(seed), speed, DEMO_LATENCY_S), started=time.monotonic())
    session = open_session(
        Settings(parse_endpoint("https://simulated.invalid"), REGION, SDK_APP_ID, profile="demo"),
        DemoKeys(seed),
        store=TaskStore(
            Database(None),
            tasks=[Task(ref, began, world.label(ref), phase_since=began) for ref in world.refs(tasks)],
        ),
        transport=SimTransport(service),
    )
    return run_app(session, config, tab=tab).exit_code
