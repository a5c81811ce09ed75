"""A session without an engine: it has the tasks that a test gives it and records the calls."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from tiwtui.api.credentials import SourceTried
from tiwtui.coordination.handling import Copies
from tiwtui.coordination.peers import Sharers
from tiwtui.diagnostics import Diagnostics, Load, Rate
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.status import Mode, Status
from tiwtui.model import (
    NO_CREDENTIALS,
    Details,
    Done,
    Failure,
    Phase,
    Removed,
    Task,
    TaskRef,
    Transition,
    Trouble,
    TroubleKind,
    Video,
)
from tiwtui.session import Added, Target
from tiwtui.store.edits import Taken
from tiwtui.store.errors import StoreFailed

NOW = 1_790_000_000.0
APP = 1400000001

STATUS = Status(
    mode=Mode.LIVE,
    since=None,
    by="",
    trouble=None,
    advice="",
    next_try_at=None,
    rate=9.8,
    allowed=10.0,
    budget=10.0,
    oldest_s=12.0,
    active=2,
    throttled=0,
    clock_offset_s=0.0,
    stopped_apps=(),
)

DIAGNOSTICS = Diagnostics(
    status=STATUS,
    sharers=Sharers("pts/3", True, 4, 0.4, ("pts/4", "pts/5")),
    running_s=8040.0,
    rates=tuple(
        Rate(reason, wanted, short, long)
        for reason, wanted, short, long in (
            (Reason.SELECTED, 0.5, 0.5, 0.48),
            (Reason.ON_SCREEN, 2.4, 2.3, 2.32),
            (Reason.MANUAL, None, 0.0, 0.25),
            (Reason.RESTING, 6.12, 6.2, 6.05),
        )
    ),
    load=Load(
        active=128,
        due=4,
        over_bound=0,
        backing_off=3,
        asked=0,
        longest_overdue_s=0.31,
        bound_s=16.0,
        late_s=0.002,
        under_way=3,
        oldest_under_way_s=1.24,
    ),
    delay=None,
    left=12_345,
    answered=12_342,
    troubles=(),
    interruptions=(),
    checks=(),
    file=None,
)


def make_task(task_id: str, phase: Phase = Phase.PROCESSING, **given: Any) -> Task:
    """Return a task as it is after some checks; anything can be given otherwise."""
    values: dict[str, Any] = {
        "added_at": NOW - 4000,
        "phase": phase,
        "status": {"queued": "QUEUED", "processing": "PROCESSING", "new": ""}.get(phase.value, "FINISHED"),
        "phase_since": NOW - 252,
        "checked_at": NOW - 1,
        "checks": 7,
    }
    if phase is Phase.READY:
        values |= {"video_count": 2, "total_time_ms": 156_750, "size_bytes": 4_617_520}
        values |= {"files_end_at": NOW + 2.6 * 86_400, "seen_at": NOW - 10}
    if phase is Phase.FAILED:
        message = (
            "code: 40004, msg: 2019-09-23 10:31:47, im login failed with code 6206, desc serSig expired\n"
        )
        values["error"] = Failure("FailedOperation.Record", message, "f0e1d2c3")
    return Task(TaskRef(APP, task_id), **(values | given))


def make_video(kind: int = 2, name: str = "video", **given: Any) -> Video:
    """Return a video of a kind, with a URL that ends in its name."""
    values: dict[str, Any] = {
        "url": f"http://1257240443.vod2.myqcloud.com/7ad96583vodcq1257240443/6ee26f54/{name}.mp4",
        "video_id": "5285890792776509100",
        "type": kind,
        "format": "mp4",
        "size_bytes": 318_384,
        "duration_ms": 156_750,
        "play_offset_ms": 0,
        "width": 1024,
        "height": 768,
    }
    return Video(**(values | given))


VIDEOS = (
    make_video(2),
    make_video(
        0, "video1", user_id="teacher_1", size_bytes=4_299_136, duration_ms=150_000, play_offset_ms=6_000,
        width=640, height=480,
    ),
)  # fmt: skip


def _added(ref: TaskRef) -> Task:
    return msgspec.structs.replace(make_task(ref.task_id, Phase.NEW), ref=ref)


class StillSession:
    """Has the methods of a `Session`; nothing happens unless a test calls `put` or `drop`."""

    def __init__(self, tasks: Iterable[Task] = (), app: int | None = APP) -> None:
        self.target = Target("school", "tiw.tencentcloudapi.com", "ap-singapore", app)
        self.tasks: dict[TaskRef, Task] = {task.ref: task for task in tasks}
        self.who = "pts/0"
        self.expiry_warning_s: float | None = 86_400.0
        self.videos: dict[TaskRef, tuple[Video, ...]] = {}
        self.raw: dict[TaskRef, bytes] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.is_still = STATUS
        self.diagnosed = DIAGNOSTICS
        self.is_saved = True
        self.trouble: str | None = None
        self.notice: str | None = None
        self.credential_sources_tried: tuple[SourceTried, ...] = ()
        self.refusal: StoreFailed | None = None
        self.commits_after: asyncio.Event | None = None
        self.reads_after: asyncio.Event | None = None
        self.now = NOW
        self._removed: dict[TaskRef, Removed] = {}
        self._listeners: list[Callable[[frozenset[TaskRef]], None]] = []

    def put(self, *tasks: Task) -> None:
        """Change or add tasks, and say so."""
        for task in tasks:
            self.tasks[task.ref] = task
        self._say(task.ref for task in tasks)

    def drop(self, *refs: TaskRef) -> None:
        """Take tasks away, and say so."""
        for ref in refs:
            self._removed[ref] = Removed(self.tasks.pop(ref), self.now)
        self._say(refs)

    def _say(self, refs: Iterable[TaskRef]) -> None:
        for listener in self._listeners:
            listener(frozenset(refs))

    def wall(self) -> float:
        return self.now

    def status(self) -> Status:
        return self.is_still

    def diagnostics(self) -> Diagnostics:
        return replace(self.diagnosed, status=self.is_still)

    def subscribe(self, listener: Callable[[frozenset[TaskRef]], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def interval_s(self, ref: TaskRef) -> float | None:
        return 12.0

    def next_check_at(self, ref: TaskRef) -> float | None:
        return self.now + 8 if ref in self.tasks and self.tasks[ref].phase.is_active else None

    def typical_processing_s(self) -> float | None:
        return 130.0

    def p95_processing_s(self) -> float | None:
        return 240.0

    async def commit(self) -> None:
        """Wait for `commits_after` where a test has set one, then fail with `refusal` where there is one."""
        if self.commits_after is not None:
            await self.commits_after.wait()
        if self.refusal is not None:
            raise self.refusal

    async def add(self, entries: Sequence[tuple[TaskRef, str | None]]) -> Added:
        await self.commit()
        self.calls.append(("add", tuple(entries)))
        labels = dict(entries)
        new = tuple(ref for ref in labels if ref not in self.tasks)
        self.put(*(gone.task for ref in new if (gone := self._removed.pop(ref, None)) is not None))
        self.put(*(_added(ref) for ref in new if ref not in self.tasks))
        given = {ref: label for ref, label in labels.items() if label is not None}
        other = {ref: label for ref, label in given.items() if self.tasks[ref].label != label}
        self.put(*(msgspec.structs.replace(self.tasks[ref], label=label) for ref, label in other.items()))
        relabelled = tuple(ref for ref in other if ref not in new)
        return Added(new, tuple(ref for ref in labels if ref not in (*new, *relabelled)), relabelled)

    async def remove(self, refs: Iterable[TaskRef]) -> tuple[TaskRef, ...]:
        await self.commit()
        refs = tuple(ref for ref in refs if ref in self.tasks)
        self.calls.append(("remove", refs))
        self.drop(*refs)
        return refs

    async def restore(self, refs: Iterable[TaskRef]) -> tuple[TaskRef, ...]:
        refs = tuple(refs)
        await self.commit()
        self.calls.append(("restore", refs))
        back = [gone.task for ref in refs if (gone := self._removed.pop(ref, None)) is not None]
        self.put(*back)
        return tuple(task.ref for task in back)

    async def removed(self) -> Sequence[Removed]:
        if self.reads_after is not None:
            await self.reads_after.wait()
        if self.refusal is not None:
            raise self.refusal
        return tuple(reversed(self._removed.values()))

    async def label(self, ref: TaskRef, text: str) -> None:
        await self.commit()
        self.calls.append(("label", ref, text))
        self.put(msgspec.structs.replace(self.tasks[ref], label=text))

    @property
    def handling(self) -> "StillHandling":
        return StillHandling(self)

    async def details(self, ref: TaskRef) -> Details:
        task = self.tasks[ref] if ref in self.tasks else self._removed[ref].task
        videos = self.videos.get(ref, VIDEOS if task.phase is Phase.READY else ())
        answer = {"Response": {"Status": task.status, "TaskId": ref.task_id, "RequestId": "f0e1d2c3"}}
        history = (
            Transition(NOW - 3000, Phase.QUEUED, "QUEUED"),
            Transition(NOW - 400, Phase.PROCESSING, "PROCESSING"),
            Transition(NOW - 252, task.phase, task.status),
        )
        return Details(videos, self.raw.get(ref, json.dumps(answer).encode()), (), history)

    async def videos_of(self, refs: Iterable[TaskRef]) -> Mapping[TaskRef, tuple[Video, ...]]:
        return {ref: (await self.details(ref)).videos for ref in refs}

    def check_now(self, refs: Iterable[TaskRef]) -> None:
        self.calls.append(("check_now", tuple(refs)))

    def attend(self, selected: TaskRef | None, on_screen: Iterable[TaskRef]) -> None:
        self.attended = (selected, tuple(on_screen))

    def pause(self) -> None:
        self.calls.append(("pause",))
        self.is_still = replace(self.is_still, mode=Mode.PAUSED)

    def resume(self) -> None:
        self.calls.append(("resume",))
        self.is_still = replace(self.is_still, mode=Mode.LIVE)

    def set_budget(self, per_second: float) -> None:
        self.calls.append(("budget", per_second))
        self.is_still = replace(self.is_still, budget=per_second, allowed=per_second)

    async def start(self) -> None:
        self.calls.append(("start",))

    async def run(self) -> None:
        self.calls.append(("run",))

    async def close(self) -> None:
        self.calls.append(("close",))


class StillHandling:
    """Has the methods of a `Handling`."""

    def __init__(self, session: StillSession) -> None:
        self._session = session
        self.by = "anna"

    async def see(self, refs: Iterable[TaskRef]) -> None:
        tasks = await self._calls("seen", tuple(refs))
        self._change({task.ref: {"seen_at": self._session.now} for task in tasks if task.is_unseen})

    async def acknowledge(self, done: Mapping[TaskRef, Done | None]) -> None:
        tasks = await self._calls("done", tuple(done))
        self._change({task.ref: {"done": done[task.ref]} for task in tasks})

    async def flag(self, refs: Iterable[TaskRef], at: float | None) -> None:
        tasks = await self._calls("flag", tuple(refs))
        self._change({task.ref: {"flagged_at": at} for task in tasks})

    async def take(self, videos: Mapping[TaskRef, Sequence[str]]) -> Copies:
        tasks = await self._calls("taken", tuple(videos))
        before = {task.ref: Taken(task.taken_at, task.taken_by, task.taken_videos) for task in tasks}
        after = {
            ref: Taken(
                self._session.now,
                self.by,
                tuple(dict.fromkeys((*each.taken_videos, *videos[ref]))),
            )
            for ref, each in before.items()
        }
        self._change({ref: each._asdict() for ref, each in after.items()})
        return {ref: (before[ref], after[ref]) for ref in before}

    async def untake(self, copies: Copies) -> None:
        await self._calls("untaken", tuple(copies))
        self._change({ref: before._asdict() for ref, (before, _after) in copies.items()})

    async def _calls(self, what: str, refs: tuple[TaskRef, ...]) -> list[Task]:
        await self._session.commit()
        self._session.calls.append((what, refs))
        return [self._session.tasks[ref] for ref in refs if ref in self._session.tasks]

    def _change(self, changes: Mapping[TaskRef, Mapping[str, Any]]) -> None:
        tasks = self._session.tasks
        self._session.put(*(replace(tasks[ref], **fields) for ref, fields in changes.items()))


LOOKED = (SourceTried("environment", "TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY not set"),)


def first_start() -> StillSession:
    """Return a session with neither a key nor a task."""
    session = StillSession()
    trouble = Trouble(TroubleKind.CREDENTIALS, NO_CREDENTIALS, "not set", "", session.now)
    session.is_still = replace(session.is_still, mode=Mode.STOPPED, trouble=trouble, advice="set a key")
    session.credential_sources_tried = LOOKED
    return session
