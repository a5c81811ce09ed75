"""The filter language: what a person types above the list, read into predicates that are AND-ed.

`read` never fails: what cannot be understood becomes a `Fault` that says where and why, and the rest of
the query still filters. Matching is on case-folded substrings, so that `maths` finds `Maths 3A`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tiwtui.tasks import Phase, Task
from tiwtui.words import _


class Term(Protocol):
    """One predicate of a query; `turns_with_time` when its answer can change though the task does not."""

    @property
    def turns_with_time(self) -> bool: ...

    def matches(self, task: Task, now: float) -> bool: ...


@dataclass(frozen=True, slots=True)
class Word:
    """A substring of anything that names the task or says what befell it."""

    text: str
    turns_with_time: bool = False

    def matches(self, task: Task, now: float) -> bool:
        return self.text in _haystack(task)


@dataclass(frozen=True, slots=True)
class InPhases:
    """One of the named phases, or a status the service did not document, by its own spelling."""

    phases: frozenset[Phase]
    status: str
    turns_with_time: bool = False

    def matches(self, task: Task, now: float) -> bool:
        return task.phase in self.phases or (bool(self.status) and self.status == task.status.casefold())


@dataclass(frozen=True, slots=True)
class Not:
    """All that its term does not match."""

    term: Term

    @property
    def turns_with_time(self) -> bool:
        return self.term.turns_with_time

    def matches(self, task: Task, now: float) -> bool:
        return not self.term.matches(task, now)


@dataclass(frozen=True, slots=True)
class Fault:
    """What of a query could not be understood, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read: its terms, all of which a task must match, and what could not be read."""

    terms: tuple[Term, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def turns_with_time(self) -> bool:
        """Whether the answer can change though no task does."""
        return any(term.turns_with_time for term in self.terms)

    def matches(self, task: Task, now: float) -> bool:
        """Return whether the task matches every term."""
        for term in self.terms:  # noqa: SIM110
            # A generator for each of 100,000 tasks would be felt.
            if not term.matches(task, now):
                return False
        return True


def _haystack(task: Task) -> str:
    """Return all that a word is looked for in."""
    room = "" if task.room_id is None else task.room_id
    text = f"{task.ref.task_id}\n{task.label}\n{task.group_id}\n{room}"
    if task.users:
        text = "\n".join((text, *task.users))
    if task.error is not None:
        text = f"{text}\n{task.error.code}\n{task.error.message}"
    return text.casefold()


_FULL_WIDTH = str.maketrans("：！＞＜《》“”\u3000", ':!><<>"" ')
_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*(?:"|$))+')


def read(text: str) -> Query:
    """Return the query that `text` spells; an empty one matches every task."""
    terms: list[Term] = []
    faults: list[Fault] = []
    for token in _TOKEN.findall(text.translate(_FULL_WIDTH)):
        body = token.removeprefix("!").replace('"', "")
        if not body:
            continue
        term = _read_term(body, is_quoted=token.removeprefix("!").startswith('"'))
        if isinstance(term, Fault):
            faults.append(term)
        else:
            terms.append(Not(term) if token.startswith("!") else term)
    return Query(tuple(terms), tuple(faults))


def _read_term(body: str, *, is_quoted: bool) -> Term | Fault:
    name, colon, value = body.partition(":")
    reader = _NAMED.get(name.casefold()) if colon and not is_quoted else None
    return reader(body, value) if reader else Word(body.casefold())


_PHASE_NAMES = {
    **{phase.value: frozenset({phase}) for phase in Phase},
    "notfound": frozenset({Phase.NOT_FOUND}),
    "finished": frozenset({Phase.READY, Phase.EMPTY}),
    "active": frozenset(phase for phase in Phase if phase.is_active),
    "settled": frozenset(phase for phase in Phase if not phase.is_active),
}


def _read_phase(body: str, value: str) -> Term | Fault:
    if not value:
        return Fault(body, _("which phase?"))
    phases: set[Phase] = set()
    status = ""
    for name in value.casefold().split(","):
        spelled = name.replace("-", "_").replace(" ", "_")
        starting = [named for known, named in _PHASE_NAMES.items() if spelled and known.startswith(spelled)]
        exact = _PHASE_NAMES.get(spelled)
        if exact is not None:
            phases |= exact
        elif starting:
            phases = phases.union(*starting)
        else:
            status = name
    return InPhases(frozenset(phases), status)


_NAMED: dict[str, Callable[[str, str], Term | Fault]] = {"phase": _read_phase, "status": _read_phase}
