"""The checked values of a configuration file. Imports little, so a start without such a file is fast."""

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
    """One mistake in a file, with its line number if that is known."""

    text: str
    line: int | None = None

    def with_place(self, path: Path) -> str:
        """Return `file:line: message`, as compilers print it."""
        place = f"{path}" if self.line is None else f"{path}:{self.line}"
        return f"{place}: {self.text}"


class Config(msgspec.Struct, frozen=True):
    """The values of the file, as far as they could be read.

    `keys` are command ids with their keys, no key if a command is to have none. `filters` are names with
    queries. `lines` has the line number of each value, for checks that other modules make.
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
