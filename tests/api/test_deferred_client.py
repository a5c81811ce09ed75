"""The client that is made at its first request."""

import asyncio
import subprocess
import sys
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.api.client import asking
from tests.factories import envelope, make_ref
from tiwtui.api.answers import Observed
from tiwtui.api.client import Client
from tiwtui.api.deferred_client import DeferredClient, has_connection_settings

pytestmark = pytest.mark.anyio


def processing(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(
        200, stream=httpx.ByteStream(envelope(TaskId="x", Status="PROCESSING", RequestId="r"))
    )


class Maker:
    """Makes a client, and counts how often."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.made = 0

    def __call__(self) -> Client:
        self.made += 1
        return self._client


async def deferred(stack: AsyncExitStack) -> tuple[DeferredClient, Maker]:
    transport = httpx.MockTransport(processing)
    make = Maker(await stack.enter_async_context(asking("https://simulated.invalid", transport=transport)))
    return DeferredClient(make), make


async def test_checks_at_once_share_one_client() -> None:
    async with AsyncExitStack() as stack:
        client, make = await deferred(stack)
        assert make.made == 0
        answers = await asyncio.gather(*(client.describe(make_ref(n)) for n in range(3)))
        assert make.made == 1
        assert [type(answer) for answer in answers] == [Observed] * 3


async def test_a_cancelled_first_check_leaves_the_client_to_the_next() -> None:
    """`x` on the only task must not end the checks of those that are added later."""
    async with AsyncExitStack() as stack:
        client, make = await deferred(stack)
        first = asyncio.create_task(client.describe(make_ref(1)))
        await asyncio.sleep(0)
        first.cancel()
        assert isinstance(await client.describe(make_ref(2)), Observed)
        assert make.made == 1


async def test_closing_makes_no_client() -> None:
    async with AsyncExitStack() as stack:
        client, make = await deferred(stack)
        await client.aclose()
        assert make.made == 0


@pytest.mark.parametrize(
    "name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "http_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"]
)
def test_settings_of_the_connection_are_noticed(name: str) -> None:
    """A proxy that cannot be used is refused before the screen opens, so the client is made at once."""
    assert has_connection_settings({name: "x"}, "linux")
    assert not has_connection_settings({name: ""}, "linux")
    assert not has_connection_settings({"PATH": "/bin", "SSL_CERTS": "x"}, "linux")
    # The proxy of these systems is in no variable.
    assert has_connection_settings({}, "darwin")
    assert has_connection_settings({}, "win32")


def test_opening_the_screen_imports_no_http_client() -> None:
    """It takes a tenth of the start, and nothing is sent before the first frame."""
    code = "import sys, tiwtui.cli.commands.screen; print(sorted({'httpx', 'h11'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
