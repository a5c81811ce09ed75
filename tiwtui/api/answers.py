"""The answer to one check: one of four values, never an exception."""

import msgspec

from tiwtui.api.errors import Meaning
from tiwtui.model import Video


class Observed(msgspec.Struct, frozen=True):
    """The service described the task.

    `status` is verbatim: QUEUED, PROCESSING, FINISHED, or an undocumented one. `task_id` is the
    answer's own; it can differ from the one asked for. `oddities` name fields that could not be read, as
    `path: reason`; `raw` are the answer's bytes.
    """

    status: str
    videos: tuple[Video, ...]
    group_id: str
    room_id: int | None
    total_time_ms: int | None
    task_id: str
    request_id: str
    oddities: tuple[str, ...]
    raw: bytes


class Refused(msgspec.Struct, frozen=True):
    """The service answered with an error code. `meaning` says whether it is a verdict about the task.

    The code of an HTTP status other than 200 without a readable answer is `http_502` or the like.
    `clock_offset_s` is how far the service's clock is ahead of this machine's, if that is the trouble and
    the answer has a date.
    """

    meaning: Meaning
    code: str
    message: str
    request_id: str
    raw: bytes = b""
    clock_offset_s: float | None = None


class Garbled(msgspec.Struct, frozen=True):
    """The bytes are not an answer: `where` is a path such as `$.Response.Status`, `what` is the reason.

    `request_id` is empty if none was found, `raw` are the bytes that were read.
    """

    where: str
    what: str
    request_id: str = ""
    raw: bytes = b""

    @property
    def code(self) -> str:
        """The fixed word for scripts."""
        return "garbled"

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class NoAnswer(msgspec.Struct, frozen=True):
    """No complete answer came: `message` says why, `code` is a fixed word for scripts.

    The code is one of `timeout`, `refused`, `unreachable`, `reset`, `tls`, `proxy`, `address`, `failed`.
    """

    code: str
    message: str


Answer = Observed | Refused | Garbled | NoAnswer
