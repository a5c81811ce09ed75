"""Remove the secrets of a request from its answer before anything reads the answer. Pure.

A gateway that reports "bad header: …" repeats the token, and what an answer says is shown, copied and saved.

1. A secret is found in any spelling of its characters: upper or lower case, JSON escapes, HTML entities,
   percent-encoding, UTF-16, and up to three of these inside each other.
2. The whole spelling is replaced, so that JSON stays valid JSON.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from itertools import islice

import msgspec

BLANK = b"\xe2\x80\xa6"
"""An ellipsis, in UTF-8 as JSON is."""

_SHORTEST_SECRET = 8
"""A shorter text would be found by chance; no key, token or signature is."""

_DEEPEST = 3

_MOST_SPELLED = 100_000
"""The most escapes that are decoded per kind and depth. Answers have a few thousand; millions would block."""


def _escaped(found: re.Match[bytes]) -> bytes:
    return found[2] or bytes.fromhex(found[1].decode())


def _entity(found: re.Match[bytes]) -> bytes:
    text = unescape(found[0].decode())
    return text.encode() if len(text) == 1 and text.isascii() else found[0]


_SPELLINGS: tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], bytes]], ...] = (
    (re.compile(rb'\\(?:(?:u00|x)([0-7][0-9a-fA-F])|([\\/"]))'), _escaped),
    (re.compile(rb"&#?\w{1,31};"), _entity),
    (re.compile(rb"%([0-7][0-9a-fA-F])"), lambda found: bytes.fromhex(found[1].decode())),
    (re.compile(rb"\x00+"), lambda found: b""),
)
"""One way to spell characters differently, and how to decode it."""


class _Decoded(msgspec.Struct, frozen=True):
    """A decoded text: at each index in `at` a spelling was decoded; `shrunk` is by how much, summed up."""

    text: bytes
    at: list[int]
    shrunk: list[int]

    def origin(self, place: int) -> int:
        """Return where a place was in the text that this was decoded from."""
        return place + self.shrunk[bisect_left(self.at, place)]


def without_secrets(content: bytes, secrets: tuple[str, ...]) -> bytes:
    """Return the content with every secret blanked; the same object if there is none."""
    wanted = [secret.encode().lower() for secret in secrets if len(secret) >= _SHORTEST_SECRET]
    spans = sorted(_spans(content, wanted))
    if not spans:
        return content
    pieces: list[bytes] = []
    done = 0
    for start, end in spans:
        if start >= done:
            pieces += (content[done:start], BLANK)
        done = max(done, end)
    return b"".join((*pieces, content[done:]))


def _spans(content: bytes, wanted: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the places of the wanted texts in the content, in any spelling."""
    yield from _places(content, wanted)
    layers: list[_Decoded] = []
    for pattern, read in _SPELLINGS * _DEEPEST:
        decoded = _decoded(layers[-1].text if layers else content, pattern, read)
        if decoded is None:
            continue
        layers.append(decoded)
        for start, end in _places(decoded.text, wanted):
            for layer in reversed(layers):
                start, end = layer.origin(start), layer.origin(end)
            yield start, end


def _places(text: bytes, wanted: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    text = text.lower()
    for each in wanted:
        start = text.find(each)
        while start >= 0:
            yield start, start + len(each)
            start = text.find(each, start + len(each))


def _decoded(
    text: bytes, pattern: re.Pattern[bytes], read: Callable[[re.Match[bytes]], bytes]
) -> _Decoded | None:
    pieces: list[bytes] = []
    at: list[int] = []
    shrunk = [0]
    done = 0
    for found in islice(pattern.finditer(text), _MOST_SPELLED):
        char = read(found)
        if char == found[0]:
            continue
        pieces += (text[done : found.start()], char)
        at.append(found.start() - shrunk[-1])
        shrunk.append(shrunk[-1] + len(found[0]) - len(char))
        done = found.end()
    return _Decoded(b"".join((*pieces, text[done:])), at, shrunk) if at else None
