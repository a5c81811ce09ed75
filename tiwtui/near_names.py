"""The valid name that a mistyped one may have meant, and how a message suggests it."""

from collections.abc import Iterable
from difflib import get_close_matches

from tiwtui.i18n import _
from tiwtui.sanitize import safe

_LONGEST_NAME = 24


def nearest(name: str, names: Iterable[str], likeness: float = 0.5) -> str | None:
    """Return the valid name most similar to a mistyped one, if one is similar enough."""
    found = get_close_matches(name[:_LONGEST_NAME].casefold(), list(names), 1, likeness)
    return found[0] if found else None


def quoted(text: str) -> str:
    """Return foreign text in quotes, safe for a terminal."""
    return f'"{safe(text)}"'


def did_you_mean(name: str) -> str:
    """Return the end of a message that suggests a name."""
    return _("; did you mean {name}?").format(name=quoted(name))
