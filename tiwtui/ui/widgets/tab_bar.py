"""The words of the line under the header: the tabs with their keys and counts, and the filter. Pure."""

from collections.abc import Callable, Iterable, Mapping

import msgspec
from rich.cells import cell_len

from tiwtui.config.key_table import DEFAULT_KEYS, Keys
from tiwtui.formatting import Tone
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.listing.named_filters import AnyTab, NamedFilter
from tiwtui.listing.query.parser import Query
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase
from tiwtui.sanitize import safe
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.styled_text import Row, Span, row_width


def tab_word(tab: Tab) -> str:
    """Return what a tab is called."""
    words = {
        Tab.ALL: _("All"),
        Tab.ACTIVE: _("Active"),
        Tab.READY: _("Ready"),
        Tab.FAILED: _("Failed"),
        Tab.ATTENTION: _("Attention"),
    }
    return words[tab]


_TAB_TONES = {Tab.FAILED: Tone.BAD, Tab.ATTENTION: Tone.WARN}
_SHOWN_EVERYWHERE = (Tab.FAILED, Tab.ATTENTION)
_LONGEST_NAME = 20


def title_words(count: Callable[[Tab], int], glyphs: Glyphs) -> str:
    """Return the title of the terminal: `✓80 ✗11 ◐37 · tiwtui`, without what there is none of."""
    signs = ((Tab.READY, Phase.READY), (Tab.FAILED, Phase.FAILED), (Tab.ACTIVE, Phase.PROCESSING))
    counts = " ".join(f"{glyphs.phase(phase)}{count(tab)}" for tab, phase in signs if count(tab))
    return f"{counts} {glyphs.between} tiwtui" if counts else "tiwtui"


class _Numbered(msgspec.Struct, frozen=True):
    """A tab with its place among all, from 1, and with how many tasks are in it where that is shown."""

    number: int
    tab: AnyTab
    size: int | None

    @property
    def is_worth_showing(self) -> bool:
        """Whether a person wants to know of it wherever they are."""
        return self.tab in _SHOWN_EVERYWHERE and bool(self.size)


def tab_line(
    count: Callable[[Tab], int],
    current: AnyTab,
    width: int,
    glyphs: Glyphs,
    *,
    named: tuple[NamedFilter, ...] = (),
    shown: int | None = None,
    keys: Keys = DEFAULT_KEYS,
    is_faded: bool = False,
) -> Row:
    """Return the tabs with their keys and counts, of the named ones only the current one's, `shown`.

    Where they do not fit, the named ones leave first, for the keys that lead to them; then only what needs a
    look stays beside the current one, Attention longer than Failed. Faded, no count is in a colour that calls
    for somebody.
    """
    tabs = [_Numbered(number, tab, count(tab)) for number, tab in enumerate(Tab, 1)]
    others = [
        _Numbered(number, tab, shown if tab is current else None)
        for number, tab in enumerate(named, len(Tab) + 1)
    ]
    few = [tab for tab in (*tabs, *others) if tab.tab is current or tab.is_worth_showing]
    most = [*tabs, *(other for other in others if other.tab is current)]
    hint = _hint_of_named([other for other in others if other.tab is not current], keys, glyphs)
    pieces: Row = ()
    fewer = [tab for tab in few if tab.tab in (current, Tab.ATTENTION)]
    here = [tab for tab in few if tab.tab is current]
    shortened: tuple[tuple[list[_Numbered], Row], ...] = (
        *((tabs + others, ()), (most, hint), (most, ())),
        *((few, hint), (few, ()), (fewer, ()), (here, ())),
    )
    for some, more in shortened:
        pieces = (*_tab_pieces(some, current, keys, glyphs, {} if is_faded else _TAB_TONES), *more)
        if row_width(pieces) <= width:
            break
    return pieces


def _hint_of_named(hidden: list[_Numbered], keys: Keys, glyphs: Glyphs) -> Row:
    """Return that there are named tabs that are not shown, and the keys that show them."""
    if not hidden:
        return ()
    ends = dict.fromkeys(keys.nth_shown("tab", tab.number) for tab in (hidden[0], hidden[-1]))
    counted = glyphs.nothing.join(filter(None, ends))
    words = f" {counted} {glyphs.ellipsis} " if counted else f" {glyphs.ellipsis} "
    action = f"run('tab', {hidden[0].number})"
    return (Span(glyphs.rail, Tone.QUIET), Span(words, Tone.QUIET, action=action))


def _tab_pieces(
    tabs: Iterable[_Numbered], current: AnyTab, keys: Keys, glyphs: Glyphs, tones: Mapping[Tab, Tone]
) -> Row:
    pieces: list[Span] = []
    for numbered in tabs:
        tab, size, is_lit = numbered.tab, numbered.size, numbered.tab is current
        key = keys.nth_shown("tab", numbered.number)
        action = f"run('tab', {numbered.number})"
        if isinstance(tab, Tab):
            word, tone = tab_word(tab), tones.get(tab, Tone.PLAIN)
        else:
            name = safe(tab.name)
            word, tone = fit(name, min(cell_len(name), _LONGEST_NAME), glyphs.ellipsis), Tone.PLAIN
        if pieces:
            pieces.append(Span(glyphs.rail, Tone.QUIET))
        pieces += [
            Span(f" {key} " if key else " ", Tone.QUIET, is_lit=is_lit, action=action),
            Span(word, Tone.PLAIN if is_lit else Tone.QUIET, is_lit=is_lit, action=action),
            Span(
                " " if size is None else f" {size} ",
                tone if size else Tone.QUIET,
                is_lit=is_lit,
                action=action,
            ),
        ]
    return tuple(pieces)


def filter_fault(query: Query) -> str:
    """Return what of a filter was not understood, and what would be right; nothing where all was."""
    return safe(query.faults[0].reason) if query.faults else ""


def filter_words(text: str, query: Query, shown: int, total: int | None, width: int, *, is_open: bool) -> Row:
    """Return how many a filter leaves, its fault, and itself unless it is being typed.

    `total` is how many there are without it, where that is known. A fault that does not fit whole is left out
    for another place to show.
    """
    if not text and not is_open:
        return ()
    counted = Span(f" {shown} " if total is None else f" {shown}/{total} ", Tone.QUIET)
    prompt = Span(" / ", Tone.NAME, is_strong=True, action="run('filter')")
    message = filter_fault(query)
    typed = safe(text)
    pieces: Row
    if is_open:
        fault = Span(f" {message} " if message else "", Tone.BAD)
        pieces = (fault, counted, prompt)
    else:
        fault = Span(f"  {message}" if message else "", Tone.BAD)
        room = max(6, width - counted.width - prompt.width)
        typed = fit(typed, min(cell_len(typed), room))
        pieces = (
            prompt,
            Span(typed, Tone.BAD if message else Tone.PLAIN, action="run('filter')"),
            fault,
            counted,
        )
    if row_width(pieces) > width:
        pieces = tuple(piece for piece in pieces if piece is not fault)
    return pieces
