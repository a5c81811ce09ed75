"""The simulated service: each answer and each refusal the document knows, and what it says of the reason."""

import re
from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sim.sim_requests import (
    SEED,
    WALL,
    make_get,
    make_request,
    make_service,
    parameters,
    refused,
    response,
)
from tiwtui.sim.http_types import Hang, Reply, Request, Reset, Truncated
from tiwtui.sim.request_check import GET_LIMIT_BYTES, POST_LIMIT_BYTES
from tiwtui.sim.service import DEMO_LATENCY_S, RATE_LIMIT
from tiwtui.sim.world import CAST_SIZE, Ending, World

DOCUMENT_GET = "SdkAppId=1400000001&TaskId=ghucnligqtgtvk2624mb"
DOCUMENT_ANSWER = {
    "GroupId": "900822",
    "Progress": 100,
    "RoomId": 900822,
    "Status": "FINISHED",
    "TaskId": "00e1jv8ve0jcqk7da9lb",
    "TotalTime": 156750,
    "VideoInfoList": [
        {
            "UserId": "",
            "VideoDuration": 156750,
            "VideoFormat": "mp4",
            "VideoId": "5285890792776509100",
            "VideoPlayTime": 0,
            "VideoSize": 318384,
            "VideoType": 2,
            "Width": 1024,
            "Height": 768,
            "VideoUrl": "http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4",
        }
    ],
    "VideoInfos": {
        "VideoType": 0,
        "VideoUrl": "Disused. Use the VideoInfoList parameter.",
        "UserId": "xx",
        "VideoId": "xx",
        "VideoSize": 0,
        "VideoDuration": 0,
        "Width": 0,
        "Height": 0,
        "VideoPlayTime": 0,
        "VideoFormat": "xx",
    },
}


def first_with(ending: Ending) -> str:
    world = World(SEED)
    lives = {ref.task_id: world.life(ref.task_id) for ref in world.refs(CAST_SIZE)}
    return next(name for name, life in lives.items() if life and life.ending is ending)


@pytest.mark.parametrize("request_", [make_request(), make_get(DOCUMENT_GET)], ids=["POST", "GET"])
def test_the_documents_example_gets_the_documents_answer(request_: Request) -> None:
    """What is printed in the document is the one answer everybody can check."""
    answer = response(make_service(), request_)
    request_id = answer.pop("RequestId")
    assert answer == DOCUMENT_ANSWER
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", request_id)


def test_law_1_an_answer_is_json_with_status_200_a_date_and_its_length() -> None:
    """The client decides on the JSON, and corrects its clock by the Date."""
    reply = make_service().answer(make_request(), now=1.0, wall=1_793_581_200.0)
    assert isinstance(reply, Reply)
    assert reply.status == 200
    headers = dict(reply.headers)
    assert headers["Content-Type"] == "application/json"
    assert headers["Date"] == "Mon, 02 Nov 2026 01:00:00 GMT"
    assert headers["Content-Length"] == str(len(reply.body))


def test_a_failed_task_is_an_error_of_the_whole_response() -> None:
    """There is no status FAILED: this code reports a failure."""
    answer = response(make_service(), make_request(first_with(Ending.FAILED)), now=3000.0)
    assert answer["Error"]["Code"] == "FailedOperation.Record"
    assert answer["Error"]["Message"].startswith("code: 400")
    assert set(answer) == {"Error", "RequestId"}


@pytest.mark.parametrize("name", [first_with(Ending.NOT_FOUND), "nobody-ever-made-this"])
def test_an_unknown_task_is_not_found(name: str) -> None:
    """Listed or not, what the service does not know gets the documented code."""
    assert refused(make_service(), make_request(name))[0] == "InvalidParameter.TaskNotFound"


def test_an_empty_task_is_finished_with_an_empty_list() -> None:
    """A class in which nothing was recorded is no failure."""
    answer = response(make_service(), make_request(first_with(Ending.EMPTY)), now=3000.0)
    assert answer["Status"] == "FINISHED"
    assert answer["VideoInfoList"] == []


