"""A service that says of each task what a test has it say, and notes who asked about which, and when.

It checks no signature: each process can be given keys of its own, and is known by their SecretId.
"""

import contextlib
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from tests.factories import envelope
from tests.raw_server import RawServer, Then, Wire, answer, raw_server

PROCESSING = envelope(Status="PROCESSING", VideoInfoList=[], RequestId="r-1")
FINISHED = envelope(
    Status="FINISHED",
    VideoInfoList=[{"VideoUrl": "http://1.vod2.myqcloud.com/a.mp4", "VideoType": 2, "VideoFormat": "mp4"}],
    RequestId="r-2",
)
PATIENCE_S = 60.0

_SECRET_ID = re.compile(r"Credential=([^/]*)/")


def refusal(code: str, message: str = "no") -> bytes:
    """Return the answer that has an error code."""
    return envelope(Error={"Code": code, "Message": message}, RequestId="r-3")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when it was whole (monotonic), about which task, by whose keys."""

    at: float
    task_id: str
    who: str


@dataclass(slots=True)
class Answering:
    """The service. `says` are bodies by task id; `before` is awaited between a request and its answer."""

    says: dict[str, bytes] = field(default_factory=dict)
    otherwise: bytes = PROCESSING
    before: Callable[[Asked], Awaitable[None]] | None = None
    asked: list[Asked] = field(default_factory=list)
    answered_at: dict[str, float] = field(default_factory=dict)
    server: RawServer | None = None

    async def __call__(self, wire: Wire) -> Then:
        assert self.server is not None
        request = self.server.requests.pop()
        who = _SECRET_ID.search(request.headers["authorization"])
        asked = Asked(request.at, json.loads(request.body)["TaskId"], who[1] if who else "")
        self.asked.append(asked)
        if self.before is not None:
            await self.before(asked)
        said = await answer(self.says.get(asked.task_id, self.otherwise), "Content-Type: application/json")(
            wire
        )
        self.answered_at[asked.task_id] = time.monotonic()
        return said

    @property
    def endpoint(self) -> str:
        assert self.server is not None
        return self.server.endpoint

    def by(self, who: str, after: float = 0.0) -> list[Asked]:
        """Return what a process asked after a moment."""
        return [asked for asked in self.asked if asked.who == who and asked.at > after]

    def soonest(self, tasks: Iterable[str]) -> list[str]:
        """Return tasks in the order in which they will be asked about: what was asked last comes last."""
        last = {asked.task_id: asked.at for asked in self.asked}
        return sorted(tasks, key=lambda task_id: last.get(task_id, 0.0))

    def askers(self, after: float = 0.0) -> set[str]:
        """Return who asked after a moment."""
        return {asked.who for asked in self.asked if asked.at > after}


@contextlib.asynccontextmanager
async def answering(**says: bytes) -> AsyncIterator[Answering]:
    """Serve until the block ends; tasks that are not named are at work."""
    service = Answering(says)
    async with raw_server(service) as service.server:
        yield service


def until(condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
    """Look again and again until something has come about that another process or thread does."""
    ends_at = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < ends_at, f"in {patience_s:g} s never {what}"
        time.sleep(0.01)
