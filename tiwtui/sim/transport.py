"""The simulated service as a transport of an httpx client, without a socket: for the demo and tests."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import assert_never

import httpx

from tiwtui.sim.http_types import Hang, Reply, Request, Reset, Truncated
from tiwtui.sim.service import Service

_FOREVER_S = 86_400.0
"""How long a client without a read timeout waits if no answer comes."""


@dataclass(slots=True)
class _Carried:
    """A request as httpcore shows it to whoever traces it: the headers may be replaced before they leave."""

    method: bytes
    headers: list[tuple[bytes, bytes]]


async def leave(request: httpx.Request) -> None:
    """Report that a request leaves on a new connection, as a real one does; it may wait, and be signed."""
    trace = request.extensions.get("trace")
    if trace is None:
        return
    carried = _Carried(request.method.encode("ascii"), request.headers.raw)
    await trace("connection.connect_tcp.started", {"request": carried})
    await trace("http11.send_request_headers.started", {"request": carried})
    request.headers = httpx.Headers(carried.headers)
    await trace("http11.send_request_body.complete", {"return_value": None})


class SimTransport(httpx.AsyncBaseTransport):
    """Sends requests of an `httpx.AsyncClient` to a service; a test may give its own clocks and sleep.

    Raises what httpx raises over a real connection: `ReadTimeout`, `ReadError` for a reset,
    `RemoteProtocolError` in the middle of a truncated body. An answer that comes later than the request's
    read timeout is a timeout too.
    """

    def __init__(
        self,
        service: Service,
        *,
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._service = service
        self._now = now
        self._wall = wall
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the service's answer to one request, or raise as a connection would."""
        await leave(request)
        asked = Request.of(
            request.method,
            request.url.raw_path.decode("ascii"),
            request.headers.raw,
            await request.aread(),
        )
        exchange = self._service.answer(asked, now=self._now(), wall=self._wall())
        match exchange:
            case Reply(status, headers, body, delay_s):
                await self._wait(delay_s, request)
                return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))
            case Truncated(status, headers, body, delay_s):
                await self._wait(delay_s, request)
                return httpx.Response(status, headers=headers, stream=_CutShort(body, request))
            case Reset(delay_s):
                await self._wait(delay_s, request)
                raise httpx.ReadError("Connection reset by peer", request=request)
            case Hang():
                await self._wait(_FOREVER_S, request)
                raise httpx.ReadTimeout("The server never answered", request=request)
            case never:
                assert_never(never)

    async def _wait(self, delay_s: float, request: httpx.Request) -> None:
        patience_s = request.extensions.get("timeout", {}).get("read")
        if patience_s is not None and delay_s > patience_s:
            await self._sleep(patience_s)
            raise httpx.ReadTimeout("The read operation timed out", request=request)
        if delay_s > 0:
            await self._sleep(delay_s)


class _CutShort(httpx.AsyncByteStream):
    """The beginning of a body, after which the connection ends."""

    def __init__(self, body: bytes, request: httpx.Request) -> None:
        self._body = body
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._body:
            yield self._body
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body", request=self._request
        )
