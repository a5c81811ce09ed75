"""Format phases, ages, sizes and errors as text with a tone.

Pure and without a terminal library, so that the screen and the commands say the same thing the same way.
A `Tone` is the name of a theme variable.
"""

from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from tiwtui.api.errors import advice, inner_failure
from tiwtui.i18n import _
from tiwtui.model import NO_CREDENTIALS, Failure, Phase, Task, Trouble, TroubleKind
from tiwtui.sanitize import safe

# Tones


class Tone(StrEnum):
    """The meaning of a text, as the theme variable of its colour."""

    PLAIN = "text"
    QUIET = "text-muted"
    NAME = "text-primary"
    ACCENT = "text-accent"
    GOOD = "text-success"
    WARN = "text-warning"
    BAD = "text-error"


class TonedText(NamedTuple):
    """A text and its tone."""

    text: str
    tone: Tone = Tone.PLAIN


# Phases

_PHASE_TONES = {
    Phase.NEW: Tone.QUIET,
    Phase.QUEUED: Tone.PLAIN,
    Phase.PROCESSING: Tone.NAME,
    Phase.READY: Tone.GOOD,
    Phase.EMPTY: Tone.WARN,
    Phase.FAILED: Tone.BAD,
    Phase.NOT_FOUND: Tone.BAD,
    Phase.OTHER: Tone.WARN,
}


@lru_cache(maxsize=256)
def phase_word(phase: Phase, status: str = "") -> TonedText:
    """Return the name of a phase; an undocumented status is its own name."""
    names = {
        Phase.NEW: _("new"),
        Phase.QUEUED: _("queued"),
        Phase.PROCESSING: _("processing"),
        Phase.READY: _("ready"),
        Phase.EMPTY: _("empty"),
        Phase.FAILED: _("failed"),
        Phase.NOT_FOUND: _("not found"),
        Phase.OTHER: safe(status) or _("other"),
    }
    return TonedText(names[phase], _PHASE_TONES[phase])


def task_name(task: Task) -> str:
    """Return the label of a task, or its id if it has none."""
    return safe(task.label) or safe(task.ref.task_id)


def kind_word(kind: str) -> str:
    """Return the name of a kind of video."""
    names = {
        "camera": _("camera"),
        "screen": _("screen"),
        "whiteboard": _("whiteboard"),
        "mixed": _("mixed"),
        "audio": _("audio"),
        "unknown": _("unknown"),
    }
    return names.get(kind) or kind.replace("_", " ")


# Times, ages, lengths and sizes

_DAYS_NAMED = 7
"""A weekday is unambiguous only within the last few days."""


def age_text(seconds: float) -> str:
    """Return an age as `12s`, `4m12s`, `58m`, `1h02m` or `3d`: finer the younger it is."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 600:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < 3600:
        return f"{whole // 60}m"
    if whole < 86_400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    return f"{whole // 86_400}d"


def rough_time(seconds: float) -> str:
    """Return an estimated time, rounded: `20 s`, `4 min`, `3 h` or `2 d`."""
    if seconds < 55:
        return _("{n} s").format(n=max(10, round(seconds / 10) * 10))
    if seconds < 5400:
        return _("{n} min").format(n=max(1, round(seconds / 60)))
    if seconds < 129_600:
        return _("{n} h").format(n=round(seconds / 3600))
    return _("{n} d").format(n=round(seconds / 86_400))


def brief_age_text(seconds: float) -> str:
    """Return an age as `age_text` does, without seconds from a minute on: `2m`."""
    return f"{int(seconds) // 60}m" if 60 <= seconds < 3600 else age_text(seconds)


def minutes_text(seconds: float) -> str:
    """Return the age of something settled as `<1m`, `2m` or `1h02m`, repainted once a minute."""
    return "<1m" if seconds < 60 else brief_age_text(seconds)


def moment_text(at: float, zone: tzinfo | None, now: float) -> str:
    """Return a time of day as `10:47`, of the last days as `Mon 10:47`, earlier as `2026-11-03`.

    `None` means the local time zone.
    """
    moment, today = (datetime.fromtimestamp(each, UTC).astimezone(zone) for each in (at, now))
    days = (today.date() - moment.date()).days
    if days == 0:
        return f"{moment:%H:%M}"
    if not 0 < days < _DAYS_NAMED:
        return f"{moment:%Y-%m-%d}"
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return f"{names[moment.weekday()]} {moment:%H:%M}"


def duration_text(ms: int) -> str:
    """Return a length of play as `2:36` or `1:02:36`; it is cut, not rounded, as players do."""
    whole = abs(ms) // 1000
    sign = "-" if ms < 0 else ""
    if whole < 3600:
        return f"{sign}{whole // 60}:{whole % 60:02d}"
    return f"{sign}{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def offset_text(ms: int) -> str:
    """Return where on the class's time axis a video begins, as `+0:06`."""
    return duration_text(ms) if ms < 0 else f"+{duration_text(ms)}"


