"""The simulated service on a real loopback socket, met by clients that behave and by clients that do not."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.utils import formatdate

import httpx
import pytest

from tests.sim.sim_requests import WALL, make_get, make_request, make_service
from tiwtui.sim.faults import Fault
from tiwtui.sim.http_types import Request
from tiwtui.sim.request_check import POST_LIMIT_BYTES
from tiwtui.sim.server import LOOPBACK, Clocks, SimServer, serve


async def no_sleep(seconds: float) -> None:
    """Let no time pass."""


FIXED = Clocks(now=lambda: 1.0, wall=lambda: WALL, sleep=no_sleep)


@contextlib.asynccontextmanager
async def serving(faults: Mapping[Fault, float] | None = None) -> AsyncIterator[SimServer]:
    server = await serve(make_service(faults=faults), clocks=FIXED)
    try:
        yield server
    finally:
        await server.close()


def written(request: Request) -> bytes:
    """Return the bytes of a request on the wire."""
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    lines += [f"content-length: {len(request.body)}", "", ""]
    return "\r\n".join(lines).encode() + request.body


async def sent(server: SimServer, raw: bytes, *, half_close: bool = True) -> bytes:
    """Return all that a client gets that sends these bytes, until the server closes."""
    reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
    try:
        writer.write(raw)
        if half_close:
            writer.write_eof()
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


def run(scene: Callable[[SimServer], Awaitable[None]], faults: Mapping[Fault, float] | None = None) -> None:
    """Run a scene against a server."""

    async def play() -> None:
        async with serving(faults) as server:
            await scene(server)

    asyncio.run(play())


def test_it_listens_on_loopback_and_nowhere_else() -> None:
    """It accepts keys that are printed on a screen: nobody else's business."""

    async def scene(server: SimServer) -> None:
        assert server.endpoint == f"http://127.0.0.1:{server.port}"
        with pytest.raises(OSError, match=r"127\.0\.0\.2"):
            await asyncio.open_connection("127.0.0.2", server.port)

    run(scene)


def test_httpx_gets_the_answer_over_post_and_get() -> None:
    """The program's own client speaks to it as to the real service."""

    async def scene(server: SimServer) -> None:
        get = make_get("SdkAppId=1400000001&TaskId=ghucnligqtgtvk2624mb")
        async with httpx.AsyncClient(trust_env=False) as client:
            for asked in (make_request(), get):
                answer = await client.request(
                    asked.method,
                    f"{server.endpoint}{asked.target}",
                    content=asked.body,
                    headers=dict(asked.headers),
                )
                assert answer.json()["Response"]["Status"] == "FINISHED"
                assert answer.headers["Date"] == formatdate(WALL, usegmt=True)

    run(scene)


def test_law_2_pipelined_requests_are_answered_in_order_on_one_connection() -> None:
    """A client may send the next request before it has read the last answer."""

    async def scene(server: SimServer) -> None:
        names = ("ghucnligqtgtvk2624mb", "first-unknown", "ghucnligqtgtvk2624mb")
        got = await sent(server, b"".join(written(make_request(name)) for name in names))
        statuses = [b"TaskNotFound" in part for part in got.split(b"HTTP/1.1 200")[1:]]
        assert statuses == [False, True, False]

    run(scene)


def test_a_request_that_arrives_byte_by_byte_is_answered() -> None:
    """TCP makes no promise about pieces."""

    async def scene(server: SimServer) -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
        for byte in written(make_request()):
            writer.write(bytes([byte]))
            await writer.drain()
        assert await reader.readline() == b"HTTP/1.1 200 \r\n"
        writer.close()

    run(scene)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000, b"431"),
        (b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
        (b"CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n", b"405"),
    ],
    ids=["noise", "TLS", "no host", "length", "short body", "chunk", "long head", "HEAD", "CONNECT"],
)
def test_law_1_a_malformed_request_is_refused_and_the_server_goes_on(raw: bytes, status: bytes) -> None:
    """One broken client must not end the run of the others."""

    async def scene(server: SimServer) -> None:
        assert (await sent(server, raw)).startswith(b"HTTP/1.1 " + status)
        assert b"FINISHED" in await sent(server, written(make_request()))

    run(scene)


@pytest.mark.parametrize("raw", [b"", b"POST / HT", written(make_request())[:-5]])
def test_a_client_that_goes_away_in_the_middle_leaves_nothing_behind(raw: bytes) -> None:
    """Warnings are errors here: an unclosed connection would fail this test."""

    async def scene(server: SimServer) -> None:
        _, writer = await asyncio.open_connection(LOOPBACK, server.port)
        writer.write(raw)
        await writer.drain()
        writer.transport.abort()
        assert b"FINISHED" in await sent(server, written(make_request()))

    run(scene)


def test_law_3_a_body_over_the_limit_is_refused_by_the_service() -> None:
    """10 MB is documented; the server reads the rest but does not keep it."""

    async def scene(server: SimServer) -> None:
        large = make_request(body=b" " * (POST_LIMIT_BYTES + 100_000))
        assert b"RequestSizeLimitExceeded" in await sent(server, written(large))

    run(scene)


def test_a_client_that_waits_gets_100_continue() -> None:
    """curl does so before a large body."""

    async def scene(server: SimServer) -> None:
        head, _, body = written(make_request()).partition(b"\r\n\r\n")
        reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
        writer.write(head + b"\r\nExpect: 100-continue\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 100")
        await reader.readline()
        writer.write(body)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()

    run(scene)


def test_an_http_1_0_client_gets_its_answer_and_the_end() -> None:
    """Old scripts and load testers still speak it."""

    async def scene(server: SimServer) -> None:
        old = written(make_request()).replace(b"HTTP/1.1", b"HTTP/1.0")
        got = await sent(server, old, half_close=False)
        assert b"FINISHED" in got
        assert b"connection: close" in got.lower()

    run(scene)


def test_reset_is_a_reset() -> None:
    """Not an orderly end: the client's kernel must say ECONNRESET."""

    async def scene(server: SimServer) -> None:
        with pytest.raises(ConnectionResetError):
            await sent(server, written(make_request()), half_close=False)

    run(scene, {Fault.RESET: 1.0})


def test_truncated_ends_before_its_content_length() -> None:
    """Every HTTP client has its own word for this, and has to notice."""

    async def scene(server: SimServer) -> None:
        head, _, body = (await sent(server, written(make_request()))).partition(b"\r\n\r\n")
        promised = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        assert len(body) < promised

    run(scene, {Fault.TRUNCATED: 1.0})


def test_a_hang_lasts_until_the_client_gives_up() -> None:
    """Nothing comes, and the connection stays open."""

    async def scene(server: SimServer) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=0.05) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get(f"{server.endpoint}/")

    run(scene, {Fault.HANG: 1.0})


def test_closing_ends_idle_and_hanging_connections() -> None:
    """A server that waits for its clients to leave never ends."""

    async def scene(server: SimServer) -> None:
        idle, idle_writer = await asyncio.open_connection(LOOPBACK, server.port)
        hanging, hanging_writer = await asyncio.open_connection(LOOPBACK, server.port)
        hanging_writer.write(written(make_request()))
        await hanging_writer.drain()
        await server.close()
        for reader in (idle, hanging):
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 10) == b""
        idle_writer.close()
        hanging_writer.close()

    run(scene, {Fault.HANG: 1.0})


def test_a_taken_port_raises_oserror() -> None:
    """The command says so and ends; it must not serve on another port unasked."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            asyncio.run(serve(make_service(), taken.getsockname()[1]))
