"""Tasks on standard output: JSON, JSON lines, CSV, or a plain table; advice on standard error."""

import sys
from typing import assert_never

import click
import msgspec

from tiwtui.api.errors import inner_failure
from tiwtui.cli.forms import Form
from tiwtui.formatting import advice_text, failure_text, trouble_detail
from tiwtui.i18n import ngettext
from tiwtui.model import Details, Failure, Task, Trouble
from tiwtui.results.serializers import BOM, COLUMNS, csv_text, document, json_array, json_text, plain_row
from tiwtui.sanitize import safe, url_fault


class Printer:
    """Takes tasks as they come and writes them in one form; `close` writes what had to wait for the last.

    Plain is aligned on a terminal, where all rows have to be known, and tab-separated without a header
    elsewhere, a line as each comes; so where `is_endless` says that there is no last one. Where all is known
    at once (`is_known`), many lines are written together: to hand each over takes longer than to make it.

    A URL that is not fit to be one leaves its cell empty; `close` says on standard error how many, and why.
    """

    def __init__(self, form: Form, *, is_endless: bool = False, is_known: bool = False) -> None:
        self._form = form
        self._pieces: list[str] = []
        self._pieces_at_once = 1000 if is_known else 1
        self._documents: list[str] = []
        self._rows: list[tuple[str, ...]] = []
        # Standard output can be closed, and then there is none.
        self._is_aligned = sys.stdout is not None and sys.stdout.isatty() and not is_endless
        encoding = sys.stdout.encoding if sys.stdout is not None else "utf-8"
        self._is_ascii = not encoding.lower().startswith("utf")
        self._has_header = False
        self._refused: dict[str, int] = {}

    def take(self, task: Task, details: Details) -> None:
        """Write one task, or keep it for `close`."""
        match self._form:
            case Form.JSON:
                self._documents.append(
                    json_text(document(task, details), indent=2, ascii_only=self._is_ascii)
                )
            case Form.JSONL:
                self._write(json_text(document(task, details), ascii_only=self._is_ascii) + "\n")
            case Form.CSV:
                self._note_refused(details)
                listed = msgspec.structs.replace(details, videos=details.listed)
                text = csv_text(((task, listed),), header=not self._has_header)
                self._write(text if self._has_header else BOM + text)
                self._has_header = True
            case Form.PLAIN:
                cells = plain_row(task, details)
                if details.listed and not cells[_URL]:
                    self._note_refused(details)
                row = tuple(map(safe, cells))
                if self._is_aligned:
                    self._rows.append(row)
                else:
                    self._write("\t".join(row) + "\n")
            case _ as unreachable:
                assert_never(unreachable)

    def close(self) -> None:
        """Write what waited for the last task."""
        self._hand_over()
        if self._form is Form.JSON:
            click.echo(json_array(self._documents))
        if self._rows:
            for line in _aligned((tuple(column.upper() for column in COLUMNS), *self._rows)):
                click.echo(line)
        self._tell_refused()

    def _write(self, piece: str) -> None:
        self._pieces.append(piece)
        if len(self._pieces) >= self._pieces_at_once:
            self._hand_over()

    def _hand_over(self) -> None:
        if not self._pieces:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        # CSV as bytes: its encoding and its line ends are its own.
        click.echo(text.encode() if self._form is Form.CSV else text, nl=False)

    def _note_refused(self, details: Details) -> None:
        for video in details.listed:
            fault = url_fault(video.url)
            if fault is not None:
                self._refused[fault] = self._refused.get(fault, 0) + 1

    def _tell_refused(self) -> None:
        count = sum(self._refused.values())
        if count:
            told = ngettext(
                "{count} URL is not given ({reasons}): --json has it as the service gave it, escaped",
                "{count} URLs are not given ({reasons}): --json has them as the service gave them, escaped",
                count,
            )
            click.echo(told.format(count=count, reasons="; ".join(self._refused)), err=True)
            self._refused.clear()


class Adviser:
    """Says on standard error what failures and trouble mean and what to do, once for each distinct code."""

    def __init__(self) -> None:
        self._said: set[tuple[str, ...]] = set()

    def advise(self, *problems: Failure | Trouble | None) -> None:
        """Say what to do about those problems that there are."""
        for problem in problems:
            if problem is None:
                continue
            inner = inner_failure(problem.message) if isinstance(problem, Failure) else None
            to_do = advice_text(problem)
            cause = (problem.code, *(inner or ())[:1], to_do)
            if cause not in self._said:
                self._said.add(cause)
                # The message of the first stands for all.
                reason = failure_text(problem) if isinstance(problem, Failure) else trouble_detail(problem)
                click.echo(f"{safe(problem.code)}: {reason} · {to_do}", err=True)


_URL = COLUMNS.index("first_url")


def _aligned(rows: tuple[tuple[str, ...], ...]) -> list[str]:
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
