"""The Timeline tab: one lane per video on the class's own time axis, its kind shown by color and pattern."""

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len

from tiwtui.formatting import Tone, duration_text, kind_word
from tiwtui.glyphs import Glyphs
from tiwtui.model import Video
from tiwtui.sanitize import safe
from tiwtui.ui.detail.videos_tab import DIGITS, KIND_TONES, USER_MOST, number_shown
from tiwtui.ui.drawing.cells import fit, fit_middle
from tiwtui.ui.drawing.styled_text import Row, Sheet, Span

_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
_TICK_LEAST_CELLS = 12


def timeline_sheet(
    videos: Sequence[Video],
    total_ms: int | None,
    width: int,
    glyphs: Glyphs,
    *,
    has_numbers: bool,
    keys: Sequence[str] = DIGITS,
    selected: int | None = None,
) -> Sheet:
    """Return a lane per video under an axis of play time; the selected one says when it starts and ends."""
    span_ms = max([total_ms or 0, *(_start(video) + (video.duration_ms or 0) for video in videos), 1])
    name_width = max(10, width // 3)
    names = [_name(video, name_width, glyphs) for video in videos]
    name_width = min(max(map(cell_len, names), default=0), name_width)
    lane_width = max(8, width - name_width - 6)
    rows = []
    for place, (video, name) in enumerate(zip(videos, names, strict=True)):
        number = number_shown(place, keys) if has_numbers else " "
        tone = KIND_TONES.get(video.kind, Tone.PLAIN) if video.listed else Tone.QUIET
        start, end = lane_cells(_start(video), video.duration_ms or 0, span_ms, lane_width)
        lane = [
            Span(glyphs.lane_rest * start, Tone.QUIET),
            Span(glyphs.lane(video.kind) * (end - start), tone),
            Span(glyphs.lane_rest * (lane_width - end), Tone.QUIET),
        ]
        rows.append(
            (
                Span(f" {number} ", Tone.NAME, is_strong=True),
                Span(fit(name, name_width, glyphs.ellipsis) + "  ", tone),
                *(_with_times(video, lane, glyphs) if place == selected else lane),
            )
        )
    return Sheet(_axis(span_ms, lane_width, name_width + 5, glyphs), tuple(rows), is_list=True)


def _with_times(video: Video, lane: list[Span], glyphs: Glyphs) -> list[Span]:
    """Write start and end of a video into its lane: after the bar, before it, or inside."""
    start = _start(video)
    text = f" {duration_text(start)}{glyphs.nothing}{duration_text(start + (video.duration_ms or 0))} "
    before, bar, after = lane
    said = Span(text, Tone.PLAIN, is_strong=True)
    if after.width >= len(text):
        return [before, bar, said, _cut(after, after.width - len(text))]
    if before.width >= len(text):
        return [_cut(before, before.width - len(text)), said, bar, after]
    if bar.width >= len(text) + 2:
        first = (bar.width - len(text)) // 2
        return [before, _cut(bar, first), said, _cut(bar, bar.width - first - len(text)), after]
    return lane


def _cut(span: Span, width: int) -> Span:
    return msgspec.structs.replace(span, text=span.text[:width])


def lane_cells(start_ms: int, duration_ms: int, span_ms: int, width: int) -> tuple[int, int]:
    """Return the first cell of a lane's bar and the one after its last; at least one, never outside."""
    first = min(width - 1, max(0, round(start_ms * width / span_ms)))
    after = round((start_ms + duration_ms) * width / span_ms)
    return first, min(width, max(first + 1, after))


def _start(video: Video) -> int:
    return max(0, video.play_offset_ms or 0)


def _name(video: Video, width: int, glyphs: Glyphs) -> str:
    kind = kind_word(video.kind)
    room = min(USER_MOST, width - cell_len(kind) - 1)
    return f"{kind} {fit_middle(safe(video.user_id), room, glyphs.ellipsis)}".rstrip()


def _axis(span_ms: int, width: int, indent: int, glyphs: Glyphs) -> tuple[Row, ...]:
    step_ms = 1000 * next(
        (step for step in _TICK_STEPS_S if step * 1000 * width / span_ms >= _TICK_LEAST_CELLS),
        _TICK_STEPS_S[-1],
    )
    times, ticks = [" "] * width, [glyphs.rule] * width
    end = duration_text(span_ms)
    free = width - len(end)
    for at_ms in range(0, span_ms, step_ms):
        x = round(at_ms * width / span_ms)
        text = duration_text(at_ms)
        if x < width:
            ticks[x] = glyphs.tick
        # One that would be cut is left out: the tick says where, and those before it how far apart.
        if x + len(text) < free:
            times[x : x + len(text)] = text
    times[max(0, free) :], ticks[-1] = end, glyphs.tick_end
    blank = " " * indent
    return (
        (Span(blank + "".join(times), Tone.QUIET),),
        (Span(blank + "".join(ticks), Tone.QUIET),),
    )
