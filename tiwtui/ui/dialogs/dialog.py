"""What all dialogs share: a box in the middle of a dimmed screen, its keys shown in its lower edge.

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
from tiwtui.ui.drawing.cells import drop_until_fits
from tiwtui.ui.drawing.themed_widget import QUIET

Answer = TypeVar("Answer")
KeyWords = tuple[tuple[str, str], ...]
"""Keys, each with a word for what it does."""

_CORNERS = 6
_BETWEEN = "  "


def key_words(keys: Iterable[tuple[str, str]], room: int) -> Content:
    """Return keys with their words as the footer writes them, the last but one leaving until they fit."""
    pairs = [Content.assemble((key, f"bold ${Tone.NAME}"), " ", (word, QUIET)) for key, word in keys]
    between, leaving = Content(_BETWEEN), range(len(pairs) - 2, -1, -1)
    return between.join(drop_until_fits(pairs, leaving, lambda left: between.join(left).cell_length <= room))


class Dialog(ModalScreen[Answer]):
    """What opens on top of the main screen, usually a box; esc, or q where no text is typed, closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", show=False),
        # These keys go with those of the command, whatever those are bound to.
        Binding("question_mark,f1,fullwidth_question_mark", "app.help_dialog", show=False, id="help"),
    ]
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

    def shown_keys(self) -> KeyWords:
        """Return the keys of this dialog; the last one stays where there is little room."""
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
        self.show_keys()

    def show_keys(self) -> None:
        """Write the keys into the lower edge of the box."""
        for box in self.query(".box"):
            box.border_subtitle = key_words(self.shown_keys(), box.outer_size.width - _CORNERS)

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
