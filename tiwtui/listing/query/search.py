"""Words and patterns: the terms that are looked for in all that names a task or says what befell it.

Each is asked of one task or of many; of many it looks in the texts that are kept of them (`texts`).
"""

from tiwtui.listing.query.regex import Pattern
from tiwtui.listing.query.terms import Around, Judge, Term
from tiwtui.listing.query.texts import READ_MOST, Unlike, fields_of, text_of
from tiwtui.model import Task

Spellings = tuple[str, ...]
"""A word in each of the ways it may have been meant, case-folded: `：` and `:` are one."""


def words(wanted: tuple[Spellings, ...], unwanted: tuple[Spellings, ...]) -> Term:
    """Return the term for words, each of which must be in a task's text, or must not be."""

    def holds(text: str) -> bool:
        for spellings in wanted:
            if spellings[0] not in text and not (len(spellings) > 1 and spellings[1] in text):
                return False
        for spellings in unwanted:  # noqa: SIM110
            if any(spelling in text for spelling in spellings):
                return False
        return True

    def test(task: Task) -> bool:
        return holds(text_of(task))

    def judging(_around: Around) -> Judge:
        if not unwanted and len(wanted) == 1 and len(wanted[0]) == 1:
            word = wanted[0][0]
            return lambda _tasks, texts: [word in text for text in texts]
        return lambda _tasks, texts: map(holds, texts)

    return Term(lambda _around: test, judging=judging, reads_texts=True)


def searched(pattern: Pattern) -> Term:
    """Return the term for a pattern that must be found in one of the fields."""
    search, lines, needed = pattern.field.search, pattern.lines, pattern.needed

    def test(task: Task) -> bool:
        return any(search(text, 0, READ_MOST) for text in fields_of(task))

    def is_found(task: Task, text: str) -> bool:
        if lines is None or type(text) is Unlike:
            return test(task)
        found = lines.search(text)
        # What was found across the end of a line may be in one of the lines too.
        return found is not None and ("\n" not in found[0] or test(task))

    def judging(_around: Around) -> Judge:
        return lambda tasks, texts: [
            needed in text and is_found(task, text) for task, text in zip(tasks, texts, strict=True)
        ]

    return Term(lambda _around: test, judging=judging, reads_texts=True, is_slow=True)
