"""A simulated world of video generation tasks: a function of a seed and the simulated seconds.

1. The same seed and time give the same state, in every process.
2. A task only goes forward: queued, processing, then one final ending.
3. In every world the first 14 tasks reach every ending within 3,000 seconds; some are settled at the start,
   the others settle at first every few seconds.
4. Among the next 24 is one task with an undocumented status in its first twenty minutes.
5. One of the first 14 is the example of the document: asked by one id, it answers with another.
6. A task of another world is unknown.
"""

import time
from enum import StrEnum
from functools import lru_cache
from random import Random
from typing import Final

import msgspec

from tiwtui.model import TaskRef
from tiwtui.sim.recordings import (
    DOCUMENT_ANSWER_TASK_ID,
    DOCUMENT_RECORDING,
    DOCUMENT_TASK_ID,
    Recording,
    Scene,
    recorded,
)
from tiwtui.sim.task_ids import hashed, place_of, task_id

SDK_APP_ID: Final = 1400000001
CAST_SIZE: Final = 14
UNDOCUMENTED_STATUS: Final = "MERGING"
ALL_SETTLED_S: Final = 3000.0
"""Simulated seconds within which the first `CAST_SIZE` tasks have settled."""


class Ending(StrEnum):
    """How a task ends."""

    READY = "ready"
    EMPTY = "empty"
    FAILED = "failed"
    NOT_FOUND = "not_found"


class Life(msgspec.Struct, frozen=True):
    """When a task changes, in simulated seconds since the world's start; negative is before it.

    `merging_from_s` is when a task gets the undocumented status; for nearly all that is never.
    """

    queued_until_s: float
    settles_at_s: float
    ending: Ending
    scene: Scene = Scene.LECTURE
    merging_from_s: float = float("inf")


class Unsettled(msgspec.Struct, frozen=True):
    """Queued, processing, or in the undocumented status; `progress` is the disused percentage."""

    task_id: str
    room_id: int
    status: str
    progress: int


class Finished(msgspec.Struct, frozen=True):
    """The generation ended with a recording, with or without videos; `task_id` is that of the answer."""

    task_id: str
    recording: Recording


class Failed(msgspec.Struct, frozen=True):
    """The generation failed; `message` is that of the service."""

    message: str


class Unknown(msgspec.Struct, frozen=True):
    """No such task."""


State = Unsettled | Finished | Failed | Unknown

_CAST = (
    Life(-4000.0, -3600.0, Ending.READY, Scene.BOARD),
    Life(-900.0, -420.0, Ending.READY, Scene.FULL),
    Life(-700.0, -300.0, Ending.FAILED),
    Life(0.0, 0.0, Ending.NOT_FOUND),
    Life(-120.0, 4.0, Ending.READY, Scene.LECTURE),
    Life(-90.0, 9.0, Ending.READY, Scene.RETURNING),
    Life(-75.0, 15.0, Ending.FAILED),
    Life(-60.0, 22.0, Ending.EMPTY),
    Life(3.0, 31.0, Ending.READY, Scene.MIXED),
    Life(-30.0, 45.0, Ending.READY, Scene.AUDIO),
    Life(12.0, 75.0, Ending.READY, Scene.LECTURE),
    Life(-20.0, 240.0, Ending.READY, Scene.RETURNING),
    Life(40.0, 600.0, Ending.FAILED),
    Life(120.0, 2500.0, Ending.READY, Scene.FULL),
)
_DOCUMENT_PART = 0
_JITTER = 0.1

_FAILURES = (
    (40004, "im login failed with code 6206, desc serSig expired"),
    (40006, "TRTC onError, code: -70003, msg: The UserSig in use is illegal"),
    (40005, "no valid audio or video stream was found in the room"),
    (40011, "concat failed, source segment 3 of 5 is missing"),
    (40020, "upload to bucket school-records-1253488539 failed, AccessDenied"),
    (40008, "白板课件加载超时，录制任务已终止"),
)
_LABELS = (
    "Maths 3A",
    "Maths 3B",
    "物理 第二讲",
    "物理 第三讲",
    "English B2 🎧",
    "English C1",
    "数学 三年级（2）班",
    "Química 10º",
    "日本語 N3",
    "Физика 9А",
    "History 7c",
    "Biology lab 4",
    "语文 阅读课",
    "Français débutants",
    "한국어 초급",
    "Piano – Thursday",
)
_UNLABELLED = 4
"""One task in so many has no label."""


