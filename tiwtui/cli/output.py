"""Tasks on standard output: the formats, the options that choose one, and advice on standard error.

A new format is one writer and one row of `FORMATS`.

1. Each format is a flag of its own, and two are a usage error. (As values of one option, click before 8.4
   passes text instead of the values.)
2. A URL that is not fit to be one leaves its cell empty; how many and why is printed on standard error. JSON
   has every URL as the service gave it, escaped.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

import click
import msgspec

from tiwtui.api.errors import inner_failure
from tiwtui.formatting import advice_text, failure_text, trouble_detail
from tiwtui.i18n import _, ngettext
from tiwtui.model import Details, Failure, Task, Trouble
from tiwtui.results.serializers import BOM, COLUMNS, csv_text, document, json_array, json_text, plain_row
from tiwtui.sanitize import safe, url_fault

Command = TypeVar("Command", bound=Callable[..., Any])

_WRITTEN_AT_ONCE = 1000
_URL = COLUMNS.index("first_url")


class _WithheldUrls:
    """Counts the URLs that are not printed, by the reason."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def note(self, details: Details) -> None:
        for video in details.listed:
            fault = url_fault(video.url)
            if fault is not None:
                self._counts[fault] = self._counts.get(fault, 0) + 1

    def report(self) -> None:
        count = sum(self._counts.values())
        if count:
            message = ngettext(
                "{count} URL withheld ({reasons}): --json has it as the service gave it, escaped",
                "{count} URLs withheld ({reasons}): --json has them as the service gave them, escaped",
                count,
            )
            click.echo(message.format(count=count, reasons="; ".join(self._counts)), err=True)
            self._counts.clear()


class Target(msgspec.Struct, frozen=True):
    """What a writer knows of standard output, and where it counts the URLs that it withholds."""

    is_aligned: bool
    is_ascii: bool
    withheld: _WithheldUrls


class _Writer(Protocol):
    """Turns tasks into text; `end` returns the text that had to wait for the last task."""

    def take(self, task: Task, details: Details) -> str: ...
    def end(self) -> str: ...


class _JsonArray:
    def __init__(self, target: Target) -> None:
        self._target = target
        self._documents: list[str] = []

    def take(self, task: Task, details: Details) -> str:
        text = json_text(document(task, details), indent=2, ascii_only=self._target.is_ascii)
        self._documents.append(text)
        return ""

    def end(self) -> str:
        return json_array(self._documents) + "\n"


class _JsonLines:
    def __init__(self, target: Target) -> None:
        self._target = target

    def take(self, task: Task, details: Details) -> str:
        return json_text(document(task, details), ascii_only=self._target.is_ascii) + "\n"

    def end(self) -> str:
        return ""


class _Csv:
    def __init__(self, target: Target) -> None:
        self._target = target
        self._has_header = False

    def take(self, task: Task, details: Details) -> str:
        self._target.withheld.note(details)
        listed = msgspec.structs.replace(details, videos=details.listed)
        text = csv_text(((task, listed),), header=not self._has_header)
        text = text if self._has_header else BOM + text
        self._has_header = True
        return text

    def end(self) -> str:
        return ""


