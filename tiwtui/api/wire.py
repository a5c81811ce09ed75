"""Encode the request for one task and decode the bytes of its answer. Pure.

The spelling of the API (`VideoInfoList`) lives here alone.

1. `parse` never raises, whatever the bytes.
2. These fields must be right, or the whole answer is garbled, with the path of the wrong field:
   `Response`, `Status`, `VideoInfoList`, and in a finished task every `VideoUrl`.
3. Any other field that is missing or null is absent; of a wrong type it is absent too, and named among the
   oddities. `"1024"` is read as 1024: the sibling actions' samples quote numbers.
4. The RequestId of an answer that cannot be read is searched for in its bytes, whatever they are: support
   needs it exactly then.
5. The JSON counts, not the HTTP status: the service answers 200 for all that it handled.
6. A character cut in half (bytes that are not UTF-8, `"\\ud800"`) is read as U+FFFD, and a number out of
   range (`1e999`) makes its own field absent: neither makes the answer unreadable.
7. `VideoInfos` is deprecated and has wrong values (document, §3); it is not read. So is `Progress`.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from tiwtui.api import errors
from tiwtui.api.answers import Answer, Garbled, Observed, Refused
from tiwtui.model import TaskRef, TroubleKind, Video

SERVICE = "tiw"
ACTION = "DescribeVideoGenerationTask"
VERSION = "2019-09-19"

FINISHED = "FINISHED"

_LONGEST_WORD = 256
_LONGEST_TEXT = 4096
_GREATEST_INT = 2**63 - 1
_MOST_VIDEOS = 1000
_MOST_ODDITIES = 50
_REDIRECTS = (300, 301, 302, 303, 307, 308)
_EPOCH_MS = 10**11
"""No class lasts three years: a `VideoPlayTime` beyond this is an epoch, not an offset."""

_REQUEST_ID = re.compile(
    rb"""(?i)\brequest[-_ ]?id\b["'\\]*\s*[:=]\s*["'\\]*(?!null\b)([^\s"'\\<>,;&(){}\[\]]{1,%d})"""
    % _LONGEST_WORD
)
"""A RequestId in anything that is almost JSON, in HTML or in a log line."""

_LONGEST_NUMBER = 20
"""More digits than any 64-bit number has."""


def request_body(ref: TaskRef) -> bytes:
    """Return the JSON body of one check. `SdkAppId` is a number: as text it is refused."""
    return msgspec.json.encode({"SdkAppId": ref.sdk_app_id, "TaskId": ref.task_id})


def parse(content: bytes, http_status: int = 200) -> Answer:
    """Return the answer that the bytes contain."""
    answer = _parsed(content, http_status)
    if isinstance(answer, Garbled):
        return Garbled(answer.where, answer.what, _request_id(content), content)
    return answer


def _parsed(content: bytes, http_status: int) -> Answer:
    try:
        root = _decoded(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        if http_status != 200:
            return _http_refusal(http_status, content)
        return Garbled("$", f"not JSON ({_glimpse(content)})" if content else f"empty ({error})")
    if not isinstance(root, dict):
        return _http_refusal(http_status, content) if http_status != 200 else Garbled("$", "expected object")
    if "Response" not in root:
        if "code" in root and ("codeDesc" in root or "message" in root):
            return _legacy_refusal(root, content)
        return _http_refusal(http_status, content) if http_status != 200 else Garbled("$.Response", "missing")
    response = root["Response"]
    if not isinstance(response, dict):
        return Garbled("$.Response", "expected object")
    if response.get("Error") is not None:
        return _refusal(response, content)
    return _observation(response, content)


def _decoded(content: bytes) -> object:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Python's own decoder accepts half surrogates and numbers out of range, but not any number of digits.
        return json.loads(content.decode("utf-8", "replace"), parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else math.inf


def _readable(text: str) -> str:
    """Return a text with U+FFFD for each half surrogate, which cannot be encoded, saved or shown."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _request_id(content: bytes) -> str:
    found = _REQUEST_ID.search(content)
    return "" if found is None else found[1].decode("utf-8", "replace")


def _observation(response: dict[str, Any], content: bytes) -> Observed | Garbled:
    status = response.get("Status")
    if not isinstance(status, str) or not status.strip():
        return Garbled("$.Response.Status", "missing" if status is None else "expected str")
    entries = response.get("VideoInfoList")
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        return Garbled("$.Response.VideoInfoList", "expected array")
    if len(entries) > _MOST_VIDEOS:
        return Garbled("$.Response.VideoInfoList", f"over {_MOST_VIDEOS} entries")
    oddities: list[str] = []
    videos: list[Video] = []
    for index, entry in enumerate(entries):
        path = f"$.Response.VideoInfoList[{index}]"
        if not isinstance(entry, dict):
            return Garbled(path, "expected object")
        url = entry.get("VideoUrl")
        if url is None or url == "":
            # While the task runs, its list may name a video before its file exists.
            if status == FINISHED:
                return Garbled(f"{path}.VideoUrl", "expected str")
            oddities.append(f"{path}.VideoUrl: missing")
            continue
        if not isinstance(url, str):
            return Garbled(f"{path}.VideoUrl", "expected str")
        videos.append(_video(_readable(url), _Fields(entry, path, oddities)))
    fields = _Fields(response, "$.Response", oddities)
    oddities.extend(_unexpected_errors(response))
    return Observed(
        status=_readable(status[:_LONGEST_WORD]),
        videos=tuple(videos),
        group_id=fields.text("GroupId"),
        room_id=fields.number("RoomId"),
        total_time_ms=fields.count("TotalTime"),
        task_id=fields.text("TaskId"),
        request_id=fields.text("RequestId"),
        oddities=tuple(oddities[:_MOST_ODDITIES]),
        raw=content,
    )


