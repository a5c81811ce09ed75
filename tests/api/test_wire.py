"""Answers' bytes → values: the document's own sample, every lenience, and anything at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import envelope, make_ref, make_video
from tiwtui.api import wire
from tiwtui.api.answers import Garbled, Observed, Refused
from tiwtui.api.errors import Verdict
from tiwtui.model import TroubleKind

SAMPLE = (Path(__file__).parent / "document_sample.json").read_bytes()


def test_request_body_has_a_number_and_the_id_as_given() -> None:
    """`SdkAppId` as text is refused with `BodyParameterTypeUnmatched`."""
    assert wire.request_body(make_ref()) == b'{"SdkAppId":1400000001,"TaskId":"ghucnligqtgtvk2624mb"}'


def test_documents_own_sample_parses_to_the_values_it_shows() -> None:
    """wire law 7: byte for byte as printed; `VideoInfos`, whose URL reads "Disused.", is ignored."""
    answer = wire.parse(SAMPLE)
    assert answer == Observed(
        status="FINISHED",
        videos=(make_video(),),
        group_id="900822",
        room_id=900822,
        total_time_ms=156750,
        task_id="00e1jv8ve0jcqk7da9lb",
        request_id="d290f1ee-6c54-4b01-90e6-d701748f0851",
        oddities=(),
        raw=SAMPLE,
    )


def test_failed_task_is_a_verdict_not_trouble() -> None:
    """The sibling action's official example of a failed task has this form."""
    message = "code: 40004, msg: 2019-09-23 10:31:47, im login failed with code 6206, desc serSig expired\n"
    answer = wire.parse(envelope(Error={"Code": "FailedOperation.Record", "Message": message}, RequestId="r"))
    assert isinstance(answer, Refused)
    assert (answer.meaning, answer.message, answer.request_id) == (Verdict.TASK_FAILED, message, "r")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "$: empty"),
        (b"<html>", "$: not JSON (<html>)"),
        (b"[]", "$: expected object"),
        (b"{}", "$.Response: missing"),
        (b'{"Response": []}', "$.Response: expected object"),
        (envelope(), "$.Response.Status: missing"),
        (envelope(Status=None), "$.Response.Status: missing"),
        (envelope(Status=3), "$.Response.Status: expected str"),
        (envelope(Status=" "), "$.Response.Status: expected str"),
        (envelope(Status="FINISHED", VideoInfoList={}), "$.Response.VideoInfoList: expected array"),
        (envelope(Status="FINISHED", VideoInfoList=[3]), "$.Response.VideoInfoList[0]: expected object"),
        (
            envelope(Status="FINISHED", VideoInfoList=[{"VideoUrl": 5}]),
            "$.Response.VideoInfoList[0].VideoUrl: expected str",
        ),
        (
            envelope(Status="FINISHED", VideoInfoList=[{}]),
            "$.Response.VideoInfoList[0].VideoUrl: expected str",
        ),
        (envelope(Error=[]), "$.Response.Error: expected object"),
        (envelope(Error={}), "$.Response.Error.Code: missing"),
        (envelope(Error={"Code": 4}), "$.Response.Error.Code: expected str"),
    ],
)
def test_wrong_essential_field_makes_the_answer_garbled(content: bytes, said: str) -> None:
    """wire law 2: the path names the field; nothing of such an answer is used."""
    answer = wire.parse(content)
    assert isinstance(answer, Garbled)
    assert str(answer).startswith(said)


ID = "d290f1ee-6c54-4b01-90e6-d701748f0851"


@pytest.mark.parametrize(
    "content",
    [
        envelope(Status=3, RequestId=ID),
        envelope(Error=[], RequestId=ID),
        b'{"Response":{"RequestId":"%s","Status":"FINI' % ID.encode(),
        b"{'Response': {'RequestId': '%s'," % ID.encode(),
        b'{"Message":"{\\"RequestId\\":\\"%s\\"}"' % ID.encode(),
        b"<html>Bad gateway. Request-Id: %s<br>" % ID.encode(),
        b"\xff\xfe requestId=%s; " % ID.encode(),
    ],
)
@pytest.mark.parametrize("status", [200, 502])
def test_request_id_is_read_from_whatever_comes(content: bytes, status: int) -> None:
    """wire law 4: support asks for it exactly where an answer cannot be read."""
    answer = wire.parse(content, status)
    assert isinstance(answer, Garbled | Refused)
    assert (answer.request_id, answer.raw) == (ID, content)


