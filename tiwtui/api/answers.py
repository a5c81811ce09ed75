"""What one check brought back: one of four values, never an exception."""

import msgspec

from tiwtui.api.errors import Meaning
from tiwtui.model import Video


class Observed(msgspec.Struct, frozen=True):
    """The service described the task.

    `status` is verbatim: QUEUED, PROCESSING, FINISHED, or one nobody documented. `task_id` is the answer's
    own, which can differ from the one asked for. `oddities` name fields that could not be read, as
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

    An HTTP status other than 200 without a readable answer is refused as `http_502`, say.
    `clock_offset_s` is how far the service's clock is ahead of this machine's, where that is the trouble
    and the answer told it.
    """

    meaning: Meaning
    code: str
    message: str
    request_id: str
    advice: str
    raw: bytes = b""
    clock_offset_s: float | None = None


class Garbled(msgspec.Struct, frozen=True):
    """Bytes came that are not an answer: `where` is a path such as `$.Response.Status`, `what` the reason.

    `request_id` is what could be read of it, `raw` the bytes, as far as they were read.
    """

    where: str
    what: str
    request_id: str = ""
    raw: bytes = b""

    @property
    def code(self) -> str:
        """The fixed word that scripts read."""
        return "garbled"

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class NoAnswer(msgspec.Struct, frozen=True):
    """No whole answer came: `message` says to a person why, `code` to a script, in a fixed word.

    It is one of `timeout`, `refused`, `unreachable`, `reset`, `tls`, `proxy`, `address`, `failed`.
    """

    code: str
    message: str


Answer = Observed | Refused | Garbled | NoAnswer
