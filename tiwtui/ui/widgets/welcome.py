"""What the screen says at the first start, without a key and with nothing to watch yet. Pure."""

from collections.abc import Iterable
from textwrap import wrap

from rich.cells import cell_len, chop_cells
from textual.content import Content

from tiwtui.api.credentials import SourceTried
from tiwtui.config.keys import Keys
from tiwtui.formatting import Tone
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.sanitize import safe
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.themed_widget import QUIET

WIDEST = 72
_SOURCE_MOST = 28
_LEAST_BESIDE = 24
_INDENT = "  "

Paragraph = list[Content]


def welcome(looked: Iterable[SourceTried], width: int, height: int, keys: Keys, glyphs: Glyphs) -> Content:
    """Return where keys were looked for, how to give one, and the way to the demo, in so many cells.

    Where it is too high, the air between the paragraphs goes first, then how to give a key: what the sources
    lack says as much. They stand last then, and can be scrolled to.
    """
    width = min(width, WIDEST)
    opening, sources, ways = _opening(width), _looked(looked, width, glyphs), _ways(width, keys)
    parts = (opening, sources, _remedy(max(10, width)), ways)
    for between in ("\n\n", "\n"):
        text = Content(between).join(Content("\n").join(part) for part in parts)
        if len(text.plain.splitlines()) <= height:
            return text
    return Content("\n").join(Content("\n").join(part) for part in (opening, ways, sources))


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most so many cells; words part only where one alone is too long."""
    return [part for line in wrap(text, width) for part in chop_cells(line, width)]


def _told(text: str, width: int, style: str = "") -> Paragraph:
    return [Content.styled(line, style) for line in _wrapped(text, max(10, width))]


def _heading(text: str) -> Content:
    return Content.styled(text, f"bold ${Tone.NAME}")


def _opening(width: int) -> Paragraph:
    return [
        Content.styled(_("Welcome to tiwtui"), f"bold ${Tone.ACCENT}"),
        *_told(_("No key of Tencent Cloud was found, so nothing is sent."), width, f"${Tone.WARN}"),
    ]


def _looked(looked: Iterable[SourceTried], width: int, glyphs: Glyphs) -> Paragraph:
    """Return each source with what it lacked beside it, or under it where there is little room."""
    told = [(safe(one.source), safe(one.lack)) for one in looked]
    column = min(_SOURCE_MOST, max((cell_len(source) for source, _lack in told), default=0))
    lines = [_heading(_("Looked at"))]
    for source, lack in told:
        shown = fit(source, column, glyphs.ellipsis)
        room = width - len(_INDENT) * 2 - column
        if room >= _LEAST_BESIDE:
            first, *others = _wrapped(lack, room) or [""]
            lines.append(Content.assemble(_INDENT, (shown, "bold"), _INDENT, (first, QUIET)))
            margin = " " * (column + len(_INDENT) * 2)
        else:
            lines.append(Content.assemble(_INDENT, (shown, "bold")))
            others, margin = _wrapped(lack, width - len(_INDENT) * 2), _INDENT * 2
        lines += [Content.styled(margin + line, QUIET) for line in others]
    return lines


def _remedy(width: int) -> Paragraph:
    """Return how to give a key; who has one in another place is told that it is not looked at."""
    lines = ("export TENCENTCLOUD_SECRET_ID=AKID…", "export TENCENTCLOUD_SECRET_KEY=…", "tiwtui")
    notes = (
        _("Keys are made at {address}").format(address="console.tencentcloud.com/cam/capi"),
        _("Key files of tccli and the SDKs are not read"),
    )
    room = width - len(_INDENT)
    return [
        _heading(_("To watch your own tasks")),
        *(_indented(line[:room]) for line in lines),
        *(_indented(line, QUIET) for note in notes for line in _wrapped(note, room)),
    ]


def _indented(line: str, style: str = "") -> Content:
    return Content.styled(f"{_INDENT}{line}", style)


def _ways(width: int, keys: Keys) -> Paragraph:
    """Return the keys that lead on; the one to the demo has the look of a button."""
    ways = (
        ("detail.open", _("try the demo: a simulated service, no account, nothing saved")),
        ("add", _("put tasks on the list; they are checked once there is a key")),
        ("quit", _("quit")),
    )
    shown = [(f" {keys.word(name)} ", text) for name, text in ways]
    column = max(cell_len(key) for key, _text in shown)
    lines: Paragraph = []
    for place, (key, text) in enumerate(shown):
        look = f"bold reverse ${Tone.ACCENT}" if not place else "bold"
        pad = " " * (column - cell_len(key))
        first, *others = _wrapped(text, max(10, width - column - 1))
        action = "screen.detail_open" if not place else ""
        words = Content.styled(first, "bold" if not place else QUIET)
        line = Content.assemble((key, look), f"{pad} ", words)
        lines.append(line.stylize(f"@click={action}") if action else line)
        lines += [Content.styled(" " * (column + 1) + rest, QUIET) for rest in others]
    return lines
