"""TC3-HMAC-SHA256 (Tencent Cloud's "Signature v3"), pure: request in, signature out.

1. What is signed is the bytes that are sent: the payload is hashed as given, the query is the raw string
   after `?`, in the order sent.
2. `content-type` and `host` are always signed, also for a GET, which has no body. `x-tc-action` is signed
   too, which binds the action to the signature; the vendor's SDK does not sign it, and both are valid.
3. The date of the scope is the UTC date of the timestamp, never the local one.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from functools import lru_cache

ALGORITHM = "TC3-HMAC-SHA256"
SIGNED_HEADERS = ("content-type", "host", "x-tc-action")


def canonical_request(method: str, query: str, signed: Mapping[str, str], payload: bytes) -> str:
    """Return the canonical request for the headers in `signed` (lower-case names), at path `/`."""
    names = sorted(signed)
    lines = "".join(f"{name}:{signed[name].strip().lower()}\n" for name in names)
    digest = hashlib.sha256(payload).hexdigest()
    return f"{method}\n/\n{query}\n{lines}\n{';'.join(names)}\n{digest}"


def credential_scope(timestamp: int, service: str) -> str:
    """Return `YYYY-MM-DD/service/tc3_request` for the UTC date of `timestamp` (epoch seconds)."""
    return f"{time.strftime('%Y-%m-%d', time.gmtime(timestamp))}/{service}/tc3_request"


def string_to_sign(timestamp: int, scope: str, canonical: str) -> str:
    """Return the text whose HMAC is the signature."""
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


@lru_cache(maxsize=8)
def _signing_key(secret_key: str, scope: str) -> bytes:
    key = f"TC3{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def signature(secret_key: str, scope: str, text: str) -> str:
    """Return the hexadecimal signature of a string to sign."""
    return hmac.digest(_signing_key(secret_key, scope), text.encode(), "sha256").hex()


def authorization(
    secret_id: str,
    secret_key: str,
    *,
    method: str,
    query: str,
    signed: Mapping[str, str],
    payload: bytes,
    timestamp: int,
    service: str,
) -> str:
    """Return the value of the `Authorization` header for one request.

    `signed` maps the lower-case names of the headers to sign to their values as sent.
    """
    scope = credential_scope(timestamp, service)
    text = string_to_sign(timestamp, scope, canonical_request(method, query, signed, payload))
    return (
        f"{ALGORITHM} Credential={secret_id}/{scope}, "
        f"SignedHeaders={';'.join(sorted(signed))}, Signature={signature(secret_key, scope, text)}"
    )
