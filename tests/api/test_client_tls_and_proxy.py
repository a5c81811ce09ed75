"""Who the client trusts and whom it goes through: certificates and the proxies of the environment."""

import asyncio
import socket
import ssl
from pathlib import Path

import httpx
import pytest

from tests.api.client import SECRET_ID, SECRET_KEY, asking
from tests.factories import FakeClock, envelope, make_ref
from tests.raw_server import Say, Then, Wire, answer, closed_port, raw_server
from tiwtui.api.answers import NoAnswer, Observed
from tiwtui.api.credentials import EnvironmentSource, RefreshableCredentials
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.composition import client_for
from tiwtui.config.settings import BadSettings, Settings

QUEUED = answer(envelope(Status="QUEUED"))

TEST_CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgt/sgN+1jSqFLMXb5
mEao754KVxVZP/5kCxY9nacZRiShRANCAARDL4iggLPgdxUE55iXpw6VKGYg0T29
7dF+w6ktGKeX3loUZq2ER9W+vsRrmSFqzRqVkgjU0Vj7hIqimwvHa9Yl
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBdzCCARygAwIBAgIBATAKBggqhkjOPQQDAjArMSkwJwYDVQQDDCB0aXd0dWkg
dGVzdCwgbmV2ZXIgdG8gYmUgdHJ1c3RlZDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIw
MDEwMTAwMDAwMFowKzEpMCcGA1UEAwwgdGl3dHVpIHRlc3QsIG5ldmVyIHRvIGJl
IHRydXN0ZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARDL4iggLPgdxUE55iX
pw6VKGYg0T297dF+w6ktGKeX3loUZq2ER9W+vsRrmSFqzRqVkgjU0Vj7hIqimwvH
a9Yloy8wLTAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwDwYDVR0TAQH/BAUw
AwEB/zAKBggqhkjOPQQDAgNJADBGAiEAlEQ+dzpnjd4eSKGqDEvoBvfvAnf2tTJ7
R1CYFwuWLMICIQDtYH7b8s3lvE0SkfTe6RMNYeXXesHg14E7TYcUQwYaCA==
-----END CERTIFICATE-----
"""
"""A key pair for these tests alone, signed by itself, for localhost and 127.0.0.1 until 2120. Public."""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A file with the key pair of these tests."""
    path = tmp_path / "test_certificate.pem"
    path.write_text(TEST_CERTIFICATE)
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    """How the server speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.anyio
async def test_certificate_that_nobody_vouches_for_is_refused(tls: ssl.SSLContext) -> None:
    """client law 3.

    Nothing is sent: on a hostile network the signature and the token would be another's to use.
    """
    async with raw_server(QUEUED, tls=tls) as server, asking(server.endpoint) as client:
        result = await client.describe(make_ref())
        assert server.requests == []
    assert isinstance(result, NoAnswer)
    assert result.code == "tls"
    assert result.message.startswith(f"no trusted connection to 127.0.0.1:{server.port}: ")
    assert "self-signed certificate" in result.message


@pytest.mark.anyio
async def test_record_that_cannot_be_read_is_no_answer(tls: ssl.SSLContext, certificate: Path) -> None:
    """Something between spoils the stream after the handshake: httpx lets Python's own error through."""

    async def spoil(wire: Wire) -> Then:
        # Past TLS, onto the bare connection.
        bare: socket.socket = wire.writer.get_extra_info("socket")
        with socket.socket(fileno=socket.dup(bare.fileno())) as again:
            again.setblocking(True)
            again.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        return Then.HANG

    trusting = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=str(certificate)))
    async with (
        raw_server(QUEUED, spoil, tls=tls) as server,
        asking(server.endpoint, transport=trusting) as client,
    ):
        assert isinstance(await client.describe(make_ref()), Observed)
        result = await client.describe(make_ref())
    assert isinstance(result, NoAnswer)
    assert result.code == "tls"
    assert f"127.0.0.1:{server.port}" in result.message


