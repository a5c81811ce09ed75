"""The result of a simulated class: its room and its videos, from a random source.

1. `TotalTime` is the greatest `VideoPlayTime + VideoDuration`, as in every sample Tencent publishes.
2. A user who leaves and comes back has one video for each stay; the lanes of different users overlap.
3. Sizes follow from length and kind, with the bit rates of the published samples.
"""

from collections.abc import Callable
from enum import IntEnum, StrEnum
from random import Random

import msgspec

from tiwtui.model import Video


class VideoType(IntEnum):
    """The values of `VideoType`."""

    CAMERA = 0
    SCREEN = 1
    WHITEBOARD = 2
    MIXED = 3
    AUDIO = 4


class Scene(StrEnum):
    """The kind of class, which decides which videos there are."""

    BOARD = "board"
    LECTURE = "lecture"
    RETURNING = "returning"
    MIXED = "mixed"
    AUDIO = "audio"
    FULL = "full"


class Recording(msgspec.Struct, frozen=True):
    """The result of one task: `total_time_ms` is 0 and `videos` is empty when nothing was recorded."""

    room_id: int
    total_time_ms: int = 0
    videos: tuple[Video, ...] = ()


_BYTES_PER_S = {
    VideoType.CAMERA: 27_000,
    VideoType.SCREEN: 62_000,
    VideoType.WHITEBOARD: 2_000,
    VideoType.MIXED: 88_000,
    VideoType.AUDIO: 6_000,
}
_FRAMES = {
    VideoType.CAMERA: ((640, 480), (1280, 720)),
    VideoType.SCREEN: ((1280, 720), (1920, 1080)),
    VideoType.WHITEBOARD: ((1024, 768), (1280, 720)),
    VideoType.MIXED: ((1280, 720), (1920, 1080)),
    VideoType.AUDIO: ((0, 0), (None, None)),
}
_SERVICE_BUCKETS = (
    "1257240443.vod2.myqcloud.com",
    "1257240443.vod2.myqcloud.com",
    "online-recording-1259648581.file.myqcloud.com",
)
_OWN_BUCKET = "school-records-1253488539.cos.ap-singapore.myqcloud.com"
_OWN_BUCKET_SHARE = 0.2
_TEACHERS = ("teacher_1", "teacher_2", "ms_lindqvist", "tiw_web_736")


class _Lane(msgspec.Struct, frozen=True):
    type: VideoType
    user_id: str
    offset_ms: int
    duration_ms: int


_Span = tuple[float, float]
"""Begin and end as fractions of the class."""


class _Class:
    """A class of `length_ms` while it is built: lanes are added, then made into videos."""

    def __init__(self, draw: Random, room_id: int) -> None:
        self.draw = draw
        self.room_id = room_id
        self.length_ms = draw.randrange(150_000, 5_700_000)
        self.lanes: list[_Lane] = []
        self.teacher = draw.choice(_TEACHERS)

    def add(self, kind: VideoType, user_id: str, *spans: _Span) -> None:
        """Add one lane for each stay of a user."""
        for begin, end in spans:
            offset_ms = int(begin * self.length_ms)
            self.lanes.append(_Lane(kind, user_id, offset_ms, int(end * self.length_ms) - offset_ms))

    def span(self, begin: float, end: float) -> _Span:
        """Return a stay that begins and ends up to a twentieth of the class after the given fractions."""
        return begin + self.draw.uniform(0, 0.05), end + self.draw.uniform(0, 0.05)

    def whiteboard(self) -> None:
        self.add(VideoType.WHITEBOARD, "", (0.0, 1.0))

    def camera(self) -> None:
        self.add(VideoType.CAMERA, self.teacher, self.span(0.0, 0.95))

    def screen(self) -> None:
        self.add(VideoType.SCREEN, f"tic_substream_{self.teacher}", self.span(0.2, 0.55))

    def mixed(self) -> None:
        layout = self.draw.choice(("101", "3", "custom"))
        self.add(VideoType.MIXED, f"tic_mixstream_{self.room_id}_{layout}", (0.0, 1.0))

    def audio(self) -> None:
        self.add(VideoType.AUDIO, self.teacher, self.span(0.0, 0.95))

    def student(self) -> None:
        self.add(VideoType.CAMERA, f"student_{self.draw.randrange(1, 40):02}", self.span(0.1, 0.8))

    def teacher_in_three_parts(self) -> None:
        stays = (self.span(0.0, 0.3), self.span(0.36, 0.6), self.span(0.67, 0.95))
        self.add(VideoType.CAMERA, self.teacher, *stays)


_SCENES: dict[Scene, tuple[Callable[[_Class], None], ...]] = {
    Scene.BOARD: (_Class.whiteboard,),
    Scene.LECTURE: (_Class.whiteboard, _Class.camera, _Class.screen),
    Scene.RETURNING: (_Class.whiteboard, _Class.teacher_in_three_parts, _Class.screen),
    Scene.MIXED: (_Class.mixed, _Class.whiteboard, _Class.student),
    Scene.AUDIO: (_Class.audio, _Class.whiteboard),
    Scene.FULL: (
        _Class.whiteboard,
        _Class.camera,
        _Class.student,
        _Class.screen,
        _Class.mixed,
        _Class.audio,
    ),
}


def recorded(draw: Random, room_id: int, task_id: str, scene: Scene) -> Recording:
    """Return the recording of a class of this scene, with files named after the task."""
    lesson = _Class(draw, room_id)
    for part in _SCENES[scene]:
        part(lesson)
    folder = _folder(draw, task_id)
    videos = tuple(_filmed(draw, lane, folder, number) for number, lane in enumerate(lesson.lanes))
    return Recording(room_id, max(lane.offset_ms + lane.duration_ms for lane in lesson.lanes), videos)


def _folder(draw: Random, task_id: str) -> str:
    if draw.random() < _OWN_BUCKET_SHARE:
        return f"https://{_OWN_BUCKET}/tiw/{task_id}"
    return f"http://{draw.choice(_SERVICE_BUCKETS)}/{draw.randrange(1 << 32):08x}vodcq1257240443/{task_id}"


def _filmed(draw: Random, lane: _Lane, folder: str, number: int) -> Video:
    form = "mp3" if lane.type is VideoType.AUDIO else "mp4"
    width, height = draw.choice(_FRAMES[lane.type])
    long_id = draw.random() < 0.7
    return Video(
        url=f"{folder}/video{number or ''}.{form}",
        video_id=str(draw.randrange(10**18, 10**19)) if long_id else f"{draw.getrandbits(128):032x}",
        user_id=lane.user_id,
        type=int(lane.type),
        format=form,
        size_bytes=int(lane.duration_ms / 1000 * _BYTES_PER_S[lane.type] * draw.uniform(0.7, 1.4)),
        duration_ms=lane.duration_ms,
        play_offset_ms=lane.offset_ms,
        width=width,
        height=height,
    )


DOCUMENT_TASK_ID = "ghucnligqtgtvk2624mb"
DOCUMENT_ANSWER_TASK_ID = "00e1jv8ve0jcqk7da9lb"
DOCUMENT_RECORDING = Recording(
    room_id=900822,
    total_time_ms=156750,
    videos=(
        Video(
            url="http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4",
            video_id="5285890792776509100",
            user_id="",
            type=VideoType.WHITEBOARD.value,
            format="mp4",
            size_bytes=318384,
            duration_ms=156750,
            play_offset_ms=0,
            width=1024,
            height=768,
        ),
    ),
)
"""The example of DescribeVideoGenerationTask, whose answer names another task than the one asked for."""
