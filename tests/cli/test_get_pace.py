"""When `tiwtui get` asks, when it stops asking, and which of several exit codes it ends with."""

import io
import json
import sys
from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest

from tests.cli.runner import ENVIRONMENT, JumpingClock
from tests.factories import APP, envelope
from tests.raw_server import Act, Say, Then, Wire, answer, raw_server
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.api.errors import advice
from tiwtui.cli.commands.get import _get
from tiwtui.cli.exit_codes import Exit, first
from tiwtui.cli.output import CSV, JSON, PLAIN, OutputFormat
from tiwtui.config.settings import Settings
from tiwtui.model import TaskRef, TroubleKind

READY = answer(envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": "http://a/b"}]))
RUNNING = answer(envelope(Status="PROCESSING"))
GARBLED = answer(b"?")


def error(code: str) -> Say:
    return answer(envelope(Error={"Code": code, "Message": "m"}))


FAILED = error("FailedOperation.Record")
THROTTLED = error("RequestLimitExceeded")


class Asked:
    """One run of the command's inside on a script of answers: exit code, output, and when it asked."""

    def __init__(self) -> None:
        self.clock = JumpingClock()
        self.times: list[float] = []
        self.exit = Exit.CRASHED

    async def run(self, *acts: Act, refs: Sequence[TaskRef], form: OutputFormat = JSON) -> None:
        async with raw_server(*map(self._timed, acts)) as server:
            settings = Settings(parse_endpoint(server.endpoint), "ap-singapore")
            self.exit = await _get(settings, refs, form, clock=self.clock)

    def _timed(self, act: Act) -> Act:
        async def timed(wire: Wire) -> Then:
            self.times.append(self.clock.now)
            return await act(wire)

        return timed


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def some(count: int, app: int = APP) -> list[TaskRef]:
    return [TaskRef(app, f"task{number}") for number in range(count)]


@pytest.mark.anyio
async def test_two_requests_a_second_at_most() -> None:
    """It stands in scripts beside a running screen, on one limit for the whole account."""
    asked = Asked()
    await asked.run(READY, refs=some(9))
    assert len(asked.times) == 9
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(asked.times))
    assert asked.times[-1] - asked.times[0] < 9 * 0.55


@pytest.mark.anyio
async def test_first_request_waits_for_nothing() -> None:
    """One task is the usual case, and a person waits for it."""
    asked = Asked()
    began = asked.clock.now
    await asked.run(READY, refs=some(1))
    assert asked.times == [began]
    assert asked.clock.now == began


@pytest.mark.anyio
async def test_being_throttled_halves_the_rate() -> None:
    """The others on the account have to get through too."""
    asked = Asked()
    await asked.run(THROTTLED, READY, refs=some(2))
    assert asked.times[1] - asked.times[0] >= 0.9


