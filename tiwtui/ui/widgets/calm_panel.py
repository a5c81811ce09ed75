"""What a screen that nobody touches shows in place of the list while there is nothing to do."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Digits, Static

from tiwtui.i18n import _
from tiwtui.model import Task


def quiet_since(tasks: Iterable[Task]) -> float:
    """Return when the last task settled or was done with, in epoch seconds."""
    moments = ((task.phase_since or 0.0, 0.0 if task.done is None else task.done.at) for task in tasks)
    return max(max(each) for each in moments)


class CalmPanel(Vertical, can_focus=False):
    """Says since when there is nothing to do, with a clock that can be read across a room."""

    DEFAULT_CSS = """
    CalmPanel {
        width: 1fr;
        height: 1fr;
        align: center middle;
        & > Static { width: 100%; height: auto; text-align: center; margin-bottom: 1; }
        & > Digits { width: 100%; text-align: center; color: $text-success; }
    }
    """

    def __init__(self, day_and_time: str, time: str) -> None:
        super().__init__(id="calm")
        self._day_and_time = day_and_time
        self._time = time

    def compose(self) -> ComposeResult:
        yield Static(Content(_("nothing to do since {time}").format(time=self._day_and_time)))
        yield Digits(self._time)
