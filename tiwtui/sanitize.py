"""Make foreign text safe to show, and decide which URLs are safe to copy, open or export.

A safe URL is http or https, has no characters that a terminal, a shell or a browser could misread, and has
no user info: in `http://a.example@b.example/` the host is `b.example`.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit

from tiwtui.i18n import _

_FORCED_VISIBLE = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MOST_MARKS = 3


@lru_cache(maxsize=8192)
def safe(text: str) -> str:
    """Return foreign text fit for one line of a terminal.

    Line ends and odd spaces become a space; control characters, bidi controls and lone surrogates are
    shown as escapes such as `\\x1b`; characters without a width of their own (joiners, variation
    selectors, soft hyphens, too many combining marks) are dropped, since terminals differ about them.
    """
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char in "\n\r\t\v\f\x85" or category in ("Zl", "Zp") or (category == "Zs" and char != "\u3000"):
            shown.append(" ")
        elif category == "Cc":
            shown.append(f"\\x{ord(char):02x}")
        elif category == "Cs" or char in _FORCED_VISIBLE:
            shown.append(f"\\u{ord(char):04x}")
        elif category == "Cf" or char in "\u034f\u115f\u1160\u3164\uffa0" or 0xFE00 <= ord(char) <= 0xFE0F:
            continue
        elif marks <= _MOST_MARKS:
            shown.append(char)
    return "".join(shown)


_COMMON = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*/[!-[\]-~]*")
"""Nearly every URL matches this, and a match is much faster than parsing."""


def url_fault(url: str) -> str | None:
    """Return why a URL must not be copied, opened, downloaded or exported, or `None` if it may be."""
    if _COMMON.fullmatch(url):
        return None
    return _fault_of_host(url) if _is_plain(url) else _fault_of_letters(url) or _fault_of_host(url)


def _is_plain(url: str) -> bool:
    # Nearly every URL is ASCII; looking at each character would be slow for a long list.
    return url.isascii() and url.isprintable() and " " not in url and "\\" not in url


def _fault_of_letters(url: str) -> str | None:
    if any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in url):
        return _("it contains control characters")
    if any(char.isspace() for char in url):
        return _("it contains spaces")
    if any(unicodedata.category(char) in ("Cf", "Cs") for char in url):
        return _("it contains invisible characters")
    if "\\" in url:
        # A browser reads it as a slash, other programs do not, so they see different hosts.
        return _("it contains a backslash")
    if "\ufffd" in url:
        return _("it contains a broken character")
    return None


def _fault_of_host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return _("it is not a URL")
    if parts.scheme not in ("http", "https"):
        return _("it is not http or https")
    if "@" in parts.netloc:
        return _("it contains a user name or a password")
    return None if has_host else _("it names no host")


def fit_url(url: str) -> str:
    """Return a safe URL with everything outside ASCII percent-encoded."""
    return url if _is_plain(url) else quote(url, safe="".join(map(chr, range(0x21, 0x7F))))


def short_url(url: str, ellipsis: str = "…") -> str:
    """Return a URL as `host/…/name`, without scheme and query, for a line that cannot hold it all."""
    bare = safe(url).split("://", 1)[-1].split("?", 1)[0].split("#", 1)[0]
    host, slash, path = bare.partition("/")
    folder, _slash, name = path.rpartition("/")
    return f"{host}/{ellipsis}/{name}" if folder else f"{host}{slash}{name}"
