"""What a person pastes is read as the tasks they mean, and as nothing else."""

import csv
import io
import json
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui.intake import Entry, Intake, LineReader, named, read
from tiwtui.tasks import TaskRef

TASK = "ghucnligqtgtvk2624mb"
SECOND = "00e1jv8ve0jcqk7da9lb"
RECORDING = "bj0mt2l23osdj300hl30"  # an OnlineRecordTaskId: it looks like a task and is none
APP = 1400000001


def told(text: str) -> list[tuple[int | None, str, str | None]]:
    return [(entry.sdk_app_id, entry.task_id, entry.label) for entry in read(text).entries]


def ids(text: str) -> list[str]:
    return [entry.task_id for entry in read(text).entries]


# Lines


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_plain_ids_stand_one_a_line(line_end: str) -> None:
    """Terminals paste line ends as CR, files hold LF or CRLF."""
    assert ids(f"{TASK}{line_end}{SECOND}{line_end}") == [TASK, SECOND]


@pytest.mark.parametrize("word", ["weird-ID_1", "42", "a.b:c=", "8f14e45f-ceea-467f-9575-0b2b1a3c4d5e"])
def test_a_line_of_one_word_is_an_id_whatever_its_shape(word: str) -> None:
    """The service documents no shape for ids, so none may be demanded."""
    assert told(word) == [(None, word, None)]


def test_app_and_id_split_at_the_first_slash_after_digits() -> None:
    """An id may hold slashes itself."""
    assert told(f"{APP}/a/b\nx1/b") == [(APP, "a/b", None), (None, "x1/b", None)]


@pytest.mark.parametrize("app", ["0", "9223372036854775808", "9" * 5000])
def test_an_impossible_application_is_not_understood(app: str) -> None:
    """Taking the whole word for an id would ask the service about a task that cannot be."""
    assert read(f"{app}/{TASK}").entries == ()
    assert len(read(f"{app}/{TASK}").not_understood) == 1


@pytest.mark.parametrize("space", [" ", "\t", ", ", "，", "\u3000", "：", ": "])
def test_words_after_an_id_are_its_label(space: str) -> None:
    """Chinese input methods type full-width separators."""
    assert told(f"{TASK}{space}物理 第二讲") == [(None, TASK, "物理 第二讲")]


def test_app_and_id_take_a_label_too() -> None:
    """The form that commands print is a form that they read."""
    assert told(f"{APP}/{TASK} Maths 3A") == [(APP, TASK, "Maths 3A")]


@pytest.mark.parametrize("bullet", ["- ", "* ", "• ", "12. ", "3) "])
def test_a_bullet_before_an_id_is_no_part_of_it(bullet: str) -> None:
    """Lists are pasted from chats and documents."""
    assert told(f"{bullet}{TASK} Maths") == [(None, TASK, "Maths")]


@pytest.mark.parametrize("text", [f"{TASK} {SECOND}", f"{TASK},{SECOND}", f"{TASK}; {APP}/{SECOND},"])
def test_a_line_of_nothing_but_tasks_tells_them_all(text: str) -> None:
    """A shell prints `$ids` on one line."""
    assert ids(text) == [TASK, SECOND]


def test_a_date_at_the_start_of_a_line_is_no_application() -> None:
    """`2024/01/02` has the form APP/ID."""
    assert told(f"2024/01/02 10:00:00 started {TASK}") == [(None, TASK, None)]


def test_words_among_words_count_only_in_the_known_shape() -> None:
    """Prose has no ids but those that look like one, between word boundaries."""
    assert ids(f"see ({TASK}) and x{SECOND} or {SECOND}9 please") == [TASK]


@pytest.mark.parametrize("text", [f"任务{TASK}已完成。", f"《{TASK}》", f"({TASK})", f'"{TASK}",'])
def test_marks_and_text_without_spaces_around_an_id_are_no_part_of_it(text: str) -> None:
    """A Chinese sentence is one word to `split`, and would be watched whole."""
    assert ids(text) == [TASK]


def test_an_application_written_before_an_id_amid_text_is_its_own() -> None:
    """Else the task would be asked for in the default application."""
    assert told(f"please look at {APP}/{TASK} today") == [(APP, TASK, None)]


def test_comments_and_lines_without_a_letter_or_digit_hold_nothing() -> None:
    """They are neither tasks nor something the user has to be told about."""
    assert read(f"# {TASK}\n\n----\n}}\n  \n") == Intake()


