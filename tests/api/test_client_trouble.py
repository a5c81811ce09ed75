"""What the client says when no whole answer comes: resets, silence, closed doors.

The pace of the wire is real here, the deadlines are short: what is measured is that they end an exchange.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.client import SECRET_ID, SECRET_KEY, TOKEN, asking
from tests.factories import WALL, envelope, make_ref
from tests.raw_server import Act, Flood, Say, Then, Trickle, Wire, answer, closed_port, raw_server
from tiwtui.api.answers import Answer, Garbled, NoAnswer, Observed, Refused
from tiwtui.api.client import Client, http_for
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import Endpoint

QUEUED = answer(envelope(Status="QUEUED"))
SHORT_S = 0.15


async def answered(*acts: Act, deadline_s: float = 20.0) -> tuple[Answer, str]:
    """Ask once; return the answer and the host as messages name it."""
    async with raw_server(*acts) as server, asking(server.endpoint, deadline_s=deadline_s) as client:
        return await client.describe(make_ref()), f"127.0.0.1:{server.port}"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Say(then=Then.RESET), "reset"),
        (Say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Then.RESET), "reset"),
        (Say(then=Then.CLOSE), "reset"),
        (Say(b"HTTP/1.1 200", Then.CLOSE), "reset"),
        (Say(b"HTTP/1.1 200 OK\r\nContent-Le", Then.CLOSE), "reset"),
        (answer(b"{}", length=3, then=Then.CLOSE), "reset"),
        (Say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", Then.CLOSE), "reset"),
    ],
)
async def test_answer_that_breaks_off_is_no_answer_and_names_the_host(act: Act, code: str) -> None:
    """Half an answer is not believed, not even where the half is good JSON."""
    result, host = await answered(act)
    assert isinstance(result, NoAnswer)
    assert result.code == code
    assert host in result.message


@pytest.mark.anyio
@pytest.mark.parametrize(
    "act",
    [
        Say(then=Then.HANG),
        Say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Then.HANG),
        Trickle(answer(b"x" * 500).data),
        Trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500),
        Flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silence", "silence in the body", "trickled head", "trickled body", "endless interim answers"],
)
async def test_exchange_ends_at_its_deadline_however_the_server_delays_it(act: Act) -> None:
    """client law 2: each byte starts a read timeout again: only a deadline over all of it ends a trickle."""
    began = time.monotonic()
    result, host = await answered(act, deadline_s=SHORT_S)
    assert result == NoAnswer("timeout", f"{host} gave no complete answer in 0.15 s")
    assert SHORT_S <= time.monotonic() - began < 10


@pytest.mark.anyio
async def test_next_check_is_answered_after_one_that_ran_out_of_time() -> None:
    """What trickles on after the deadline must not be read as the next answer."""
    late = Trickle(answer(b"x" * 500).data)
    async with (
        raw_server(late, QUEUED) as server,
        asking(server.endpoint, deadline_s=0.5) as client,
    ):
        assert isinstance(await client.describe(make_ref()), NoAnswer)
        assert isinstance(await client.describe(make_ref()), Observed)
        assert [request.connection for request in server.requests] == [1, 2]


@pytest.mark.anyio
async def test_check_that_hangs_holds_up_no_other() -> None:
    """Each has a connection of its own for as long as it needs one."""
    arrived = asyncio.Event()

    async def hang(wire: Wire) -> Then:
        arrived.set()
        return Then.HANG

    async with raw_server(hang, QUEUED) as server, asking(server.endpoint) as client:
        hanging = asyncio.create_task(client.describe(make_ref()))
        await arrived.wait()
        result = await asyncio.gather(*(client.describe(make_ref(number)) for number in range(9)))
        assert not hanging.done()
        hanging.cancel()
        await asyncio.wait([hanging])
    assert all(isinstance(each, Observed) for each in result)


@pytest.mark.anyio
async def test_closed_port_is_refused_and_named() -> None:
    """The first thing to look at is host and port, so the message has both."""
    port = closed_port()
    async with asking(f"http://127.0.0.1:{port}") as client:
        result = await client.describe(make_ref())
    assert result == NoAnswer("refused", f"cannot reach 127.0.0.1:{port}")


def failing(raised: Callable[[httpx.Request], Exception]) -> httpx.MockTransport:
    def handle(request: httpx.Request) -> httpx.Response:
        raise raised(request)

    return httpx.MockTransport(handle)


@pytest.mark.anyio
async def test_name_without_an_address_is_named() -> None:
    """A mistyped host and a dead resolver look like this; what the resolver said is repeated."""

    def unresolved(request: httpx.Request) -> Exception:
        error = httpx.ConnectError("[Errno -2] Name or service not known")
        error.__cause__ = socket.gaierror(-2, "Name or service not known")
        return error

    async with asking("https://nonexistent.invalid", transport=failing(unresolved)) as client:
        result = await client.describe(make_ref())
    assert isinstance(result, NoAnswer)
    assert result.code == "unreachable"
    assert result.message.startswith("cannot reach nonexistent.invalid: ")
    assert "Name or service not known" in result.message


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (httpx.ConnectTimeout("slow"), "timeout"),
        (httpx.PoolTimeout("full"), "timeout"),
        (httpx.ProxyError("407 Proxy Authentication Required"), "proxy"),
        (httpx.WriteError("broken pipe"), "reset"),
        (httpx.UnsupportedProtocol("ftp"), "failed"),
        (httpx.LocalProtocolError(f"Illegal header value b'{TOKEN}'"), "failed"),
        (ssl.SSLError(1, "bad record mac"), "tls"),
        (BrokenPipeError(32, "Broken pipe"), "reset"),
        (httpx.InvalidURL(f"Invalid {TOKEN}"), "address"),
        (UnicodeError(f"label {TOKEN} too long"), "address"),
        (OverflowError(f"port {TOKEN}"), "address"),
        (ExceptionGroup(TOKEN, [OverflowError("port"), OSError(TOKEN)]), "address"),
    ],
)
async def test_every_way_to_fail_is_a_value_without_secrets(raised: Exception, code: str) -> None:
    """network_errors law 1, network_errors law 2.

    An error about a header quotes the header, and that may be a key's: its text is not repeated.
    """
    transport = failing(lambda request: raised)
    async with asking("https://service.invalid", token=TOKEN, transport=transport) as client:
        result = await client.describe(make_ref())
    assert isinstance(result, NoAnswer)
    assert result.code == code
    assert result.message
    for secret in (SECRET_ID, SECRET_KEY, TOKEN):
        assert secret not in repr(result)


@pytest.mark.anyio
@pytest.mark.parametrize("bug", [TypeError("bug"), ExceptionGroup("", [TypeError("bug"), OSError()])])
async def test_bug_is_not_taken_for_a_bad_connection(bug: Exception) -> None:
    """It would be asked again for ever, and never be reported."""
    async with asking("https://service.invalid", transport=failing(lambda request: bug)) as client:
        with pytest.raises((TypeError, ExceptionGroup)):
            await client.describe(make_ref())


@pytest.mark.anyio
async def test_host_that_httpx_alone_finds_wrong_is_no_answer() -> None:
    """Its rules for names are stricter than what can be known without it."""
    place = Endpoint("https", "xn--a", False)
    keys = Credentials(Secret(SECRET_ID), Secret(SECRET_KEY), None, "test")
    client = Client(http_for(place), place, "ap-singapore", lambda: keys, lambda: WALL)
    result = await client.describe(make_ref())
    await client.aclose()
    assert isinstance(result, NoAnswer)
    assert (result.code, "xn--a" in result.message) == ("address", True)


# Anything at all

LINE = st.binary(max_size=20) | st.sampled_from(
    [
        b"Content-Length: 2",
        b"Content-Length: 99",
        b"Transfer-Encoding: chunked",
        b"Content-Encoding: gzip",
        b"Connection: upgrade",
        b"Location: x:y",
        b"Set-Cookie: a=b; expires=never; domain=.",
        b"Date: Tue, 14 Nov 2023 22:20:12 GMT",
    ]
)
BODY = st.binary(max_size=40) | st.sampled_from(
    [
        envelope(Status="QUEUED"),
        envelope(Error={"Code": "AuthFailure.SignatureExpire", "Message": ""}),
        b"2\r\n{}\r\n0\r\n\r\n",
    ]
)
HTTP = st.builds(
    lambda status, lines, body: b"\r\n".join([b"HTTP/1.1 %d x" % status, *lines, b"", body]),
    st.integers(99, 1000) | st.sampled_from([100, 101, 200, 204, 302, 304]),
    st.lists(LINE | st.builds(lambda text: b"Date: " + text, st.binary(max_size=20)), max_size=4),
    BODY,
)


def test_any_bytes_from_a_server_are_a_value() -> None:
    """client law 5.

    No server, proxy or portal can bring the program down, nor bring news that its bytes do not say.

    One client meets them all: what one answer leaves behind must not spoil the next.
    """
    with asyncio.Runner() as runner:
        stack = contextlib.AsyncExitStack()
        server = runner.run(stack.enter_async_context(raw_server(QUEUED)))
        client = runner.run(stack.enter_async_context(asking(server.endpoint, deadline_s=1.0)))

        @settings(max_examples=100)
        @given(st.binary(max_size=200) | HTTP, st.sampled_from([Then.CLOSE, Then.RESET]))
        def meets(data: bytes, then: Then) -> None:
            server.play(Say(data, then))
            result = runner.run(client.describe(make_ref()))
            assert isinstance(result, Observed | Refused | Garbled | NoAnswer)
            assert isinstance(result, Observed) <= (b"QUEUED" in data)

        meets()
        runner.run(stack.aclose())
