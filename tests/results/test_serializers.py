"""JSON and CSV of tasks: made fast, and to the letter what the slow and plain way makes."""

import csv
import io
import json
import re
import subprocess
import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_task, make_video
from tiwtui.model import Details, Failure, Phase
from tiwtui.results.serializers import (
    CSV_COLUMNS,
    csv_rows,
    csv_text,
    document,
    json_array,
    json_text,
    safe_cell,
    time_text,
)
from tiwtui.spreadsheet_formulas import guarded

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@given(ANYTHING, st.sampled_from([None, 2]), st.booleans())
def test_json_has_the_values_unchanged_and_no_control_character_as_itself(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    """serializers law 2.

    Half a surrogate pair and a number of seventy bits included: they came in as JSON.
    """
    text = json_text(value, indent=indent, ascii_only=ascii_only)
    assert json.loads(text) == value
    assert not CONTROL.search(text)
    assert text.isascii() or not ascii_only
    assert indent is not None or "\n" not in text


@given(st.lists(st.dictionaries(st.text(), st.text() | st.lists(st.integers(), max_size=2), max_size=3)))
def test_array_of_texts_is_laid_out_as_if_made_at_once(values: list[Any]) -> None:
    assert json_array(json_text(value, indent=2) for value in values) == json_text(values, indent=2)


def test_keys_and_columns_stand_in_their_documented_order() -> None:
    """serializers law 1: they are only ever added, at the end."""
    assert " ".join(document(make_task(1), Details())) == (
        "sdk_app_id task_id label phase status group_id room_id total_time_ms videos error trouble "
        "request_id added_at checked_at phase_since settled_between files_end_at taken_at done_at checks "
        "ends_at_latest by"
    )
    assert " ".join(CSV_COLUMNS) == (
        "task_id sdk_app_id label phase status group_id room_id total_time_ms video kind user_id format "
        "width height duration_ms size_bytes play_offset_ms video_id url error_code error_message trouble "
        "checked_at"
    )


def test_each_value_stands_in_its_column() -> None:
    task = make_task(
        1, label="=SUM(A1)", phase=Phase.FAILED, room_id=7, error=Failure("E.F", "gone\n"), checked_at=0.0
    )
    video = make_video(type=1, user_id="t", width=3, height=4, size_bytes=5, duration_ms=6, play_offset_ms=8)
    text = csv_text([(task, Details((video,))), (make_task(2), Details())])
    with_video, without = csv.DictReader(io.StringIO(text, newline=""))
    result = {name: with_video[name] for name in CSV_COLUMNS if with_video[name]}
    assert result == {
        "task_id": task.ref.task_id,
        "sdk_app_id": str(task.ref.sdk_app_id),
        "label": "'=SUM(A1)",
        "phase": "failed",
        "room_id": "7",
        "video": "1",
        "kind": "screen",
        "user_id": "t",
        "format": video.format,
        "width": "3",
        "height": "4",
        "duration_ms": "6",
        "size_bytes": "5",
        "play_offset_ms": "8",
        "video_id": video.video_id,
        "url": video.url,
        "error_code": "E.F",
        "error_message": "gone ",
        "checked_at": "1970-01-01T00:00:00Z",
    }
    assert {name for name in CSV_COLUMNS if without[name]} == {"task_id", "sdk_app_id", "phase"}
    assert [len(row) for row in csv_rows(task, Details((video, video)))] == [len(CSV_COLUMNS)] * 2


@given(st.text(st.characters()))
def test_cell_is_no_formula_and_holds_no_control_character(text: str) -> None:
    """serializers law 3, serializers law 4."""
    cell = safe_cell(text)
    assert cell.startswith("'") or guarded(cell) == cell
    assert not CONTROL.search(cell)
    assert "\n" not in cell


def test_time_is_utc_to_the_second() -> None:
    assert time_text(1_700_000_000.9) == "2023-11-14T22:13:20Z"
    assert time_text(None) is None


_IN_ANOTHER_LANGUAGE = """
import gettext

class Loud(gettext.NullTranslations):
    def gettext(self, message):
        return message.upper()

gettext.translation = lambda *_given, **_named: Loud()

import httpx
from tests.factories import make_task, observed, refused
from tiwtui.api.answers import Garbled
from tiwtui.api.network_errors import unanswered
from tiwtui.results.serializers import document, json_text
from tiwtui.model import Details
from tiwtui.engine.transitions import apply_answer
from tiwtui.formatting import trouble_text

lost = "InvalidParameter.TaskNotFound"
seen = apply_answer(make_task(), observed("QUEUED"), 2.0).task
answers = [
    (make_task(), refused("FailedOperation.Record")),
    (make_task(), refused("AuthFailure.SignatureFailure")),
    (make_task(), refused(lost)),
    (seen, refused(lost)),
    (make_task(), Garbled("$", "over 10 MB")),
    (make_task(), unanswered(httpx.ReadTimeout(""), "host", "", 20.0)),
    (make_task(), unanswered(httpx.ConnectError(""), "host", "", 20.0)),
]
for task, answer in answers:
    after = apply_answer(task, answer, 3.0, grace_s=0.0).task
    print(json_text(document(after, Details())))
print(trouble_text(after.trouble))
"""


def test_what_json_says_is_the_same_in_every_language() -> None:
    """errors law 2: A script that looks for a message must not depend on who runs it."""
    ran = subprocess.run(
        [sys.executable, "-c", _IN_ANOTHER_LANGUAGE], capture_output=True, text=True, check=True
    )
    *documents, shown = ran.stdout.splitlines()
    assert shown == shown.upper()
    problems = [result["error"] or result["trouble"] for result in map(json.loads, documents)]
    assert len(problems) == 7
    for problem in problems:
        assert problem["message"] != problem["message"].upper(), problem
