"""Ids on the command line → tasks.

1. An id without an application belongs to the one that was set, else to the only task on the watch list
   that has it, else to the only removed task that has it.
2. Where two tasks on the list have the id, the command ends with exit code 2 and names both, also if one is
   of the application that was set: that may have been set long ago for another purpose. It ends so too
   where no application is known and the service is to be asked.
3. Standard input is read before an event loop runs: a blocking read would keep signals from the loop.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence

import click
import msgspec

from tiwtui.cli import stdin
from tiwtui.cli.signals import interruptible
from tiwtui.config.settings import Settings
from tiwtui.i18n import _
from tiwtui.intake.ids import Entry
from tiwtui.intake.reader import read
from tiwtui.listing.attention.reasons import Limits
from tiwtui.listing.query import parser
from tiwtui.listing.query.terms import Context
from tiwtui.model import Task, TaskRef, default_app

Tasks = Mapping[TaskRef, Task]


class PipedText(msgspec.Struct, frozen=True):
    """The text of standard input, in the place of `-` among the ids."""

    text: str


Word = str | PipedText
"""An id as it was given, or the text that stands for `-`."""


def with_stdin(words: Iterable[str]) -> tuple[Word, ...]:
    """Return ids with standard input read where `-` stands; a signal ends the read at once."""
    return tuple(_piped() if word == "-" else word for word in words)


def _piped() -> PipedText:
    with interruptible():
        return PipedText(stdin.text())


def entries(words: Iterable[Word]) -> tuple[Entry, ...]:
    """Return the entries that words name. Raises `click.UsageError` for text that is no id."""
    found: list[Entry] = []
    for word in words:
        if isinstance(word, PipedText):
            intake = read(word.text)
            wrong = intake.not_understood
        else:
            intake = read(word)
            # Text without an id, such as a comment, may stand in a file, but not as an argument.
            wrong = intake.not_understood or (() if intake.entries else (word,))
        if wrong:
            raise click.UsageError(_("not a task id: {text!r}").format(text=wrong[0]))
        found.extend(intake.entries)
    return tuple(found)


class IdResolver:
    """Which task an id names, given the tasks on the watch list and the removed ones."""

    def __init__(
        self, settings: Settings, refs: Iterable[TaskRef] = (), removed: Iterable[TaskRef] = ()
    ) -> None:
        self._app = settings.sdk_app_id
        self._listed: dict[str, dict[TaskRef, None]] = {}
        self._removed: dict[str, dict[TaskRef, None]] = {}
        self._apps: set[int] = set()
        for ref in refs:
            self.add(ref)
        for ref in removed:
            self._removed.setdefault(ref.task_id, {})[ref] = None

    @property
    def default_app(self) -> int | None:
        """The application of ids without one: the one that was set, or the only one on the list."""
        return default_app(self._app, self._apps)

    def add(self, ref: TaskRef) -> None:
        """Note that a task is on the list."""
        self._listed.setdefault(ref.task_id, {})[ref] = None
        self._apps.add(ref.sdk_app_id)

    def written(self, ref: TaskRef) -> str:
        """Return a task's id as commands print it and accept it."""
        return str(ref) if len(self._listed.get(ref.task_id, ())) > 1 else ref.written(self._app)

    def ambiguity(self, entry: Entry) -> str | None:
        """Return a message where several tasks have the id, else `None`."""
        if entry.sdk_app_id is not None:
            return None
        matches = self._listed.get(entry.task_id, {})
        if not matches and self._app is None:
            matches = self._removed.get(entry.task_id, {})
        if len(matches) <= 1:
            return None
        both = ", ".join(map(str, matches))
        return _("{id} is in several applications: {both}").format(id=entry.task_id, both=both)

    def ref(self, entry: Entry) -> TaskRef:
        """Return the task that an entry names. Raises `click.UsageError` where that is unknown."""
        ambiguity = self.ambiguity(entry)
        if ambiguity is not None:
            raise click.UsageError(ambiguity)
        ref = entry.ref(self._app)
        if ref is not None:
            return ref
        matches = self._listed.get(entry.task_id) or self._removed.get(entry.task_id)
        if matches:
            return next(iter(matches))
        app = self.default_app
        if app is None:
            message = _("{id}: which application? Give --sdk-app-id N, or the id as N/{id}")
            raise click.UsageError(message.format(id=entry.task_id))
        return TaskRef(app, entry.task_id)


def named_refs(words: Iterable[Word], settings: Settings, tasks: Tasks | None = None) -> tuple[TaskRef, ...]:
    """Return the tasks that ids name, each once, on the watch list or not."""
    resolver = IdResolver(settings, tasks or ())
    refs = dict.fromkeys(map(resolver.ref, entries(words)))
    if not refs:
        raise click.UsageError(_("no task id given"))
    return tuple(refs)


def listed_refs(
    words: Iterable[Word],
    settings: Settings,
    tasks: Collection[TaskRef],
    removed: Collection[TaskRef],
    *,
    takes_removed: bool = False,
) -> tuple[TaskRef, ...]:
    """Return the tasks that ids name, each once; all must be on the list, or removed if `takes_removed`."""
    refs = dict.fromkeys(map(IdResolver(settings, tasks, removed).ref, entries(words)))
    for ref in refs:
        if ref in tasks or (takes_removed and ref in removed):
            continue
        message = _("{task} is not on the watch list")
        if ref in removed:
            message = _('{task} was removed from the watch list; "tiwtui add {task}" brings it back')
        raise click.UsageError(message.format(task=ref.written(settings.sdk_app_id)))
    return tuple(refs)


def parsed_filter(query: str, *, has_removed: bool = False) -> parser.Query:
    """Return a parsed filter. Raises `click.UsageError` for the first fault in it."""
    parsed = parser.read(query, on_screen=False, has_removed=has_removed)
    if parsed.faults:
        fault = parsed.faults[0]
        raise click.UsageError(_("filter {text!r}: {reason}").format(text=fault.text, reason=fault.reason))
    return parsed


def matching(refs: Sequence[TaskRef], query: str | None, tasks: Tasks, limits: Limits) -> tuple[Task, ...]:
    """Return the tasks of `refs` that match a filter; all of them where `query` is `None`."""
    if query is None:
        return tuple(tasks[ref] for ref in refs if ref in tasks)
    matcher = parsed_filter(query).matcher(Context(time.time(), limits=limits))
    return tuple(tasks[ref] for ref in refs if ref in tasks and matcher.matches(tasks[ref]))
