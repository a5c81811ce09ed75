"""The HTTP client of the service: signs, sends under one deadline, and reads the answer.

1. The bytes that are signed are the bytes that are sent. They are signed after the wait for a slot: a
   signature is valid for five minutes only.
2. An exchange, without the wait for a slot, ends within 20 seconds, also if a server sends one byte at a time
   (httpx's own read timeout starts again with each byte).
3. TLS is always verified, redirects are not followed, and a loopback address is never asked through a proxy.
4. Compressed answers and answers over 10 MB are refused: both could fill the memory.
5. `describe` returns a value for everything that can happen on the network; only bugs raise.
6. Checks are independent: no cookie is saved or sent. A connection on which more than one answer came is not
   used again, because the next request would get the rest as its own answer.
7. No secret that was used for signing is in what is returned, in any spelling. Only the URL of a video is
   left as it came: it may be signed with the same keys.
8. Each request leaves in its own slot. A request whose reused connection ended before the head of an answer
   was complete is sent again once, in another slot: servers close idle connections at any time.
"""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import msgspec

from tiwtui import __version__
from tiwtui.api import wire
from tiwtui.api.answers import Answer, Garbled, Observed, Refused
from tiwtui.api.credentials import Credentials
from tiwtui.api.departure import AtOnce, Departure, Slot
from tiwtui.api.endpoint import Endpoint
from tiwtui.api.network_errors import CONNECT_S, UNANSWERED, unanswered
from tiwtui.api.redaction import without_secrets
from tiwtui.api.signing import SIGNED_HEADERS, authorization
from tiwtui.i18n import gettext_noop as _
from tiwtui.model import TaskRef, TroubleKind

DEADLINE_S = 20.0
LARGEST_ANSWER_BYTES = 10_000_000
_CONNECTIONS = 40
_ENCODINGS = ("gzip", "x-gzip", "deflate", "compress", "br", "zstd")


class Signer:
    """Signs a POST with TC3-HMAC-SHA256.

    `wall` returns the time of the signature in epoch seconds. `secrets` are the keys, the token and the
    signature of the last request.
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
        # A secret that contains another one comes first.
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
    """Return the connection pool for an endpoint; `transport` replaces the network if it is given.

    Raises `ValueError` or `ImportError` where the environment's proxy or certificate settings cannot be used.
    """
    # Loading the system's certificates takes longer than a request on loopback. Without TLS none are needed;
    # a context without certificates trusts nobody.
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
    """Drop `Location`: httpx builds a request from it, also if it does not send it, and that can fail."""
    response.headers.pop("Location", None)


class Client:
    """Asks the service about one task at a time.

    `clock_offset_s` is how far the service's clock is ahead of this machine's, known once a signature was
    refused for its time; later signatures carry the corrected time.
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
        """Ask about one task, once, in its slot. Raises `Withheld` if the slot does."""
        body = wire.request_body(ref)
        signer = Signer(self._credentials, lambda: self._wall() + self.clock_offset_s)
        departure = Departure(
            self._endpoint.address,
            slot or AtOnce(),
            lambda headers: signer.sign(httpx.Headers(headers), body).raw,
        )
        return await departure.drive(self._describe(body, departure, signer))

    async def _describe(self, body: bytes, departure: Departure, signer: Signer) -> Answer:
        try:
            async with (
                asyncio.timeout(self._deadline_s) as departure.deadline,
                aclosing(await self._sent(body, departure)) as response,
            ):
                content = await _content(response)
                await _close_if_unclean(response)
        except UNANSWERED as error:
            return unanswered(error, self._endpoint.netloc, departure.proxy, self._deadline_s)
        except ExceptionGroup as group:
            _expected, unexpected = group.split(UNANSWERED)
            if unexpected is not None:
                raise
            return unanswered(group, self._endpoint.netloc, departure.proxy, self._deadline_s)
        if isinstance(content, Garbled):
            return content
        answer = _read(content, response.status_code, signer.secrets)
        return self._with_clock_offset(answer, response.headers.get("Date"))

    async def _sent(self, body: bytes, departure: Departure) -> httpx.Response:
        """Send a request, and again if its reused connection was closed before an answer came."""
        request = self._http.build_request(
            "POST",
            self._endpoint.url,
            content=body,
            headers=self._headers,
            extensions={"trace": departure.trace},
        )
        try:
            return await self._http.send(request, stream=True)
        except (httpx.ReadError, httpx.RemoteProtocolError) as error:
            # Any other protocol error comes from a broken answer.
            is_closed = isinstance(error, httpx.ReadError) or "disconnected" in str(error)
            if departure.is_new or not is_closed:
                raise
        return await self._http.send(request, stream=True)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def _with_clock_offset(self, answer: Answer, date: str | None) -> Answer:
        """Correct the clock from the answer's `Date` if the service refused the signature for its time."""
        if not isinstance(answer, Refused) or answer.meaning is not TroubleKind.CLOCK or date is None:
            return answer
        try:
            sent = parsedate_to_datetime(date)
            # HTTP dates are UTC, also where they do not say so.
            server = (sent if sent.tzinfo is not None else sent.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            return answer
        self.clock_offset_s = server - self._wall()
        return msgspec.structs.replace(answer, clock_offset_s=self.clock_offset_s)


def _read(content: bytes, http_status: int, secrets: tuple[str, ...]) -> Answer:
    """Return the answer without the secrets of the request that it repeats."""
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
        # A header may repeat the token of the request, so only known names are repeated.
        name = encoding if encoding in _ENCODINGS else "an encoding"
        return Garbled("Content-Encoding", f"{name} was not asked for")
    chunks: list[bytes] = []
    size = 0
    # Not `aiter_raw`: it returns the connection to the pool at the end, before it can be looked at.
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for chunk in response.stream:
        size += len(chunk)
        if size > LARGEST_ANSWER_BYTES:
            return Garbled("$", "over 10 MB")
        chunks.append(chunk)
    return b"".join(chunks)


async def _close_if_unclean(response: httpx.Response) -> None:
    """Close the connection if more than the answer came on it, before it is returned to the pool."""
    network = response.extensions.get("network_stream")
    if network is not None and (has_surplus(response) or _has_unread_record(network.get_extra_info)):
        await network.aclose()


def has_surplus(response: httpx.Response) -> bool:
    """Whether bytes came after the answer."""
    # Only h11 knows what is left over, and httpcore does not publish it. If a later version has other private
    # attributes, every connection is closed: slower, and still right.
    reached: object = response.stream
    for name in ("_stream", "_httpcore_stream", "_stream", "_connection", "_h11_state", "trailing_data"):
        reached = getattr(reached, name, None)
    match reached:
        case (bytes(surplus), bool()):
            return surplus != b""
        case _:
            return True


def _has_unread_record(extra_info: Callable[[str], object]) -> bool:
    """Whether TLS has decrypted more than was read: the socket does not show that."""
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
