"""A screen that is drawn once when it opens, and not each time something of it comes into being."""

from textual.screen import Screen

from tiwtui.ui.drawing.background import Covered


class DrawnScreen(Screen[None], Covered, inherit_bindings=False):
    """A screen that draws nothing while nothing is shown, and focuses by itself what it wants focused."""

    AUTO_FOCUS = ""

    def _compositor_refresh(self) -> None:
        # In a batch, and all of a start is one, Textual draws everything and then shows nothing of it.
        if self.app._batch_count:
            self.refresh()
        else:
            super()._compositor_refresh()
