"""Rows of CSV and TSV under a header that names their columns.

1. A line is a header if one of its cells, without case, spaces, `_` and `-`, is a name for the id of a task,
   and none looks like a task or is a number. A lone cell has to be `TaskId`.
2. The delimiter is the one of tab, comma and semicolon that makes the header a header.
3. A record continues over line ends while a quote is open, for `MOST_LINES` lines at most: one stray quote
   costs a row, never the rest of the file.
4. The guard with which an export keeps a cell from being a formula is not part of the cell.
"""

import csv
import re

import msgspec

from tiwtui.intake.ids import Entry, app, label, looks_like_task, plain_name, task_id, trimmed
from tiwtui.intake.lines import line_end
from tiwtui.spreadsheet_formulas import unguarded

MOST_LINES = 16
_LONGEST_HEADER = 4096

_MAY_HEAD = re.compile("task|id|任务", re.IGNORECASE)
_TASK_ALONE = ("taskid",)
_TASK = ("taskid", "task", "id", "任务id", "任务")
_APP = ("sdkappid", "app", "应用id")
_LABEL = ("label", "title", "name", "标签", "名称", "标题")


class Table(msgspec.Struct, frozen=True):
    """The delimiter of a table and the places of its columns."""

    delimiter: str
    task: int
    app: int | None
    label: int | None


def header(line: str, *, within_table: bool = False) -> Table | None:
    """Return the table that `line` begins, or `None` for a line that is no header.

    Within a table a row's label may be `Task` or `Id`: there only `TaskId` makes another header.
    """
    if len(line) > _LONGEST_HEADER or _MAY_HEAD.search(line) is None:
        return None
    for delimiter in "\t,;":
        cells = [trimmed(cell) for cell in _cells(line, delimiter)]
        if any(looks_like_task(cell) or cell.isdecimal() for cell in cells):
            continue
        names = list(map(plain_name, cells))
        task = _column(names, _TASK_ALONE if within_table or len(names) == 1 else _TASK)
        if task is not None:
            return Table(delimiter, task, _column(names, _APP), _column(names, _LABEL))
    return None


def _column(names: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def record_end(text: str, start: int) -> int:
    """Return where the record that begins at `start` ends: at a line end outside quotes."""
    end = line_end(text, start)
    first_end, quotes = end, text.count('"', start, end)
    for _ in range(MOST_LINES):
        if quotes % 2 == 0:
            return end
        if end == len(text):
            break
        begin, end = end + 1, line_end(text, end + 1)
        quotes += text.count('"', begin, end)
    return first_end


class Row(msgspec.Struct, frozen=True):
    """One record: how many cells it has, and its task if the cell for it holds an id."""

    width: int
    entry: Entry | None


def row(table: Table, record: str) -> Row:
    """Return one record of `table`."""
    cells = [unguarded(cell) for cell in _cells(record, table.delimiter)]

    def cell(column: int | None) -> str:
        return cells[column] if column is not None and column < len(cells) else ""

    name, number = task_id(cell(table.task)), app(cell(table.app))
    if name is None:
        return Row(len(cells), None)
    # Without an application column the cell may hold it: `1400000001/ghuc…`.
    entry = (looks_like_task(name) if number is None else None) or Entry(name, number)
    return Row(len(cells), msgspec.structs.replace(entry, label=label(cell(table.label))))


def _cells(record: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([record], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:  # a cell of more than 128 KiB
        return []
