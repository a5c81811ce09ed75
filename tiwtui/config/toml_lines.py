"""The line numbers of the values in a TOML text: `tomllib` gives values without lines. Pure.

`tomllib` must accept the text; its errors have line numbers already.

1. Every key has the line where it first appears; every element of an array has its own line.
2. If a part cannot be read, the rest has no line numbers; nothing is raised.
"""

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\[\s\S])*?"{3,5}'
    r"|'''[\s\S]*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
_SCALAR = re.compile(r"[^,\]}#\n]+")

_Path = tuple[str | int, ...]


def lines_of(text: str) -> Mapping[_Path, int]:
    """Return the line, counted from 1, of each key and array element of a text that `tomllib` accepts."""
    scan = _Scan(text)
    with suppress(_Lost):
        scan.document()
    return scan.lines


class _Lost(Exception):
    """The text does not have the expected form."""


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted_to = 0
        self._sizes: dict[_Path, int] = {}
        self.lines: dict[_Path, int] = {}

    def document(self) -> None:
        """Read all statements."""
        table: _Path = ()
        self._take(_BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[[", self._at):
                table = self._header("[[", "]]")
                size = self._sizes.get(table, 0)
                self._sizes[table] = size + 1
                table = (*table, size)
                self._note(table)
            elif self._text.startswith("[", self._at):
                table = self._header("[", "]")
            else:
                self._pair(table)
            self._take(_BLANK)

    def _header(self, opening: str, closing: str) -> _Path:
        self._literal(opening)
        self._take(_SPACE)
        path = self._dotted((), is_header=True)
        self._literal(closing)
        return path

    def _pair(self, table: _Path) -> None:
        path = self._dotted(table)
        self._literal("=")
        self._take(_SPACE)
        self._value(path)

    def _dotted(self, base: _Path, *, is_header: bool = False) -> _Path:
        """Read a key with all its dots; in a header the name of an array of tables means its last table."""
        path = base
        while True:
            if is_header and path in self._sizes:
                path = (*path, self._sizes[path] - 1)
            path = (*path, self._key())
            self._note(path)
            self._take(_SPACE)
            if not self._text.startswith(".", self._at):
                return path
            self._at += 1
            self._take(_SPACE)

    def _key(self) -> str:
        if self._text[self._at : self._at + 1] in ('"', "'"):
            quoted = self._take(_STRING)
            try:
                return str(tomllib.loads(f"key = {quoted}")["key"])
            except tomllib.TOMLDecodeError:
                raise _Lost from None
        return self._take(_BARE)

    def _value(self, path: _Path) -> None:
        match self._text[self._at : self._at + 1]:
            case "[":
                self._items(path, "]")
            case "{":
                self._items(path, "}")
            case '"' | "'":
                self._take(_STRING)
            case _:
                self._take(_SCALAR)

    def _items(self, path: _Path, closing: str) -> None:
        """Read an array or an inline table."""
        self._at += 1
        count = 0
        while True:
            self._take(_BLANK)
            if self._text.startswith(closing, self._at):
                self._at += 1
                return
            if closing == "]":
                self._note((*path, count))
                self._value((*path, count))
            else:
                self._pair(path)
            count += 1
            self._take(_BLANK)
            if self._text.startswith(",", self._at):
                self._at += 1
            elif not self._text.startswith(closing, self._at):
                raise _Lost

    def _note(self, path: _Path) -> None:
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        self.lines.setdefault(path, self._line)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _Lost
        self._at = match.end()
        return match[0]

    def _literal(self, text: str) -> None:
        if not self._text.startswith(text, self._at):
            raise _Lost
        self._at += len(text)
