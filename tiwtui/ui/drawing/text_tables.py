"""Blocks of a sheet: a heading over facts or a table, one below the other or two side by side. Pure."""

import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest

import msgspec
from rich.cells import cell_len

from tiwtui.formatting import Tone, TonedText
from tiwtui.ui.drawing.cells import drop_until_fits, fit
from tiwtui.ui.drawing.styled_text import Row, Span, row_width

NAME_WIDTH = 14
_INDENT = "   "
_BETWEEN = 3
_GIVES_TO = 16


class Column(msgspec.Struct, frozen=True):
    """A column of a table: its title, its cells, and when it leaves for lack of room.

    `leaves` is the place in the order of leaving; 0 stays. A column that `gives` is cut before others leave.
    """

    title: str
    cells: tuple[TonedText, ...]
    is_right: bool = False
    leaves: int = 0
    gives: bool = False

    @property
    def width(self) -> int:
        return max(cell_len(self.title), *(cell_len(cell.text) for cell in self.cells), 1)


def heading(text: str, beside: str = "") -> Row:
    """Return the line above a block."""
    return (Span(f" {text}", Tone.NAME, is_strong=True), Span(f"  {beside}" if beside else "", Tone.QUIET))


def facts(pairs: Iterable[tuple[str, TonedText]], width: int) -> list[Row]:
    """Return a line per named fact, folded to a width under itself."""
    rows: list[Row] = []
    for name, said in pairs:
        room = max(12, width - len(_INDENT) - NAME_WIDTH)
        for number, line in enumerate(textwrap.wrap(said.text, room) or [""]):
            rows.append(
                (
                    Span(_INDENT + fit("" if number else name, NAME_WIDTH), Tone.QUIET),
                    Span(line, said.tone),
                )
            )
    return rows


def table(columns: Sequence[Column], width: int, ellipsis: str) -> list[Row]:
    """Return a head and a line per row; columns leave until the rest fits."""
    leaving = sorted(
        (at for at, column in enumerate(columns) if column.leaves), key=lambda at: columns[at].leaves
    )
    fitting = drop_until_fits(columns, leaving, lambda left: _least(left) <= width)
    lacking = max(0, _width(fitting) - width)
    widths = [max(4, column.width - lacking) if column.gives else column.width for column in fitting]
    rows: list[Row] = []
    cells = zip(*(column.cells for column in fitting), strict=True)
    titles = [TonedText(column.title, Tone.QUIET) for column in fitting]
    for line in (titles, *cells):
        runs = [Span(_INDENT)]
        for said, column, wide in zip(line, fitting, widths, strict=True):
            text = fit(said.text, wide, ellipsis, is_right=column.is_right)
            runs.append(Span(text + "  ", said.tone))
        rows.append(tuple(runs))
    return rows


def _least(columns: Sequence[Column]) -> int:
    return _width(columns) - sum(max(0, column.width - _GIVES_TO) for column in columns if column.gives)


def _width(columns: Iterable[Column]) -> int:
    return len(_INDENT) + sum(column.width + 2 for column in columns) - 2


def cut(row: Row, width: int, ellipsis: str) -> Row:
    """Return a row that is no wider than `width`, ended by `ellipsis` where it was."""
    row = _stripped(row)
    if row_width(row) <= width:
        return row
    runs: list[Span] = []
    left = width
    for run in row:
        wide = cell_len(run.text)
        if wide >= left:
            # The next run begins beyond the edge: this one carries the sign that something follows.
            text = fit(run.text + " " * (wide == left), left, ellipsis)
            runs.append(msgspec.structs.replace(run, text=text))
            break
        runs.append(run)
        left -= wide
    return tuple(runs)


def _stripped(row: Row) -> Row:
    while row and not row[-1].text.rstrip():
        row = row[:-1]
    if not row:
        return row
    last = row[-1]
    return (*row[:-1], msgspec.structs.replace(last, text=last.text.rstrip()))


def beside(left: Sequence[Row], right: Sequence[Row], left_width: int, ellipsis: str) -> list[Row]:
    """Return two blocks side by side; the right one begins at the cell `left_width`."""
    rows: list[Row] = []
    for one, other in zip_longest(left, right, fillvalue=()):
        one = cut(one, left_width - _BETWEEN, ellipsis)
        rows.append((*one, Span(" " * (left_width - row_width(one))), *other) if other else one)
    return rows


def stacked(blocks: Iterable[Sequence[Row]]) -> list[Row]:
    """Return blocks one below the other, an empty line between; empty blocks take none."""
    rows: list[Row] = []
    for block in blocks:
        if block and rows:
            rows.append(())
        rows += block
    return rows
