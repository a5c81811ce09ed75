"""The answers of the simulated service as JSON values, spelled and ordered as in the document."""

from email.utils import formatdate
from typing import Any, assert_never

import msgspec

from tiwtui.model import Video
from tiwtui.sim.http_types import Headers
from tiwtui.sim.recordings import Recording
from tiwtui.sim.world import Failed, Finished, State, Unknown, Unsettled

JSON_KIND = "application/json"

_DISUSED_VIDEO = {
    "VideoType": 0,
    "VideoUrl": "Disused. Use the VideoInfoList parameter.",
    "UserId": "xx",
    "VideoId": "xx",
    "VideoSize": 0,
    "VideoDuration": 0,
    "Width": 0,
    "Height": 0,
    "VideoPlayTime": 0,
    "VideoFormat": "xx",
}


def envelope(response: dict[str, Any]) -> dict[str, Any]:
    """Return the outermost object of every answer."""
    return {"Response": response}


def error(code: str, message: str, request_id: str) -> dict[str, Any]:
    """Return an answer with an error code."""
    return envelope({"Error": {"Code": code, "Message": message}, "RequestId": request_id})


def described(state: State, request_id: str) -> dict[str, Any]:
    """Return the answer about one task."""
    match state:
        case Unknown():
            return error("InvalidParameter.TaskNotFound", "The task to query does not exist.", request_id)
        case Failed(message):
            return error("FailedOperation.Record", message, request_id)
        case Unsettled(task_id, room_id, status, progress):
            return _task(task_id, status, progress, Recording(room_id), request_id)
        case Finished(task_id, recording):
            return _task(task_id, "FINISHED", 100, recording, request_id)
        case _ as unreachable:
            assert_never(unreachable)


def _task(task_id: str, status: str, progress: int, recording: Recording, request_id: str) -> dict[str, Any]:
    return envelope(
        {
            "GroupId": str(recording.room_id),
            "Progress": progress,
            "RequestId": request_id,
            "RoomId": recording.room_id,
            "Status": status,
            "TaskId": task_id,
            "TotalTime": recording.total_time_ms,
            "VideoInfoList": [_video(video) for video in recording.videos],
            "VideoInfos": _DISUSED_VIDEO,
        }
    )


def _video(video: Video) -> dict[str, Any]:
    written = {
        "UserId": video.user_id,
        "VideoDuration": video.duration_ms,
        "VideoFormat": video.format,
        "VideoId": video.video_id,
        "VideoPlayTime": video.play_offset_ms,
        "VideoSize": video.size_bytes,
        "VideoType": video.type,
        "Width": video.width,
        "Height": video.height,
        "VideoUrl": video.url,
    }
    return {name: value for name, value in written.items() if value is not None}


def encoded(answer: object) -> bytes:
    """Return the bytes of an answer."""
    return msgspec.json.encode(answer)


def headers(kind: str, body: bytes, wall: float) -> Headers:
    """Return the headers of an answer sent at `wall` (epoch seconds) by the server's own clock."""
    return (
        ("Server", "nginx"),
        ("Date", formatdate(wall, usegmt=True)),
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
    )
