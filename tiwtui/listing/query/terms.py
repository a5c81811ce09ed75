"""The terms of the filter language: `FIELDS`, at the end, has one entry for each name.

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
from tiwtui.listing.attention import DEFAULT_LIMITS, Limits, is_done, unchanged_since
from tiwtui.listing.query.messages import wrong_amount, wrong_kind, wrong_phase, wrong_thing
from tiwtui.listing.query.values import bytes_of, count_of, days_of, nearest, seconds_of
from tiwtui.model import VIDEO_KINDS, Phase, Task, TaskRef

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

    A field that compares has an `example`; the others take only a colon.
    """

    read: Callable[[Value], Term | str]
    example: str = ""


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


def _text(fields_of: Callable[[Task], tuple[str, ...]], *, is_in_text: bool = True) -> Field:
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

    return Field(read)


# Names

_PHASES = {
    **{phase.value: frozenset({phase}) for phase in Phase},
    "notfound": frozenset({Phase.NOT_FOUND}),
    "finished": frozenset({Phase.READY, Phase.EMPTY}),
    "active": frozenset(phase for phase in Phase if phase.is_active),
    "settled": frozenset(phase for phase in Phase if not phase.is_active),
}
_PHASE_NAMES = tuple(phase.value for phase in Phase)
_MISTYPED = 0.7
"""A word this similar to a phase is a mistyped phase; any other may be a status of the service."""


def _phases_named(name: str) -> frozenset[Phase]:
    """Return the phases of a name or of the beginning of one."""
    spelled = name.replace("-", "_").replace(" ", "_")
    if spelled in _PHASES:
        return _PHASES[spelled]
    found = (phases for known, phases in _PHASES.items() if known.startswith(spelled))
    return frozenset[Phase]().union(*found)


def _phase(value: Value) -> Term | str:
    found: frozenset[Phase] = frozenset()
    statuses: set[str] = set()
    for name in value.alternatives:
        named = _phases_named(name)
        if not named:
            if value.name != "status" or nearest(name, _PHASES, _MISTYPED):
                return wrong_phase(name, _PHASE_NAMES)
            statuses.add(name)
        found |= named
    if not value.alternatives:
        return _("which phase? {names}").format(names=" ".join(_PHASE_NAMES))
    # Members of an enumeration are found faster in a tuple than in a set.
    phases = tuple(found)
    if statuses:
        return always(lambda task: task.phase in phases or task.status.casefold() in statuses)
    return Term(lambda _context: lambda task, _text: task.phase in phases)


def _kind(value: Value) -> Term | str:
    known = (*VIDEO_KINDS, "unknown")
    wanted: set[str] = set()
    for name in value.alternatives:
        starting = [kind for kind in known if kind.startswith(name)]
        if not starting and not name.startswith("type_"):
            return wrong_kind(name, known)
        wanted.update(starting or (name,))
    if not wanted:
        return _("which kind? {names}").format(names=" ".join(known))
    return always(lambda task: not wanted.isdisjoint(task.kinds))


_HAS: dict[str, Callable[[Task], bool]] = {
    "videos": lambda task: task.video_count > 0,
    "trouble": lambda task: task.trouble is not None,
    "error": lambda task: task.error is not None,
    "label": lambda task: bool(task.label),
}
"""What a task can have."""


def _has(value: Value) -> Term | str:
    tests: list[Callable[[Task], bool]] = []
    for name in value.alternatives:
        starting = [test for known, test in _HAS.items() if known.startswith(name)]
        if not starting:
            return wrong_thing(name, _HAS)
        tests += starting
    if not tests:
        return wrong_thing("", _HAS)
    return always(lambda task: any(test(task) for test in tests))


# Yes or no

_Answer = Callable[[Task, Context], bool]


def _yes_or_no(
    is_yes: _Answer, is_no: _Answer | None = None, depends_on: DependsOn = DependsOn.TASK
) -> Field:
    """Return a field that takes yes or no; without an `is_no` every task is one of the two."""

    def no(task: Task, context: Context) -> bool:
        return not is_yes(task, context)

    def read(value: Value) -> Term | str:
        text = value.text.casefold()
        for word, answer in (("yes", is_yes), ("no", is_no or no)):
            if text and word.startswith(text):
                return _answered(answer, depends_on)
        return _("{name}: takes yes or no").format(name=value.name)

    return Field(read)


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

