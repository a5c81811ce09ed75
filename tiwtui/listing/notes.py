"""The Note of a row: the one thing worth knowing about a task now.

1. Trouble comes first, then why the task failed, then warnings, then what is only good to know.
2. Fields of the answer that could not be read are named after a warning, and instead of what is only good to
   know.
"""

import math
from collections.abc import Callable
from datetime import tzinfo
from typing import assert_never

import msgspec

from tiwtui.formatting import (
    Tone,
    TonedText,
    age_text,
    brief_age_text,
    failure_text,
    moment_text,
    trouble_text,
)
from tiwtui.glyphs import UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _
from tiwtui.listing.attention.reasons import (
    DEFAULT_LIMITS,
    TROUBLE_AFTER_S,
    Limits,
    is_done,
    unchanged_since,
    warns_from,
)
from tiwtui.listing.attention.usual import Usual, over_s
from tiwtui.model import Phase, Task, TaskRef, Trouble, TroubleKind
from tiwtui.sanitize import safe

_WITHIN = "$.Response."


def _unplanned(_ref: TaskRef) -> float | None:
    return None


class Moment(msgspec.Struct, frozen=True):
    """What a row depends on beside its task: the time, the plans of the engine, and the glyphs.

    `removed_at` returns when a task was removed, `None` for a watched one. `editor` is who edits here.
    """

    now: float
    default_app: int | None = None
    usual: Usual | None = None
    glyphs: Glyphs = UNICODE_GLYPHS
    limits: Limits = DEFAULT_LIMITS
    next_check_at: Callable[[TaskRef], float | None] = _unplanned
    interval_s: Callable[[TaskRef], float | None] = _unplanned
    removed_at: Callable[[TaskRef], float | None] = _unplanned
    zone: tzinfo | None = None
    editor: str = ""


def note(task: Task, at: Moment) -> TonedText:
    """Return the trouble, the failure, the warning or the fact that is worth knowing, or nothing.

    It is quiet where a person acknowledged it.
    """
    said = _note(task, at)
    is_quiet = task.done is not None and said.text and is_done(task, at.now, at.limits)
    return TonedText(said.text, Tone.QUIET) if is_quiet else said


def _note(task: Task, at: Moment) -> TonedText:
    if task.trouble is not None and _matters(task.trouble, task, at):
        return TonedText(_with_next_try(task, trouble_text(task.trouble), at), Tone.WARN)
    match task.phase:
        case Phase.FAILED:
            return TonedText(failure_text(task.error) if task.error else "", Tone.BAD)
        case Phase.NOT_FOUND:
            return TonedText(_("unknown id (wrong app?)"), Tone.BAD)
        case Phase.EMPTY:
            said = TonedText(_no_video(task, at), Tone.WARN)
        case Phase.OTHER:
            said = TonedText(_("unknown status {status}").format(status=safe(task.status)), Tone.WARN)
        case Phase.READY if task.error is not None:
            said = TonedText(_("later failed: {failure}").format(failure=failure_text(task.error)), Tone.WARN)
        case Phase.READY:
            said = _result(task, at)
        case Phase.NEW | Phase.QUEUED | Phase.PROCESSING:
            said = _unchanged_or_usual(task, at)
        case _ as unreachable:
            assert_never(unreachable)
    return _with_oddities(task, said) if task.oddities else said


def _matters(trouble: Trouble, task: Task, at: Moment) -> bool:
    """Whether trouble is shown; for a settled task only briefly, as its result stays valid.

    That the network is gone is said once, by the header.
    """
    if trouble.kind is TroubleKind.NETWORK and at.limits.reached_since == math.inf:
        return False
    return task.phase.is_active or at.now - trouble.since < TROUBLE_AFTER_S


def _with_next_try(task: Task, words: str, at: Moment) -> str:
    next_at = at.next_check_at(task.ref)
    if next_at is None or next_at <= at.now:
        return words
    wait = age_text(next_at - at.now)
    return _("{trouble}, next try {wait}").format(trouble=words, wait=wait)


