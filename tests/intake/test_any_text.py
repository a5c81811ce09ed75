"""Any text at all: nothing raises, nothing takes long, and what tiwtui writes is read back."""

import csv
import io
import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.intake.parsed import APP, RECORDING, TASK, fed
from tests.properties import reaching
from tiwtui.intake.reader import Intake, read
from tiwtui.model import TaskRef
from tiwtui.spreadsheet_formulas import guarded

words = st.sampled_from(
    ["TaskId", "RequestId", "SdkAppId", ":", "=", "/", '"', "{", "}", "[", "]", ",", "\n", "\u202e"]
)
texts = st.one_of(
    st.text(),
    st.text(alphabet='{}[]",:=\\/ \n\r\t#TaskIdSdpA019é；\x1b\u202e'),
    st.lists(words | st.sampled_from(["1400000001", "1400000001/x", TASK, RECORDING, " "]), max_size=12).map(
        "".join
    ),
)


def test_reader_laws_1_and_6_no_text_raises_and_every_id_is_one_clean_word() -> None:
    """Foreign text is data; an id ends up on a terminal and in a request."""
    with reaching("no task", "a task", "an application", "not understood") as reached:

        @settings(max_examples=200)
        @given(texts)
        @example("1400000001/x")
        def check(text: str) -> None:
            intake = read(text, APP)
            reached("a task" if intake.entries else "no task")
            if intake.not_understood:
                reached("not understood")
            for entry in intake.entries:
                assert entry.task_id.isprintable()
                assert entry.task_id.split() == [entry.task_id]
                assert len(entry.task_id) <= 256
                if entry.sdk_app_id is not None:
                    reached("an application")
                    assert 0 < entry.sdk_app_id < 2**63

        check()


@given(st.text(alphabet='{}[]",:\\ \n\r#TaskId=09'))
def test_no_stream_of_lines_raises(text: str) -> None:
    """What is held back is read at the latest when the stream ends."""
    assert len(fed(text)) == len(text.splitlines()) + 1


PATHOLOGICAL = {
    "one word": "a" * 300_000,
    "keys of keys": "TaskId=" * 40_000,
    "keys and spaces": "RequestId " * 30_000,
    "keys and digits": "SdkAppId 1 " * 30_000,
    "pairs of one pair": "a=" * 150_000,
    "open lists": "[" * 300_000,
    "open objects": '{"a":' * 60_000,
    "deep lists": "[" * 150_000 + "]" * 150_000,
    "bad lists, nested": ("[" * 150 + "x" + "]" * 150) * 1000,
    "a bad end, far away": "[" * 150 + '{"a": 1, "b": 2},' * 18_000 + "x" + "]" * 150,
    "quotes": '\\"' * 150_000,
    "quotes in a table": "id,label\n" + '"a\n' * 20_000,
    "escapes": "\x1b[1" * 100_000,
    "spaces": "TaskId" + " " * 300_000 + "x",
    "a long number": '{"TaskId": ' + "1" * 300_000 + "}",
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_reader_law_1_the_time_is_linear_in_the_length(name: str) -> None:
    """What takes quadratic time needs minutes here; a slow machine has ten times what it needs."""
    begin = time.process_time()
    read(PATHOLOGICAL[name])
    assert time.process_time() - begin < 20


_ids = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FFF, categories=("L", "N", "P", "S")),
    min_size=1,
    max_size=40,
).filter(
    lambda word: any(map(str.isalnum, word)) and word.lower() not in ("null", "none", "nil", "undefined")
)
_refs = st.lists(st.builds(TaskRef, st.integers(1, 2**63 - 1), _ids), unique=True)


def refs_of(intake: Intake) -> list[TaskRef]:
    assert intake.not_understood == ()
    return [ref for ref, _ in intake.tasks(None)]


@given(_refs)
def test_tasks_written_one_a_line_are_read_back(refs: list[TaskRef]) -> None:
    """What tiwtui prints, tiwtui takes."""
    assert refs_of(read("\n".join(map(str, refs)))) == refs


@given(_refs)
def test_tasks_written_as_json_are_read_back(refs: list[TaskRef]) -> None:
    """An export moves a watch list to another machine."""
    rows = [{"sdk_app_id": ref.sdk_app_id, "task_id": ref.task_id, "label": ""} for ref in refs]
    assert refs_of(read(json.dumps(rows, ensure_ascii=False))) == refs
    assert refs_of(read("\n".join(map(json.dumps, rows)))) == refs


@given(_refs)
def test_tasks_written_as_csv_are_read_back(refs: list[TaskRef]) -> None:
    """With its guard against formulas."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["label", "task_id", "sdk_app_id"])
    for ref in refs:
        writer.writerow(["x", guarded(ref.task_id), ref.sdk_app_id])
    assert refs_of(read(sheet.getvalue())) == refs
