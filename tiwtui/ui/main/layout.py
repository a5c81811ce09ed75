"""Where the detail pane goes and how large it is, for a screen of so many cells. Pure."""

from dataclasses import dataclass
from enum import StrEnum

LIST_LEAST_WIDTH = 80
PANE_LEAST_WIDTH = 48
PANE_LEAST_HEIGHT = 6
LIST_LEAST_HEIGHT = 6
ROWS_FOR_PANE = 20
SCREEN_LEAST = (40, 12)
SHARES = (0.2, 0.75)
"""How much of the screen the detail gets at least and at most where the user sizes it."""
_CHROME_ROWS = 3


class Layout(StrEnum):
    """Where the user wants the detail; `AUTO` is right where there is room, else below."""

    AUTO = "auto"
    RIGHT = "right"
    BELOW = "below"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Room:
    """Where the detail is: `right`, `below`, `full` or `none`, and how many cells it gets that way."""

    where: str
    size: int = 0


def room(width: int, height: int, layout: Layout, share: float, *, is_full: bool) -> Room:
    """Return where the detail fits; `share` is how much of the screen the user gave it."""
    if is_full:
        return Room("full")
    if layout is Layout.ALONE or height < ROWS_FOR_PANE:
        return Room("none")
    pane = max(PANE_LEAST_WIDTH, round(width * share))
    if layout is Layout.RIGHT or (layout is Layout.AUTO and width - pane >= LIST_LEAST_WIDTH):
        return Room("right", min(pane, max(PANE_LEAST_WIDTH, width - 40)) if width >= 90 else width // 2)
    free = height - _CHROME_ROWS
    return Room("below", max(PANE_LEAST_HEIGHT, min(round(free * share), free - LIST_LEAST_HEIGHT)))


def next_layout(width: int, height: int, layout: Layout, share: float) -> Layout:
    """Return the layout after this one that looks different from it on this screen."""
    order = list(Layout)
    shown = room(width, height, layout, share, is_full=False).where
    for step in range(1, len(order)):
        candidate = order[(order.index(layout) + step) % len(order)]
        if room(width, height, candidate, share, is_full=False).where != shown:
            return candidate
    return layout
