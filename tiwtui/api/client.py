"""The one place that speaks httpx: sign, send under one deadline, map what went wrong.

1. The bytes that are signed are the bytes that are sent, and they are signed at the moment of sending, after
   the wait for a slot: a signature that waits in a queue can outlive its five minutes.
2. A whole exchange, without the wait for a slot, ends within 20 seconds, a server that trickles a byte at a
   time included (httpx's own read timeout starts again with each byte).
3. TLS is always verified, redirects are not followed, a loopback address is never asked through a proxy.
4. No compressed answer is accepted, and none over 10 MB: both could fill the memory before they are seen.
5. `describe` returns a value for everything that can happen on the wire; only bugs raise.
6. Each check stands alone: no cookie is kept, and none is sent; a connection on which anything came beyond
   an answer is not used again, for the next request would be given that for its own answer.
7. Nothing that was sent to sign with leaves here as the service's words, in whatever spelling it comes back.
   Only the URL of a video stays as it came: it may be signed with the same keys.
8. A request leaves in a slot of its own. One whose kept connection ended before the head of an answer was
   whole is sent again once, in another slot: servers close idle connections as they like.
"""

import asyncio
import ssl
from collections.abc import Callable, Generator
from contextlib import aclosing
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import msgspec

from tiwtui import __version__
from tiwtui.api import wire
from tiwtui.api.answers import Answer, Garbled, NoAnswer, Observed, Refused
from tiwtui.api.credentials import Credentials
from tiwtui.api.departure import AtOnce, Departure, Slot
from tiwtui.api.endpoint import Endpoint
from tiwtui.api.redaction import without_secrets
from tiwtui.api.route import Route
from tiwtui.api.signing import SIGNED_HEADERS, authorization
from tiwtui.i18n import gettext_noop as _
from tiwtui.model import TaskRef, TroubleKind

DEADLINE_S = 20.0
CONNECT_S = 5.0
LARGEST_ANSWER_BYTES = 10_000_000
_CONNECTIONS = 40
_ENCODINGS = ("gzip", "x-gzip", "deflate", "compress", "br", "zstd")

_UNANSWERED = (OSError, httpx.TransportError, httpx.InvalidURL, ValueError, OverflowError)
"""What can be raised where no answer comes.

`OSError`: a deadline is one, and so is an unreadable TLS record, which httpx lets through. The last three:
a host or a proxy that reads like an address and is none.
"""


class Signer:
    """Signs a POST with TC3-HMAC-SHA256.

    `wall` is the time that the signature carries, in epoch seconds. `secrets` are what the last request was
    signed with, and its signature.
    """

    def __init__(self, credentials: Callable[[], Credentials], wall: Callable[[], float]) -> None:
        self._credentials = credentials
        self._wall = wall
        self.secrets: tuple[str, ...] = ()

    def sign(self, headers: httpx.Headers, body: bytes) -> httpx.Headers:
        """Return the headers to add to those of a request: timestamp, token and authorization."""
        keys = self._credentials()
        timestamp = int(self._wall())
        token = () if keys.token is None else (keys.token.reveal(),)
        signature = authorization(
            keys.secret_id.reveal(),
            keys.secret_key.reveal(),
            method="POST",
            query="",
            signed={name: headers[name] for name in SIGNED_HEADERS},
            payload=body,
            timestamp=timestamp,
            service=wire.SERVICE,
        )
        # The whole before its parts.
        self.secrets = (
            signature,
            signature.rpartition("=")[2],
            *token,
            keys.secret_key.reveal(),
            keys.secret_id.reveal(),
        )
        added = {"X-TC-Timestamp": str(timestamp), "Authorization": signature}
        if token:
            added["X-TC-Token"] = token[0]
        return httpx.Headers(added)


