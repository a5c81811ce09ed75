"""Foreign text is made safe to show; unsafe URLs are refused with a reason."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui import sanitize
from tiwtui.sanitize import fit_url, safe, short_url, url_fault

LABELS = st.text("abcxyz019路é", min_size=1, max_size=6)
HOSTS = (
    st.lists(LABELS, min_size=1, max_size=4).map(".".join)
    | st.ip_addresses(v=4).map(str)
    | st.ip_addresses(v=6).map("[{}]".format)
)
PORTS = st.just("") | st.integers(1, 65535).map(":{}".format)
TAILS = st.text("ab09路é/%?#&=+;:@~'()[]!$*,.-_", max_size=20)
PATHS = st.just("") | st.builds("{}{}".format, st.sampled_from("/?#"), TAILS)
SCHEMES = st.sampled_from(("http", "https", "HTTP", "hTTps"))
URLS = st.builds("{}://{}{}{}".format, SCHEMES, HOSTS, PORTS, PATHS)

FAULTS = {
    "it contains control characters": "\x00\t\n\r\x1b\x1f\x7f\x85\x9b\x9f",
    "it contains spaces": " \xa0\u2003\u3000\u2028",
    "it contains invisible characters": "\u200b\u200e\u202e\u2066\ufeff\xad\ud800",
    "it contains a backslash": "\\",
}


@given(st.text())
def test_safe_text_is_one_line_without_terminal_commands(text: str) -> None:
    """Labels, ids and messages come from elsewhere: none may move the cursor or reverse the text."""
    shown = safe(text)
    for char in shown:
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    assert safe(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [b]text[/b]", "plain [b]text[/b]"),
        ("物理\u3000第二讲", "物理\u3000第二讲"),
        ("1\n2\r3\t4\v5\f6\x857\u20288\u20299\xa0a\u2003b", "1 2 3 4 5 6 7 8 9 a b"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("\u061c\u200e\u200f", "\\u061c\\u200e\\u200f"),
        ("\u202a\u202b\u202c\u202d\u202e", "\\u202a\\u202b\\u202c\\u202d\\u202e"),
        ("\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"),
        ("\ud800", "\\ud800"),
        ("zero\u200bwidth\xad", "zerowidth"),
        ("a\u034f\u115f\u1160\u3164\uffa0b", "ab"),
        ("👩\u200d💻\ufe00\ufe0f", "👩💻"),
        ("e" + "\u0301" * 40 + "a\u0301", "e" + "\u0301" * 3 + "a\u0301"),
        ("1" + "\u20dd" * 40, "1" + "\u20dd" * 3),
    ],
)
def test_foreign_text_stays_readable(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize(
    "url", ["http://a.example/v.mp4", "https://a.example:8443/路/v.mp4?q=1", "HTTP://a.example/@v.mp4"]
)
def test_web_addresses_are_fit(url: str) -> None:
    assert url_fault(url) is None


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://a.example/\x1b]52;c;eA==\x07", "it contains control characters"),
        ("http://a.example/路\x7f", "it contains control characters"),
        ("http://a.example/\xa0", "it contains spaces"),
        ("http://a.example/a b", "it contains spaces"),
        ("http://a.example/\u202e4pm.v", "it contains invisible characters"),
        ("http://a.example\\@b.example/", "it contains a backslash"),
        ("http://a.example/a\\b", "it contains a backslash"),
        ("http://a.example@b.example/", "it contains a user name or a password"),
        ("https://user:secret@b.example/v.mp4", "it contains a user name or a password"),
        ("http://@b.example", "it contains a user name or a password"),
        ("http://a.example\uff20b.example/", "it is not a URL"),
        ("http://a.example/\ufffd.mp4", "it contains a broken character"),
        ("javascript:alert(1)", "it is not http or https"),
        ("ftp://a.example/v.mp4", "it is not http or https"),
        ("file:///etc/passwd", "it is not http or https"),
        ("-oProxyCommand=x", "it is not http or https"),
        ("http:///video.mp4", "it names no host"),
        ("http://:80/video.mp4", "it names no host"),
        ("http://a.example:0/", "it names no host"),
        ("http://[::1", "it is not a URL"),
        ("http://a.example:99999/", "it is not a URL"),
        ("", "it is not http or https"),
    ],
)
def test_other_addresses_are_refused_with_the_reason(url: str, fault: str) -> None:
    """What is copied is pasted into shells and browsers."""
    assert url_fault(url) == fault


@given(URLS)
def test_what_is_fit_is_ascii_once_encoded(url: str) -> None:
    """A shell or a mail program may take letters outside ASCII for the end of the URL."""
    assert url_fault(url) is None
    fit = fit_url(url)
    assert fit.isascii()
    assert unquote(fit) == unquote(url)
    assert url_fault(fit) is None


@pytest.mark.parametrize(("fault", "chars"), FAULTS.items())
def test_each_character_that_does_not_belong_is_refused(fault: str, chars: str) -> None:
    assert {url_fault(f"http://a.example/{char}") for char in chars} == {fault}


@given(URLS, st.data())
def test_one_character_that_does_not_belong_is_refused_wherever_it_stands(
    url: str, data: st.DataObject
) -> None:
    """The rest of the URL makes it no better."""
    fault = data.draw(st.sampled_from(sorted(FAULTS)))
    char = data.draw(st.sampled_from(FAULTS[fault]))
    place = data.draw(st.integers(0, len(url)))
    assert url_fault(url[:place] + char + url[place:]) == fault
    assert url_fault(url[:place] + char + url[place + 1 :]) == fault


@given(URLS, st.text("ab09:%-_", max_size=8))
def test_user_info_before_any_host_is_refused(url: str, user: str) -> None:
    """`http://bank.example@evil.example/` is read as the one and opens the other."""
    scheme, _separator, rest = url.partition("://")
    assert url_fault(f"{scheme}://{user}@{rest}") == "it contains a user name or a password"


def test_only_what_is_outside_ascii_is_encoded() -> None:
    assert fit_url("http://a.example/%E8%B7%AF?x=1&y=%20") == "http://a.example/%E8%B7%AF?x=1&y=%20"
    assert fit_url("http://a.example/路!%20~") == "http://a.example/%E8%B7%AF!%20~"


def test_a_long_url_keeps_its_host_and_its_name() -> None:
    url = "http://1257240443.vod2.myqcloud.com/7ad96583/6ee26f54/video.mp4?sign=1"
    assert short_url(url) == "1257240443.vod2.myqcloud.com/…/video.mp4"
    assert short_url("https://a.example/v.mp4#t=1") == "a.example/v.mp4"
    assert short_url("http://a.example") == "a.example"
    assert short_url("http://a.example/\x1b[2J") == "a.example/\\x1b[2J"


@given(URLS.filter(str.isascii), st.data())
def test_quick_look_at_a_common_url_passes_none_that_the_whole_look_refuses(
    url: str, data: st.DataObject
) -> None:
    """Thousands a second are looked at; a hole in the quick look would be one in the rule."""
    place = data.draw(st.integers(0, len(url) - 1))
    changed = url[:place] + data.draw(st.characters(max_codepoint=0x2FF)) + url[place + 1 :]
    fault = sanitize._fault_of_letters(changed) or sanitize._fault_of_host(changed)
    assert url_fault(changed) == fault
    if sanitize._COMMON.fullmatch(changed):
        assert fault is None


def test_a_common_url_is_known_by_the_quick_look() -> None:
    """Else the quick look would save nothing."""
    assert sanitize._COMMON.fullmatch(
        f"http://1257240443.vod2.myqcloud.com/{'7ad96583' * 3}/video.mp4?sign=1"
    )
