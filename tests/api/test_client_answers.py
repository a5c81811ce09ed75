"""What the client makes of whole answers, good and odd, that come over a real socket."""

import gzip
from pathlib import Path

import pytest

from tests.api.client import asking
from tests.factories import envelope, make_ref, make_video
from tests.raw_server import Act, Flood, RawServer, Say, Then, Wire, answer, raw_server
from tiwtui.api.answers import Answer, Garbled, Observed, Refused
from tiwtui.api.errors import Verdict
from tiwtui.model import TroubleKind

pytestmark = pytest.mark.anyio

SAMPLE = (Path(__file__).parent / "document_sample.json").read_bytes()
MEGABYTE = 1_000_000


async def answered(*acts: Act) -> tuple[Answer, RawServer]:
    """Ask once; return the answer and the server, which has ended."""
    async with raw_server(*acts) as server, asking(server.endpoint) as client:
        return await client.describe(make_ref()), server


def chunked(body: bytes, size: int) -> Say:
    """Return an act that sends a body in chunks."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return Say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n")


def padded(size: int) -> bytes:
    """Return a good answer of this many bytes."""
    bare = envelope(Status="QUEUED", Padding="")
    return envelope(Status="QUEUED", Padding="x" * (size - len(bare)))


async def test_documents_sample_is_read_as_it_stands() -> None:
    """From the bytes on the wire to the video that a person copies."""
    result, _server = await answered(answer(SAMPLE, "Content-Type: application/json"))
    assert isinstance(result, Observed)
    assert (result.status, result.videos, result.raw) == ("FINISHED", (make_video(),), SAMPLE)


@pytest.mark.parametrize(
    "kind",
    ["", "Content-Type: text/html", "Content-Type: application/json; charset=gbk", "Content-Type: \xff;;"],
)
async def test_content_type_does_not_matter(kind: str) -> None:
    """Proxies lose it; the bytes say what they are."""
    result, _server = await answered(answer(SAMPLE, *filter(None, [kind])))
    assert isinstance(result, Observed)


@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_body_in_chunks_is_put_together(size: int) -> None:
    """The service's gateway sends chunks when it likes."""
    result, _server = await answered(chunked(SAMPLE, size))
    assert isinstance(result, Observed)
    assert result.raw == SAMPLE


async def test_body_that_ends_with_the_connection_is_read() -> None:
    """HTTP/1.0 gateways tell no length."""
    result, _server = await answered(Say(b"HTTP/1.0 200 OK\r\n\r\n" + SAMPLE, Then.CLOSE))
    assert isinstance(result, Observed)


async def test_interim_answers_are_passed_over() -> None:
    """A proxy may say 100 or 103 before the answer."""
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    result, _server = await answered(Say(interim + answer(SAMPLE).data))
    assert isinstance(result, Observed)


async def test_failed_task_is_a_verdict() -> None:
    error = {"Code": "FailedOperation.Record", "Message": "code: 40004, msg: im login failed"}
    result, _server = await answered(answer(envelope(Error=error, RequestId="r-1")))
    assert isinstance(result, Refused)
    assert (result.meaning, result.request_id) == (Verdict.TASK_FAILED, "r-1")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"<!DOCTYPE html><title>Guest Wi-Fi</title>", "$"),
        (b"", "$"),
        (b"null", "$"),
        (b'{"Response": null}', "$.Response"),
        (envelope(Status=None), "$.Response.Status"),
        (envelope(Status="FINISHED", VideoInfoList="[]"), "$.Response.VideoInfoList"),
        (
            envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": None}]),
            "$.Response.VideoInfoList[0].VideoUrl",
        ),
        (SAMPLE[:-20], "$"),
        (SAMPLE.decode().encode("utf-16"), "$"),
    ],
)
async def test_200_that_is_no_answer_is_garbled_and_says_where(body: bytes, where: str) -> None:
    """A portal's page comes with 200 too: it must not look like news of the task."""
    result, _server = await answered(answer(body, "Content-Type: text/html"))
    assert isinstance(result, Garbled)
    assert result.where == where


