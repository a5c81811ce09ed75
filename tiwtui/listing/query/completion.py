"""Completing the end of a filter: the names of terms, and the values they take.

1. Only a term that is being typed is completed: never a word, a pattern, or what is in quotes.
2. Values come from the language where it has a fixed set, else from the tasks, `MOST` of them at most.
"""

import re
from collections.abc import Iterable
from heapq import nsmallest
from itertools import chain

import msgspec

from tiwtui.listing.query.fields import ALIASES, FIELDS
from tiwtui.listing.query.parser import FIELD, TOKEN, plain
from tiwtui.listing.query.terms import Field
from tiwtui.model import Task

MOST = 50
_TERM_BEING_TYPED = re.compile(r"!?[A-Za-z_]*")
_NAME_AND_SIGN = re.compile(r"\w+\W")


class Completion(msgspec.Struct, frozen=True):
    """The candidates for one part of a text; the one at `place` stands in it now."""

    before: str
    candidates: tuple[str, ...]
    after: str
    place: int

    @property
    def text(self) -> str:
        """The whole text with the candidate in it."""
        return f"{self.before}{self.candidates[self.place]}{self.after}"

    @property
    def cursor(self) -> int:
        """The place after the candidate."""
        return len(self.before) + len(self.candidates[self.place])

    def turned(self, by: int) -> "Completion":
        """Return it with another candidate; after the last comes the first."""
        return msgspec.structs.replace(self, place=(self.place + by) % len(self.candidates))


def complete(text: str, cursor: int, tasks: Iterable[Task], by: int = 1) -> Completion | None:
    """Return how the text before the cursor can be completed, at the first candidate or at the last.

    `None` where it cannot, or is complete already.
    """
    before = plain(text[:cursor])
    last = next((match[0] for match in TOKEN.finditer(before) if match.end() == cursor), "")
    field = FIELD.fullmatch(last.removeprefix("!"))
    if field is not None:
        name, sign, value = field[1].casefold(), field[2], field[3]
        typed = value[1:] if value.startswith('"') else value.rpartition(",")[2]
        length = len(value) if value.startswith('"') else len(typed)
        found = _values(FIELDS[name], typed.casefold(), tasks) if name in FIELDS and sign in ":=" else ()
    elif _TERM_BEING_TYPED.fullmatch(last):
        typed = last.removeprefix("!").casefold()
        length, found = len(typed), _terms(typed)
    else:
        return None
    start = cursor - length
    if not found or found == (text[start:cursor],):
        return None
    return Completion(text[:start], found, text[cursor:], 0 if by > 0 else len(found) - 1)


def _terms(typed: str) -> tuple[str, ...]:
    """Return the terms that begin so, each with the sign it is usually written with; aliases only alone."""
    names = [name for name in FIELDS if name.startswith(typed) and name not in ALIASES]
    names = names or [name for name in ALIASES if name.startswith(typed)]
    signs = {name: _NAME_AND_SIGN.match(FIELDS[name].example) for name in names}
    return tuple(name + (sign[0][-1] if (sign := signs[name]) else ":") for name in names)


def _values(field: Field, typed: str, tasks: Iterable[Task]) -> tuple[str, ...]:
    """Return the values of a field that begin so, as they have to be written."""
    if field.texts is None:
        return tuple(value for value in field.values if value.startswith(typed))
    known = set(chain.from_iterable(map(field.texts, tasks)))
    # Of 100,000 labels only those that are offered are looked at further.
    first = nsmallest(MOST, (text for text in known if text.casefold().startswith(typed)))
    return tuple(_written(text) for text in first if _can_be_typed(text))


def _written(text: str) -> str:
    return f'"{text}"' if re.search(r"[\s,]", text) else text


def _can_be_typed(text: str) -> bool:
    return text.isprintable() and text != "" and '"' not in text and plain(text) == text