def test_law_2_speed_applies_only_to_the_tasks() -> None:
    """At a hundred times the speed the rate limit and the clock window are still those of the service."""
    service = make_service(speed=1000.0)
    statuses = {
        response(service, make_request(ref.task_id), now=3.0).get("Status", "error")
        for ref in World(SEED).refs(CAST_SIZE)
    }
    assert statuses == {"FINISHED", "error"}
    for _ in range(RATE_LIMIT - CAST_SIZE):
        response(service, make_request(), now=3.0)
    assert refused(service, make_request(), now=3.9)[0] == "RequestLimitExceeded"
    assert refused(service, make_request(timestamp=WALL - 301), now=9.0)[0] == "AuthFailure.SignatureExpire"


@pytest.mark.parametrize(
    ("changed", "code", "reason"),
    [
        ({"authorization": None}, "AuthFailure.InvalidAuthorization", "missing"),
        ({"authorization": "SKIP"}, "AuthFailure.InvalidAuthorization", "unsigned"),
        ({"authorization": "Bearer x"}, "AuthFailure.InvalidAuthorization", "TC3-HMAC-SHA256"),
        ({"authorization": "TC3-HMAC-SHA256 x"}, "AuthFailure.InvalidAuthorization", "must read"),
        ({"content-type": None}, "MissingParameter", "Content-Type"),
        ({"content-type": "text/plain"}, "InvalidRequest", "application/json"),
        ({"x-tc-timestamp": None}, "MissingParameter", "X-TC-Timestamp"),
        ({"x-tc-timestamp": "soon"}, "InvalidParameterValue", "X-TC-Timestamp"),
        ({"x-tc-timestamp": "9" * 400}, "InvalidParameterValue", "X-TC-Timestamp"),
        ({"x-tc-version": None}, "MissingParameter", "X-TC-Version"),
        ({"x-tc-version": "2017-03-12"}, "NoSuchVersion", "2019-09-19"),
        ({"x-tc-region": None}, "MissingParameter", "X-TC-Region"),
        ({"x-tc-region": "ap-guangzhou"}, "UnsupportedRegion", "ap-singapore"),
    ],
)
def test_a_wrong_header_is_refused_with_its_code_and_reason(
    changed: Mapping[str, str | None], code: str, reason: str
) -> None:
    """Each setting that can be wrong has a code of its own, by which a client says which one it is."""
    refusal = refused(make_service(), make_request(changed=changed))
    assert refusal[0] == code
    assert reason in refusal[1]


@pytest.mark.parametrize(
    ("action", "code"), [("DescribeTranscode", "InvalidAction"), (None, "MissingParameter")]
)
def test_another_action_is_refused(action: str | None, code: str) -> None:
    """The simulated service has one action; the SDK's signature does not cover it."""
    request = make_request(signed=("content-type", "host"), changed={"x-tc-action": action})
    assert refused(make_service(), request)[0] == code


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (make_request(method="PUT"), "UnsupportedProtocol"),
        (Request("POST", "/v3", make_request().headers, make_request().body), "InvalidRequest"),
        (make_request(query="a=1"), "InvalidRequest"),
        (make_get(DOCUMENT_GET, body=b"{}"), "InvalidRequest"),
        (make_get("TaskId=" + "a" * GET_LIMIT_BYTES), "RequestSizeLimitExceeded"),
        (make_request(body=b" " * (POST_LIMIT_BYTES + 1)), "RequestSizeLimitExceeded"),
    ],
    ids=["method", "path", "query of a POST", "body of a GET", "long query", "long body"],
)
def test_a_request_of_the_wrong_form_is_refused(request_: Request, code: str) -> None:
    """A client under development learns at once what of its request is not HTTP as the service wants it."""
    assert refused(make_service(), request_)[0] == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "InvalidParameter"),
        (b"{", "InvalidParameter"),
        (b"\xff", "InvalidParameter"),
        (b"[" * 100_000, "InvalidParameter"),
        (b"[]", "InvalidParameter"),
        (b"{}", "MissingParameter"),
        (parameters(TaskId=None), "MissingParameter"),
        (parameters(TaskId=""), "InvalidParameterValue"),
        (parameters(TaskId=7), "InvalidParameter.BodyParameterTypeUnmatched"),
        (parameters(SdkAppId="1400000001"), "InvalidParameter.BodyParameterTypeUnmatched"),
        (parameters(SdkAppId=1400000001.0), "InvalidParameter.BodyParameterTypeUnmatched"),
        (parameters(SdkAppId=True), "InvalidParameter.BodyParameterTypeUnmatched"),
        (parameters(Limit=1), "UnknownParameter"),
        (parameters(SdkAppId=1400000002), "UnauthorizedOperation.SdkAppId"),
    ],
)
def test_wrong_parameters_are_refused(body: bytes, code: str) -> None:
    """The document lists these codes for the action; a number in quotes is the classic."""
    assert refused(make_service(), make_request(body=body))[0] == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "MissingParameter"),
        ("SdkAppId=1400000001", "MissingParameter"),
        ("SdkAppId=x&TaskId=a", "InvalidParameter.BodyParameterTypeUnmatched"),
        ("SdkAppId=1400000002&TaskId=a", "UnauthorizedOperation.SdkAppId"),
        ("SdkAppId=1&SdkAppId=1&TaskId=a", "InvalidParameter"),
        ("=&&;", "InvalidParameter"),
        (f"{DOCUMENT_GET}&Limit=1", "UnknownParameter"),
    ],
)
def test_wrong_parameters_of_a_get_are_refused(query: str, code: str) -> None:
    """In a query all values are text, so the number is read from it."""
    assert refused(make_service(), make_get(query))[0] == code


