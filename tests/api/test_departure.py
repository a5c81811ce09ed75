"""A request that is ready to leave asks once more, and then nothing comes between."""

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest

from tests.api.client import asking
from tests.factories import envelope, make_ref
from tests.raw_server import RawServer, answer, in_a_thread, raw_server
from tiwtui.api.answers import Observed
from tiwtui.api.departure import Withheld

pytestmark = pytest.mark.anyio

PATIENCE_S = 10.0


@pytest.fixture
def server() -> Iterator[RawServer]:
    """A server of its own thread: it goes on while the client's loop stands still."""
    with in_a_thread(raw_server(answer(envelope(Status="QUEUED")))) as running:
        yield running


async def test_request_that_may_no_longer_leave_does_not(server: RawServer) -> None:
    """While the connection was made, another process has become the one that asks."""
    asked: list[bool] = []

    def not_the_first_time() -> bool:
        asked.append(bool(server.wires))
        return len(asked) > 1

    async with asking(server.endpoint, may_leave=not_the_first_time) as client:
        with pytest.raises(Withheld):
            await client.describe(make_ref())
        assert server.requests == []
        assert isinstance(await client.describe(make_ref()), Observed)
        assert len(server.requests) == 1


async def test_question_is_put_for_each_request_also_on_a_connection_that_stands(server: RawServer) -> None:
    answers = iter((True, False, True))
    async with asking(server.endpoint, may_leave=lambda: next(answers)) as client:
        await client.describe(make_ref())
        with pytest.raises(Withheld):
            await client.describe(make_ref())
        assert isinstance(await client.describe(make_ref()), Observed)
    assert len(server.requests) == 2


async def test_between_the_question_and_the_last_byte_the_loop_gets_no_turn(server: RawServer) -> None:
    """A terminal that stops reading may stop the loop in any turn, for as long as it likes."""
    came: list[bool] = []

    def stop_the_loop(count: int) -> Callable[[], None]:
        def stop() -> None:
            ends_at = time.monotonic() + PATIENCE_S
            while len(server.requests) < count and time.monotonic() < ends_at:
                time.sleep(0.001)
            came.append(len(server.requests) == count)

        return stop

    def may_leave() -> bool:
        asyncio.get_running_loop().call_soon(stop_the_loop(len(came) + 1))
        return True

    async with asking(server.endpoint, may_leave=may_leave) as client:
        # The first makes its connection, the second finds one.
        for _request in range(2):
            assert isinstance(await client.describe(make_ref()), Observed)
    assert came == [True, True]


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
