"""Shown until a task has videos: its state, or why there are none.

For a removed task: its state when it was removed, and how long it stays saved. It is not checked any more.
"""

import textwrap
from collections.abc import Iterator
from typing import assert_never

from tiwtui.config.key_table import DEFAULT_KEYS
from tiwtui.formatting import (
    Tone,
    advice_text,
    age_text,
    failure_text,
    minutes_text,
    phase_word,
    trouble_detail,
    trouble_text,
)
from tiwtui.i18n import _
from tiwtui.listing.attention.reasons import unchanged_since
from tiwtui.listing.notes import Moment
from tiwtui.model import Failure, Phase, Task, Trouble, TroubleKind
from tiwtui.sanitize import safe
from tiwtui.store.retention import REMOVED_S
from tiwtui.ui.drawing.styled_text import Row, Sheet, Span


def outlook_sheet(task: Task, at: Moment, width: int, check_key: str = DEFAULT_KEYS.word("check")) -> Sheet:
    """Return the task's phase, its trouble, and what a person can do, wrapped to a width.

    `check_key` is the key that checks a task now.
    """
    word, tone = phase_word(task.phase, task.status)
    removed_at = at.removed_at(task.ref)
    if removed_at is None:
        written = age_text if task.phase.is_active else minutes_text
        lasting = _("for {age}").format(age=written(at.now - unchanged_since(task)))
    else:
        lasting = _("when it was removed, {age} ago").format(age=age_text(at.now - removed_at))
    lines: list[Row] = [
        (
            Span(f" {at.glyphs.phase(task.phase)} ", tone),
            Span(word, tone, is_strong=True),
            Span(f"  {lasting}", Tone.QUIET),
        )
    ]
    sentences = _said(task, at, check_key) if removed_at is None else _said_of_removed(task, at, removed_at)
    for text, said in sentences:
        lines += [(Span(f"   {part}", said),) for part in textwrap.wrap(text, max(20, width - 4))]
    return Sheet(rows=tuple(lines))


def _said_of_removed(task: Task, at: Moment, removed_at: float) -> Iterator[tuple[str, Tone]]:
    yield from _failure(task, at)
    left_s = removed_at + REMOVED_S - at.now
    if left_s > 0:
        said = _("Saved for at least another {age} and can be brought back. Not checked meanwhile.")
        yield said.format(age=age_text(left_s)), Tone.PLAIN
    else:
        yield _("May be deleted from now on. It can still be brought back. Not checked any more."), Tone.PLAIN
    if task.checked_at is not None:
        yield _("Last checked {age} ago.").format(age=age_text(at.now - task.checked_at)), Tone.QUIET


def _failure(task: Task, at: Moment) -> Iterator[tuple[str, Tone]]:
    if task.error is not None:
        yield failure_text(task.error), Tone.BAD
        ids = [
            safe(task.error.code),
            safe(task.error.request_id) and f"RequestId {safe(task.error.request_id)}",
        ]
        yield f" {at.glyphs.between} ".join(filter(None, ids)), Tone.QUIET
        yield _to_do(task.error), Tone.PLAIN


def _to_do(problem: Failure | Trouble) -> str:
    return _("What to do: {advice}.").format(advice=advice_text(problem))


def _said(task: Task, at: Moment, check_key: str) -> Iterator[tuple[str, Tone]]:
    yield from _failure(task, at)
    yield _outlook(task, at, check_key)
    if task.trouble is not None:
        trouble = task.trouble
        lasting = age_text(at.now - trouble.since)
        yield (
            _("Last good answer {age} ago. {trouble}").format(age=lasting, trouble=_trouble(trouble)),
            Tone.WARN,
        )
        yield _to_do(trouble), Tone.PLAIN
    if task.phase.is_active and task.checked_at is not None:
        said = _("Checked {age} ago").format(age=age_text(at.now - task.checked_at))
        next_at = at.next_check_at(task.ref)
        if next_at is not None:
            said += ", " + _("again in {wait}").format(wait=age_text(next_at - at.now))
        yield f"{said}.", Tone.QUIET


def _trouble(trouble: Trouble) -> str:
    """Return what is wrong with the latest answer, or with its absence, as a sentence."""
    message = trouble_detail(trouble)
    if trouble.kind is TroubleKind.GARBLED:
        return _("The latest could not be read: {message}.").format(message=message)
    return _("The latest check: {trouble}.").format(
        trouble=": ".join(filter(None, (trouble_text(trouble), message.rstrip("."))))
    )


def _outlook(task: Task, at: Moment, check_key: str) -> tuple[str, Tone]:
    match task.phase:
        case Phase.NEW if task.trouble is not None:
            return _("Not answered yet."), Tone.PLAIN
        case Phase.NEW if task.checked_at is not None:
            return _("Unknown to the service so far. A new task is given a minute."), Tone.PLAIN
        case Phase.NEW:
            return _("Not checked yet. The first check is sent as soon as the rate allows."), Tone.PLAIN
        case Phase.QUEUED:
            return _("Waiting in the queue of the service."), Tone.PLAIN
        case Phase.PROCESSING if at.usual is not None:
            return _("Usually takes {age}. Videos appear here when ready.").format(
                age=age_text(at.usual.median_s)
            ), Tone.PLAIN
        case Phase.PROCESSING:
            return _("Videos appear here when ready."), Tone.PLAIN
        case Phase.OTHER:
            return _("Unknown status: not in the service's document. It is still checked."), Tone.PLAIN
        case Phase.NOT_FOUND:
            return _("It was looked for in application {app}.").format(app=task.ref.sdk_app_id), Tone.PLAIN
        case Phase.EMPTY if (next_at := at.next_check_at(task.ref)) is not None:
            return _("No video yet. Checked again in {wait}.").format(
                wait=age_text(next_at - at.now)
            ), Tone.PLAIN
        case Phase.EMPTY:
            return _("No video. {key} checks again.").format(key=check_key), Tone.PLAIN
        case Phase.FAILED | Phase.READY:
            return "", Tone.PLAIN
        case _ as unreachable:
            assert_never(unreachable)
