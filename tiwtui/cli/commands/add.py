"""`tiwtui add`: put tasks on the watch list, line by line where they are piped in."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from enum import Enum, auto
from pathlib import Path

import click

from tiwtui.cli.exit_codes import Exit, first
from tiwtui.cli.options import ids_argument, settings_of, utf8
from tiwtui.cli.saved_list import naming_unsaved, opened
from tiwtui.cli.signals import interruptible, waking
from tiwtui.cli.stdin import lines
from tiwtui.cli.stdout import reading
from tiwtui.cli.task_args import IdResolver
from tiwtui.config.settings import Settings
from tiwtui.i18n import _, ngettext
from tiwtui.intake.lines import is_one_word, keyed_in
from tiwtui.intake.reader import Intake, LineReader, read
from tiwtui.model import Task, TaskRef
from tiwtui.sanitize import safe
from tiwtui.store.errors import BUSY_S

PIPED_BUSY_S = 30.0
"""A piped log goes on for days with nobody to start it again, so it waits longer for a lock."""


@click.command("add")
@ids_argument
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Read tasks from a file."),
)
@click.option("--label", metavar="TEXT", callback=utf8, help=_("Label for the tasks that come without one."))
@click.pass_context
def command(context: click.Context, ids: tuple[str, ...], file: Path | None, label: str | None) -> None:
    """Put tasks on the watch list, and print their ids.

    An ID is a TaskId, or SdkAppId/TaskId. "-" reads standard input and saves line by line, so that a log
    can be piped in as it grows. All that can be pasted on the screen is accepted: "id label" lines, CSV,
    log lines, URLs, JSON. Text that is not understood is printed on standard error, and the exit code is 1;
    but in a piped log, where a line names its task by the key TaskId, the other lines are only counted.
    An id that is on the list in two applications must be given with its application; piped in without
    one, it is skipped and named on standard error, and the exit code is 2.
    """
    if not ids and file is None:
        raise click.UsageError(_('no task id given; "-" reads standard input'))
    text = None if label is None else " ".join(label.split())
    with interruptible():
        exit_code = asyncio.run(_add(settings_of(context), ids, file, text))
    context.exit(exit_code)


async def _add(settings: Settings, ids: tuple[str, ...], file: Path | None, label: str | None) -> Exit:
    exits: set[Exit] = set()
    counted, is_doubtful = 0, False
    busy_s = PIPED_BUSY_S if "-" in ids else BUSY_S
    async with AsyncExitStack() as stack:
        stack.enter_context(waking())
        store, tasks = await stack.enter_async_context(opened(settings, busy_s=busy_s, begins=True))
        resolver = IdResolver(settings, tasks, [gone.task.ref for gone in await store.removed()])
        for intake, origin in _intakes(ids, file, resolver.default_app):
            wall = time.time()
            found: list[tuple[TaskRef, str | None]] = []
            for entry in intake.entries:
                ambiguity = resolver.ambiguity(entry) if origin is not _Origin.GIVEN else None
                if ambiguity is None:
                    found.append((resolver.ref(entry), label if entry.label is None else entry.label))
                else:
                    click.echo(ambiguity, err=True)
                    exits.add(Exit.USAGE)
            if found:
                # Known ones too: another process may have removed one since this command began.
                with naming_unsaved(resolver.written(ref) for ref, _text in found):
                    await store.add([Task(ref, wall, text or "", phase_since=wall) for ref, text in found])
            for ref, text in found:
                if text == "" and ref in tasks:
                    await store.label(ref, text)
                resolver.add(ref)
            for ref, _text in found:
                click.echo(resolver.written(ref))
            if origin is _Origin.LOG:
                counted += len(intake.not_understood)
                continue
            for text in intake.not_understood:
                click.echo(_("not understood: {text}").format(text=safe(text)), err=True)
                if origin is _Origin.GIVEN:
                    exits.add(Exit.NOT_READY)
                is_doubtful = True
    if is_doubtful and origin is _Origin.PIPED:
        exits.add(Exit.NOT_READY)
    if counted:
        said = ngettext("{n} other line of the log skipped", "{n} other lines of the log skipped", counted)
        click.echo(said.format(n=counted), err=True)
    return first(exits)


class _Origin(Enum):
    """Where a text comes from: arguments and file, a pipe, or a pipe in which a line named a task by key."""

    GIVEN = auto()
    PIPED = auto()
    LOG = auto()


def _intakes(ids: tuple[str, ...], file: Path | None, app: int | None) -> Iterator[tuple[Intake, _Origin]]:
    """Yield the arguments and the file as one, so that a mistake in them saves nothing; then piped lines."""
    intakes = [_argument(word, app) for word in ids if word != "-"]
    if file is not None:
        with reading(str(file)):
            text = file.read_text("utf-8", errors="replace")
        intakes.append(read(text, app))
    yield (
        Intake(
            tuple(entry for each in intakes for entry in each.entries),
            tuple(text for each in intakes for text in each.not_understood),
        ),
        _Origin.GIVEN,
    )
    if "-" in ids:
        reader, origin = LineReader(app), _Origin.PIPED
        try:
            for line in lines():
                intake = reader.feed(line)
                if origin is _Origin.PIPED and intake.entries and not is_one_word(line) and keyed_in(line):
                    origin = _Origin.LOG
                # An empty one is not yielded, so that a signal raises here while the reader holds a line.
                if intake.entries or intake.not_understood:
                    yield intake, origin
        except (KeyboardInterrupt, SystemExit):
            # Lines that wait for the rest of their document must not be lost to the signal.
            yield reader.close(), origin
            raise
        yield reader.close(), origin


def _argument(word: str, app: int | None) -> Intake:
    # A line of a file may hold no id; an argument without one is a mistake, or an unset variable.
    intake = read(word, app)
    return intake if intake.entries or intake.not_understood else Intake(not_understood=(word,))
