"""The Videos tab: a line per video, as many columns as fit, the URL last and shortened by need."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from rich.cells import cell_len

from tiwtui.formatting import Tone, TonedText, duration_text, failure_text, kind_word, offset_text, size_text
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.model import Failure, Video
from tiwtui.sanitize import fit_url, safe, short_url, url_fault
from tiwtui.ui.drawing.cells import drop_until_fits, fit, fit_middle
from tiwtui.ui.drawing.styled_text import Row, Sheet, Span

KIND_TONES = {
    "camera": Tone.NAME,
    "screen": Tone.ACCENT,
    "whiteboard": Tone.GOOD,
    "mixed": Tone.PLAIN,
    "audio": Tone.QUIET,
}
_LEAST_URL = 14
_BEFORE_URL = ("format", "picture")
"""What leaves for a URL that names its host, in this order."""
_LEAVING = (*_BEFORE_URL, "offset", "size")
USER_MOST = 18
"""How wide a user's name may be where other columns want the room too."""
_USER_WIDTHS = (USER_MOST, 9)
"""The same, then where there is little."""


DIGITS = tuple("123456789")


class _Column(msgspec.Struct, frozen=True):
    id: str
    title: str
    cells: tuple[TonedText, ...]
    is_right: bool = False

    @property
    def width(self) -> int:
        return max(cell_len(self.title), *(cell_len(cell.text) for cell in self.cells), 0)


def videos_sheet(
    videos: Sequence[Video],
    width: int,
    glyphs: Glyphs,
    taken: Sequence[bool] = (),
    *,
    has_numbers: bool,
    keys: Sequence[str] = DIGITS,
    error: Failure | None = None,
) -> Sheet:
    """Return the videos as lines, under the error that came later if there is one.

    `taken` says of each whether its URL was copied; `has_numbers` draws the keys that copy the first ones.
    """
    columns = _fitting(videos, width, glyphs, taken)
    url_width = max(0, width - _width(columns))
    if url_width < _url_least(videos, glyphs):
        # Names take the cells that are too few for a URL.
        users = next((column for column in columns if column.id == "user"), None)
        if users is not None:
            columns[columns.index(users)] = _user(videos, glyphs, users.width + url_width)
        url_width = 0
    head: tuple[Row, ...] = (_head(columns, url_width, glyphs),)
    if error is not None:
        text = _("later failed: {failure}").format(failure=failure_text(error))
        head = ((Span(fit(f" {text}", width, glyphs.ellipsis), Tone.WARN),), *head)
    rows = []
    for place, video in enumerate(videos):
        number = number_shown(place, keys) if has_numbers else " "
        cells = [Span(f" {number} ", Tone.NAME, is_strong=True)]
        for column in columns:
            said = column.cells[place]
            tone = said.tone if video.listed else Tone.QUIET
            text = fit(said.text, column.width, glyphs.ellipsis, is_right=column.is_right)
            cells.append(Span(f"{text}  ", tone))
        rows.append((*cells, *([_url_run(video.url, url_width, glyphs)] if url_width else [])))
    return Sheet(head, tuple(rows), is_list=True)


def number_shown(place: int, keys: Sequence[str]) -> str:
    """Return the key that copies a video, if it is one cell wide: a longer one is in the help."""
    return keys[place] if place < len(keys) and cell_len(keys[place]) == 1 else " "


def _fitting(videos: Sequence[Video], width: int, glyphs: Glyphs, taken: Sequence[bool]) -> list[_Column]:
    """Return the columns that fit, with room for the host of each URL where that costs no size or start.

    A URL without its host says hardly more than that there is one, so it leaves before size and start. One
    that is refused says why, and stays.
    """

    def fit_beside(url_width: int) -> Callable[[Sequence[_Column]], bool]:
        return lambda columns: width - _width(columns) >= url_width

    wide, narrow = (
        [
            column
            for column in (_taken(taken, glyphs), *_columns(videos, glyphs, most))
            if any(cell.text for cell in column.cells)
        ]
        for most in _USER_WIDTHS
    )
    faults = [fault for video in videos if (fault := url_fault(video.url)) is not None]
    refused = [cell_len(_refused(fault, "")) for fault in faults]
    least = _LEAST_URL if refused else 0
    hosts = max((*refused, *(cell_len(short_url(video.url, glyphs.ellipsis)) for video in videos)), default=0)
    # Where a video is no longer listed, saying so is worth more than the lengths.
    few = ("user",) if all(video.listed for video in videos) else ("user", "length")
    for columns, leaving, url_width in (
        (wide, _BEFORE_URL, max(hosts, least)),
        (wide, _BEFORE_URL, least),
        (narrow, (*_LEAVING, *few), least),
    ):
        fits = fit_beside(url_width)
        fitting = drop_until_fits(columns, _places(columns, leaving), fits)
        if fits(fitting):
            break
    return fitting


