"""Apply one answer to one task: its new phase, videos, error and trouble. Pure.

1. Trouble never changes a phase or videos.
2. Videos once seen stay, also when a later answer has none, others, an earlier status or a failure. An
   answer adds and updates by VideoId, by URL where there is none. What a later FINISHED with videos leaves
   out stays, no longer listed and not counted.
3. `FailedOperation.Record` leaves a ready task ready, with that error; an empty list leaves it as it is; an
   earlier status makes it active again.
4. The estimate of when files are deleted never moves later.
5. A task that never had another answer is `not_found` once it is a minute old; one that had is in trouble.
"""

from collections import Counter
from typing import assert_never
from urllib.parse import urlsplit

import msgspec

from tiwtui.api import wire
from tiwtui.api.answers import Answer, Garbled, NoAnswer, Observed, Refused
from tiwtui.api.errors import Verdict
from tiwtui.engine.intervals import NOT_FOUND_GRACE_S
from tiwtui.model import Failure, Phase, Task, TaskRef, Transition, Trouble, TroubleKind, Video

KEPT_DAYS = 3.0
"""Without a bucket of the customer's own, results are deleted after three days."""

ERROR_RAW_BYTES = 65_536
"""How much is saved of an answer that was an error or could not be read: a page of a portal can be long."""

_MOST_USERS = 64
_MOST_KINDS = 16
_MOST_VIDEOS = 1000
_MOST_ODDITIES = 3
_LONGEST_ODDITY = 120
"""What a row holds of hostile answers; a class has a handful of each."""

_PHASES = {"QUEUED": Phase.QUEUED, "PROCESSING": Phase.PROCESSING}
_UNANSWERED = frozenset({Phase.NEW, Phase.NOT_FOUND})


class CheckResult(msgspec.Struct, frozen=True):
    """What one check found, for the store: the task's new row, and what of its details changed.

    `videos`, `raw` and `error_raw` are `None` where what is saved stays; `transition` is set when the phase
    changed.
    """

    task: Task
    videos: tuple[Video, ...] | None = None
    raw: bytes | None = None
    oddities: tuple[str, ...] = ()
    transition: Transition | None = None
    error_raw: bytes | None = None

    @property
    def ref(self) -> TaskRef:
        return self.task.ref

    @property
    def has_settled(self) -> bool:
        """Whether this check is the one that saw the task end."""
        return self.transition is not None and not self.task.phase.is_active


def apply_answer(
    task: Task,
    answer: Answer,
    wall: float,
    *,
    grace_s: float = NOT_FOUND_GRACE_S,
    kept_days: float = KEPT_DAYS,
    seen: tuple[Video, ...] | None = None,
) -> CheckResult:
    """Return what `answer`, which came at `wall`, makes of `task`.

    `seen` are the videos saved in its details, where `needs_seen` wants them; `None` where they are not
    known: then no list changes anything. `grace_s` is how old a task must be before `not_found` counts;
    `kept_days` how long the service keeps files, 0 for ever.
    """
    checked = msgspec.structs.replace(task, checks=task.checks + 1)
    found = _found(checked, answer, wall, grace_s, kept_days, seen)
    has_error = found.task.trouble is not None or (found.task.error is not None and found.raw is None)
    error_raw = _error_raw(answer) if has_error else b""
    if not error_raw and task.trouble is None and task.error is None:
        return found
    return msgspec.structs.replace(found, error_raw=error_raw)


def needs_seen(task: Task, answer: Answer) -> bool:
    """Whether an answer is to be put together with videos that are in the task's details alone."""
    return isinstance(answer, Observed) and task.video_count > 0 and not task.so_far


def _found(
    task: Task,
    answer: Answer,
    wall: float,
    grace_s: float,
    kept_days: float,
    seen: tuple[Video, ...] | None,
) -> CheckResult:
    match answer:
        case Observed():
            return _observed(task, answer, wall, kept_days, seen)
        case Refused(meaning=Verdict.TASK_FAILED):
            return _failed(task, answer, wall)
        case Refused(meaning=Verdict.TASK_NOT_FOUND):
            return _not_found(task, answer, wall, grace_s)
        case Refused() | Garbled() | NoAnswer():
            return CheckResult(msgspec.structs.replace(task, trouble=trouble_of(answer, wall, task.trouble)))
        case _:
            assert_never(answer)


