"""Copy as…: which format, the videos of which kinds, and a preview of the text."""

from collections.abc import Callable
from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tiwtui.formatting import Tone, kind_word
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.results.copy_formats import Choice, Format
from tiwtui.sanitize import safe
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords
from tiwtui.ui.drawing.cells import fit_middle
from tiwtui.ui.drawing.themed_widget import QUIET

_PREVIEW_LINES = 4
_WIDTH = 70
_MOST_KINDS = 9
_BETWEEN = "  "


BeginningAs = Callable[[Choice], str]
"""Returns the beginning of the text, at least of one task; empty where there is none."""


def format_word(form: Format) -> str:
    """Return the name of a copy format."""
    words = {
        Format.URL: _("URL, one a line"),
        Format.CHAT: _("chat lines"),
        Format.CELLS: _("spreadsheet (TSV)"),
        Format.ID: _("task ids"),
        Format.TICKET: _("support ticket"),
        Format.JSON: _("JSON"),
        Format.CSV: _("CSV"),
    }
    return words[form]


class CopyAsScreen(Dialog[Choice]):
    """Asks for one of some formats and for kinds of video; the format of `choice` is highlighted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "form(1)", show=False),
        Binding("k", "form(-1)", show=False),
        *(Binding(str(n), f"kind({n})", show=False) for n in range(1, _MOST_KINDS + 1)),
    ]
    DEFAULT_CSS = """
    CopyAsScreen {
        & Static { margin-top: 1; height: auto; }
        & #preview { max-height: 4; }
        &.-low Static { margin-top: 0; }
        &.-low #preview { display: none; }
    }
    """

    def __init__(
        self,
        title: str,
        choice: Choice,
        forms: tuple[Format, ...],
        kinds: tuple[str, ...],
        beginning_as: BeginningAs,
        glyphs: Glyphs,
    ) -> None:
        super().__init__()
        self._title = title
        self._choice = choice
        self._forms = forms
        self._kinds = kinds[:_MOST_KINDS]
        self._beginning_as = beginning_as
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            forms = (Option(Content(f" {format_word(form)}"), id=form) for form in self._forms)
            yield OptionList(*forms, compact=True)
            yield Static(id="kinds")
            yield Static(id="preview")

    def shown_keys(self) -> KeyWords:
        kinds = ((f"1-{len(self._kinds)}", _("kinds")),) if len(self._kinds) > 1 else ()
        return (("enter", _("copy")), *kinds, ("esc", _("cancel")))

    def opened(self) -> None:
        self.query_one(OptionList).highlighted = self._forms.index(self._choice.form)
        self._say()

    def resized(self) -> None:
        super().resized()
        self.call_after_refresh(self.if_staying, self._say)

    def _say(self) -> None:
        width = self.query_one(OptionList).content_size.width or _WIDTH
        kinds = self.query_one("#kinds", Static)
        kinds.display = len(self._kinds) > 1
        kinds.update(Content("\n").join(self._kind_lines(width)))
        begun = self._beginning_as(self._choice).splitlines()[:_PREVIEW_LINES]
        lines = [safe(line.replace("\t", "  ")) for line in begun]
        text = "\n".join(fit_middle(line, width, self._glyphs.ellipsis) for line in lines) or _(
            "nothing to copy"
        )
        self.query_one("#preview", Static).update(Content.styled(text, QUIET))

    def _kind_lines(self, width: int) -> list[Content]:
        """Return the kinds in as many lines as they need, each kind whole."""
        lines: list[Content] = []
        for kind in map(self._kind, range(len(self._kinds))):
            if lines and lines[-1].cell_length + len(_BETWEEN) + kind.cell_length <= width:
                lines[-1] = Content.assemble(lines[-1], _BETWEEN, kind)
            else:
                lines.append(kind)
        return lines

    def _kind(self, place: int) -> Content:
        kind = self._kinds[place]
        is_in = kind not in self._choice.left_out
        sign = self._glyphs.mark if is_in else self._glyphs.nothing
        return Content.assemble(
            (f"{place + 1} ", f"bold ${Tone.NAME}"),
            (f"{sign} {safe(kind_word(kind))}", "" if is_in else QUIET),
        )

    def action_form(self, by: int) -> None:
        """Highlight the next format, or the one before."""
        forms = self.query_one(OptionList)
        forms.action_cursor_down() if by > 0 else forms.action_cursor_up()

    def action_kind(self, number: int) -> None:
        """Leave a kind of video out, or include it again."""
        if number <= len(self._kinds):
            left_out = self._choice.left_out ^ {self._kinds[number - 1]}
            self._choice = msgspec.structs.replace(self._choice, left_out=left_out)
            self._say()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._choice = msgspec.structs.replace(self._choice, form=self._forms[event.option_index])
        self._say()

    @on(OptionList.OptionSelected)
    def _accept(self) -> None:
        self.dismiss(self._choice)
