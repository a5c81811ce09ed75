"""The values of the filter language, read from text: durations, sizes, numbers, and days."""

import math
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

_UNIT_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_TIME_PART = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)([a-z]+)")
_PLAY_TIME = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d\d)", re.ASCII)
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,3})?)([kmgt]?)(?:i?b)?", re.ASCII)
_SIZE_POWER = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_YEARS = range(1971, 9999)

Between = tuple[float, float]
"""From the first moment on and before the second, in epoch seconds."""


def seconds_of(text: str) -> float | None:
    """Return the seconds of a duration such as `30m`, `1h30m`, `2d` or, as players show it, `1:02:36`."""
    played = _PLAY_TIME.fullmatch(text)
    if played:
        hours, minutes, seconds = (int(part or 0) for part in played.groups())
        return hours * 3600.0 + minutes * 60 + seconds
    total, end = 0.0, 0
    for part in _TIME_PART.finditer(text):
        unit = _UNIT_S.get(part[2])
        if part.start() != end or unit is None:
            return None
        total, end = total + float(part[1]) * unit, part.end()
    return total if text and end == len(text) else None


def bytes_of(text: str) -> float | None:
    """Return a size such as `100mb`, `1.5g` or `900` in bytes (1 KB is 1,024)."""
    match = _SIZE.fullmatch(text)
    return float(match[1]) * 1024.0 ** _SIZE_POWER[match[2]] if match else None


def count_of(text: str) -> float | None:
    """Return a number of things."""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class Day(msgspec.Struct, frozen=True):
    """A day, month or year of the calendar; without a year it is that of the nearest fitting one."""

    year: int | None
    month: int | None
    day: int | None

    def first(self, today: date, *, looks_ahead: bool) -> date:
        """Return its first day; without a year the latest up to today, or the next if it `looks_ahead`."""
        month, day = self.month or 1, self.day or 1
        if self.year is not None:
            return _on(self.year, month, day)
        this_year = _on(today.year, month, day)
        if looks_ahead:
            return _on(today.year + 1, month, day) if this_year < today else this_year
        return _on(today.year - 1, month, day) if this_year > today else this_year

    def after(self, first: date) -> date:
        """Return the day after its last day, given its first."""
        if self.day is not None:
            return first + timedelta(days=1)
        if self.month is not None:
            return _on(first.year + first.month // 12, first.month % 12 + 1, 1)
        return date(first.year + 1, 1, 1)

    def continued(self, text: str) -> "Day | None":
        """Return the day that `text` names at the end of a range: `11-07`, or `07` of the same month."""
        if self.day is not None and text.isascii() and text.isdigit() and len(text) <= 2:
            text = f"{self.month}-{text}"
        other = day_of(text)
        if other is not None and other.year is None and self.year is not None:
            return day_of(f"{self.year}-{other.month}-{other.day}")
        return other


def _on(year: int, month: int, day: int) -> date:
    """Return a day, or the last of the month where the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


_DAY = re.compile(r"\d{4}(-\d{1,2}){0,2}|\d{1,2}-\d{1,2}", re.ASCII)


def day_of(text: str) -> Day | None:
    """Return the day `2026-11-01` or `11-01`, the month `2026-11`, or the year `2026`."""
    if not _DAY.fullmatch(text):
        return None
    first, *rest = text.split("-")
    has_year = len(first) == 4
    year = int(first) if has_year else None
    month, day, *_more = (*map(int, rest if has_year else (first, *rest)), None, None)
    if year is not None and year not in _YEARS:
        return None
    try:
        # 2000 had a 29th of February.
        date(year or 2000, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return Day(year, month, day)


_NAMED_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}

Days = Callable[[float, tzinfo | None], Between]
"""From a time and a time zone to the moments that a name of days means then."""


def days_of(text: str, *, looks_ahead: bool = False) -> Days | None:
    """Return the days that `today`, `2026-11-01`, `11-01..11-07`, `2026-11..` or `..2026-11` name."""
    if text in _NAMED_DAYS:
        offset = _NAMED_DAYS[text]
        return lambda now, zone: _midnights(_today(now, zone), offset, zone)
    begin_text, dots, end_text = text.partition("..")
    begin = day_of(begin_text) if begin_text else None
    if not dots:
        end = begin
    elif begin is None:
        end = day_of(end_text)
    else:
        end = begin.continued(end_text) if end_text else None
    is_whole = (begin is not None or not begin_text) and (end is not None or not end_text)
    if not is_whole or (begin is None and end is None):
        return None
    return lambda now, zone: _span(begin, end, now, zone, looks_ahead)


def _span(begin: Day | None, end: Day | None, now: float, zone: tzinfo | None, looks_ahead: bool) -> Between:
    today = _today(now, zone)
    first = None if begin is None else begin.first(today, looks_ahead=looks_ahead)
    if end is None or (end is begin and first is not None):
        last = first if end is not None else None
    else:
        last = end.first(today, looks_ahead=looks_ahead)
        if first is not None and end.year is None:
            last = _on(first.year, last.month, last.day)
            # The range goes over the end of a year: 12-20..01-05.
            last = _on(first.year + 1, last.month, last.day) if last < first else last
    return (
        -math.inf if first is None else _midnight(first, zone),
        math.inf if last is None or end is None else _midnight(end.after(last), zone),
    )


def _today(now: float, zone: tzinfo | None) -> date:
    return datetime.fromtimestamp(now, UTC).astimezone(zone).date()


def _midnights(today: date, offset: int, zone: tzinfo | None) -> Between:
    day = today + timedelta(days=offset)
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def _midnight(day: date, zone: tzinfo | None) -> float:
    return datetime.combine(day, time(), zone).timestamp()
