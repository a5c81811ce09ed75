"""The filter language: what a person types above the list, read into terms that must all match.

    words  !word  "two words"  /pattern/
    phase: (or status:)  id: app: room: group: user: label: error: kind:
    has:videos has:trouble  taken:no seen:no done:no marked:yes removed:yes
    videos>1 length<30m size>100mb changed>10m (or in) added<2d expires<1d (or ends) over>5m
    settled:today settled:2026-11-01..11-07

1. `read` never fails. What it cannot understand becomes a `Fault` that says what would be right, and the rest
   of the query still filters.
2. A word is looked for in id, label, group, room, users, error, the phase and the kinds of video as the
   screen names them; case does not count.
3. Commas separate alternatives, quotes hold a text together as it is, and `!` negates a term.
4. Punctuation of Chinese input methods means the same as its ASCII twin.
"""

import re
from functools import reduce

import msgspec

from tiwtui.i18n import _
from tiwtui.listing.query import search
from tiwtui.listing.query.fields import FIELDS
from tiwtui.listing.query.messages import wrong_field
from tiwtui.listing.query.regex import compiled, regex_parser
from tiwtui.listing.query.search import Matcher, Spellings
from tiwtui.listing.query.terms import Context, DependsOn, Term, Value, negated
from tiwtui.model import Task, TaskRef

_WATCHED = Task(TaskRef(0, ""), 0.0)


class Fault(msgspec.Struct, frozen=True):
    """A part of a query that could not be understood, and what would be right."""

    text: str
    reason: str


class Query(msgspec.Struct, frozen=True):
    """A query: its terms, all of which a task must match, and what could not be read."""

    terms: tuple[Term, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def depends_on(self) -> DependsOn:
        """What the result depends on beside the task itself."""
        return reduce(lambda on, term: on | term.depends_on, self.terms, DependsOn.TASK)

    @property
    def changes_with_time(self) -> bool:
        """Whether the result can change although no task does."""
        return DependsOn.TIME in self.depends_on

    @property
    def asks_for_removed(self) -> bool:
        """Whether only removed tasks can match: all terms must match, so no query finds both kinds."""
        about_removed = Query(tuple(term for term in self.terms if DependsOn.REMOVED in term.depends_on))
        return bool(about_removed.terms) and not about_removed.matches(_WATCHED, 0.0)

    def matcher(self, context: Context) -> Matcher:
        """Return what tests tasks in a context."""
        return Matcher(self.terms, context)

    def matches(self, task: Task, now: float) -> bool:
        """Return whether the task matches every term where nothing is marked or removed."""
        return self.matcher(Context(now)).matches(task)


def read(text: str, *, on_screen: bool = True, has_removed: bool = True) -> Query:
    """Return the query that `text` spells; an empty one matches every task.

    Off the screen nothing is marked and no usual time is known; asking for those is a fault, and so is asking
    for removed tasks where they are not shown.
    """
    reader = _Reader(on_screen=on_screen, has_removed=has_removed)
    for match in TOKEN.finditer(plain(text)):
        reader.take(match[0], text[match.start() : match.end()])
    return reader.query()


def plain(text: str) -> str:
    """Return a text with ASCII for the signs of an input method, each in the same place."""
    return text.translate(_FULL_WIDTH)


_FULL_WIDTH = str.maketrans("：！＞＜《》“”／\u3000", ':!><<>""/ ')
TOKEN = re.compile(r'!?/(?:\\.|[^/\\])*/(?=\s|$)|(?:[^\s"]|"[^"]*(?:"|$))+')
FIELD = re.compile(r"([A-Za-z_]+)(<=|>=|[<>=:≤≥])(.*)", re.DOTALL)
_SCHEMES = ("http", "https")


class _Reader(msgspec.Struct):
    """A query as far as it has been read."""

    on_screen: bool
    has_removed: bool
    terms: list[Term] = []
    faults: list[Fault] = []
    wanted: list[Spellings] = []
    unwanted: list[Spellings] = []

    def query(self) -> Query:
        terms = list(self.terms)
        if self.wanted or self.unwanted:
            terms.append(search.words(tuple(self.wanted), tuple(self.unwanted)))
        return Query(tuple(terms), tuple(self.faults))

    def take(self, token: str, typed: str) -> None:
        """Read one token; `typed` is the same token before full-width signs were replaced."""
        is_negated = token.startswith("!")
        if is_negated:
            token, typed = token[1:], typed[1:]
        field = None if token.startswith('"') else FIELD.fullmatch(token)
        term: Term | str | None = None
        if token.startswith("/"):
            term = self._pattern(token)
        elif field is not None:
            term = self._field(field[1].casefold(), field[2], field[3])
        if isinstance(term, str):
            self.faults.append(Fault(token, term))
        elif term is not None:
            self.terms.append(negated(term) if is_negated else term)
        else:
            spellings = (_unquoted(token).casefold(), _unquoted(typed, '"“”').casefold())
            if spellings[0]:
                (self.unwanted if is_negated else self.wanted).append(tuple(dict.fromkeys(spellings)))

    def _pattern(self, token: str) -> Term | str:
        if len(token) < 2 or not token.endswith("/"):
            return _("a pattern ends with /")
        pattern = compiled(token[1:-1], regex_parser())
        return pattern if isinstance(pattern, str) else search.found_by(pattern)

    def _field(self, name: str, sign: str, value: str) -> Term | str | None:
        """Return the term or what is wrong with it; `None` where it is a word with such a sign in it."""
        field = FIELDS.get(name)
        if field is None:
            return self._unknown(name, sign)
        if not field.example and sign not in (":", "="):
            return _("{name} takes no {sign}, only {name}:").format(name=name, sign=sign)
        if name in ("marked", "over") and not self.on_screen:
            return _("{name}: only on the screen").format(name=name)
        if name == "removed" and not self.has_removed:
            return _("only in: tiwtui list --filter, or typed on the screen")
        return field.read(Value(name, sign, _unquoted(value), value.startswith('"')))

    def _unknown(self, name: str, sign: str) -> str | None:
        if sign == "=" or name in _SCHEMES:
            return None
        return wrong_field(name, {known: field.example or f"{known}:" for known, field in FIELDS.items()})


def _unquoted(text: str, quotes: str = '"') -> str:
    return "".join(char for char in text if char not in quotes)
