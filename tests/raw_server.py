"""A server of raw bytes on loopback, for what no good server would send. Knows nothing of the program.

It reads one HTTP request after the other from each connection and meets each with the next act of its
script; the last act goes on for ever. It records the bytes that it receives, with their times.
"""

import asyncio
import contextlib
import itertools
import socket
import ssl
import struct
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeVar

T = TypeVar("T")

LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came: `at` is when it was whole (monotonic), `connection` counts from 1."""

    head: bytes
    body: bytes
    at: float
    connection: int

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    @property
    def lines(self) -> list[bytes]:
        """The request line and the headers, without line ends."""
        return self.head.removesuffix(b"\r\n\r\n").split(b"\r\n")

    @property
    def headers(self) -> dict[str, str]:
        """Values as sent, by lower-case name."""
        pairs = (line.decode("latin-1").partition(":") for line in self.lines[1:])
        return {name.lower(): value.strip() for name, _colon, value in pairs}


class Then(Enum):
    """What becomes of the connection once an act has said its bytes."""

    KEEP = "read the next request"
    CLOSE = "close it"
    RESET = "reset it"
    HANG = "leave it open and silent"


@dataclass(frozen=True, slots=True)
class Say:
    """Send these bytes."""

    data: bytes = b""
    then: Then = Then.KEEP

    async def __call__(self, wire: "Wire") -> Then:
        await wire.send(self.data)
        return self.then


@dataclass(frozen=True, slots=True)
class Trickle:
    """Send these bytes one at a time, `gap_s` apart, then stay silent."""

    data: bytes
    gap_s: float = 0.01

    async def __call__(self, wire: "Wire") -> Then:
        for byte in self.data:
            await wire.send(bytes([byte]))
            await asyncio.sleep(self.gap_s)
        return Then.HANG


@dataclass(frozen=True, slots=True)
class Flood:
    """Send a head, then a chunk over and over: `most_bytes` of it, or until the client goes."""

    head: bytes
    chunk: bytes
    most_bytes: int = 1_000_000_000

    async def __call__(self, wire: "Wire") -> Then:
        await wire.send(self.head)
        for _start in range(0, self.most_bytes, len(self.chunk)):
            await wire.send(self.chunk)
        return Then.CLOSE


@dataclass(slots=True)
class Wire:
    """The server's end of one connection; `sent_bytes` counts what left it."""

    writer: asyncio.StreamWriter
    sent_bytes: int = 0

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()
        self.sent_bytes += len(data)


Act = Callable[[Wire], Awaitable[Then]]


def answer(
    body: bytes, *headers: str, status: str = "200 OK", length: int | None = None, then: Then = Then.KEEP
) -> Say:
    """Return an act that sends a whole answer; `length` is the Content-Length where it is to be a lie."""
    found = len(body) if length is None else length
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {found}", *headers, "", "")
    return Say("\r\n".join(lines).encode("latin-1") + body, then)


@dataclass(slots=True)
class RawServer:
    """A running server: where it is, and what has come so far."""

    port: int
    script: Iterator[Act]
    scheme: str = "http"
    requests: list[Received] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"{self.scheme}://{LOOPBACK}:{self.port}"

    def play(self, *acts: Act) -> None:
        """Go on with another script."""
        self.script = itertools.chain(acts, itertools.repeat(acts[-1]))


async def _request(reader: asyncio.StreamReader, connection: int) -> Received:
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [
        line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-le")
    ]
    body = await reader.readexactly(int(lengths[0]) if lengths else 0)
    return Received(head, body, time.monotonic(), connection)


def _reset(writer: asyncio.StreamWriter) -> None:
    connected: socket.socket = writer.get_extra_info("socket")
    # Lingering for zero seconds makes the close a RST instead of a FIN.
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextlib.asynccontextmanager
async def raw_server(
    *acts: Act,
    tls: ssl.SSLContext | None = None,
    before_tls: Callable[[], Awaitable[None]] | None = None,
) -> AsyncIterator[RawServer]:
    """Serve the acts until the block ends; nothing of it is left open then.

    `before_tls` is awaited before each handshake.
    """
    connections: set[asyncio.Task[None]] = set()
    writers: set[asyncio.StreamWriter] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(writer)
        server.wires.append(wire)
        number = len(server.wires)
        while True:
            server.requests.append(await _request(reader, number))
            match await next(server.script)(wire):
                case Then.KEEP:
                    continue
                case Then.CLOSE:
                    return None
                case Then.RESET:
                    return _reset(writer)
                case Then.HANG:
                    await reader.read()
                    return None

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not a coroutine: one that is cancelled before its first step would leave the connection open.
        writers.add(writer)
        task = asyncio.create_task(serve(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if before_tls is not None:
                # What is read before TLS begins would be lost for it.
                transport = writer.transport
                assert isinstance(transport, asyncio.Transport)
                transport.pause_reading()
                await before_tls()
            if tls is not None:
                # Here and not by `start_server`, which reports a refused handshake as an error of the loop.
                await writer.start_tls(tls)
            await converse(reader, writer)
        except asyncio.CancelledError:
            # Cancelled below alone, where this task is waited for.
            writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    listening = await asyncio.start_server(connected, LOOPBACK, 0)
    port = listening.sockets[0].getsockname()[1]
    server = RawServer(port, iter(()), "http" if tls is None else "https")
    server.play(*acts)
    try:
        yield server
    finally:
        listening.close()
        # From the accepting of a connection to its first step here lie some turns of the loop.
        for _turn in range(10):
            await asyncio.sleep(0)
        ending = tuple(connections)
        for connection in ending:
            connection.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        # Also those that are closing: one whose client reads nothing would wait to send what it holds.
        for writer in writers:
            writer.transport.abort()
        # An aborted connection is closed in the next turn.
        await asyncio.sleep(0)
        await listening.wait_closed()


def closed_port() -> int:
    """Return a port at which nothing listens."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def in_a_thread(opening: contextlib.AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Run a server in a loop of its own, for clients that block."""
    begun: Future[tuple[T, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def live() -> None:
        ended = asyncio.Event()
        async with opening as server:
            begun.set_result((server, asyncio.get_running_loop(), ended))
            await ended.wait()

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    server, loop, ended = begun.result(timeout=30)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(timeout=30)