@pytest.mark.anyio
async def test_surplus_in_a_record_of_its_own_is_not_the_next_answer(
    tls: ssl.SSLContext, certificate: Path
) -> None:
    """TLS holds what came with the answer and was not read: the socket has no more of it to show."""

    async def in_two_records(wire: Wire) -> Then:
        wire.writer.write(QUEUED.data)
        wire.writer.write(answer(envelope(Status="PROCESSING")).data)
        await wire.writer.drain()
        return Then.KEEP

    trusting = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=str(certificate)))
    async with (
        raw_server(in_two_records, QUEUED, tls=tls) as server,
        asking(server.endpoint, transport=trusting) as client,
    ):
        for number in range(4):
            result = await client.describe(make_ref(number))
            assert isinstance(result, Observed)
            assert result.status == "QUEUED"
        assert [request.connection for request in server.requests] == [1, 2, 2, 2]


# Proxies

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def remote(host: str = "tiw.invalid") -> Settings:
    return Settings(parse_endpoint(f"https://{host}"), "ap-singapore")


def keys() -> RefreshableCredentials:
    pair = {"TENCENTCLOUD_SECRET_ID": SECRET_ID, "TENCENTCLOUD_SECRET_KEY": SECRET_KEY}
    return RefreshableCredentials(EnvironmentSource(pair))


@pytest.mark.anyio
async def test_loopback_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """client law 3: the proxy would be asked for its own loopback, with a signed request in plain sight."""
    async with raw_server(QUEUED) as proxy, raw_server(QUEUED) as server:
        for name in PROXIES:
            monkeypatch.setenv(name, proxy.endpoint)
        async with asking(server.endpoint) as client:
            assert isinstance(await client.describe(make_ref()), Observed)
        assert (len(server.requests), proxy.requests) == (1, [])


