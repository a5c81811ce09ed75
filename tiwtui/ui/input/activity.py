"""Whether a person is there, and may not have seen yet what is on the screen."""

from collections.abc import Callable

from tiwtui.ui.timing import ATTENDED_S, HOLD_S, MOVE_SEEN_AFTER_S, STIRS_S, TYPING_S, UNTOUCHED_S


class Presence:
    """The last sign of a person, by a monotonic clock that is passed in."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic
        self._touched_at = monotonic()
        self._typed_at = self._moved_at = self._left_at = self._texted_at = float("-inf")
        self._changed_at = self._touched_at

    def note(self, *, is_typing: bool) -> None:
        """Note a sign of a person; `is_typing` for a key or a click, not for the mouse passing."""
        self._touched_at = self.monotonic()
        if is_typing:
            self._typed_at = self._touched_at

    def note_text(self) -> None:
        """Note a letter typed into what is open."""
        self._texted_at = self.monotonic()

    def note_command(self) -> None:
        """Note a letter that was a command: what was typed before it is over."""
        self._texted_at = float("-inf")

    def note_closing(self) -> None:
        """Note that esc closes what is open: in the midst of typing, what follows was meant for that too."""
        if self.monotonic() - self._texted_at < TYPING_S:
            self.note_leaving()

    def note_leaving(self) -> None:
        """Note that a person still types as if it were open."""
        self._left_at = self.monotonic()

    def is_leaving(self, leave_s: float) -> bool:
        """Whether something was closed so lately that a letter was meant for it."""
        return self.monotonic() - self._left_at < leave_s

    def note_move(self) -> None:
        """Note that lines of the list moved by themselves."""
        self._moved_at = self.monotonic()

    @property
    def is_surprised(self) -> bool:
        """Whether lines moved so lately that a key was meant for how they were before."""
        return self.monotonic() - self._moved_at < MOVE_SEEN_AFTER_S

    def note_change(self) -> None:
        """Note that something on the screen changed by itself."""
        self._changed_at = self.monotonic()

    @property
    def has_stirred(self) -> bool:
        """Whether a person or a change was there so lately that lines may still move or fade."""
        return self.monotonic() - max(self._touched_at, self._changed_at) <= STIRS_S

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
