"""`tiwtui wait` on real sockets: until when, what it prints, and how it ends."""

import asyncio
import contextlib
import json
import signal
import threading
from collections.abc import Iterator

import click
import pytest

from tests.cli.runner import ENVIRONMENT, ran
from tests.cli.service_commands import at_work, options
from tests.cli.watch_list import WatchList
from tests.factories import APP, FastClock, make_ref
from tests.raw_server import Say, Then, answer, closed_port, in_a_thread, raw_server
from tests.service import FINISHED, PATIENCE_S, Answering, Asked, answering, refusal, until
from tiwtui.api.errors import advice
from tiwtui.cli.commands.wait import GIVES_UP_AFTER_S, _wait
from tiwtui.cli.exit_codes import Exit
from tiwtui.cli.output import JSON, JSON_LINES, OutputFormat
from tiwtui.config.settings import settings_from
from tiwtui.model import TroubleKind

FAILED = refusal("FailedOperation.Record", "40004 im login failed")


@pytest.fixture
def service() -> Iterator[Answering]:
    with in_a_thread(answering(ready=FINISHED, other=FINISHED, failed=FAILED)) as server:
        yield server


def waited(watch_list: WatchList, service: Answering, *words: str) -> tuple[int, str]:
    """Run `wait` to its end; return exit code and what it printed."""
    result = ran(*options(watch_list, service), "wait", *words)
    return result.exit_code, result.stdout


async def ended(
    watch_list: WatchList,
    endpoint: str,
    *,
    form: OutputFormat = JSON,
    speed: float = 1.0,
    limit_s: float | None = None,
) -> Exit:
    """Wait for task `x` as the command does, but give up after a tenth of a second."""
    settings = settings_from(state_dir=watch_list.folder, endpoint=endpoint, sdk_app_id=APP)
    return await _wait(settings, ["x"], None, limit_s, form, clock=FastClock(speed), gives_up_after_s=0.1)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def test_all_ready_ends_with_0(watch_list: WatchList, service: Answering) -> None:
    code, printed = waited(watch_list, service, "ready", "other", "--json")
    assert code == 0
    assert [(task["task_id"], task["phase"]) for task in json.loads(printed)] == [
        ("ready", "ready"),
        ("other", "ready"),
    ]


def test_some_failed_ends_with_1(watch_list: WatchList, service: Answering) -> None:
    code, printed = waited(watch_list, service, "ready", "failed")
    assert code == 1
    assert [line.split("\t")[2] for line in printed.splitlines()] == ["ready", "failed"]


