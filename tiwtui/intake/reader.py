"""Text that a person pastes or pipes in, read as tasks.

1. No text raises, and the time is linear in its length.
2. Where a line, an object or a document has a `TaskId` key, only its values count, never those of
   `OnlineRecordTaskId`, `RequestId`, `RoomId`, `VideoId`, however much they look like an id.
3. Elsewhere a word among words counts only in the known shape; a line that is one word is an id whatever its
   shape.
4. Nothing is lost: a line that holds anything and gave no task is returned as not understood, cut to
   `MOST_SHOWN` characters. Blank lines, comments (`# …`) and lines without a letter or digit hold nothing.
5. A task that stands there twice is one entry, where it first stood; the last label counts.
6. An id is unchanged; no whitespace, control or invisible character is ever part of one.
7. A line that begins with a bracket is a document before it is a row; any other is a row before it is a line.
8. A table goes on to the end of the text or to the next header; a line of one cell among its rows, which is
   no id, is read as a line.
9. A line that is one word of the form `APP/ID` is that task, whatever the id holds.
"""

import re
from collections.abc import Iterable
from typing import assert_never

import msgspec

from tiwtui.intake.csv_text import Table, header, record_end, row
from tiwtui.intake.ids import Entry, app_and_id, begins_with_app, task_id, trimmed
from tiwtui.intake.json_text import Documents, depth_change, stretch, with_text_around
from tiwtui.intake.lines import is_one_word, labelled_in, line_end, loose_in, only_word, tasks_in_line
from tiwtui.model import TaskRef

MOST_SHOWN = 200

_COLOURS = re.compile(r"\x1b\[[0-9;:?]*+[ -/]*+[@-~]")
_LINE_ENDS = re.compile(r"\r\n?")


class Intake(msgspec.Struct, frozen=True):
    """The tasks of a text, each once, and the lines or documents without one.

    `several` are groups of listed tasks that share an id given without an application: which one is meant is
    not known.
    """

    entries: tuple[Entry, ...] = ()
    not_understood: tuple[str, ...] = ()
    several: tuple[tuple[TaskRef, ...], ...] = ()

    def beside(self, watched: Iterable[TaskRef], default_app: int | None) -> "Intake":
        """Return the same given a watch list.

        An id without application is of the default one, or else the listed task that has it. One that
        several listed tasks have is none of them, whichever application is the default one.
        """
        bare = {entry.task_id for entry in self.entries if entry.sdk_app_id is None}
        if not bare:
            return self
        having: dict[str, list[TaskRef]] = {}
        for ref in watched:
            if ref.task_id in bare:
                having.setdefault(ref.task_id, []).append(ref)
        entries: list[Entry] = []
        several: list[tuple[TaskRef, ...]] = []
        for entry in self.entries:
            refs = having.get(entry.task_id, []) if entry.sdk_app_id is None else []
            if len(refs) > 1:
                several.append(tuple(sorted(refs)))
            elif refs and default_app is None:
                entries.append(msgspec.structs.replace(entry, sdk_app_id=refs[0].sdk_app_id))
            else:
                entries.append(entry)
        return Intake(_merged(entries, default_app), self.not_understood, tuple(several))

    def needs_app(self, default_app: int | None) -> bool:
        """Return whether a task has no application, so that the user has to be asked for one."""
        return default_app is None and any(entry.sdk_app_id is None for entry in self.entries)

    def tasks(self, default_app: int | None) -> tuple[tuple[TaskRef, str | None], ...]:
        """Return the tasks with the labels given; those without an application are left out."""
        refs = ((entry.ref(default_app), entry.label) for entry in self.entries)
        return tuple((ref, label) for ref, label in refs if ref is not None)


def read(text: str, default_app: int | None = None) -> Intake:
    """Return the tasks in `text`.

    `default_app` only decides which entries are the same task: an id alone and that id in the default
    application are one. An entry without an application stays without one.
    """
    found = _read_text(text.removeprefix("\ufeff"))
    return Intake(_merged(found.entries, default_app), found.not_understood)


def named(word: str) -> Entry | None:
    """Return the task that a command's argument names, as `ID` or `APP/ID`; `None` if it can be neither."""
    if begins_with_app(word):
        return app_and_id(word)
    name = task_id(word)
    return None if name is None else Entry(name)


def _merged(entries: Iterable[Entry], default_app: int | None) -> tuple[Entry, ...]:
    merged: dict[tuple[int | None, str], Entry] = {}
    for entry in entries:
        app = default_app if entry.sdk_app_id is None else entry.sdk_app_id
        before = merged.get((app, entry.task_id), entry)
        merged[app, entry.task_id] = Entry(
            entry.task_id,
            before.sdk_app_id if entry.sdk_app_id is None else entry.sdk_app_id,
            before.label if entry.label is None else entry.label,
        )
    return tuple(merged.values())


