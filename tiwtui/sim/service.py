"""The simulated service: from a request and the time to what the client gets. Does no I/O.

1. Every handled request is answered with HTTP 200, a Date and a new RequestId, also if it is refused.
2. Only the tasks run at `speed`; signature window, rate limit and delays are in real time.
3. Order of refusals: form, signature and clock, token, action, version and region, rate, parameters, task.
4. In no window of one second more than `requests_per_second` requests are accepted.
"""

from collections import Counter, deque
from typing import Any, Final, assert_never
from uuid import UUID

import msgspec

from tiwtui.sim import faults
from tiwtui.sim.answers import JSON_KIND, described, encoded, error, headers
from tiwtui.sim.faults import Fault, FaultShares
from tiwtui.sim.http_types import Exchange, Hang, Reply, Request, Reset, Truncated
from tiwtui.sim.request_check import Asked, asked, refuse_common, refuse_form
from tiwtui.sim.signature_check import Keys, Refusal, refuse_signature
from tiwtui.sim.task_ids import hashed, share
from tiwtui.sim.world import World

DEMO_LATENCY_S: Final = (0.02, 0.12)
RATE_LIMIT: Final = 20
_WINDOW_S = 1.0


def demo_keys(seed: int) -> Keys:
    """Return an invented key pair that depends only on the seed."""
    numbers = [hashed(seed, "key", place) for place in range(4)]
    return Keys(
        f"AKIDsimulated{numbers[0]:016x}{numbers[1] >> 36:07x}", f"{numbers[2]:016x}{numbers[3]:016x}"
    )


class Setup(msgspec.Struct, frozen=True):
    """How a simulated service behaves; `speed` is in simulated seconds per real second.

    `latency_s` is the shortest and the longest delay of an answer without fault, in seconds.
    """

    keys: Keys
    speed: float = 1.0
    latency_s: tuple[float, float] = (0.0, 0.0)
    faults: FaultShares = msgspec.field(default_factory=dict)
    requests_per_second: int = RATE_LIMIT


class Tally(msgspec.Struct):
    """Counts of what arrived so far: requests, the most within one second, answers by task id."""

    requests: int = 0
    peak_per_second: int = 0
    by_task: Counter[str] = msgspec.field(default_factory=Counter)
    _recent: deque[float] = msgspec.field(default_factory=deque)

    def arrived(self, now: float) -> int:
        """Count one request at `now` (monotonic seconds) and return its number, from 1."""
        self.requests += 1
        _slide(self._recent, now)
        self._recent.append(now)
        self.peak_per_second = max(self.peak_per_second, len(self._recent))
        return self.requests


class Service:
    """One service over one world, with its tally and the requests it accepted in the last second."""

    def __init__(self, world: World, setup: Setup, *, started: float) -> None:
        """Begin the world's time at `started` (monotonic seconds)."""
        self.world = world
        self.setup = setup
        self.tally = Tally()
        self._started = started
        self._accepted: deque[float] = deque()

    def simulated_s(self, now: float) -> float:
        """Return the world's time at `now` (monotonic seconds)."""
        return (now - self._started) * self.setup.speed

    def answer(self, request: Request, *, now: float, wall: float) -> Exchange:
        """Return what the client of a request that arrives at `now` and `wall` gets."""
        seed = self.world.seed
        number = self.tally.arrived(now)
        drawn = faults.drawn(self.setup.faults, seed, number)
        clock = wall + faults.clock_ahead_s(self.setup.faults)
        delay_s = self._delay_s(number, drawn)
        if Fault.RESET in drawn:
            return Reset(delay_s)
        if Fault.HANG in drawn:
            return Hang()
        if Fault.HTTP500 in drawn:
            status, page = faults.broken_gateway(seed, number)
            return Reply(status, headers("text/html", page, clock), page, delay_s)
        if Fault.HTML in drawn:
            return Reply(200, headers("text/html", faults.PORTAL, clock), faults.PORTAL, delay_s)
        body = encoded(self._handled(request, drawn, number, now, clock))
        head = headers(JSON_KIND, body, clock)
        if Fault.TRUNCATED in drawn:
            sent = faults.sent_bytes(seed, number, len(body))
            return Truncated(200, head, body[:sent], delay_s)
        return Reply(200, head, body, delay_s)

    def _delay_s(self, number: int, drawn: frozenset[Fault]) -> float:
        seed = self.world.seed
        least, most = self.setup.latency_s
        delay_s = least + (most - least) * share(seed, "delay", number)
        return delay_s + (faults.extra_latency_s(seed, number) if Fault.LATENCY in drawn else 0.0)

    def _handled(
        self, request: Request, drawn: frozenset[Fault], number: int, now: float, clock: float
    ) -> object:
        request_id = self._request_id(number)
        refusal = (
            refuse_form(request)
            or refuse_signature(request, self.setup.keys, clock)
            or refuse_common(request)
            or self._refuse_rate(drawn, now)
        )
        if refusal:
            return error(refusal.code, refusal.message, request_id)
        if Fault.INTERNAL in drawn:
            return error("InternalError", "An internal error has occurred. Retry your request.", request_id)
        answer = self._described(request, request_id, now)
        return faults.garbled(answer, self.world.seed, number) if Fault.GARBLED in drawn else answer

    def _described(self, request: Request, request_id: str, now: float) -> dict[str, Any]:
        match asked(request):
            case Refusal(code, message):
                return error(code, message, request_id)
            case Asked(_, task_id):
                # Counted for known ids only, so that unknown ones take no memory.
                if self.world.place(task_id) is not None:
                    self.tally.by_task[task_id] += 1
                return described(self.world.state(task_id, self.simulated_s(now)), request_id)
            case never:
                assert_never(never)

    def _refuse_rate(self, drawn: frozenset[Fault], now: float) -> Refusal | None:
        limit = self.setup.requests_per_second
        _slide(self._accepted, now)
        if Fault.THROTTLE in drawn or len(self._accepted) >= limit:
            message = f"Your current request times exceed the limit of {limit} times a second for this API."
            return Refusal("RequestLimitExceeded", message)
        self._accepted.append(now)
        return None

    def _request_id(self, number: int) -> str:
        high = hashed(self.world.seed, "request", number)
        low = hashed(self.world.seed, "request again", number)
        return str(UUID(int=high << 64 | low, version=4))


def _slide(times: deque[float], now: float) -> None:
    """Drop the times that lie a whole second or more before `now`."""
    while times and times[0] <= now - _WINDOW_S:
        times.popleft()
