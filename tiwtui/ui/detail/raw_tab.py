"""The Raw tab: the last answer as indented, coloured JSON."""

import json
import re
from collections.abc import Iterator

from tiwtui.formatting import Tone, safe
from tiwtui.i18n import _
from tiwtui.model import Details
from tiwtui.ui.drawing.styled_text import Row, Sheet, Span, words

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=:)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<atom>[-\w.]+)|(?P<other>\W)'
)
_TONES = {"key": Tone.NAME, "text": Tone.GOOD, "atom": Tone.ACCENT, "other": Tone.QUIET}


def raw_sheet(details: Details, width: int) -> Sheet:
    """Return the answer as lines of JSON; bytes that are none are shown as they are."""
    if not details.raw:
        return words(_("No answer yet."))
    head = tuple(
        (Span(" " + _("not read: {oddity}").format(oddity=safe(oddity)), Tone.WARN),)
        for oddity in details.oddities
    )
    text = details.raw.decode("utf-8", "replace")
    try:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        rows = tuple((Span(f" {safe(line)}"),) for line in text.splitlines())
        return Sheet(head, rows)
    return Sheet(head, tuple(part for line in text.splitlines() for part in _folded(line, width)))


def _folded(line: str, width: int) -> Iterator[Row]:
    """Yield a line of JSON in tones, folded where it is wider than the pane: a URL is read whole."""
    room = max(20, width - 1)
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
