"""The Raw tab: the last answer as indented, coloured JSON.

Where the last check brought no good answer, a title says so, and its bytes come before the last good answer.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import tzinfo
from typing import assert_never

from tiwtui.formatting import Tone, trouble_text
from tiwtui.i18n import _
from tiwtui.model import Details, Failure, Task, Trouble
from tiwtui.sanitize import safe
from tiwtui.ui.detail.history_tab import clock_text
from tiwtui.ui.drawing.styled_text import Row, Sheet, Span, words

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=:)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<atom>[-\w.]+)|(?P<other>\W)'
)
_TONES = {"key": Tone.NAME, "text": Tone.GOOD, "atom": Tone.ACCENT, "other": Tone.QUIET}
_LEAST_ROOM = 20


def raw_sheet(task: Task, details: Details, now: float, zone: tzinfo | None, width: int) -> Sheet:
    """Return the last answer as lines of JSON; bytes that are not JSON are shown as they are."""
    rows: list[Row] = []
    problem = task.trouble or (task.error if details.error_raw else None)
    if problem is not None:
        rows += _title(problem, now, zone, width)
        rows += _body(details.error_raw, width) if details.error_raw else [_line(_("No bytes came."))]
        rows.append(())
        if details.raw and task.checked_at is not None:
            at = clock_text(task.checked_at, zone, now)
            rows.append((Span(" " + _("Last good answer, {time}").format(time=at), is_strong=True),))
        else:
            rows.append(_line(_("No good answer yet.")))
    elif not details.raw:
        return words(_("No answer yet."))
    for oddity in details.oddities:
        rows.append(_line(_("not read: {oddity}").format(oddity=safe(oddity)), Tone.WARN))
    return Sheet(rows=(*rows, *_body(details.raw, width)))


def _title(problem: Failure | Trouble, now: float, zone: tzinfo | None, width: int) -> Iterator[Row]:
    """Yield what the last answer was, why, and the RequestId to ask about."""
    match problem:
        case Trouble():
            title = trouble_text(problem)
            if problem.at is not None:
                title = f"{title}, {clock_text(problem.at, zone, now)}"
        case Failure():
            title = _("error answer")
        case _ as unreachable:
            assert_never(unreachable)
    yield (Span(f" {title}", Tone.WARN, is_strong=True),)
    facts = [f"{problem.code}: {problem.message}"]
    if problem.request_id:
        facts.append(f"RequestId {problem.request_id}")
    for fact in facts:
        for line in textwrap.wrap(safe(fact), max(_LEAST_ROOM, width - 2)):
            yield _line(line, Tone.WARN)


def _line(text: str, tone: Tone = Tone.QUIET) -> Row:
    return (Span(f" {text}", tone),)


def answer_text(details: Details) -> str:
    """Return the last answer as it is copied: indented where it is JSON."""
    text = (details.error_raw or details.raw).decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _body(raw: bytes, width: int) -> Iterator[Row]:
    text = raw.decode("utf-8", "replace")
    try:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        for line in text.splitlines():
            yield from _cut(safe(line), width)
        return
    for line in text.splitlines():
        yield from _folded(line, width)


def _cut(line: str, width: int) -> Iterator[Row]:
    room = max(_LEAST_ROOM, width - 1)
    for start in range(0, max(1, len(line)), room):
        yield _line(line[start : start + room], Tone.PLAIN)


def _folded(line: str, width: int) -> Iterator[Row]:
    """Yield a line of JSON in tones, folded where it is wider than the pane: a URL is read whole."""
    room = max(_LEAST_ROOM, width - 1)
    indent = len(line) - len(line.lstrip())
    row: list[Span] = [Span(" " * (indent + 1))]
    used = indent + 1
    for match in _TOKEN.finditer(line, indent):
        tone, text = _TONES[match.lastgroup or "other"], safe(match[0])
        while used + len(text) > room and len(text) > 1:
            cut = max(1, room - used)
            row.append(Span(text[:cut], tone))
            yield tuple(row)
            text, row, used = text[cut:], [Span(" " * (indent + 3))], indent + 3
        row.append(Span(text, tone))
        used += len(text)
    yield tuple(row)
