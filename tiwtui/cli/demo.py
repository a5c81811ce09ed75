"""`tiwtui demo`: the screen on the built-in simulated service; no account, no network, nothing saved."""

import click

from tiwtui.catalog import _
from tiwtui.cli.options import finite


@click.command()
@click.option(
    "--tasks",
    type=click.IntRange(0, 1_000_000),
    default=40,
    show_default=True,
    help=_("How many tasks are watched."),
)
@click.option("--seed", type=int, default=1, show_default=True, help=_("Which world is simulated."))
@click.option(
    "--speed",
    type=float,
    callback=finite,
    default=1.0,
    show_default=True,
    help=_("Simulated seconds per second in the lives of the tasks."),
)
@click.pass_context
def demo(context: click.Context, tasks: int, seed: int, speed: float) -> None:
    """Show the screen on a simulated service: no account, no network, nothing saved."""
    import time

    from tiwtui.api.credentials import Credentials, Secret
    from tiwtui.api.endpoint import parse_endpoint
    from tiwtui.cli.screen import run
    from tiwtui.session import open_session
    from tiwtui.settings import Settings
    from tiwtui.sim.parameters import REGION
    from tiwtui.sim.service import DEMO_LATENCY_S, Service, Setup, demo_keys
    from tiwtui.sim.transport import SimTransport
    from tiwtui.sim.world import SDK_APP_ID, World
    from tiwtui.tasks import Task
    from tiwtui.watch.store import MemoryStore

    class DemoKeys:
        def load(self) -> Credentials:
            keys = demo_keys(seed)
            return Credentials(Secret(keys.secret_id), Secret(keys.secret_key), None, "demo")

    began = time.time()
    world = World(seed, began_at=float(int(began)))
    service = Service(world, Setup(demo_keys(seed), speed, DEMO_LATENCY_S), started=time.monotonic())
    session = open_session(
        Settings(parse_endpoint("https://simulated.invalid"), REGION, SDK_APP_ID, profile="demo"),
        DemoKeys(),
        store=MemoryStore(Task(ref, began, world.label(ref), phase_since=began) for ref in world.refs(tasks)),
        transport=SimTransport(service),
    )
    context.exit(run(session))
