"""Credentials of Tencent Cloud, and the sources they are read from.

Only the last four characters of a secret are ever shown: also in `repr`, tracebacks, logs and screenshots.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from tiwtui.i18n import _

ENVIRONMENT = "environment"


class Secret:
    """A text that `repr` and `str` hide; only the code that signs or sends it calls `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    @property
    def masked(self) -> str:
        """The last four characters behind dots; a text too short to hide the rest shows none."""
        return f"…{self._text[-4:]}" if len(self._text) >= 12 else "…"

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


class Credentials(msgspec.Struct, frozen=True):
    """A key of Tencent Cloud; `source` names where it was found, `token` comes with temporary keys."""

    secret_id: Secret
    secret_key: Secret
    token: Secret | None
    source: str


class SourceTried(msgspec.Struct, frozen=True):
    """One source that was tried, and what it lacked."""

    source: str
    lack: str


class NoCredentials(msgspec.Struct, frozen=True):
    """No source had a usable key."""

    looked: tuple[SourceTried, ...]

    @property
    def message(self) -> str:
        """The sources tried and what each lacked, one line each."""
        return "\n".join(f"{looked.source}: {looked.lack}" for looked in self.looked)


class CredentialSource(Protocol):
    """A source of keys; it can be read again when they may have changed."""

    def load(self) -> Credentials | NoCredentials: ...


class EnvironmentSource:
    """Keys in `TENCENTCLOUD_SECRET_ID`, `TENCENTCLOUD_SECRET_KEY` and, with temporary keys, a token.

    The token is `TENCENTCLOUD_TOKEN` (tccli's name) or else `TENCENTCLOUD_SECURITY_TOKEN` (Terraform's).
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def load(self) -> Credentials | NoCredentials:
        """Return the keys, or which variable is not set or not usable."""
        names = ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY")
        values = [self._environ.get(name, "").strip() for name in names]
        missing = [name for name, value in zip(names, values, strict=True) if not value]
        if missing:
            lack = _("{names} not set").format(names=", ".join(missing))
            return NoCredentials((SourceTried(ENVIRONMENT, lack),))
        token = (
            self._environ.get("TENCENTCLOUD_TOKEN", "").strip()
            or self._environ.get("TENCENTCLOUD_SECURITY_TOKEN", "").strip()
        )
        for name, value in zip((*names, "TENCENTCLOUD_TOKEN"), (*values, token), strict=True):
            if not _fits_a_header(value):
                lack = _("{name} holds a character that no key has").format(name=name)
                return NoCredentials((SourceTried(ENVIRONMENT, lack),))
        return Credentials(
            Secret(values[0]), Secret(values[1]), Secret(token) if token else None, ENVIRONMENT
        )


class RefreshableCredentials:
    """The keys in use, read again from their source when the service refuses them."""

    def __init__(self, source: CredentialSource) -> None:
        self._source = source
        self.found = source.load()

    def current(self) -> Credentials:
        """Return the keys to sign with; raises if there are none."""
        if isinstance(self.found, NoCredentials):
            raise LookupError("no credentials")
        return self.found

    @property
    def shown(self) -> str:
        """The masked key in use, and its source."""
        if isinstance(self.found, NoCredentials):
            return ""
        return _("{key} from {source}").format(key=self.found.secret_id.masked, source=self.found.source)

    def read_again(self) -> bool:
        """Read the source again; return whether it now has other keys than before."""
        before = self.found
        found = self._source.load()
        if isinstance(found, NoCredentials) and isinstance(before, Credentials):
            # A file that is being replaced is missing for a moment: the keys in use stay.
            return False
        self.found = found
        return isinstance(found, Credentials) and found != before


def _fits_a_header(text: str) -> bool:
    return text.isascii() and all(" " < character < "\x7f" for character in text)
