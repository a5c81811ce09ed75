"""`tiwtui get` against the simulated service and against worse: what it prints and how it ends."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.runner import (
    APP,
    EMPTY,
    ENVIRONMENT,
    FAILED,
    OTHER_READY,
    READY,
    RUNNING,
    UNKNOWN,
    got,
    ran,
    simulated,
)
from tests.factories import envelope
from tests.raw_server import Act, RawServer, Say, Then, answer, closed_port, in_a_thread, raw_server
from tiwtui.api.errors import advice
from tiwtui.model import TroubleKind
from tiwtui.sim.faults import Fault
from tiwtui.sim.server import SimServer


@pytest.fixture(scope="module")
def service() -> Iterator[SimServer]:
    """The simulated service, for all tests here: it only answers."""
    with in_a_thread(simulated()) as server:
        yield server


@pytest.fixture(scope="module")
def raw() -> Iterator[RawServer]:
    """A server that says what a test has it say."""
    with in_a_thread(raw_server(Say(then=Then.CLOSE))) as server:
        yield server


def is_time(text: object) -> bool:
    return isinstance(text, str) and datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").tzinfo is not None


def test_json_of_a_ready_task_has_the_documented_shape(service: SimServer) -> None:
    """Scripts are written against exactly these keys, in this order."""
    result = got(service.endpoint, READY, "--json")
    (task,) = json.loads(result.stdout)
    videos = task.pop("videos")
    times = {name: task.pop(name) for name in ("added_at", "checked_at", "phase_since", "files_end_at")}
    assert all(map(is_time, times.values()))
    request_id = task.pop("request_id")
    assert len(request_id) == 36
    assert task == {
        "sdk_app_id": 1400000001,
        "task_id": READY,
        "label": "",
        "phase": "ready",
        "status": "FINISHED",
        "group_id": "900822",
        "room_id": 900822,
        "total_time_ms": 156750,
        "error": None,
        "trouble": None,
        "settled_between": None,
        "taken_at": None,
        "done_at": None,
        "checks": 1,
        "ends_at_latest": True,
        "by": None,
    }
    assert videos == [
        {
            "video_id": "5285890792776509100",
            "user_id": "",
            "kind": "whiteboard",
            "type": 2,
            "format": "mp4",
            "url": videos[0]["url"],
            "size_bytes": 318384,
            "duration_ms": 156750,
            "play_offset_ms": 0,
            "width": 1024,
            "height": 768,
            "listed": True,
            "taken": False,
        }
    ]
    assert videos[0]["url"].startswith("http://")
    assert (result.exit_code, result.stderr) == (0, "")


def test_files_that_are_stored_for_ever_have_no_end(service: SimServer, tmp_path: Path) -> None:
    """The configuration holds for what is asked once, too."""
    config = tmp_path / "config.toml"
    config.write_text("[profiles.default]\nresults_kept_days = 0\n", "utf-8")
    environment = ENVIRONMENT | {"TIWTUI_CONFIG": str(config)}
    (task,) = json.loads(got(service.endpoint, READY, "--json", environment=environment).stdout)
    assert (task["files_end_at"], task["ends_at_latest"]) == (None, False)


def test_keys_of_the_json_stand_in_the_documented_order(service: SimServer) -> None:
    """A person reads it too: who, what, videos, then what went wrong, then times."""
    (task,) = json.loads(got(service.endpoint, READY, "--json").stdout)
    assert " ".join(task) == (
        "sdk_app_id task_id label phase status group_id room_id total_time_ms videos error trouble "
        "request_id added_at checked_at phase_since settled_between files_end_at taken_at done_at checks "
        "ends_at_latest by"
    )


@pytest.mark.parametrize(
    ("task_id", "phase", "status", "code"),
    [
        (READY, "ready", "FINISHED", 0),
        (EMPTY, "empty", "FINISHED", 1),
        (RUNNING, "processing", "PROCESSING", 5),
        (FAILED, "failed", "", 1),
        (UNKNOWN, "not_found", "", 1),
    ],
)
def test_phase_and_exit_code_say_what_became_of_the_task(
    service: SimServer, task_id: str, phase: str, status: str, code: int
) -> None:
    """A script decides by the code alone; an unknown id gets no grace period here."""
    result = got(service.endpoint, task_id, "--json")
    (task,) = json.loads(result.stdout)
    assert (task["phase"], task["status"], result.exit_code) == (phase, status, code)
    assert task["trouble"] is None
    assert bool(result.stderr) is (phase in ("failed", "not_found"))


@pytest.mark.parametrize(
    ("task_id", "kind", "code"),
    [
        (FAILED, "failed", "FailedOperation.Record"),
        (UNKNOWN, "not_found", "InvalidParameter.TaskNotFound"),
    ],
)
def test_error_of_a_task_has_what_a_ticket_needs_and_advice(
    service: SimServer, task_id: str, kind: str, code: str
) -> None:
    """A ticket to the vendor needs them, and a person what to do; in JSON nothing depends on the language."""
    (task,) = json.loads(got(service.endpoint, task_id, "--json").stdout)
    assert list(task["error"]) == ["kind", "code", "message", "request_id", "advice"]
    assert (task["error"]["kind"], task["error"]["code"]) == (kind, code)
    assert task["error"]["message"]
    assert len(task["error"]["request_id"]) == 36
    assert task["error"]["advice"] == advice(code, task["error"]["message"])


def trouble(output: str) -> dict[str, str]:
    (task,) = json.loads(output)
    assert (task["phase"], task["error"]) == ("new", None)
    printed = task["trouble"]
    assert list(printed) == ["kind", "code", "message", "request_id", "advice"]
    return dict(printed)


def test_wrong_key_ends_with_4_and_says_what_to_do(service: SimServer) -> None:
    """Advice and RequestId go to standard error, where they do not break the JSON."""
    wrong = ENVIRONMENT | {"TENCENTCLOUD_SECRET_KEY": "NotTheKeyOfThisAccount"}
    result = got(service.endpoint, READY, "--json", environment=wrong)
    printed = trouble(result.stdout)
    assert (printed["kind"], printed["code"]) == ("credentials", "AuthFailure.SignatureFailure")
    assert result.exit_code == 4
    assert "AuthFailure.SignatureFailure: " in result.stderr
    assert "does not belong to the SecretId" in result.stderr
    assert f"RequestId {printed['request_id']}" in result.stderr
    assert "NotTheKeyOfThisAccount" not in result.output


def test_unknown_application_ends_with_4(service: SimServer) -> None:
    result = got(service.endpoint, f"1400000002/{READY}", "--json")
    assert trouble(result.stdout)["kind"] == "app"
    assert result.exit_code == 4
    assert "check the SdkAppId" in result.stderr


def test_wrong_region_ends_with_2_and_names_the_right_one(service: SimServer) -> None:
    words = ("--endpoint", service.endpoint, "--sdk-app-id", APP, "--region", "eu-frankfurt")
    result = ran(*words, "get", READY, "--json")
    assert trouble(result.stdout)["kind"] == "config"
    assert result.exit_code == 2
    assert "set region to ap-singapore" in result.stderr


@pytest.mark.parametrize(
    ("act", "kind", "said"),
    [
        (answer(b"<html>Guest Wi-Fi</html>"), "garbled", "unreadable answer: $: not JSON (<html>"),
        (answer(envelope(Status=3)), "garbled", "$.Response.Status: expected str"),
        (Say(b"SSH-2.0\r\n\r\n", Then.CLOSE), "garbled", "does not speak it: illegal status line"),
        (answer(b"no", status="502 Bad Gateway"), "service", "http_502"),
        (answer(b"", "Location: http://a/", status="302 Found"), "service", "redirects are not followed"),
        (Say(then=Then.RESET), "network", "dropped the connection"),
        (Say(then=Then.CLOSE), "network", "closed the connection before its answer was complete"),
        (
            answer(envelope(Error={"Code": "RequestLimitExceeded", "Message": "slower"})),
            "throttled",
            "RequestLimitExceeded: slower",
        ),
        (
            answer(envelope(Error={"Code": "InternalError", "Message": "m"}, RequestId="r-7")),
            "service",
            "RequestId r-7",
        ),
        (answer(envelope(Error={"Code": "Never.Heard", "Message": "m"})), "service", "Never.Heard: m"),
    ],
)
def test_no_usable_answer_ends_with_3_and_says_why(raw: RawServer, act: Act, kind: str, said: str) -> None:
    """Of the task nothing is known then, and nothing is claimed: its phase stays new."""
    raw.play(act)
    result = got(raw.endpoint, READY, "--json")
    assert trouble(result.stdout)["kind"] == kind
    assert result.exit_code == 3
    assert said in result.stderr


def test_server_that_is_down_ends_with_3_and_names_host_and_port() -> None:
    port = closed_port()
    result = got(f"http://127.0.0.1:{port}", READY, "--json")
    assert trouble(result.stdout)["kind"] == "network"
    assert result.exit_code == 3
    assert result.stderr.splitlines() == [
        f"cannot reach 127.0.0.1:{port}",
        advice("refused", kind=TroubleKind.NETWORK),
    ]


def test_permission_ends_with_4_and_shows_the_policy(raw: RawServer) -> None:
    """The least that is needed can be pasted into the console."""
    raw.play(answer(envelope(Error={"Code": "AuthFailure.UnauthorizedOperation", "Message": "no"})))
    result = got(raw.endpoint, READY)
    assert result.exit_code == 4
    assert "name/tiw:DescribeVideoGenerationTask" in result.stderr


def test_without_keys_nothing_is_sent_and_the_sources_are_named(raw: RawServer) -> None:
    before = len(raw.requests)
    half = {"TENCENTCLOUD_SECRET_ID": "AKIDhalf"}
    result = got(raw.endpoint, READY, environment=half)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "environment: TENCENTCLOUD_SECRET_KEY not set" in result.stderr
    assert len(raw.requests) == before


def test_id_without_an_application_is_a_usage_error() -> None:
    """A guess would ask about a task of another application."""
    result = ran("get", READY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{READY}: which application? Give --sdk-app-id N, or the id as N/{READY}" in result.stderr


@pytest.mark.parametrize("text", ["two words", "\x1b]0;pwned\x07"])
def test_what_is_no_id_is_shown_escaped(text: str) -> None:
    """An argument may come from a log that a stranger wrote."""
    result = ran("--sdk-app-id", APP, "get", text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "not a task id" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("standard_input", [b"", b"\n# only a comment\n", b"\xff\xfe"])
def test_no_id_at_all_is_a_usage_error(standard_input: bytes) -> None:
    """An empty pipe must not look like "all ready"."""
    result = ran("--sdk-app-id", APP, "get", "-", standard_input=standard_input)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


def test_clock_that_is_off_is_corrected_and_asked_again() -> None:
    """The first answer contains the service's time; giving up would make `get` useless on such a machine."""
    with in_a_thread(simulated({Fault.CLOCK: 1.0})) as server:
        result = got(server.endpoint, READY, "--json")
    (task,) = json.loads(result.stdout)
    assert (task["phase"], result.exit_code) == ("ready", 0)
    assert "AuthFailure.SignatureExpire: " in result.stderr
    # The date is in whole seconds, and an answer takes its time.
    assert re.search(r"clock is \+(600|59\d) s", result.stderr)


def test_clock_that_cannot_be_corrected_ends_with_3(raw: RawServer) -> None:
    raw.play(answer(envelope(Error={"Code": "AuthFailure.SignatureExpire", "Message": "late"})))
    result = got(raw.endpoint, READY, "--json")
    assert (trouble(result.stdout)["kind"], result.exit_code) == ("clock", 3)
    assert "this machine's clock is more than five minutes off" in result.stderr


def test_application_is_part_of_the_id_where_it_is_given(service: SimServer) -> None:
    """Without `--sdk-app-id`, as a person copies it from a list."""
    result = ran("--endpoint", service.endpoint, "get", f"{APP}/{OTHER_READY}", "--json")
    assert json.loads(result.stdout)[0]["task_id"] == OTHER_READY
    assert result.exit_code == 0
