"""Ids on the command line → tasks.

An id without its application is of the one that was set; else of the one task on the watch list that has
it. Where two have it, or none and it is to be asked about, the command ends with exit code 2 and says so.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

import click

from tiwtui.settings import Settings
from tiwtui.tasks import Task, TaskRef

if TYPE_CHECKING:
    from tiwtui.intake import Entry

Tasks = Mapping[TaskRef, Task]


def entries(words: Iterable[str]) -> "tuple[Entry, ...]":
    """Return what ids name; `-` reads more from standard input, once."""
    from tiwtui.intake import read

    found: list[Entry] = []
    for word in words:
        taken = read(_standard_input() if word == "-" else word)
        if taken.not_understood:
            raise click.UsageError(_("not a task id: {text!r}").format(text=taken.not_understood[0]))
        found.extend(taken.entries)
    return tuple(found)


def asked_for(words: Iterable[str], settings: Settings, tasks: Tasks | None = None) -> tuple[TaskRef, ...]:
    """Return the tasks that ids name, each once, on the watch list or not."""
    refs = dict.fromkeys(_ref(entry, settings, tasks or {}) for entry in entries(words))
    if not refs:
        raise click.UsageError(_("no task id given"))
    return tuple(refs)


def on_list(words: Iterable[str], settings: Settings, tasks: Tasks) -> tuple[TaskRef, ...]:
    """Return the tasks on the watch list that ids name, each once."""
    refs = dict.fromkeys(_ref(entry, settings, tasks) for entry in entries(words))
    for ref in refs:
        if ref not in tasks:
            told = _("{task} is not on the watch list")
            raise click.UsageError(told.format(task=ref.written(settings.sdk_app_id)))
    return tuple(refs)


def matching(refs: Sequence[TaskRef], query: str | None, tasks: Tasks) -> tuple[Task, ...]:
    """Return the tasks of `refs` that a filter lets through; all of them without one."""
    import time

    from tiwtui.listing import query as language

    if query is None:
        return tuple(tasks[ref] for ref in refs if ref in tasks)
    read = language.read(query)
    if read.faults:
        fault = read.faults[0]
        raise click.UsageError(_("filter {text!r}: {reason}").format(text=fault.text, reason=fault.reason))
    now = time.time()
    return tuple(tasks[ref] for ref in refs if ref in tasks and read.matches(tasks[ref], now))


def default_app(settings: Settings, tasks: Tasks) -> int | None:
    """Return the application of ids without one: the one that was set, or the only one on the list."""
    if settings.sdk_app_id is not None:
        return settings.sdk_app_id
    apps = {ref.sdk_app_id for ref in tasks}
    return next(iter(apps)) if len(apps) == 1 else None


def _ref(entry: "Entry", settings: Settings, tasks: Tasks) -> TaskRef:
    ref = entry.ref(settings.sdk_app_id)
    if ref is not None:
        return ref
    fitting = [each for each in tasks if each.task_id == entry.task_id]
    if len(fitting) > 1:
        both = ", ".join(str(each) for each in fitting)
        raise click.UsageError(
            _("{id} is in several applications: {both}").format(id=entry.task_id, both=both)
        )
    if fitting:
        return fitting[0]
    app = default_app(settings, tasks)
    if app is None:
        raise click.UsageError(
            _("{id}: which application? Give --sdk-app-id N, or the id as N/{id}").format(id=entry.task_id)
        )
    return TaskRef(app, entry.task_id)


def _standard_input() -> str:
    # Ids are ASCII; a log in another encoding around them is no reason to stop.
    return "" if sys.stdin is None else sys.stdin.buffer.read().decode("utf-8", "replace")
