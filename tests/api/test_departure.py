"""A request that is ready waits for its slot, is signed in it, and then nothing comes between."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.api.client import asking
from tests.factories import WALL, envelope, make_ref
from tests.raw_server import RawServer, Say, Then, answer, in_a_thread, raw_server
from tiwtui.api.answers import NoAnswer, Observed
from tiwtui.api.departure import Withheld

pytestmark = pytest.mark.anyio

PATIENCE_S = 10.0


@pytest.fixture
def server() -> Iterator[RawServer]:
    """A server of its own thread: it goes on while the client's loop stands still."""
    with in_a_thread(raw_server(answer(envelope(Status="QUEUED")))) as running:
        yield running


class Slots:
    """Slots as a test says: `wait` calls `before`; `steps` is what happened, in order."""

    def __init__(self, before: Callable[[], Awaitable[None]] | None = None) -> None:
        self._before = before
        self.steps: list[str] = []

    async def wait(self) -> None:
        self.steps.append("wait")
        if self._before is not None:
            await self._before()
        self.steps.append("spent")

    def left(self) -> None:
        self.steps.append("left")


async def withhold() -> None:
    raise Withheld


async def test_request_that_may_no_longer_leave_does_not(server: RawServer) -> None:
    """While the connection was made, another process has become the one that asks."""
    async with asking(server.endpoint) as client:
        with pytest.raises(Withheld):
            await client.describe(make_ref(), Slots(withhold))
        assert isinstance(await client.describe(make_ref()), Observed)
    # What was withheld made a connection, and sent nothing on it.
    assert [request.connection for request in server.requests] in ([1], [2])


async def test_each_request_has_a_slot_also_on_a_connection_that_stands(server: RawServer) -> None:
    """Law 8 of the client."""
    slots = Slots()
    async with asking(server.endpoint) as client:
        await client.describe(make_ref(), slots)
        with pytest.raises(Withheld):
            await client.describe(make_ref(), Slots(withhold))
        assert isinstance(await client.describe(make_ref(), slots), Observed)
    assert slots.steps == ["wait", "spent", "left"] * 2
    assert len(server.requests) == 2


async def test_between_the_slot_and_the_last_byte_the_loop_gets_no_turn(server: RawServer) -> None:
    """departure law 1.

    A terminal that stops reading may stop the loop in any turn, for as long as it likes.
    """
    came: list[bool] = []

    def stop_the_loop(count: int) -> Callable[[], None]:
        def stop() -> None:
            ends_at = time.monotonic() + PATIENCE_S
            while len(server.requests) < count and time.monotonic() < ends_at:
                time.sleep(0.001)
            came.append(len(server.requests) == count)

        return stop

    async def open_slot() -> None:
        asyncio.get_running_loop().call_soon(stop_the_loop(len(came) + 1))

    async with asking(server.endpoint) as client:
        # The first makes its connection, the second finds one.
        for _request in range(2):
            assert isinstance(await client.describe(make_ref(), Slots(open_slot)), Observed)
    assert came == [True, True]


async def test_signature_is_of_the_second_in_which_the_request_leaves(server: RawServer) -> None:
    """A slow slot must not age the signature, nor send keys that were replaced meanwhile."""
    moments = [WALL]

    async def a_minute_passes() -> None:
        moments.append(WALL + 60)

    async with asking(server.endpoint, wall=lambda: moments[-1]) as client:
        await client.describe(make_ref(), Slots(a_minute_passes))
    assert server.requests[0].headers["x-tc-timestamp"] == f"{WALL + 60:.0f}"


async def test_wait_for_a_slot_does_not_count_against_the_deadline(server: RawServer) -> None:
    """departure law 2: the wait is ours: it must not be reported as a slow service."""
    loop, deadline_s = asyncio.get_running_loop(), 0.2

    async def longer_than_the_deadline() -> None:
        over = loop.create_future()
        loop.call_later(2 * deadline_s, over.set_result, None)
        await over

    async with asking(server.endpoint, deadline_s=deadline_s) as client:
        # The connection is made before, since a slow machine may take its time for that.
        while not isinstance(await client.describe(make_ref()), Observed):
            pass
        found = await client.describe(make_ref(), Slots(longer_than_the_deadline))
    assert isinstance(found, Observed)


async def test_request_on_a_reused_connection_that_was_closed_is_sent_again_in_another_slot() -> None:
    """client law 8: servers close idle connections as they like; that is no news of the service."""
    queued = answer(envelope(Status="QUEUED"))
    slots = Slots()
    async with (
        raw_server(queued, Say(then=Then.CLOSE), queued) as server,
        asking(server.endpoint) as client,
    ):
        await client.describe(make_ref())
        assert isinstance(await client.describe(make_ref(), slots), Observed)
        assert [request.connection for request in server.requests] == [1, 1, 2]
    assert slots.steps == ["wait", "spent", "left"] * 2


@pytest.mark.parametrize("then", [Then.CLOSE, Then.RESET])
async def test_request_on_a_new_connection_is_sent_once(then: Then) -> None:
    """There the service itself dropped it: asking again at once would only double its load."""
    slots = Slots()
    async with raw_server(Say(then=then)) as server, asking(server.endpoint) as client:
        assert isinstance(await client.describe(make_ref(), slots), NoAnswer)
        assert len(server.requests) == 1
    assert slots.steps == ["wait", "spent", "left"]


async def test_connect_through_a_proxy_spends_no_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    """It leaves before TLS and is no request of the service: one check would cost two slots."""
    slots = Slots()
    async with raw_server(answer(b"no", status="407 No", then=Then.CLOSE)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.endpoint)
        async with asking("https://tiw.invalid") as client:
            assert isinstance(await client.describe(make_ref(), slots), NoAnswer)
        assert len(proxy.requests) == 1
    assert slots.steps == []


async def test_request_that_is_cancelled_at_any_turn_leaves_nothing(server: RawServer) -> None:
    """Leaving the program, or a deadline, can come at any moment."""
    for turns in range(40):
        async with asking(server.endpoint) as client:
            asking_now = asyncio.create_task(client.describe(make_ref(), Slots(lambda: asyncio.sleep(0))))
            for _turn in range(turns):
                await asyncio.sleep(0)
            asking_now.cancel()
            await asyncio.gather(asking_now, return_exceptions=True)
            assert isinstance(await client.describe(make_ref()), Observed)


async def test_request_that_is_cancelled_ends(server: RawServer) -> None:
    """Leaving the program must not wait for an answer."""
    holding = asyncio.Event()
    async with asking(server.endpoint) as client:
        asking_now = asyncio.create_task(client.describe(make_ref()))
        asyncio.get_running_loop().call_soon(holding.set)
        await holding.wait()
        asking_now.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking_now
