"""The facts of a task in a grid: room, length, size, when it settled and expires, checks, RequestId."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.cells import cell_len

from tiwtui.formatting import Tone, TonedText, age_text, duration_text, size_text
from tiwtui.i18n import _, ngettext
from tiwtui.listing.attention.reasons import is_done
from tiwtui.listing.notes import Moment, left_text
from tiwtui.model import Task
from tiwtui.sanitize import safe
from tiwtui.ui.detail.history_tab import clock_text, said_by, short_clock_text
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.styled_text import Row, Span

_COLUMNS_FROM = ((120, 3), (76, 2), (0, 1))
"""In how many columns the facts stand at most, by the width."""
_BETWEEN = 3

_Fact = tuple[str, TonedText]


def fact_rows(task: Task, at: Moment, zone: tzinfo | None, width: int, room: int) -> list[Row]:
    """Return the facts that are known, in columns that are read from the top to the bottom.

    They are as many as fit the width with no fact cut off, unless that takes more than `room` lines.
    """
    facts = list(_facts(task, at, zone))
    tried = [_columns(facts, number) for least, number in _COLUMNS_FROM if width >= least]
    whole = (columns for columns in tried if _width(columns) <= width - 2 and len(columns[0]) <= room)
    columns = next(whole, tried[0])
    rows: list[Row] = []
    for place in range(len(columns[0])):
        row: list[Span] = [Span(" ")]
        left = width - 2
        for column in columns:
            if place < len(column) and left > 0:
                spans = _cell(column, place, left, at.glyphs.ellipsis, is_last=column is columns[-1])
                row += spans
                left -= sum(span.width for span in spans)
        rows.append(tuple(row))
    return rows


def _columns(facts: Sequence[_Fact], number: int) -> list[Sequence[_Fact]]:
    height = max(1, -(-len(facts) // number))
    return [facts[begin : begin + height] for begin in range(0, len(facts), height)]


def _widths(column: Sequence[_Fact]) -> tuple[int, int]:
    """Return the widest name with the gap after it, and the widest of what is said."""
    return max(cell_len(name) for name, _said in column) + 2, max(
        cell_len(said.text) for _name, said in column
    )


def _width(columns: Sequence[Sequence[_Fact]]) -> int:
    return sum(sum(_widths(column)) for column in columns) + _BETWEEN * (len(columns) - 1)


def _cell(column: Sequence[_Fact], place: int, left: int, ellipsis: str, *, is_last: bool) -> list[Span]:
    name_width, said_width = _widths(column)
    name, said = column[place]
    gap = 0 if is_last else _BETWEEN
    room = max(0, min(said_width, left - name_width))
    return [
        Span(fit(name, min(name_width, left)), Tone.QUIET),
        Span(fit(said.text, room, ellipsis) + " " * gap, said.tone),
    ]


def _facts(task: Task, at: Moment, zone: tzinfo | None) -> Iterator[tuple[str, TonedText]]:
    if task.room_id is not None:
        yield _("Room"), TonedText(str(task.room_id))
    if task.group_id:
        yield _("Group"), TonedText(safe(task.group_id))
    if task.total_time_ms:
        yield _("Length"), TonedText(duration_text(task.total_time_ms))
    if task.size_bytes:
        yield _("Size"), TonedText(size_text(task.size_bytes))
    if task.settled_between is not None:
        first, last = (clock_text(moment, zone, at.now) for moment in task.settled_between)
        yield _("Settled"), TonedText(_("between {first} and {last}").format(first=first, last=last))
    if task.files_end_at is not None and at.limits.expiry_warning_s is not None:
        yield _("Expires"), _expiry(task, task.files_end_at, at, zone)
    if task.taken_at is not None:
        when = said_by(short_clock_text(task.taken_at, zone, at.now), task.taken_by)
        some = _("{n} of {all}, {when}").format(n=task.taken_count, all=task.video_count, when=when)
        yield _("Copied"), TonedText(when if task.is_taken else some)
    if task.done is not None:
        yield _("Done"), TonedText(said_by(short_clock_text(task.done.at, zone, at.now), task.done.by))
    yield _("Added"), TonedText(short_clock_text(task.added_at, zone, at.now))
    if task.checked_at is not None:
        asked = ngettext("{n} check", "{n} checks", task.checks).format(n=task.checks)
        last = _("last answer {time}").format(time=clock_text(task.checked_at, zone, at.now))
        yield _("Checked"), TonedText(f"{asked}, {last}")
    if task.request_id:
        yield _("RequestId"), TonedText(safe(task.request_id))


def _expiry(task: Task, ends_at: float, at: Moment, zone: tzinfo | None) -> TonedText:
    left_s = ends_at - at.now
    if left_s <= 0:
        is_dealt_with = task.is_taken or is_done(task, at.now, at.limits)
        text = _("probably deleted {age} ago").format(age=age_text(-left_s))
        return TonedText(text, Tone.QUIET if is_dealt_with else Tone.WARN)
    return TonedText(f"{left_text(task, left_s)} ({short_clock_text(ends_at, zone, at.now)})")
