"""What happens to a key before a widget sees it: a paste that came as keys, letters typed behind esc.

Letters that were typed on into what esc has just closed are dropped: on the list each is a command.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from textual import events
from textual.app import App
from textual.timer import Timer
from textual.widgets import Input

from tiwtui.ui.input.activity import Presence
from tiwtui.ui.input.paste_detector import Pasted, PasteGuard
from tiwtui.ui.timing import Pace

_LATE_S = 0.02
_TEXT_KEYS = {"enter": "\r", "ctrl+j": "\n", "tab": "\t"}
"""Keys that stand in a pasted text for what ends a line or a cell."""


class KeyGate:
    """Lets keys through at once, later, as a paste, or not at all.

    `moving` are the keys that only move the cursor. `pass_on` hands an event to the widgets; `is_inside` says
    whether a dialog or the filter line is open.
    """

    def __init__(
        self,
        app: App[Any],
        pace: Pace,
        presence: Presence,
        moving: frozenset[str],
        pass_on: Callable[[events.Event], Awaitable[None]],
        is_inside: Callable[[], bool],
    ) -> None:
        self._app = app
        self._pace = pace
        self._presence = presence
        self._moving = moving
        self._pass_on = pass_on
        self._is_inside = is_inside
        self._guard: PasteGuard[events.Key] = PasteGuard(moving)
        self._waking: Timer | None = None
        self._was_late = False

    async def take(self, key: events.Key) -> None:
        """Take a key that was pressed."""
        if self._is_typed_on(key):
            return
        if not self._is_guarded:
            await self._pass_on(key)
            return
        await self._pass_all(self._guard.take(key, _text_of(key), key.time))
        self._arm()

    async def let_keys_go(self) -> None:
        """Pass on keys that were held back long enough."""
        self._waking = None
        wake_at, now = self._guard.wake_at, self._presence.monotonic()
        is_late = wake_at is not None and now > wake_at + _LATE_S
        if is_late and not self._was_late:
            # The loop was busy: keys that arrived meanwhile may be under way to here, and are read first.
            self._was_late = True
            self._waking = self._app.set_timer(_LATE_S, self.let_keys_go)
            return
        self._was_late = False
        await self._pass_all(self._guard.release(now))
        self._arm()

    def _is_typed_on(self, key: events.Key) -> bool:
        """Whether a letter was typed on into what esc has just closed; moving the cursor does no harm."""
        is_inside = self._is_inside()
        if key.key == "escape" and is_inside:
            self._presence.note_closing()
        if not key.is_printable or (key.character in self._moving and not is_inside):
            return False
        is_typed_on = self._presence.is_leaving(self._pace.leave_s)
        if is_typed_on:
            self._presence.note_leaving()
        elif is_inside:
            self._presence.note_text()
        else:
            self._presence.note_command()
        return is_typed_on

    @property
    def _is_guarded(self) -> bool:
        """Whether a key may be part of a paste that would run commands; in an input such a paste is text."""
        if not self._pace.guards_pastes:
            return False
        focused = self._app.focused
        # A text area that can be written says so; its module is imported when a dialog needs it.
        takes_text = isinstance(focused, Input) or getattr(focused, "read_only", None) is False
        return not (takes_text and self._guard.is_idle)

    async def _pass_all(self, passed: Iterable[events.Key | Pasted]) -> None:
        for one in passed:
            await self._pass_on(events.Paste(one.text) if isinstance(one, Pasted) else one)

    def _arm(self) -> None:
        wake_at = self._guard.wake_at
        if wake_at is not None and self._waking is None:
            wait_s = max(0.001, wake_at - self._presence.monotonic())
            self._waking = self._app.set_timer(wait_s, self.let_keys_go)


def _text_of(event: events.Key) -> str:
    """Return what a key would be in a pasted text."""
    if event.key in _TEXT_KEYS:
        return _TEXT_KEYS[event.key]
    return event.character if event.is_printable and event.character else ""
