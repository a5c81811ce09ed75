"""The whole engine, saved state included, on real sockets and a server that does everything wrong in turn.

Each task first meets two kinds of mischief and then the truth. Time goes ten times as fast for the engine;
what the sockets do takes as long as it takes.
"""

import asyncio
import gzip
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.factories import FastClock, envelope, make_ref
from tests.raw_server import Act, RawServer, Say, Then, Trickle, Wire, answer, raw_server
from tests.service import FINISHED, PATIENCE_S, PROCESSING, refusal, until
from tiwtui.api.client import Client, http_for
from tiwtui.api.credentials import Credentials, RefreshableCredentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.engine.status import Mode
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase, TaskRef
from tiwtui.session import Session, Target
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio

SPEED = 10.0
DEADLINE_S = 0.3
BUDGET = 10.0
LEAST_BACKOFF_S = 2.5

FAILED = refusal("FailedOperation.Record", "40004 im login failed")
QUEUED = envelope(Status="QUEUED", VideoInfoList=[], RequestId="r-4")
TRUTHS = [
    (FINISHED, Phase.READY),
    (FAILED, Phase.FAILED),
    (PROCESSING, Phase.PROCESSING),
    (QUEUED, Phase.QUEUED),
]

NO_VIDEO_URL = envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": 404}], RequestId="r")
NULLS = envelope(Status=None, VideoInfoList=None, Error=None, RequestId=None, TaskId=None)
JSON_KIND = "Content-Type: application/json"


def padded(size_bytes: int) -> bytes:
    """Return an answer that says nothing wrong and is that long."""
    return envelope(Status="FINISHED", VideoInfoList=[], Odd="x" * size_bytes)


MISCHIEF: dict[str, Act] = {
    "reset at once": Say(then=Then.RESET),
    "reset amid the answer": answer(FINISHED, length=len(FINISHED) + 9, then=Then.RESET),
    "closed at once": Say(then=Then.CLOSE),
    "silence": Say(then=Then.HANG),
    "silence amid the answer": answer(FINISHED[:20], length=len(FINISHED), then=Then.HANG),
    "truncated": answer(FINISHED[:40], length=len(FINISHED), then=Then.CLOSE),
    "a byte at a time": Trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + FINISHED),
    "no HTTP": Say(b"SSH-2.0-OpenSSH_9.6\r\n", Then.CLOSE),
    "a page": answer(b"<html>Please accept the terms</html>", "Content-Type: text/html"),
    "a gateway's page": answer(b"<html></html>", "Content-Type: text/html", status="502 Bad Gateway"),
    "nothing": answer(b""),
    "no content": Say(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "somewhere else": answer(b"moved", "Location: http://127.0.0.1:1/", status="302 Found"),
    "gzip": answer(gzip.compress(FINISHED), "Content-Encoding: gzip"),
    "another encoding of text": answer(FINISHED.decode().encode("utf-16"), JSON_KIND),
    "null": answer(b"null", JSON_KIND),
    "an array": answer(b"[]", JSON_KIND),
    "no number": answer(b'{"Response": NaN}', JSON_KIND),
    "nested deeply": answer(b"[" * 200_000, JSON_KIND),
    "nulls": answer(NULLS, JSON_KIND),
    "a number for a text": answer(envelope(Status=3), JSON_KIND),
    "a text for an array": answer(envelope(Status="FINISHED", VideoInfoList="[]"), JSON_KIND),
    "a number for a URL": answer(NO_VIDEO_URL, JSON_KIND),
    "a text for an error": answer(envelope(Error="InternalError"), JSON_KIND),
    "eleven megabytes": answer(padded(11_000_000), JSON_KIND),
    "throttled": answer(refusal("RequestLimitExceeded"), JSON_KIND),
    "a code nobody knows": answer(refusal("Gremlins.InTheRack"), JSON_KIND),
}

DROPPED = ("reset at once", "reset amid the answer", "closed at once", "no HTTP")
"""A reused connection that ends before an answer's head is complete: the request is sent again once."""


@dataclass(slots=True)
class Hostile:
    """Answers each request about a task by what that task has not met yet, and then with the truth."""

    plan: dict[str, list[tuple[str, Act]]]
    truth: dict[str, bytes]
    arrivals: list[tuple[float, str]] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    dropped_at: set[float] = field(default_factory=set)
    twice_at_once: list[str] = field(default_factory=list)
    server: RawServer | None = None
    _busy_until: dict[str, float] = field(default_factory=dict)

    async def __call__(self, wire: Wire) -> Then:
        assert self.server is not None
        request = self.server.requests[-1]
        task_id = json.loads(request.body)["TaskId"]
        if request.at < self._busy_until.get(task_id, 0.0):
            self.twice_at_once.append(task_id)
        self.arrivals.append((request.at, task_id))
        name, act = self.plan[task_id].pop(0) if self.plan[task_id] else ("the truth", None)
        self.met[name] += 1
        if name in DROPPED:
            self.dropped_at.add(request.at)
        # Nine tenths of the deadline: the client's began a moment before.
        self._busy_until[task_id] = request.at + 0.9 * DEADLINE_S
        then = await (act or answer(self.truth[task_id], "Content-Type: text/plain; charset=x"))(wire)
        if then is not Then.HANG:
            self._busy_until[task_id] = 0.0
        return then


