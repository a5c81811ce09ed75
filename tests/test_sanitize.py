"""Which URLs are handed on, why others are not, and how they are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui import sanitize
from tiwtui.sanitize import fit_url, short_url, url_fault

SCHEMES = st.sampled_from(("http", "https", "HTTP", "ftp", "://", "//", ""))
SIGNS = st.sampled_from(
    (":80", ":0", "@", "[", "]", "/", "%41", "?q=1", "#f", "é", "\u202e", "\\", "'", "\x1b")
)
PARTS = SCHEMES | SIGNS | st.sampled_from(("a.example", "127.0.0.1", "-", "."))


@pytest.mark.parametrize(
    "url", ["http://a.example/v.mp4", "https://a.example:8443/路/v.mp4?q=1", "HTTP://a.example"]
)
def test_web_addresses_are_fit(url: str) -> None:
    assert url_fault(url) is None


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://a.example/\x1b]52;c;eA==\x07", "it contains control characters"),
        ("http://a.example/a b", "it contains spaces"),
        ("http://a.example/\u202e4pm.v", "it contains invisible characters"),
        ("javascript:alert(1)", "it is not http or https"),
        ("file:///etc/passwd", "it is not http or https"),
        ("-oProxyCommand=x", "it is not http or https"),
        ("http:///video.mp4", "it names no host"),
        ("http://[::1", "it is not a URL"),
        ("http://a.example:99999/", "it is not a URL"),
        ("", "it is not http or https"),
    ],
)
def test_other_addresses_are_refused_with_the_reason(url: str, fault: str) -> None:
    """What is copied is pasted into shells and browsers."""
    assert url_fault(url) == fault


@given(st.text())
def test_what_is_fit_is_ascii_once_encoded(url: str) -> None:
    if url_fault(url) is None:
        assert fit_url(url).isascii()
        assert not any(char.isspace() for char in fit_url(url))


def test_an_encoded_url_is_not_encoded_again() -> None:
    assert fit_url("http://a.example/%E8%B7%AF?x=1&y=%20") == "http://a.example/%E8%B7%AF?x=1&y=%20"


def test_a_long_url_keeps_its_host_and_its_name() -> None:
    url = "http://1257240443.vod2.myqcloud.com/7ad96583/6ee26f54/video.mp4?sign=1"
    assert short_url(url) == "1257240443.vod2.myqcloud.com/…/video.mp4"
    assert short_url("https://a.example/v.mp4") == "a.example/v.mp4"


@given((st.lists(PARTS, max_size=8) | st.lists(PARTS | st.text(), max_size=4)).map("".join))
def test_quick_look_at_a_common_url_passes_none_that_the_whole_look_refuses(text: str) -> None:
    """Thousands a second are looked at; a hole in the quick look would be one in the rule."""
    if sanitize._COMMON.fullmatch(text):
        assert sanitize._is_plain(text)
        assert sanitize._fault_of_letters(text) is None
        assert sanitize._fault_of_host(text) is None
