"""Screens and containers that are only room for others, which cover them.

Textual draws what is covered line by line, as it does what is seen: at a start that is as much again as all
that can be read on the screen. One color needs one line.
"""

from typing import Any

from textual.containers import Container
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget


def plain_lines(widget: Widget, crop: Region) -> list[Strip]:
    """Return the lines of a widget that has no frame and shows only its color, the same on each line."""
    strip = Strip.blank(crop.width, widget.visual_style.rich_style)
    _base, background = widget.background_colors
    for line_filter in widget.get_line_filters():
        strip = strip.apply_filter(line_filter, background)
    return [strip] * crop.height


def is_drawn_later(screen: Screen[Any]) -> bool:
    """Whether a screen is in a batch, as all of a start is: Textual would draw it and then show nothing."""
    return bool(screen.app._batch_count)


def has_frame(widget: Widget) -> bool:
    """Return whether a border is drawn around what a widget shows."""
    return any(widget.styles.gutter)


class CoveredContainer(Container):
    """A container whose children fill it, but for a border that it may have."""

    def render_lines(self, crop: Region) -> list[Strip]:
        return super().render_lines(crop) if has_frame(self) else plain_lines(self, crop)
