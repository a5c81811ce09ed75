"""The check of a request's signature (TC3-HMAC-SHA256), and why it fails.

1. A refusal says which part looks wrong, never the secret key and never the right signature.
2. What was sent is verified: the raw query, the bytes of the body, the headers in SignedHeaders.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from tiwtui.api.signing import (
    ALGORITHM,
    SIGNED_HEADERS,
    canonical_request,
    credential_scope,
    signature,
    string_to_sign,
)
from tiwtui.sim.http_types import Request

SERVICE = "tiw"
CLOCK_WINDOW_S = 300
_MANDATORY = ("content-type", "host")
_UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} +Credential=(?P<id>[^/\s,]+)/(?P<date>[^/\s,]+)/(?P<service>[^/\s,]+)/tc3_request, *"
    r"SignedHeaders=(?P<signed>[^\s,]+), *Signature=(?P<signature>[^\s,]+)"
)


class Refusal(msgspec.Struct, frozen=True):
    """An error code of the document, and a message that says why and what to do."""

    code: str
    message: str


class Keys(msgspec.Struct, frozen=True):
    """The key pair that the service knows; a temporary one has a `token` that must be sent too."""

    secret_id: str
    secret_key: str
    token: str = ""

    def __repr__(self) -> str:
        return f"Keys({self.secret_id!r})"


class _Claim(msgspec.Struct, frozen=True):
    """What an Authorization header claims, with the request that it signs."""

    method: str
    query: str
    signed: tuple[tuple[str, str], ...]
    payload: bytes
    timestamp: int
    date: str
    secret_key: str
    signature: str

    def __repr__(self) -> str:
        return f"_Claim({self.method!r}, {self.query!r})"

    def canonical(self) -> str:
        return canonical_request(self.method, self.query, dict(self.signed), self.payload)

    def scope(self) -> str:
        return f"{self.date}/{SERVICE}/tc3_request"

    def holds(self) -> bool:
        text = string_to_sign(self.timestamp, self.scope(), self.canonical())
        return signature(self.secret_key, self.scope(), text) == self.signature.lower()


def refuse_signature(request: Request, keys: Keys, wall: float) -> Refusal | None:
    """Return why the request is not authentic at `wall` (epoch seconds), or None."""
    header = request.header("authorization")
    parts = _AUTHORIZATION.fullmatch(header.strip())
    if parts is None:
        return Refusal("AuthFailure.InvalidAuthorization", _shape_fault(header))
    if parts["service"] != SERVICE:
        message = f"The credential scope names the service {parts['service']!r}; this one is {SERVICE!r}."
        return Refusal("AuthFailure.InvalidAuthorization", message)
    timestamp = request.header("x-tc-timestamp")
    if not timestamp:
        return Refusal("MissingParameter", "The request header X-TC-Timestamp is missing.")
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return Refusal("InvalidParameterValue", "X-TC-Timestamp must be whole seconds since 1970.")
    ahead_s = int(timestamp) - wall
    if abs(ahead_s) > CLOCK_WINDOW_S:
        return Refusal("AuthFailure.SignatureExpire", _clock_fault(ahead_s))
    if parts["id"] != keys.secret_id:
        return Refusal("AuthFailure.SecretIdNotFound", "The SecretId is not known here.")
    fault = _signature_fault(request, parts, keys, int(timestamp))
    if fault:
        return Refusal("AuthFailure.SignatureFailure", fault)
    if keys.token and request.header("x-tc-token") != keys.token:
        sent = "is not the one of this SecretId" if request.header("x-tc-token") else "is missing"
        return Refusal("AuthFailure.TokenFailure", f"This is a temporary key and X-TC-Token {sent}.")
    return None


def _shape_fault(header: str) -> str:
    if not header:
        return "The request header Authorization is missing."
    if header == "SKIP":
        return "This action does not take unsigned requests (Authorization: SKIP)."
    if not header.startswith(ALGORITHM):
        return f"The Authorization header must begin with {ALGORITHM}; no other signature is served."
    return (
        "The Authorization header must read: TC3-HMAC-SHA256 Credential=<SecretId>/<date>/tiw/tc3_request, "
        "SignedHeaders=<names>, Signature=<hex>."
    )


def _clock_fault(ahead_s: float) -> str:
    side = "ahead of" if ahead_s > 0 else "behind"
    return (
        f"X-TC-Timestamp is {abs(ahead_s):.0f} s {side} the server's clock; "
        f"at most {CLOCK_WINDOW_S} s are allowed. Compare your clock with the Date header of this answer."
    )


def _signature_fault(request: Request, parts: re.Match[str], keys: Keys, timestamp: int) -> str:
    names = tuple(parts["signed"].split(";"))
    signed = f"SignedHeaders is {';'.join(names)}"
    if any(name not in names for name in _MANDATORY):
        return f"{signed}; content-type and host must be among them."
    if list(names) != sorted({name.lower() for name in names}):
        return f"{signed}; the names must be lower-case, ascending and each once."
    if missing := [name for name in names if not request.header(name)]:
        return f"{signed}, but the request has no {', '.join(missing)} header."
    scope = credential_scope(timestamp, SERVICE)
    if parts["date"] not in scope:
        return (
            f"The credential scope has the date {parts['date']}, but X-TC-Timestamp {timestamp} is on "
            f"{scope[:10]} in UTC; the UTC date must be used."
        )
    claim = _Claim(
        request.method,
        request.query,
        tuple((name, request.header(name)) for name in names),
        _payload(request),
        timestamp,
        parts["date"],
        keys.secret_key,
        parts["signature"],
    )
    return "" if claim.holds() else _diagnosis(claim)


def _payload(request: Request) -> bytes:
    if request.header("x-tc-content-sha256") == _UNSIGNED_PAYLOAD:
        return _UNSIGNED_PAYLOAD.encode()
    return request.body


def _diagnosis(claim: _Claim) -> str:
    found = next((reason for altered, reason in _likely_mistakes(claim) if altered.holds()), "")
    if not found:
        found = "No common mistake explains it: most likely the SecretKey is not the one of this SecretId"
    canonical = claim.canonical()
    # A client may sign its token too; it must not be in a message for screens and logs.
    shown = _with_header(claim, "x-tc-token", "(not shown)").canonical().replace("\n", "\\n")
    return (
        f"The signature does not match. {found}. The server's canonical request is {shown} "
        f"with sha256 {sha256(canonical.encode()).hexdigest()}, "
        f"signed headers {';'.join(name for name, _ in claim.signed)}, scope {claim.scope()}."
    )


def _likely_mistakes(claim: _Claim) -> Iterator[tuple[_Claim, str]]:
    """Yield what the client may have signed instead, with a message that says so."""
    headers = dict(claim.signed)
    for names in (_MANDATORY, SIGNED_HEADERS):
        fewer = tuple((name, value) for name, value in claim.signed if name in names)
        if fewer != claim.signed:
            only = ";".join(name for name, _ in fewer)
            yield (
                msgspec.structs.replace(claim, signed=fewer),
                f"It was made over {only} only, not over all of SignedHeaders",
            )
    host = headers["host"]
    name_only = host.partition(":")[0]
    if name_only != host:
        message = f"It was made for the host {name_only}, but the Host header is {host}"
        yield _with_header(claim, "host", name_only), message
    kind = headers["content-type"]
    bare = kind.partition(";")[0].strip()
    for other in (bare, f"{bare}; charset=utf-8"):
        if other != kind:
            message = f"It was made for the Content-Type {other!r}, but {kind!r} was sent"
            yield _with_header(claim, "content-type", other), message
    for payload in _other_payloads(claim.payload):
        yield (
            msgspec.structs.replace(claim, payload=payload),
            "It was made over another body than the one that was sent",
        )
    if claim.query:
        yield msgspec.structs.replace(claim, query=""), "It was made without the query string"
    ordered = "&".join(sorted(claim.query.split("&")))
    if ordered != claim.query:
        message = (
            "It was made over the sorted query; the query must be signed in the order in which it is sent"
        )
        yield msgspec.structs.replace(claim, query=ordered), message


def _with_header(claim: _Claim, name: str, value: str) -> _Claim:
    altered = tuple((known, value if known == name else old) for known, old in claim.signed)
    return msgspec.structs.replace(claim, signed=altered)


def _other_payloads(payload: bytes) -> Iterator[bytes]:
    """Yield other bodies with the same parameters: none, compact, spaced."""
    if payload:
        yield b""
    try:
        compact = msgspec.json.encode(msgspec.json.decode(payload))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return
    spaced = msgspec.json.format(compact, indent=0)
    yield from (other for other in (compact, spaced) if other != payload)
