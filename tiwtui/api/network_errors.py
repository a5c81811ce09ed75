"""The table of network exceptions: code and message for each. The first entry that matches counts.

1. Every exception in `UNANSWERED` has a code and a sentence.
2. The text of an exception is repeated only where it cannot quote a header: a header may hold a key.
3. What fails on the way to a proxy is reported as the proxy's failure.
"""

import ssl
from collections.abc import Iterator

import httpx
import msgspec

from tiwtui.api.answers import Garbled, NoAnswer
from tiwtui.i18n import gettext_noop as _

CONNECT_S = 5.0

UNANSWERED = (OSError, httpx.TransportError, httpx.InvalidURL, ValueError, OverflowError)
"""The exceptions that are raised if no answer comes.

`OSError` includes a deadline, and an unreadable TLS record, which httpx passes on. The last three are raised
for a host or a proxy that looks like an address but is not valid.
"""


class _Row(msgspec.Struct, frozen=True):
    """Exceptions of these types; with `cause`, caused by that; with `words`, with one of them in the text."""

    types: tuple[type[Exception], ...]
    code: str
    text: str
    cause: type[BaseException] | None = None
    words: tuple[str, ...] = ()


_ROWS = (
    _Row((httpx.ConnectTimeout,), "timeout", _("{host} could not be reached in {connect_s:g} s")),
    _Row(
        (TimeoutError, httpx.TimeoutException),
        "timeout",
        _("{host} gave no complete answer in {deadline_s:g} s"),
    ),
    _Row((httpx.ProxyError,), "proxy", _("{host} refused: {error}")),
    _Row((httpx.ConnectError,), "tls", _("no trusted connection to {host}: {error}"), cause=ssl.SSLError),
    _Row((httpx.ConnectError,), "refused", _("cannot reach {host}"), cause=ConnectionRefusedError),
    _Row((httpx.ConnectError,), "unreachable", _("cannot reach {host}: {error}")),
    _Row(
        (httpx.RemoteProtocolError,),
        "reset",
        _("{host} closed the connection before its answer was complete"),
        words=("closed", "disconnected"),
    ),
    _Row((ssl.SSLError,), "tls", _("the connection to {host} was broken: {error}")),
    _Row(
        (OSError, httpx.ReadError, httpx.WriteError, httpx.CloseError),
        "reset",
        _("{host} dropped the connection"),
    ),
    _Row(
        (httpx.InvalidURL, ValueError, OverflowError, ExceptionGroup),
        "address",
        _("{host} is not an address that can be used"),
    ),
    _Row((Exception,), "failed", _("the request to {host} failed: {name}")),
)


def unanswered(error: Exception, host: str, proxy: str, deadline_s: float) -> NoAnswer | Garbled:
    """Return why no answer came; `proxy` is the proxy that was being connected to, if any."""
    if not proxy:
        return _read(error, host, deadline_s)
    found = _read(error, _("the proxy {proxy}").format(proxy=proxy), deadline_s)
    return NoAnswer("proxy", found.message if isinstance(found, NoAnswer) else str(found))


def _read(error: Exception, host: str, deadline_s: float) -> NoAnswer | Garbled:
    # The text after the colon quotes the bytes that came.
    reason = str(error).partition(":")[0]
    row = next(row for row in _ROWS if _fits(row, error, reason))
    if isinstance(error, httpx.RemoteProtocolError) and row.code != "reset":
        return Garbled("HTTP", _("{host} does not speak it: {reason}").format(host=host, reason=reason))
    text = row.text.format(
        host=host, error=error, name=type(error).__name__, connect_s=CONNECT_S, deadline_s=deadline_s
    )
    return NoAnswer(row.code, text)


def _fits(row: _Row, error: Exception, reason: str) -> bool:
    if not isinstance(error, row.types) or (row.words and not any(word in reason for word in row.words)):
        return False
    return row.cause is None or any(isinstance(cause, row.cause) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
