"""Text a person pastes or pipes in, read as tasks. Pure.

1. No text raises, and the time is linear in its length.
2. Where a line, an object or a document has a `TaskId` key, only its values count, never those of
   `OnlineRecordTaskId`, `RequestId`, `RoomId`, `VideoId`, however much they look like an id.
3. Elsewhere a word among words counts only in the known shape; a line that is one word is an id whatever its
   shape.
4. Nothing vanishes: a line that holds anything and gave no task is handed back as not understood. Blank
   lines, comments (`# …`) and lines without a letter or digit hold nothing.
5. A task told twice is one entry, where it first stood; the last label told wins.
6. An id is kept verbatim; no whitespace, control or invisible character is ever part of one.

Which form stands where is told in `texts.py`: JSON documents, over as many lines as they take and also amid
other text (`documents.py`); rows under a header of CSV or TSV (`tables.py`); lines (`lines.py`). What an id
looks like, wherever it stands, is told in `shapes.py`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tiwtui.intake.csv_text import Table
from tiwtui.intake.ids import Entry, app_and_id, begins_with_app, task_id
from tiwtui.intake.json_text import depth_change
from tiwtui.intake.texts import Told, told_by_text
from tiwtui.model import TaskRef

__all__ = ["Entry", "Intake", "LineReader", "named", "read"]


@dataclass(frozen=True, slots=True)
class Intake:
    """The tasks of a text, each once, and the lines or documents that told none.

    `several` are tasks of a watch list that share an id told without its application: which one is meant
    cannot be known.
    """

    entries: tuple[Entry, ...] = ()
    not_understood: tuple[str, ...] = ()
    several: tuple[tuple[TaskRef, ...], ...] = ()

    def beside(self, watched: Iterable[TaskRef], default_app: int | None) -> "Intake":
        """Return the same beside a watch list.

        An id without application is of the default one, or else of the task there that has it. One that
        several tasks there have is none of them, whichever application is the default one.
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
                entries.append(replace(entry, sdk_app_id=refs[0].sdk_app_id))
            else:
                entries.append(entry)
        return Intake(_merged(entries, default_app), self.not_understood, tuple(several))

    def needs_app(self, default_app: int | None) -> bool:
        """Whether a task has no application yet, so that the user has to be asked for one."""
        return default_app is None and any(entry.sdk_app_id is None for entry in self.entries)

    def tasks(self, default_app: int | None) -> tuple[tuple[TaskRef, str | None], ...]:
        """Return the tasks with the labels told; those that have no application are left out."""
        refs = ((entry.ref(default_app), entry.label) for entry in self.entries)
        return tuple((ref, label) for ref, label in refs if ref is not None)


def read(text: str, default_app: int | None = None) -> Intake:
    """Return the tasks that `text` tells.

    `default_app` only decides which entries are the same task: an id alone and that id in the default
    application are one. Entries stay as they were told, `None` where the application was not.
    """
    told = told_by_text(text.removeprefix("\ufeff"))
    return Intake(_merged(told.entries, default_app), told.not_understood)


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
    """Reads a text that comes line by line, such as standard input: each line tells its tasks at once.

    It remembers the header of a table. A line that opens a JSON document and leaves it open is held back
    while the lines after it look like its pieces, so `jq .` can be piped in; the first that does not, or
    `MOST_HELD` characters, end the wait, and all of them are read as lines. A record of a table has to
    stand on one line; only `read` takes one whose quoted cell has line ends.
    """

    MOST_HELD = 1_000_000

    def __init__(self, default_app: int | None = None) -> None:
        self._default_app = default_app
        self._table: Table | None = None
        self._held: list[str] = []
        self._held_size = 0
        self._depth = 0

    def feed(self, line: str) -> Intake:
        """Return what `line`, with or without its line end, tells; with it what was held back before."""
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
        """Return what the lines still held back tell."""
        held, self._held, self._held_size, self._depth = self._held, [], 0, 0
        return self._read("\n".join(held))

    def _hold(self, line: str, change: int) -> None:
        self._held.append(line.rstrip("\r\n"))
        self._held_size += len(line)
        self._depth += change

    def _read(self, text: str) -> Intake:
        told: Told = told_by_text(text.removeprefix("\ufeff"), self._table)
        self._table = told.table
        return Intake(_merged(told.entries, self._default_app), told.not_understood)


_PIECE = re.compile(r'\s*+(?:$|["{}\[\],]|(?:-?[0-9][0-9.eE+\-]*+|true|false|null)\s*+,?\s*+$)')


def _is_piece(line: str) -> bool:
    """Whether `line` can be a line within pretty-printed JSON."""
    return _PIECE.match(line) is not None


def _opens_document(line: str) -> bool:
    text = line.strip()
    return text.endswith(("{", "[")) or (text.startswith(("{", "[")) and text.endswith(","))
