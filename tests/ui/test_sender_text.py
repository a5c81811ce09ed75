"""What the header says about the sender."""

import pytest

from tiwtui.engine.status import Mode, Status
from tiwtui.formatting import Tone
from tiwtui.ui.sender_text import sender_text


def _status(mode: Mode, by: str = "", next_try_at: float | None = None) -> Status:
    return Status(mode, 0.0, by, None, "", next_try_at, 0.0, 10.0, 10.0, None, 0, 0, 0.0, ())


@pytest.mark.parametrize(
    ("status", "words", "tone"),
    [
        (_status(Mode.LIVE), "live", Tone.GOOD),
        (_status(Mode.PAUSED, "pts/3"), "paused 10:02 by pts/3", Tone.WARN),
        (_status(Mode.PAUSED), "paused 10:02", Tone.WARN),
        (_status(Mode.OFFLINE, next_try_at=8.5), "offline since 10:02, next try in 8s", Tone.BAD),
        (_status(Mode.OFFLINE, next_try_at=0.9), "offline since 10:02, trying now", Tone.BAD),
        (_status(Mode.STOPPED, next_try_at=600.0), "stopped, next try in 10m", Tone.BAD),
        (_status(Mode.FOLLOWING, "pts/3"), "live via pts/3", Tone.NAME),
    ],
)
def test_header_names_the_mode_and_who_sends_or_paused(status: Status, words: str, tone: Tone) -> None:
    """A reader must see whether this process sends, another one does, or nobody."""
    assert sender_text(status, 0.0, "10:02") == (words, tone)
