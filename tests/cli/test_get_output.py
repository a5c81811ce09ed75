"""The forms of `tiwtui get`, and that nothing in them can command a terminal or a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import Result

from tests.cli.runner import APP, FAILED, OTHER_READY, READY, RUNNING, UNKNOWN, got, ran, simulated
from tests.factories import envelope
from tests.raw_server import RawServer, answer, in_a_thread, raw_server
from tiwtui.sim.server import SimServer


@pytest.fixture(scope="module")
def service() -> Iterator[SimServer]:
    with in_a_thread(simulated()) as server:
        yield server


@pytest.fixture(scope="module")
def raw() -> Iterator[RawServer]:
    with in_a_thread(raw_server(answer(b""))) as server:
        yield server


def rows(result: Result) -> list[dict[str, str]]:
    text = result.stdout_bytes.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_plain_is_tab_separated_without_a_header(service: SimServer) -> None:
    """`cut -f7` gives the URL; the order of the columns is a promise."""
    cells = got(service.endpoint, READY).stdout.removesuffix("\n").split("\t")
    assert cells[:6] == [READY, APP, "ready", "", "900822", "1"]
    assert cells[6].startswith("http://")
    assert cells[7:] == [""]


@pytest.mark.parametrize(
    ("task_id", "phase", "code"),
    [
        (RUNNING, "processing", ""),
        (FAILED, "failed", "FailedOperation.Record"),
        (UNKNOWN, "not_found", "InvalidParameter.TaskNotFound"),
    ],
)
def test_plain_has_all_columns_where_there_is_no_video(
    service: SimServer, task_id: str, phase: str, code: str
) -> None:
    """A column that is sometimes missing would shift those after it."""
    cells = got(service.endpoint, task_id).stdout.removesuffix("\n").split("\t")
    assert (len(cells), cells[2], cells[5], cells[6], cells[7]) == (8, phase, "0", "", code)


def test_jsonl_is_an_object_a_line(service: SimServer) -> None:
    """Each is written as it is answered, for `while read`."""
    result = got(service.endpoint, READY, RUNNING, "--jsonl")
    lines = result.stdout.splitlines()
    assert [json.loads(line)["task_id"] for line in lines] == [READY, RUNNING]
    assert result.exit_code == 5


@pytest.mark.parametrize("command", [("get",), ("list",), ("wait",)])
def test_output_law_1_two_forms_at_once_are_a_usage_error(command: tuple[str, ...]) -> None:
    """One of them would be ignored."""
    result = ran(*command, READY, "--json", "--csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--json --csv" in result.stderr


def test_csv_has_a_mark_line_ends_and_a_row_per_video(service: SimServer) -> None:
    """Excel takes UTF-8 for what it is only with the mark, and wants CRLF."""
    result = got(service.endpoint, OTHER_READY, FAILED, "--csv")
    text = result.stdout_bytes
    assert text.startswith(b"\xef\xbb\xbftask_id,sdk_app_id,label,phase,")
    assert text.count(b"\xef\xbb\xbf") == 1
    assert text.count(b"\n") == text.count(b"\r\n")
    videos, failed = rows(result)[:-1], rows(result)[-1]
    assert len(videos) > 1
    assert [row["video"] for row in videos] == [str(number + 1) for number in range(len(videos))]
    assert all(row["url"].startswith("http") for row in videos)
    assert (failed["task_id"], failed["video"], failed["error_code"]) == (
        FAILED,
        "",
        "FailedOperation.Record",
    )


def test_ids_come_from_standard_input_too(service: SimServer) -> None:
    """`grep … | tiwtui get -`: log lines and bytes of any encoding around the ids included."""
    lines = f'\ufeff# tonight\n1970-01-01 task {READY} done\r\n{{"TaskId": "{RUNNING}"}}\n'.encode()
    words = ("--endpoint", service.endpoint, "--sdk-app-id", APP, "get", "-", "--jsonl")
    result = ran(*words, standard_input=lines + b"caf\xe9 " + READY.encode() + b"\n")
    assert [json.loads(line)["task_id"] for line in result.stdout.splitlines()] == [READY, RUNNING]


def test_same_task_twice_is_asked_once(service: SimServer) -> None:
    result = got(service.endpoint, READY, f"{APP}/{READY}", READY, "--json")
    assert len(json.loads(result.stdout)) == 1


# Hostile text

NASTY = "\x1b]0;owned\x07\x1b[2J\r\n\t\x9b31m\u202eevil\u2066\u200f\u0085\u2028[/foo]\x7f"
RAW_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def hostile(**video: Any) -> bytes:
    """Return an answer whose every text is hostile."""
    entry = {"VideoUrl": "http://a/b", "VideoId": NASTY, "UserId": NASTY, "VideoFormat": NASTY} | video
    return envelope(Status="FINISHED", GroupId=NASTY, RequestId=NASTY, TaskId=NASTY, VideoInfoList=[entry])


HOSTILE_ANSWERS = [
    hostile(),
    hostile(VideoUrl=f"http://a/{NASTY}"),
    envelope(Status=NASTY),
    envelope(Status="FINISHED", ErrorMsg=NASTY),
    envelope(Error={"Code": "FailedOperation.Record", "Message": NASTY}, RequestId=NASTY),
    envelope(Error={"Code": f"AuthFailure.{NASTY}", "Message": NASTY}, RequestId=NASTY),
    envelope(Error={"Code": NASTY, "Message": NASTY}, RequestId=NASTY),
    NASTY.encode(),
]


@pytest.mark.parametrize("form", ["--json", "--jsonl", "--csv", "--plain"])
@pytest.mark.parametrize("body", HOSTILE_ANSWERS)
def test_no_control_character_of_an_answer_reaches_the_terminal(
    raw: RawServer, body: bytes, form: str
) -> None:
    """A teacher's name must not be able to repaint the screen, rename the window or forge a line."""
    raw.play(answer(body))
    result = got(raw.endpoint, READY, *([] if form == "--plain" else [form]))
    printed = result.stdout_bytes.decode("utf-8-sig").replace("\r\n", "\n")
    assert not RAW_CONTROL.search(printed)
    assert not RAW_CONTROL.search(result.stderr)
    assert "\n\n" not in printed
    if form == "--plain":
        assert printed.count("\t") == 7
        assert printed.count("\n") == 1


