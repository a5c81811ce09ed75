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
"""In how many columns the facts stand, by the width."""
_BETWEEN = 3


def fact_rows(task: Task, at: Moment, zone: tzinfo | None, width: int) -> list[Row]:
    """Return the facts that are known, in as many columns as fit, read from the top to the bottom."""
    facts = list(_facts(task, at, zone))
    number = next(columns for least, columns in _COLUMNS_FROM if width >= least)
    height = -(-len(facts) // number)
    columns = [facts[begin : begin + height] for begin in range(0, len(facts), height or 1)]
    rows: list[Row] = []
    for place in range(height):
        row: list[Span] = [Span(" ")]
        left = width - 2
        for column in columns:
            if place < len(column) and left > 0:
                spans = _cell(column, place, left, at.glyphs.ellipsis, is_last=column is columns[-1])
                row += spans
                left -= sum(span.width for span in spans)
        rows.append(tuple(row))
    return rows


def _cell(
    column: Sequence[tuple[str, TonedText]], place: int, left: int, ellipsis: str, *, is_last: bool
) -> list[Span]:
    name_width = max(cell_len(name) for name, _said in column) + 2
    said_width = max(cell_len(said.text) for _name, said in column)
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
