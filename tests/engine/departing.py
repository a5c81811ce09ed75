"""A whole sender on a server that makes it wait for connections; when each check left is noted."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx

from tests.api.test_client_tls_and_proxy import TEST_CERTIFICATE
from tests.engine.findings import Findings
from tests.factories import envelope, make_task
from tests.raw_server import Act, RawServer, Then, Wire, answer, raw_server
from tiwtui.api.answers import Answer, NoAnswer
from tiwtui.api.client import Client, http_for
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.departure import Slot
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.clock import SystemClock
from tiwtui.engine.poller import Poller
from tiwtui.engine.watcher import Watcher
from tiwtui.model import TaskRef

QUEUED = answer(envelope(Status="QUEUED"))
KEYS = Credentials(Secret("AKIDnotarealkeyid"), Secret("NotARealSecretKeyAtAll"), None, "test")
SLOWEST_HANDSHAKE_S = 0.6
CLOSED_SHARE = 0.3


@dataclass
class Sent:
    """What left: when (monotonic), how many had no answer, and the poller and server of it."""

    server: RawServer
    watcher: Watcher
    left: list[float] = field(default_factory=list)
    answers: int = 0
    failed: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, count: int) -> None:
        """Return once so many have left."""
        while len(self.left) < count:
            self.changed.clear()
            await self.changed.wait()


class _NotedSlot:
    """A check's slot, with its end written down."""

    def __init__(self, slot: Slot, left: Callable[[], None]) -> None:
        self._slot = slot
        self._left = left

    async def wait(self) -> None:
        await self._slot.wait()

    def left(self) -> None:
        self._slot.left()
        self._left()


class _Noting:
    """A client whose departures and answers are written down."""

    def __init__(self, client: Client, sent: Sent) -> None:
        self._client = client
        self._sent = sent

    async def describe(self, ref: TaskRef, slot: Slot) -> Answer:
        noted = _NotedSlot(slot, self._note)
        try:
            found = await self._client.describe(ref, noted)
        finally:
            self._sent.changed.set()
        self._sent.answers += 1
        self._sent.failed += isinstance(found, NoAnswer)
        return found

    def _note(self) -> None:
        self._sent.left.append(time.monotonic())
        self._sent.changed.set()


def closing_at_random(random: Random) -> Act:
    """Return an act that answers and then closes a part of the connections."""

    async def act(wire: Wire) -> Then:
        await QUEUED(wire)
        return Then.CLOSE if random.random() < CLOSED_SHARE else Then.KEEP

    return act


@contextlib.asynccontextmanager
async def sending(rate: float) -> AsyncIterator[Sent]:
    """Check tasks over TLS, with handshakes of 0 to 0.6 s and random closings, until the block ends."""
    random = Random(1)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pem"
        file.write_text(TEST_CERTIFICATE)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(file)
        trusting = httpx.AsyncHTTPTransport(
            verify=ssl.create_default_context(cafile=str(file)),
            limits=httpx.Limits(max_connections=40, max_keepalive_connections=40),
        )

    async def handshake() -> None:
        await asyncio.sleep(random.uniform(0, SLOWEST_HANDSHAKE_S))

    async with (
        raw_server(closing_at_random(random), tls=tls, before_tls=handshake) as server,
        on(server, rate, transport=trusting) as sent,
    ):
        yield sent


@contextlib.asynccontextmanager
async def on(
    server: RawServer, rate: float, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Sent]:
    """Check tasks on a server until the block ends."""
    place = parse_endpoint(server.endpoint)
    clock = SystemClock()
    watcher = Watcher(budget=rate)
    client = Client(http_for(place, transport), place, "ap-singapore", lambda: KEYS, clock.wall)
    found = Findings([make_task(number) for number in range(2000)])
    sent = Sent(server, watcher)
    poller = Poller(
        watcher,
        _Noting(client, sent),
        clock,
        record=found.record,
        details=found.details,
        publish=lambda: None,
        read_keys=lambda: False,
    )
    watcher.load(found.tasks, clock.monotonic(), clock.wall())
    running = asyncio.create_task(poller.run())
    try:
        yield sent
    finally:
        # Not cancelled in a handshake: httpcore leaves the socket to the garbage collector there.
        watcher.pause("test", clock.monotonic())
        poller.wake()
        while len(watcher.flights):
            sent.changed.clear()
            await sent.changed.wait()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await client.aclose()