class _Table:
    """Aligned columns, where all rows must be known; else tab-separated lines without a header."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._rows: list[tuple[str, ...]] = []

    def take(self, task: Task, details: Details) -> str:
        cells = plain_row(task, details)
        if details.listed and not cells[_URL]:
            self._target.withheld.note(details)
        row = tuple(map(safe, cells))
        if self._target.is_aligned:
            self._rows.append(row)
            return ""
        return "\t".join(row) + "\n"

    def end(self) -> str:
        if not self._rows:
            return ""
        header = tuple(column.upper() for column in COLUMNS)
        return "".join(f"{line}\n" for line in _aligned((header, *self._rows)))


class OutputFormat(msgspec.Struct, frozen=True):
    """How tasks are written. `is_incremental`: a task may be printed before the others are known."""

    name: str
    help: str
    writer: Callable[[Target], _Writer]
    is_incremental: bool = False
    is_utf8: bool = False
    """Whether it is UTF-8 with its own line ends, whatever the encoding of standard output."""


PLAIN = OutputFormat("", "", _Table)
JSON = OutputFormat("json", _("One JSON array."), _JsonArray)
JSON_LINES = OutputFormat("jsonl", _("A JSON object a line."), _JsonLines, is_incremental=True)
CSV = OutputFormat("csv", _("CSV, a row per video."), _Csv, is_utf8=True)
FORMATS = (JSON, JSON_LINES, CSV)
"""Those with an option; `PLAIN` is used without one."""


def format_options(command: Command) -> Command:
    """Give a command one flag per format; it is passed `output_format`."""

    @wraps(command)
    def with_format(*args: Any, **options: Any) -> Any:
        given = [each for each in FORMATS if options.pop(each.name)]
        if len(given) > 1:
            names = " ".join(f"--{each.name}" for each in given)
            raise click.UsageError(_("only one of {options} can be given").format(options=names))
        return command(*args, output_format=given[0] if given else PLAIN, **options)

    for each in reversed(FORMATS):
        with_format = click.option(f"--{each.name}", is_flag=True, help=each.help)(with_format)
    return cast(Command, with_format)


class Printer:
    """Writes tasks in one format as they come; `close` writes what had to wait for the last task.

    `is_endless`: there is no last task, so that nothing can be aligned. `is_known`: all tasks are known at
    once, and many lines are written together, since a write costs more than a line.
    """

    def __init__(
        self, output_format: OutputFormat, *, is_endless: bool = False, is_known: bool = False
    ) -> None:
        # A closed standard output is None.
        is_terminal = sys.stdout is not None and sys.stdout.isatty()
        encoding = sys.stdout.encoding if sys.stdout is not None else "utf-8"
        self._withheld = _WithheldUrls()
        target = Target(
            is_aligned=is_terminal and not is_endless,
            is_ascii=not encoding.lower().startswith("utf"),
            withheld=self._withheld,
        )
        self._writer = output_format.writer(target)
        self._is_utf8 = output_format.is_utf8
        self._texts: list[str] = []
        self._written_at_once = _WRITTEN_AT_ONCE if is_known else 1

    def take(self, task: Task, details: Details) -> None:
        """Write one task, now or in `close`."""
        text = self._writer.take(task, details)
        if text:
            self._texts.append(text)
            if len(self._texts) >= self._written_at_once:
                self._write()

    def close(self) -> None:
        """Write what had to wait for the last task."""
        self._texts.append(self._writer.end())
        self._write()
        self._withheld.report()

    def _write(self) -> None:
        text = "".join(self._texts)
        self._texts.clear()
        if text:
            click.echo(text.encode() if self._is_utf8 else text, nl=False)


class Adviser:
    """Prints on standard error what failures and trouble mean and what to do, once for each distinct code."""

    def __init__(self) -> None:
        self._printed: set[tuple[str, ...]] = set()

    def advise(self, *problems: Failure | Trouble | None) -> None:
        """Print what to do about each problem that is not `None`."""
        for problem in problems:
            if problem is None:
                continue
            inner = inner_failure(problem.message) if isinstance(problem, Failure) else None
            advice = advice_text(problem)
            cause = (problem.code, *(inner or ())[:1], advice)
            if cause not in self._printed:
                self._printed.add(cause)
                # The message of the first one stands for all with its code.
                reason = failure_text(problem) if isinstance(problem, Failure) else trouble_detail(problem)
                click.echo(f"{safe(problem.code)}: {reason} · {advice}", err=True)


def _aligned(rows: tuple[tuple[str, ...], ...]) -> list[str]:
    # Only a terminal needs it, and scripts should not wait for its import.
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
