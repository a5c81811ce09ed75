"""Words set into cells: texts cut and padded by the width a terminal gives them, rows made of segments."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from tiwtui.listing.arrangement import Placed

T = TypeVar("T")

_LEAST_ENDS = 5
"""The fewest cells in which two ends of a text say more than its beginning."""


def drop_until_fits(items: Sequence[T], leaving: Iterable[int], fits: Callable[[list[T]], bool]) -> list[T]:
    """Return the items without those at the places `leaving`, one after the other, until the rest fits."""
    places = list(range(len(items)))
    for place in leaving:
        if fits([items[at] for at in places]):
            break
        places.remove(place)
    return [items[at] for at in places]


@lru_cache(maxsize=4096)
def fit(text: str, width: int, ellipsis: str = "…", *, is_right: bool = False) -> str:
    """Return the text in exactly `width` cells: padded where shorter, ended by `ellipsis` where longer."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length > width:
        text = set_cell_size(text, width - 1).rstrip() + ellipsis
        length = cell_len(text)
    blank = " " * (width - length)
    return blank + text if is_right else text + blank


def fit_middle(text: str, width: int, ellipsis: str = "…") -> str:
    """Return the text in at most `width` cells, cut in its middle: names and URLs differ at both ends."""
    if cell_len(text) <= width:
        return text
    if not text.isascii() or width < _LEAST_ENDS:
        return fit(text, width, ellipsis).rstrip()
    end = (width - 1) // 2
    return f"{text[: width - 1 - end]}{ellipsis}{text[-end:]}"


def headed(text: str, placed: Placed, arrow: str, ellipsis: str) -> str:
    """Return a column's title with the arrow of the order; where it does not fit, it is in the gap."""
    column = placed.column
    is_inside = bool(arrow and text) and cell_len(text) < placed.width
    title = fit(text, placed.width - is_inside, ellipsis, is_right=column.is_right)
    title = (title if column.is_right else title.rstrip()) + (arrow if text else "")
    return fit(title, placed.width + column.gap)


def joined(parts: Iterable[tuple[str, Style]]) -> list[Segment]:
    """Return the parts as segments, those of one style that touch made into one."""
    segments: list[Segment] = []
    for text, style in parts:
        if not text:
            continue
        if segments and segments[-1].style == style:
            segments[-1] = Segment(segments[-1].text + text, style)
        else:
            segments.append(Segment(text, style))
    return segments