def _video(url: str, fields: "_Fields") -> Video:
    kind = fields.number("VideoType")
    user_id = fields.text("UserId")
    play_offset_ms = fields.count("VideoPlayTime")
    if play_offset_ms is not None and play_offset_ms > _EPOCH_MS:
        fields.odd("VideoPlayTime", "an epoch, expected an offset")
        play_offset_ms = None
    return Video(
        url=url,
        video_id=fields.text("VideoId"),
        # The international document gives a whiteboard's user as "null", its sample as "".
        user_id="" if user_id == "null" else user_id,
        type=kind,
        format=fields.text("VideoFormat"),
        size_bytes=fields.count("VideoSize"),
        duration_ms=fields.count("VideoDuration"),
        play_offset_ms=play_offset_ms,
        width=fields.count("Width"),
        height=fields.count("Height"),
    )


def _refusal(response: dict[str, Any], content: bytes) -> Refused | Garbled:
    error = response["Error"]
    if not isinstance(error, dict):
        return Garbled("$.Response.Error", "expected object")
    code = error.get("Code")
    if not isinstance(code, str) or not code.strip():
        return Garbled("$.Response.Error.Code", "missing" if code is None else "expected str")
    message = _Fields(error, "$.Response.Error", []).text("Message", _LONGEST_TEXT)
    request_id = _Fields(response, "$.Response", []).text("RequestId")
    return _refused(_readable(code[:_LONGEST_WORD]), message, request_id, content)


def _legacy_refusal(root: dict[str, Any], content: bytes) -> Refused | Garbled:
    """Read the flat `{"code", "message", "codeDesc"}` that gateways of the first API version still send."""
    fields = _Fields(root, "$", [])
    code = fields.text("codeDesc") or str(fields.number("code") or "")
    if not code or code == "Success":
        return Garbled("$.Response", "missing")
    return _refused(code, fields.text("message", _LONGEST_TEXT), _request_id(content), content)


def _refused(code: str, message: str, request_id: str, content: bytes) -> Refused:
    return Refused(errors.meaning(code), code, message, request_id, content)


def _http_refusal(http_status: int, content: bytes) -> Refused:
    return Refused(
        TroubleKind.THROTTLED if http_status == 429 else TroubleKind.SERVICE,
        f"http_{http_status}",
        "redirects are not followed" if http_status in _REDIRECTS else "no answer of the service in it",
        _request_id(content),
        content,
    )


def _unexpected_errors(response: dict[str, Any]) -> Iterator[str]:
    """Name the error fields of a success: they are undocumented, so they are reported."""
    for name in ("ErrorCode", "ErrorMsg", "ErrorMessage", "DeprecatedWarning"):
        value = response.get(name)
        if value not in (None, "", 0, "0", "OK"):
            is_plain = isinstance(value, str | int)
            shown = _readable(str(value)[:_LONGEST_WORD]) if is_plain else type(value).__name__
            yield f"$.Response.{name}: {shown}"


def _glimpse(content: bytes) -> str:
    return repr(content[:24].decode("utf-8", "replace"))[1:-1]


class _Fields:
    """Reads the fields of one object leniently, and collects the names of those it cannot read."""

    def __init__(self, values: dict[str, Any], path: str, oddities: list[str]) -> None:
        self._values = values
        self._path = path
        self._oddities = oddities

    def odd(self, name: str, reason: str) -> None:
        self._oddities.append(f"{self._path}.{name}: {reason}")

    def text(self, name: str, longest: int = _LONGEST_WORD) -> str:
        value = self._values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.odd(name, "expected str")
            return ""
        return _readable(value[:longest])

    def number(self, name: str) -> int | None:
        value = self._values.get(name)
        if value is None:
            return None
        number: int | None = None
        match value:
            case bool():
                pass
            case int():
                number = value
            case float() if value.is_integer():
                number = int(value)
            case str() if len(value) <= 20 and value.isascii() and value.removeprefix("-").isdigit():
                number = int(value)
            case _:
                pass
        if number is None or abs(number) > _GREATEST_INT:
            self.odd(name, "expected int")
            return None
        return number

    def count(self, name: str) -> int | None:
        """Read a number that cannot be negative: a size, a length, an offset."""
        number = self.number(name)
        if number is not None and number < 0:
            self.odd(name, "negative")
            return None
        return number
