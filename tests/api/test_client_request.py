"""What the client sends, as it arrives at a real socket: every byte, who signed it, and how often."""

import hashlib
import hmac
import time
from datetime import UTC, datetime

import pytest

from tests.api.client import SECRET_ID, SECRET_KEY, TOKEN, asking
from tests.factories import WALL, envelope, make_ref
from tests.raw_server import Received, Then, answer, raw_server
from tiwtui import __version__
from tiwtui.api.answers import Observed, Refused
from tiwtui.model import TroubleKind

pytestmark = pytest.mark.anyio

QUEUED = answer(envelope(Status="QUEUED"))


def signed_by_the_published_rules(request: Received) -> str:
    """Return the Authorization that the "Signature v3" document asks for, made of the bytes that came."""

    def keyed(key: bytes, text: str) -> bytes:
        return hmac.new(key, text.encode(), hashlib.sha256).digest()

    def digest(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    sent = request.headers
    names = ("content-type", "host", "x-tc-action")
    lines = "".join(f"{name}:{sent[name].lower()}\n" for name in names)
    canonical = f"POST\n/\n\n{lines}\n{';'.join(names)}\n{digest(request.body)}"
    date = datetime.fromtimestamp(int(sent["x-tc-timestamp"]), UTC).date().isoformat()
    scope = f"{date}/tiw/tc3_request"
    text = f"TC3-HMAC-SHA256\n{sent['x-tc-timestamp']}\n{scope}\n{digest(canonical.encode())}"
    key = keyed(keyed(keyed(f"TC3{SECRET_KEY}".encode(), date), "tiw"), "tc3_request")
    signature = keyed(key, text).hex()
    return (
        f"TC3-HMAC-SHA256 Credential={SECRET_ID}/{scope}, "
        f"SignedHeaders={';'.join(names)}, Signature={signature}"
    )


async def test_request_is_sent_byte_for_byte_like_this() -> None:
    """Nothing slips in between: no cookie, no compression asked for, no header of a library's own."""
    async with raw_server(QUEUED) as server, asking(server.endpoint) as client:
        await client.describe(make_ref())
        (request,) = server.requests
    assert request.raw.decode() == (
        "POST / HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{server.port}\r\n"
        "Connection: keep-alive\r\n"
        "Content-Type: application/json\r\n"
        "Accept: application/json\r\n"
        "Accept-Encoding: identity\r\n"
        f"User-Agent: tiwtui/{__version__}\r\n"
        "X-TC-Action: DescribeVideoGenerationTask\r\n"
        "X-TC-Version: 2019-09-19\r\n"
        "X-TC-Region: ap-singapore\r\n"
        "X-TC-Language: en-US\r\n"
        f"X-TC-RequestClient: tiwtui_{__version__}\r\n"
        "Content-Length: 55\r\n"
        "X-TC-Timestamp: 1700000000\r\n"
        f"Authorization: {signed_by_the_published_rules(request)}\r\n"
        "\r\n"
        '{"SdkAppId":1400000001,"TaskId":"ghucnligqtgtvk2624mb"}'
    )


@pytest.mark.parametrize("name", ["ghucnligqtgtvk2624mb", "白板 🎧", 'a"b\\c/d', "x" * 5000])
async def test_signature_covers_the_bytes_that_were_sent(name: str) -> None:
    """client law 1: an id can hold anything a person typed; a hash over other bytes than these is refused."""
    async with raw_server(QUEUED) as server, asking(server.endpoint) as client:
        await client.describe(make_ref(name))
        (request,) = server.requests
    assert request.headers["authorization"] == signed_by_the_published_rules(request)


async def test_token_of_a_temporary_key_is_sent() -> None:
    """Without it the service answers `AuthFailure.TokenFailure`; a permanent key has none."""
    async with raw_server(QUEUED) as server:
        async with asking(server.endpoint, token=TOKEN) as client:
            await client.describe(make_ref())
        async with asking(server.endpoint) as client:
            await client.describe(make_ref())
        temporary, permanent = server.requests
    assert temporary.headers["x-tc-token"] == TOKEN
    assert "x-tc-token" not in permanent.headers


async def test_requests_share_one_connection() -> None:
    """A TLS handshake for each of ten checks a second would cost more than the checks."""
    async with raw_server(QUEUED) as server, asking(server.endpoint) as client:
        for number in range(20):
            assert isinstance(await client.describe(make_ref(number)), Observed)
        assert [request.connection for request in server.requests] == [1] * 20


async def test_connection_that_the_service_closed_meanwhile_is_replaced() -> None:
    """Servers close idle connections; the next check must not fail for it."""
    last = answer(envelope(Status="QUEUED"), then=Then.CLOSE)
    async with raw_server(last) as server, asking(server.endpoint) as client:
        for number in range(3):
            assert isinstance(await client.describe(make_ref(number)), Observed)
            await server.wires[-1].writer.wait_closed()
        assert [request.connection for request in server.requests] == [1, 2, 3]


async def test_answer_says_whether_the_connection_goes_on() -> None:
    """`Connection: close` is honoured, though the server leaves it open."""
    last = answer(envelope(Status="QUEUED"), "Connection: close")
    async with raw_server(last) as server, asking(server.endpoint) as client:
        for number in range(2):
            assert isinstance(await client.describe(make_ref(number)), Observed)
        assert [request.connection for request in server.requests] == [1, 2]


async def test_cookies_are_neither_stored_nor_sent() -> None:
    """client law 6: A load balancer's cookie would tie a day's checks together, and change the bytes sent."""
    greedy = answer(envelope(Status="QUEUED"), "Set-Cookie: route=1; Path=/", "Set-Cookie: \x01=;;=")
    async with raw_server(greedy) as server, asking(server.endpoint) as client:
        await client.describe(make_ref())
        await client.describe(make_ref())
        first, second = server.requests
    assert second.raw == first.raw


EXPIRED = envelope(Error={"Code": "AuthFailure.SignatureExpire", "Message": "expired"}, RequestId="r-9")


async def test_clock_is_corrected_by_the_date_of_the_refusal() -> None:
    """A wrong clock is no reason to see nothing: the next signature carries the service's time."""
    late = answer(EXPIRED, "Date: Tue, 14 Nov 2023 22:20:12 GMT")
    async with raw_server(late, QUEUED) as server, asking(server.endpoint) as client:
        refused = await client.describe(make_ref())
        assert isinstance(refused, Refused)
        assert (refused.meaning, refused.clock_offset_s) == (TroubleKind.CLOCK, 412.0)
        assert isinstance(await client.describe(make_ref()), Observed)
        stamps = [request.headers["x-tc-timestamp"] for request in server.requests]
        assert stamps == ["1700000000", "1700000412"]
        assert server.requests[1].headers["authorization"] == signed_by_the_published_rules(
            server.requests[1]
        )


async def test_correction_is_made_again_once_the_clock_was_set() -> None:
    """The first correction must not stay on top of a clock that is right by now."""
    late = answer(EXPIRED, "Date: Tue, 14 Nov 2023 22:20:12 GMT")
    moments = iter([WALL, WALL, WALL + 412.0, WALL + 412.0, WALL + 412.0])
    async with raw_server(late) as server, asking(server.endpoint, wall=lambda: next(moments)) as client:
        await client.describe(make_ref())
        await client.describe(make_ref())
        assert client.clock_offset_s == 0.0


@pytest.mark.parametrize(
    ("date", "offset_s"),
    [
        ("Tue, 14 Nov 2023 22:20:12 -0000", 412.0),
        ("Tue, 14 Nov 2023 22:20:12", 412.0),
        ("Wed, 15 Nov 2023 06:20:12 +0800", 412.0),
        ("Tuesday, 14-Nov-23 22:20:12 GMT", 412.0),
        ("Fri, 31 Nov 2023 25:61:99 GMT", None),
        ("Tue, 14 Nov 2023 22:20:12 +99999999999999", None),
        ("soon", None),
        ("", None),
        ("1700000412", None),
    ],
)
async def test_date_is_read_as_utc_or_not_at_all(
    date: str, offset_s: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proxies rewrite this header; a machine's own time zone must not become an offset."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        async with raw_server(answer(EXPIRED, f"Date: {date}")) as server, asking(server.endpoint) as client:
            refused = await client.describe(make_ref())
    finally:
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
    assert isinstance(refused, Refused)
    assert (refused.code, refused.clock_offset_s) == ("AuthFailure.SignatureExpire", offset_s)


async def test_date_of_any_other_answer_changes_nothing() -> None:
    """Only a refusal for the time says that the time is wrong; a proxy's date may be anything."""
    early = answer(envelope(Status="QUEUED"), "Date: Tue, 14 Nov 2000 22:20:12 GMT")
    async with raw_server(early) as server, asking(server.endpoint) as client:
        await client.describe(make_ref())
        assert client.clock_offset_s == 0.0
