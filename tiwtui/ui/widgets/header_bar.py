"""The words of the header: which service is asked, and the state of the checking. Pure."""

from collections.abc import Callable

from rich.cells import cell_len

from tiwtui.engine.status import Mode, Status
from tiwtui.formatting import Tone, age_text, number_text, rough_time
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.sanitize import safe
from tiwtui.session import Target
from tiwtui.ui.drawing.cells import drop_until_fits
from tiwtui.ui.drawing.styled_text import Row, Span, row_width
from tiwtui.ui.sender_text import sender_text


def header(
    target: Target,
    status: Status,
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
    state, others = _state_words(status, now, clock, glyphs, own), _fact_words(status, glyphs, try_key)
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


def _state_words(status: Status, now: float, clock: Callable[[float], str], glyphs: Glyphs, own: str) -> Row:
    said = sender_text(status, now, "" if status.since is None else clock(status.since), own)
    dot = glyphs.stopped if status.mode in (Mode.PAUSED, Mode.STOPPED) else glyphs.dot
    return (
        Span(f"{dot} ", said.tone),
        Span(said.text, said.tone, is_strong=said.tone is not Tone.GOOD),
    )


def _fact_words(status: Status, glyphs: Glyphs, try_key: str) -> Row:
    """Return what else there is to say, what matters most first: where there is no room the last leave."""
    facts: list[tuple[str, Tone]] = []
    if try_key and status.mode is Mode.STOPPED and status.next_try_at is not None:
        facts.append((_("{key} tries now").format(key=try_key), Tone.BAD))
    if status.stopped_apps:
        apps = ", ".join(str(app) for app in status.stopped_apps)
        facts.append((_("stopped for {apps}").format(apps=apps), Tone.BAD))
    if status.mode in (Mode.LIVE, Mode.FOLLOWING):
        facts.append((_rate_words(status), Tone.WARN if _is_throttled(status) else Tone.QUIET))
    if status.throttled:
        facts.append((_("throttled {n}").format(n=status.throttled), Tone.WARN))
    if status.mode in (Mode.LIVE, Mode.FOLLOWING) and (progress := _progress_words(status)):
        facts.append((progress, Tone.QUIET))
    if status.oldest_s is not None:
        facts.append((_("slowest {age}").format(age=age_text(status.oldest_s)), Tone.QUIET))
    if abs(status.clock_offset_s) >= 1.0:
        message = _("clock corrected by {offset:+.0f} s").format(offset=status.clock_offset_s)
        facts.append((message, Tone.WARN))
    between = f" {glyphs.between} "
    return tuple(
        Span((between if number else "  ") + text, tone) for number, (text, tone) in enumerate(facts)
    )


def _is_throttled(status: Status) -> bool:
    return status.allowed < status.budget - 0.05


def _rate_words(status: Status) -> str:
    """Return the rate against what is allowed, and who allows no more: one slow screen slows all."""
    rate = _("{rate}/{allowed} checks/s").format(
        rate=number_text(status.rate), allowed=number_text(status.allowed)
    )
    if not status.limited_by or _is_throttled(status):
        return rate
    return _("{rate} as {who} wants").format(rate=rate, who=safe(status.limited_by))


def _progress_words(status: Status) -> str:
    """Return how far the first answers have come, else how far the active tasks have."""
    if (asking := status.asking) is not None:
        words = _("{done} of {total} asked").format(done=asking.done, total=asking.total)
        return _with_time_left(words, asking.left_s)
    if (settling := status.settling) is not None:
        words = _("{done} of {total} settled").format(done=settling.done, total=settling.total)
        return _with_time_left(words, settling.left_s)
    return ""


def _with_time_left(words: str, left_s: float | None) -> str:
    if left_s is None:
        return words
    return _("{progress}, ~{time} left").format(progress=words, time=rough_time(left_s))
