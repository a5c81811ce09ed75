"""Tasks on standard output: JSON, JSON lines, CSV, or a plain table."""

import sys

import click

from tiwtui.cli.forms import Form
from tiwtui.results.documents import BOM, COLUMNS, csv_text, document, json_text, plain_row
from tiwtui.tasks import Details, Task
from tiwtui.words import safe


class Printer:
    """Takes tasks as they come and writes them in one form; `close` writes what had to wait for the last.

    Plain is aligned on a terminal, where all rows have to be known, and tab-separated without a header
    elsewhere, a line as each comes; so where `is_endless` says that there is no last one. Where all is known
    at once (`is_known`), many lines are written together: to hand each over takes longer than to make it.
    """

    def __init__(self, form: Form, *, is_endless: bool = False, is_known: bool = False) -> None:
        self._form = form
        self._lines: list[str] = []
        self._lines_at_once = 1000 if is_known else 1
        self._documents: list[dict[str, object]] = []
        self._rows: list[tuple[str, ...]] = []
        # Standard output can be closed, and then there is none.
        self._is_aligned = sys.stdout is not None and sys.stdout.isatty() and not is_endless
        encoding = sys.stdout.encoding if sys.stdout is not None else "utf-8"
        self._is_ascii = not encoding.lower().startswith("utf")
        self._has_header = False

    def take(self, task: Task, details: Details) -> None:
        """Write one task, or keep it for `close`."""
        match self._form:
            case Form.JSON:
                self._documents.append(document(task, details))
            case Form.JSONL:
                self._write(json_text(document(task, details), ascii_only=self._is_ascii))
            case Form.CSV:
                text = csv_text(((task, details),), header=not self._has_header)
                # As bytes: its encoding and its line ends are its own.
                click.echo((text if self._has_header else BOM + text).encode(), nl=False)
                self._has_header = True
            case Form.PLAIN:
                row = tuple(safe(cell) for cell in plain_row(task, details))
                if self._is_aligned:
                    self._rows.append(row)
                else:
                    self._write("\t".join(row))

    def close(self) -> None:
        """Write what waited for the last task."""
        self._hand_over()
        if self._form is Form.JSON:
            click.echo(json_text(self._documents, indent=2, ascii_only=self._is_ascii))
        if self._rows:
            for line in _aligned((tuple(column.upper() for column in COLUMNS), *self._rows)):
                click.echo(line)

    def _write(self, line: str) -> None:
        self._lines.append(line)
        if len(self._lines) >= self._lines_at_once:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._lines:
            click.echo("\n".join(self._lines))
            self._lines.clear()


def _aligned(rows: tuple[tuple[str, ...], ...]) -> list[str]:
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
