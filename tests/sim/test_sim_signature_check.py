"""Whether the simulated service knows a good signature, and says of a bad one what looks off."""

import pytest

from tests.sim.sim_requests import (
    HOST,
    KEYS,
    WALL,
    make_get,
    make_request,
    make_service,
    parameters,
    refused,
    response,
)
from tiwtui.sim.http_types import Request
from tiwtui.sim.signature_check import Keys

DOCUMENT_GET = "SdkAppId=1400000001&TaskId=ghucnligqtgtvk2624mb"


@pytest.mark.parametrize(
    "signed",
    [
        ("content-type", "host"),
        ("content-type", "host", "x-tc-action"),
        ("content-type", "host", "x-tc-action", "x-tc-timestamp"),
    ],
)
def test_law_2_any_set_of_signed_headers_with_the_mandatory_two_is_accepted(signed: tuple[str, ...]) -> None:
    """The vendor's SDK signs two, its documents three; both are valid."""
    assert response(make_service(), make_request(signed=signed))["Status"] == "FINISHED"


def test_a_charset_in_the_content_type_is_accepted_where_it_was_signed() -> None:
    """The documents send it, the SDK does not."""
    request = make_request(before_signing={"content-type": "application/json; charset=utf-8"})
    assert response(make_service(), request)["Status"] == "FINISHED"


def test_an_unknown_secret_id_is_refused() -> None:
    """That is what a key of the other site meets."""
    strange = Keys("AKIDsomebodyelse", KEYS.secret_key)
    assert refused(make_service(), make_request(keys=strange))[0] == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize("skew_s", [-301, 301, -86_400])
def test_a_timestamp_more_than_300_s_off_is_refused_with_the_difference(skew_s: int) -> None:
    """The person at the other end has to see that it is the clock."""
    code, message = refused(make_service(), make_request(timestamp=WALL + skew_s))
    assert code == "AuthFailure.SignatureExpire"
    assert f"{abs(skew_s)} s {'ahead of' if skew_s > 0 else 'behind'}" in message


@pytest.mark.parametrize("skew_s", [-300, 300])
def test_a_timestamp_300_s_off_is_still_good(skew_s: int) -> None:
    """The documented window is inclusive."""
    assert "Error" not in response(make_service(), make_request(timestamp=WALL + skew_s))


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (make_request(keys=Keys(KEYS.secret_id, "wrong")), "most likely the SecretKey"),
        (make_request(changed={"host": f"{HOST}:8787"}), f"made for the host {HOST},"),
        (
            make_request(changed={"content-type": "application/json; charset=utf-8"}),
            "made for the Content-Type 'application/json'",
        ),
        (
            Request("POST", "/", make_request().headers, b'{"SdkAppId": 1400000001, "TaskId": "x"}'),
            "most likely the SecretKey",
        ),
        (
            Request(
                "POST",
                "/",
                make_request().headers,
                b'{"SdkAppId": 1400000001, "TaskId": "ghucnligqtgtvk2624mb"}',
            ),
            "another body than the one that was sent",
        ),
        (
            Request("GET", f"/?{DOCUMENT_GET}", make_get("").headers),
            "without the query string",
        ),
        (
            Request("GET", "/?TaskId=a&SdkAppId=1", make_get("SdkAppId=1&TaskId=a").headers),
            "in the order in which it is sent",
        ),
        (make_request(signed=("content-type", "x-tc-action")), "content-type and host must be among them"),
    ],
    ids=["key", "port", "charset", "body", "spaces", "no query", "sorted query", "no host"],
)
def test_a_wrong_signature_is_refused_with_what_looks_off(request_: Request, reason: str) -> None:
    """'The signature does not match' alone costs an afternoon."""
    code, message = refused(make_service(), request_)
    assert code == "AuthFailure.SignatureFailure"
    assert reason in message


def test_signed_headers_that_were_not_signed_are_reported() -> None:
    """Naming three headers and signing two is an easy slip."""
    request = make_request(signed=("content-type", "host"))
    named = request.header("authorization").replace("content-type;host", "content-type;host;x-tc-action")
    lying = make_request(changed={"authorization": named})
    message = refused(make_service(), lying)[1]
    assert "made over content-type;host only" in message


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ("host;content-type", "ascending"),
        ("Content-Type;Host;content-type;host", "lower-case"),
        ("content-type;host;x-tc-nothing", "no x-tc-nothing header"),
    ],
)
def test_ill_formed_signed_headers_are_reported(names: str, reason: str) -> None:
    """The order is part of what is signed."""
    good = make_request(signed=("content-type", "host")).header("authorization")
    request = make_request(changed={"authorization": good.replace("content-type;host", names)})
    code, message = refused(make_service(), request)
    assert code == "AuthFailure.SignatureFailure"
    assert reason in message


@pytest.mark.parametrize(
    ("right", "wrong", "code", "reason"),
    [
        # East of Greenwich the local date is wrong for hours of every day.
        ("/2026-11-02/", "/2026-11-03/", "AuthFailure.SignatureFailure", "2026-11-02 in UTC"),
        # A client that was copied from another product signs for that one.
        ("/tiw/", "/cvm/", "AuthFailure.InvalidAuthorization", "'cvm'"),
    ],
    ids=["local date", "other service"],
)
def test_a_wrong_scope_is_reported(right: str, wrong: str, code: str, reason: str) -> None:
    """A hash that only differs does not say which part of the scope is wrong."""
    good = make_request().header("authorization")
    refusal = refused(make_service(), make_request(changed={"authorization": good.replace(right, wrong)}))
    assert refusal[0] == code
    assert reason in refusal[1]


def test_law_1_no_refusal_contains_a_secret() -> None:
    """Messages end up on screens, in logs and in tickets."""
    keys = Keys(KEYS.secret_id, KEYS.secret_key, token="the-token")
    signed = ("content-type", "host", "x-tc-token")
    service = make_service(keys=keys)
    right = make_request(keys=keys, signed=signed).header("authorization").rpartition("=")[2]
    wrong = make_request(keys=Keys(keys.secret_id, "wrong", keys.token), signed=signed)
    message = refused(service, wrong)[1]
    assert all(secret not in message for secret in (keys.secret_key, keys.token, right))
    assert all(secret not in repr(service.setup) for secret in (keys.secret_key, keys.token))


@pytest.mark.parametrize(("token", "reason"), [(None, "missing"), ("stale", "is not the one")])
def test_a_temporary_key_needs_its_token(token: str | None, reason: str) -> None:
    """Temporary keys expire under a program that runs for hours."""
    keys = Keys(KEYS.secret_id, KEYS.secret_key, token="the-token")
    service = make_service(keys=keys)
    code, message = refused(service, make_request(keys=keys, changed={"x-tc-token": token}))
    assert code == "AuthFailure.TokenFailure"
    assert reason in message
    assert response(service, make_request(keys=keys))["Status"] == "FINISHED"


def test_an_unsigned_payload_is_accepted_when_it_says_so() -> None:
    """The service documents it for bodies that are too large to hash."""
    good = make_request(body=b"UNSIGNED-PAYLOAD", before_signing={"x-tc-content-sha256": "UNSIGNED-PAYLOAD"})
    request = Request("POST", "/", good.headers, parameters())
    assert response(make_service(), request)["Status"] == "FINISHED"


def test_a_key_pair_in_a_traceback_shows_no_secret() -> None:
    """Tests print values that differ, and a crash is written down."""
    shown = repr(Keys("AKIDx", "s3cret", "t0ken"))
    assert "AKIDx" in shown
    assert "s3cret" not in shown
    assert "t0ken" not in shown
