"""Endpoints as people write them."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui.api.endpoint import BadEndpoint, parse_endpoint


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("tiw.tencentcloudapi.com", "https://tiw.tencentcloudapi.com/"),
        ("https://tiw.intl.tencentcloudapi.com/", "https://tiw.intl.tencentcloudapi.com/"),
        ("https://example.com:443", "https://example.com/"),
        ("example.com:8443", "https://example.com:8443/"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787/"),
        ("http://localhost:80", "http://localhost/"),
        ("http://[::1]:8787", "http://[::1]:8787/"),
        ("xn--mller-kva.example.com", "https://xn--mller-kva.example.com/"),
        ("xn--h2brj9c", "https://xn--h2brj9c/"),
        ("1.2.3.4.example.com", "https://1.2.3.4.example.com/"),
    ],
)
def test_host_or_url_is_understood(text: str, url: str) -> None:
    assert parse_endpoint(text).url == url


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://tiw.tencentcloudapi.com", "plain http"),
        ("http://127.0.0.1.example.com", "plain http"),
        ("ftp://example.com", "neither"),
        ("", "neither"),
        ("https://", "neither"),
        ("ex ample.com", "neither"),
        ("a..b", "neither"),
        ("https://user:secret@example.com", "only a host"),
        ("https://example.com/path", "only a host"),
        ("https://example.com?x=1", "only a host"),
        ("https://example.com:99999", "endpoint"),
        ("https://[::1", "endpoint"),
        ("https://999.999.999.999", "is not an address"),
        ("1.2.3.04", "is not an address"),
        ("https://xn--a", "is not an address"),
        ("https://xn--0", "is not an address"),
        ("https://xn--", "is not an address"),
        ("https://a.xn--0.com", "is not an address"),
    ],
)
def test_what_may_not_be_asked_is_refused_with_the_reason(text: str, why: str) -> None:
    """A request carries a signature, and perhaps a token: it does not go out in the clear."""
    with pytest.raises(BadEndpoint, match=why):
        parse_endpoint(text)


@given(st.text())
def test_any_text_is_an_endpoint_or_refused(text: str) -> None:
    """And plain http is only ever a loopback address."""
    try:
        endpoint = parse_endpoint(text)
    except BadEndpoint:
        return
    assert endpoint.scheme == "https" or endpoint.is_loopback


NUMBERS = st.lists(st.integers(0, 999).map(str), min_size=4, max_size=4).map(".".join)


@given(st.text("019a.:[]-_") | NUMBERS | st.ip_addresses().map(str))
def test_endpoint_is_a_url_that_can_be_asked(text: str) -> None:
    """What is wrong with a setting is said at the start, not as trouble of every task."""
    try:
        endpoint = parse_endpoint(text)
    except BadEndpoint:
        return
    assert httpx.Request("POST", endpoint.url).url.host


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tiw.example.com", "tiw.example.com:443"),
        ("https://tiw.example.com:80", "tiw.example.com:80"),
        ("http://[::1]", "[::1]:80"),
        ("http://[::1]:8787", "[::1]:8787"),
    ],
)
def test_address_has_the_port_that_is_connected_to(text: str, address: str) -> None:
    """A connection to any other address is one to a proxy."""
    assert parse_endpoint(text).address == address
