"""A task as others read it: one JSON object, or rows of a table. Pure, stable, documented.

1. Keys and columns are only ever added, columns at the end.
2. JSON escapes C0, C1 and bidirectional controls as `\\u…`; the values are unchanged.
3. A cell that a spreadsheet would run as a formula gets a leading `'`.
4. CSV holds no control character either: line ends and tabs become spaces, others escapes such as `\\x1b`.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tiwtui.tasks import Details, Failure, Phase, Task, Trouble, Video
from tiwtui.urls import fit_url, url_fault

COLUMNS = ("task_id", "sdk_app_id", "phase", "label", "room_id", "videos", "first_url", "error_code")
"""Columns of the plain form: a line per task."""

CSV_COLUMNS = (
    "task_id",
    "sdk_app_id",
    "label",
    "phase",
    "status",
    "group_id",
    "room_id",
    "total_time_ms",
    "video",
    "kind",
    "user_id",
    "format",
    "width",
    "height",
    "duration_ms",
    "size_bytes",
    "play_offset_ms",
    "video_id",
    "url",
    "error_code",
    "error_message",
    "trouble",
    "checked_at",
)
"""Columns of CSV: a row per video; a task without video has one row."""

BOM = "\ufeff"

_CONTROLS = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
_TERMINAL_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def time_text(at: float | None) -> str | None:
    """Return an epoch time as RFC 3339 UTC to the second, or `None`."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def document(task: Task, details: Details) -> dict[str, Any]:
    """Return the JSON object of one task."""
    between = task.settled_between
    return {
        "sdk_app_id": task.ref.sdk_app_id,
        "task_id": task.ref.task_id,
        "label": task.label,
        "phase": str(task.phase),
        "status": task.status,
        "group_id": task.group_id,
        "room_id": task.room_id,
        "total_time_ms": task.total_time_ms,
        "videos": [_video(video) for video in details.videos],
        "error": _error(task),
        "trouble": None if task.trouble is None else _problem(str(task.trouble.kind), task.trouble),
        "request_id": task.request_id,
        "added_at": time_text(task.added_at),
        "checked_at": time_text(task.checked_at),
        "phase_since": time_text(task.phase_since),
        "settled_between": None if between is None else [time_text(at) for at in between],
        "files_end_at": time_text(task.files_end_at),
        "taken_at": time_text(task.taken_at),
        "checks": task.checks,
    }


def json_text(value: Any, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Return `value` as JSON in which no control character stands as itself."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plain_row(task: Task, details: Details) -> tuple[str, ...]:
    """Return the cells of `COLUMNS`; a first URL that is not fit to be one is left out."""
    first = next((fit_url(video.url) for video in details.videos if url_fault(video.url) is None), "")
    return (
        task.ref.task_id,
        str(task.ref.sdk_app_id),
        str(task.phase),
        task.label,
        _cell(task.room_id),
        str(task.video_count),
        first,
        _error_code(task),
    )


def csv_text(rows: Iterable[tuple[Task, Details]], *, header: bool = True) -> str:
    """Return tasks as CSV with CRLF; the byte-order mark before it is the caller's."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if header:
        writer.writerow(CSV_COLUMNS)
    for task, details in rows:
        for row in video_rows(task, details):
            writer.writerow([guarded(_cell(row.get(column))) for column in CSV_COLUMNS])
    return text.getvalue()


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, and no terminal for a command."""
    shown = _TERMINAL_CONTROLS.sub(_escaped, cell)
    return f"'{shown}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else shown


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in "\t\n\r\x85\u2028\u2029":
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def video_rows(task: Task, details: Details) -> Iterator[Mapping[str, object]]:
    """Yield the values of `CSV_COLUMNS` by name, per video; a task without video has one row."""
    row: dict[str, object] = {
        "task_id": task.ref.task_id,
        "sdk_app_id": task.ref.sdk_app_id,
        "label": task.label,
        "phase": task.phase,
        "status": task.status,
        "group_id": task.group_id,
        "room_id": task.room_id,
        "total_time_ms": task.total_time_ms,
        "error_code": _error_code(task),
        "error_message": task.error.message if task.error is not None else "",
        "trouble": "" if task.trouble is None else task.trouble.kind,
        "checked_at": time_text(task.checked_at),
    }
    if not details.videos:
        yield row
    for number, video in enumerate(details.videos, 1):
        url = fit_url(video.url) if url_fault(video.url) is None else ""
        yield row | _video(video) | {"video": number, "url": url}


def _video(video: Video) -> dict[str, object]:
    return {
        "video_id": video.video_id,
        "user_id": video.user_id,
        "kind": video.kind,
        "type": video.type,
        "format": video.format,
        "url": video.url,
        "size_bytes": video.size_bytes,
        "duration_ms": video.duration_ms,
        "play_offset_ms": video.play_offset_ms,
        "width": video.width,
        "height": video.height,
    }


def _error(task: Task) -> dict[str, str] | None:
    return None if task.error is None else _problem(str(task.phase), task.error)


def _problem(kind: str, problem: Failure | Trouble) -> dict[str, str]:
    return {
        "kind": kind,
        "code": problem.code,
        "message": problem.message,
        "request_id": problem.request_id,
    }


def _error_code(task: Task) -> str:
    if task.error is not None:
        return task.error.code
    return "" if task.trouble is None or task.phase is Phase.READY else task.trouble.code


def _cell(value: object) -> str:
    return "" if value is None else str(value)
