"""Tasks and details as rows of the database, and back. Pure.

1. What goes in comes out: times, numbers and texts exactly.
2. A task without an observed row is one that nobody has checked; so is one whose row cannot be read: it is
   asked about again, and the others are shown. A time that is none counts as the epoch's beginning where
   there must be one. Of details that cannot be read whole the rest is shown, and a word with it says so.
3. `seen_at` and `done` count only if they lie in the current phase: a check never writes what people did, so
   a task that settled again is unseen by its later `phase_since`.

What checks found of a task is one JSON array in one column: SQLite hands a hundred thousand of those over in
half the time of as many rows of eighteen columns, and the start reads nothing else. The array grows at its
end alone, by fields with defaults.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, TypeGuard

import msgspec

from tiwtui.i18n import _
from tiwtui.model import Details, Done, Failure, Phase, Task, TaskRef, Transition, Trouble, Video

_MARKS = " || ',' || ".join(
    (
        "coalesce(w.taken_by, 'null')",
        "coalesce(w.taken_videos, '[]')",
        # A quoted number has all of its digits.
        "lower(quote(w.done_at))",
        "coalesce(w.done_by, 'null')",
        "coalesce(w.done_for, '[]')",
        "lower(quote(w.flagged_at))",
    )
)
# Few tasks have any of these, and six columns more make a start slower.
TASK_COLUMNS = (
    "w.sdk_app_id, w.task_id, w.added_at, w.label, w.taken_at, w.seen_at, "
    "CASE WHEN coalesce(w.taken_by, w.taken_videos, w.done_at, w.flagged_at) IS NOT NULL "
    f"THEN '[' || {_MARKS} || ']' END, o.shown"
)
"""What `read_tasks` wants of `watched w LEFT JOIN observed o`."""

Row = tuple[Any, ...]


class Shown(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What checks found of a task, as far as the list shows it: the fields of `Task` of the same names."""

    phase: Phase
    status: str
    group_id: str
    room_id: int | None
    total_time_ms: int | None
    video_count: int
    size_bytes: int
    kinds: tuple[str, ...]
    users: tuple[str, ...]
    error: Failure | None
    trouble: Trouble | None
    request_id: str
    checked_at: float | None
    phase_since: float | None
    settled_between: tuple[float, float] | None
    files_end_at: float | None
    checks: int


class Further(Shown, array_like=True, frozen=True, gc=False):
    """The same with what few tasks have, so that the rows of the others are not longer because of it."""

    oddities: tuple[str, ...] = ()
    so_far: tuple[Video, ...] = ()
    unlisted: tuple[str, ...] = ()
    ends_at_latest: bool = False


