"""The words of the screen's single lines: header, tabs, filter, title of the detail, footer; and of an empty
list. Pure.
"""

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.cells import cell_len

from tiwtui.config.keys import DEFAULT_KEYS, Command, Keys
from tiwtui.engine.status import Mode, Status
from tiwtui.formatting import Span, Tone, age_text, duration_text, number_text, size_text, status_words
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.listing.named_filters import AnyTab, NamedFilter
from tiwtui.listing.query.parser import Query
from tiwtui.listing.tabs import Tab
from tiwtui.model import Task
from tiwtui.sanitize import safe
from tiwtui.session import Target
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.widgets.status_line import Piece, Pieces, pieces_width

DETAIL_TABS = ("videos", "timeline", "history", "raw")


def header(
    target: Target,
    status: Status,
    now: float,
    clock: Callable[[float], str],
    width: int,
    glyphs: Glyphs,
    *,
    is_kept: bool = True,
    try_key: str = "",
) -> tuple[Pieces, Pieces]:
    """Return which service is asked, its region, host and profile leaving first, and how it all stands.

    `try_key` is the key, if any, that sends a check although the service refused the last ones.
    """
    state, others = _state_pieces(status, now, clock, glyphs), _fact_pieces(status, glyphs)
    if try_key and status.mode is Mode.STOPPED and status.next_try_at is not None:
        others = (Piece("  " + _("{key} tries now").format(key=try_key), Tone.BAD), *others)
    if not is_kept:
        state = (Piece(_("not saved") + "  ", Tone.BAD, is_strong=True), *state)
    right = (*state, *others, Piece(" "))
    while others and pieces_width(right) > width - 10:
        others = others[:-1]
        right = (*state, *others, Piece(" "))
    parts = [safe(part) for part in (target.profile, target.host, target.region) if part]
    name = Piece(" tiwtui ", Tone.NAME, is_strong=True)
    between = f" {glyphs.between} "
    while parts and name.width + 1 + cell_len(between.join(parts)) + 2 > width - pieces_width(right):
        parts.pop()
    return (name, Piece(" " + between.join(parts), Tone.QUIET)), right


def _state_pieces(status: Status, now: float, clock: Callable[[float], str], glyphs: Glyphs) -> Pieces:
    said = status_words(status, now, "" if status.since is None else clock(status.since))
    dot = glyphs.stopped if status.mode in (Mode.PAUSED, Mode.STOPPED) else glyphs.dot
    return (
        Piece(f"{dot} ", said.tone),
        Piece(said.text, said.tone, is_strong=status.mode is not Mode.LIVE),
    )