class LineReader:
    """Reads a text that comes line by line, such as standard input, and gives the tasks of each line at once.

    It remembers the header of a table. A line that opens a JSON document is held while the lines after it
    look like parts of it, so `jq .` can be piped in; the first that does not, or `MOST_HELD` characters, end
    the wait, and all of them are read as lines. A record of a table must be one line; only `read` accepts a
    quoted cell with line ends.
    """

    MOST_HELD = 1_000_000

    def __init__(self, default_app: int | None = None) -> None:
        self._default_app = default_app
        self._table: Table | None = None
        self._held: list[str] = []
        self._held_size = 0
        self._depth = 0

    def feed(self, line: str) -> Intake:
        """Return the tasks of `line`, with or without its line end, and of the lines held before it."""
        change = depth_change(line)
        if self._held:
            self._hold(line, change)
            goes_on = self._depth > 0 and self._held_size < self.MOST_HELD and _is_piece(line)
            return Intake() if goes_on else self.close()
        if change > 0 and _opens_document(line):
            self._hold(line, change)
            return Intake()
        return self._read(line)

    def close(self) -> Intake:
        """Return the tasks of the lines still held."""
        held, self._held, self._held_size, self._depth = self._held, [], 0, 0
        return self._read("\n".join(held))

    def _hold(self, line: str, change: int) -> None:
        self._held.append(line.rstrip("\r\n"))
        self._held_size += len(line)
        self._depth += change

    def _read(self, text: str) -> Intake:
        found = _read_text(text.removeprefix("\ufeff"), self._table)
        self._table = found.table
        return Intake(_merged(found.entries, self._default_app), found.not_understood)


_PIECE = re.compile(r'\s*+(?:$|["{}\[\],]|(?:-?[0-9][0-9.eE+\-]*+|true|false|null)\s*+,?\s*+$)')


def _is_piece(line: str) -> bool:
    """Return whether `line` can be a line within pretty-printed JSON."""
    return _PIECE.match(line) is not None


def _opens_document(line: str) -> bool:
    text = line.strip()
    return text.endswith(("{", "[")) or (text.startswith(("{", "[")) and text.endswith(","))


class _Found(msgspec.Struct, frozen=True):
    """The tasks of a text in their order, what was not understood, and the table it ends in."""

    entries: tuple[Entry, ...]
    not_understood: tuple[str, ...]
    table: Table | None


class _Piece(msgspec.Struct, frozen=True):
    """A line, a record or a document: where it ends, and its tasks."""

    end: int
    entries: tuple[Entry, ...]


def _read_text(text: str, table: Table | None = None) -> _Found:
    """Return what is in `text`; it begins with rows of `table`, if there is one."""
    # The escape codes of a coloured log would become part of the words beside them.
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
                    not_understood.append(_shown(documents.text[start:end]))
            case None:
                pass
            case _ as unreachable:
                assert_never(unreachable)
        start = end + 1
    return _Found(tuple(entries), tuple(not_understood), table)


def _piece(documents: Documents, table: Table | None, start: int, end: int) -> _Piece | Table | None:
    """Return what begins at the line from `start` to `end`; `None` for a comment or a blank line."""
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
    """Return the record that begins at `start`, or `None` for a line (law 8)."""
    end = record_end(text, start)
    found = row(table, text[start:end])
    if found.entry is not None:
        return _Piece(end, (found.entry,))
    return _Piece(end, ()) if found.width > 1 else None


def _lines(documents: Documents, start: int, end: int) -> _Piece:
    """Return one line, or more where a document in it goes on in the next lines."""
    if documents.first_between(start, end) is None:
        return _Piece(end, tasks_in_line(trimmed(documents.text[start:end])))
    found = stretch(documents, start, end)
    tasks = with_text_around(found)
    if tasks.has_key or found.tasks.loose:
        return _Piece(found.end, tasks.entries)
    loose = loose_in(found.around)
    if found.end > end or not _holds_something(found.around):
        return _Piece(found.end, loose)
    # A number in brackets is a document too: `[1234567890] …`, `… Maths [2025, 11, 22]`.
    line = trimmed(documents.text[start:end])
    return _Piece(end, only_word(line) if is_one_word(line) else labelled_in(line) or loose)


def _shown(text: str) -> str:
    """Return the beginning of what was not understood."""
    line = trimmed(text)
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"