def test_colours_of_a_log_do_not_stick_to_words() -> None:
    """`tail -f` of a coloured log ends the colour with a letter right before the id."""
    assert ids(f"\x1b[32mdone\x1b[0m \x1b[1m{TASK}\x1b[0m") == [TASK]


def test_invisible_characters_around_an_id_are_dropped() -> None:
    """Web pages and chats leave them, and the service would know no such task."""
    assert ids(f"\ufeff\u200b{TASK}\u200f\n\u2066{SECOND}\u2069") == [TASK, SECOND]


@pytest.mark.parametrize("text", ["two words", "foo\u202ebar", "TaskId=null", '{"a":', "[1]"])
def test_what_tells_no_task_is_handed_back(text: str) -> None:
    """The preview counts it, and `add` ends with 1."""
    assert read(text) == Intake((), (text,))


def test_a_word_longer_than_any_id_is_handed_back() -> None:
    """256 characters are far beyond every id seen."""
    assert ids("x" * 256) == ["x" * 256]
    assert ids("x" * 257) == []


def test_long_text_is_handed_back_cut() -> None:
    """A pasted book would fill the preview."""
    (shown,) = read("no tasks " * 1000).not_understood
    assert len(shown) == 200
    assert shown.endswith("…")


# Keys


@pytest.mark.parametrize(
    "line",
    [
        f"INFO TaskId={TASK} OnlineRecordTaskId={RECORDING}",
        f"OnlineRecordTaskId={RECORDING},TaskId={TASK}",
        f"online_record_task_id: {RECORDING} task_id: {TASK}",
        f'"OnlineRecordTaskId":"{RECORDING}","TaskId":"{TASK}"',
        f"{RECORDING} EventData.TaskId => '{TASK}'",
        f"task id：{TASK}，record task id：{RECORDING}",
        f'body="{{\\"OnlineRecordTaskId\\":\\"{RECORDING}\\",\\"TaskId\\":\\"{TASK}\\"}}"',
        f"{{'TaskId': '{TASK}', 'OnlineRecordTaskId': '{RECORDING}'}}",
        f"cmd --task-id={TASK} --other {RECORDING}",
        f"finished TaskId: {TASK}.",
    ],
)
def test_where_a_line_has_a_task_id_key_only_its_value_counts(line: str) -> None:
    """An OnlineRecordTaskId looks just the same, and stands beside it in every answer."""
    assert ids(line) == [TASK]


@pytest.mark.parametrize(
    "name", ["OnlineRecordTaskId", "RequestId", "RoomId", "videoId", "group_id", "SecretKey"]
)
@pytest.mark.parametrize(
    "form", ["{}={}", "done {}: {}", '"{}": "{}",', '{{"{}": "{}"}}', '{{"x": {{"{}": ["{}"]}}}}']
)
def test_the_value_of_another_key_is_no_task(name: str, form: str) -> None:
    """However much it looks like one."""
    assert ids(form.format(name, RECORDING)) == []


def test_an_empty_task_id_lets_nothing_else_count() -> None:
    """The line is about a task that has no id yet."""
    assert ids(f"TaskId= Status=QUEUED OnlineRecord {RECORDING}") == []


def test_a_key_takes_an_id_of_any_shape() -> None:
    """Only words that nothing names have to have the known shape."""
    assert ids("created, TaskId=My-Task_7 ok") == ["My-Task_7"]


def test_an_application_on_the_line_is_that_of_its_task() -> None:
    """A log line of the service's user names both."""
    assert told(f"SdkAppId={APP} TaskId={TASK} ok") == [(APP, TASK, None)]


def test_applications_and_tasks_on_one_line_go_in_pairs() -> None:
    """The first with the first, whatever stands before."""
    text = f"TaskId={TASK} SdkAppId=7 and TaskId={SECOND} SdkAppId=8"
    assert told(text) == [(7, TASK, None), (8, SECOND, None)]


@pytest.mark.parametrize(
    "url",
    [
        f"https://tiw.tencentcloudapi.com/?Action=X&SdkAppId={APP}&TaskId={TASK}&RoomId=9",
        f"see http://h/?next=%2Fshow%3FTaskId%3D{TASK}%26SdkAppId%3D{APP} there",
        f"http://h/?sdk_app_id={APP}&task_id={TASK}#{RECORDING}",
    ],
)
def test_a_url_tells_its_task_and_application(url: str) -> None:
    """The document's own sample request is such a URL."""
    assert told(url) == [(APP, TASK, None)]