@pytest.mark.parametrize(
    "content", [b'{"Response":{"RequestId":null', b"the request id is missing", b'"RequestId":""']
)
def test_no_request_id_is_invented(content: bytes) -> None:
    answer = wire.parse(content)
    assert isinstance(answer, Garbled)
    assert answer.request_id == ""


@pytest.mark.parametrize("value", [None, [], "absent"])
def test_no_list_null_list_and_empty_list_are_no_videos(value: object) -> None:
    """No document says which of them a task that still runs has."""
    fields = {} if value == "absent" else {"VideoInfoList": value}
    answer = wire.parse(envelope(Status="PROCESSING", **fields))
    assert isinstance(answer, Observed)
    assert answer.videos == ()


def test_running_task_may_name_a_video_before_its_file_is_there() -> None:
    """Such an entry is left out and named; the status still counts."""
    answer = wire.parse(
        envelope(Status="PROCESSING", VideoInfoList=[{"VideoId": "1"}, {"VideoUrl": "http://a/b"}])
    )
    assert isinstance(answer, Observed)
    assert [video.url for video in answer.videos] == ["http://a/b"]
    assert answer.oddities == ("$.Response.VideoInfoList[0].VideoUrl: missing",)


@pytest.mark.parametrize(
    ("value", "read"),
    [("1024", 1024), (1024, 1024), (1024.0, 1024), (None, None), ("-5", -5)],
)
def test_numbers_are_read_from_text_too(value: object, read: int | None) -> None:
    """Samples of sibling actions quote their numbers."""
    answer = wire.parse(envelope(Status="QUEUED", RoomId=value))
    assert isinstance(answer, Observed)
    assert (answer.room_id, answer.oddities) == (read, ())


@pytest.mark.parametrize("value", [True, "x", "", [], {}, 1.5, "1e3", 2**64, "9" * 19, "٣"])
def test_number_of_a_wrong_type_is_absent_and_named(value: object) -> None:
    """A wrong field that no result stands on costs only itself."""
    answer = wire.parse(envelope(Status="QUEUED", RoomId=value))
    assert isinstance(answer, Observed)
    assert (answer.room_id, answer.oddities) == (None, ("$.Response.RoomId: expected int",))


def test_wrong_field_of_a_video_is_absent_and_named() -> None:
    """wire law 3: the URL is there, so the result is."""
    entry = {"VideoUrl": "http://a/b", "VideoId": 7, "VideoSize": -1, "VideoPlayTime": 1_700_000_000_000}
    answer = wire.parse(envelope(Status="FINISHED", VideoInfoList=[entry]))
    assert isinstance(answer, Observed)
    video = answer.videos[0]
    assert (video.video_id, video.size_bytes, video.play_offset_ms) == ("", None, None)
    assert len(answer.oddities) == 3


def test_undocumented_error_fields_of_a_success_are_named() -> None:
    """FINISHED covers failure too (document, §3): nothing that speaks of an error may be hidden."""
    answer = wire.parse(envelope(Status="FINISHED", ErrorCode=40004, ErrorMsg="im login failed"))
    assert isinstance(answer, Observed)
    assert answer.oddities == ("$.Response.ErrorCode: 40004", "$.Response.ErrorMsg: im login failed")


def test_json_decides_over_the_http_status() -> None:
    """wire law 5: the service answers 200 to all that it handled; a gateway may change that."""
    assert isinstance(wire.parse(SAMPLE, 500), Observed)


@pytest.mark.parametrize("content", [b"<html>bad gateway</html>", b"", b"{}", b"[1]"])
def test_other_http_status_without_an_answer_is_transient_trouble(content: bytes) -> None:
    answer = wire.parse(content, 502)
    assert isinstance(answer, Refused)
    assert (answer.meaning, answer.code) == (TroubleKind.SERVICE, "http_502")


def test_flat_error_of_old_gateways_is_understood() -> None:
    """The vendor's Go SDK still parses it."""
    answer = wire.parse(b'{"code":4100,"message":"(100005)no","codeDesc":"AuthFailure"}')
    assert isinstance(answer, Refused)
    assert (answer.code, answer.meaning) == ("AuthFailure", TroubleKind.CREDENTIALS)


