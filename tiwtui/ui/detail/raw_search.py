"""Searching in the answer: which lines have a text, and the lines with it lit. Pure.

Lines are searched one behind the other without their indents, so that a text is found where it is folded.
"""

from bisect import bisect_right
from itertools import accumulate

import msgspec

from tiwtui.ui.drawing.styled_text import Row, Sheet, Span


def matching_rows(sheet: Sheet, needle: str) -> tuple[int, ...]:
    """Return the places of the lines in which a text begins; case does not count."""
    texts = [_text(row).lstrip() for row in sheet.rows]
    begins = list(accumulate(map(len, texts), initial=0))
    found = (bisect_right(begins, at) - 1 for at in _occurrences("".join(texts), needle))
    return tuple(dict.fromkeys(found))


def with_matches(sheet: Sheet, needle: str) -> Sheet:
    """Return the lines with each occurrence of a text lit."""
    if not needle:
        return sheet
    whole = "".join(_text(row).lstrip() for row in sheet.rows)
    lit = {at for begin in _occurrences(whole, needle) for at in range(begin, begin + len(needle))}
    rows, begin = [], 0
    for row in sheet.rows:
        text = _text(row)
        length = len(text.lstrip())
        is_found = not lit.isdisjoint(range(begin, begin + length))
        rows.append(_lit(row, begin - len(text) + length, lit) if is_found else row)
        begin += length
    return msgspec.structs.replace(sheet, rows=tuple(rows))


def _text(row: Row) -> str:
    return "".join(span.text for span in row)


def _folded(text: str) -> str:
    """Return a text without case, each character in its place."""
    if text.isascii():
        return text.lower()
    return "".join(folded if len(folded := char.casefold()) == 1 else char for char in text)


def _occurrences(text: str, needle: str) -> list[int]:
    text, needle, found = _folded(text), _folded(needle), list[int]()
    at = text.find(needle) if needle else -1
    while at >= 0:
        found.append(at)
        at = text.find(needle, at + len(needle))
    return found


def _lit(row: Row, begin: int, lit: set[int]) -> Row:
    """Return a line, the indent of which begins at a place before its text, with some places lit."""
    pieces: list[Span] = []
    indent = begin + len(_text(row)) - len(_text(row).lstrip())
    for span in row:
        for offset, char in enumerate(span.text):
            is_lit = begin >= indent and begin in lit
            begin += 1
            if offset and pieces[-1].is_lit == is_lit:
                pieces[-1] = msgspec.structs.replace(pieces[-1], text=pieces[-1].text + char)
            else:
                pieces.append(msgspec.structs.replace(span, text=char, is_lit=is_lit))
    return tuple(pieces)
