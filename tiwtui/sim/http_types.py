"""What crosses the wire of the simulated service: a request as bytes, and what a client gets to see of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; `target` is path and query as sent, header names are lower-case."""

    method: str
    target: str
    headers: Headers
    body: bytes = b""

    @classmethod
    def of(cls, method: str, target: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Self:
        """Return the request with its headers decoded as Latin-1, which no byte can break."""
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


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, sent `delay_s` real seconds after the request."""

    status: int
    headers: Headers
    body: bytes
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Truncated:
    """An answer whose connection ends after `body`, although its Content-Length promised more."""

    status: int
    headers: Headers
    body: bytes
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset instead of an answer."""

    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer ever comes, though the connection stays."""


Exchange = Reply | Truncated | Reset | Hang
