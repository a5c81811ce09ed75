"""The simulated service over HTTP/1.1, on the loopback interface only.

1. A malformed request gets a 4xx and ends its own connection, and no other.
2. Requests of one connection are answered in order, pipelined or not; the connection stays open between them.
3. Of a body no more than the limit of the service is held in memory, however much is sent.
"""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Final, assert_never

import h11
import msgspec

from tiwtui.sim.http_types import Exchange, Hang, Headers, Reply, Request, Reset, Truncated
from tiwtui.sim.request_check import POST_LIMIT_BYTES
from tiwtui.sim.service import Service

LOOPBACK: Final = "127.0.0.1"
_IDLE_S = 75.0
_HEAD_LIMIT_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_BODILESS_METHODS = (b"HEAD", b"CONNECT")


class Clocks(msgspec.Struct, frozen=True):
    """The clocks of a server: monotonic and epoch seconds, and a sleep for its delays."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


class SimServer(msgspec.Struct):
    """A server that runs until it is closed; `port` is the one it listens on."""

    port: int
    _server: asyncio.Server
    _connections: set[asyncio.Task[None]] = msgspec.field(default_factory=set)

    @property
    def endpoint(self) -> str:
        """The URL to send requests to."""
        return f"http://{LOOPBACK}:{self.port}"

    async def close(self) -> None:
        """Stop listening and end every connection, also in the middle of an answer."""
        self._server.close()
        # A connection that was just accepted is not among them before its first step.
        await asyncio.sleep(0)
        ending = tuple(self._connections)
        for connection in ending:
            connection.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self._server.wait_closed()


async def serve(service: Service, port: int = 0, clocks: Clocks | None = None) -> SimServer:
    """Serve on 127.0.0.1, on a free port for 0; raises OSError when the port is taken."""
    connections: set[asyncio.Task[None]] = set()
    chosen = clocks or Clocks()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            await _Connection(service, reader, writer, chosen).run()
        except asyncio.CancelledError:
            # Only close() cancels this task, and waits for its end.
            writer.transport.abort()
        finally:
            connections.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    server = await asyncio.start_server(connected, LOOPBACK, port)
    return SimServer(server.sockets[0].getsockname()[1], server, connections)


class _Connection:
    """One client's connection."""

    def __init__(
        self,
        service: Service,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        clocks: Clocks,
    ) -> None:
        self._service = service
        self._reader = reader
        self._writer = writer
        self._clocks = clocks
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_LIMIT_BYTES)

    async def run(self) -> None:
        """Answer requests until one side ends the connection."""
        with contextlib.suppress(OSError, TimeoutError):
            try:
                while await self._one_exchange():
                    self._http.start_next_cycle()
            except h11.RemoteProtocolError as wrong:
                await self._refuse(wrong.error_status_hint)

    async def _one_exchange(self) -> bool:
        """Answer one request and return whether another can follow on this connection."""
        head = await self._event()
        if not isinstance(head, h11.Request):
            return False
        body = await self._body()
        if head.method in _BODILESS_METHODS:
            # h11 would not let an answer to these have a body, and after a CONNECT there would be no HTTP.
            await self._refuse(405)
            return False
        asked = Request.of(head.method.decode("ascii"), head.target.decode("latin-1"), head.headers, body)
        exchange = self._service.answer(asked, now=self._clocks.now(), wall=self._clocks.wall())
        return await self._carry(exchange) and self._can_go_on()

    def _can_go_on(self) -> bool:
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    async def _event(self) -> h11.Event:
        """Return the next event of the client."""
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    await self._send(h11.InformationalResponse(status_code=100, headers=[]))
                async with asyncio.timeout(_IDLE_S):
                    self._http.receive_data(await self._reader.read(_CHUNK_BYTES))
                continue
            assert not isinstance(event, type)  # PAUSED never comes between a finished cycle and the next
            return event

    async def _body(self) -> bytes:
        """Return the body, of a too long one its beginning, which is enough to refuse it."""
        body = bytearray()
        while True:
            event = await self._event()
            if not isinstance(event, h11.Data):
                return bytes(body)
            body += event.data[: max(0, POST_LIMIT_BYTES + 1 - len(body))]

    async def _carry(self, exchange: Exchange) -> bool:
        """Do what the exchange says and return whether the connection is still open."""
        match exchange:
            case Reply(status, headers, body, delay_s):
                await self._clocks.sleep(delay_s)
                await self._respond(status, headers, body)
                await self._send(h11.EndOfMessage())
                return True
            case Truncated(status, headers, body, delay_s):
                await self._clocks.sleep(delay_s)
                await self._respond(status, headers, body)
                return False
            case Reset(delay_s):
                await self._clocks.sleep(delay_s)
                self._reset()
                return False
            case Hang():
                while await self._reader.read(_CHUNK_BYTES):
                    pass
                return False
            case never:
                assert_never(never)

    async def _respond(self, status: int, headers: Headers, body: bytes) -> None:
        # One write for head and body: two would be delayed by Nagle's algorithm.
        head = self._http.send(h11.Response(status_code=status, headers=list(headers))) or b""
        self._writer.write(head + (self._http.send(h11.Data(data=body)) or b""))
        await self._writer.drain()

    async def _send(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()

    async def _refuse(self, status: int) -> None:
        """Answer with an error status, unless an answer has begun."""
        if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            headers = [("Content-Length", "0"), ("Connection", "close")]
            await self._send(h11.Response(status_code=status, headers=headers))
            await self._send(h11.EndOfMessage())

    def _reset(self) -> None:
        connected: socket.socket = self._writer.get_extra_info("socket")
        # With a linger time of zero, close sends RST instead of FIN.
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