class Keys:
    def load(self) -> Credentials:
        return Credentials(Secret("AKIDnotarealkeyid"), Secret("NotARealSecretKeyAtAll"), None, "test")


@asynccontextmanager
async def session_on(endpoint: str, path: Path, deadline_s: float = DEADLINE_S) -> AsyncIterator[Session]:
    """Run the engine against an endpoint, with a deadline that a test can wait for."""
    clock, keys, place = FastClock(SPEED), RefreshableCredentials(Keys()), parse_endpoint(endpoint)
    client = Client(http_for(place), place, "ap-singapore", keys.current, time.time, deadline_s=deadline_s)
    session = Session(
        Target("default", place.netloc, "ap-singapore", None),
        watcher=Watcher(budget=BUDGET),
        store=TaskStore(Database(path)),
        client=client,
        keys=keys,
        clock=clock,
        who="test",
    )
    await session.start()
    engine = asyncio.create_task(session.run())
    try:
        yield session
        assert not engine.done(), "the engine ended"
    finally:
        engine.cancel()
        await asyncio.gather(engine, return_exceptions=True)
        await session.close()


async def test_no_answer_of_any_kind_keeps_a_task_from_its_true_phase(tmp_path: Path) -> None:
    """Hotel networks, broken gateways, a service that changes its answers: the truth is printed."""
    names = list(MISCHIEF)
    refs = [make_ref(number) for number in range(len(names))]
    truths = {ref: TRUTHS[number % len(TRUTHS)] for number, ref in enumerate(refs)}
    plan = {
        ref.task_id: [(name, MISCHIEF[name]) for name in (names[number], names[(number + 9) % len(names)])]
        for number, ref in enumerate(refs)
    }
    hostile = Hostile(plan, {ref.task_id: truth for ref, (truth, _phase) in truths.items()})
    async with raw_server(hostile) as hostile.server:
        async with session_on(hostile.server.endpoint, tmp_path / "x.db") as session:
            began = time.monotonic()
            await session.add([(ref, None) for ref in refs])

            def is_printed(ref: TaskRef) -> bool:
                task = session.tasks[ref]
                return task.phase is truths[ref][1] and task.trouble is None

            await asyncio.to_thread(until, lambda: all(map(is_printed, refs)), "the true phases")
            lasted_s = (time.monotonic() - began) * SPEED
            assert session.status().mode is Mode.LIVE
        assert all(hostile.met[name] == 2 for name in names)
        assert hostile.twice_at_once == []
        assert len(hostile.arrivals) <= BUDGET * lasted_s + 1
        for ref in refs:
            times = [at for at, task_id in hostile.arrivals if task_id == ref.task_id]
            gaps = [b - a for a, b in itertools.pairwise(times) if a not in hostile.dropped_at]
            assert min(gaps) >= LEAST_BACKOFF_S / SPEED


async def test_answers_that_look_odd_and_are_right_are_believed(tmp_path: Path) -> None:
    """Nine megabytes, the wrong content type, one byte at a time, numbers as texts: news all the same."""
    video = {"VideoUrl": "http://1.vod2.myqcloud.com/a.mp4", "VideoType": "2", "Width": None}
    lenient = envelope(Status="FINISHED", VideoInfoList=[video], RoomId="900822", GroupId=7, Extra={"a": []})
    large = FINISHED.replace(b'"Status"', b'"Odd": "' + b"x" * 9_000_000 + b'", "Status"')
    slow = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(FINISHED) + FINISHED
    acts: dict[str, Act] = {
        "page": answer(FINISHED, "Content-Type: text/html"),
        "bytes": answer(FINISHED, "Content-Type: application/octet-stream"),
        "no type": answer(FINISHED),
        "error status": answer(FINISHED, JSON_KIND, status="500 Internal Server Error"),
        "lenient": answer(lenient, JSON_KIND),
        "large": answer(large, JSON_KIND),
        "slow": Trickle(slow, gap_s=0.0),
        "closing": answer(FINISHED, "Connection: close", then=Then.CLOSE),
    }
    refs = {name: make_ref(name) for name in acts}
    hostile = Hostile({name: [(name, act)] for name, act in acts.items()}, dict.fromkeys(acts, PROCESSING))
    async with (
        raw_server(hostile) as hostile.server,
        # However busy the machine: what comes slowly is to be believed here, not given up.
        session_on(hostile.server.endpoint, tmp_path / "x.db", PATIENCE_S) as session,
    ):
        await session.add([(ref, None) for ref in refs.values()])

        def are_ready() -> bool:
            return all(session.tasks[ref].phase is Phase.READY for ref in refs.values())

        await asyncio.to_thread(until, are_ready, f"ready: {hostile.met}")
        assert [session.tasks[ref].checks for ref in refs.values()] == [1] * len(refs)
        assert session.tasks[refs["lenient"]].room_id == 900822
        details = await session.details(refs["lenient"])
        assert details.videos[0].type == 2
        assert details.oddities == ("$.Response.GroupId: expected str",)
