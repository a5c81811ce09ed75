"""Merges the changes of the engine into few repaints, in slices where there are many."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from textual.app import App

from tiwtui.listing.view import APPLIED_AT_ONCE
from tiwtui.model import TaskRef
from tiwtui.ui.jobs import serve_keys
from tiwtui.ui.timing import Pace


class ChangeFeed:
    """Collects changed tasks and calls `show` with them, at most four times a second, once unfocused."""

    def __init__(
        self,
        app: App[Any],
        pace: Pace,
        monotonic: Callable[[], float],
        show: Callable[[frozenset[TaskRef]], None],
    ) -> None:
        self._app = app
        self._pace = pace
        self._monotonic = monotonic
        self._show = show
        self._changes: set[TaskRef] = set()
        self._is_planned = False
        self._shown_at = float("-inf")

    def collect(self, changed: frozenset[TaskRef]) -> None:
        """Take changed tasks; they are shown soon."""
        self._changes |= changed
        if self._is_planned:
            return
        self._is_planned = True
        every_s = self._pace.repaint_s if self._app.app_focus else self._pace.blurred_repaint_s
        wait_s = self._shown_at + every_s - self._monotonic()
        if wait_s > 0:
            self._app.set_timer(wait_s, self._show_all)
        else:
            self._app.call_later(self._show_all)

    def _show_all(self) -> None:
        self._show_slice()
        if self._changes:
            self._app.run_worker(self._show_rest(), group="news")
        else:
            self._is_planned = False

    async def _show_rest(self) -> None:
        """Show many changes in slices: all at once they would hold keys back for seconds."""
        while self._changes:
            await serve_keys()
            self._show_slice()
        self._is_planned = False

    def _show_slice(self) -> None:
        changes = frozenset(islice(self._changes, APPLIED_AT_ONCE))
        self._changes -= changes
        self._shown_at = self._monotonic()
        self._show(changes)
