"""Scrollbars as a slim line in whole cells, of a sign that has an ASCII twin."""

from math import ceil

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

_THUMB = "▐"


class SlimScrollBar(ScrollBarRender):
    """A thumb that is seen without colours too, and nothing where there is no thumb."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = Color.parse("#555555"),  # noqa: B008 - as the one it stands for
        bar_color: Color = Color.parse("bright_magenta"),  # noqa: B008
    ) -> Segments:
        """Return the bar's cells; a click above or below the thumb turns a page, the thumb is dragged."""
        if not vertical:
            return super().render_bar(
                size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
            )
        length, start = _thumb(size, virtual_size, window_size, position)
        back = Style(bgcolor=back_color)

        def cells(sign: str, count: int, action: str, color: Color | None = None) -> list[Segment]:
            style = back + Style(color=color, meta={"@mouse.down": action})
            return [Segment(sign * thickness, style)] * count

        return Segments(
            [
                *cells(" ", start, "scroll_up"),
                *cells(_THUMB, length, "grab", bar_color),
                *cells(" ", size - start - length, "scroll_down"),
            ],
            new_lines=True,
        )


def _thumb(size: int, virtual_size: float, window_size: float, position: float) -> tuple[int, int]:
    """Return how long the thumb is and where it begins; at an end only where the text is at its end."""
    if not window_size or not virtual_size or virtual_size <= window_size:
        return 0, 0
    length = min(size, max(1, ceil(size * window_size / virtual_size)))
    room, hidden = size - length, virtual_size - window_size
    if room < 2 or position <= 0 or position >= hidden:
        return length, round(room * min(1.0, max(0.0, position / hidden)))
    return length, min(room - 1, max(1, round(room * position / hidden)))