def test_law_4_the_21st_request_of_a_second_is_refused_and_the_next_second_is_free() -> None:
    """The limit the document states, which the console and other tools share."""
    service = make_service()
    for place in range(RATE_LIMIT):
        assert "Status" in response(service, make_request(), now=10.0 + place / 100)
    assert refused(service, make_request(), now=10.99)[0] == "RequestLimitExceeded"
    assert "Status" in response(service, make_request(), now=11.0)


def test_law_4_a_client_that_keeps_sending_too_fast_still_gets_20_a_second() -> None:
    """Refused requests do not count, or a busy client would never get through again."""
    service = make_service()
    answers = [response(service, make_request(), now=place / 40) for place in range(400)]
    good = [answer for answer in answers if "Status" in answer]
    assert len(good) == pytest.approx(200, abs=5)


def test_the_tally_knows_total_peak_and_count_by_task() -> None:
    """Budgets are proved by what arrived, not by what a client says it sent."""
    service = make_service()
    for now in (0.0, 0.2, 0.9, 1.0, 5.0):
        response(service, make_request(), now=now)
    response(service, make_request("unheard-of"), now=9.0)
    assert service.tally.requests == 6
    assert service.tally.peak_per_second == 3
    assert service.tally.by_task == {"ghucnligqtgtvk2624mb": 5}


def test_law_1_request_ids_differ_but_repeat_with_the_seed() -> None:
    """People quote them in tickets; screens that show them must repeat exactly."""
    service, again = make_service(), make_service()
    ids = [response(service, make_request(), now=now)["RequestId"] for now in (1.0, 2.0, 3.0)]
    assert len(set(ids)) == 3
    assert ids == [response(again, make_request(), now=now)["RequestId"] for now in (1.0, 2.0, 3.0)]


def test_the_demos_latency_is_within_its_bounds() -> None:
    """An answer that comes at once looks wrong on a screen that is about waiting."""
    service = make_service(latency_s=DEMO_LATENCY_S)
    exchanges = [service.answer(make_request(), now=float(now), wall=WALL) for now in range(50)]
    delays = [exchange.delay_s for exchange in exchanges if isinstance(exchange, Reply)]
    assert min(delays) >= 0.02
    assert max(delays) <= 0.12
    assert len(set(delays)) == 50


@settings(deadline=None)
@given(
    st.text(),
    st.text(),
    st.lists(
        st.tuples(st.sampled_from(("authorization", "content-type", "x-tc-timestamp", "host")), st.text())
    ),
    st.binary(),
)
def test_any_request_gets_an_answer(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    """A simulator that can be crashed by its client hides the client's mistake."""
    request = Request(method, target, tuple(headers), body)
    reply = make_service().answer(request, now=1.0, wall=WALL)
    assert isinstance(reply, Reply)
    assert "Error" in msgspec.json.decode(reply.body)["Response"]


@settings(deadline=None)
@given(st.binary())
def test_any_signed_body_gets_an_answer(body: bytes) -> None:
    """Past the signature the body is still somebody else's bytes."""
    assert "RequestId" in response(make_service(), make_request(body=body))


def test_without_faults_every_exchange_is_a_plain_reply() -> None:
    """Tests that do not ask for trouble must not get any."""
    service = make_service()
    exchanges = [service.answer(make_request(), now=float(now), wall=WALL) for now in range(100)]
    assert not any(isinstance(exchange, Reset | Hang | Truncated) for exchange in exchanges)
