"""A client for the tests of it: fixed time, made-up keys, short deadline."""

import contextlib
from collections.abc import AsyncIterator, Callable

import httpx

from tests.factories import WALL
from tiwtui.api.client import DEADLINE_S, Client, http_for
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import parse_endpoint

SECRET_ID = "AKIDnotarealkeyid"
SECRET_KEY = "NotARealSecretKeyAtAll"
TOKEN = "notARealTokenEither=="


@contextlib.asynccontextmanager
async def asking(
    endpoint: str,
    *,
    deadline_s: float = DEADLINE_S,
    wall: Callable[[], float] = lambda: WALL,
    token: str | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Client]:
    """Open a client on an endpoint and close it after the block."""
    keys = Credentials(Secret(SECRET_ID), Secret(SECRET_KEY), Secret(token) if token else None, "test")
    place = parse_endpoint(endpoint)
    http = http_for(place, transport)
    client = Client(http, place, "ap-singapore", lambda: keys, wall, deadline_s=deadline_s)
    try:
        yield client
    finally:
        await client.aclose()
