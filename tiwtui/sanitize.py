"""What a URL from the service may be used for, and how it is shown.

Only http and https are handed on, only without characters that a terminal, a shell or a browser could take
for something else, and only without user info: in `http://a.example@b.example/` the host is `b.example`.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from tiwtui.formatting import safe
from tiwtui.i18n import _

_COMMON = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*/[!-[\]-~]*")
"""Nearly every URL: nothing in it is in doubt, and to take it apart takes longer than to copy it."""


def url_fault(url: str) -> str | None:
    """Return why a URL must not be copied, opened, downloaded or exported, or `None` if it may be."""
    if _COMMON.fullmatch(url):
        return None
    return _fault_of_host(url) if _is_plain(url) else _fault_of_letters(url) or _fault_of_host(url)


def _is_plain(url: str) -> bool:
    # Nearly every URL is: looking at each of its letters would take most of the time of a long list.
    return url.isascii() and url.isprintable() and " " not in url and "\\" not in url


def _fault_of_letters(url: str) -> str | None:
    if any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in url):
        return _("it contains control characters")
    if any(char.isspace() for char in url):
        return _("it contains spaces")
    if any(unicodedata.category(char) in ("Cf", "Cs") for char in url):
        return _("it contains invisible characters")
    if "\\" in url:
        # A browser takes it for a slash, other programs do not: they disagree about the host.
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
    if parts.scheme.lower() not in ("http", "https"):
        return _("it is not http or https")
    if "@" in parts.netloc:
        return _("it contains a user name or a password")
    return None if has_host else _("it names no host")


def fit_url(url: str) -> str:
    """Return a URL without fault with everything outside ASCII percent-encoded."""
    return url if _is_plain(url) else quote(url, safe="".join(map(chr, range(0x21, 0x7F))))


def short_url(url: str, ellipsis: str = "…") -> str:
    """Return a URL as `host/…/name`, without scheme and query, for a line that cannot hold it all."""
    bare = safe(url).split("://", 1)[-1].split("?", 1)[0].split("#", 1)[0]
    host, slash, path = bare.partition("/")
    folder, _slash, name = path.rpartition("/")
    return f"{host}/{ellipsis}/{name}" if folder else f"{host}{slash}{name}"
