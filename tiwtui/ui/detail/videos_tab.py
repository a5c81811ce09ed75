"""The Videos tab: a line per video, as many columns as fit, the URL last and shortened by need."""

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len

from tiwtui.formatting import Tone, TonedText, duration_text, failure_text, kind_word, offset_text, size_text
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.model import Failure, Video
from tiwtui.sanitize import fit_url, safe, short_url, url_fault
from tiwtui.ui.drawing.cells import drop_until_fits, fit
from tiwtui.ui.drawing.styled_text import Row, Sheet, Span

KIND_TONES = {
    "camera": Tone.NAME,
    "screen": Tone.ACCENT,
    "whiteboard": Tone.GOOD,
    "mixed": Tone.PLAIN,
    "audio": Tone.QUIET,
}
_LEAST_URL = 14
_LEAVING = ("format", "picture", "offset", "size")
_USER_WIDTHS = (18, 9)
"""How wide a user's name may be: where there is room, and where there is little."""


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
    url_width = max(1, width - _width(columns))
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
        rows.append((*cells, _url_run(video.url, url_width, glyphs)))
    return Sheet(head, tuple(rows), is_list=True)


def number_shown(place: int, keys: Sequence[str]) -> str:
    """Return the key that copies a video, if it is one cell wide: a longer one is in the help."""
    return keys[place] if place < len(keys) and cell_len(keys[place]) == 1 else " "


def _fitting(videos: Sequence[Video], width: int, glyphs: Glyphs, taken: Sequence[bool]) -> list[_Column]:
    """Return the columns that leave room for a URL; where not even the few do, without the user's name."""

    def fits(columns: Sequence[_Column]) -> bool:
        return width - _width(columns) >= _LEAST_URL

    wide, narrow = (
        [
            column
            for column in (_taken(taken, glyphs), *_columns(videos, glyphs, width))
            if any(cell.text for cell in column.cells)
        ]
        for width in _USER_WIDTHS
    )
    places = {column.id: place for place, column in enumerate(wide)}
    kept = drop_until_fits(wide, [places[name] for name in _LEAVING], fits)
    if fits(kept):
        return kept
    few = [column for column in narrow if column.id not in _LEAVING]
    # Where a video is no longer listed, saying so is worth more than the lengths.
    leaving = [place for place, column in enumerate(few) if column.id in ("user", "length")]
    return drop_until_fits(few, leaving[: 1 if all(video.listed for video in videos) else 2], fits)


def _head(columns: Sequence[_Column], url_width: int, glyphs: Glyphs) -> Row:
    titles = [fit(column.title, column.width, is_right=column.is_right) + "  " for column in columns]
    return (Span("   " + "".join(titles) + fit(_("URL"), url_width, glyphs.ellipsis), Tone.QUIET),)


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
        _Column(
            "user",
            _("User"),
            tuple(said(fit_user(safe(video.user_id), glyphs.ellipsis, user_width)) for video in videos),
        ),
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


def fit_user(user: str, ellipsis: str, most: int = 18) -> str:
    """Return a user's name, cut in its middle where it is long: names differ at both ends."""
    if cell_len(user) <= most:
        return user
    if not user.isascii():
        return fit(user, most, ellipsis).rstrip()
    half = (most - 1) // 2
    return f"{user[:half]}{ellipsis}{user[-half:]}"


def _url_run(url: str, width: int, glyphs: Glyphs) -> Span:
    fault = url_fault(url)
    if fault is not None:
        refused = _("refused, {reason}: {url}").format(reason=fault, url=safe(url))
        return Span(fit(refused, width, glyphs.ellipsis), Tone.BAD)
    whole, short = safe(url).split("://", 1)[-1], short_url(url, glyphs.ellipsis)
    shortest = f"{glyphs.ellipsis}/{short.rpartition('/')[2]}"
    shown = next((text for text in (whole, short) if cell_len(text) <= width), shortest)
    return Span(fit(shown, width, glyphs.ellipsis), Tone.QUIET, url=fit_url(url))