def _no_video(task: Task, at: Moment) -> str:
    """Return when an empty task is checked again; the list of its videos may come after its status."""
    next_at = at.next_check_at(task.ref)
    if next_at is None or next_at <= at.now:
        return _("no video; r checks again")
    return _("no video yet, again in {wait}").format(wait=age_text(next_at - at.now))


def _with_oddities(task: Task, said: TonedText) -> TonedText:
    paths = ", ".join(safe(oddity.removeprefix(_WITHIN)) for oddity in task.oddities)
    odd = _("odd answer: {paths}").format(paths=paths)
    return TonedText(f"{said.text}; {odd}" if said.tone is Tone.WARN else odd, Tone.WARN)


def is_probably_deleted(task: Task, at: Moment) -> bool:
    """Return whether the files of a task are past the estimate of their end."""
    end = task.files_end_at
    return end is not None and at.limits.expiry_warning_s is not None and at.now >= end


def expiry(task: Task, at: Moment) -> str:
    """Return when the files expire, or that they probably did; nothing before the warning begins."""
    end, begin = task.files_end_at, warns_from(task, at.limits)
    if end is None or begin is None or at.now < begin:
        return ""
    if is_probably_deleted(task, at):
        return _("probably deleted {age} ago").format(age=age_text(at.now - end))
    return _("expires {left}").format(left=left_text(task, end - at.now))


def left_text(task: Task, left_s: float) -> str:
    """Return how long files are still there, as `~20h`; or the longest that they can be, as `≤3d`."""
    if not task.ends_at_latest:
        return f"~{age_text(left_s)}"
    # Rounded up: rounded down it would not be the latest.
    unit_s = 86_400 if left_s > 86_400 else 60 if left_s >= 600 else 1
    return f"≤{age_text(math.ceil(left_s / unit_s) * unit_s)}"


def _result(task: Task, at: Moment) -> TonedText:
    """Return what became of the videos of a ready task: copied, about to be deleted, or deleted."""
    ends, copied = expiry(task, at), _copied(task, at)
    if not ends:
        return TonedText(copied, Tone.QUIET if copied else Tone.PLAIN)
    if task.is_taken:
        return TonedText(ends if is_probably_deleted(task, at) else copied, Tone.QUIET)
    text = _("{ends}, {copied}").format(ends=ends, copied=copied) if copied else ends
    return TonedText(text, Tone.WARN if _expires_soon(task, at) else Tone.QUIET)


def _expires_soon(task: Task, at: Moment) -> bool:
    """Whether the estimate is near; where only the latest moment is known, it is said before that, too."""
    end, warning_s = task.files_end_at, at.limits.expiry_warning_s
    return end is not None and warning_s is not None and end - at.now <= warning_s


def _copied(task: Task, at: Moment) -> str:
    """Return when the last video was copied, and by whom if by another; or how many were, if not all."""
    if task.taken_at is None:
        return ""
    if not task.is_taken:
        return _("{n} of {all} copied").format(n=task.taken_count, all=task.video_count)
    when = moment_text(task.taken_at, at.zone, at.now)
    if task.taken_by in ("", at.editor):
        return _("copied {when}").format(when=when)
    return _("copied {when} by {who}").format(when=when, who=safe(task.taken_by))


def _unchanged_or_usual(task: Task, at: Moment) -> TonedText:
    if task.phase is Phase.PROCESSING and at.usual is not None:
        return _usual(task, at.usual, at.now)
    if task.phase is Phase.NEW and task.checked_at is not None and task.trouble is None:
        return TonedText(_("unknown id so far"), Tone.QUIET)
    waited_s = at.now - unchanged_since(task)
    if waited_s >= at.limits.slow_after_s:
        return TonedText(_("no change for {age}").format(age=age_text(waited_s)), Tone.WARN)
    return TonedText("")


def _usual(task: Task, usual: Usual, now: float) -> TonedText:
    usually, over = age_text(usual.median_s), over_s(task, now, usual)
    if over is None:
        return TonedText(_("usually {age}").format(age=usually), Tone.QUIET)
    # What is cut off where there is little room stands last.
    text = _("{over} over, usually {age}").format(over=brief_age_text(over), age=usually)
    return TonedText(text, Tone.WARN)
