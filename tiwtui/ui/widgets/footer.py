"""The words of the footer: the few keys that matter here, none that would do nothing; and the marks. Pure."""

from collections.abc import Iterable, Sequence

import msgspec
from rich.cells import cell_len

from tiwtui.config.key_names import key_word
from tiwtui.config.key_table import DEFAULT_KEYS, Command
from tiwtui.formatting import Tone
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.ui.drawing.cells import drop_until_fits, fit
from tiwtui.ui.drawing.styled_text import Row, Span, row_width

Hints = tuple[tuple[str, str], ...]
"""Ids of commands, each with its word; where there is no room the last but one leaves first."""


class Here(msgspec.Struct, frozen=True):
    """Where a person is: what has the focus, and what there is to act on.

    `videos` are those of the selected task; with marks 1 where any marked task may have one, else 0.
    `has_place` says that one video is selected, `has_undo` that something was removed or handled, `is_fresh`
    that this was a moment ago. `marks` counts those shown; `marks_hidden` says that there are others.
    """

    is_first_run: bool = False
    is_empty: bool = False
    has_task: bool = True
    shows_removed: bool = False
    in_detail: bool = False
    in_raw: bool = False
    is_full: bool = False
    has_place: bool = False
    videos: int = 0
    marks: int = 0
    marks_hidden: bool = False
    is_filtered: bool = False
    is_paused: bool = False
    has_undo: bool = False
    is_fresh: bool = False
    wants_attention: bool = False


def hints(here: Here) -> Hints:
    """Return what to show there, what matters most first; the help comes last and always stays."""
    if here.is_first_run:
        shown: Hints = (("detail.open", _("demo")), *_undo(here), *_named("add", "quit"))
    elif here.in_detail or here.is_full:
        shown = _in_detail(here)
    elif here.shows_removed:
        shown = _removed(here)
    elif here.is_empty:
        shown = (*_undo(here), *_named("add", "quit"))
    elif here.marks_hidden and not here.marks:
        shown = (("back", _("clear marks")), *_named("filter", "add", "mark", "focus.switch", "quit"))
    elif here.marks:
        shown = (
            *(_undo(here) if here.is_fresh else ()),
            *_copy(here),
            *_named("check", "done", "remove", "label", "mark"),
            ("copy.as", _("copy as")),
            ("back", _("clear marks")),
        )
    else:
        shown = _in_list(here)
    return (*shown, *_named("help"))


def _in_list(here: Here) -> Hints:
    recent = _undo(here) if here.is_fresh else ()
    pause = (("pause", _("resume")),) if here.is_paused else _named("pause")
    clear = (("back", _("clear filter")),) if here.is_filtered else ()
    first = pause if here.is_paused else ()
    last = () if here.is_paused else pause
    if not here.has_task:
        return (*first, *clear, *recent, *_named("filter", "add"), *last, *_named("quit"))
    return (
        *first,
        *recent,
        *_copy(here),
        *(_named("done") if here.wants_attention else ()),
        *_named("check", "add", "filter"),
        *clear,
        *_named("mark", "remove", "label"),
        *last,
        *_named("focus.switch", "quit"),
    )


def _in_detail(here: Here) -> Hints:
    several: Hints = (("copy.nth", _("copy by number")),) if here.videos > 1 and here.has_place else ()
    bring_back: Hints = (("undo", _("bring back")),) if here.shows_removed else ()
    way_back: Hints = (
        (("back", _("list")),)
        if here.is_full
        else (("focus.switch", _("list")), ("detail.open", _("full screen")))
    )
    check = () if here.shows_removed else _named("check")
    if here.in_raw:
        several = (*_named("raw.copy", "raw.search", "raw.next"), *several)
    return (
        *bring_back,
        *(() if here.in_raw else _copy(here)),
        *several,
        ("detail.next", _("next tab")),
        *way_back,
        *check,
    )


def _removed(here: Here) -> Hints:
    back: Hints = (("back", _("watch list")),)
    if not here.has_task:
        return (*back, *_named("filter"))
    bring_back: Hints = (("undo", _("bring back")),)
    return (*bring_back, *_copy(here), *_named("copy.id"), *back, *_named("filter", "mark", "focus.switch"))


def _copy(here: Here) -> Hints:
    if not here.videos:
        return ()
    return (("copy", _("copy the URL")),) if here.has_place else _named("copy")


def _undo(here: Here) -> Hints:
    return (("undo", _("undo")),) if here.has_undo else ()


def _named(*names: str) -> Hints:
    return tuple((name, DEFAULT_KEYS.command(name).hint) for name in names)


def footer(hints: Iterable[tuple[Command, str]], width: int) -> Row:
    """Return keys and what they do now, as many as fit; the last one always stays."""
    return _fitting([_hint(command, word) for command, word in hints if command.keys], width)


def typing_keys() -> tuple[tuple[str, str], ...]:
    """Return the keys that matter while the filter is typed; they are those of its line alone."""
    return (("enter", _("ok")), ("tab", _("complete")), ("up", _("earlier filters")), ("escape", _("clear")))


def typing_hints(width: int) -> Row:
    """Return these keys as the footer shows them."""
    return _fitting([_key_hint(key_word(key), word) for key, word in typing_keys()], width)


def candidate_words(candidates: Sequence[str], place: int, width: int, glyphs: Glyphs) -> Row:
    """Return as many candidates as fit on a line, the one at `place` lit and always among them."""
    texts = (fit(text, min(cell_len(text), width - 4), glyphs.ellipsis) for text in candidates)
    spans = [Span(f" {text} ", Tone.PLAIN, is_lit=at == place) for at, text in enumerate(texts)]
    more = Span(glyphs.ellipsis, Tone.QUIET)
    first, last = place, place + 1
    while last - first < len(spans):
        # What is to come is worth more than what has been.
        wider = (first, last + 1) if last < len(spans) else (first - 1, last)
        if row_width(tuple(spans[slice(*wider)])) + 2 * more.width > width:
            break
        first, last = wider
    return (*[more] * (first > 0), *spans[first:last], *[more] * (last < len(spans)))


def _fitting(shown: list[Row], width: int) -> Row:
    leaving = range(len(shown) - 2, -1, -1)
    shown = drop_until_fits(shown, leaving, lambda left: sum(map(row_width, left)) <= width)
    return tuple(piece for hint in shown for piece in hint)


def _hint(command: Command, word: str) -> Row:
    return _key_hint(command.key_shown, word, "" if command.is_numbered else command.action)


def _key_hint(key: str, word: str, action: str = "") -> Row:
    return (
        Span(f" {key} ", Tone.NAME, is_strong=True, action=action),
        Span(f"{word} ", Tone.QUIET, action=action),
    )


def marked_words(marked: int, shown: int) -> Row:
    """Return how many tasks are marked, and how many of those the view hides."""
    if not marked:
        return ()
    text = ngettext("{n} marked", "{n} marked", marked).format(n=marked)
    if hidden := max(0, marked - shown):
        text = ngettext("{marked}, {n} hidden", "{marked}, {n} hidden", hidden).format(marked=text, n=hidden)
    return (Span(f" {text} ", is_lit=True),)


def mark_word() -> Row:
    """Return that the one task on the screen is marked."""
    return (Span(f" {_('marked')} ", is_lit=True),)