def test_json_keeps_hostile_values_as_they_are(raw: RawServer) -> None:
    """Escaped, not changed: what a script compares is what the service said."""
    raw.play(answer(hostile()))
    (task,) = json.loads(got(raw.endpoint, READY, "--json").stdout)
    assert (task["group_id"], task["videos"][0]["user_id"]) == (NASTY, NASTY)


def test_csv_escapes_hostile_values_in_one_line(raw: RawServer) -> None:
    """A line end within a cell would break `while read`; an escape shows what stood there."""
    raw.play(answer(hostile()))
    (row,) = rows(got(raw.endpoint, READY, "--csv"))
    assert row["user_id"] == ("\\x1b]0;owned\\x07\\x1b[2J   \\x9b31m\\u202eevil\\u2066\\u200f  [/foo]\\x7f")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_cell_that_looks_like_a_formula_is_defused(raw: RawServer, name: str) -> None:
    """A spreadsheet runs such a cell, with the rights of the person who opened it."""
    raw.play(answer(envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": "http://a/b", "UserId": name}])))
    (row,) = rows(got(raw.endpoint, READY, "--csv"))
    assert row["user_id"].startswith("'")
    assert row["user_id"][1:].strip() == name.strip()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//a/b",
        "http://",
        "http://a/ b",
        "http://a/\x1b]8;;http://evil\x07",
        "http://a/\u202egpj.exe",
        "http://[",
    ],
)
def test_output_law_2_what_must_not_be_opened_is_not_given_as_a_url(raw: RawServer, url: str) -> None:
    """`xargs curl` and a click would do with it what it says."""
    raw.play(answer(hostile(VideoUrl=url)))
    plain = got(raw.endpoint, READY).stdout.split("\t")
    assert (plain[5], plain[6]) == ("1", "")
    (row,) = rows(got(raw.endpoint, READY, "--csv"))
    assert (row["video"], row["url"]) == ("1", "")


def test_first_url_is_the_first_that_may_be_given(raw: RawServer) -> None:
    """Characters outside ASCII are percent-encoded, so that any tool takes it."""
    videos = [{"VideoUrl": "javascript:x"}, {"VideoUrl": "https://a/白板.mp4"}]
    raw.play(answer(envelope(Status="FINISHED", VideoInfoList=videos)))
    assert got(raw.endpoint, READY).stdout.split("\t")[6] == "https://a/%E7%99%BD%E6%9D%BF.mp4"
