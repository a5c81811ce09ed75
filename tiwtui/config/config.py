"""What a configuration file says, as checked values. Light: a program without such a file needs no more."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

from tiwtui.config.settings import Profile

Place = tuple[str | int, ...]
"""The keys, and places in arrays, that lead to a value."""


class GlyphChoice(StrEnum):
    """Which signs the screen draws; `AUTO` asks the terminal how wide they are."""

    AUTO = "auto"
    UNICODE = "unicode"
    ASCII = "ascii"


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong in a file, and the line it is on where that is known."""

    text: str
    line: int | None = None

    def told(self, path: Path) -> str:
        """Return the mistake behind its place, as compilers write it."""
        place = f"{path}" if self.line is None else f"{path}:{self.line}"
        return f"{place}: {self.text}"


class Config(msgspec.Struct, frozen=True):
    """What the file says, as far as it could be understood.

    `keys` are command ids with their keys, none where a command is to have none. `filters` are names with
    queries. `lines` tells where a value stands, for who checks it against what is not known here.
    """

    path: Path | None = None
    profile: str | None = None
    profiles: Mapping[str, Profile] = msgspec.field(default_factory=dict)
    glyphs: GlyphChoice = GlyphChoice.AUTO
    theme: str | None = None
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    clipboard_command: tuple[str, ...] = ()
    lines: Mapping[Place, int] = msgspec.field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
