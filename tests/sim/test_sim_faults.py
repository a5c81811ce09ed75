"""The named faults: each does what it is called, as often as configured, and repeatably."""

from email.utils import parsedate_to_datetime

import msgspec
import pytest

from tests.sim.sim_requests import KEYS, SEED, WALL, make_request, make_service, refused, response
from tiwtui.sim.faults import CLOCK_AHEAD_S, Fault, parse_fault
from tiwtui.sim.http_types import Exchange, Hang, Reply, Reset, Truncated
from tiwtui.sim.service import Service
from tiwtui.sim.signature_check import Keys
from tiwtui.sim.world import CAST_SIZE, World


def with_fault(fault: Fault, share: float = 1.0) -> Service:
    return make_service(faults={fault: share})


def exchanges(service: Service, count: int) -> list[Exchange]:
    return [service.answer(make_request(), now=float(now), wall=WALL) for now in range(count)]


def reply(service: Service) -> Reply:
    exchange = service.answer(make_request(), now=1.0, wall=WALL)
    assert isinstance(exchange, Reply)
    return exchange


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.HANG, Fault.THROTTLE, Fault.HTTP500, Fault.GARBLED])
def test_law_1_a_share_is_met_and_the_same_run_has_the_same_faults(fault: Fault) -> None:
    """A failing test with faults must fail again."""
    plain = exchanges(make_service(), 400)
    faulty = exchanges(with_fault(fault, 0.25), 400)
    differing = [one != other for one, other in zip(plain, faulty, strict=True)]
    assert sum(differing) == pytest.approx(100, abs=30)
    assert faulty == exchanges(with_fault(fault, 0.25), 400)


def test_reset_and_hang_give_no_answer() -> None:
    """The two ways in which a connection goes silent."""
    assert exchanges(with_fault(Fault.RESET), 1) == [Reset()]
    assert exchanges(with_fault(Fault.HANG), 1) == [Hang()]


def test_latency_delays_by_up_to_three_seconds() -> None:
    """Slow is not broken: the answer is the good one."""
    delayed = exchanges(with_fault(Fault.LATENCY), 100)
    delays = [exchange.delay_s for exchange in delayed if isinstance(exchange, Reply)]
    assert len(delays) == 100
    assert 0.2 <= min(delays) < 0.6
    assert 2.5 < max(delays) <= 3.0


def test_http500_is_a_gateways_page() -> None:
    """Not JSON, and not one status only."""
    pages = [exchange for exchange in exchanges(with_fault(Fault.HTTP500), 40) if isinstance(exchange, Reply)]
    assert {page.status for page in pages} == {500, 502, 503}
    assert all(b"<html>" in page.body for page in pages)


def test_html_is_a_captive_portal_with_status_200() -> None:
    """What a hotel network answers in the service's place."""
    page = reply(with_fault(Fault.HTML))
    assert page.status == 200
    assert dict(page.headers)["Content-Type"] == "text/html"
    assert b"Guest Wi-Fi" in page.body


def test_truncated_ends_before_the_promised_length() -> None:
    """The part that arrives is the beginning of the good answer."""
    for exchange in exchanges(with_fault(Fault.TRUNCATED), 50):
        assert isinstance(exchange, Truncated)
        assert len(exchange.body) < int(dict(exchange.headers)["Content-Length"])
        assert b'{"Response":{"GroupId"'.startswith(exchange.body[:22])


@pytest.mark.parametrize(
    ("fault", "code"), [(Fault.THROTTLE, "RequestLimitExceeded"), (Fault.INTERNAL, "InternalError")]
)
def test_throttle_and_internal_are_answers_of_the_service(fault: Fault, code: str) -> None:
    """They come as HTTP 200 with an error code, as the real ones do."""
    assert refused(with_fault(fault), make_request())[0] == code


@pytest.mark.parametrize("fault", [Fault.THROTTLE, Fault.INTERNAL, Fault.GARBLED])
def test_service_law_3_a_wrong_key_comes_before_the_services_own_trouble(fault: Fault) -> None:
    """The service knows no account to throttle before it knows whose request it is."""
    request = make_request(keys=Keys(KEYS.secret_id, "wrong"))
    assert refused(with_fault(fault), request)[0] == "AuthFailure.SignatureFailure"


def test_law_2_the_clock_is_ahead_for_the_whole_run_in_date_and_window() -> None:
    """A client that corrects its timestamp by the Date header gets through."""
    service = with_fault(Fault.CLOCK, 0.01)
    assert refused(service, make_request())[0] == "AuthFailure.SignatureExpire"
    date = parsedate_to_datetime(dict(reply(service).headers)["Date"]).timestamp()
    assert date == WALL + CLOCK_AHEAD_S
    assert response(service, make_request(timestamp=date))["Status"] == "FINISHED"
    assert "Error" not in response(make_service(faults={Fault.CLOCK: 0.0}), make_request())


def test_law_3_garbled_is_json_that_cannot_be_read_as_an_answer() -> None:
    """A garbled answer that reads as a good one would make a test of lenient reading lie."""
    service = with_fault(Fault.GARBLED)
    seen = set()
    for turn in range(400):
        name = World(SEED).refs(CAST_SIZE)[turn % CAST_SIZE].task_id
        exchange = service.answer(make_request(name), now=float(turn), wall=WALL)
        assert isinstance(exchange, Reply)
        answer = msgspec.json.decode(exchange.body)
        seen.add(repr(answer)[:40])
        assert not is_readable(answer), answer
    assert len(seen) > 10


def is_readable(answer: object) -> bool:
    match answer:
        case {"Response": {"Error": {"Code": str()}}}:
            return True
        case {"Response": {"Status": str(), "VideoInfoList": list(videos)}}:
            return all(isinstance(video, dict) and isinstance(video.get("VideoUrl"), str) for video in videos)
    return False


def test_a_fault_is_read_from_name_and_share() -> None:
    """That is how the command line takes it."""
    assert parse_fault("reset:0.25") == (Fault.RESET, 0.25)
    assert parse_fault("clock:1") == (Fault.CLOCK, 1.0)


@pytest.mark.parametrize("text", ["reset", "reset:", "reset:2", "reset:-0.1", "reset:nan", "reset:x"])
def test_a_fault_without_a_share_is_refused_with_an_example(text: str) -> None:
    """The message must be enough to type it right the second time."""
    with pytest.raises(ValueError, match=r"needs a share from 0 to 1, such as reset:0\.1"):
        parse_fault(text)


def test_an_unknown_fault_is_refused_with_the_list_of_known_ones() -> None:
    """Nobody remembers ten names."""
    with pytest.raises(ValueError, match="latency, http500, reset, hang, html, truncated"):
        parse_fault("slow:0.1")