def test_byte_order_mark_is_no_obstacle() -> None:
    assert isinstance(wire.parse(b"\xef\xbb\xbf" + SAMPLE), Observed)


@pytest.mark.parametrize(
    ("escaped", "read"),
    [
        ("a\\ud83d", "a�"),
        ("\\uDE00b", "�b"),
        ("\\ud83d\\ud83d\\ude00", "�😀"),
        ("\\ude00\\ud83d", "��"),
        ("\\\\ud83d\\ud83d", "\\ud83d�"),
        ("\\\\\\ud83d", "\\�"),
        ("\\ud83dx\\u0041\\n", "�xA\n"),
    ],
)
def test_half_a_character_is_replaced_and_the_rest_is_read(escaped: str, read: str) -> None:
    """wire law 6: a name cut amid an emoji: its task is as finished as any, and must become ready."""
    entry = {"VideoUrl": "http://a/b", "UserId": "NAME"}
    whole = envelope(Status="FINISHED", GroupId="NAME", VideoInfoList=[entry])
    content = whole.replace(b"NAME", escaped.encode())
    answer = wire.parse(content)
    assert isinstance(answer, Observed)
    assert (answer.group_id, answer.videos[0].user_id, answer.videos[0].url) == (read, read, "http://a/b")
    assert answer.raw == content


@pytest.mark.parametrize(
    ("cut", "read"),
    [
        (b"\xe7\x89\xa9\xe7\x90", "物\ufffd"),
        (b"a\xf0\x9f\x98", "a\ufffd"),
        (b"\xff\xfeb", "\ufffd\ufffdb"),
        (b"\xe7\x89\\ud83d", "\ufffd\ufffd"),
    ],
)
def test_text_cut_inside_a_character_is_read_up_to_the_cut(cut: bytes, read: str) -> None:
    """A room or message cut by bytes: the URL beside it, or the failure, is as good as any."""
    ready = envelope(Status="FINISHED", GroupId="NAME", VideoInfoList=[{"VideoUrl": "http://a/b"}])
    answer = wire.parse(ready.replace(b"NAME", cut))
    assert isinstance(answer, Observed)
    assert (answer.group_id, answer.videos[0].url) == (read, "http://a/b")
    error = {"Code": "FailedOperation.Record", "Message": "NAME"}
    failed = wire.parse(envelope(Error=error, RequestId="r").replace(b"NAME", cut))
    assert isinstance(failed, Refused)
    assert (failed.meaning, failed.message, failed.request_id) == (Verdict.TASK_FAILED, read, "r")


@pytest.mark.parametrize(
    "number",
    ["1e999", "-1e999", "9" * 25, "9" * 5000],
    ids=["infinity", "-infinity", "25 digits", "5000 digits"],
)
@pytest.mark.parametrize("beside", [b"r", b"\xe7\x89", b"\\ud83d"])
def test_number_out_of_range_is_absent_and_named(number: str, beside: bytes) -> None:
    """It makes its own field unknown, never the answer."""
    content = envelope(
        Status="FINISHED", RequestId="ID", TotalTime=7777, VideoInfoList=[{"VideoUrl": "http://a/b"}]
    )
    answer = wire.parse(content.replace(b"7777", number.encode()).replace(b"ID", beside))
    assert isinstance(answer, Observed)
    assert (answer.total_time_ms, answer.videos[0].url) == (None, "http://a/b")
    assert answer.oddities == ("$.Response.TotalTime: expected int",)


@given(st.binary(max_size=12))
def test_no_bytes_inside_a_text_make_the_answer_unreadable(text: bytes) -> None:
    """Unless they end the text or the line: then it is not JSON for any reader."""
    inner = bytes(byte for byte in text if byte >= 0x20 and byte not in b'"\\')
    answer = wire.parse(b'{"Response":{"Status":"QUEUED","GroupId":"%b"}}' % inner)
    assert isinstance(answer, Observed)
    assert answer.group_id == inner.decode("utf-8", "replace")


ESCAPED = st.lists(
    st.sampled_from(["\\ud83d", "\\uDE00", "\\\\", '\\"', "\\n", "\\u0041", "\\udbff", "u", "d83d", "é"])
).map("".join)