@pytest.mark.usefixtures("keys")
def test_what_to_do_about_failed_tasks_is_said_once_for_each_code(
    watch_list: WatchList, service: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who waits in a script reads the log afterwards."""
    service.otherwise = refusal("FailedOperation.Record", "code: 40004, msg: im login failed with code 6206")
    settings = settings_from(state_dir=watch_list.folder, endpoint=service.endpoint, sdk_app_id=APP)
    waiting = _wait(settings, ["x", "y"], None, None, JSON_LINES, clock=FastClock(50.0))
    assert asyncio.run(waiting) is Exit.NOT_READY
    said = capsys.readouterr().err
    assert said.count(" · the signature of the recording user") == 1


def test_ids_join_the_watch_list_and_stay_there(watch_list: WatchList, service: Answering) -> None:
    """What one waited for is what one wants to see on the screen afterwards."""
    waited(watch_list, service, "ready", f"7/{make_ref().task_id}", "--timeout", "0.5")
    result = ran(*options(watch_list, service), "list")
    assert [line.split("\t")[:3] for line in result.stdout.splitlines()] == [
        ["ready", str(APP), "ready"],
        [make_ref().task_id, "7", "processing"],
    ]


def test_timeout_ends_with_124_and_still_prints_its_json(watch_list: WatchList, service: Answering) -> None:
    """A script that timed out wants to know which are missing."""
    code, printed = waited(watch_list, service, "ready", "slow", "failed", "--timeout", "0.5", "--json")
    assert code == 124
    assert [task["phase"] for task in json.loads(printed)] == ["ready", "processing", "failed"]


@pytest.mark.parametrize("form", ["--jsonl", "--csv", ""])
def test_timeout_prints_every_task_in_every_form(
    watch_list: WatchList, service: Answering, form: str
) -> None:
    code, printed = waited(watch_list, service, "ready", "slow", "--timeout", "0.5", *filter(None, [form]))
    assert code == 124
    assert printed.count("slow") == 1
    assert "ready" in printed


def test_settled_tasks_are_not_asked_about_again(watch_list: WatchList, service: Answering) -> None:
    """A script that runs every minute over a growing list must not cost a request per old task."""
    waited(watch_list, service, "ready", "failed")
    asked = len(service.asked)
    assert waited(watch_list, service, "ready", "failed")[0] == 1
    assert waited(watch_list, service, "--all")[0] == 1
    assert waited(watch_list, service, "--filter", "phase:ready")[0] == 0
    assert len(service.asked) == asked


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Give ids, --filter or --all"),
        (("-",), "no task id given"),
        (("--timeout", "-1", "x"), "at least 0"),
        (("two words",), "not a task id"),
    ],
)
def test_wait_for_nothing_ends_with_2(
    watch_list: WatchList, service: Answering, words: tuple[str, ...], said: str
) -> None:
    result = ran(*options(watch_list, service), "wait", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())
    assert service.asked == []


def test_jsonl_prints_each_task_as_it_settles(watch_list: WatchList, service: Answering) -> None:
    """The first video can be downloaded while the last is still made."""
    may_answer = threading.Event()

    async def hold(asked: Asked) -> None:
        if asked.task_id == "slow":
            await asyncio.to_thread(may_answer.wait, PATIENCE_S)

    service.before = hold
    service.says["slow"] = FINISHED
    with at_work(watch_list, service, "wait", "slow", "ready", "--jsonl") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["task_id"] == "ready"
        may_answer.set()
        assert json.loads(process.stdout.readline())["task_id"] == "slow"
        rest, said = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
    assert said.splitlines()[0] == "0 of 2 settled"
    assert "1 of 2 settled" in said


def test_ctrl_c_ends_with_130_and_prints_and_saves_what_is_known(
    watch_list: WatchList, service: Answering
) -> None:
    """What was found in the last half second is on the disk as well."""
    service.says["slow"] = FAILED.replace(b"FailedOperation.Record", b"InternalError")
    with at_work(watch_list, service, "wait", "ready", "slow", "--json") as process:
        until(lambda: {"ready", "slow"} <= service.answered_at.keys(), "asked about both")
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in said
    assert {task["task_id"] for task in json.loads(printed)} == {"ready", "slow"}
    saved = ran(*options(watch_list, service), "list", "--json")
    assert [task["phase"] for task in json.loads(saved.stdout)] == ["ready", "new"]


# What a person has to put right


def test_thirty_seconds_is_how_long_nothing_but_refusals_is_borne() -> None:
    """Long enough to renew a key that expired, short enough for a script."""
    assert GIVES_UP_AFTER_S == 30.0


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AuthFailure.SignatureFailure", Exit.REFUSED),
        ("AuthFailure.UnauthorizedOperation", Exit.REFUSED),
        ("InvalidParameter.SdkAppIdNotFound", Exit.REFUSED),
        ("UnsupportedRegion", Exit.USAGE),
    ],
)
@pytest.mark.usefixtures("keys")
def test_refusal_that_waiting_does_not_cure_ends_the_wait(
    watch_list: WatchList, service: Answering, code: str, expected: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong key, a missing right, a wrong application: 4; a wrong region: 2. Both are printed first."""
    service.says["x"] = refusal(code, "because \x1b[31m")
    assert asyncio.run(ended(watch_list, service.endpoint)) is expected
    captured = capsys.readouterr()
    assert json.loads(captured.out)[0]["trouble"]["code"] == code
    assert len(service.asked) <= 2


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("UnauthorizedOperation.SdkAppId", Exit.REFUSED),
        ("ResourceUnavailable.NotRegistered", Exit.REFUSED),
        ("InvalidParameter", Exit.USAGE),
    ],
)
@pytest.mark.usefixtures("keys")
def test_giving_up_says_what_stood_in_the_way(
    watch_list: WatchList, service: Answering, code: str, expected: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exit code after thirty silent seconds leaves a person with nothing to do next."""
    service.says["x"] = refusal(code, "because \x1b[31m")
    assert asyncio.run(ended(watch_list, service.endpoint)) is expected
    last_line = capsys.readouterr().err.splitlines()[-1]
    assert last_line.startswith(f"{code}: because ")
    assert advice(code) in last_line
    assert "RequestId " in last_line
    assert "\x1b" not in last_line


@pytest.mark.usefixtures("keys")
def test_refused_application_is_reported_while_waiting(
    watch_list: WatchList, service: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    """No trouble of the whole watching, so nothing else would say for thirty seconds why it stands still."""
    service.says["x"] = refusal("UnauthorizedOperation.SdkAppId")
    assert asyncio.run(ended(watch_list, service.endpoint)) is Exit.REFUSED
    assert f"0 of 1 settled · application {APP} is refused" in capsys.readouterr().err


@pytest.mark.usefixtures("keys")
def test_timeout_says_what_stood_in_the_way_each_reason_once(
    watch_list: WatchList, service: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    """A thousand tasks that meet the same make no thousand lines."""
    service.otherwise = refusal("InternalError", "oops")
    settings = settings_from(state_dir=watch_list.folder, endpoint=service.endpoint, sdk_app_id=APP)
    waiting = _wait(settings, ["x", "y", "z"], None, 2.0, JSON, clock=FastClock(1.0))
    assert asyncio.run(waiting) is Exit.TIMEOUT
    assert [line[:20] for line in capsys.readouterr().err.splitlines()].count("InternalError: oops ") == 1


@pytest.mark.usefixtures("keys")
def test_saved_state_that_fails_meanwhile_is_reported_in_its_own_words(
    watch_list: WatchList, service: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    """To make room is no advice for a file that is damaged, and a line without a reason none at all."""

    async def damage(asked: Asked) -> None:
        for path in (watch_list.path, watch_list.path.with_name(watch_list.path.name + "-wal")):
            if path.exists():
                with path.open("r+b") as file:
                    file.write(b"no database at all" * 1000)

    service.before = damage
    asyncio.run(damaged_wait(watch_list, service))
    found = capsys.readouterr().err
    assert "make room" not in found
    assert "settled ·  " not in found


async def damaged_wait(watch_list: WatchList, service: Answering) -> None:
    """Wait on a saved state that fails; another test checks how it ends."""
    with contextlib.suppress(click.ClickException):
        await ended(watch_list, service.endpoint, limit_s=5.0)


def test_no_credentials_end_the_wait_with_4_and_send_nothing(
    watch_list: WatchList, service: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asyncio.run(ended(watch_list, service.endpoint)) is Exit.REFUSED
    assert "TENCENTCLOUD_SECRET_ID" in capsys.readouterr().err
    assert service.asked == []


@pytest.mark.usefixtures("keys")
def test_refused_application_ends_the_wait_only_where_nothing_else_is_left(
    watch_list: WatchList, service: Answering
) -> None:
    """The tasks of other applications go on, and their end decides when."""

    async def finish(asked: Asked) -> None:
        if sum(each.task_id == "slow" for each in service.asked) == 3:
            service.says["slow"] = FINISHED

    async def wait_for_both() -> Exit:
        settings = settings_from(state_dir=watch_list.folder, endpoint=service.endpoint, sdk_app_id=APP)
        ids = ["7/wrong", "slow"]
        return await _wait(settings, ids, None, None, JSON, clock=FastClock(20.0), gives_up_after_s=0.1)

    service.before = finish
    service.says["wrong"] = refusal("InvalidParameter.SdkAppIdNotFound")
    assert asyncio.run(wait_for_both()) is Exit.REFUSED
    assert service.says["slow"] == FINISHED


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize(
    "first",
    [
        Say(then=Then.RESET),
        answer(b"<html>", status="502 Bad Gateway"),
        answer(refusal("RequestLimitExceeded")),
    ],
    ids=["reset", "gateway", "throttled"],
)
def test_trouble_that_passes_is_borne_for_as_long_as_it_takes(watch_list: WatchList, first: Say) -> None:
    """Exit 3 is for those who ask once: who waits wants the video, not the weather."""
    with in_a_thread(raw_server(first, first, answer(FINISHED))) as server:
        assert asyncio.run(ended(watch_list, server.endpoint, speed=60.0)) is Exit.READY


@pytest.mark.usefixtures("keys")
def test_server_that_is_not_there_is_borne_until_the_timeout(
    watch_list: WatchList, capsys: pytest.CaptureFixture[str]
) -> None:
    """Offline as a whole or not, the last line says what to look at."""
    endpoint = f"http://127.0.0.1:{closed_port()}"
    settings = settings_from(state_dir=watch_list.folder, endpoint=endpoint, sdk_app_id=APP)
    waiting = _wait(settings, list("abcdef"), None, 40.0, JSON, clock=FastClock(60.0))
    assert asyncio.run(waiting) is Exit.TIMEOUT
    assert advice("refused", kind=TroubleKind.NETWORK) in capsys.readouterr().err.splitlines()[-1]


class BrokenClock(FastClock):
    """A bug in the engine: only the engine waits without a limit."""

    async def wait(self, woken: asyncio.Event, until: float | None) -> None:
        assert until is not None
        await super().wait(woken, until)


@pytest.mark.usefixtures("keys")
def test_mistake_that_ends_the_engine_ends_the_wait(watch_list: WatchList, service: Answering) -> None:
    """Nothing would ever settle again: a script must not wait for it."""
    settings = settings_from(state_dir=watch_list.folder, endpoint=service.endpoint, sdk_app_id=APP)
    with pytest.raises(ExceptionGroup):
        asyncio.run(_wait(settings, ["slow"], None, None, JSON, clock=BrokenClock(1.0)))
