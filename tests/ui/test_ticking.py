"""How often an idle screen looks at the time."""

from typing import cast

import pytest
from msgspec.structs import replace

from tests.ui.fake_session import STATUS, StillSession
from tiwtui.engine.status import Mode, Status
from tiwtui.session import Session
from tiwtui.ui.input.activity import Presence
from tiwtui.ui.ticking import QUIET_EACH, Ticker
from tiwtui.ui.timing import STIRS_S

IDLE = replace(STATUS, active=0, rate=0.0, oldest_s=None)


def _ticks(status: Status, *, stirred_ago_s: float, trouble: str | None = None) -> int:
    """Return how often the screen is painted in ten quiet seconds."""
    session = StillSession()
    session.is_still, session.trouble = status, trouble
    now, ticks = 0.0, 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1

    presence = Presence(lambda: now)
    presence.note_change()
    now = stirred_ago_s
    ticker = Ticker(cast(Session, session), presence, tick)
    for _second in range(2 * QUIET_EACH):
        ticker()
    return ticks


def test_while_nothing_counts_in_seconds_each_fifth_is_enough() -> None:
    """A list of last year's classes must not cost a laptop its battery."""
    assert _ticks(IDLE, stirred_ago_s=STIRS_S + 1) == 2


@pytest.mark.parametrize(
    ("status", "stirred_ago_s", "trouble"),
    [
        (replace(IDLE, active=1), STIRS_S + 1, None),
        (replace(IDLE, rate=0.1), STIRS_S + 1, None),
        (replace(IDLE, mode=Mode.OFFLINE), STIRS_S + 1, None),
        (replace(IDLE, mode=Mode.PAUSED), STIRS_S + 1, None),
        (IDLE, STIRS_S + 1, "the disk is full"),
        (IDLE, 1.0, None),
    ],
)
def test_what_counts_in_seconds_is_looked_at_each_second(
    status: Status, stirred_ago_s: float, trouble: str | None
) -> None:
    """A countdown that jumps by five, or a line that stays five seconds too long, looks broken."""
    assert _ticks(status, stirred_ago_s=stirred_ago_s, trouble=trouble) == 2 * QUIET_EACH