def test_a_url_without_a_task_is_no_id() -> None:
    """It is one word, yet nobody watches a URL."""
    assert ids("https://example.com/a/b.mp4?sign=1") == []


# JSON


@pytest.mark.parametrize("indent", [None, 2])
def test_an_answer_of_the_service_tells_its_task(indent: int | None) -> None:
    """CreateVideoGenerationTask answers with one line; `jq` spreads it over several."""
    answer = {"Response": {"TaskId": TASK, "RequestId": RECORDING}}
    assert read(json.dumps(answer, indent=indent)) == Intake((Entry(TASK),))


@pytest.mark.parametrize("indent", [None, "\t"])
def test_a_callback_tells_the_application_around_its_task(indent: str | None) -> None:
    """SdkAppId stands beside EventData, TaskId within it."""
    callback = {"EventType": "x", "EventData": {"TaskId": TASK, "RoomId": 9}, "SdkAppId": APP, "Sign": "a2"}
    assert told(json.dumps(callback, indent=indent)) == [(APP, TASK, None)]


def test_the_nearest_application_wins() -> None:
    """Objects of several applications can stand in one document."""
    text = json.dumps({"SdkAppId": 1, "a": {"SdkAppId": "2", "b": {"TaskId": TASK}}, "c": {"TaskId": SECOND}})
    assert told(text) == [(2, TASK, None), (1, SECOND, None)]


def test_the_only_application_of_a_document_is_that_of_its_tasks() -> None:
    """A logged call holds request and answer side by side."""
    text = json.dumps({"Request": {"SdkAppId": APP}, "Response": {"TaskId": TASK}})
    assert told(text) == [(APP, TASK, None)]


def test_where_a_document_has_a_task_id_no_other_string_counts() -> None:
    """Lists of files and names in an answer can hold anything."""
    assert ids(json.dumps({"x": RECORDING, "TaskId": TASK, "List": [{"url": f"http://h/{RECORDING}"}]})) == [
        TASK
    ]


def test_a_list_of_task_ids_tells_them_all() -> None:
    """In an object or under a plural key."""
    assert ids(json.dumps({"TaskIds": [TASK, "any-1"]})) == [TASK, "any-1"]


def test_a_list_of_strings_is_read_by_shape() -> None:
    """The simulated service prints such a line, with its application beside and a secret key."""
    text = json.dumps({"sdk_app_id": APP, "secret_key": RECORDING, "tasks": [TASK, SECOND]})
    assert told(text) == [(APP, TASK, None), (APP, SECOND, None)]


def test_an_object_of_ids_and_labels_is_read() -> None:
    """A mapping is the shortest JSON for a labelled list."""
    assert told(json.dumps({TASK: "Maths", SECOND: None})) == [(None, TASK, "Maths"), (None, SECOND, None)]


def test_an_empty_label_changes_nothing() -> None:
    """An export writes `""` for no label; reading it back must not wipe one set since."""
    assert told(json.dumps({"task_id": TASK, "sdk_app_id": APP, "label": ""})) == [(APP, TASK, None)]


def test_documents_stand_one_a_line_or_one_after_the_other() -> None:
    """JSONL, and what `jq -c` glues together."""
    first, second = json.dumps({"TaskId": TASK}), json.dumps({"TaskId": SECOND})
    assert ids(f"{first}\n{second}") == ids(f"{first}{second}") == [TASK, SECOND]


def test_a_document_within_a_log_line_takes_the_application_beside_it() -> None:
    """Logs print the answer behind what they know themselves."""
    answer = json.dumps({"Response": {"TaskId": TASK}})
    line = f"2024-01-02 [1234] RequestId={RECORDING} SdkAppId={APP} answer: {answer} in 3ms"
    assert told(line) == [(APP, TASK, None)]


def test_text_after_a_document_is_read_on() -> None:
    """A terminal's prompt comes along with what was copied."""
    assert read(json.dumps({"TaskId": TASK}, indent=1) + f"\n$ ls -l\n{SECOND}") == Intake(
        (Entry(TASK), Entry(SECOND)), ("$ ls -l",)
    )


def test_json_within_a_string_of_json_is_read() -> None:
    """Queues and log collectors wrap messages in messages."""
    message = json.dumps({"EventData": json.dumps({"TaskId": TASK, "OnlineRecordTaskId": RECORDING})})
    assert told(json.dumps({"message": f"got {message}", "SdkAppId": APP})) == [(APP, TASK, None)]


