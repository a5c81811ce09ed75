"""The words of the header: which service is asked, and the state of the checking. Pure."""

from collections.abc import Callable

from rich.cells import cell_len

from tiwtui.engine.status import Mode, Standing
from tiwtui.formatting import Tone, age_text, number_text, safe, standing_words
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.session import Target
from tiwtui.ui.drawing.cells import drop_until_fits
from tiwtui.ui.drawing.styled_text import Row, Span, row_width


def header(
    target: Target,
    standing: Standing,
    now: float,
    clock: Callable[[float], str],
    width: int,
    glyphs: Glyphs,
    *,
    is_saved: bool = True,
    own: str = "",
    try_key: str = "",
) -> tuple[Row, Row]:
    """Return which service is asked (region, host and profile leave first), and the state of the checking.

    `try_key` is the key, if any, that sends a check although the service refused the last ones.
    """
    state, others = _state_words(standing, now, clock, glyphs, own), _fact_words(standing, glyphs)
    if try_key and standing.mode is Mode.HALTED and standing.next_try_at is not None:
        others = (Span("  " + _("{key} tries now").format(key=try_key), Tone.BAD), *others)
    if not is_saved:
        state = (Span(_("not saved") + "  ", Tone.BAD, is_strong=True), *state)
    others = tuple(
        drop_until_fits(
            others,
            reversed(range(len(others))),
            lambda left: row_width(state) + row_width(left) + 1 <= width - 10,
        )
    )
    right = (*state, *others, Span(" "))
    parts = [safe(part) for part in (target.profile, target.host, target.region) if part]
    name = Span(" tiwtui ", Tone.NAME, is_strong=True)
    between = f" {glyphs.between} "
    room = width - row_width(right) - name.width - 3
    parts = drop_until_fits(
        parts, reversed(range(len(parts))), lambda left: cell_len(between.join(left)) <= room
    )
    return (name, Span(" " + between.join(parts), Tone.QUIET)), right


def _state_words(
    standing: Standing, now: float, clock: Callable[[float], str], glyphs: Glyphs, own: str
) -> Row:
    said = standing_words(standing, now, "" if standing.since is None else clock(standing.since), own)
    dot = glyphs.halted if standing.mode in (Mode.PAUSED, Mode.HALTED) else glyphs.dot
    return (
        Span(f"{dot} ", said.tone),
        Span(said.text, said.tone, is_strong=standing.mode is not Mode.LIVE),
    )


def _fact_words(standing: Standing, glyphs: Glyphs) -> Row:
    """Return what else there is to say, what matters most first: where there is no room the last leave."""
    between = f" {glyphs.between} "
    pieces: list[Span] = []
    if standing.halted_apps:
        apps = ", ".join(str(app) for app in standing.halted_apps)
        pieces.append(Span("  " + _("stopped for {apps}").format(apps=apps), Tone.BAD))
    is_throttled = standing.allowed < standing.budget - 0.05
    rate = _("{rate}/{allowed} checks/s").format(
        rate=number_text(standing.rate), allowed=number_text(standing.allowed)
    )
    pieces.append(Span(f"  {rate}", Tone.WARN if is_throttled else Tone.QUIET))
    if standing.throttled:
        pieces.append(Span(between + _("throttled {n}").format(n=standing.throttled), Tone.WARN))
    if standing.oldest_s is not None:
        pieces.append(Span(between + _("slowest {age}").format(age=age_text(standing.oldest_s)), Tone.QUIET))
    if abs(standing.clock_offset_s) >= 1.0:
        told = _("clock corrected by {offset:+.0f} s").format(offset=standing.clock_offset_s)
        pieces.append(Span(between + told, Tone.WARN))
    return tuple(pieces)
