"""Signing is proved by published vectors; the vendor's SDK agrees in `conformance/`."""

import pytest

from tiwtui.api.signing import authorization, canonical_request, credential_scope, signature, string_to_sign

SECRET_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
SECRET_KEY = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"

V1_BODY = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
V1_HEADERS = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
FORM = {"content-type": "application/x-www-form-urlencoded", "host": "cvm.tencentcloudapi.com"}


def _hash(text: str) -> str:
    return string_to_sign(0, "", text).rpartition("\n")[2]


def test_official_post_vector_has_its_published_hash_and_signature() -> None:
    """The vector of the "Signature v3" document, key order and `\\u` escapes included."""
    canonical = canonical_request("POST", "", V1_HEADERS, V1_BODY)
    scope = credential_scope(1551113065, "cvm")
    assert canonical.endswith("35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064")
    assert _hash(canonical) == "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031"
    assert scope == "2019-02-25/cvm/tc3_request"
    assert (
        signature(SECRET_KEY, scope, string_to_sign(1551113065, scope, canonical))
        == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_official_get_vector_signs_the_content_type_of_a_request_without_body() -> None:
    """signing law 2: a GET signs a form's content type and the hash of nothing."""
    canonical = canonical_request("GET", "Limit=10&Offset=0", FORM, b"")
    scope = credential_scope(1539084154, "cvm")
    assert _hash(canonical) == "91c9c192c14460df6c1ffc69e34e6c5e90708de2a6d282cccf957dbf1aa7f3a7"
    assert (
        signature(SECRET_KEY, scope, string_to_sign(1539084154, scope, canonical))
        == "5da7a33f6993f0614b047e5df4582db9e9bf4672ba50567dba16c6ccf174c474"
    )


@pytest.mark.parametrize(
    ("method", "query", "content_type", "payload", "expected"),
    [
        (
            "POST",
            "",
            "application/json",
            b'{"SdkAppId": 1400000001, "TaskId": "ghucnligqtgtvk2624mb"}',
            "21ccb0130d05515556e22fcbdd8477427ac58aa5170cab91b620d8f1b9daf795",
        ),
        (
            "GET",
            "SdkAppId=1400000001&TaskId=ghucnligqtgtvk2624mb",
            "application/x-www-form-urlencoded",
            b"",
            "04f0b2d7883f5d5f332bdcfb39397dc71514498ed27041c23d46008379c31c9d",
        ),
    ],
)
def test_vectors_of_this_action(
    method: str, query: str, content_type: str, payload: bytes, expected: str
) -> None:
    """signing law 1: computed with independent code and with the vendor's SDK, which agree."""
    header = authorization(
        SECRET_ID,
        SECRET_KEY,
        method=method,
        query=query,
        signed={"content-type": content_type, "host": "tiw.intl.tencentcloudapi.com"},
        payload=payload,
        timestamp=1_700_000_000,
        service="tiw",
    )
    assert header == (
        f"TC3-HMAC-SHA256 Credential={SECRET_ID}/2023-11-14/tiw/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={expected}"
    )


def test_date_of_the_scope_is_the_utc_date() -> None:
    """signing law 3: one second before midnight UTC is still that day, wherever the machine stands."""
    assert credential_scope(86_399, "tiw") == "1970-01-01/tiw/tc3_request"
    assert credential_scope(86_400, "tiw") == "1970-01-02/tiw/tc3_request"


def test_header_values_are_signed_trimmed_and_in_lower_case() -> None:
    """`x-tc-action` is sent in camel case and signed in lower case."""
    canonical = canonical_request("POST", "", {"x-tc-action": " DescribeX ", "host": "h"}, b"")
    assert canonical.split("\n")[3:5] == ["host:h", "x-tc-action:describex"]
