"""The words of the line above the detail: its tabs, and which task it shows. Pure."""

from rich.cells import cell_len

from tiwtui.formatting import Tone, TonedText, duration_text, size_text
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _, ngettext
from tiwtui.model import Task
from tiwtui.sanitize import safe
from tiwtui.ui.drawing.cells import drop_until_fits, fit
from tiwtui.ui.drawing.styled_text import Row, Span

DETAIL_TABS = ("videos", "timeline", "history", "raw")


def detail_tab_word(tab: str) -> str:
    """Return what a tab of the detail pane is called."""
    words = {"videos": _("Videos"), "timeline": _("Timeline"), "history": _("History"), "raw": _("Raw")}
    return words[tab]


def detail_tabs(current: str) -> Row:
    """Return the tabs of the detail pane."""
    return tuple(
        Span(
            f" {detail_tab_word(tab)} ",
            Tone.PLAIN if tab == current else Tone.QUIET,
            is_lit=tab == current,
            action=tab,
        )
        for tab in DETAIL_TABS
    )


def detail_title(task: Task | None, default_app: int | None, width: int, glyphs: Glyphs) -> Row:
    """Return id, label, length, count and size of a task's videos, as many of them as fit."""
    if task is None:
        return ()
    parts = [TonedText(safe(task.ref.written(default_app)), Tone.PLAIN)]
    if task.label:
        parts.insert(0, TonedText(safe(task.label), Tone.NAME))
    if task.total_time_ms:
        parts.append(TonedText(duration_text(task.total_time_ms), Tone.QUIET))
    if task.video_count:
        videos = ngettext("{n} video", "{n} videos", task.video_count).format(n=task.video_count)
        parts.append(TonedText(videos, Tone.QUIET))
    if task.size_bytes:
        parts.append(TonedText(size_text(task.size_bytes), Tone.QUIET))
    between = f" {glyphs.between} "
    parts = drop_until_fits(
        parts,
        range(len(parts) - 1, 0, -1),
        lambda left: sum(cell_len(text) + 3 for text, _tone in left) <= width,
    )
    pieces: list[Span] = []
    for text, tone in parts:
        pieces += [Span(between, Tone.QUIET)] * bool(pieces)
        pieces.append(Span(fit(text, min(cell_len(text), max(4, width)), glyphs.ellipsis), tone))
    return (Span(" "), *pieces, Span(" "))