def http_for(endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Return the connection pool for an endpoint; `transport` stands in for the network where given.

    Raises `ValueError` or `ImportError` where the environment's proxy or certificate settings cannot be used.
    """
    # Without TLS the world's certificates need not be loaded, which takes longer than a request on loopback;
    # a context without any trusts nobody.
    verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if endpoint.scheme == "http" else True
    try:
        return httpx.AsyncClient(
            transport=transport,
            verify=verify,
            timeout=httpx.Timeout(DEADLINE_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            event_hooks={"response": [_without_redirect]},
            trust_env=not endpoint.is_loopback,
        )
    except OSError as error:
        raise ValueError(_("SSL_CERT_FILE or SSL_CERT_DIR: {error}").format(error=error)) from None


async def _without_redirect(response: httpx.Response) -> None:
    """Drop `Location`: httpx makes a request of it even where it is not to be sent, and can fail at that."""
    response.headers.pop("Location", None)


class Client:
    """Asks the service about one task at a time.

    `clock_offset_s` is what the service's `Date` said this machine's clock lacks, once it refused a
    signature for its time; later signatures carry the corrected time.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        endpoint: Endpoint,
        region: str,
        credentials: Callable[[], Credentials],
        wall: Callable[[], float],
        *,
        language: str = "en-US",
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._http = http
        self._endpoint = endpoint
        self._wall = wall
        self._deadline_s = deadline_s
        self._credentials = credentials
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"tiwtui/{__version__}",
            "X-TC-Action": wire.ACTION,
            "X-TC-Version": wire.VERSION,
            "X-TC-Region": region,
            "X-TC-Language": language,
            "X-TC-RequestClient": f"tiwtui_{__version__}",
        }
        self.clock_offset_s = 0.0

    async def describe(self, ref: TaskRef, slot: Slot | None = None) -> Answer:
        """Ask about one task, once, in its slot. Raises `Withheld` where the slot does."""
        body = wire.request_body(ref)
        signer = Signer(self._credentials, lambda: self._wall() + self.clock_offset_s)
        departure = Departure(slot or AtOnce(), lambda headers: signer.sign(httpx.Headers(headers), body).raw)
        return await departure.drive(self._describe(body, departure, signer))

    async def _describe(self, body: bytes, departure: Departure, signer: Signer) -> Answer:
        route = Route(self._endpoint, departure.trace)
        try:
            async with (
                asyncio.timeout(self._deadline_s) as departure.deadline,
                aclosing(await self._sent(body, departure, route)) as response,
            ):
                content = await _content(response)
                await _part_if_unclean(response)
        except _UNANSWERED as error:
            return _unanswered(error, route, self._deadline_s)
        except ExceptionGroup as group:
            _expected, unexpected = group.split(_UNANSWERED)
            if unexpected is not None:
                raise
            return _unanswered(group, route, self._deadline_s)
        if isinstance(content, Garbled):
            return content
        answer = _read(content, response.status_code, signer.secrets)
        return self._told_the_time(answer, response.headers.get("Date"))

    async def _sent(self, body: bytes, departure: Departure, route: Route) -> httpx.Response:
        """Send a request, and once more where its kept connection was closed before an answer came."""
        request = self._http.build_request(
            "POST",
            self._endpoint.url,
            content=body,
            headers=self._headers,
            extensions={"trace": route.trace},
        )
        try:
            return await self._http.send(request, stream=True)
        except (httpx.ReadError, httpx.RemoteProtocolError) as error:
            # Any other breach of the protocol is an answer of a kind.
            is_closed = isinstance(error, httpx.ReadError) or "disconnected" in str(error)
            if departure.is_new or not is_closed:
                raise
        return await self._http.send(request, stream=True)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def _told_the_time(self, answer: Answer, date: str | None) -> Answer:
        """Correct the clock from the answer's `Date` if the service refused the signature for its time."""
        if not isinstance(answer, Refused) or answer.meaning is not TroubleKind.CLOCK or date is None:
            return answer
        try:
            told = parsedate_to_datetime(date)
            # HTTP dates are UTC, also where they do not say so.
            server = (told if told.tzinfo is not None else told.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            return answer
        self.clock_offset_s = server - self._wall()
        return Refused(
            answer.meaning,
            answer.code,
            answer.message,
            answer.request_id,
            answer.advice,
            answer.raw,
            self.clock_offset_s,
        )


def _read(content: bytes, http_status: int, secrets: tuple[str, ...]) -> Answer:
    """Return what the answer says, without what it repeats of the request's secrets."""
    answer = wire.parse(content, http_status)
    blanked = without_secrets(content, secrets)
    if blanked is content:
        return answer
    spared = wire.parse(blanked, http_status)
    if not isinstance(answer, Observed) or not isinstance(spared, Observed):
        return spared
    pairs = zip(spared.videos, answer.videos, strict=False)
    videos = tuple(msgspec.structs.replace(video, url=as_it_came.url) for video, as_it_came in pairs)
    return msgspec.structs.replace(spared, videos=videos)


async def _content(response: httpx.Response) -> bytes | Garbled:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        # A header may repeat the request's token, so only what is a name is named.
        name = encoding if encoding in _ENCODINGS else "an encoding"
        return Garbled("Content-Encoding", f"{name} was not asked for")
    chunks: list[bytes] = []
    size = 0
    # Not `aiter_raw`, which gives the connection back at the body's end, before anyone can look at it.
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for chunk in response.stream:
        size += len(chunk)
        if size > LARGEST_ANSWER_BYTES:
            return Garbled("$", "over 10 MB")
        chunks.append(chunk)
    return b"".join(chunks)


async def _part_if_unclean(response: httpx.Response) -> None:
    """Close the connection, before it is given back, unless the answer was the last that came on it."""
    network = response.extensions.get("network_stream")
    if network is not None and (_has_surplus(response) or _has_unread_record(network.get_extra_info)):
        await network.aclose()


def _has_surplus(response: httpx.Response) -> bool:
    # httpcore tells nobody what h11 has left over, so its private attributes are gone through; where a later
    # version has other ones, every connection is taken for unclean: slower, and still right.
    reached: object = response.stream
    for name in ("_stream", "_httpcore_stream", "_stream", "_connection", "_h11_state", "trailing_data"):
        reached = getattr(reached, name, None)
    match reached:
        case (bytes(surplus), bool()):
            return surplus != b""
        case _:
            return True


def _has_unread_record(extra_info: Callable[[str], object]) -> bool:
    """Whether TLS holds more than was read from it: that no longer shows at the socket."""
    tls = extra_info("ssl_object")
    if not isinstance(tls, ssl.SSLObject):
        return False
    try:
        tls.read(1)
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError:
        return True
    return True


def _unanswered(error: Exception, route: Route, deadline_s: float) -> NoAnswer | Garbled:
    """Say what kept an answer from coming, and who is to blame: the host, or the proxy on the way to it."""
    if not route.proxy:
        return _no_answer(error, route.host, deadline_s)
    told = _no_answer(error, _("the proxy {proxy}").format(proxy=route.proxy), deadline_s)
    return NoAnswer("proxy", told.message if isinstance(told, NoAnswer) else str(told))


def _no_answer(error: Exception, host: str, deadline_s: float) -> NoAnswer | Garbled:
    """Return what an error means: the one place where httpx's exceptions are read."""
    match error:
        case httpx.ConnectTimeout():
            told = _("{host} could not be reached in {seconds:g} s").format(host=host, seconds=CONNECT_S)
            return NoAnswer("timeout", told)
        case TimeoutError() | httpx.TimeoutException():
            told = _("{host} gave no whole answer in {seconds:g} s").format(host=host, seconds=deadline_s)
            return NoAnswer("timeout", told)
        case httpx.ProxyError():
            return NoAnswer("proxy", _("{host} refused: {error}").format(host=host, error=error))
        case httpx.ConnectError():
            return _no_connection(error, host)
        case httpx.RemoteProtocolError():
            return _broken_protocol(error, host)
        case ssl.SSLError():
            told = _("the connection to {host} was broken: {error}").format(host=host, error=error)
            return NoAnswer("tls", told)
        case OSError() | httpx.ReadError() | httpx.WriteError() | httpx.CloseError():
            return NoAnswer("reset", _("{host} dropped the connection").format(host=host))
        case httpx.InvalidURL() | ValueError() | OverflowError() | ExceptionGroup():
            return NoAnswer("address", _("{host} is no address that can be asked").format(host=host))
        case _:
            # Not the error's own text: one about a header quotes its value, which may be a key's.
            name = type(error).__name__
            return NoAnswer("failed", _("the request to {host} failed: {name}").format(host=host, name=name))


def _broken_protocol(error: httpx.RemoteProtocolError, host: str) -> NoAnswer | Garbled:
    # What follows the colon quotes the bytes that came.
    reason = str(error).partition(":")[0]
    if "closed" in reason or "disconnected" in reason:
        return NoAnswer("reset", _("{host} broke off its answer").format(host=host))
    return Garbled("HTTP", _("{host} does not speak it: {reason}").format(host=host, reason=reason))


def _no_connection(error: httpx.ConnectError, host: str) -> NoAnswer:
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return NoAnswer("tls", _("no trusted connection to {host}: {error}").format(host=host, error=error))
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return NoAnswer("refused", _("nothing answers at {host}").format(host=host))
    return NoAnswer("unreachable", _("{host} cannot be reached: {error}").format(host=host, error=error))


def _causes(error: BaseException) -> Generator[BaseException, None, None]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
