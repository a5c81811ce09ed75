"""Words in tones, ready to be drawn: a span is some words, a row is a line of them, a sheet has many rows."""

from collections.abc import Iterable

import msgspec
from rich.cells import cell_len

from tiwtui.formatting import Tone


class Span(msgspec.Struct, frozen=True):
    """Some words of one line; `url` makes them a link, `action` is what a click on them runs."""

    text: str
    tone: Tone = Tone.PLAIN
    is_strong: bool = False
    is_lit: bool = False
    url: str = ""
    action: str = ""

    @property
    def width(self) -> int:
        """The cells it takes."""
        return cell_len(self.text)


Row = tuple[Span, ...]


def row_width(row: Iterable[Span]) -> int:
    """Return the cells that a row takes."""
    return sum(span.width for span in row)


class Sheet(msgspec.Struct, frozen=True):
    """Lines under a head that does not scroll away; in a list, one of them is selected.

    Lines of the `foot` follow the others, but none of them can be selected.
    """

    head: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    is_list: bool = False
    foot: tuple[Row, ...] = ()

    @property
    def height(self) -> int:
        """How many lines there are in all."""
        return len(self.head) + len(self.rows) + len(self.foot)


def words(text: str, tone: Tone = Tone.QUIET) -> Sheet:
    """Return a sheet that only says something."""
    return Sheet(rows=((Span(f" {text}", tone),),))
