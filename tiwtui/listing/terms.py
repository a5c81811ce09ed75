"""The terms of the filter language: each a name and a value made into a test of tasks.

What the test leans on beside the task (the time, the marks, what was removed) is an `Around`, bound once for
all tasks, so that a day of the calendar is worked out once and not a hundred thousand times.
"""

import operator
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import tzinfo
from enum import Flag, auto

from tiwtui.catalog import _
from tiwtui.listing.tabs import unchanged_since
from tiwtui.listing.texts import text_of
from tiwtui.listing.values import bytes_of, count_of, days_of, nearest, seconds_of
from tiwtui.tasks import VIDEO_KINDS, Phase, Task, TaskRef

Test = Callable[[Task], bool]


class On(Flag):
    """What a term leans on beside the task itself."""

    TASK = 0
    TIME = auto()
    MARKS = auto()
    REMOVED = auto()


@dataclass(frozen=True, slots=True)
class Around:
    """What is around the tasks when they are tested; without a `zone` days are those of the computer.

    `text_of` returns what of a task words are looked for in.
    """

    now: float
    marks: Collection[TaskRef] = frozenset()
    removed: Collection[TaskRef] = frozenset()
    zone: tzinfo | None = None
    text_of: Callable[[Task], str] = text_of


@dataclass(frozen=True, slots=True)
class Term:
    """One predicate of a query."""

    at: Callable[[Around], Test]
    leans_on: On = On.TASK


@dataclass(frozen=True, slots=True)
class Value:
    """What stands after a name: its alternatives, case-folded; quoted, it is one and as it stands."""

    text: str
    is_quoted: bool = False

    @property
    def alternatives(self) -> tuple[str, ...]:
        """What the commas divide; nothing where it was left out."""
        folded = self.text.casefold()
        return (folded,) if self.is_quoted else tuple(part for part in folded.split(",") if part)


Reader = Callable[[Value], Term | str]
"""From a value to a term, or to what would be right."""


def always(test: Test) -> Term:
    """Return a term that leans on nothing but the task."""
    return Term(lambda _around: test)


def negated(term: Term) -> Term:
    """Return a term for all that another does not match."""

    def at(around: Around) -> Test:
        test = term.at(around)
        return lambda task: not test(task)

    return Term(at, term.leans_on)


def _meant(text: str, names: Collection[str]) -> str:
    """Return what to say of a value that is none of `names`."""
    near = nearest(text, names)
    if near is None:
        return _("one of {names}").format(names=" ".join(names))
    return _("did you mean {name}?").format(name=near)


# Texts

_TEXTS: dict[str, Callable[[Task], tuple[str, ...]]] = {
    "id": lambda task: (task.ref.task_id,),
    "app": lambda task: (str(task.ref.sdk_app_id),),
    "room": lambda task: (task.group_id if task.room_id is None else str(task.room_id),),
    "group": lambda task: (task.group_id,),
    "user": lambda task: task.users,
    "label": lambda task: (task.label,),
    "error": lambda task: () if task.error is None else (task.error.code, task.error.message),
}


def _text_reader(name: str) -> Reader:
    texts_of = _TEXTS[name]

    def read(value: Value) -> Term | str:
        wanted = value.alternatives
        if wanted == ("",):
            return always(lambda task: not any(texts_of(task)))
        if not wanted:
            return _('or {name}:"" for those without').format(name=name)

        def test(task: Task) -> bool:
            for text in texts_of(task):
                folded = text.casefold()
                for part in wanted:
                    if part in folded:
                        return True
            return False

        return always(test)

    return read


# Names

_PHASES = {
    **{phase.value: frozenset({phase}) for phase in Phase},
    "notfound": frozenset({Phase.NOT_FOUND}),
    "finished": frozenset({Phase.READY, Phase.EMPTY}),
    "active": frozenset(phase for phase in Phase if phase.is_active),
    "settled": frozenset(phase for phase in Phase if not phase.is_active),
}
_MISTYPED = 0.7
"""So alike a word is to the name of a phase when it is not a status of its own."""
_PHASE_NAMES = tuple(phase.value for phase in Phase)


def _phases_named(name: str) -> frozenset[Phase]:
    spelled = name.replace("-", "_").replace(" ", "_")
    exact = _PHASES.get(spelled)
    if exact is not None:
        return exact
    return frozenset[Phase]().union(
        *(phases for known, phases in _PHASES.items() if known.startswith(spelled))
    )


def _read_phase(value: Value) -> Term | str:
    phases: frozenset[Phase] = frozenset()
    statuses: set[str] = set()
    for name in value.alternatives:
        named = _phases_named(name)
        if not named:
            if nearest(name, _PHASES, _MISTYPED):
                return _meant(name, _PHASE_NAMES)
            # What the service did not document is shown, and found, by its own word.
            statuses.add(name)
        phases |= named
    if not value.alternatives:
        return _("which phase?")
    return always(
        lambda task: task.phase in phases or (bool(statuses) and task.status.casefold() in statuses)
    )


def _read_kind(value: Value) -> Term | str:
    known = (*VIDEO_KINDS, "unknown")
    wanted: set[str] = set()
    for name in value.alternatives:
        starting = [kind for kind in known if kind.startswith(name)]
        if not starting and not name.startswith("type_"):
            return _meant(name, known)
        wanted.update(starting or (name,))
    if not wanted:
        return _("which kind?")
    return always(lambda task: not wanted.isdisjoint(task.kinds))


