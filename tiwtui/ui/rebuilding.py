"""Filtering and sorting all tasks of a list beside the keys.

The work is done in slices with the keys served in between. The first slice is done at once, which is the
whole of it for a list of usual length. Until the last one the list on the screen is as it was.
"""

from collections.abc import Callable, Iterator

from tiwtui.listing.view import View
from tiwtui.process.gc_pause import without_collecting
from tiwtui.ui.jobs import Jobs, serve_keys

_KEYS_WAIT_S = 0.008
"""How long a key waits at most, and one slice more, while all tasks are looked at."""
_DONE = object()


class Rebuilding:
    """The rebuild of a view that is under way, if any."""

    def __init__(self, jobs: Jobs, monotonic: Callable[[], float]) -> None:
        self._jobs = jobs
        self._monotonic = monotonic
        self._slices: Iterator[None] | None = None

    @property
    def is_under_way(self) -> bool:
        return self._slices is not None

    def abandon(self) -> None:
        """Leave the view as it is."""
        self._slices = None

    def start(self, view: View, slices: Iterator[None], show: Callable[[], None]) -> None:
        """Rebuild a view and call `show` then; a rebuild that is under way is abandoned."""
        self._slices = slices
        if next(slices, _DONE) is _DONE:
            self._slices = None
            show()
        else:
            self._jobs.run(self._go_on, view, slices, show, group="rebuild")

    async def _go_on(self, view: View, slices: Iterator[None], show: Callable[[], None]) -> None:
        # What is made meanwhile has no cycles to look for.
        with without_collecting():
            serve_at = self._monotonic() + _KEYS_WAIT_S
            for _slice in slices:
                if self._monotonic() < serve_at:
                    continue
                await serve_keys()
                if self._slices is not slices:
                    return
                serve_at = self._monotonic() + _KEYS_WAIT_S
            self._slices = None
            show()
            for _slice in view.free_keys():
                await serve_keys()
