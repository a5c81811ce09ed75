"""Lines of words, ready to be drawn."""

from dataclasses import dataclass

from tiwtui.formatting import Tone


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of one line; `url` makes them a link."""

    text: str
    tone: Tone = Tone.PLAIN
    is_strong: bool = False
    url: str = ""


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines under a head that does not scroll away; in a list, one of them is selected."""

    head: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    is_list: bool = False


def words(text: str, tone: Tone = Tone.QUIET) -> Sheet:
    """Return a sheet that only says something."""
    return Sheet(rows=((Run(f" {text}", tone),),))
