"""The bases of widgets that are only room for others, which cover them.

Textual draws what is covered line by line, as it does what is seen: at a start that is as much again as all
that is read on the screen. One colour needs one line.

Beside a base of Textual's they stand second: styles are inherited along the first bases only.
"""

from textual.containers import Container
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Covered(Widget):
    """A widget with no frame and nothing of its own to show but its colour, the same on each line."""

    def render_lines(self, crop: Region) -> list[Strip]:
        strip = Strip.blank(crop.width, self.visual_style.rich_style)
        _base, background = self.background_colors
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, background)
        return [strip] * crop.height


class CoveredContainer(Container, Covered):
    """A container whose children fill it."""
