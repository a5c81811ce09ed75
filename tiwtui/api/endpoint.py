"""The service's endpoint: reads and checks a host or URL that a user wrote. Pure."""

import ipaddress
import unicodedata
from urllib.parse import urlsplit

import msgspec

from tiwtui.i18n import _

_PORTS = {"http": 80, "https": 443}


class BadEndpoint(ValueError):
    """The text is not a valid endpoint; the message says why and what would be valid."""


class Endpoint(msgspec.Struct, frozen=True):
    """Scheme and host, with the port if it is not the scheme's default."""

    scheme: str
    netloc: str
    is_loopback: bool

    @property
    def url(self) -> str:
        """The URL that requests are posted to: the action has no path of its own."""
        return f"{self.scheme}://{self.netloc}/"

    @property
    def address(self) -> str:
        """Host and port, also if it is the scheme's default."""
        has_port = ":" in self.netloc.rpartition("]")[2]
        return self.netloc if has_port else f"{self.netloc}:{_PORTS[self.scheme]}"


def parse_endpoint(text: str) -> Endpoint:
    """Return the endpoint that `text` names: `tiw.tencentcloudapi.com` or `http://127.0.0.1:8787`.

    Plain http is accepted for loopback addresses only: a request carries a signature and, with temporary
    keys, their token.
    """
    written = text.strip()
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadEndpoint(_("endpoint {text!r}: {error}").format(text=text, error=error)) from None
    if parts.scheme not in ("http", "https") or not host or not _is_plain(host):
        raise BadEndpoint(_("endpoint {text!r} is neither a host nor an http(s) URL").format(text=text))
    if not _can_be_asked(host):
        raise BadEndpoint(_("endpoint {text!r}: {host} is not an address").format(text=text, host=host))
    if parts.username is not None or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise BadEndpoint(_("endpoint {text!r}: only a host and a port are allowed").format(text=text))
    is_loopback = _is_loopback(host)
    if parts.scheme == "http" and not is_loopback:
        raise BadEndpoint(
            _("endpoint {text!r}: plain http is for this machine only; use https").format(text=text)
        )
    name = f"[{host}]" if ":" in host else host
    is_usual = port is None or port == _PORTS[parts.scheme]
    return Endpoint(parts.scheme, name if is_usual else f"{name}:{port}", is_loopback)


def _is_plain(host: str) -> bool:
    if not host.isascii() or not all(character.isalnum() or character in ".-:_" for character in host):
        return False
    return all(0 < len(label) <= 63 for label in host.removesuffix(".").split("."))


def _can_be_asked(host: str) -> bool:
    """Whether a host that looks like an IP address is valid, and a punycode host has letters."""
    labels = host.split(".")
    if ":" in host or (len(labels) == 4 and all(label.isdigit() for label in labels)):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True
    return all(_has_letters(label.removeprefix("xn--")) for label in labels if label.startswith("xn--"))


def _has_letters(punycode: str) -> bool:
    try:
        name = punycode.encode("ascii").decode("punycode")
    except ValueError:
        return False
    # Combining marks are not letters but part of them, as in many scripts of India.
    return not name.isascii() and all(
        letter in "-·" or unicodedata.category(letter)[0] in "LMN" for letter in name
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