def size_text(size_bytes: int) -> str:
    """Return a size as `900 B`, `311 KB`, `4.1 MB` (1 KB is 1,024 bytes)."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    size = float(size_bytes)
    for unit in ("KB", "MB", "GB"):
        size /= 1024
        if size < 999.5:
            return f"{size:.1f} {unit}" if size < 9.95 and unit != "KB" else f"{size:.0f} {unit}"
    return f"{size / 1024:.1f} TB"


def number_text(value: float) -> str:
    """Return a rate without a needless `.0`."""
    return f"{value:.1f}".removesuffix(".0")


# Failures and trouble


def failure_text(failure: Failure) -> str:
    """Return the inner code and message of a failure, `40004 im login failed…`, or all there is.

    The service wraps them as `code: 40004, msg: 2019-09-23 10:31:47, im login failed…`. The time is left
    out, because the row shows an age.
    """
    inner = inner_failure(failure.message)
    return safe(failure.message if inner is None else " ".join(inner)).strip() or safe(failure.code)


_LOST = "InvalidParameter.TaskNotFound"
"""Trouble of a task that had an answer before; `trouble_text` is its whole message."""


def trouble_text(trouble: Trouble) -> str:
    """Return in a few words why the last check failed."""
    if trouble.code == _LOST:
        return _("the service no longer knows it")
    if trouble.code == NO_CREDENTIALS:
        return _("no credentials")
    names = {
        TroubleKind.NETWORK: _("no connection"),
        TroubleKind.THROTTLED: _("throttled"),
        TroubleKind.SERVICE: _("service error"),
        TroubleKind.GARBLED: _("unreadable answer"),
        TroubleKind.CREDENTIALS: _("credentials refused"),
        TroubleKind.PERMISSION: _("not permitted"),
        TroubleKind.CLOCK: _("clock is off"),
        TroubleKind.APP: _("application refused"),
        TroubleKind.CONFIG: _("wrong setting"),
    }
    match trouble.kind:
        case TroubleKind.SERVICE | TroubleKind.APP | TroubleKind.CONFIG:
            detail = trouble.code
        case TroubleKind.GARBLED:
            # What is unreadable as a whole has no path of its own.
            detail = trouble.message.partition(": ")[0]
            detail = "" if detail == "$" else detail
        case _:
            detail = ""
    return f"{names[trouble.kind]} {safe(detail)}".rstrip()


def trouble_detail(trouble: Trouble) -> str:
    """Return the message of trouble; empty if `trouble_text` says the same."""
    return "" if trouble.code == _LOST else safe(trouble.message).strip()


def advice_text(problem: Failure | Trouble) -> str:
    """Return advice for a failed task or check: what it means, what to do, whom to ask."""
    return _(advice(problem.code, problem.message, problem.kind if isinstance(problem, Trouble) else None))


def stop_text(trouble: Trouble, host: str, region: str, key: str, sites: str) -> str:
    """Return why nothing is sent and what would change that.

    `key` is the masked key with its source, `sites` names the sites that it may belong to instead, if any.
    """
    match trouble.kind:
        case TroubleKind.CREDENTIALS if trouble.code == NO_CREDENTIALS:
            text = _("Nothing is sent: no key was found. {looked}. To go on, {advice}.")
            return text.format(looked=safe(trouble.message), advice=advice_text(trouble))
        case TroubleKind.CREDENTIALS if sites:
            text = _("{host} refused the key {key} ({code}): {advice}. Other sites to try: {sites}.")
        case TroubleKind.CREDENTIALS:
            text = _("{host} refused the key {key} ({code}): {advice}.")
        case TroubleKind.CONFIG:
            text = _("{host} refused a request for region {region} ({code}): {advice}.")
        case _:
            text = _("{host} refused ({code}): {advice}.")
    return text.format(
        host=host, region=region, key=key, sites=sites, code=safe(trouble.code), advice=advice_text(trouble)
    )