@pytest.mark.anyio
async def test_second_try_after_a_wrong_clock_keeps_the_pace() -> None:
    """A correction is no excuse for two requests at once."""
    late = answer(
        envelope(Error={"Code": "AuthFailure.SignatureExpire", "Message": "late"}),
        "Date: Tue, 14 Nov 2023 22:20:12 GMT",
    )
    asked = Asked()
    await asked.run(late, READY, refs=some(1))
    assert (len(asked.times), asked.exit) == (2, Exit.READY)
    assert asked.times[1] - asked.times[0] >= 0.5


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("AuthFailure.SignatureFailure", Exit.REFUSED),
        ("AuthFailure.SecretIdNotFound", Exit.REFUSED),
        ("UnauthorizedOperation", Exit.REFUSED),
        ("UnsupportedRegion", Exit.USAGE),
        ("InvalidAction", Exit.USAGE),
        ("AuthFailure.SignatureExpire", Exit.NO_ANSWER),
    ],
)
async def test_refusal_that_concerns_all_ends_the_asking(
    code: str, ended: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hundred more wrong signatures could get the key locked; each task still has its object."""
    asked = Asked()
    await asked.run(error(code), READY, refs=some(5))
    assert (len(asked.times), asked.exit) == (1, ended)
    captured = capsys.readouterr()
    assert [task["trouble"]["code"] for task in json.loads(captured.out)] == [code] * 5
    assert captured.err.count(f"{code}: m") == 1


@pytest.mark.anyio
async def test_refused_application_stops_its_own_tasks_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A school has several; one in arrears says nothing of the others."""
    asked = Asked()
    refs = [*some(2), *some(2, app=APP + 1), *some(4)[2:]]
    await asked.run(error("ResourceUnavailable.ServiceExpired"), READY, refs=refs)
    assert (len(asked.times), asked.exit) == (3, Exit.REFUSED)
    phases = [task["phase"] for task in json.loads(capsys.readouterr().out)]
    assert phases == ["new", "new", "ready", "ready", "new", "new"]


@pytest.mark.anyio
@pytest.mark.parametrize("act", [GARBLED, error("InternalError"), Say(then=Then.RESET), FAILED])
async def test_trouble_with_one_task_leaves_the_next_to_be_asked(act: Act) -> None:
    asked = Asked()
    await asked.run(act, READY, refs=some(3))
    assert len(asked.times) == 3


@pytest.mark.anyio
async def test_one_reason_is_reported_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A hundred lines of "nothing answers" hide the one that differs."""
    asked = Asked()
    await asked.run(GARBLED, GARBLED, error("InternalError"), GARBLED, refs=some(5))
    printed = capsys.readouterr().err.splitlines()
    assert printed[::2] == ["unreadable answer: $: not JSON (?)", "InternalError: m"]
    assert printed[1::2] == [advice("$", kind=TroubleKind.GARBLED), advice("InternalError")]


@pytest.mark.anyio
async def test_advice_on_failed_tasks_is_said_once_for_each_inner_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two hundred failures with one cause are one thing to do."""
    asked = Asked()
    failed = [
        answer(envelope(Error={"Code": "FailedOperation.Record", "Message": f"code: {code}, msg: {text}"}))
        for code, text in ((40004, "code 6206, a"), (40004, "code 6206, b"), (40008, "c"))
    ]
    await asked.run(*failed, refs=some(3))
    assert capsys.readouterr().err.splitlines() == [
        "FailedOperation.Record: 40004 code 6206, a · "
        + advice("FailedOperation.Record", "code: 40004, msg: 6206"),
        "FailedOperation.Record: 40008 c · " + advice("FailedOperation.Record"),
    ]


@pytest.mark.anyio
async def test_one_odd_id_leaves_the_next_to_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """One id that the service does not take says nothing of the settings."""
    asked = Asked()
    await asked.run(error("InvalidParameter.BodyParameterTypeUnmatched"), READY, refs=some(2))
    assert (len(asked.times), asked.exit) == (2, Exit.USAGE)
    odd, ready = json.loads(capsys.readouterr().out)
    assert (odd["trouble"]["kind"], ready["phase"]) == ("config", "ready")
    assert odd["trouble"]["advice"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("acts", "ended"),
    [
        ((READY, READY), Exit.READY),
        ((READY, RUNNING), Exit.ACTIVE),
        ((RUNNING, FAILED, READY), Exit.NOT_READY),
        ((FAILED, GARBLED, RUNNING), Exit.NO_ANSWER),
        ((GARBLED, FAILED, error("UnauthorizedOperation")), Exit.REFUSED),
        ((error("ResourceUnavailable"), error("UnsupportedRegion")), Exit.USAGE),
    ],
)
async def test_of_several_endings_the_worst_is_reported(acts: tuple[Act, ...], ended: Exit) -> None:
    """Whatever the order of the ids."""
    asked = Asked()
    await asked.run(*acts, refs=[TaskRef(APP + number, "task") for number in range(len(acts))])
    assert asked.exit == ended


def test_order_of_exit_codes_is_the_documented_one() -> None:
    """130, 2, 4, 124, 3, 1, 5, and 0 only where there is nothing else."""
    order = [Exit(code) for code in (130, 2, 4, 124, 3, 1, 5, 0)]
    for one, other in permutations(order, 2):
        assert first((one, other)) == min(one, other, key=order.index)
    assert first(()) == Exit.READY


@pytest.mark.anyio
async def test_csv_has_one_header_over_all_tasks(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Rows are written as they come; the mark and the header come once."""
    asked = Asked()
    await asked.run(READY, RUNNING, refs=some(3), form=CSV)
    lines = capsysbinary.readouterr().out.split(b"\r\n")
    assert [line[:9] for line in lines] == [
        b"\xef\xbb\xbftask_i",
        b"task0,140",
        b"task1,140",
        b"task2,140",
        b"",
    ]


class Terminal(io.StringIO):
    """A standard output that a person looks at."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.anyio
async def test_terminal_gets_aligned_columns_under_a_header(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person reads columns, and a name in Chinese is twice as wide as its number of characters."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    asked = Asked()
    refs = [TaskRef(APP, "白板"), TaskRef(APP, "abc\x1b[2J")]
    await asked.run(RUNNING, READY, refs=refs, form=PLAIN)
    assert terminal.getvalue().splitlines() == [
        "TASK_ID     SDK_APP_ID  PHASE       LABEL  ROOM_ID  VIDEOS  FIRST_URL   ERROR_CODE",
        "白板        1400000001  processing                  0",
        "abc\\x1b[2J  1400000001  ready                       1       http://a/b",
    ]
