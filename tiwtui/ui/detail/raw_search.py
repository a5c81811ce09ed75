"""Searching in the answer: which lines have a text, and the lines with it lit. Pure."""

import msgspec

from tiwtui.ui.drawing.styled_text import Row, Sheet, Span


def matching_rows(sheet: Sheet, needle: str) -> tuple[int, ...]:
    """Return the places of the lines that have a text; case does not count."""
    wanted = needle.casefold()
    return tuple(place for place, row in enumerate(sheet.rows) if wanted and wanted in _text(row).casefold())


def with_matches(sheet: Sheet, needle: str) -> Sheet:
    """Return the lines with each occurrence of a text lit."""
    found = frozenset(matching_rows(sheet, needle))
    rows = tuple(
        _lit(row, needle.casefold()) if place in found else row for place, row in enumerate(sheet.rows)
    )
    return msgspec.structs.replace(sheet, rows=rows)


def _text(row: Row) -> str:
    return "".join(span.text for span in row)


def _lit(row: Row, wanted: str) -> Row:
    text, places = _text(row).casefold(), set[int]()
    if len(text) != len(_text(row)):
        # Folding case changed the length: the places are not those of the text.
        return tuple(msgspec.structs.replace(span, is_lit=True) for span in row)
    at = text.find(wanted)
    while at >= 0:
        places.update(range(at, at + len(wanted)))
        at = text.find(wanted, at + len(wanted))
    pieces: list[Span] = []
    start = 0
    for span in row:
        for offset, char in enumerate(span.text):
            is_lit = start + offset in places
            if offset and pieces[-1].is_lit == is_lit:
                pieces[-1] = msgspec.structs.replace(pieces[-1], text=pieces[-1].text + char)
            else:
                pieces.append(msgspec.structs.replace(span, text=char, is_lit=is_lit))
        start += len(span.text)
    return tuple(pieces)
