"""`tiwtui sim`: serve the simulated service over HTTP on loopback, for scripts and other programs."""

import asyncio
import json
import signal
import time

import click

from tiwtui.cli.exit_codes import Exit
from tiwtui.cli.options import world_options
from tiwtui.i18n import _
from tiwtui.sim.faults import Fault, parse_fault
from tiwtui.sim.request_check import REGION
from tiwtui.sim.server import SimServer, serve
from tiwtui.sim.service import DEMO_LATENCY_S, Service, Setup, demo_keys
from tiwtui.sim.world import SDK_APP_ID, World


def _read_faults(
    context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> dict[Fault, float]:
    try:
        return dict(parse_fault(text) for text in texts)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), context, option) from None


@click.command("sim")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8787,
    show_default=True,
    help=_("Port on 127.0.0.1; 0 takes a free one."),
)
@world_options(_("How many task ids the first line lists."))
@click.option(
    "--fault",
    "faults",
    callback=_read_faults,
    metavar="NAME:SHARE",
    multiple=True,
    help=_(
        "Give a share from 0 to 1 of the requests this fault: latency, http500, reset, hang, html, "
        "truncated, throttle, internal, clock or garbled. Can be given several times."
    ),
)
@click.pass_context
def command(
    context: click.Context,
    port: int,
    seed: int,
    speed: float,
    tasks: int,
    faults: dict[Fault, float],
) -> None:
    """Serve the simulated service over HTTP on loopback until interrupted.

    The first line on standard output is a JSON object with endpoint, keys and task ids, for scripts.
    """
    setup = Setup(demo_keys(seed), speed=speed, latency_s=DEMO_LATENCY_S, faults=faults)
    # Whole seconds, as in the dates of failure messages.
    world = World(seed, began_at=float(int(time.time())))
    context.exit(asyncio.run(_serve(world, setup, port, tasks)))


async def _serve(world: World, setup: Setup, port: int, tasks: int) -> int:
    """Serve until a signal ends the process; return the exit code."""
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, end, Exit.INTERRUPTED)
    loop.add_signal_handler(signal.SIGTERM, end, 0)
    try:
        server = await serve(Service(world, setup, started=time.monotonic()), port)
    except OSError as error:
        message = _("port {port} of 127.0.0.1 cannot be used ({reason}); choose another, or 0 for a free one")
        reason = error.strerror or error
        raise click.BadParameter(message.format(port=port, reason=reason), param_hint="'--port'") from None
    try:
        click.echo(json.dumps(_introduction(server, world, setup, tasks)))
        message = _("Simulated service on {endpoint}, {tasks} tasks listed. Ctrl+C ends it.")
        click.echo(message.format(endpoint=server.endpoint, tasks=tasks), err=True)
        return await ended
    finally:
        await server.close()


def _introduction(server: SimServer, world: World, setup: Setup, tasks: int) -> dict[str, object]:
    return {
        "endpoint": server.endpoint,
        "region": REGION,
        "sdk_app_id": SDK_APP_ID,
        "secret_id": setup.keys.secret_id,
        "secret_key": setup.keys.secret_key,
        "tasks": [ref.task_id for ref in world.refs(tasks)],
    }
