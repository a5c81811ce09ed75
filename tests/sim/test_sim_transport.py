"""The simulated service behind httpx: each fault arrives as the exception a real connection raises."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.sim.sim_requests import HOST, WALL, make_request, make_service
from tiwtui.sim.faults import Fault
from tiwtui.sim.transport import SimTransport


class Sleeper:
    """A sleep that takes no time and remembers what was asked of it."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def fetched(
    faults: Mapping[Fault, float] | None = None,
    *,
    latency_s: tuple[float, float] = (0.0, 0.0),
    timeout: float | None = 15.0,
    sleep: Sleeper | None = None,
) -> httpx.Response:
    """Return the answer to one good request, sent through a client."""
    service = make_service(faults=faults, latency_s=latency_s)
    transport = SimTransport(service, now=lambda: 1.0, wall=lambda: WALL, sleep=sleep or Sleeper())
    request = make_request()

    async def fetch() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, timeout=timeout) as client:
            return await client.post(f"https://{HOST}/", content=request.body, headers=dict(request.headers))

    return asyncio.run(fetch())


def test_a_signed_request_gets_its_answer() -> None:
    """The demo and the real thing differ in the transport alone."""
    answer = fetched()
    assert answer.status_code == 200
    assert answer.json()["Response"]["Status"] == "FINISHED"
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault.RESET, httpx.ReadError),
        (Fault.HANG, httpx.ReadTimeout),
        (Fault.TRUNCATED, httpx.RemoteProtocolError),
    ],
)
def test_a_broken_connection_raises_what_httpx_raises(fault: Fault, raised: type[Exception]) -> None:
    """The client's mapping of exceptions is tested by this."""
    with pytest.raises(raised):
        fetched({fault: 1.0})


@pytest.mark.parametrize(("fault", "status"), [(Fault.HTML, 200), (Fault.INTERNAL, 200)])
def test_a_wrong_answer_is_still_an_answer(fault: Fault, status: int) -> None:
    """Only the connection raises; the rest is for the reader of the body."""
    assert fetched({fault: 1.0}).status_code == status


def test_a_hang_takes_the_read_timeout() -> None:
    """Not longer, and not less: the client's deadline is what ends it."""
    sleep = Sleeper()
    with pytest.raises(httpx.ReadTimeout):
        fetched({Fault.HANG: 1.0}, timeout=15.0, sleep=sleep)
    assert sleep.slept == [15.0]


def test_a_delay_is_applied() -> None:
    """The demo's answers take as long as answers do."""
    sleep = Sleeper()
    fetched(latency_s=(0.25, 0.25), sleep=sleep)
    assert sleep.slept == [0.25]


def test_a_delay_beyond_the_read_timeout_is_a_timeout() -> None:
    """A real socket would give up at the same moment."""
    sleep = Sleeper()
    with pytest.raises(httpx.ReadTimeout):
        fetched(latency_s=(30.0, 30.0), timeout=5.0, sleep=sleep)
    assert sleep.slept == [5.0]


def test_without_a_read_timeout_a_late_answer_arrives() -> None:
    """A client may leave the deadline to somebody else."""
    assert fetched(latency_s=(30.0, 30.0), timeout=None).status_code == 200


def test_a_truncated_body_begins_before_it_breaks() -> None:
    """A client that streams has already read something when the connection goes."""
    service = make_service(faults={Fault.TRUNCATED: 1.0})
    transport = SimTransport(service, now=lambda: 1.0, wall=lambda: WALL, sleep=Sleeper())
    request = make_request()

    async def fetch() -> bytes:
        got = bytearray()
        sent: dict[str, Any] = {"content": request.body, "headers": dict(request.headers)}
        async with (
            httpx.AsyncClient(transport=transport) as client,
            client.stream("POST", f"https://{HOST}/", **sent) as answer,
        ):
            with contextlib.suppress(httpx.RemoteProtocolError):
                async for chunk in answer.aiter_raw():
                    got += chunk
            assert len(got) < int(answer.headers["Content-Length"])
        return bytes(got)

    assert asyncio.run(fetch()).startswith(b'{"Response":')


def test_a_cancelled_request_ends_at_once() -> None:
    """The client bounds the whole exchange by cancelling it."""
    transport = SimTransport(make_service(faults={Fault.HANG: 1.0}))

    async def fetch() -> None:
        async with httpx.AsyncClient(transport=transport, timeout=None) as client:
            asking = asyncio.ensure_future(client.get(f"https://{HOST}/"))
            await asyncio.sleep(0)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

    asyncio.run(fetch())
