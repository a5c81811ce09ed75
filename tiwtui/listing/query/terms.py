"""The terms of the filter language: what one is, and the kinds of field that make one of what is typed.

1. A term is written once, as a predicate of a task and its text. Many tasks are tested with that predicate.
2. What a term depends on beside the task (time, marks, removed tasks) is a `Context`. It is bound once for
   all tasks, so that a day of the calendar is computed once and not 100,000 times.
3. A value that cannot be read gives a message that says what would be right.
4. A comparison finds no task whose amount is unknown.
"""

import operator
from collections.abc import Callable, Collection
from datetime import tzinfo
from enum import Flag, auto

import msgspec

from tiwtui.i18n import _
from tiwtui.listing.attention.reasons import DEFAULT_LIMITS, Limits
from tiwtui.listing.attention.usual import Usual
from tiwtui.listing.query.messages import wrong_amount
from tiwtui.listing.query.values import days_of, seconds_of
from tiwtui.model import Task, TaskRef

Predicate = Callable[[Task, str], bool]
"""Whether a task, given with its text, matches. A term that does not read texts may be given any."""


class DependsOn(Flag):
    """What a term depends on beside the task itself."""

    TASK = 0
    TIME = auto()
    MARKS = auto()
    REMOVED = auto()


class Context(msgspec.Struct, frozen=True):
    """What is known beside the tasks when they are tested; without a `zone` it is the computer's."""

    now: float
    marks: Collection[TaskRef] = frozenset()
    removed: Collection[TaskRef] = frozenset()
    zone: tzinfo | None = None
    limits: Limits = DEFAULT_LIMITS
    usual: Usual | None = None


class Term(msgspec.Struct, frozen=True):
    """One condition of a query. It is slow where one test may take more than a microsecond or two."""

    bind: Callable[[Context], Predicate]
    depends_on: DependsOn = DependsOn.TASK
    reads_text: bool = False
    is_slow: bool = False


class Value(msgspec.Struct, frozen=True):
    """A field as it was typed: its name, its sign, and the value after it, without quotes."""

    name: str
    sign: str
    text: str
    is_quoted: bool = False

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The case-folded parts between commas; a quoted value is one part, a missing value none."""
        folded = self.text.casefold()
        return (folded,) if self.is_quoted else tuple(part for part in folded.split(",") if part)


class Field(msgspec.Struct, frozen=True):
    """One name of the language: `read` returns its term, or a message that says what would be right.

    A field that compares has an `example`; the others take only a colon. What can be typed after it is one of
    some `values`, or one of the `texts` of a task.
    """

    read: Callable[[Value], Term | str]
    example: str = ""
    values: tuple[str, ...] = ()
    texts: Callable[[Task], tuple[str, ...]] | None = None


def negated(term: Term) -> Term:
    """Return a term for every task that `term` does not match."""

    def bind(context: Context) -> Predicate:
        matches = term.bind(context)
        return lambda task, text: not matches(task, text)

    return msgspec.structs.replace(term, bind=bind)


def always(test: Callable[[Task], bool]) -> Term:
    """Return a term that depends on nothing but the task."""
    return Term(lambda _context: lambda task, _text: test(task))


# Texts


def text_field(
    fields_of: Callable[[Task], tuple[str, ...]], *, is_in_text: bool = True, is_completed: bool = True
) -> Field:
    """Return a field that looks for words in some texts of a task, which are part of the task's text."""

    def read(value: Value) -> Term | str:
        wanted = value.alternatives
        if wanted == ("",):
            return always(lambda task: not any(fields_of(task)))
        if not wanted:
            return _('{name}: wants a value; {name}:"" finds those without').format(name=value.name)

        def matches(task: Task, text: str) -> bool:
            for part in wanted:
                # Few tasks have it anywhere in their text; only of those each field is read.
                is_possible = not is_in_text or part in text
                if is_possible and any(part in field.casefold() for field in fields_of(task)):
                    return True
            return False

        return Term(lambda _context: matches, reads_text=is_in_text)

    return Field(read, texts=fields_of if is_completed else None)


# Yes or no

_Answer = Callable[[Task, Context], bool]


def yes_or_no(is_yes: _Answer, is_no: _Answer | None = None, depends_on: DependsOn = DependsOn.TASK) -> Field:
    """Return a field that takes yes or no; without an `is_no` every task is one of the two."""

    def no(task: Task, context: Context) -> bool:
        return not is_yes(task, context)

    def read(value: Value) -> Term | str:
        text = value.text.casefold()
        for word, answer in (("yes", is_yes), ("no", is_no or no)):
            if text and word.startswith(text):
                return _answered(answer, depends_on)
        return _("{name}: takes yes or no").format(name=value.name)

    return Field(read, values=("yes", "no"))


def _answered(answer: _Answer, depends_on: DependsOn) -> Term:
    return Term(lambda context: lambda task, _text: answer(task, context), depends_on)


# Amounts and days

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "≤": operator.le,
    "≥": operator.ge,
    "=": operator.eq,
    ":": operator.eq,
}

_Amount = Callable[[Task, Context], float | None]
_Moment = Callable[[Task], float | None]


def amount_field(
    amount: _Amount,
    read_value: Callable[[str], float | None],
    example: str,
    depends_on: DependsOn = DependsOn.TASK,
) -> Field:
    """Return a field that compares what `amount` returns for a task in a context."""

    def read(value: Value) -> Term | str:
        limit = read_value(value.text.casefold())
        if limit is None:
            return wrong_amount(value.text, read_value, example)
        return Term(_comparing(amount, _COMPARISONS[value.sign], limit), depends_on)

    return Field(read, example)


def _comparing(
    amount: _Amount, compares: Callable[[float, float], bool], limit: float
) -> Callable[[Context], Predicate]:
    def bind(context: Context) -> Predicate:
        def matches(task: Task, _text: str) -> bool:
            known = amount(task, context)
            return known is not None and compares(known, limit)

        return matches

    return bind


def time_field(
    moment: _Moment, example: str, distance: _Amount | None = None, *, is_ahead: bool = False
) -> Field:
    """Return a field that compares how far a moment is away, and after a colon takes days of the calendar.

    Without a `distance` it compares the time since the moment. `is_ahead`: a day without a year is the next.
    """
    compared = amount_field(distance or since(moment), seconds_of, example, DependsOn.TIME)

    def read(value: Value) -> Term | str:
        if value.sign != ":":
            return compared.read(value)
        days = days_of(value.text.casefold(), looks_ahead=is_ahead)
        if days is None:
            return wrong_amount(value.text, days_of, example)
        between = days

        def bind(context: Context) -> Predicate:
            begin, end = between(context.now, context.zone)

            def matches(task: Task, _text: str) -> bool:
                known = moment(task)
                return known is not None and begin <= known < end

            return matches

        return Term(bind, DependsOn.TIME)

    return Field(read, example, ("today", "tomorrow" if is_ahead else "yesterday"))


def since(moment: _Moment) -> _Amount:
    """Return what gives the time since a moment; 0 for one to come."""

    def passed(task: Task, context: Context) -> float | None:
        at = moment(task)
        return None if at is None else max(0.0, context.now - at)

    return passed