def _fact_pieces(status: Status, glyphs: Glyphs) -> Pieces:
    """Return what else there is to say, what matters most first: where there is no room the last leave."""
    between = f" {glyphs.between} "
    pieces: list[Piece] = []
    if status.stopped_apps:
        apps = ", ".join(str(app) for app in status.stopped_apps)
        pieces.append(Piece("  " + _("stopped for {apps}").format(apps=apps), Tone.BAD))
    is_throttled = status.allowed < status.budget - 0.05
    rate = _("{rate} of {allowed} checks/s").format(
        rate=number_text(status.rate), allowed=number_text(status.allowed)
    )
    pieces.append(Piece(f"  {rate}", Tone.WARN if is_throttled else Tone.QUIET))
    if status.throttled:
        pieces.append(Piece(between + _("throttled {n}").format(n=status.throttled), Tone.WARN))
    if status.oldest_s is not None:
        pieces.append(Piece(between + _("oldest {age}").format(age=age_text(status.oldest_s)), Tone.QUIET))
    if abs(status.clock_offset_s) >= 1.0:
        told = _("clock corrected by {offset:+.0f} s").format(offset=status.clock_offset_s)
        pieces.append(Piece(between + told, Tone.WARN))
    return tuple(pieces)


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
_TELLING = (Tab.FAILED, Tab.ATTENTION)
_LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A tab with its place among all, from 1, and with how many tasks are in it where that is told."""

    number: int
    tab: AnyTab
    size: int | None

    @property
    def tells(self) -> bool:
        """Whether a person wants to know of it wherever they are."""
        return self.tab in _TELLING and bool(self.size)


def tab_line(
    count: Callable[[Tab], int],
    current: AnyTab,
    width: int,
    glyphs: Glyphs,
    *,
    named: tuple[NamedFilter, ...] = (),
    shown: int | None = None,
    keys: Keys = DEFAULT_KEYS,
) -> Pieces:
    """Return the tabs with their keys and counts, of the named ones only the current one's, `shown`.

    Where they do not fit, the named ones leave first, for the keys that lead to them; then only what needs a
    look stays beside the current one.
    """
    tabs = [_Numbered(number, tab, count(tab)) for number, tab in enumerate(Tab, 1)]
    others = [
        _Numbered(number, tab, shown if tab is current else None)
        for number, tab in enumerate(named, len(Tab) + 1)
    ]
    few = [tab for tab in (*tabs, *others) if tab.tab is current or tab.tells]
    most = [*tabs, *(other for other in others if other.tab is current)]
    hint = _hint_of_named([other for other in others if other.tab is not current], keys, glyphs)
    pieces: Pieces = ()
    here = [tab for tab in few if tab.tab is current]
    for some, more in ((tabs + others, ()), (most, hint), (most, ()), (few, hint), (few, ()), (here, ())):
        pieces = (*_tab_pieces(some, current, keys, glyphs), *more)
        if pieces_width(pieces) <= width:
            break
    return pieces


def _hint_of_named(hidden: list[_Numbered], keys: Keys, glyphs: Glyphs) -> Pieces:
    """Return that there are named tabs that are not shown, and the keys that show them."""
    if not hidden:
        return ()
    ends = dict.fromkeys(keys.nth_shown("tab", tab.number) for tab in (hidden[0], hidden[-1]))
    told = glyphs.nothing.join(filter(None, ends))
    words = f" {told} {glyphs.ellipsis} " if told else f" {glyphs.ellipsis} "
    action = f"tab('{hidden[0].number}')"
    return (Piece(glyphs.rail, Tone.QUIET), Piece(words, Tone.QUIET, action=action))


def _tab_pieces(tabs: Iterable[_Numbered], current: AnyTab, keys: Keys, glyphs: Glyphs) -> Pieces:
    pieces: list[Piece] = []
    for numbered in tabs:
        tab, size, is_lit = numbered.tab, numbered.size, numbered.tab is current
        key = keys.nth_shown("tab", numbered.number)
        action = f"tab('{numbered.number}')"
        if isinstance(tab, Tab):
            word, tone = tab_word(tab), _TAB_TONES.get(tab, Tone.PLAIN)
        else:
            name = safe(tab.name)
            word, tone = fit(name, min(cell_len(name), _LONGEST_NAME), glyphs.ellipsis), Tone.PLAIN
        if pieces:
            pieces.append(Piece(glyphs.rail, Tone.QUIET))
        pieces += [
            Piece(f" {key} " if key else " ", Tone.QUIET, is_lit=is_lit, action=action),
            Piece(word, Tone.PLAIN if is_lit else Tone.QUIET, is_lit=is_lit, action=action),
            Piece(
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


def filter_pieces(
    text: str, query: Query, shown: int, total: int | None, width: int, *, is_open: bool
) -> Pieces:
    """Return how many a filter leaves, its fault, and itself unless it is being typed.

    `total` is how many there are without it, where that is known. A fault that does not fit whole is left out
    for another place to tell.
    """
    if not text and not is_open:
        return ()
    counted = Piece(f" {shown} " if total is None else f" {shown}/{total} ", Tone.QUIET)
    prompt = Piece(" / ", Tone.NAME, is_strong=True, action="filter")
    told = filter_fault(query)
    typed = safe(text)
    pieces: Pieces
    if is_open:
        fault = Piece(f" {told} " if told else "", Tone.BAD)
        pieces = (fault, counted, prompt)
    else:
        fault = Piece(f"  {told}" if told else "", Tone.BAD)
        room = max(6, width - counted.width - prompt.width)
        typed = fit(typed, min(cell_len(typed), room))
        pieces = (prompt, Piece(typed, Tone.BAD if told else Tone.PLAIN, action="filter"), fault, counted)
    if pieces_width(pieces) > width:
        pieces = tuple(piece for piece in pieces if piece is not fault)
    return pieces


def detail_tab_word(tab: str) -> str:
    """Return what a tab of the detail pane is called."""
    words = {"videos": _("Videos"), "timeline": _("Timeline"), "history": _("History"), "raw": _("Raw")}
    return words[tab]


def detail_tabs(current: str) -> Pieces:
    """Return the tabs of the detail pane."""
    return tuple(
        Piece(
            f" {detail_tab_word(tab)} ",
            Tone.PLAIN if tab == current else Tone.QUIET,
            is_lit=tab == current,
            action=f"detail_tab('{tab}')",
        )
        for tab in DETAIL_TABS
    )


def detail_title(task: Task | None, default_app: int | None, width: int, glyphs: Glyphs) -> Pieces:
    """Return id, label, length, count and size of a task's videos, as many of them as fit."""
    if task is None:
        return ()
    parts = [Span(safe(task.ref.written(default_app)), Tone.PLAIN)]
    if task.label:
        parts.insert(0, Span(safe(task.label), Tone.NAME))
    if task.total_time_ms:
        parts.append(Span(duration_text(task.total_time_ms), Tone.QUIET))
    if task.video_count:
        videos = ngettext("{n} video", "{n} videos", task.video_count).format(n=task.video_count)
        parts.append(Span(videos, Tone.QUIET))
    if task.size_bytes:
        parts.append(Span(size_text(task.size_bytes), Tone.QUIET))
    between = f" {glyphs.between} "
    while len(parts) > 1 and sum(cell_len(text) + 3 for text, _tone in parts) > width:
        parts.pop()
    pieces: list[Piece] = []
    for text, tone in parts:
        pieces += [Piece(between, Tone.QUIET)] * bool(pieces)
        pieces.append(Piece(fit(text, min(cell_len(text), max(4, width)), glyphs.ellipsis), tone))
    return (*pieces, Piece(" "))