@given(ESCAPED)
def test_any_escapes_of_a_text_are_read(escaped: str) -> None:
    """As Python's own decoder does, which lets halves through, and no half is left."""
    answer = wire.parse(f'{{"Response":{{"Status":"a{escaped}"}}}}'.encode())
    assert isinstance(answer, Observed)
    loose: str = json.loads(f'"a{escaped}"')
    assert answer.status == "".join("�" if "\ud800" <= each <= "\udfff" else each for each in loose)


@given(st.text('\\ud83E0{}[]:,"', max_size=40))
def test_broken_escapes_are_a_value(text: str) -> None:
    wire.parse(text.encode())
    wire.parse(f'{{"Response":{{"Status":"{text}"}}}}'.encode())


def test_too_many_requests_without_an_answer_are_throttling() -> None:
    """A gateway before the service: all tasks are to be asked less often, not this one later."""
    answer = wire.parse(b"<html>slow down</html>", 429)
    assert isinstance(answer, Refused)
    assert (answer.meaning, answer.code) == (TroubleKind.THROTTLED, "http_429")


@pytest.mark.parametrize("status", [304, 305, 399])
def test_status_without_a_target_is_not_reported_as_a_redirect(status: int) -> None:
    answer = wire.parse(b"", status)
    assert isinstance(answer, Refused)
    assert answer.message == "no answer of the service in it"


def test_deep_nesting_is_garbled_not_a_crash() -> None:
    """A hostile proxy can send a million brackets."""
    assert isinstance(wire.parse(b"[" * 1_000_000), Garbled)
    assert isinstance(wire.parse(b'{"Response":' * 100_000), Garbled)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        name: JSON | st.sampled_from(["http://a/b", "1024", 2])
        for name in ("VideoUrl", "VideoId", "UserId", "VideoType", "VideoSize", "VideoDuration", "Width")
    },
)
RESPONSE = st.fixed_dictionaries(
    {},
    optional={
        "Status": JSON | st.sampled_from(["QUEUED", "PROCESSING", "FINISHED", "MERGING"]),
        "VideoInfoList": JSON | st.lists(ENTRY | JSON, max_size=4),
        "Error": st.none() | JSON | st.fixed_dictionaries({"Code": JSON, "Message": JSON}),
        "RoomId": JSON,
        "TotalTime": JSON,
        "RequestId": JSON,
        "TaskId": JSON,
        "ErrorCode": JSON,
    },
)


@given(st.binary() | st.text().map(str.encode), st.integers(100, 599))
def test_any_bytes_are_a_value(content: bytes, status: int) -> None:
    """wire law 1: no server can make the parser raise."""
    wire.parse(content, status)


@given(JSON | RESPONSE.map(lambda response: {"Response": response}))
def test_any_json_is_read_without_inventing_anything(root: Any) -> None:
    """Never a video without its URL, never a status that the bytes do not say."""
    answer = wire.parse(json.dumps(root).encode())
    if isinstance(answer, Observed):
        response = root["Response"]
        assert answer.status == response["Status"][: len(answer.status)]
        listed = response.get("VideoInfoList") or []
        urls = [entry["VideoUrl"] for entry in listed if entry.get("VideoUrl")]
        assert [video.url for video in answer.videos] == urls
        assert all(answer.videos[index].url for index in range(len(answer.videos)))
    if isinstance(answer, Refused):
        assert answer.code


def test_list_of_thousands_of_videos_is_garbled() -> None:
    """No class has them, and reading ten megabytes of entries would stop everything else for seconds."""
    answer = wire.parse(envelope(Status="QUEUED", VideoInfoList=[{}] * 1001))
    assert isinstance(answer, Garbled)
    assert str(answer) == "$.Response.VideoInfoList: over 1000 entries"


def test_error_field_that_is_a_deep_structure_is_named_by_its_type() -> None:
    """Writing it out would recurse as deep as it is nested."""
    deep = b'{"Response":{"Status":"QUEUED","ErrorCode":' + b"[" * 900 + b"]" * 900 + b"}}"
    answer = wire.parse(deep)
    assert isinstance(answer, Observed)
    assert answer.oddities == ("$.Response.ErrorCode: list",)
