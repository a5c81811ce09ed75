"""The filter language: what a person types above the list, read into terms that are AND-ed.

    words  !word  "two words"  /pattern/
    phase: (or status:)  id: app: room: group: user: label: error: kind:
    has:videos has:trouble  taken:no seen:no marked:yes removed:yes
    videos>1 length<30m size>100mb in>10m added<2d ends<1d settled:today settled:2026-11-01..11-07

1. `read` never fails: what cannot be understood becomes a `Fault` that says what would be right, and the
   rest of the query still filters.
2. A word is looked for in id, label, group, room, users and error; case does not count.
3. Commas divide alternatives, quotes keep what they hold together and as it stands, `!` turns a term round.
4. Punctuation of Chinese input methods means what its ASCII twin does.
"""

import re
from dataclasses import dataclass, field
from functools import reduce

from tiwtui.i18n import _
from tiwtui.listing.query import search
from tiwtui.listing.query.measures import MEASURES
from tiwtui.listing.query.messages import wrong_field
from tiwtui.listing.query.regex import compiled
from tiwtui.listing.query.terms import NAMED, Around, On, Term, Test, Value, negated
from tiwtui.model import Task, TaskRef

_WATCHED = Task(TaskRef(0, ""), 0.0)


@dataclass(frozen=True, slots=True)
class Fault:
    """What of a query could not be understood, and what would be right."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read: its terms, all of which a task must match, and what could not be read."""

    terms: tuple[Term, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def leans_on(self) -> On:
        """What the answer leans on beside the task itself."""
        return reduce(lambda on, term: on | term.leans_on, self.terms, On.TASK)

    @property
    def turns_with_time(self) -> bool:
        """Whether the answer can change though no task does."""
        return On.TIME in self.leans_on

    @property
    def asks_for_removed(self) -> bool:
        """Whether only removed tasks can match: as the terms are AND-ed, no query finds both kinds."""
        leaning = Query(tuple(term for term in self.terms if On.REMOVED in term.leans_on))
        return bool(leaning.terms) and not leaning.matches(_WATCHED, 0.0)

    def at(self, around: Around) -> Test:
        """Return the test of tasks with what is around them."""
        tests = tuple(term.at(around) for term in self.terms)
        if len(tests) == 1:
            return tests[0]

        def test(task: Task) -> bool:
            for test in tests:  # noqa: SIM110
                # A generator for each of 100,000 tasks would be felt.
                if not test(task):
                    return False
            return True

        return test

    def matches(self, task: Task, now: float) -> bool:
        """Return whether the task matches every term where nothing is marked or removed."""
        return self.at(Around(now))(task)


def read(text: str, *, has_marks: bool = True, has_removed: bool = True) -> Query:
    """Return the query that `text` spells; an empty one matches every task.

    Where the reader has no marks, or does not show removed tasks, asking for those is a fault.
    """
    reading = _Reading(has_marks=has_marks, has_removed=has_removed)
    # Each full-width sign has one twin, so that places in the two texts are the same.
    plain = text.translate(_FULL_WIDTH)
    for match in _TOKEN.finditer(plain):
        reading.take(match[0], text[match.start() : match.end()])
    return reading.query()


_FULL_WIDTH = str.maketrans("：！＞＜《》“”／\u3000", ':!><<>""/ ')
_TOKEN = re.compile(r'!?/(?:\\.|[^/\\])*/(?=\s|$)|(?:[^\s"]|"[^"]*(?:"|$))+')
_NAMED_FORM = re.compile(r"([A-Za-z_]+)(<=|>=|[<>=:≤≥])(.*)", re.DOTALL)
_SCHEMES = ("http", "https")


@dataclass(slots=True)
class _Reading:
    """A query as far as it is read."""

    has_marks: bool
    has_removed: bool
    terms: list[Term] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    wanted: list[tuple[str, ...]] = field(default_factory=list)
    unwanted: list[tuple[str, ...]] = field(default_factory=list)

    def query(self) -> Query:
        terms = list(self.terms)
        if self.wanted or self.unwanted:
            terms.append(search.words(tuple(self.wanted), tuple(self.unwanted)))
        return Query(tuple(terms), tuple(self.faults))

    def take(self, token: str, typed: str) -> None:
        """Take one token in; `typed` is the same before full-width signs were read."""
        is_negated = token.startswith("!")
        if is_negated:
            token, typed = token[1:], typed[1:]
        named = None if token.startswith('"') else _NAMED_FORM.fullmatch(token)
        read: Term | str | None = None
        if token.startswith("/"):
            read = self._pattern(token)
        elif named is not None:
            read = self._named(named[1].casefold(), named[2], named[3])
        if isinstance(read, str):
            self.faults.append(Fault(token, read))
        elif read is not None:
            self.terms.append(negated(read) if is_negated else read)
        else:
            spellings = (_unquoted(token).casefold(), _unquoted(typed, '"“”').casefold())
            if spellings[0]:
                (self.unwanted if is_negated else self.wanted).append(tuple(dict.fromkeys(spellings)))

    def _pattern(self, token: str) -> Term | str:
        if len(token) < 2 or not token.endswith("/"):
            return _("a pattern ends with /")
        pattern = compiled(token[1:-1])
        return pattern if isinstance(pattern, str) else search.searched(pattern)

    def _named(self, name: str, sign: str, value: str) -> Term | str | None:
        """Return the term or what is wrong; `None` where it is only a word with such a sign in it."""
        measure = MEASURES.get(name)
        if measure is not None:
            return measure.term(sign, _unquoted(value))
        reader = NAMED.get(name)
        if reader is None:
            return self._unknown(name, sign)
        if sign not in (":", "="):
            return _("{name} takes no {sign}, only {name}:").format(name=name, sign=sign)
        if name == "marked" and not self.has_marks:
            return _("there are no marks here")
        if name == "removed" and not self.has_removed:
            return _("only in: tiwtui list --filter, or typed on the screen")
        return reader(Value(_unquoted(value), is_quoted=value.startswith('"')))

    def _unknown(self, name: str, sign: str) -> str | None:
        if sign == "=" or name in _SCHEMES:
            return None
        return wrong_field(name, NAMED, tuple(measure.example for measure in MEASURES.values()))


def _unquoted(text: str, quotes: str = '"') -> str:
    return "".join(char for char in text if char not in quotes)