def footer(hints: Iterable[tuple[Command, str]], width: int) -> Pieces:
    """Return keys and what they do now, as many as fit; the last one always stays."""
    shown = [_hint(command, word) for command, word in hints if command.keys]
    while len(shown) > 1 and sum(map(pieces_width, shown)) > width:
        shown.pop(-2)
    return tuple(piece for hint in shown for piece in hint)


def _hint(command: Command, word: str) -> Pieces:
    action = "" if command.is_numbered else command.action
    return (
        Piece(f" {command.key_shown} ", Tone.NAME, is_strong=True, action=action),
        Piece(f"{word} ", Tone.QUIET, action=action),
    )


def marked_pieces(marked: int, shown: int) -> Pieces:
    """Return how many tasks are marked, and how many of those the view hides."""
    if not marked:
        return ()
    text = ngettext("{n} marked", "{n} marked", marked).format(n=marked)
    if hidden := max(0, marked - shown):
        text = ngettext("{marked}, {n} hidden", "{marked}, {n} hidden", hidden).format(marked=text, n=hidden)
    return (Piece(f" {text} ", Tone.WARN, is_strong=True),)


def mark_pieces() -> Pieces:
    """Return that the one task on the screen is marked."""
    return (Piece(f" {_('marked')} ", Tone.WARN, is_strong=True),)


def empty_words(
    tab: AnyTab,
    filter_text: str,
    total: int,
    width: int,
    keys: Keys = DEFAULT_KEYS,
    *,
    shows_removed: bool = False,
) -> tuple[str, ...]:
    """Return what an empty list says, wrapped to a width; `total` is how many tasks it could show."""
    if not total and shows_removed:
        told = _("No removed task is kept; {key} leads back to the watch list.")
        text = told.format(key=keys.word("back"))
    elif not total:
        told = _("Nothing watched yet. Paste task ids, press {key}, or pipe: tiwtui add -")
        text = told.format(key=keys.word("add"))
    elif filter_text:
        text = _("No task here matches the filter; {key} clears it.").format(key=keys.word("back"))
    elif tab is Tab.ATTENTION:
        text = _("Nothing needs attention.")
    else:
        text = _("No task is here now.")
    return tuple(textwrap.wrap(text, max(10, width - 4)))