class World(msgspec.Struct, frozen=True):
    """The tasks of one seed.

    `began_at` (epoch seconds) is when simulated time 0 was; only the dates in failure messages show it.
    """

    seed: int
    began_at: float = 1_793_581_200.0

    def refs(self, count: int) -> tuple[TaskRef, ...]:
        """Return the first `count` tasks of the list; a shorter list is the beginning of a longer one."""
        ids = [task_id(self.seed, place) for place in range(count)]
        document_place = _cast_order(self.seed).index(_DOCUMENT_PART)
        if document_place < count:
            ids[document_place] = DOCUMENT_TASK_ID
        return tuple([TaskRef(SDK_APP_ID, text) for text in ids])

    def label(self, ref: TaskRef) -> str:
        """Return the label of a task; `""` for a quarter of them and for unknown ones."""
        place = self.place(ref.task_id)
        if place is None:
            return ""
        chosen = hashed(self.seed, "label", place)
        return "" if chosen % _UNLABELLED == 0 else _LABELS[chosen // _UNLABELLED % len(_LABELS)]

    def place(self, text: str) -> int | None:
        """Return the place of a task id in the list, None if it is not of this world."""
        document_place = _cast_order(self.seed).index(_DOCUMENT_PART)
        if text == DOCUMENT_TASK_ID:
            return document_place
        place = place_of(self.seed, text)
        return None if place == document_place else place

    def life(self, text: str) -> Life | None:
        """Return when the task of this id changes, None if it is not of this world."""
        place = self.place(text)
        return None if place is None else _life(self.seed, place)

    def state(self, text: str, at_s: float) -> State:
        """Return the state of a task id `at_s` simulated seconds after the start."""
        place = self.place(text)
        if place is None:
            return Unknown()
        life = _life(self.seed, place)
        if life.ending is Ending.NOT_FOUND:
            return Unknown()
        if at_s < life.settles_at_s:
            room_id = _recording(self.seed, place).room_id
            return Unsettled(text, room_id, _status(life, at_s), _progress(life, at_s))
        if life.ending is Ending.FAILED:
            return Failed(_failure(self.seed, place, self.began_at + life.settles_at_s))
        answer_id = DOCUMENT_ANSWER_TASK_ID if text == DOCUMENT_TASK_ID else text
        return Finished(answer_id, _recording(self.seed, place))


def _status(life: Life, at_s: float) -> str:
    if at_s < life.queued_until_s:
        return "QUEUED"
    return "PROCESSING" if at_s < life.merging_from_s else UNDOCUMENTED_STATUS


def _progress(life: Life, at_s: float) -> int:
    if at_s <= life.queued_until_s:
        return 0
    return int(100 * (at_s - life.queued_until_s) / (life.settles_at_s - life.queued_until_s))


@lru_cache(maxsize=64)
def _cast_order(seed: int) -> tuple[int, ...]:
    parts = list(range(CAST_SIZE))
    Random(hashed(seed, "cast", 0)).shuffle(parts)
    return tuple(parts)


def _undocumented_place(seed: int) -> int:
    return CAST_SIZE + hashed(seed, "undocumented", 0) % 24


@lru_cache(maxsize=4096)
def _life(seed: int, place: int) -> Life:
    draw = Random(hashed(seed, "life", place))
    if place < CAST_SIZE:
        part = _CAST[_cast_order(seed)[place]]
        pace = draw.uniform(1 - _JITTER, 1 + _JITTER)
        return Life(part.queued_until_s * pace, part.settles_at_s * pace, part.ending, part.scene)
    scene = draw.choice(tuple(Scene))
    if place == _undocumented_place(seed):
        return Life(-600.0, 1200.0, Ending.READY, scene, merging_from_s=-60.0)
    ending = draw.choices(tuple(Ending), (84, 4, 9, 3))[0]
    settles_at_s = _settling(draw, place)
    processing_s = draw.uniform(20, 400)
    if settles_at_s > 60:
        # A long wait is mostly queueing: half of the tasks that take long are still queued.
        processing_s = settles_at_s * draw.uniform(0.2, 1.6)
    return Life(settles_at_s - processing_s, settles_at_s, ending, scene)


def _settling(draw: Random, place: int) -> float:
    # A long list is mostly old tasks; more of those near its beginning are active.
    active_share = 0.5 if place < 200 else 0.2 if place < 2000 else 0.01
    if draw.random() >= active_share:
        return -draw.uniform(60, 250_000)
    soon, later = 0.25, 0.75
    when = draw.random()
    if when < soon:
        return draw.uniform(2, 120)
    if when < later:
        return float(60 * 30 ** draw.random())
    return draw.uniform(1800, 9000)


@lru_cache(maxsize=4096)
def _recording(seed: int, place: int) -> Recording:
    life = _life(seed, place)
    if place == _cast_order(seed).index(_DOCUMENT_PART):
        return DOCUMENT_RECORDING
    draw = Random(hashed(seed, "recording", place))
    room_id = 900_000 + draw.randrange(100_000)
    if life.ending is not Ending.READY:
        return Recording(room_id)
    return recorded(draw, room_id, task_id(seed, place), life.scene)


def _failure(seed: int, place: int, failed_at: float) -> str:
    code, text = _FAILURES[hashed(seed, "failure", place) % len(_FAILURES)]
    beijing = time.gmtime(failed_at + 8 * 3600)
    return f"code: {code}, msg: {time.strftime('%Y-%m-%d %H:%M:%S', beijing)}, {text}\n"
