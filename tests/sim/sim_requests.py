"""Requests and services for the tests of the simulated service: signed as a good client does, times fixed."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tiwtui.api.signing import authorization
from tiwtui.sim.faults import Fault
from tiwtui.sim.http_types import Reply, Request
from tiwtui.sim.service import Service, Setup, demo_keys
from tiwtui.sim.signature_check import Keys
from tiwtui.sim.world import SDK_APP_ID, World

WALL = 1_793_600_000.0
SEED = 5
KEYS = demo_keys(SEED)
HOST = "tiw.tencentcloudapi.com"
FORM = "application/x-www-form-urlencoded"


def make_service(
    *,
    faults: Mapping[Fault, float] | None = None,
    keys: Keys = KEYS,
    speed: float = 1.0,
    seed: int = SEED,
    latency_s: tuple[float, float] = (0.0, 0.0),
) -> Service:
    """Return a service whose world begins at monotonic second 0."""
    setup = Setup(keys, speed=speed, faults=dict(faults or {}), latency_s=latency_s)
    return Service(World(seed), setup, started=0.0)


def make_request(
    task_id: str = "ghucnligqtgtvk2624mb",
    *,
    method: str = "POST",
    query: str = "",
    body: bytes | None = None,
    signed: tuple[str, ...] = ("content-type", "host", "x-tc-action"),
    timestamp: float = WALL,
    keys: Keys = KEYS,
    changed: Mapping[str, str | None] | None = None,
    before_signing: Mapping[str, str] | None = None,
) -> Request:
    """Return a signed request.

    `before_signing` headers are part of the signature; `changed` ones are altered, or removed for None,
    after it was made.
    """
    if body is None:
        body = b"" if method == "GET" else parameters(TaskId=task_id)
    headers = {
        "host": HOST,
        "content-type": FORM if method == "GET" else "application/json",
        "x-tc-action": "DescribeVideoGenerationTask",
        "x-tc-version": "2019-09-19",
        "x-tc-region": "ap-singapore",
        "x-tc-timestamp": str(int(timestamp)),
        **(before_signing or {}),
    }
    if keys.token:
        headers["x-tc-token"] = keys.token
    headers["authorization"] = authorization(
        keys.secret_id,
        keys.secret_key,
        method=method,
        query=query,
        signed={name: headers[name] for name in signed},
        payload=body,
        timestamp=int(timestamp),
        service="tiw",
    )
    sent = {**headers, **(changed or {})}
    saved = tuple((name, value) for name, value in sent.items() if value is not None)
    return Request(method, f"/?{query}" if query else "/", saved, body)


def make_get(query: str, **changes: Any) -> Request:
    """Return a signed GET with this query."""
    return make_request(method="GET", query=query, **changes)


def parameters(**changes: object) -> bytes:
    """Return the JSON body of a good request, with parameters replaced or added."""
    return msgspec.json.encode({"SdkAppId": SDK_APP_ID, "TaskId": "ghucnligqtgtvk2624mb"} | changes)


def response(service: Service, request: Request, *, now: float = 1.0, wall: float = WALL) -> dict[str, Any]:
    """Return the `Response` object of a plain answer."""
    reply = service.answer(request, now=now, wall=wall)
    assert isinstance(reply, Reply)
    decoded = msgspec.json.decode(reply.body)["Response"]
    assert isinstance(decoded, dict)
    return decoded


def refused(service: Service, request: Request, *, now: float = 1.0, wall: float = WALL) -> tuple[str, str]:
    """Return code and message of a refusal."""
    result = response(service, request, now=now, wall=wall)["Error"]
    return result["Code"], result["Message"]
