"""How often the screen looks at the time."""

from collections.abc import Callable

from tiwtui.engine.status import Mode
from tiwtui.session import Session
from tiwtui.ui.input.activity import Presence

QUIET_EACH = 5
"""So many seconds pass between two looks while nothing that is shown changes by the second."""


class Ticker:
    """Called each second; calls `tick` each second, or each fifth while all is quiet."""

    def __init__(self, session: Session, presence: Presence, tick: Callable[[], object]) -> None:
        self._session = session
        self._presence = presence
        self._tick = tick
        self._passed = 0

    def __call__(self) -> None:
        self._passed += 1
        if self._passed >= QUIET_EACH or not self._is_quiet():
            self._passed = 0
            self._tick()

    def _is_quiet(self) -> bool:
        """Whether nobody did anything and nothing happened of late, nor counts in seconds now."""
        if self._presence.has_stirred:
            return False
        status = self._session.status()
        is_fine = status.mode in (Mode.LIVE, Mode.FOLLOWING) and self._session.trouble is None
        return is_fine and not status.active and not status.rate
