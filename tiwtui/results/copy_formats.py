"""The formats in which tasks are copied: for a browser, chat, spreadsheet, ticket or program. Pure.

1. A URL that is not safe is in no format; `Formatted.refused` says why.
2. `kinds` selects videos. A task without a selected video has a line in formats with a line per task, and
   none in formats with a line per video.
"""

import csv
import io
from collections.abc import Generator, Iterable, Sequence
from enum import StrEnum
from typing import assert_never

import msgspec

from tiwtui.formatting import duration_text, kind_word, task_name
from tiwtui.model import Details, Phase, Task, TaskRef, Trouble, Video
from tiwtui.results.serializers import (
    CSV_COLUMNS,
    csv_rows,
    csv_text,
    document,
    json_item,
    json_text,
    time_text,
)
from tiwtui.sanitize import fit_url, safe, url_fault

CELLS = (
    "label", "task_id", "phase", "room_id", "kind", "user_id", "duration_ms", "size_bytes", "url",
    "error_code",
)  # fmt: skip
"""Columns of the cells for a spreadsheet: those of the CSV for people."""

SLICE = 200
"""How many tasks are formatted at once."""

_PLACES = tuple(map(CSV_COLUMNS.index, CELLS))


class Format(StrEnum):
    """One format of a copy."""

    URL = "url"
    CHAT = "chat"
    CELLS = "cells"
    ID = "id"
    TICKET = "ticket"
    JSON = "json"
    CSV = "csv"

    @property
    def hands_over(self) -> bool:
        """Whether this format contains the URLs, so that the tasks count as taken."""
        return self not in (Format.ID, Format.TICKET)


class Choice(msgspec.Struct, frozen=True):
    """The format that was chosen, and the kinds of video that were left out."""

    form: Format = Format.URL
    left_out: frozenset[str] = frozenset()


class Formatted(msgspec.Struct, frozen=True):
    """A text to copy, the number of its lines or objects, and why URLs were left out.

    `taken` are the keys of the videos whose URLs it holds, by task.
    """

    text: str
    count: int
    taken: dict[TaskRef, tuple[str, ...]] = {}
    refused: tuple[str, ...] = ()


class Formatting(msgspec.Struct, frozen=True):
    """How tasks are formatted: `kinds` are the kinds of video to include, `None` for all.

    `has_unlisted` includes videos that the service no longer lists; JSON always has them, marked.
    """

    form: Format
    kinds: frozenset[str] | None = None
    default_app: int | None = None
    host: str = ""
    has_unlisted: bool = False

    def part(self, items: Sequence[tuple[Task, Details]]) -> Formatted:
        """Return some of the tasks, without what stands before and after all of them."""
        if not self.has_unlisted and self.form is not Format.JSON:
            replaced = msgspec.structs.replace
            items = [(task, replaced(details, videos=details.listed)) for task, details in items]
        faults = [_fault(video) for _task, details in items for video in _chosen(details, self.kinds)]
        refused = tuple(fault for fault in faults if fault is not None)
        fit = [(task, _only_fit(details, self.kinds)) for task, details in items]
        taken = {
            task.ref: tuple(video.key for video in details.videos)
            for task, details in fit
            if self.form.hands_over and details.videos
        }
        lines = self._lines(fit)
        count = len(lines)
        if self.form is Format.CSV:
            count = sum(max(1, len(details.videos)) for _task, details in fit)
        refused = refused if self.form.hands_over else ()
        return Formatted(_between(self.form).join(lines), count, taken, refused)

    def _lines(self, fit: Sequence[tuple[Task, Details]]) -> list[str]:
        match self.form:
            case Format.URL:
                return [fit_url(video.url) for _task, details in fit for video in details.videos]
            case Format.CHAT:
                return [_chat_line(task, video) for task, details in fit for video in details.videos]
            case Format.CELLS:
                rows = [row for task, details in fit for row in csv_rows(task, details)]
                return [_tsv_line(row[place] for place in _PLACES) for row in rows]
            case Format.ID:
                return [task.ref.written(self.default_app) for task, _details in fit]
            case Format.TICKET:
                return [_ticket(task, self.host) for task, _details in fit]
            case Format.JSON:
                return [json_item(json_text(document(task, details), indent=2)) for task, details in fit]
            case Format.CSV:
                return [csv_text(fit, header=False)]
            case _ as unreachable:
                assert_never(unreachable)

    def whole(self, parts: Sequence[Formatted]) -> Formatted:
        """Return all tasks, from their parts in order."""
        filled = [part for part in parts if part.count]
        text = _between(self.form).join(part.text for part in filled)
        match self.form:
            case Format.CELLS if filled:
                text = f"{_tsv_line(CELLS)}\n{text}"
            case Format.JSON:
                text = f"[\n{text}\n]" if filled else "[]"
            case Format.CSV:
                text = csv_text(()) + text
            case _:
                pass
        taken = {ref: keys for part in parts for ref, keys in part.taken.items()}
        refused = tuple(fault for part in parts for fault in part.refused)
        return Formatted(text, sum(part.count for part in parts), taken, refused)


