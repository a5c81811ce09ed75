"""The History tab: what was observed of a task and when; all times are tiwtui's own."""

import textwrap
from datetime import UTC, datetime, tzinfo

from rich.cells import cell_len

from tiwtui.formatting import (
    Tone,
    advice_text,
    failure_text,
    minutes_text,
    phase_word,
    trouble_detail,
    trouble_text,
)
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.model import Details, Task
from tiwtui.sanitize import safe
from tiwtui.ui.drawing.styled_text import Row, Sheet, Span

_NAME_CELLS = 13


def clock_text(at: float, zone: tzinfo | None, now: float | None = None) -> str:
    """Return a time of day, with its date where that is not today's; `zone` None is the machine's own."""
    moment, is_today = _moment(at, zone, now)
    return f"{moment:%H:%M:%S}" if is_today else f"{moment:%Y-%m-%d %H:%M:%S}"


def short_clock_text(at: float, zone: tzinfo | None, now: float) -> str:
    """Return a time of day as `10:02`, or of another day as `11-03 10:02`."""
    moment, is_today = _moment(at, zone, now)
    return f"{moment:%H:%M}" if is_today else f"{moment:%m-%d %H:%M}"


def _moment(at: float, zone: tzinfo | None, now: float | None) -> tuple[datetime, bool]:
    moment = datetime.fromtimestamp(at, UTC).astimezone(zone)
    today = datetime.fromtimestamp(at if now is None else now, UTC).astimezone(zone).date()
    return moment, moment.date() == today


def history_sheet(
    task: Task,
    details: Details,
    now: float,
    zone: tzinfo | None,
    glyphs: Glyphs,
    width: int,
    removed_at: float | None = None,
) -> Sheet:
    """Return the observed changes of phase, oldest first, then what else is known; wrapped to a width."""
    steps = history_steps(task, details, now, zone, glyphs, width, removed_at)
    return Sheet(rows=(*steps, (), *_facts(task, details, now, zone, width)))


def history_steps(
    task: Task,
    details: Details,
    now: float,
    zone: tzinfo | None,
    glyphs: Glyphs,
    width: int,
    removed_at: float | None = None,
) -> list[Row]:
    """Return a line per observed change of phase and per edit, oldest first."""
    steps = [(task.added_at, glyphs.between, _("added to the watch list"), Tone.QUIET)]
    for step in details.history:
        word, tone = phase_word(step.phase, step.status)
        steps.append((step.at, glyphs.phase(step.phase), _("seen {phase}").format(phase=word), tone))
    if task.taken_at is not None:
        steps.append((task.taken_at, glyphs.between, said_by(_("last copied"), task.taken_by), Tone.NAME))
    if task.done is not None:
        steps.append((task.done.at, glyphs.between, said_by(_("done"), task.done.by), Tone.NAME))
    if removed_at is not None:
        # Nothing else is edited after that.
        removed = said_by(_("removed from the watch list"), details.edited_by)
        steps.append((removed_at, glyphs.between, removed, Tone.WARN))
    times = [clock_text(step[0], zone, now) for step in steps]
    indent = max(map(len, times)) + 3
    rows: list[Row] = []
    for text, (at, glyph, words, tone) in zip(times, steps, strict=True):
        age = _("{age} ago").format(age=minutes_text(now - at))
        happened = Span(f"{glyph} {words}", tone)
        at_time = Span(f" {text:<{indent - 3}}  ", Tone.QUIET)
        fits = indent + cell_len(happened.text) + 2 + len(age) <= width
        rows.append((at_time, happened, Span(f"  {age}", Tone.QUIET)) if fits else (at_time, happened))
    return rows


def said_by(what: str, who: str) -> str:
    """Return what was done, and by whom where that is known."""
    return _("{what} by {who}").format(what=what, who=safe(who)) if who else what


def _facts(task: Task, details: Details, now: float, zone: tzinfo | None, width: int) -> list[Row]:
    facts: list[tuple[str, str, Tone]] = []
    if task.settled_between is not None:
        first, last = (clock_text(at, zone, now) for at in task.settled_between)
        facts.append(
            (_("settled"), _("between {first} and {last}").format(first=first, last=last), Tone.PLAIN)
        )
    if task.error is not None:
        facts += [
            (_("failure"), f"{safe(task.error.code)}: {failure_text(task.error)}", Tone.BAD),
            (_("what to do"), advice_text(task.error), Tone.PLAIN),
        ]
    if task.trouble is not None:
        since = clock_text(task.trouble.since, zone, now)
        # Each check since then brought no news, but not each for the same reason.
        text = _("{trouble}; no news since {time}").format(trouble=trouble_text(task.trouble), time=since)
        facts += [
            (_("trouble"), text, Tone.WARN),
            ("", f"{safe(task.trouble.code)} {trouble_detail(task.trouble)}".strip(), Tone.WARN),
        ]
        if task.trouble.request_id:
            facts.append(("", f"RequestId {safe(task.trouble.request_id)}", Tone.WARN))
        facts.append((_("what to do"), advice_text(task.trouble), Tone.PLAIN))
    if task.checked_at is not None:
        asked = ngettext("{n} check", "{n} checks", task.checks).format(n=task.checks)
        last = _("last answer {time}").format(time=clock_text(task.checked_at, zone, now))
        facts.append((_("checked"), f"{asked}, {last}", Tone.PLAIN))
    if task.request_id:
        facts.append((_("RequestId"), safe(task.request_id), Tone.PLAIN))
    facts += [(_("unreadable"), safe(oddity), Tone.WARN) for oddity in details.oddities]
    rows: list[Row] = []
    for name, text, tone in facts:
        lines = textwrap.wrap(text, max(10, width - _NAME_CELLS - 1)) or [""]
        names = [name, *[""] * (len(lines) - 1)]
        rows += [
            (Span(f" {shown:<{_NAME_CELLS - 1}}", Tone.QUIET), Span(line, tone))
            for shown, line in zip(names, lines, strict=True)
        ]
    note = textwrap.wrap(_("Times are tiwtui's own observations."), max(10, width - 2))
    return [*rows, (), *((Span(f" {line}", Tone.QUIET),) for line in note)]
