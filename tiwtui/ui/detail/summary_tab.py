"""What stands where a task's videos will be: how it is doing, or why there are none.

Of a removed task, how it was doing then, and how long it is kept: nothing is asked about it any more.
"""

import textwrap
from collections.abc import Iterator
from typing import assert_never

from tiwtui.config.keys import DEFAULT_KEYS
from tiwtui.formatting import (
    Tone,
    advice_text,
    age_text,
    failure_text,
    phase_word,
    safe,
    trouble_detail,
    trouble_text,
)
from tiwtui.i18n import _
from tiwtui.listing.notes import Moment
from tiwtui.listing.tabs import unchanged_since
from tiwtui.model import Failure, Phase, Task, Trouble
from tiwtui.store.retention import REMOVED_S
from tiwtui.ui.drawing.styled_text import Row, Run, Sheet


def outlook_sheet(task: Task, at: Moment, width: int, check_key: str = DEFAULT_KEYS.word("check")) -> Sheet:
    """Return the task's phase, what is in its way, and what one can do, wrapped to a width.

    `check_key` is the key that checks a task now.
    """
    word, tone = phase_word(task.phase, task.status)
    removed_at = at.removed_at(task.ref)
    if removed_at is None:
        lasting = _("for {age}").format(age=age_text(at.now - unchanged_since(task)))
    else:
        lasting = _("when it was removed, {age} ago").format(age=age_text(at.now - removed_at))
    lines: list[Row] = [
        (
            Run(f" {at.glyphs.phase(task.phase)} ", tone),
            Run(word, tone, is_strong=True),
            Run(f"  {lasting}", Tone.QUIET),
        )
    ]
    sentences = _said(task, at, check_key) if removed_at is None else _said_of_removed(task, at, removed_at)
    for text, said in sentences:
        lines += [(Run(f"   {part}", said),) for part in textwrap.wrap(text, max(20, width - 4))]
    return Sheet(rows=tuple(lines))


def _said_of_removed(task: Task, at: Moment, removed_at: float) -> Iterator[tuple[str, Tone]]:
    yield from _failure(task, at)
    left_s = removed_at + REMOVED_S - at.now
    if left_s > 0:
        told = _("Kept for at least another {age}, so that it can be brought back; not checked meanwhile.")
        yield told.format(age=age_text(left_s)), Tone.PLAIN
    else:
        yield (
            _("May be forgotten from now on; it can still be brought back. Not checked any more."),
            Tone.PLAIN,
        )
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
    yield _advice(task, at, check_key)
    if task.trouble is not None:
        trouble = task.trouble
        lasting = age_text(at.now - trouble.since)
        told = _("No news for {age}, now {trouble}").format(trouble=trouble_text(trouble), age=lasting)
        yield ": ".join(filter(None, (told, trouble_detail(trouble)))), Tone.WARN
        yield _to_do(trouble), Tone.PLAIN
    if task.phase.is_active and task.checked_at is not None:
        told = _("Checked {age} ago").format(age=age_text(at.now - task.checked_at))
        next_at = at.next_check_at(task.ref)
        if next_at is not None:
            told += ", " + _("again in {wait}").format(wait=age_text(next_at - at.now))
        yield f"{told}.", Tone.QUIET


def _advice(task: Task, at: Moment, check_key: str) -> tuple[str, Tone]:
    match task.phase:
        case Phase.NEW if task.trouble is not None:
            return _("Not answered yet."), Tone.PLAIN
        case Phase.NEW if task.checked_at is not None:
            return _("The service does not know it; a new task is given a minute."), Tone.PLAIN
        case Phase.NEW:
            return _("Not answered yet; the first check goes out as soon as the budget allows."), Tone.PLAIN
        case Phase.QUEUED:
            return _("The service has it in its queue."), Tone.PLAIN
        case Phase.PROCESSING if at.usual_s is not None:
            return _("Usually takes {age}; its videos come here.").format(
                age=age_text(at.usual_s)
            ), Tone.PLAIN
        case Phase.PROCESSING:
            return _("Its videos come here the moment they are ready."), Tone.PLAIN
        case Phase.OTHER:
            return _("The service's document knows no such status; it goes on being checked."), Tone.PLAIN
        case Phase.NOT_FOUND:
            return _("It was looked for in application {app}.").format(app=task.ref.sdk_app_id), Tone.PLAIN
        case Phase.EMPTY:
            return _("It finished without a video; {key} checks again.").format(key=check_key), Tone.PLAIN
        case Phase.FAILED | Phase.READY:
            return "", Tone.PLAIN
        case _ as unreachable:
            assert_never(unreachable)