def _between(form: Format) -> str:
    """Return what stands between two lines or objects."""
    return {Format.TICKET: "\n\n", Format.JSON: ",\n", Format.CSV: ""}.get(form, "\n")


def formatted_in_slices(
    formatting: Formatting, items: Sequence[tuple[Task, Details]]
) -> Generator[None, None, Formatted]:
    """Return tasks in a format, yielding after each slice of them: of very many it takes seconds."""
    parts = []
    for begin in range(0, len(items), SLICE):
        parts.append(formatting.part(items[begin : begin + SLICE]))
        yield
    return formatting.whole(parts)


def beginning(formatting: Formatting, items: Sequence[tuple[Task, Details]]) -> str:
    """Return a text of the first tasks that there is any of, for a preview."""
    for begin in range(0, len(items), SLICE):
        if (part := formatting.part(items[begin : begin + SLICE])).count:
            return formatting.whole([part]).text
    return ""


def forms_for(items: Sequence[tuple[Task, Details]]) -> tuple[Format, ...]:
    """Return all formats in the order to offer them: the ticket first if every task failed or has trouble.

    Trouble of a ready task does not count: its URLs are there.
    """
    if not all(task.error or (task.trouble and task.phase is not Phase.READY) for task, _details in items):
        return tuple(Format)
    return (Format.TICKET, *(form for form in Format if form is not Format.TICKET))


def kinds_of(items: Sequence[tuple[Task, Details]]) -> tuple[str, ...]:
    """Return the kinds of video of these tasks, each once, in order of appearance."""
    return tuple(dict.fromkeys(video.kind for _task, details in items for video in details.videos))


def _chosen(details: Details, kinds: frozenset[str] | None) -> tuple[Video, ...]:
    return tuple(video for video in details.videos if kinds is None or video.kind in kinds)


def _only_fit(details: Details, kinds: frozenset[str] | None) -> Details:
    videos = tuple(video for video in _chosen(details, kinds) if _fault(video) is None)
    return msgspec.structs.replace(details, videos=videos)


def _fault(video: Video) -> str | None:
    return url_fault(video.url)


def _chat_line(task: Task, video: Video) -> str:
    """Return `Maths 3A · whiteboard · 2:36 · URL`."""
    length = "" if video.duration_ms is None else duration_text(video.duration_ms)
    parts = (task_name(task), safe(kind_word(video.kind)), length, fit_url(video.url))
    return " · ".join(part for part in parts if part)


def _tsv_line(cells: Iterable[object]) -> str:
    """Return one row to paste; a cell with a quote is quoted, so that a spreadsheet ends it correctly."""
    line = io.StringIO()
    csv.writer(line, "excel-tab", lineterminator="").writerow(cells)
    return line.getvalue()


def _ticket(task: Task, host: str) -> str:
    """Return what the service's support asks for, one line each; "-" means unknown."""
    problem = task.error or task.trouble
    at = (problem.at or problem.since) if isinstance(problem, Trouble) else task.checked_at
    facts = {
        "SdkAppId": str(task.ref.sdk_app_id),
        "TaskId": task.ref.task_id,
        "RequestId": problem.request_id if problem is not None else task.request_id,
        "Host": host,
        "Status": task.status,
        "Code": "" if problem is None else problem.code,
        "Message": "" if problem is None else problem.message,
        "Time": time_text(at) or "",
    }
    lines = (f"{name}: {safe(value).strip() or '-'}" for name, value in facts.items())
    return "\n".join(line for line in lines if line != "Status: -")
