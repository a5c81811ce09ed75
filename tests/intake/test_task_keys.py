"""Lines with keys, logs and URLs: where a `TaskId` is named, only its value counts."""

import pytest

from tests.intake.parsed import APP, RECORDING, SECOND, TASK, ids, result


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
        f"INFO TaskId {TASK} OnlineRecordTaskId {RECORDING}",
        f"OnlineRecordTaskId {RECORDING} TaskId {TASK}",
        f"done task_id\t{TASK}\trecording {RECORDING}",
        f"polled task id {TASK}, recording {RECORDING}",
        f"the task TaskId: {TASK} of recording {RECORDING}",
        f"TaskId '{TASK}' beside {RECORDING}",
    ],
)
def test_reader_law_2_where_a_line_has_a_task_id_key_only_its_value_counts(line: str) -> None:
    """An OnlineRecordTaskId looks just the same, and stands beside it in every answer."""
    assert ids(line) == [TASK]


@pytest.mark.parametrize(
    "name", ["OnlineRecordTaskId", "RequestId", "RoomId", "videoId", "group_id", "SecretKey"]
)
@pytest.mark.parametrize(
    "form",
    [
        "{}={}",
        "done {}: {}",
        "{} {}",
        "done {}\t{} ok",
        "{}  '{}'",
        '"{}": "{}",',
        '{{"{}": "{}"}}',
        '{{"x": {{"{}": ["{}"]}}}}',
    ],
)
def test_ids_law_4_the_value_of_another_key_is_no_task(name: str, form: str) -> None:
    """However much it looks like one."""
    assert ids(form.format(name, RECORDING)) == []


@pytest.mark.parametrize(
    "name", ["request id", "REQUEST_ID", "requestid", "requestID", "x-request-id", "Room Id", "access_token"]
)
def test_ids_law_5_another_key_before_a_space_is_known_however_it_is_written(name: str) -> None:
    """Each program that writes logs has a style of its own."""
    assert ids(f"done {name} {RECORDING} ok") == []


@pytest.mark.parametrize("word", ["paid", "valid", "task", "did", "the", "id", "grid", "sign"])
def test_ids_law_5_a_word_before_an_id_is_no_key(word: str) -> None:
    """Many words end as the names of keys do."""
    assert ids(f"this is {word} {TASK} and {SECOND}") == [TASK, SECOND]


def test_ids_law_5_a_word_after_a_task_id_key_is_no_value() -> None:
    """If only a space separates the words, only a word that looks like an id is one."""
    assert ids(f"task id not found, {TASK} was meant") == [TASK]


def test_lines_law_1_an_empty_task_id_lets_nothing_else_count() -> None:
    """The line is about a task that has no id yet."""
    assert ids(f"TaskId= Status=QUEUED OnlineRecord {RECORDING}") == []


def test_a_key_takes_an_id_of_any_shape() -> None:
    """Only words that nothing names have to have the known shape."""
    assert ids("created, TaskId=My-Task_7 ok") == ["My-Task_7"]


def test_an_application_on_the_line_is_that_of_its_task() -> None:
    """A log line of the service's user names both."""
    assert result(f"SdkAppId={APP} TaskId={TASK} ok") == [(APP, TASK, None)]
    assert result(f"SdkAppId {APP} TaskId {TASK} ok") == [(APP, TASK, None)]
    assert result(f"INFO TaskId {APP}/{TASK} RequestId {RECORDING}") == [(APP, TASK, None)]


def test_applications_and_tasks_on_one_line_go_in_pairs() -> None:
    """The first with the first, whatever stands before."""
    text = f"TaskId={TASK} SdkAppId=7 and TaskId={SECOND} SdkAppId=8"
    assert result(text) == [(7, TASK, None), (8, SECOND, None)]


@pytest.mark.parametrize(
    "url",
    [
        f"https://tiw.tencentcloudapi.com/?Action=X&SdkAppId={APP}&TaskId={TASK}&RoomId=9",
        f"see http://h/?next=%2Fshow%3FTaskId%3D{TASK}%26SdkAppId%3D{APP} there",
        f"http://h/?sdk_app_id={APP}&task_id={TASK}#{RECORDING}",
    ],
)
def test_task_and_application_are_read_from_a_url(url: str) -> None:
    """The document's own sample request is such a URL."""
    assert result(url) == [(APP, TASK, None)]


def test_a_url_without_a_task_is_no_id() -> None:
    """It is one word, yet nobody watches a URL."""
    assert ids("https://example.com/a/b.mp4?sign=1") == []
