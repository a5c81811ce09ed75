"""Messages in passing: a toast, or one line in the footer where a toast would hide the list.

Toasts never pile up: one replaces the one before that is as severe. What is done again and again while its
message is shown is counted in that message.
A flagged task that settled rings the bell too.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from textual.screen import Screen
from textual.timer import Timer

from tiwtui.formatting import phase_word, task_name
from tiwtui.i18n import _
from tiwtui.model import Phase, Task, TaskRef
from tiwtui.sanitize import safe
from tiwtui.ui.main.selection import Severity

_TOASTS_FROM_WIDTH = 60
_LINE_S = 5.0
"""How long a message stays in the footer."""


class Counted(msgspec.Struct, frozen=True):
    """That `count` things were done was said at `at`; `text` is how several are said."""

    text: str
    count: int
    at: float


class Notifier:
    """Shows messages; `line` is the one that stands in the footer, if any."""

    def __init__(self, screen: Screen[Any], wall: Callable[[], float], show_line: Callable[[], None]) -> None:
        self.line = ""
        self._screen = screen
        self._wall = wall
        self._show_line = show_line
        self._toasts: dict[Severity, tuple[str, float]] = {}
        self._counted: Counted | None = None
        self._clearing: Timer | None = None

    def say(self, text: str, severity: Severity = "information") -> None:
        """Show a message for a while."""
        self._counted = None
        if self._screen.size.width >= _TOASTS_FROM_WIDTH:
            self._toast(safe(text), severity)
            return
        self.line = safe(text)
        self._show_line()
        if self._clearing is not None:
            self._clearing.stop()
        self._clearing = self._screen.set_timer(_LINE_S, self._clear_line)

    def say_done(self, text: str, counted: str, count: int, **words: str) -> None:
        """Say that something was done; soon after the same was done, `counted` says the number of both."""
        before, now = self._counted, self._wall()
        if before is not None and before.text == counted and 0 <= now - before.at < _LINE_S:
            count, text = count + before.count, counted
        self.say(text.format(n=count, **words))
        self._counted = Counted(counted, count, now)

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
        """Show a toast instead of the one that is as severe; the others stay for the rest of their time."""
        now, app = self._wall(), self._screen.app
        if self._toasts.pop(severity, None):
            app.clear_notifications()
            for how, (again, at) in self._toasts.items():
                if (rest_s := at + app.NOTIFICATION_TIMEOUT - now) > 0:
                    self._screen.notify(again, severity=how, timeout=rest_s, markup=False)
        self._toasts[severity] = (text, now)
        self._screen.notify(text, severity=severity, markup=False)
