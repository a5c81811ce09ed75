"""Searching tasks: the text of a task, words and patterns in it, and a whole query against many tasks.

1. A word is looked for in a task's text: id, label, group, room, the phase and the kinds of video as the
   screen names them, users and error, case-folded, a line each. Making a text takes longer than searching it,
   so a list saves the texts of all its tasks.
2. A pattern is looked for in each field as it is written, in its first `READ_MOST` characters.
3. A pattern is searched in the whole text at once where that finds exactly what the fields would give. A text
   that differs from its fields in what a pattern can see is a `NotSearchableAsOneText`.
4. A query finds among many tasks what it finds when each is tested alone.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import compress

from tiwtui.formatting import kind_word, phase_word
from tiwtui.listing.query.regex import Pattern
from tiwtui.listing.query.terms import Context, Predicate, Term
from tiwtui.model import Phase, Task

READ_MOST = 200

Spellings = tuple[str, ...]
"""A word in each way it may have been meant, case-folded: with `：` as typed and with `:`."""


class NotSearchableAsOneText(str):
    """A text in which a pattern may find other things than in the fields.

    Case-folding changed more than the case (`ß`, `İ`), a field has several lines, or it is long.
    """

    __slots__ = ()


def fields_of(task: Task) -> tuple[str, ...]:
    """Return what a person reads of a task in words: what identifies it, its phase, videos and error."""
    room = "" if task.room_id is None else str(task.room_id)
    shown = _words_shown(task.phase, task.status, task.kinds)
    error = () if task.error is None else (task.error.code, task.error.message)
    return (task.ref.task_id, task.label, task.group_id, room, *shown, *task.users, *error)


def _words_shown(phase: Phase, status: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the phase and the kinds of video in the words of the screen."""
    return (phase_word(phase, status).text, *map(kind_word, kinds))


@lru_cache(maxsize=4096)
def _lines_shown(phase: Phase, status: str, kinds: tuple[str, ...]) -> tuple[str, int]:
    """Return these words as lines, and how many ends of lines are between them."""
    shown = _words_shown(phase, status, kinds)
    return "\n".join(shown), len(shown) - 1


def text_of(task: Task) -> str:
    """Return the fields of a task, case-folded, a line each."""
    # Not a join of `fields_of`: the screen does this 100,000 times.
    room = "" if task.room_id is None else task.room_id
    shown, line_ends = _lines_shown(task.phase, task.status, task.kinds)
    text = f"{task.ref.task_id}\n{task.label}\n{task.group_id}\n{room}\n{shown}"
    line_ends += 4
    if task.users:
        text = "\n".join((text, *task.users))
        line_ends += len(task.users)
    if task.error is not None:
        text = f"{text}\n{task.error.code}\n{task.error.message}"
        line_ends += 2
    folded = text.casefold()
    is_alike = text.isascii() or (len(folded) == len(text) and folded == text.lower())
    is_plain = is_alike and len(folded) <= READ_MOST and text.count("\n") == line_ends
    return folded if is_plain else NotSearchableAsOneText(folded)


def words(wanted: tuple[Spellings, ...], unwanted: tuple[Spellings, ...]) -> Term:
    """Return the term for words that must be in a task's text and words that must not."""
    if not unwanted and len(wanted) == 1 and len(wanted[0]) == 1:
        (word,) = wanted[0]
        return Term(lambda _context: lambda _task, text: word in text, reads_text=True)

    def matches(_task: Task, text: str) -> bool:
        for spellings in wanted:
            if spellings[0] not in text and not any(spelling in text for spelling in spellings[1:]):
                return False
        return not any(spelling in text for spellings in unwanted for spelling in spellings)

    return Term(lambda _context: matches, reads_text=True)


def found_by(pattern: Pattern) -> Term:
    """Return the term for a pattern that must be found in one of the fields."""
    search, lines, needed = pattern.field.search, pattern.lines, pattern.needed

    def matches(task: Task, text: str) -> bool:
        if needed not in text:
            return False
        if lines is not None and type(text) is not NotSearchableAsOneText:
            found = lines.search(text)
            if found is None:
                return False
            if "\n" not in found[0]:
                return True
            # It goes across the end of a field; there may be another find within one field.
        return any(search(field, 0, READ_MOST) for field in fields_of(task))

    return Term(lambda _context: matches, reads_text=True, is_slow=True)


class Matcher:
    """All terms of a query, bound to a context: tests one task, or many at once."""

    def __init__(self, terms: Iterable[Term], context: Context) -> None:
        # Slow terms are last, so that they test only what the others leave.
        ordered = sorted(terms, key=lambda term: term.is_slow)
        self._predicates: list[Predicate] = [term.bind(context) for term in ordered]
        self.matches_all = not ordered
        self.reads_text = any(term.reads_text for term in ordered)
        self.is_slow = any(term.is_slow for term in ordered)

    def matches(self, task: Task) -> bool:
        """Return whether a task matches every term."""
        text = text_of(task) if self.reads_text else ""
        return all(predicate(task, text) for predicate in self._predicates)

    def matching(self, tasks: Sequence[Task], texts: Sequence[str]) -> bytearray:
        """Return 1 for each task that matches and 0 for each other; `texts` are read if `reads_text`."""
        matching = bytearray(b"\1") * len(tasks)
        if not self.reads_text:
            texts = ("",) * len(tasks)
        for number, predicate in enumerate(self._predicates):
            if number == 0:
                matching = bytearray(map(predicate, tasks, texts))
                continue
            left = list(compress(range(len(tasks)), matching))
            tested = map(predicate, compress(tasks, matching), compress(texts, matching))
            for place, matches in zip(left, list(tested), strict=True):
                matching[place] = matches
        return matching