_HAVING: dict[str, Test] = {
    "videos": lambda task: task.video_count > 0,
    "trouble": lambda task: task.trouble is not None,
    "error": lambda task: task.error is not None,
    "label": lambda task: bool(task.label),
}


def _read_has(value: Value) -> Term | str:
    tests: list[Test] = []
    for name in value.alternatives:
        starting = [test for known, test in _HAVING.items() if known.startswith(name)]
        if not starting:
            return _meant(name, _HAVING)
        tests += starting
    if not tests:
        return _meant("", tuple(_HAVING))
    return always(lambda task: any(test(task) for test in tests))


# Yes or no


def _yes_reader(
    yes: Callable[[Around], Test], no: Callable[[Around], Test], leans_on: On = On.TASK
) -> Reader:
    def read(value: Value) -> Term | str:
        text = value.text.casefold()
        if text and "yes".startswith(text):
            return Term(yes, leans_on)
        return Term(no, leans_on) if text and "no".startswith(text) else _("yes or no")

    return read


def _is_seen(task: Task) -> bool:
    return not task.phase.is_active and not task.is_unseen


# Numbers and times

_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "≤": operator.le,
    "≥": operator.ge,
    "=": operator.eq,
    ":": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """Something of a task that can be compared; `amount` is `None` where nothing is known of it."""

    amount: Callable[[Task, float], float | None]
    read: Callable[[str], float | None]
    example: str
    leans_on: On = On.TASK
    moment: Callable[[Task], float | None] | None = None

    def term(self, sign: str, text: str) -> Term | str:
        """Return the comparison with a value, or what would be right."""
        if sign == ":" and self.moment is not None:
            return self._on_days(text)
        value = self.read(text.casefold())
        if value is None:
            return _("such as {example}").format(example=self.example)
        compares, limit, amount = _SIGNS[sign], value, self.amount

        def at(around: Around) -> Test:
            now = around.now

            def test(task: Task) -> bool:
                known = amount(task, now)
                return known is not None and compares(known, limit)

            return test

        return Term(at, self.leans_on)

    def _on_days(self, text: str) -> Term | str:
        moment, looks_ahead = self.moment, self is MEASURES["ends"]
        days = days_of(text.casefold(), looks_ahead=looks_ahead)
        if days is None:
            return _("such as {example}, today, 2026-11-01 or 11-01..11-07").format(example=self.example)
        assert moment is not None

        def at(around: Around) -> Test:
            begin, end = days(around.now, around.zone)

            def test(task: Task) -> bool:
                known = moment(task)
                return known is not None and begin <= known < end

            return test

        return Term(at, On.TIME)


def _settled_at(task: Task) -> float | None:
    return None if task.phase.is_active else unchanged_since(task)


def _age_of(moment: Callable[[Task], float | None]) -> Callable[[Task, float], float | None]:
    def age(task: Task, now: float) -> float | None:
        at = moment(task)
        return None if at is None else max(0.0, now - at)

    return age


def _left_until_end(task: Task, now: float) -> float | None:
    end = task.files_end_at
    # Files that are gone end no more: nobody can still fetch them.
    return None if end is None or end < now else end - now


def _aged(moment: Callable[[Task], float | None], example: str) -> Measure:
    return Measure(_age_of(moment), seconds_of, example, On.TIME, moment)


MEASURES: dict[str, Measure] = {
    "videos": Measure(lambda task, _now: task.video_count, count_of, "videos>1"),
    "length": Measure(
        lambda task, _now: None if task.total_time_ms is None else task.total_time_ms / 1000,
        seconds_of,
        "length<30m",
    ),
    "size": Measure(lambda task, _now: task.size_bytes if task.video_count else None, bytes_of, "size>100mb"),
    "in": Measure(_age_of(unchanged_since), seconds_of, "in>10m", On.TIME),
    "added": _aged(lambda task: task.added_at, "added<2d"),
    "checked": _aged(lambda task: task.checked_at, "checked<1h"),
    "settled": _aged(_settled_at, "settled<2d"),
    "ends": Measure(_left_until_end, seconds_of, "ends<1d", On.TIME, lambda task: task.files_end_at),
}

NAMED: dict[str, Reader] = {
    "phase": _read_phase,
    "status": _read_phase,
    **{name: _text_reader(name) for name in _TEXTS},
    "kind": _read_kind,
    "has": _read_has,
    "taken": _yes_reader(
        lambda _around: lambda task: task.taken_at is not None,
        lambda _around: lambda task: task.taken_at is None,
    ),
    # An active task is neither: what is unseen is what settled and nobody looked at.
    "seen": _yes_reader(lambda _around: _is_seen, lambda _around: lambda task: task.is_unseen),
    "marked": _yes_reader(
        lambda around: lambda task: task.ref in around.marks,
        lambda around: lambda task: task.ref not in around.marks,
        On.MARKS,
    ),
    "removed": _yes_reader(
        lambda around: lambda task: task.ref in around.removed,
        lambda around: lambda task: task.ref not in around.removed,
        On.REMOVED,
    ),
}
"""The reader of each name that takes a colon."""
