"""What a server sends back of the keys that it was asked with: blanked before anything reads it. Pure.

A gateway that reports "bad header: …" repeats the token, and what an answer says is shown, copied and saved.
"""

from collections.abc import Iterator

BLANK = b"\xe2\x80\xa6"
"""An ellipsis, in UTF-8 as JSON is."""

_SHORTEST_SECRET = 8
"""A shorter text would be found by chance; no key, token or signature is."""


def without_secrets(content: bytes, secrets: tuple[str, ...]) -> bytes:
    """Return the content with every secret in it blanked, the very same object where there is none."""
    for secret in secrets:
        if len(secret) < _SHORTEST_SECRET:
            continue
        for spelled in _spellings(secret):
            if spelled in content:
                content = content.replace(spelled, BLANK)
    return content


def _spellings(secret: str) -> Iterator[bytes]:
    """Yield the text as it stands, and as JSON writers spell it that escape `/` or `=`."""
    for slash in ("/", "\\/") if "/" in secret else ("/",):
        for equals in ("=", "\\u003d") if "=" in secret else ("=",):
            yield secret.replace("/", slash).replace("=", equals).encode()
