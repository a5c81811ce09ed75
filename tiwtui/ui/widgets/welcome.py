"""What is shown in place of the list: the panel of the first start, and the words of an empty list."""

from collections.abc import Iterable
from textwrap import wrap

import msgspec
from rich.cells import cell_len, chop_cells
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from tiwtui.api.credentials import SourceTried
from tiwtui.config.key_names import key_word
from tiwtui.config.key_table import DEFAULT_KEYS, Keys
from tiwtui.formatting import Tone
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.listing.named_filters import AnyTab
from tiwtui.listing.tabs import Tab
from tiwtui.sanitize import safe
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.themed_widget import QUIET

_WIDEST = 72
_MARGIN = 2
_SOURCE_MOST = 28
_LEAST_BESIDE = 24
_INDENT = "  "

Paragraph = list[Content]


def welcome(looked: Iterable[SourceTried], width: int, height: int, keys: Keys, glyphs: Glyphs) -> Content:
    """Return where keys were looked for, how to give one, and how to open the demo, for a size in cells.

    Where it is too high, the air between the paragraphs goes first, then how to give a key: what the sources
    lack says as much. They stand last then, and can be scrolled to.
    """
    width = min(width, _WIDEST)
    opening, sources, ways = _opening(width), _looked(looked, width, glyphs), _ways(width, keys)
    parts = (opening, sources, _remedy(max(10, width)), ways)
    for between in ("\n\n", "\n"):
        text = Content(between).join(Content("\n").join(part) for part in parts)
        if len(text.plain.splitlines()) <= height:
            return text
    return Content("\n").join(Content("\n").join(part) for part in (opening, ways, sources))


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most so many cells; only a word that is too long for a line is split."""
    return [part for line in wrap(text, width) for part in chop_cells(line, width)]


def _wrapped_styled(text: str, width: int, style: str = "") -> Paragraph:
    return [Content.styled(line, style) for line in _wrapped(text, max(10, width))]


def _heading(text: str) -> Content:
    return Content.styled(text, f"bold ${Tone.NAME}")


def _opening(width: int) -> Paragraph:
    return [
        Content.styled(_("Welcome to tiwtui"), f"bold ${Tone.ACCENT}"),
        *_wrapped_styled(_("No Tencent Cloud credentials found. Nothing is sent."), width, f"${Tone.WARN}"),
    ]


def _looked(looked: Iterable[SourceTried], width: int, glyphs: Glyphs) -> Paragraph:
    """Return each source with what it lacked beside it, or under it where there is little room."""
    tried = [(safe(one.source), safe(one.lack)) for one in looked]
    column = min(_SOURCE_MOST, max((cell_len(source) for source, _lack in tried), default=0))
    lines = [_heading(_("Looked at"))]
    for source, lack in tried:
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
    """Return how to give a key; a note says which files are not read."""
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
        action = "screen.run('detail.open')" if not place else ""
        said = "bold" if not place else QUIET
        below = (Content.assemble(" " * (column + 1), (rest, said)) for rest in others)
        for line in (Content.assemble((key, look), f"{pad} ", (first, said)), *below):
            lines.append(line.stylize(f"@click={action}") if action else line)
    return lines


class Elsewhere(msgspec.Struct, frozen=True):
    """How many tasks a filter finds that finds none in the list: in all tabs, and among removed tasks."""

    in_all: int
    removed: int


def empty_words(
    tab: AnyTab,
    filter_text: str,
    total: int,
    width: int,
    keys: Keys = DEFAULT_KEYS,
    *,
    shows_removed: bool = False,
    is_filtering: bool = False,
    elsewhere: Elsewhere | None = None,
) -> tuple[str, ...]:
    """Return what an empty list says, wrapped to a width; `total` is how many tasks it could show."""
    back = keys.word("back")
    if not total and shows_removed:
        texts = [_("No removed task is kept; {key} leads back to the watch list.").format(key=back)]
    elif not total:
        text = _("Nothing watched yet. Paste task ids, press {key}, or pipe: tiwtui add -")
        texts = [text.format(key=keys.word("add"))]
    elif filter_text and elsewhere is not None:
        key = key_word("enter") if is_filtering else keys.word("detail.open")
        texts = _filtered_words(elsewhere, key, back)
    elif filter_text:
        texts = [_("No task here matches the filter; {key} clears it.").format(key=back)]
    elif tab is Tab.ATTENTION:
        texts = [_("Nothing needs attention.")]
    else:
        texts = [_("No task is here now.")]
    return tuple(line for text in texts for line in wrap(text, max(10, width - 4)))


def _filtered_words(elsewhere: Elsewhere, key: str, back: str) -> list[str]:
    """Return where a filter that finds nothing here finds something, and the keys that matter then."""
    counts = [_("0 here")]
    if elsewhere.in_all:
        counts.append(_("{n} in All").format(n=elsewhere.in_all))
        way = _("{key} shows All; {back} clears the filter.")
    else:
        way = _("{key} shows the removed; {back} clears the filter.")
    if elsewhere.removed:
        counts.append(_("{n} removed").format(n=elsewhere.removed))
    if len(counts) == 1:
        return [_("No task matches the filter; {key} clears it.").format(key=back)]
    return [" · ".join(counts), way.format(key=key, back=back)]


class WelcomePanel(VerticalScroll, can_focus=False):
    """Says where keys were looked for and what to do; shown while `looked` is not empty."""

    DEFAULT_CSS = """
    WelcomePanel {
        display: none;
        width: 1fr;
        height: 1fr;
        align: center middle;
        & > Static { height: auto; }
    }
    """

    looked: var[tuple[SourceTried, ...]] = var((), init=False)

    def __init__(self, keys: Keys, glyphs: Glyphs) -> None:
        super().__init__(id="welcome")
        self._keys = keys
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield Static()

    def watch_looked(self) -> None:
        self.display = bool(self.looked)
        self._say()

    def on_resize(self) -> None:
        self._say()

    def _say(self) -> None:
        # The scrollbar comes and goes with the text: it counts nothing here, the border does.
        width, height = self.outer_size - self.gutter.totals
        panel = self.query_one(Static)
        panel.styles.width = min(_WIDEST, max(1, width - 2 * _MARGIN))
        if self.looked and width:
            panel.update(welcome(self.looked, width - 2 * _MARGIN, height, self._keys, self._glyphs))
