"""Every kind of trouble, from the bytes of an answer to the words on the screen.

The client, the session and the screen are the real ones; the clock is a simulated one, and the network a
function that is asked for bytes.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from random import Random
from typing import cast

import httpx
import pytest

from tests.factories import APP, WALL, FakeClock, envelope, make_ref
from tests.ui.fake_session import StillSession
from tests.ui.pilot import Hand
from tiwtui.api.credentials import Credentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.composition import open_session
from tiwtui.config.settings import Settings
from tiwtui.model import Phase, TaskRef
from tiwtui.session import Session
from tiwtui.sim.transport import leave
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore
from tiwtui.ui.app import TiwtuiApp
from tiwtui.ui.main.view_state import Layout
from tiwtui.ui.timing import AT_ONCE

pytestmark = pytest.mark.anyio

PROCESSING = envelope(Status="PROCESSING", VideoInfoList=[], RequestId="r-1")
OTHER_APP = 1500000002
FAST_CLOCK_S = 412.0

Answered = bytes | httpx.Response | Exception


def error(code: str, message: str = "no") -> bytes:
    return envelope(Error={"Code": code, "Message": message}, RequestId="r-9")


class Keys:
    def load(self) -> Credentials:
        return Credentials(
            Secret("AKIDnotarealkeyidQ7fX"), Secret("NotARealSecretKeyAtAll"), None, "the test"
        )


@dataclass
class Desk:
    """A person before the screen of a real session; `says` is what the network brings for an application."""

    clock: FakeClock
    session: Session
    says: dict[int, Answered]
    sent: list[int]
    hand: Hand

    async def wait(self, seconds: float) -> None:
        """Let checks and time go on together, then look."""
        await self.clock.run_until(self.clock.now + seconds)
        self.hand.tick()
        await self.hand.settle()

    @property
    def header(self) -> str:
        return self.hand.lines[0]

    @property
    def words(self) -> str:
        """All that is on the screen, as one line: advice is wrapped."""
        return " ".join(self.hand.text.split())

    def row(self, ref: TaskRef) -> str:
        return next(line for line in self.hand.lines if ref.task_id in line)

    def phase(self, ref: TaskRef) -> Phase:
        return self.session.tasks[ref].phase


A, B = make_ref("aaaaaaaaaaaaaaaaaaaa"), make_ref("bbbbbbbbbbbbbbbbbbbb")
OTHER = make_ref("cccccccccccccccccccc", app=OTHER_APP)


@asynccontextmanager
async def desk(*refs: TaskRef) -> AsyncIterator[Desk]:
    """Open the screen on tasks that are at work and were answered so far."""
    clock = FakeClock()
    says: dict[int, Answered] = dict.fromkeys((APP, OTHER_APP), PROCESSING)
    sent: list[int] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        await leave(request)
        app = OTHER_APP if str(OTHER_APP).encode() in request.content else APP
        sent.append(app)
        match says[app]:
            case bytes() as body:
                return httpx.Response(200, stream=httpx.ByteStream(body))
            case httpx.Response() as response:
                return httpx.Response(
                    200, headers=response.headers, stream=httpx.ByteStream(response.content)
                )
            case failure:
                raise failure

    session = open_session(
        Settings(parse_endpoint("https://simulated.invalid"), "ap-singapore", APP),
        Keys(),
        store=TaskStore(Database(None)),
        clock=clock,
        transport=httpx.MockTransport(answer),
        random=Random(1),
    )
    hand = Hand(cast(StillSession, session))
    app = TiwtuiApp(session, pace=AT_ONCE, zone=UTC, monotonic=clock.monotonic)
    async with app.run_test(size=(220, 30), notifications=True) as hand.pilot:
        hand.change(layout=Layout.BELOW)
        await session.add([(ref, None) for ref in refs])
        opened = Desk(clock, session, says, sent, hand)
        await opened.wait(5.0)
        assert all(opened.phase(ref) is Phase.PROCESSING for ref in refs)
        assert "● live" in opened.header
        yield opened


@dataclass(frozen=True)
class Case:
    """What the network brings, and what must then be read in row, header (a pattern) and advice.

    `goes_on` is whether another check goes out within 45 seconds.
    """

    brings: Answered
    row: str
    header: str
    advice: tuple[str, ...] = ()
    goes_on: bool = True


def late_clock(code: str) -> httpx.Response:
    """Return the refusal, with a date, of a request that is signed with a slow clock."""
    date = format_datetime(datetime.fromtimestamp(WALL + 5.0 + FAST_CLOCK_S, UTC), usegmt=True)
    return httpx.Response(200, headers={"Date": date}, content=error(code))


GARBLED = envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": 7}])
CASES = {
    "throttled": Case(error("RequestLimitExceeded"), "throttled, next try", "throttled "),
    "service": Case(error("InternalError"), "service error InternalError, next try", "● live"),
    "service, a code nobody knows": Case(error("Quota.New"), "service error Quota.New, next try", "● live"),
    "garbled": Case(GARBLED, "unreadable answer $.Response.VideoInfoList[0].VideoUrl, next try", "● live"),
    "garbled, no JSON at all": Case(b"<html>portal</html>", "unreadable answer, next try", "● live"),
    "credentials": Case(
        error("AuthFailure.SignatureFailure"),
        "credentials refused, next try 10s",
        "credentials refused, next try in 10s  r tries now",
        (
            "simulated.invalid refused the key …Q7fX from the test (AuthFailure.SignatureFailure): ",
            "Other sites to try: ",
        ),
    ),
    "permission": Case(
        error("UnauthorizedOperation"),
        "not permitted, next try 9m",
        "not permitted, next try in 9m",
        (
            '"name/tiw:DescribeVideoGenerationTask"',
            '"qcs::tiw::uin/<main-uin>:sdkappid/<SdkAppId>"',
        ),
        goes_on=False,
    ),
    "clock, and the service does not tell the time": Case(
        error("AuthFailure.SignatureExpire"),
        "clock is off, next try",
        "clock is off, next try in",
        ("this machine's clock is more than five minutes off: set it",),
    ),
    "config": Case(
        error("UnsupportedRegion"),
        "wrong setting UnsupportedRegion, next try 9m",
        "wrong setting UnsupportedRegion, next try in 9m",
        (
            "simulated.invalid refused a request for region ap-singapore (UnsupportedRegion): ",
            "set region to ap-singapore, or to ap-guangzhou for cn",
        ),
        goes_on=False,
    ),
    "config, of a task where others had answers": Case(
        error("InvalidParameter.BodyParameterTypeUnmatched"),
        "wrong setting InvalidParameter.Body",
        "● live",
        ("check the task's id and SdkAppId",),
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_trouble_is_shown_in_row_header_and_advice_until_it_ends(name: str) -> None:
    """A person must see what is wrong, what to do, and that what was known still stands."""
    case = CASES[name]
    async with desk(A, B) as at:
        at.says[APP] = case.brings
        at.session.check_now([A, B])
        await at.wait(20.0)
        assert case.row in at.row(A)
        assert "processing" in at.row(A)
        assert "What to do: " in at.words
        assert re.search(case.header, at.header)
        for shown in case.advice:
            assert shown in at.words
        before = len(at.sent)
        await at.wait(25.0)
        assert (len(at.sent) > before) == case.goes_on
        at.says[APP] = PROCESSING
        at.session.resume()
        at.session.check_now([A, B])
        await at.wait(30.0)
        assert "● live" in at.header
        for each in (case.row, *case.advice, "What to do: "):
            assert each not in at.words


async def test_what_is_refused_and_paused_says_who_refused_it() -> None:
    """Half a sentence without host and code helped nobody."""
    async with desk(A) as at:
        at.says[APP] = error("AuthFailure.SignatureFailure")
        at.session.check_now([A])
        await at.wait(20.0)
        at.session.pause()
        await at.wait(1.0)
        assert "paused" in at.header
        assert "simulated.invalid refused the key …Q7fX" in at.words


async def test_a_slow_clock_is_corrected_and_shown_with_the_offset() -> None:
    """Checks go on with the service's time; the person should set the clock all the same."""
    async with desk(A) as at:
        at.says[APP] = late_clock("AuthFailure.SignatureExpire")
        at.session.check_now([A])
        await at.wait(0.02)
        at.says[APP] = PROCESSING
        await at.wait(2.0)
        assert f"clock corrected by +{FAST_CLOCK_S:.0f} s" in at.header
        assert "● live" in at.header
        assert "clock is off" not in at.words


