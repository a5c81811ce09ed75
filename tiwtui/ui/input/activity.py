"""Whether a person is there: when a key, the mouse or the focus last showed it."""

from collections.abc import Callable

from tiwtui.ui.timing import ATTENDED_S, HOLD_S, UNTOUCHED_S


class Presence:
    """The last sign of a person, by a monotonic clock that is passed in."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic
        self._touched_at = monotonic()
        self._typed_at = float("-inf")

    def note(self, *, is_typing: bool) -> None:
        """Note a sign of a person; `is_typing` for a key or a click, not for the mouse passing."""
        self._touched_at = self.monotonic()
        if is_typing:
            self._typed_at = self._touched_at

    @property
    def is_attended(self) -> bool:
        """Whether somebody was there in the last two minutes."""
        return self.monotonic() - self._touched_at <= ATTENDED_S

    @property
    def is_untouched(self) -> bool:
        """Whether nobody was there for five minutes."""
        return self.monotonic() - self._touched_at > UNTOUCHED_S

    @property
    def is_at_work(self) -> bool:
        """Whether keys are being pressed, so that lines must not move under the cursor."""
        return self.monotonic() - self._typed_at < HOLD_S
