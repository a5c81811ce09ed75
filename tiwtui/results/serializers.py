"""A task as one JSON object or as rows of a table, for scripts. Pure, stable, documented.

1. Keys and columns are only ever added, columns at the end.
2. JSON escapes C0, C1 and bidirectional controls as `\\u…`; the values are unchanged.
3. A cell that a spreadsheet would run as a formula is escaped.
4. CSV contains no control character: line ends and tabs become spaces, others escapes such as `\\x1b`.
"""

import csv
import io
import json
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tiwtui.api.errors import advice
from tiwtui.model import Details, Failure, Phase, Task, Trouble, Video
from tiwtui.sanitize import fit_url, url_fault
from tiwtui.spreadsheet_formulas import guarded

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

_encoder = msgspec.json.Encoder()

_CONTROLS = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
_TERMINAL_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


_NO_VIDEO = (None,) * (CSV_COLUMNS.index("url") + 1 - CSV_COLUMNS.index("video"))


def time_text(at: float | None) -> str | None:
    """Return an epoch time as RFC 3339 UTC to the second, or `None`."""
    if at is None:
        return None
    year, month, day, hour, minute, second, *_rest = time.gmtime(at)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"


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
        "videos": [_video(video, is_taken=task.has_taken(video)) for video in details.videos],
        "error": _error(task),
        "trouble": None if task.trouble is None else _problem(task.phase, task.trouble),
        "request_id": task.request_id,
        "added_at": time_text(task.added_at),
        "checked_at": time_text(task.checked_at),
        "phase_since": time_text(task.phase_since),
        "settled_between": None if between is None else [time_text(at) for at in between],
        "files_end_at": time_text(task.files_end_at),
        "taken_at": time_text(task.taken_at) if task.is_taken else None,
        "done_at": None if task.done is None else time_text(task.done.at),
        "checks": task.checks,
        "ends_at_latest": task.ends_at_latest,
        "by": details.edited_by or None,
    }


def json_text(value: Any, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Return `value` as JSON with every control character escaped."""
    text = _dumped(value, indent, ascii_only)
    # Nearly all text is ASCII; this check is much faster than the search for control characters.
    if text.isascii() and "\x7f" not in text:
        return text
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_item(text: str) -> str:
    """Return an object that `json_text` made as it stands in an array, indented by 2."""
    # A line end here belongs to the layout: those in values are escaped.
    return f"  {text}".replace("\n", "\n  ")


def json_array(texts: Iterable[str]) -> str:
    """Return one array of objects that `json_text` made, indented by 2 as a whole."""
    items = ",\n".join(map(json_item, texts))
    return f"[\n{items}\n]" if items else "[]"


def _dumped(value: Any, indent: int | None, ascii_only: bool) -> str:
    if not ascii_only:
        try:
            return msgspec.json.format(_encoder.encode(value), indent=indent or 0).decode()
        except (UnicodeEncodeError, OverflowError):
            # Half a surrogate pair, or a number of more than 64 bits.
            pass
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent)


def plain_row(task: Task, details: Details) -> tuple[str, ...]:
    """Return the cells of `COLUMNS`; an unsafe first URL is left out."""
    first = next((fit_url(video.url) for video in details.listed if url_fault(video.url) is None), "")
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
    """Return tasks as CSV with CRLF; the caller adds the byte-order mark."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if header:
        writer.writerow(CSV_COLUMNS)
    for task, details in rows:
        writer.writerows(csv_rows(task, details))
    return text.getvalue()


def safe_cell(cell: str) -> str:
    """Return a cell that is no formula for a spreadsheet and no control sequence for a terminal."""
    if cell.isalnum():
        return cell
    text = guarded(cell)
    return text if text.isascii() and text.isprintable() else _TERMINAL_CONTROLS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in "\t\n\r\x85\u2028\u2029":
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def csv_rows(task: Task, details: Details) -> Iterator[tuple[str | int | None, ...]]:
    """Yield the values of `CSV_COLUMNS`, each a safe cell, per video; a task without video has one row."""
    of_task = (
        safe_cell(task.ref.task_id),
        task.ref.sdk_app_id,
        safe_cell(task.label),
        task.phase,
        safe_cell(task.status),
        safe_cell(task.group_id),
        task.room_id,
        task.total_time_ms,
    )
    of_check = (
        safe_cell(_error_code(task)),
        safe_cell(task.error.message) if task.error is not None else "",
        "" if task.trouble is None else task.trouble.kind,
        time_text(task.checked_at),
    )
    if not details.videos:
        yield (*of_task, *_NO_VIDEO, *of_check)
    for number, video in enumerate(details.videos, 1):
        yield (
            *of_task,
            number,
            video.kind,
            safe_cell(video.user_id),
            safe_cell(video.format),
            video.width,
            video.height,
            video.duration_ms,
            video.size_bytes,
            video.play_offset_ms,
            safe_cell(video.video_id),
            fit_url(video.url) if url_fault(video.url) is None else "",
            *of_check,
        )


def _video(video: Video, *, is_taken: bool) -> dict[str, object]:
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
        "listed": video.listed,
        "taken": is_taken,
    }


def _error(task: Task) -> dict[str, str] | None:
    if task.error is None:
        return None
    return _problem(Phase.NOT_FOUND if task.phase is Phase.NOT_FOUND else Phase.FAILED, task.error)


def _problem(phase: Phase, problem: Failure | Trouble) -> dict[str, str]:
    trouble_kind = problem.kind if isinstance(problem, Trouble) else None
    return {
        "kind": str(trouble_kind or phase),
        "code": problem.code,
        "message": problem.message,
        "request_id": problem.request_id,
        "advice": advice(problem.code, problem.message, trouble_kind),
    }


def _error_code(task: Task) -> str:
    if task.error is not None:
        return task.error.code
    return "" if task.trouble is None or task.phase is Phase.READY else task.trouble.code


def _cell(value: object) -> str:
    return "" if value is None else str(value)