async def test_null_and_mistyped_fields_are_absent_and_named() -> None:
    """One wrong number must not cost the URL."""
    body = envelope(Status="FINISHED", RoomId=[], TotalTime=None, VideoInfoList=[{"VideoUrl": "http://a/b"}])
    result, _server = await answered(answer(body))
    assert isinstance(result, Observed)
    assert (result.room_id, result.total_time_ms, len(result.videos)) == (None, None, 1)
    assert result.oddities == ("$.Response.RoomId: expected int",)


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad Gateway", "403 Forbidden", "204 No Content"])
async def test_other_status_with_a_page_is_named_by_its_number(status: str) -> None:
    """What a gateway says in the service's place is transient."""
    body = b"" if status.startswith("204") else b"<html>no</html>"
    result, _server = await answered(answer(body, "Content-Type: text/html", status=status))
    assert isinstance(result, Refused)
    assert (result.meaning, result.code) == (TroubleKind.SERVICE, f"http_{status[:3]}")


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/",
        "/",
        "//",
        "",
        "javascript:alert(1)",
        "mailto:a@b",
        "http://[",
        "http://\xe9.example/",
        "http://a:99999999/",
        "x" * 70_000,
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_is_not_followed_wherever_it_points(location: str, status: int) -> None:
    """client law 3.

    A signed request goes to the configured host alone; one request arrives, whatever `Location` is.
    """
    elsewhere = answer(b"", f"Location: {location}", status=f"{status} Elsewhere")
    result, server = await answered(elsewhere, answer(SAMPLE))
    assert isinstance(result, Refused)
    assert (result.code, result.message) == (f"http_{status}", "redirects are not followed")
    assert len(server.requests) == 1


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "identity, gzip", "\x01" * 99])
async def test_encoding_that_was_not_asked_for_is_garbled(encoding: str) -> None:
    """`identity` was asked for; what comes compressed is not opened, and the name is cut short."""
    result, _server = await answered(answer(gzip.compress(SAMPLE), f"Content-Encoding: {encoding}"))
    assert isinstance(result, Garbled)
    assert result.where in ("Content-Encoding", "HTTP")
    assert len(str(result)) < 120


@pytest.mark.parametrize("encoding", ["identity", " Identity ", ""])
async def test_encoding_that_is_none_is_read(encoding: str) -> None:
    result, _server = await answered(answer(SAMPLE, f"Content-Encoding: {encoding}"))
    assert isinstance(result, Observed)


async def test_bomb_is_neither_inflated_nor_read() -> None:
    """client law 4: A megabyte of gzip can become a gigabyte: it is left on the wire."""
    bomb = gzip.compress(b"\0" * 50 * MEGABYTE)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    flood = Flood(head, b"%x\r\n%b\r\n" % (len(bomb), bomb))
    result, server = await answered(flood)
    assert result == Garbled("Content-Encoding", "gzip was not asked for")
    # Sent means put into the kernel's buffers: some megabytes fit there unread.
    assert server.wires[0].sent_bytes < 50 * MEGABYTE


async def test_answer_of_nine_megabytes_is_read() -> None:
    """Large, but within what the document allows."""
    result, _server = await answered(answer(padded(9 * MEGABYTE)))
    assert isinstance(result, Observed)
    assert len(result.raw) == 9 * MEGABYTE


HEADS = pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"],
    ids=["no length", "with length"],
)


@HEADS
async def test_answer_over_ten_megabytes_is_left_while_it_streams(head: bytes) -> None:
    """client law 4.

    It could fill the memory before its end is seen; with or without a Content-Length.
    """
    result, server = await answered(Flood(head, b"x" * 65536))
    assert result == Garbled("$", "over 10 MB")
    assert server.wires[0].sent_bytes < 100 * MEGABYTE


async def test_answer_of_eleven_megabytes_is_refused_though_it_is_whole() -> None:
    """The limit is the bytes' number, not how they come."""
    result, _server = await answered(answer(padded(11 * MEGABYTE)))
    assert result == Garbled("$", "over 10 MB")


async def test_next_check_is_answered_after_one_that_was_left() -> None:
    """The rest of an answer that was too large must not be read as the next one."""
    async with (
        raw_server(answer(padded(11 * MEGABYTE)), answer(SAMPLE)) as server,
        asking(server.endpoint) as client,
    ):
        assert isinstance(await client.describe(make_ref()), Garbled)
        assert isinstance(await client.describe(make_ref()), Observed)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "illegal status line"),
        (b"HTTP/1.1 2OO OK\r\n\r\n", "illegal status line"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", "illegal status line"),
        (b"HTTP/1.1 200 OK\r\nno colon here, connection closed\r\n\r\n", "illegal header line"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "bad Content-Length"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding"),
        (b"HTTP/1.1 200 OK\r\nX-Fill: " + b"x" * 200_000 + b"\r\n\r\n", "Receive buffer too long"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Fill: xxxxxxxx\r\n" * 20_000 + b"\r\n", "Receive buffer too long"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "illegal chunk header"),
    ],
)
async def test_what_is_not_http_is_garbled_and_names_the_host(data: bytes, reason: str) -> None:
    """A wrong port is found by what answers there; the bytes themselves are not repeated."""
    result, server = await answered(Say(data, Then.HANG))
    assert isinstance(result, Garbled)
    assert result.where == "HTTP"
    assert f"127.0.0.1:{server.port}" in result.what
    assert reason in result.what
    assert "bytearray" not in result.what


async def test_header_that_echoes_the_request_contains_no_secret() -> None:
    """A server that mirrors what it gets must not bring keys onto the screen."""

    async def mirror(wire: Wire) -> Then:
        await wire.send(b"HTTP/1.1 200 OK\r\n" + server.requests[-1].head.replace(b":", b""))
        return Then.HANG

    async with raw_server(mirror) as server, asking(server.endpoint, token="mirroredToken") as client:
        result = await client.describe(make_ref())
    assert isinstance(result, Garbled)
    assert "mirroredToken" not in repr(result)
    assert "AKID" not in repr(result)
