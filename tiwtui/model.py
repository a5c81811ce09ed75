"""The values that all packages share: task, video, phase, failure, trouble. All are frozen.

Times that end in `_at` or `_since` are tiwtui's own observations in epoch seconds: the service gives none.
"""

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

import msgspec


class TaskRef(msgspec.Struct, frozen=True, order=True, gc=False):
    """One generation task, known by its application and its TaskId *as the user gave it*.

    An answer's own `TaskId` can differ from the one asked for (the document's sample does), so it is
    never part of a key.
    """

    sdk_app_id: int
    task_id: str

    def __str__(self) -> str:
        return f"{self.sdk_app_id}/{self.task_id}"

    def written(self, default_app: int | None) -> str:
        """Return the task as a person writes it: the bare id where its application is the default one."""
        return self.task_id if self.sdk_app_id == default_app else str(self)


def default_app(chosen: int | None, watched: Collection[int]) -> int | None:
    """Return the application of ids given without one: the chosen one, else the only one of those watched."""
    if chosen is not None:
        return chosen
    return next(iter(watched)) if len(watched) == 1 else None


class Phase(StrEnum):
    """The phase of a task."""

    NEW = "new"
    QUEUED = "queued"
    PROCESSING = "processing"
    READY = "ready"
    EMPTY = "empty"
    FAILED = "failed"
    NOT_FOUND = "not_found"
    OTHER = "other"

    @property
    def is_active(self) -> bool:
        """Whether the status may still change, so that the task is still checked."""
        return self in _ACTIVE


_ACTIVE = frozenset({Phase.NEW, Phase.QUEUED, Phase.PROCESSING, Phase.OTHER})

VIDEO_KINDS = ("camera", "screen", "whiteboard", "mixed", "audio")
"""Kinds of video by `VideoType`, which is their index."""

UNKNOWN_KIND = "unknown"
"""The kind of a video whose `VideoType` the answer left out."""


class Video(msgspec.Struct, frozen=True, gc=False):
    """One entry of `VideoInfoList`. `None` and `""` stand for what the answer left out.

    `play_offset_ms` is `VideoPlayTime`: milliseconds on the class's own time axis, not an epoch (in every
    published sample `TotalTime` is the greatest `VideoPlayTime + VideoDuration`). One user can have several
    videos, so a video is known by its place in the list, never by its user. `listed` is false for one that
    an earlier answer listed and the last list of all videos did not. `repeat` is how many before it in the
    list have its VideoId, or its URL where it has none.
    """

    url: str
    video_id: str = ""
    user_id: str = ""
    type: int | None = None
    format: str = ""
    size_bytes: int | None = None
    duration_ms: int | None = None
    play_offset_ms: int | None = None
    width: int | None = None
    height: int | None = None
    listed: bool = True
    repeat: int = 0

    @property
    def name(self) -> str:
        """Its VideoId, or its URL where it has none; usually no other video of the task has the same."""
        return self.video_id or self.url

    @property
    def key(self) -> str:
        """The key of a copied video; no other of the task has the same."""
        return f"{self.name}#{self.repeat + 1}" if self.repeat else self.name

    @property
    def kind(self) -> str:
        """`camera`, `screen`, `whiteboard`, `mixed`, `audio`, `type_N` for another; `unknown` without one."""
        if self.type is None:
            return UNKNOWN_KIND
        return VIDEO_KINDS[self.type] if 0 <= self.type < len(VIDEO_KINDS) else f"type_{self.type}"


class Done(msgspec.Struct, frozen=True, gc=False):
    """The acknowledgement of a task: when, by whom, and the reasons for attention that it silences."""

    at: float
    by: str = ""
    reasons: tuple[str, ...] = ()


class Failure(msgspec.Struct, frozen=True, gc=False):
    """The error of a failed or unknown task; `at` is when the service first reported it."""

    code: str
    message: str
    request_id: str = ""
    at: float | None = None


class TroubleKind(StrEnum):
    """Why a check failed: a property of the check, not of the task."""

    NETWORK = "network"
    THROTTLED = "throttled"
    SERVICE = "service"
    GARBLED = "garbled"
    CREDENTIALS = "credentials"
    PERMISSION = "permission"
    CLOCK = "clock"
    APP = "app"
    CONFIG = "config"


NO_CREDENTIALS = "no_credentials"
"""The code of the trouble that no credentials were found; not from the service."""


class Trouble(msgspec.Struct, frozen=True, gc=False):
    """The trouble of one task's last check.

    `code` is the service's code or a fixed word, `message` is not translated. `since` is when the first of
    consecutive troubles came, `at` when this one did; `None` if an older version saved it.
    """

    kind: TroubleKind
    code: str
    message: str
    request_id: str
    since: float
    at: float | None = None


