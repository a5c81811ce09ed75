"""The Note of a row: the one thing worth knowing of a task now.

1. Trouble comes first, then why it failed; then what calls for a look, and last what is good to know.
2. Fields of the answer that could not be read are named beside what calls for a look, and instead of what is
   merely good to know.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from tiwtui.formatting import Span, Tone, age_text, failure_text, trouble_text
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _
from tiwtui.listing.tabs import (
    FILES_END_SOON_S,
    TROUBLE_TOLD_AFTER_S,
    UNCHANGED_TOLD_AFTER_S,
    unchanged_since,
)
from tiwtui.model import Phase, Task, TaskRef, Trouble
from tiwtui.sanitize import safe

_WITHIN = "$.Response."
_DAY_S = 86_400.0


def _unplanned(_ref: TaskRef) -> float | None:
    return None


@dataclass(frozen=True, slots=True)
class Moment:
    """What a row depends on beside its task: the time, what the engine plans, and how things are written.

    `removed_at` tells when a task was removed, `None` for a watched one.
    """

    now: float
    default_app: int | None = None
    typical_processing_s: float | None = None
    glyphs: Glyphs = UNICODE_GLYPHS
    next_check_at: Callable[[TaskRef], float | None] = field(default=_unplanned)
    interval_s: Callable[[TaskRef], float | None] = field(default=_unplanned)
    removed_at: Callable[[TaskRef], float | None] = field(default=_unplanned)


def note(task: Task, at: Moment) -> Span:
    """Return why it failed, what is in the way, how long it usually takes, or when its files end."""
    if task.trouble is not None and _matters(task.trouble, task, at.now):
        return Span(_with_next_try(task, trouble_text(task.trouble), at), Tone.WARN)
    match task.phase:
        case Phase.FAILED:
            return Span(failure_text(task.error) if task.error else "", Tone.BAD)
        case Phase.NOT_FOUND:
            return Span(_("no such task at the service"), Tone.BAD)
        case Phase.EMPTY:
            said = Span(_("finished without a video"), Tone.WARN)
        case Phase.OTHER:
            said = Span(_("undocumented: {status}").format(status=safe(task.status)), Tone.WARN)
        case Phase.READY if task.error is not None:
            said = Span(_("later failed: {failure}").format(failure=failure_text(task.error)), Tone.WARN)
        case Phase.READY:
            said = _files_end(task, at)
        case Phase.NEW | Phase.QUEUED | Phase.PROCESSING:
            said = _unchanged_or_usual(task, at)
        case _ as unreachable:
            assert_never(unreachable)
    return _with_oddities(task, said) if task.oddities else said


def _matters(trouble: Trouble, task: Task, now: float) -> bool:
    """Whether trouble is news: a settled task was asked once more, and what is known of it stands."""
    return task.phase.is_active or now - trouble.since < TROUBLE_TOLD_AFTER_S


def _with_next_try(task: Task, words: str, at: Moment) -> str:
    next_at = at.next_check_at(task.ref)
    if next_at is None or next_at <= at.now:
        return words
    wait = age_text(next_at - at.now)
    return _("{trouble}, next try {wait}").format(trouble=words, wait=wait)


def _with_oddities(task: Task, said: Span) -> Span:
    paths = ", ".join(safe(oddity.removeprefix(_WITHIN)) for oddity in task.oddities)
    odd = _("odd answer: {paths}").format(paths=paths)
    return Span(f"{said.text}; {odd}" if said.tone is Tone.WARN else odd, Tone.WARN)


def _files_end(task: Task, at: Moment) -> Span:
    if task.files_end_at is None:
        return Span("")
    left_s = task.files_end_at - at.now
    if left_s <= 0:
        return Span(_("files ended ~{age} ago").format(age=age_text(-left_s)), Tone.QUIET)
    is_urgent = left_s <= FILES_END_SOON_S and task.taken_at is None
    # Three days less a moment are not two: of days the nearest number is told, not the whole ones.
    told_s = left_s + _DAY_S / 2 if left_s >= _DAY_S else left_s
    return Span(_("files end ~{age}").format(age=age_text(told_s)), Tone.WARN if is_urgent else Tone.QUIET)


def _unchanged_or_usual(task: Task, at: Moment) -> Span:
    waited_s = at.now - unchanged_since(task)
    if waited_s >= UNCHANGED_TOLD_AFTER_S:
        return Span(_("no change for {age}").format(age=age_text(waited_s)), Tone.WARN)
    if task.phase is Phase.PROCESSING and at.typical_processing_s is not None:
        return Span(_("usually {age}").format(age=age_text(at.typical_processing_s)), Tone.QUIET)
    return Span("")
