"""Surplus bytes after an answer on a reused connection are never read as the next answer."""

import httpx
import pytest

from tests.api.client import asking
from tests.factories import envelope, make_ref
from tests.raw_server import Act, Say, answer, raw_server
from tiwtui.api.answers import Observed
from tiwtui.api.client import has_surplus

pytestmark = pytest.mark.anyio


def finished(url: str) -> Say:
    """Return an act that answers with this video."""
    return answer(envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": url}]))


OWN = finished("http://a/own")
OTHERS = finished("http://a/others").data
QUEUED = envelope(Status="QUEUED")
IN_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (
    len(QUEUED),
    QUEUED,
)


@pytest.mark.parametrize(
    "first",
    [
        Say(answer(QUEUED).data + OTHERS),
        Say(answer(QUEUED).data + OTHERS[:25]),
        Say(answer(QUEUED).data + OTHERS * 3),
        Say(IN_CHUNKS + OTHERS),
        Say(b"HTTP/1.1 204 No Content\r\n\r\n" + OTHERS),
        Say(answer(b"<html>", status="502 Bad Gateway").data + OTHERS),
    ],
    ids=["an answer", "the beginning of one", "several", "behind chunks", "behind none", "behind a page"],
)
async def test_answer_sent_in_advance_is_not_taken_for_another_tasks(first: Act) -> None:
    """client law 6: A task would be ready with the link of another one, and nobody could see it."""
    async with raw_server(first, OWN) as server, asking(server.endpoint) as client:
        await client.describe(make_ref(1))
        result = await client.describe(make_ref(2))
        assert [request.connection for request in server.requests] == [1, 2]
    assert isinstance(result, Observed)
    assert [video.url for video in result.videos] == ["http://a/own"]


@pytest.mark.parametrize("clean", [answer(QUEUED), Say(IN_CHUNKS), answer(b"<html>"), answer(b"")])
async def test_connection_without_surplus_bytes_is_reused(clean: Act) -> None:
    """Also says when httpcore no longer lets it be known: then each request would need its own handshake."""
    async with raw_server(clean) as server, asking(server.endpoint) as client:
        for number in range(3):
            await client.describe(make_ref(number))
        assert [request.connection for request in server.requests] == [1, 1, 1]


def test_connection_whose_rest_cannot_be_known_is_closed() -> None:
    """A later httpcore may hide it: then each request makes a connection, and no answer is mixed up."""
    assert has_surplus(httpx.Response(200))
