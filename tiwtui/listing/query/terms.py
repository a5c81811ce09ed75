"""The terms of the filter language: each a name and a value made into a test of tasks.

What the test leans on beside the task (the time, the marks, what was removed) is an `Around`, bound once for
all tasks, so that a day of the calendar is worked out once and not a hundred thousand times.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import Flag, auto
from operator import not_

from tiwtui.i18n import _
from tiwtui.listing.query.messages import wrong_kind, wrong_phase, wrong_thing
from tiwtui.listing.query.values import nearest
from tiwtui.model import VIDEO_KINDS, Phase, Task, TaskRef

Test = Callable[[Task], bool]
Judge = Callable[[Sequence[Task], Sequence[str]], Iterable[bool]]
"""Says of each of many tasks, given with the text of each, whether it passes."""


class On(Flag):
    """What a term leans on beside the task itself."""

    TASK = 0
    TIME = auto()
    MARKS = auto()
    REMOVED = auto()


@dataclass(frozen=True, slots=True)
class Around:
    """What is around the tasks when they are tested; without a `zone` days are those of the computer."""

    now: float
    marks: Collection[TaskRef] = frozenset()
    removed: Collection[TaskRef] = frozenset()
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One predicate of a query: the test of a task, and the same of many tasks, in less time for each.

    Without a `judging` of its own many are tested one by one. Where that takes long for a single one,
    `is_slow`. Only where it `reads_texts` does it need those of the tasks.
    """

    at: Callable[[Around], Test]
    leans_on: On = On.TASK
    judging: Callable[[Around], Judge] | None = None
    reads_texts: bool = False
    is_slow: bool = False

    def judge(self, around: Around) -> Judge:
        """Return what says of many tasks whether they match."""
        if self.judging is not None:
            return self.judging(around)
        test = self.at(around)
        return lambda tasks, _texts: map(test, tasks)


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

    def judging(around: Around) -> Judge:
        judge = term.judge(around)
        return lambda tasks, texts: map(not_, judge(tasks, texts))

    return replace(term, at=at, judging=judging)


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
_IN_TEXT = frozenset(_TEXTS) - {"app"}
"""Those that are fields of a task's text."""


def _text_reader(name: str) -> Reader:
    texts_of = _TEXTS[name]

    def read(value: Value) -> Term | str:
        wanted = value.alternatives
        if wanted == ("",):
            return always(lambda task: not any(texts_of(task)))
        if not wanted:
            return _('{name}: wants a value; {name}:"" finds those without').format(name=name)

        def test(task: Task) -> bool:
            for text in texts_of(task):
                folded = text.casefold()
                for part in wanted:
                    if part in folded:
                        return True
            return False

        def judge(tasks: Sequence[Task], texts: Sequence[str]) -> list[bool]:
            # What is in a field is in the text too: of few tasks the field has to be looked at.
            if len(wanted) == 1:
                part = wanted[0]
                return [part in text and test(task) for task, text in zip(tasks, texts, strict=True)]
            return [
                any(part in text for part in wanted) and test(task)
                for task, text in zip(tasks, texts, strict=True)
            ]

        if name not in _IN_TEXT:
            return always(test)
        return Term(lambda _around: test, judging=lambda _around: judge, reads_texts=True)

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


def _read_phase(value: Value, *, takes_statuses: bool = False) -> Term | str:
    found: frozenset[Phase] = frozenset()
    statuses: set[str] = set()
    for name in value.alternatives:
        named = _phases_named(name)
        if not named and (not takes_statuses or nearest(name, _PHASES, _MISTYPED)):
            return wrong_phase(name, _PHASE_NAMES)
        if not named:
            # What the service did not document is shown, and found, by its own word.
            statuses.add(name)
        found |= named
    if not value.alternatives:
        return _("which phase? {names}").format(names=" ".join(_PHASE_NAMES))
    # Of members of an enumeration a tuple tells sooner whether it holds one.
    phases = tuple(found)
    if statuses:
        return always(lambda task: task.phase in phases or task.status.casefold() in statuses)
    return Term(
        lambda _around: lambda task: task.phase in phases,
        judging=lambda _around: lambda tasks, _texts: [task.phase in phases for task in tasks],
    )


def _read_kind(value: Value) -> Term | str:
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
            return wrong_thing(name, _HAVING)
        tests += starting
    if not tests:
        return wrong_thing("", _HAVING)
    return always(lambda task: any(test(task) for test in tests))


# Yes or no


def _yes_reader(
    name: str, yes: Callable[[Around], Test], no: Callable[[Around], Test], leans_on: On = On.TASK
) -> Reader:
    def read(value: Value) -> Term | str:
        text = value.text.casefold()
        if text and "yes".startswith(text):
            return Term(yes, leans_on)
        if text and "no".startswith(text):
            return Term(no, leans_on)
        return _("{name}: takes yes or no").format(name=name)

    return read


def _is_seen(task: Task) -> bool:
    return not task.phase.is_active and not task.is_unseen


NAMED: dict[str, Reader] = {
    "phase": _read_phase,
    "status": lambda value: _read_phase(value, takes_statuses=True),
    **{name: _text_reader(name) for name in _TEXTS},
    "kind": _read_kind,
    "has": _read_has,
    "taken": _yes_reader(
        "taken",
        lambda _around: lambda task: task.taken_at is not None,
        lambda _around: lambda task: task.taken_at is None,
    ),
    # An active task is neither: what is unseen is what settled and nobody looked at.
    "seen": _yes_reader("seen", lambda _around: _is_seen, lambda _around: lambda task: task.is_unseen),
    "marked": _yes_reader(
        "marked",
        lambda around: lambda task: task.ref in around.marks,
        lambda around: lambda task: task.ref not in around.marks,
        On.MARKS,
    ),
    "removed": _yes_reader(
        "removed",
        lambda around: lambda task: task.ref in around.removed,
        lambda around: lambda task: task.ref not in around.removed,
        On.REMOVED,
    ),
}
"""The reader of each name that takes a colon."""
