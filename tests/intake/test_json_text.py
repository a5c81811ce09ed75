"""JSON of any shape: answers, callbacks, exports, and documents within other text."""

import json

import pytest

from tests.intake.parsed import APP, RECORDING, SECOND, TASK, ids, result
from tiwtui.intake.ids import Entry
from tiwtui.intake.json_text import Documents
from tiwtui.intake.reader import Intake, read


@pytest.mark.parametrize("indent", [None, 2])
def test_a_task_is_read_from_an_answer_of_the_service(indent: int | None) -> None:
    """CreateVideoGenerationTask answers with one line; `jq` spreads it over several."""
    answer = {"Response": {"TaskId": TASK, "RequestId": RECORDING}}
    assert read(json.dumps(answer, indent=indent)) == Intake((Entry(TASK),))


@pytest.mark.parametrize("indent", [None, "\t"])
def test_a_callback_has_the_application_outside_its_task(indent: str | None) -> None:
    """SdkAppId stands beside EventData, TaskId within it."""
    callback = {"EventType": "x", "EventData": {"TaskId": TASK, "RoomId": 9}, "SdkAppId": APP, "Sign": "a2"}
    assert result(json.dumps(callback, indent=indent)) == [(APP, TASK, None)]


def test_law_3_the_nearest_application_counts() -> None:
    """Objects of several applications can stand in one document."""
    text = json.dumps({"SdkAppId": 1, "a": {"SdkAppId": "2", "b": {"TaskId": TASK}}, "c": {"TaskId": SECOND}})
    assert result(text) == [(2, TASK, None), (1, SECOND, None)]


def test_the_only_application_of_a_document_is_that_of_its_tasks() -> None:
    """A logged call holds request and answer side by side."""
    text = json.dumps({"Request": {"SdkAppId": APP}, "Response": {"TaskId": TASK}})
    assert result(text) == [(APP, TASK, None)]


def test_law_3_where_a_document_has_a_task_id_no_other_string_counts() -> None:
    """Lists of files and names in an answer can hold anything."""
    assert ids(json.dumps({"x": RECORDING, "TaskId": TASK, "List": [{"url": f"http://h/{RECORDING}"}]})) == [
        TASK
    ]


def test_all_ids_of_a_list_are_read() -> None:
    """In an object or under a plural key."""
    assert ids(json.dumps({"TaskIds": [TASK, "any-1"]})) == [TASK, "any-1"]


def test_a_list_of_strings_is_read_by_shape() -> None:
    """The simulated service prints such a line, with its application beside and a secret key."""
    text = json.dumps({"sdk_app_id": APP, "secret_key": RECORDING, "tasks": [TASK, SECOND]})
    assert result(text) == [(APP, TASK, None), (APP, SECOND, None)]


def test_an_object_of_ids_and_labels_is_read() -> None:
    """A mapping is the shortest JSON for a labelled list."""
    assert result(json.dumps({TASK: "Maths", SECOND: None})) == [(None, TASK, "Maths"), (None, SECOND, None)]


def test_an_empty_label_changes_nothing() -> None:
    """An export writes `""` for no label; reading it back must not wipe one set since."""
    assert result(json.dumps({"task_id": TASK, "sdk_app_id": APP, "label": ""})) == [(APP, TASK, None)]


def test_documents_stand_one_a_line_or_one_after_the_other() -> None:
    """JSONL, and what `jq -c` glues together."""
    first, second = json.dumps({"TaskId": TASK}), json.dumps({"TaskId": SECOND})
    assert ids(f"{first}\n{second}") == ids(f"{first}{second}") == [TASK, SECOND]


def test_a_document_within_a_log_line_takes_the_application_beside_it() -> None:
    """Logs print the answer behind what they know themselves."""
    answer = json.dumps({"Response": {"TaskId": TASK}})
    line = f"2024-01-02 [1234] RequestId={RECORDING} SdkAppId={APP} answer: {answer} in 3ms"
    assert result(line) == [(APP, TASK, None)]


def test_text_after_a_document_is_read_on() -> None:
    """A terminal's prompt comes along with what was copied."""
    assert read(json.dumps({"TaskId": TASK}, indent=1) + f"\n$ ls -l\n{SECOND}") == Intake(
        (Entry(TASK), Entry(SECOND)), ("$ ls -l",)
    )


def test_law_4_json_within_a_string_of_json_is_read() -> None:
    """Queues and log collectors wrap messages in messages."""
    message = json.dumps({"EventData": json.dumps({"TaskId": TASK, "OnlineRecordTaskId": RECORDING})})
    assert result(json.dumps({"message": f"got {message}", "SdkAppId": APP})) == [(APP, TASK, None)]


def test_a_log_line_within_json_is_read() -> None:
    """Structured logs hold plain lines."""
    assert ids(json.dumps({"level": "info", "msg": f"TaskId={TASK} OnlineRecordTaskId={RECORDING}"})) == [
        TASK
    ]


def test_law_1_broken_json_is_read_line_by_line() -> None:
    """A copy that missed the last brace still names its task."""
    assert ids(json.dumps({"OnlineRecordTaskId": RECORDING, "TaskId": TASK}, indent=1)[:-1]) == [TASK]


def test_a_document_without_a_task_is_not_understood_once() -> None:
    """Not once per line of it."""
    (shown,) = read(json.dumps({"RequestId": RECORDING, "Status": "OK"}, indent=1)).not_understood
    assert shown.startswith("{")


@pytest.mark.parametrize(("depth", "is_document"), [(200, True), (201, False)])
def test_law_2_a_document_nested_too_deep_is_no_document(depth: int, is_document: bool) -> None:
    """The decoder would run out of stack."""
    found = Documents("[" * depth + "123456789012" + "]" * depth).first_between(0, 1)
    assert (found is not None) is is_document


@pytest.mark.parametrize(("wrapped", "label"), [(4, "Maths"), (5, None)])
def test_law_4_a_message_in_messages_is_decoded_four_times(wrapped: int, label: str | None) -> None:
    """Each time takes as long again. Beyond that it is text, which has no labels."""
    text = json.dumps({"TaskId": "any-1", "label": "Maths"})
    for _time in range(wrapped):
        text = json.dumps([text])
    assert result(text) == [(None, "any-1", label)]
