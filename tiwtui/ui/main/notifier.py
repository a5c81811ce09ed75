"""Messages in passing: a few toasts, or one line in the footer where a toast would hide the list.

A flagged task that settled rings the bell too.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from textual.screen import Screen

from tiwtui.formatting import phase_word, task_name
from tiwtui.i18n import _
from tiwtui.model import Phase, Task, TaskRef
from tiwtui.sanitize import safe
from tiwtui.ui.main.selection import Severity

_TOASTS_FROM_WIDTH = 60
_LINE_S = 5.0
"""How long a message stays in the footer."""
_MOST_TOASTS = 3
"""More would hide the list that they are about."""


class Notifier:
    """Shows messages; `line` is the one that stands in the footer, if any."""

    def __init__(self, screen: Screen[Any], wall: Callable[[], float], show_line: Callable[[], None]) -> None:
        self.line = ""
        self._screen = screen
        self._wall = wall
        self._show_line = show_line
        self._toasts: list[tuple[str, Severity, float]] = []

    def say(self, text: str, severity: Severity = "information") -> None:
        """Show a message for a while."""
        if self._screen.size.width >= _TOASTS_FROM_WIDTH:
            self._toast(safe(text), severity)
            return
        self.line = safe(text)
        self._show_line()
        self._screen.set_timer(_LINE_S, self._clear_line)

    def announce(
        self,
        changed: Iterable[TaskRef],
        before: Mapping[TaskRef, Task],
        after: Mapping[TaskRef, Task],
    ) -> None:
        """Ring and say so where flagged tasks have settled."""
        settled = [after[ref] for ref in changed if ref in after and ref in before and before[ref].is_flagged]
        settled = [task for task in settled if not task.phase.is_active]
        if not settled:
            return
        if len(settled) == 1:
            text = f"{task_name(settled[0])}: {phase_word(settled[0].phase).text}"
        else:
            ready = sum(task.phase is Phase.READY for task in settled)
            text = _("{n} flagged tasks settled, {ready} ready").format(n=len(settled), ready=ready)
        is_good = all(task.phase is Phase.READY for task in settled)
        self.say(text, "information" if is_good else "warning")
        self._screen.app.bell()

    def _clear_line(self) -> None:
        self.line = ""
        self._show_line()

    def _toast(self, text: str, severity: Severity) -> None:
        """Show a toast beside the last few; an error outlives the others."""
        now, app = self._wall(), self._screen.app
        shown = [toast for toast in self._toasts if 0 <= now - toast[2] < app.NOTIFICATION_TIMEOUT]
        if len(shown) >= _MOST_TOASTS:
            app.clear_notifications()
            shown = [toast for toast in shown if toast[1] == "error"][1 - _MOST_TOASTS :]
            for again, how, _at in shown:
                self._screen.notify(again, severity=how, markup=False)
        self._toasts = [*shown, (text, severity, now)]
        self._screen.notify(text, severity=severity, markup=False)