def _places(columns: Sequence[_Column], names: Iterable[str]) -> list[int]:
    at = {column.id: place for place, column in enumerate(columns)}
    return [at[name] for name in names if name in at]


def _url_least(videos: Sequence[Video], glyphs: Glyphs) -> int:
    """Return the cells that the shortest form of each URL takes."""
    return max((min(_LEAST_URL, cell_len(_shortest(video.url, glyphs))) for video in videos), default=0)


def _head(columns: Sequence[_Column], url_width: int, glyphs: Glyphs) -> Row:
    titles = [fit(column.title, column.width, is_right=column.is_right) + "  " for column in columns]
    url = fit(_("URL"), url_width, glyphs.ellipsis) if url_width else ""
    return (Span("   " + "".join(titles) + url, Tone.QUIET),)


def _width(columns: Sequence[_Column]) -> int:
    return 3 + sum(column.width + 2 for column in columns)


def _taken(taken: Sequence[bool], glyphs: Glyphs) -> _Column:
    cells = tuple(TonedText(glyphs.taken if each else "", Tone.GOOD) for each in taken)
    return _Column("taken", "", cells)


def _columns(
    videos: Sequence[Video], glyphs: Glyphs, user_width: int = _USER_WIDTHS[0]
) -> tuple[_Column, ...]:
    nothing = TonedText(glyphs.nothing, Tone.QUIET)

    def said(text: str | None, tone: Tone = Tone.PLAIN) -> TonedText:
        return TonedText(text, tone) if text else nothing

    def picture(video: Video) -> str:
        return f"{video.width}{glyphs.times}{video.height}" if video.width and video.height else ""

    def known(value: int | None) -> int:
        return 0 if value is None else value

    kinds = tuple(said(kind_word(video.kind), KIND_TONES.get(video.kind, Tone.PLAIN)) for video in videos)
    sizes = (size_text(known(v.size_bytes)) if v.size_bytes is not None else "" for v in videos)
    lengths = (duration_text(known(v.duration_ms)) if v.duration_ms is not None else "" for v in videos)
    offsets = (offset_text(known(v.play_offset_ms)) if v.play_offset_ms is not None else "" for v in videos)
    return (
        _Column("kind", _("Kind"), kinds),
        _user(videos, glyphs, user_width),
        _Column("format", _("Type"), tuple(said(safe(video.format), Tone.QUIET) for video in videos)),
        _Column("picture", _("Picture"), tuple(map(said, map(picture, videos))), is_right=True),
        _Column("length", _("Length"), tuple(map(said, lengths)), is_right=True),
        _Column("size", _("Size"), tuple(map(said, sizes)), is_right=True),
        _Column("offset", _("Starts"), tuple(map(said, offsets)), is_right=True),
        _Column(
            "listed",
            _("Listed"),
            tuple(TonedText("" if video.listed else _("no longer listed"), Tone.QUIET) for video in videos),
        ),
    )


def _user(videos: Sequence[Video], glyphs: Glyphs, most: int) -> _Column:
    """Return the users, their names in at most so many cells."""
    names = (fit_middle(safe(video.user_id), most, glyphs.ellipsis) for video in videos)
    nothing = TonedText(glyphs.nothing, Tone.QUIET)
    return _Column("user", _("User"), tuple(TonedText(name) if name else nothing for name in names))


def _url_run(url: str, width: int, glyphs: Glyphs) -> Span:
    fault = url_fault(url)
    if fault is not None:
        return Span(fit(_refused(fault, url), width, glyphs.ellipsis), Tone.BAD)
    whole, short = safe(url).split("://", 1)[-1], short_url(url, glyphs.ellipsis)
    shown = next((text for text in (whole, short) if cell_len(text) <= width), _shortest(url, glyphs))
    return Span(fit(shown, width, glyphs.ellipsis), Tone.QUIET, url=fit_url(url))


def _shortest(url: str, glyphs: Glyphs) -> str:
    return f"{glyphs.ellipsis}/{short_url(url, glyphs.ellipsis).rpartition('/')[2]}"


def _refused(fault: str, url: str) -> str:
    return _("refused, {reason}: {url}").format(reason=fault, url=safe(url))