def test_a_log_line_within_json_is_read() -> None:
    """Structured logs hold plain lines."""
    assert ids(json.dumps({"level": "info", "msg": f"TaskId={TASK} OnlineRecordTaskId={RECORDING}"})) == [
        TASK
    ]


def test_broken_json_is_read_line_by_line() -> None:
    """A copy that missed the last brace still names its task."""
    assert ids(json.dumps({"OnlineRecordTaskId": RECORDING, "TaskId": TASK}, indent=1)[:-1]) == [TASK]


def test_a_document_without_a_task_is_not_understood_once() -> None:
    """Not once per line of it."""
    (shown,) = read(json.dumps({"RequestId": RECORDING, "Status": "OK"}, indent=1)).not_understood
    assert shown.startswith("{")


# Tables


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize(
    "names", [("SdkAppId", "TaskId", "Label"), ("sdk_app_id", "task id", "Title"), ("APP", "ID", "name")]
)
def test_a_header_says_where_the_columns_are(delimiter: str, names: Sequence[str]) -> None:
    """Spreadsheets use semicolons where the comma is the decimal mark."""
    rows = [
        delimiter.join(names),
        delimiter.join([str(APP), TASK, '"Maths, 3A; b"']),
        delimiter.join(["", "x-1", ""]),
    ]
    assert told("\ufeff" + "\r\n".join(rows)) == [(APP, TASK, "Maths, 3A; b"), (None, "x-1", None)]


def test_the_guard_against_formulas_is_no_part_of_a_cell() -> None:
    """The export puts `'` before a cell that a spreadsheet would run."""
    assert told("TaskId,Label\r\n'-abc,'=1+1\r\n'x,y") == [(None, "-abc", "=1+1"), (None, "'x", "y")]


def test_a_quoted_cell_may_hold_line_ends() -> None:
    """Spreadsheets allow them."""
    assert told(f'TaskId,Label\r\n{TASK},"two\r\nlines"\r\n{SECOND},x') == [
        (None, TASK, "two lines"),
        (None, SECOND, "x"),
    ]


def test_a_stray_quote_costs_no_other_row() -> None:
    """A quote left open would swallow the rest of the file."""
    rows = "".join(f"id-{n},x\r\n" for n in range(50))
    assert ids(f'TaskId,Label\r\n{TASK},a "b\r\n"{rows}')[-40:] == [f"id-{n}" for n in range(10, 50)]


def test_a_row_without_an_id_is_not_understood() -> None:
    """It is no line of free text either: its label could look like an id."""
    assert read(f"TaskId,Label\n,{RECORDING}") == Intake((), (f",{RECORDING}",))


def test_a_header_without_rows_tells_nothing() -> None:
    """An empty export."""
    assert read("task_id,sdk_app_id,label\r\n") == Intake()


def test_a_line_of_the_list_command_is_read_without_a_header() -> None:
    """`tiwtui list | grep Maths | tiwtui --profile other add -`."""
    assert told(f"any-1\t{APP}\tnot_found\tMaths 3A\t900822\t0\t\t") == [(APP, "any-1", "Maths 3A")]


# Tasks told more than once


def test_the_last_label_wins_where_the_task_first_stood() -> None:
    """Corrections come below; the order of a list is its owner's."""
    assert told(f"{TASK} old\n{SECOND}\n{TASK} new\n{TASK}") == [(None, TASK, "new"), (None, SECOND, None)]


def test_an_id_and_the_same_in_the_default_application_are_one() -> None:
    """Two entries would be one task in the list, counted twice in the preview."""
    intake = read(f"{TASK} Maths\n{APP}/{TASK}\n7/{TASK}", APP)
    assert intake.tasks(APP) == ((TaskRef(APP, TASK), "Maths"), (TaskRef(7, TASK), None))


def test_a_task_without_an_application_waits_for_a_default() -> None:
    """The first add without a SdkAppId asks for it."""
    intake = read(f"{TASK}\n7/{SECOND}")
    assert intake.needs_app(None)
    assert not intake.needs_app(APP)
    assert intake.tasks(None) == ((TaskRef(7, SECOND), None),)


# Arguments


@pytest.mark.parametrize(
    ("word", "entry"),
    [
        (TASK, Entry(TASK)),
        (f"{APP}/a/b", Entry("a/b", APP)),
        ("TaskId=x", Entry("TaskId=x")),
        ("0/x", None),
        ("two words", None),
        ("", None),
    ],
)
def test_an_argument_is_one_task_and_never_searched_for_others(word: str, entry: Entry | None) -> None:
    """`rm` and `label` must not guess."""
    assert named(word) == entry


