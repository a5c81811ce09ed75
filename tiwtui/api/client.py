"""The one place that speaks httpx: sign, send under one deadline, map what went wrong.

1. The bytes that are signed are the bytes that are sent, and they are signed at the moment of sending: a
   signature that waits in a queue can outlive its five minutes.
2. A whole exchange ends within 20 seconds, a server that trickles a byte at a time included (httpx's own
   read timeout starts anew with each byte).
3. TLS is always verified, redirects are not followed, a loopback address is never asked through a proxy.
4. No compressed answer is accepted, and none over 10 MB: both could fill the memory before they are seen.
5. `describe` returns a value for everything that can happen on the wire; only bugs raise.
6. Each check stands alone: no cookie is kept, and none is sent.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Generator
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from tiwtui import __version__
from tiwtui.api import wire
from tiwtui.api.answers import Answer, Garbled, NoAnswer, Refused
from tiwtui.api.credentials import Credentials
from tiwtui.api.departure import Departure
from tiwtui.api.endpoint import Endpoint
from tiwtui.api.signing import SIGNED_HEADERS, authorization
from tiwtui.catalog import _
from tiwtui.tasks import TaskRef, TroubleKind

DEADLINE_S = 20.0
CONNECT_S = 5.0
LARGEST_ANSWER_BYTES = 10_000_000
_CONNECTIONS = 40


class Tc3Auth(httpx.Auth):
    """Signs a request with TC3-HMAC-SHA256 when it is sent; works for POST and GET.

    `wall` is the time that the signature carries, in epoch seconds.
    """

    requires_request_body = True

    def __init__(self, credentials: Callable[[], Credentials], wall: Callable[[], float]) -> None:
        self._credentials = credentials
        self._wall = wall

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add timestamp, token and authorization to the request."""
        keys = self._credentials()
        timestamp = int(self._wall())
        request.headers["X-TC-Timestamp"] = str(timestamp)
        if keys.token is not None:
            request.headers["X-TC-Token"] = keys.token.reveal()
        request.headers["Authorization"] = authorization(
            keys.secret_id.reveal(),
            keys.secret_key.reveal(),
            method=request.method,
            query=request.url.query.decode("ascii"),
            signed={name: request.headers[name] for name in SIGNED_HEADERS},
            payload=request.content,
            timestamp=timestamp,
            service=wire.SERVICE,
        )
        yield request


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
    """Asks the service about one task at a time, as far as `may_leave` lets a request go when it is ready.

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
        may_leave: Callable[[], bool] = lambda: True,
    ) -> None:
        self._http = http
        self._endpoint = endpoint
        self._wall = wall
        self._deadline_s = deadline_s
        self._may_leave = may_leave
        self._auth = Tc3Auth(credentials, lambda: wall() + self.clock_offset_s)
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

    async def describe(self, ref: TaskRef) -> Answer:
        """Ask about one task, once. Raises `Withheld` if it may not leave any more when all is ready."""
        departure = Departure(self._may_leave)
        return await departure.drive(self._describe(ref, departure))

    async def _describe(self, ref: TaskRef, departure: Departure) -> Answer:
        try:
            async with (
                asyncio.timeout(self._deadline_s),
                self._http.stream(
                    "POST",
                    self._endpoint.url,
                    content=wire.request_body(ref),
                    headers=self._headers,
                    auth=self._auth,
                    extensions={"trace": departure.trace},
                ) as response,
            ):
                content = await _content(response)
        except (OSError, httpx.TransportError) as error:
            # OSError: a deadline is one, and so is an unreadable TLS record, which httpx lets through.
            return _unanswered(error, self._endpoint.netloc, self._deadline_s)
        if isinstance(content, Garbled):
            return content
        return self._told_the_time(wire.parse(content, response.status_code), response.headers.get("Date"))

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


async def _content(response: httpx.Response) -> bytes | Garbled:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        return Garbled("Content-Encoding", _("{encoding} was not asked for").format(encoding=encoding[:40]))
    chunks: list[bytes] = []
    size = 0
    body: AsyncIterator[bytes] = response.aiter_raw()
    async for chunk in body:
        size += len(chunk)
        if size > LARGEST_ANSWER_BYTES:
            return Garbled("$", _("over 10 MB"))
        chunks.append(chunk)
    return b"".join(chunks)


def _unanswered(error: Exception, host: str, deadline_s: float) -> NoAnswer | Garbled:
    """Say what kept an answer from coming: the one place where httpx's exceptions are read."""
    match error:
        case httpx.ConnectTimeout():
            told = _("{host} could not be reached in {seconds:g} s").format(host=host, seconds=CONNECT_S)
            return NoAnswer("connect timeout", told)
        case TimeoutError() | httpx.TimeoutException():
            told = _("{host} gave no whole answer in {seconds:g} s").format(host=host, seconds=deadline_s)
            return NoAnswer("timeout", told)
        case httpx.ProxyError():
            return NoAnswer("proxy", _("the proxy refused: {error}").format(error=error))
        case httpx.ConnectError():
            return _no_connection(error, host)
        case httpx.RemoteProtocolError():
            return _broken_protocol(error, host)
        case ssl.SSLError():
            return NoAnswer(
                "TLS", _("the connection to {host} was spoilt: {error}").format(host=host, error=error)
            )
        case OSError() | httpx.ReadError() | httpx.WriteError() | httpx.CloseError():
            return NoAnswer("reset", _("{host} dropped the connection").format(host=host))
        case _:
            # Not the error's own text: one about a header quotes its value, which may be a key's.
            name = type(error).__name__
            return NoAnswer(name, _("the request to {host} failed: {name}").format(host=host, name=name))


def _broken_protocol(error: httpx.RemoteProtocolError, host: str) -> NoAnswer | Garbled:
    # What follows the colon quotes the bytes that came.
    reason = str(error).partition(":")[0]
    if "closed" in reason or "disconnected" in reason:
        return NoAnswer("broken off", _("{host} broke off its answer").format(host=host))
    return Garbled("HTTP", _("{host} does not speak it: {reason}").format(host=host, reason=reason))


def _no_connection(error: httpx.ConnectError, host: str) -> NoAnswer:
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return NoAnswer("TLS", _("no trusted connection to {host}: {error}").format(host=host, error=error))
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return NoAnswer("refused", _("nothing answers at {host}").format(host=host))
    return NoAnswer("unreachable", _("{host} cannot be reached: {error}").format(host=host, error=error))


def _causes(error: BaseException) -> Generator[BaseException, None, None]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