def trouble_of(answer: Refused | Garbled | NoAnswer, wall: float, before: Trouble | None = None) -> Trouble:
    """Return an answer without news as trouble; `before` is the trouble that it continues."""
    since = before.since if before is not None else wall
    match answer:
        case Refused(meaning=meaning):
            kind = meaning if isinstance(meaning, TroubleKind) else TroubleKind.SERVICE
            return Trouble(kind, answer.code, answer.message, answer.request_id, since, wall)
        case Garbled():
            kind = TroubleKind.GARBLED
            return Trouble(kind, kind.value, str(answer), answer.request_id, since, wall)
        case NoAnswer():
            return Trouble(TroubleKind.NETWORK, answer.code, answer.message, "", since, wall)
        case _:
            assert_never(answer)


def _error_raw(answer: Answer) -> bytes:
    return answer.raw[:ERROR_RAW_BYTES] if isinstance(answer, Refused | Garbled) else b""


def _observed(
    task: Task, answer: Observed, wall: float, kept_days: float, seen: tuple[Video, ...] | None
) -> CheckResult:
    known = msgspec.structs.replace(
        task,
        trouble=None,
        checked_at=wall,
        group_id=answer.group_id or task.group_id,
        room_id=task.room_id if answer.room_id is None else answer.room_id,
        total_time_ms=answer.total_time_ms or task.total_time_ms,
        request_id=answer.request_id,
        error=None,
    )
    if needs_seen(task, answer) and seen is None:
        return CheckResult(msgspec.structs.replace(known, error=task.error))
    before = task.so_far or seen or ()
    is_finished = answer.status == wire.FINISHED
    # A list may be filled bit by bit, and the answer at the end may have none: then it leaves out nothing.
    videos = together(before, answer.videos, is_whole=is_finished and bool(answer.videos))
    if videos:
        known = _with_videos(known, videos)
    known = msgspec.structs.replace(
        known,
        oddities=tuple(oddity[:_LONGEST_ODDITY] for oddity in answer.oddities[:_MOST_ODDITIES]),
        so_far=() if is_finished else videos,
    )
    if is_finished:
        phase = Phase.READY if known.video_count else Phase.EMPTY
    else:
        phase = _PHASES.get(answer.status, Phase.OTHER)
    after, transition = _entered(known, phase, answer.status, wall, task.checked_at)
    if phase is Phase.READY:
        # An empty list came with the same status: the task had finished by then.
        first = task if task.phase is Phase.EMPTY else after
        after = _with_end(after, first, videos, kept_days)
    is_news = bool(answer.videos) and (is_finished or videos != before)
    return CheckResult(after, videos if is_news else None, answer.raw, answer.oddities, transition)


def _failed(task: Task, answer: Refused, wall: float) -> CheckResult:
    known = msgspec.structs.replace(
        task,
        trouble=None,
        checked_at=wall,
        request_id=answer.request_id,
        error=_failure(task, answer, wall),
    )
    if task.phase is Phase.READY:
        return CheckResult(known)
    after, transition = _entered(known, Phase.FAILED, "", wall, task.checked_at)
    return CheckResult(
        msgspec.structs.replace(after, oddities=(), so_far=()), None, answer.raw, (), transition
    )


def _failure(task: Task, answer: Refused, wall: float) -> Failure:
    """Return an error code as the task's failure; the same one as before is no news."""
    before = task.error
    is_same = before is not None and (before.code, before.message) == (answer.code, answer.message)
    return Failure(answer.code, answer.message, answer.request_id, before.at if before and is_same else wall)


def _not_found(task: Task, answer: Refused, wall: float, grace_s: float) -> CheckResult:
    if task.phase not in _UNANSWERED:
        trouble = trouble_of(answer, wall, task.trouble)
        lost = msgspec.structs.replace(trouble, message="the service no longer knows it")
        return CheckResult(msgspec.structs.replace(task, trouble=lost))
    known = msgspec.structs.replace(task, trouble=None, checked_at=wall, request_id=answer.request_id)
    # A clock set back between adding and now makes the age negative: that is no reason to wait for ever.
    if task.phase is Phase.NEW and 0 <= wall - task.added_at < grace_s:
        return CheckResult(known, None, answer.raw)
    after, transition = _entered(known, Phase.NOT_FOUND, "", wall, task.checked_at)
    error = _failure(task, answer, wall)
    return CheckResult(msgspec.structs.replace(after, error=error), None, answer.raw, (), transition)