async def test_a_refused_application_stops_alone_and_says_why() -> None:
    """One school's bill is not paid; the other's classes go on."""
    async with desk(A, OTHER) as at:
        at.says[OTHER_APP] = error("ResourceUnavailable.ServiceExpired")
        at.session.check_now([OTHER])
        await at.wait(20.0)
        before = list(at.sent)
        await at.wait(60.0)
        assert "application refused ResourceUnavailable.ServiceExpired, next try 8m" in at.row(OTHER)
        assert "refused" not in at.row(A)
        assert "● live" in at.header
        assert f"stopped for {OTHER_APP}" in at.header
        shown = f"application {OTHER_APP} is refused (ResourceUnavailable.ServiceExpired): "
        assert f"{shown}the account is in arrears" in at.words
        assert "Only its tasks wait" in at.words
        assert set(at.sent[len(before) :]) == {APP}


async def test_a_field_that_cannot_be_read_is_named_in_the_note_and_in_raw() -> None:
    """The answer counts; what of it does not is said."""
    async with desk(A) as at:
        at.says[APP] = envelope(Status="PROCESSING", VideoInfoList=[], RoomId=["x"], RequestId="r-1")
        at.session.check_now([A])
        await at.wait(5.0)
        assert "odd answer: RoomId: expected int" in at.row(A)
        at.says[APP] = PROCESSING
        at.session.check_now([A])
        await at.wait(5.0)
        assert "odd answer" not in at.words


async def test_paused_says_so_and_promises_no_next_try() -> None:
    """What is paused waits for a person: a time would be a lie."""
    async with desk(A) as at:
        at.says[APP] = error("InternalError")
        at.session.check_now([A])
        await at.wait(1.0)
        at.session.pause()
        await at.wait(30.0)
        assert "paused 22:1" in at.header
        assert "service error InternalError" in at.row(A)
        assert "next try" not in at.words


async def test_a_lost_network_is_said_once_for_all_and_each_row_keeps_its_note() -> None:
    """First as silence, then as offline; thirty rows that say it too would hide what each has to say."""
    async with desk(A, B) as at:
        at.says[APP] = httpx.ConnectError("nobody there")
        at.session.check_now([A, B])
        await at.wait(2.0)
        assert re.search(r"no answer for \ds", at.header)
        assert "no connection, next try" in at.row(A)
        await at.wait(18.0)
        assert re.search(r"offline since 22:13, (next try in \d|trying now)", at.header)
        assert "no connection" not in at.row(A)
        assert "processing" in at.row(A)
        assert "What to do: " in at.words
        at.says[APP] = PROCESSING
        await at.wait(60.0)
        assert "● live" in at.header
        assert "no connection" not in at.words
