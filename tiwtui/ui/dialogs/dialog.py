"""What all dialogs share: a box in the middle of a dimmed screen, its keys told in its lower edge.

The edge is the one place that every size of screen has room for, so that no dialog hides how to leave it.

A dialog can be closed, and the program can end, while it still opens; Textual then mounts nothing more of it.
So a dialog prepares its contents in `opened` and `resized`, never in `on_mount` and `on_resize`: the frame
calls them only while the contents are there.
"""

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from tiwtui.formatting import Tone
from tiwtui.ui.drawing.themed_widget import QUIET

Answer = TypeVar("Answer")
KeyWords = tuple[tuple[str, str], ...]
"""Keys, each with a word for what it does."""

_CORNERS = 6
_BETWEEN = "  "


def key_words(told: Iterable[tuple[str, str]], room: int) -> Content:
    """Return keys with their words as the footer writes them, the last but one leaving until they fit."""
    pairs = [Content.assemble((key, f"bold ${Tone.NAME}"), " ", (word, QUIET)) for key, word in told]
    while len(pairs) > 1 and Content(_BETWEEN).join(pairs).cell_length > room:
        pairs.pop(-2)
    return Content(_BETWEEN).join(pairs)


class Dialog(ModalScreen[Answer]):
    """What opens on top of the main screen, most of it a box; esc closes it without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > .box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            background: $surface;
            border: round $primary;
            border-title-color: $text;
            border-title-style: bold;
            border-subtitle-color: $text;
            border-subtitle-align: left;
        }
        &.-low > .box { padding: 0 1; }
    }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012

    def keys_told(self) -> KeyWords:
        """Return the keys of this dialog; where there is little room those before the last leave first."""
        return ()

    @property
    def is_staying(self) -> bool:
        """Whether it is neither closed nor ending with the program: only then all its contents are there."""
        return self.display and self.app.return_code is None

    def if_staying(self, prepare: Callable[[], None]) -> None:
        """Prepare the contents, if they are there."""
        if self.is_staying:
            prepare()

    def on_mount(self) -> None:
        self.if_staying(self.opened)

    def on_resize(self) -> None:
        self.if_staying(self.resized)

    def opened(self) -> None:
        """Prepare the contents, which have just been mounted."""

    def resized(self) -> None:
        """Fit the contents to the size of the screen."""
        self.tell_keys()

    def tell_keys(self) -> None:
        """Write the keys into the lower edge of the box."""
        for box in self.query(".box"):
            box.border_subtitle = key_words(self.keys_told(), box.outer_size.width - _CORNERS)

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
