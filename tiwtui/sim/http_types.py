"""HTTP requests, and what a client of the simulated service may get: an answer, a reset or nothing."""

from collections.abc import Iterable
from typing import Self

import msgspec

Headers = tuple[tuple[str, str], ...]


class Request(msgspec.Struct, frozen=True):
    """One HTTP request; `target` is path and query as sent, header names are lower-case."""

    method: str
    target: str
    headers: Headers
    body: bytes = b""

    @classmethod
    def of(cls, method: str, target: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Self:
        """Return the request with its headers decoded as Latin-1, which accepts any byte."""
        decoded = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
        return cls(method, target, decoded, body)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The raw text after `?`."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str:
        """Return the value of a header by its lower-case name, `""` if absent, all values if repeated."""
        return ", ".join(value for known, value in self.headers if known == name)


class Reply(msgspec.Struct, frozen=True):
    """A complete answer, sent `delay_s` real seconds after the request."""

    status: int
    headers: Headers
    body: bytes
    delay_s: float = 0.0


class Truncated(msgspec.Struct, frozen=True):
    """An answer whose connection ends after `body`, before the length in its Content-Length."""

    status: int
    headers: Headers
    body: bytes
    delay_s: float = 0.0


class Reset(msgspec.Struct, frozen=True):
    """The connection is reset instead of an answer."""

    delay_s: float = 0.0


class Hang(msgspec.Struct, frozen=True):
    """No answer ever comes, but the connection stays open."""


Exchange = Reply | Truncated | Reset | Hang
