"""Ids on the command line → tasks.

An id without its application is of the one that was set; else of the one task on the watch list that has
it, or else of the one removed task that has. Where two on the list have it, the command ends with exit code
2 and names both, also if one of them is of the application that was set: that may have been set long ago for
another purpose. So it does where no application is known and the task is to be asked about.

Standard input is read by `gathered`, before any event loop runs: what blocks a loop keeps it from its
signals.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from tiwtui.config.settings import Settings
from tiwtui.i18n import _
from tiwtui.model import Task, TaskRef, default_app

if TYPE_CHECKING:
    from tiwtui.intake.ids import Entry
    from tiwtui.listing.query.parser import Query

Tasks = Mapping[TaskRef, Task]


@dataclass(frozen=True, slots=True)
class Piped:
    """What standard input held, where `-` stood among the ids."""

    text: str


Given = str | Piped
"""An id as it was given, or the text that stands for `-`."""


def gathered(words: Iterable[str]) -> tuple[Given, ...]:
    """Return ids with standard input read where `-` stands; signals end that at once."""
    return tuple(Piped(_standard_input()) if word == "-" else word for word in words)


def entries(given: Iterable[Given]) -> "tuple[Entry, ...]":
    """Return what gathered ids name."""
    from tiwtui.intake.reader import read

    found: list[Entry] = []
    for word in given:
        if isinstance(word, Piped):
            taken = read(word.text)
            wrong = taken.not_understood
        else:
            taken = read(word)
            # What holds nothing, such as a comment, may stand in a file, but not for an id.
            wrong = taken.not_understood or (() if taken.entries else (word,))
        if wrong:
            raise click.UsageError(_("not a task id: {text!r}").format(text=wrong[0]))
        found.extend(taken.entries)
    return tuple(found)


class Meaning:
    """Which task an id means beside a watch list and what was removed; `settings` may name an application."""

    def __init__(
        self, settings: Settings, refs: Iterable[TaskRef] = (), removed: Iterable[TaskRef] = ()
    ) -> None:
        self._app = settings.sdk_app_id
        self._listed: dict[str, dict[TaskRef, None]] = {}
        self._removed: dict[str, dict[TaskRef, None]] = {}
        self._apps: set[int] = set()
        for ref in refs:
            self.learn(ref)
        for ref in removed:
            self._removed.setdefault(ref.task_id, {})[ref] = None

    @property
    def default_app(self) -> int | None:
        """The application of ids without one: the one that was set, or the only one on the list."""
        return default_app(self._app, self._apps)

    def learn(self, ref: TaskRef) -> None:
        """Take in that a task is on the list."""
        self._listed.setdefault(ref.task_id, {})[ref] = None
        self._apps.add(ref.sdk_app_id)

    def written(self, ref: TaskRef) -> str:
        """Return a task as commands print it and take it again."""
        return str(ref) if len(self._listed.get(ref.task_id, ())) > 1 else ref.written(self._app)

    def doubt(self, entry: "Entry") -> str | None:
        """Return why it cannot be known which task is meant, or `None` where it can."""
        if entry.sdk_app_id is not None:
            return None
        fitting = self._listed.get(entry.task_id, {})
        if not fitting and self._app is None:
            fitting = self._removed.get(entry.task_id, {})
        if len(fitting) <= 1:
            return None
        both = ", ".join(map(str, fitting))
        return _("{id} is in several applications: {both}").format(id=entry.task_id, both=both)

    def ref(self, entry: "Entry") -> TaskRef:
        """Return the task that is meant, or end with exit code 2 and say what is missing."""
        doubt = self.doubt(entry)
        if doubt is not None:
            raise click.UsageError(doubt)
        ref = entry.ref(self._app)
        if ref is not None:
            return ref
        fitting = self._listed.get(entry.task_id) or self._removed.get(entry.task_id)
        if fitting:
            return next(iter(fitting))
        app = self.default_app
        if app is None:
            told = _("{id}: which application? Give --sdk-app-id N, or the id as N/{id}")
            raise click.UsageError(told.format(id=entry.task_id))
        return TaskRef(app, entry.task_id)


def asked_for(given: Iterable[Given], settings: Settings, tasks: Tasks | None = None) -> tuple[TaskRef, ...]:
    """Return the tasks that ids name, each once, on the watch list or not."""
    meaning = Meaning(settings, tasks or ())
    refs = dict.fromkeys(map(meaning.ref, entries(given)))
    if not refs:
        raise click.UsageError(_("no task id given"))
    return tuple(refs)


def on_list(
    given: Iterable[Given],
    settings: Settings,
    tasks: Collection[TaskRef],
    removed: Collection[TaskRef],
    *,
    takes_removed: bool = False,
) -> tuple[TaskRef, ...]:
    """Return the tasks on the watch list that ids name, each once; also removed ones where that is meant."""
    refs = dict.fromkeys(map(Meaning(settings, tasks, removed).ref, entries(given)))
    for ref in refs:
        if ref in tasks or (takes_removed and ref in removed):
            continue
        told = _("{task} is not on the watch list")
        if ref in removed:
            told = _('{task} was removed from the watch list; "tiwtui add {task}" brings it back')
        raise click.UsageError(told.format(task=ref.written(settings.sdk_app_id)))
    return tuple(refs)


def understood(query: str, *, has_removed: bool = False) -> "Query":
    """Return a filter as read, or end with exit code 2 and say what is wrong with it."""
    from tiwtui.listing.query import parser as language

    read = language.read(query, has_marks=False, has_removed=has_removed)
    if read.faults:
        fault = read.faults[0]
        raise click.UsageError(_("filter {text!r}: {reason}").format(text=fault.text, reason=fault.reason))
    return read


def matching(refs: Sequence[TaskRef], query: str | None, tasks: Tasks) -> tuple[Task, ...]:
    """Return the tasks of `refs` that a filter lets through; all of them without one."""
    import time

    if query is None:
        return tuple(tasks[ref] for ref in refs if ref in tasks)
    read, now = understood(query), time.time()
    return tuple(tasks[ref] for ref in refs if ref in tasks and read.matches(tasks[ref], now))


def _standard_input() -> str:
    from tiwtui.cli.signals import interruptible
    from tiwtui.cli.stdin import text

    with interruptible():
        return text()