class Marks(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What people noted of a task, as `TASK_COLUMNS` has it."""

    taken_by: str | None
    taken_videos: tuple[str, ...]
    done_at: float | None
    done_by: str | None
    done_for: tuple[str, ...]
    flagged_at: float | None


_PHASES = {phase.value: phase for phase in Phase}
_NOTHING = "[]"
_FARTHEST = 6e10
"""Epoch seconds that a calendar can show on either side: some 1,900 years."""

_shown = msgspec.json.Decoder(Further)
_marks = msgspec.json.Decoder(Marks)
_words = msgspec.json.Decoder(tuple[str, ...])
_videos = msgspec.json.Decoder(tuple[Video, ...])
_encoder = msgspec.json.Encoder()


def read_tasks(rows: Iterable[Row]) -> list[Task]:
    """Return the tasks of rows of `TASK_COLUMNS`."""
    # Written out, by position and with the few distinct words held once: a start does this 100,000 times.
    tasks: list[Task] = []
    seen: dict[Any, Any] = {}
    decode, once, far = _shown.decode, seen.setdefault, _FARTHEST
    for app, task_id, added_at, label, taken_at, seen_at, marks, text in rows:
        try:
            shown = None if text is None else decode(text)
        except (msgspec.DecodeError, TypeError):
            shown = None
        try:
            is_odd = not -far <= added_at <= far
            is_odd = is_odd or (taken_at is not None and not -far <= taken_at <= far)
            is_odd = is_odd or (seen_at is not None and not -far <= seen_at <= far)
        except TypeError:
            is_odd = True
        if is_odd:
            added_at = added_at if is_moment(added_at) else 0.0
            taken_at, seen_at = (at if is_moment(at) else None for at in (taken_at, seen_at))
        if shown is None:
            task = Task(TaskRef(app, task_id), added_at, label, phase_since=added_at, taken_at=taken_at)
            task = task if seen_at is None else msgspec.structs.replace(task, seen_at=seen_at)
            tasks.append(task if marks is None else _marked(task, marks))
            continue
        since = shown.phase_since
        task = Task(
            TaskRef(app, task_id),
            added_at,
            label,
            shown.phase,
            once(shown.status, shown.status),
            shown.group_id,
            shown.room_id,
            shown.total_time_ms,
            shown.video_count,
            shown.size_bytes,
            once(shown.kinds, shown.kinds),
            shown.users,
            shown.error,
            shown.trouble,
            shown.request_id,
            shown.checked_at,
            since,
            shown.settled_between,
            shown.files_end_at,
            taken_at,
            None if seen_at is None or (since is not None and seen_at < since) else seen_at,
            shown.checks,
            shown.oddities,
            shown.so_far,
            shown.unlisted,
            shown.ends_at_latest,
        )
        tasks.append(task if marks is None else _marked(task, marks))
    return tasks


def _marked(task: Task, text: object) -> Task:
    """Return a task with what people noted of it, as far as that can be read."""
    try:
        marks = _marks.decode(text) if isinstance(text, str | bytes) else None
    except msgspec.DecodeError:
        marks = None
    if marks is None:
        return task
    done, since = None, task.phase_since
    if is_moment(marks.done_at) and (since is None or marks.done_at >= since):
        done = Done(marks.done_at, marks.done_by or "", marks.done_for)
    return msgspec.structs.replace(
        task,
        taken_by=marks.taken_by or "",
        taken_videos=marks.taken_videos,
        done=done,
        flagged_at=marks.flagged_at if is_moment(marks.flagged_at) else None,
    )


def shown_text(task: Task) -> bytes:
    """Return what checks found of a task as it is saved."""
    fields = Shown.__struct_fields__
    kind: type[Shown] = Shown
    if task.oddities or task.so_far or task.unlisted or task.ends_at_latest:
        fields, kind = Further.__struct_fields__, Further
    return _encoder.encode(kind(*(getattr(task, name) for name in fields)))


def is_whole(shown: object, *, has_details: bool) -> bool:
    """Whether a column holds what `shown_text` wrote, and the videos it counts are at hand."""
    try:
        return isinstance(shown, bytes | str) and (not _shown.decode(shown).video_count or has_details)
    except msgspec.DecodeError:
        return False


def is_untouched(task: Task) -> bool:
    """Whether a task is as it is added: nothing has been found out about it."""
    return task.phase is Phase.NEW and task.checks == 0


def videos_text(videos: tuple[Video, ...]) -> bytes:
    """Return videos as they are saved."""
    return _encoder.encode(videos)


def oddities_text(oddities: tuple[str, ...]) -> bytes:
    """Return oddities as they are saved."""
    return _encoder.encode(oddities)


def marks_text(words: tuple[str, ...] | str) -> str:
    """Return keys of videos, reasons, or a name, as they are saved."""
    return _encoder.encode(words).decode()


def packed(raw: bytes) -> bytes | None:
    """Return an answer's bytes as they are saved: a third of their size or less, in some 30 µs."""
    return zlib.compress(raw) if raw else None


def packed_or_none(raw: object) -> bytes | None:
    """Return a column that `packed` wrote, `None` where it cannot be read."""
    try:
        return raw if isinstance(raw, bytes) and zlib.decompress(raw) else None
    except zlib.error:
        return None


def read_videos(text: bytes) -> tuple[Video, ...]:
    """Return the videos that `videos_text` wrote, none where they cannot be read."""
    try:
        return _videos.decode(text)
    except (msgspec.DecodeError, TypeError):
        return ()


def read_details(row: Row | None, transitions: Sequence[Row]) -> Details:
    """Return details from a row of (videos, oddities, raw, error_raw, edited_by), if any, and of transitions.

    These are rows of (at, phase, status).
    """
    videos, oddities, raw, error_raw, edited_by = row or (_NOTHING, _NOTHING, None, None, None)
    is_whole = are_readable(videos, oddities)
    answer = error = b""
    try:
        answer = zlib.decompress(raw) if raw else b""
        error = zlib.decompress(error_raw) if error_raw else b""
        words = _words.decode(oddities)
    except (msgspec.DecodeError, zlib.error, TypeError):
        is_whole, words = False, ()
    history = tuple(
        Transition(at, _PHASES[phase], status)
        for at, phase, status in transitions
        if is_moment(at) and phase in _PHASES and isinstance(status, str)
    )
    if not is_whole or len(history) < len(transitions):
        words = (*words, _("some of what was saved of this task cannot be read any more"))
    return Details(read_videos(videos), answer, words, history, error, name_text(edited_by))


def name_text(name: object) -> str:
    """Return a column with a name, empty where there is none."""
    return name if isinstance(name, str) else ""


def are_readable(videos: object, oddities: object) -> bool:
    """Whether both are as `videos_text` and `oddities_text` wrote them."""
    try:
        for text, decoder in ((videos, _videos), (oddities, _words)):
            if not isinstance(text, bytes | str):
                return False
            decoder.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def is_moment(at: object) -> TypeGuard[float]:
    """Whether a column holds a time that a calendar knows."""
    return isinstance(at, float) and -_FARTHEST <= at <= _FARTHEST
