"""Output filters: ASCII where only that is to be, no colours where none are."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter, Monochrome, NoColor

from tiwtui.glyphs import in_ascii

_NO_COLOR = NoColor()


class AsciiSigns(LineFilter):
    """Turns signs and borders into ASCII of the same width; other text stays."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment if segment.text.isascii() else Segment(in_ascii(segment.text), segment.style)
            for segment in segments
        ]


def without_ansi_colors(filters: Sequence[LineFilter]) -> Sequence[LineFilter]:
    """Return the filters with the one for `NO_COLOR` that fits the terminal's own colours.

    Textual chooses between the two when it is made, before it has its theme; the other one makes the
    terminal's default colours black on black.
    """
    return tuple(_NO_COLOR if isinstance(one, Monochrome) else one for one in filters)