@pytest.mark.anyio
async def test_proxy_of_the_environment_is_used_and_learns_only_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Offices have one. What it gets to see is a CONNECT without signature, token or key."""
    no = answer(b"no", status="407 Proxy Authentication Required", then=Then.CLOSE)
    async with raw_server(no) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.endpoint)
        client = client_for(remote(), keys(), FakeClock())
        result = await client.describe(make_ref())
        await client.aclose()
        (request,) = proxy.requests
    refused = f"the proxy 127.0.0.1:{proxy.port} refused: 407 Proxy Authentication Required"
    assert result == NoAnswer("proxy", refused)
    assert request.lines[0] == b"CONNECT tiw.invalid:443 HTTP/1.1"
    assert b"uthorization" not in request.raw
    assert b"X-TC" not in request.raw


async def _asked_through(port: int, monkeypatch: pytest.MonkeyPatch) -> NoAnswer:
    """Ask a host through the proxy at a port; return why no answer came."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:S3cretOfTheOffice@127.0.0.1:{port}")
    async with asking("https://tiw.invalid", deadline_s=0.5) as client:
        result = await client.describe(make_ref())
    assert isinstance(result, NoAnswer)
    assert "S3cretOfTheOffice" not in result.message
    return result


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (Say(then=Then.HANG), "the proxy {proxy} gave no complete answer in 0.5 s"),
        (Say(then=Then.RESET), "the proxy {proxy} dropped the connection"),
        (Say(then=Then.CLOSE), "the proxy {proxy} closed the connection before its answer was complete"),
        (Say(b"nonsense\r\n\r\n", Then.CLOSE), "the proxy {proxy} does not speak it"),
        (
            answer(b"", status="502 Bad Gateway", then=Then.CLOSE),
            "the proxy {proxy} refused: 502",
        ),
    ],
    ids=["silent", "reset", "closed", "not HTTP", "refused"],
)
async def test_trouble_of_the_proxy_names_the_proxy(
    act: Say, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """network_errors law 3.

    A person who reads the service's host there asks Tencent instead of the office.
    """
    async with raw_server(act) as proxy:
        result = await _asked_through(proxy.port, monkeypatch)
    assert result.code == "proxy"
    assert reason.format(proxy=f"127.0.0.1:{proxy.port}") in result.message
    assert "tiw.invalid" not in result.message


@pytest.mark.anyio
async def test_a_dead_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    port = closed_port()
    result = await _asked_through(port, monkeypatch)
    assert result == NoAnswer("proxy", f"cannot reach the proxy 127.0.0.1:{port}")


@pytest.mark.anyio
async def test_trouble_beyond_the_proxy_names_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the tunnel stands, what fails is at its other end."""
    established = Say(b"HTTP/1.1 200 Connection established\r\n\r\n", Then.CLOSE)
    async with raw_server(established) as proxy:
        result = await _asked_through(proxy.port, monkeypatch)
    assert result.code != "proxy"
    assert "tiw.invalid" in result.message


class CountedSlot:
    """A slot that is open, and counts how often it is spent."""

    spent = 0

    async def wait(self) -> None:
        self.spent += 1

    def left(self) -> None:
        pass


@pytest.mark.anyio
async def test_check_through_a_proxy_spends_one_slot(tls: ssl.SSLContext, certificate: Path) -> None:
    """The CONNECT is no request of the service: a check behind a proxy would cost two slots."""

    async def tunnel(wire: Wire) -> Then:
        transport = wire.writer.transport
        assert isinstance(transport, asyncio.Transport)
        # What is read before TLS begins would be lost for it.
        transport.pause_reading()
        await wire.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await wire.writer.start_tls(tls)
        return Then.KEEP

    slot = CountedSlot()
    async with raw_server(tunnel, QUEUED) as proxy:
        through = httpx.AsyncHTTPTransport(
            verify=ssl.create_default_context(cafile=str(certificate)), proxy=proxy.endpoint
        )
        async with asking("https://localhost", transport=through) as client:
            assert isinstance(await client.describe(make_ref(), slot), Observed)
        connect, request = proxy.requests
    assert connect.lines[0].startswith(b"CONNECT localhost:443 ")
    assert b"uthorization" not in connect.raw
    assert b"Authorization: TC3" in request.raw
    assert slot.spent == 1


@pytest.mark.parametrize(
    "url",
    [
        "nonsense://x",
        "nonsense://user:S3cretOfTheOffice@x",
        "http://user:S3cretOfTheOffice@[::1",
        "http://user:S3cretOfTheOffice@x:port",
        "socks5://user:S3cretOfTheOffice@x:1080",
    ],
)
def test_unusable_proxy_is_a_setting_to_be_put_right(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said at the start and in words, without the password that proxy URLs carry."""
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(BadSettings, match="proxy") as raised:
        client_for(remote(), keys(), FakeClock())
    assert "S3cretOfTheOffice" not in str(raised.value)


@pytest.mark.anyio
async def test_proxy_at_a_port_that_cannot_be_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found out when connecting, deep below, as a group of overflows."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:99999")
    client = client_for(remote(), keys(), FakeClock())
    result = await client.describe(make_ref())
    await client.aclose()
    assert isinstance(result, NoAnswer)
    assert result == NoAnswer("proxy", "the proxy 127.0.0.1:99999 is not an address that can be used")


def test_unusable_certificates_of_the_environment_are_a_setting_to_be_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offices that open TLS have people set this variable; a mistyped path is no reason to crash."""
    file = tmp_path / "empty.pem"
    file.write_text("no certificate in here")
    for path in (tmp_path / "missing.pem", file):
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        with pytest.raises(BadSettings, match="SSL_CERT_FILE"):
            client_for(remote(), keys(), FakeClock())


@pytest.mark.anyio
async def test_deadline_in_the_middle_of_a_handshake_closes_the_connection() -> None:
    """departure law 3.

    Httpcore leaves it open when it is cancelled there: each slow check would cost a file descriptor.
    """
    closed = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        closed.set()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with asking(f"https://127.0.0.1:{port}", deadline_s=0.3) as client:
        assert isinstance(await client.describe(make_ref()), NoAnswer)
        async with asyncio.timeout(5):
            await closed.wait()
    server.close()
    await server.wait_closed()
