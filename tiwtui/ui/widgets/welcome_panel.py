"""The panel of the first start: in the place of the list while there is neither a key nor a task."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import var
from textual.widgets import Static

from tiwtui.api.credentials import SourceTried
from tiwtui.config.keys import Keys
from tiwtui.glyphs import Glyphs
from tiwtui.ui.widgets.welcome import WIDEST, welcome

_MARGIN = 2


class WelcomePanel(VerticalScroll, can_focus=False):
    """Says where keys were looked for and what leads on; shown while `looked` is not empty."""

    DEFAULT_CSS = """
    WelcomePanel {
        display: none;
        width: 1fr;
        height: 1fr;
        align: center middle;
        & > Static { height: auto; }
    }
    """

    looked: var[tuple[SourceTried, ...]] = var((), init=False)

    def __init__(self, keys: Keys, glyphs: Glyphs) -> None:
        super().__init__(id="welcome")
        self._keys = keys
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield Static()

    def watch_looked(self) -> None:
        self.display = bool(self.looked)
        self._say()

    def on_resize(self) -> None:
        self._say()

    def _say(self) -> None:
        width, height = self.outer_size
        told = self.query_one(Static)
        told.styles.width = min(WIDEST, max(1, width - 2 * _MARGIN))
        if self.looked and width:
            told.update(welcome(self.looked, width - 2 * _MARGIN, height, self._keys, self._glyphs))