class Task(msgspec.Struct, frozen=True, gc=False):
    """All that the list shows of one task. Its videos, raw answer and history are `Details`.

    `video_count`, `size_bytes`, `kinds` and `users` sum up the videos that are listed. `phase_since` is when
    the current phase was first seen; `settled_between` are the last look before and the first look after it
    settled, `None` where it had settled before the first look. `files_end_at` estimates when its files are
    deleted; `ends_at_latest` is whether they can be deleted any time before. `oddities` are the first few of
    those in `Details`. `so_far` are the videos of an active task, which later answers add to; once it has
    settled, they are in `Details` alone; `unlisted` are the keys of those no longer listed. A ready task has
    an `error` if the service said later that it failed. `taken_at` is when a link to one of its videos was
    last copied, `taken_videos` are the keys of those copied; with none, but a time, all were. `done` belongs
    to the present phase.
    """

    ref: TaskRef
    added_at: float
    label: str = ""
    phase: Phase = Phase.NEW
    status: str = ""
    group_id: str = ""
    room_id: int | None = None
    total_time_ms: int | None = None
    video_count: int = 0
    size_bytes: int = 0
    kinds: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    error: Failure | None = None
    trouble: Trouble | None = None
    request_id: str = ""
    checked_at: float | None = None
    phase_since: float | None = None
    settled_between: tuple[float, float] | None = None
    files_end_at: float | None = None
    taken_at: float | None = None
    seen_at: float | None = None
    checks: int = 0
    oddities: tuple[str, ...] = ()
    so_far: tuple[Video, ...] = ()
    unlisted: tuple[str, ...] = ()
    ends_at_latest: bool = False
    taken_by: str = ""
    taken_videos: tuple[str, ...] = ()
    done: Done | None = None
    flagged_at: float | None = None

    @property
    def is_flagged(self) -> bool:
        """Whether the user is alerted when it settles."""
        return self.flagged_at is not None and self.phase.is_active

    @property
    def is_taken(self) -> bool:
        """Whether a link to each of its listed videos was copied."""
        return self.taken_at is not None and self.taken_count >= self.video_count

    @property
    def taken_count(self) -> int:
        """How many of its listed videos were copied."""
        if not self.taken_videos:
            return 0 if self.taken_at is None else self.video_count
        return sum(key not in self.unlisted for key in self.taken_videos)

    def has_taken(self, video: Video) -> bool:
        """Whether a link to one of its videos was copied."""
        return self.taken_at is not None and (not self.taken_videos or video.key in self.taken_videos)

    @property
    def is_unseen(self) -> bool:
        """Whether it settled or had an error, and nobody has looked at it or copied from it since."""
        if self.phase.is_active:
            return False
        return self.has_unseen_error or (self._looked_at is None and self.taken_at is None)

    @property
    def has_unseen_error(self) -> bool:
        """Whether an error came that nobody has looked at since."""
        if self.error is None or self.error.at is None:
            return False
        return self._looked_at is None or self._looked_at < self.error.at

    @property
    def _looked_at(self) -> float | None:
        """When a person last looked at it after it settled; acknowledging is looking."""
        if self.done is None:
            return self.seen_at
        return self.done.at if self.seen_at is None else max(self.seen_at, self.done.at)


class Transition(msgspec.Struct, frozen=True, gc=False):
    """One observed change of phase, and when it was seen."""

    at: float
    phase: Phase
    status: str


class Details(msgspec.Struct, frozen=True):
    """The data of one task beyond its row; loaded only for the selected, copied or exported task.

    `raw` are the bytes of the last good answer about the task; `oddities` name the fields of it that could
    not be read, as `path: reason`. `error_raw` are the first bytes of a later answer that was an error or
    could not be read, empty where there is none. `edited_by` is who last changed what people note of it: who
    added, labelled, looked at, copied, acknowledged or removed it.
    """

    videos: tuple[Video, ...] = ()
    raw: bytes = b""
    oddities: tuple[str, ...] = ()
    history: tuple[Transition, ...] = ()
    error_raw: bytes = b""
    edited_by: str = ""

    @property
    def listed(self) -> tuple[Video, ...]:
        """The videos that the service still lists."""
        return tuple(video for video in self.videos if video.listed)


class Removed(msgspec.Struct, frozen=True):
    """A removed task that can be restored; `at` is when it was removed, in epoch seconds."""

    task: Task
    at: float


class StateFile(msgspec.Struct, frozen=True):
    """The state of the file. `size_bytes` includes the write-ahead log.

    `written_at` is when this process last wrote (epoch seconds), `failures` how often reading or writing
    failed since it began.
    """

    path: Path
    size_bytes: int
    written_at: float | None
    failures: int
