"""Faults of the simulated service: their names, how often they happen, and what they do.

1. The faults of a request depend on the seed and its number: the same run has the same faults.
2. `clock` concerns the server, not a request: any share above 0 sets its clock ten minutes ahead for the
   whole run, in the Date header and in the 300 s window.
3. A garbled answer is valid JSON that cannot be read as an answer about the task.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from tiwtui.i18n import _
from tiwtui.sim.answers import envelope
from tiwtui.sim.task_ids import hashed, share


class Fault(StrEnum):
    """The faults by their names on the command line."""

    LATENCY = "latency"
    HTTP500 = "http500"
    RESET = "reset"
    HANG = "hang"
    HTML = "html"
    TRUNCATED = "truncated"
    THROTTLE = "throttle"
    INTERNAL = "internal"
    CLOCK = "clock"
    GARBLED = "garbled"


FaultShares = Mapping[Fault, float]
CLOCK_AHEAD_S: Final = 600.0

_LATENCY_S = (0.2, 3.0)

PORTAL = (
    b"<!DOCTYPE html><html><head><title>Guest Wi-Fi</title></head>"
    b"<body><h1>Welcome</h1><p>Please accept the terms to use the network.</p></body></html>"
)
BROKEN_GATEWAYS = (
    (500, b"<html><head><title>500 Internal Server Error</title></head><body></body></html>"),
    (502, b"<html><head><title>502 Bad Gateway</title></head><body></body></html>"),
    (503, b"<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>"),
)


def parse_fault(text: str) -> tuple[Fault, float]:
    """Return fault and share of `NAME:SHARE`; raises ValueError with a message for a person."""
    name, separator, number = text.partition(":")
    try:
        fault = Fault(name.strip())
    except ValueError:
        message = _("{name!r} is not a fault; there are {known}")
        raise ValueError(message.format(name=name, known=", ".join(Fault))) from None
    try:
        portion = float(number)
    except ValueError:
        portion = -1.0
    if not separator or not 0 <= portion <= 1:
        message = _("{text!r} needs a share from 0 to 1, such as {fault}:0.1")
        raise ValueError(message.format(text=text, fault=fault))
    return fault, portion


def drawn(shares: FaultShares, seed: int, number: int) -> frozenset[Fault]:
    """Return the faults of the request of this number."""
    return frozenset(fault for fault, portion in shares.items() if share(seed, fault, number) < portion)


def clock_ahead_s(shares: FaultShares) -> float:
    """Return by how much the server's clock is ahead."""
    return CLOCK_AHEAD_S if shares.get(Fault.CLOCK, 0.0) > 0 else 0.0


def extra_latency_s(seed: int, number: int) -> float:
    """Return how long the `latency` fault delays the request of this number."""
    least, most = _LATENCY_S
    return least + (most - least) * share(seed, "how late", number)


def broken_gateway(seed: int, number: int) -> tuple[int, bytes]:
    """Return the status and the page of a gateway that cannot reach its service."""
    return BROKEN_GATEWAYS[hashed(seed, "gateway", number) % len(BROKEN_GATEWAYS)]


def sent_bytes(seed: int, number: int, length: int) -> int:
    """Return how many bytes of a truncated body are sent: fewer than it has."""
    return hashed(seed, "kept", number) % length if length else 0


def garbled(answer: dict[str, Any], seed: int, number: int) -> object:
    """Return valid JSON, made of an answer, that cannot be read as one."""
    ways = _GARBLED_ENVELOPES
    response = answer["Response"]
    if "Status" in response:
        ways += _GARBLED_TASKS
        if response["VideoInfoList"]:
            ways += _GARBLED_VIDEOS
    return ways[hashed(seed, "garbled", number) % len(ways)](response)


def _without(response: dict[str, Any], name: str) -> dict[str, Any]:
    return envelope({known: value for known, value in response.items() if known != name})


def _with(response: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    return envelope({**response, name: value})


def _only(response: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    return envelope({name: value, "RequestId": response["RequestId"]})


def _first_video(response: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    first, *others = response["VideoInfoList"]
    return _with(response, "VideoInfoList", [{**first, name: value}, *others])


_Way = Callable[[dict[str, Any]], object]

_GARBLED_ENVELOPES: tuple[_Way, ...] = (
    lambda response: None,
    lambda response: [],
    lambda response: "ok",
    lambda response: {},
    lambda response: {"Response": None},
    lambda response: {"Response": [response]},
    lambda response: {"Response": {"RequestId": response["RequestId"]}},
    lambda response: {"response": response},
    lambda response: _only(response, "Error", "InternalError"),
    lambda response: _only(response, "Error", {"Code": None, "Message": None}),
    lambda response: {"code": 4000, "message": "(100004)项目不存在", "codeDesc": "InternalError"},
)
_GARBLED_TASKS: tuple[_Way, ...] = (
    lambda response: _without(response, "Status"),
    lambda response: _with(response, "Status", None),
    lambda response: _with(response, "Status", 3),
    lambda response: _with(response, "VideoInfoList", {"0": None}),
    lambda response: _with(response, "VideoInfoList", "[]"),
    lambda response: _with(response, "VideoInfoList", [7]),
)
_GARBLED_VIDEOS: tuple[_Way, ...] = (
    lambda response: _first_video(response, "VideoUrl", None),
    lambda response: _first_video(response, "VideoUrl", {"href": "x"}),
    lambda response: _first_video(response, "VideoUrl", 404),
)
