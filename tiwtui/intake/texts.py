"""A whole text: which form stands where, read from its start to its end.

1. A line that begins with a bracket is a document before it is a row; any other is a row before it is a line.
2. A table goes on to the end of the text or to the next header; a line of one cell amid its rows, which is
   no id, is read as a line.
3. A line that is one word of the form `APP/ID` is that task, whatever the id holds.
4. What holds something and tells no task is handed back, cut to `MOST_SHOWN` characters.
"""

import re
from dataclasses import dataclass
from typing import assert_never

from tiwtui.intake.csv_text import Table, header, record_end, row
from tiwtui.intake.ids import Entry, begins_with_app, trimmed
from tiwtui.intake.json_text import Documents, stretch, with_text_around
from tiwtui.intake.lines import is_one_word, labelled_in, line_end, loose_in, only_word, told_by

MOST_SHOWN = 200

_COLOURS = re.compile(r"\x1b\[[0-9;:?]*+[ -/]*+[@-~]")
_LINE_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Told:
    """The tasks of a text in their order, what was not understood, and the table it ends in."""

    entries: tuple[Entry, ...]
    not_understood: tuple[str, ...]
    table: Table | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line, a record or a document: where it ends and the tasks it tells."""

    end: int
    entries: tuple[Entry, ...]


def told_by_text(text: str, table: Table | None = None) -> Told:
    """Return what `text` tells; `table` is the one whose rows it begins with."""
    # A log's colours would stick to the words beside them.
    documents = Documents(_LINE_ENDS.sub("\n", _COLOURS.sub("", text)))
    entries: list[Entry] = []
    not_understood: list[str] = []
    start = 0
    while start <= len(documents.text):
        end = line_end(documents.text, start)
        found = _piece(documents, table, start, end)
        match found:
            case Table():
                table = found
            case _Piece():
                end = found.end
                entries += found.entries
                if not found.entries and _holds_something(documents.text[start:end]):
                    not_understood.append(shown(documents.text[start:end]))
            case None:
                pass
            case _ as unreachable:
                assert_never(unreachable)
        start = end + 1
    return Told(tuple(entries), tuple(not_understood), table)


def _piece(documents: Documents, table: Table | None, start: int, end: int) -> _Piece | Table | None:
    """Return what begins with the line from `start` to `end`; `None` for a comment or a blank line."""
    text = documents.text
    line = trimmed(text[start:end])
    if not line or line[0] == "#":
        return None
    if line[0] in "{[":
        return _lines(documents, start, end)
    if not _holds_something(line):
        return None
    if table is not None:
        return (
            header(text[start:end], within_table=True)
            or _record(table, text, start)
            or _lines(documents, start, end)
        )
    if is_one_word(line) and begins_with_app(line):
        return _Piece(end, only_word(line))
    return header(text[start:end]) or _lines(documents, start, end)


def _holds_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _record(table: Table, text: str, start: int) -> _Piece | None:
    """Return the record that begins at `start`, or `None` for a line by law 2."""
    end = record_end(text, start)
    found = row(table, text[start:end])
    if found.entry is not None:
        return _Piece(end, (found.entry,))
    return _Piece(end, ()) if found.width > 1 else None


def _lines(documents: Documents, start: int, end: int) -> _Piece:
    """Return one line, longer by the documents in it that go on beyond it."""
    if documents.first_between(start, end) is None:
        return _Piece(end, told_by(trimmed(documents.text[start:end])))
    found = stretch(documents, start, end)
    told = with_text_around(found)
    if told.has_key or found.told.loose:
        return _Piece(found.end, told.entries)
    loose = loose_in(found.around)
    if found.end > end or not _holds_something(found.around):
        return _Piece(found.end, loose)
    # A pid or a count in brackets is a document too: `[1234567890] …`, `… Maths [2025, 11, 22]`.
    line = trimmed(documents.text[start:end])
    return _Piece(end, only_word(line) if is_one_word(line) else labelled_in(line) or loose)


def shown(text: str) -> str:
    """Return the first words of what was not understood."""
    line = trimmed(text)
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"