def _entered(
    task: Task, phase: Phase, status: str, wall: float, looked_at: float | None
) -> tuple[Task, Transition | None]:
    """Move a task into a phase; a transition results only if that is news."""
    if phase is task.phase and (phase is not Phase.OTHER or status == task.status):
        return msgspec.structs.replace(task, status=status), None
    after = msgspec.structs.replace(
        task,
        phase=phase,
        status=status,
        phase_since=wall,
        settled_between=None if phase.is_active or looked_at is None else (looked_at, wall),
        seen_at=None,
        done=None,
    )
    return after, Transition(wall, phase, status)


def _with_videos(task: Task, videos: tuple[Video, ...]) -> Task:
    unlisted = tuple(video.key for video in videos if not video.listed)
    videos = tuple(video for video in videos if video.listed)
    return msgspec.structs.replace(
        task,
        video_count=len(videos),
        size_bytes=sum(video.size_bytes or 0 for video in videos),
        kinds=tuple(dict.fromkeys(video.kind for video in videos))[:_MOST_KINDS],
        users=tuple(dict.fromkeys(video.user_id for video in videos if video.user_id))[:_MOST_USERS],
        unlisted=unlisted,
    )


def together(
    before: tuple[Video, ...], now: tuple[Video, ...], *, is_whole: bool = False
) -> tuple[Video, ...]:
    """Return the videos seen before with those seen now: the same one as it is now, a new one at the end.

    It is the same if its VideoId is, or its URL; what an answer leaves out of it stays as it was. Where `now`
    is the whole list, those that it leaves out are no longer listed. Each has a key of its own.
    """
    seen, free, left = list(before), dict(enumerate(before)), list(now)
    for likeness in (_url_and_id, _id, _url):
        places: dict[tuple[str, ...], list[int]] = {}
        for place, video in free.items():
            places.setdefault(likeness(video), []).append(place)
        unlike: list[Video] = []
        for video in left:
            alike = places.get(likeness(video)) if any(likeness(video)) else None
            if alike:
                place = alike.pop(0)
                del free[place]
                seen[place] = _as_now(before[place], video)
            else:
                unlike.append(video)
        left = unlike
    if is_whole:
        for place, video in free.items():
            seen[place] = msgspec.structs.replace(video, listed=False)
    videos = (*seen, *left)
    if len(videos) > _MOST_VIDEOS:
        videos = tuple(sorted(videos, key=lambda video: not video.listed))
    return _numbered(videos[:_MOST_VIDEOS])


def _numbered(videos: tuple[Video, ...]) -> tuple[Video, ...]:
    before: Counter[str] = Counter()
    numbered: list[Video] = []
    for video in videos:
        repeat = before[video.name]
        numbered.append(video if video.repeat == repeat else msgspec.structs.replace(video, repeat=repeat))
        before[video.name] += 1
    return tuple(numbered)


def _url_and_id(video: Video) -> tuple[str, ...]:
    return video.url, video.video_id


def _id(video: Video) -> tuple[str, ...]:
    return (video.video_id,)


def _url(video: Video) -> tuple[str, ...]:
    return (video.url,)


def _as_now(before: Video, now: Video) -> Video:
    left_out = [name for name in Video.__struct_fields__ if getattr(now, name) in (None, "")]
    return msgspec.structs.replace(now, **{name: getattr(before, name) for name in left_out})


def _with_end(task: Task, first: Task, videos: tuple[Video, ...], kept_days: float) -> Task:
    """Estimate when the service deletes the files: counted from the last look at which it had not finished.

    `first` is the task as it was first seen finished. If there was no look before, then its files end that
    long after that look at the latest. An earlier estimate stays: what was there before is deleted when it
    said.
    """
    is_latest = first.settled_between is None
    begin = first.phase_since if first.settled_between is None else first.settled_between[0]
    is_stored = bool(videos) and all(_is_own_bucket(video.url) for video in videos)
    if not kept_days or begin is None or is_stored:
        return msgspec.structs.replace(task, files_end_at=None, ends_at_latest=False)
    end_at = begin + kept_days * 86_400
    if task.files_end_at is not None and task.files_end_at <= end_at:
        return task
    return msgspec.structs.replace(task, files_end_at=end_at, ends_at_latest=is_latest)


def _is_own_bucket(url: str) -> bool:
    try:
        return "cos" in (urlsplit(url).hostname or "").split(".")
    except ValueError:
        return False