_Amount = Callable[[Task, float], float | None]
_Moment = Callable[[Task], float | None]


def _amount(
    amount: _Amount,
    read_value: Callable[[str], float | None],
    example: str,
    depends_on: DependsOn = DependsOn.TASK,
) -> Field:
    """Return a field that compares what `amount` returns for a task and a time."""

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
        now = context.now

        def matches(task: Task, _text: str) -> bool:
            known = amount(task, now)
            return known is not None and compares(known, limit)

        return matches

    return bind


def _time(moment: _Moment, example: str, distance: _Amount | None = None, *, is_ahead: bool = False) -> Field:
    """Return a field that compares how far a moment is away, and after a colon takes days of the calendar.

    Without a `distance` it compares the time since the moment. `is_ahead`: a day without a year is the next.
    """
    compared = _amount(distance or _since(moment), seconds_of, example, DependsOn.TIME)

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

    return Field(read, example)


def _since(moment: _Moment) -> _Amount:
    def since(task: Task, now: float) -> float | None:
        at = moment(task)
        if at is None:
            return None
        return now - at if at < now else 0.0

    return since


_SETTLED = tuple(phase for phase in Phase if not phase.is_active)


def _settled_at(task: Task) -> float | None:
    return unchanged_since(task) if task.phase in _SETTLED else None


def _until_files_end(task: Task, now: float) -> float | None:
    """Return how long the files will be there; unknown once they are gone, as nobody can fetch them."""
    end = task.files_end_at
    return None if end is None or end < now else end - now


def _length_s(task: Task, _now: float) -> float | None:
    return None if task.total_time_ms is None else task.total_time_ms / 1000


FIELDS: dict[str, Field] = {
    "phase": Field(_phase),
    "status": Field(_phase),
    "id": _text(lambda task: (task.ref.task_id,)),
    "app": _text(lambda task: (str(task.ref.sdk_app_id),), is_in_text=False),
    "room": _text(lambda task: (task.group_id if task.room_id is None else str(task.room_id),)),
    "group": _text(lambda task: (task.group_id,)),
    "user": _text(lambda task: task.users),
    "label": _text(lambda task: (task.label,)),
    "error": _text(lambda task: () if task.error is None else (task.error.code, task.error.message)),
    "kind": Field(_kind),
    "has": Field(_has),
    "taken": _yes_or_no(lambda task, _context: task.is_taken),
    "done": _yes_or_no(
        lambda task, context: is_done(task, context.now, context.limits), depends_on=DependsOn.TIME
    ),
    # An active task is neither: only a settled one can be unseen.
    "seen": _yes_or_no(
        lambda task, _context: not task.phase.is_active and not task.is_unseen,
        lambda task, _context: task.is_unseen,
    ),
    "marked": _yes_or_no(lambda task, context: task.ref in context.marks, depends_on=DependsOn.MARKS),
    "removed": _yes_or_no(lambda task, context: task.ref in context.removed, depends_on=DependsOn.REMOVED),
    "videos": _amount(lambda task, _now: task.video_count, count_of, "videos>1"),
    "length": _amount(_length_s, seconds_of, "length<30m"),
    "size": _amount(lambda task, _now: task.size_bytes if task.video_count else None, bytes_of, "size>100mb"),
    "in": _amount(_since(unchanged_since), seconds_of, "in>10m", DependsOn.TIME),
    "added": _time(lambda task: task.added_at, "added<2d"),
    "checked": _time(lambda task: task.checked_at, "checked<1h"),
    "settled": _time(_settled_at, "settled<2d"),
    "ends": _time(lambda task: task.files_end_at, "ends<1d", _until_files_end, is_ahead=True),
}
"""The names that a person can type before a sign; the order is that of the nearest name to a mistyped one."""