# Line by line


def fed(text: str) -> list[Intake]:
    reader = LineReader(APP)
    return [*(reader.feed(line) for line in text.splitlines(keepends=True)), reader.close()]


def test_a_line_tells_its_task_at_once() -> None:
    """`tail -f log | tiwtui add -` never ends."""
    assert LineReader().feed(f"TaskId={TASK}\n") == Intake((Entry(TASK),))


def test_a_header_holds_for_the_lines_after_it() -> None:
    """`tiwtui list --csv | tiwtui add -`."""
    assert [len(intake.entries) for intake in fed(f"\ufefflabel,task_id\r\nx,{TASK}\r\ny,{SECOND}\r\n")] == [
        0,
        1,
        1,
        0,
    ]


def test_pretty_printed_json_is_held_until_it_closes() -> None:
    """`curl … | jq . | tiwtui add -`: the application stands after the task."""
    text = json.dumps([{"EventData": {"TaskId": TASK, "n": [1, None]}, "SdkAppId": APP}], indent=2)
    assert fed(f"{text}\n{SECOND}\n")[-3:] == [
        Intake((Entry(TASK, APP),)),
        Intake((Entry(SECOND),)),
        Intake(),
    ]


def test_a_bracket_left_open_holds_back_no_log_line() -> None:
    """Else a stray `{` would end the watching of a log without a word."""
    assert fed(f"begin {{\nthen TaskId={TASK} came\n")[1] == Intake((Entry(TASK),), ("begin {",))


def test_a_bracket_that_never_closes_is_not_held_for_ever() -> None:
    """What is held costs memory, and its tasks are waited for."""
    reader = LineReader()
    piece = '"' + "x" * 100_000 + '",\n'
    assert not any(reader.feed(line) != Intake() for line in ["[\n", *[piece] * 9])
    assert reader.feed(piece).not_understood != ()


def test_json_that_never_closes_is_read_at_the_end() -> None:
    """The stream broke off."""
    assert fed(f'{{\n"TaskId": "{TASK}",\n')[-1] == Intake((Entry(TASK),))


# Any text


@given(st.one_of(st.text(), st.text(alphabet='{}[]",:=\\/ \n\r\t#TaskIdSdpA019é；\x1b\u202e')))
def test_no_text_raises_and_every_id_is_one_clean_word(text: str) -> None:
    """Foreign text is data; an id ends up on a terminal and in a request."""
    for entry in read(text, APP).entries:
        assert entry.task_id.isprintable()
        assert entry.task_id.split() == [entry.task_id]
        assert len(entry.task_id) <= 256
        assert entry.sdk_app_id is None or 0 < entry.sdk_app_id < 2**63


@given(st.text(alphabet='{}[]",:\\ \n\r#TaskId=09'))
def test_no_stream_of_lines_raises(text: str) -> None:
    """What is held back is read at the latest when the stream ends."""
    assert len(fed(text)) == len(text.splitlines()) + 1


PATHOLOGICAL = {
    "one word": "a" * 300_000,
    "keys of keys": "TaskId=" * 40_000,
    "pairs of one pair": "a=" * 150_000,
    "open lists": "[" * 300_000,
    "open objects": '{"a":' * 60_000,
    "deep lists": "[" * 150_000 + "]" * 150_000,
    "bad lists, nested": ("[" * 150 + "x" + "]" * 150) * 1000,
    "a bad end, far away": "[" * 150 + '{"a": 1, "b": 2},' * 18_000 + "x" + "]" * 150,
    "quotes": '\\"' * 150_000,
    "quotes in a table": "id,label\n" + '"a\n' * 60_000,
    "escapes": "\x1b[1" * 100_000,
    "spaces": "TaskId" + " " * 300_000 + "x",
    "a long number": '{"TaskId": ' + "1" * 300_000 + "}",
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_the_time_is_linear_in_the_length(name: str) -> None:
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
        writer.writerow(["x", "'" * (ref.task_id[0] in "=+-@") + ref.task_id, ref.sdk_app_id])
    expected = [ref for ref in refs if ref.task_id[:2] not in ("'=", "'+", "'-", "'@")]
    assert [ref for ref in refs_of(read(sheet.getvalue())) if ref in expected] == expected
