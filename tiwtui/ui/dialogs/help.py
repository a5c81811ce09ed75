"""The help: every key there is, from the one table."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tiwtui.config.keys import Command, Group, Keys
from tiwtui.formatting import Tone
from tiwtui.i18n import _
from tiwtui.ui.dialogs.dialog import Dialog, KeyWords
from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.themed_widget import QUIET

_KEYS_LEAST = 8
_TWIN = 4
_BETWEEN = "  "


def group_word(group: Group) -> str:
    """Return the heading of a group of commands."""
    words = {
        Group.MOVE: _("Moving"),
        Group.TASKS: _("Tasks"),
        Group.RESULTS: _("Results"),
        Group.CHECKS: _("Checking"),
        Group.VIEW: _("View"),
        Group.PROGRAM: _("Program"),
    }
    return words[group]


class KeyColumn(Static):
    """Groups of commands with their keys; what a key does is wrapped beside it, not below."""

    DEFAULT_CSS = """
    KeyColumn { width: 1fr; height: auto; }
    """

    def __init__(self, groups: Sequence[tuple[Group, Sequence[Command]]]) -> None:
        super().__init__()
        self._groups = groups

    def on_resize(self) -> None:
        shown = (cell_len(command.key_shown) for _group, commands in self._groups for command in commands)
        width = max(_KEYS_LEAST, *shown)
        self.update(Content("\n\n").join(self._section(*group, width) for group in self._groups))

    def _section(self, group: Group, commands: Sequence[Command], width: int) -> Content:
        lines = [line for command in commands for line in self._lines(command, width)]
        return Content("\n").join([Content.styled(group_word(group), f"bold ${Tone.NAME}"), *lines])

    def _lines(self, command: Command, width: int) -> Iterable[Content]:
        keys = Content.assemble(
            (fit(command.key_shown, width, is_right=True), "bold"),
            (fit(f" {command.twin_shown}", _TWIN), QUIET),
            _BETWEEN,
        )
        beside = Content(" " * keys.cell_length)
        room = max(8, self.size.width - keys.cell_length)
        for number, line in enumerate(Content(command.title).wrap(room)):
            yield Content.assemble(beside if number else keys, line)


class HelpScreen(Dialog[None]):
    """All keys under their headings, in as many columns as fit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "close", show=False),
        # These keys go with those of the commands, whatever those are bound to.
        Binding("question_mark,f1,fullwidth_question_mark", "close", show=False, id="help"),
        Binding("j", "scroll(1)", show=False, id="move.down"),
        Binding("k", "scroll(-1)", show=False, id="move.up"),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        & > .box { width: 112; }
        & .columns { width: 100%; height: auto; padding-right: 1; }
        & .columns { layout: grid; grid-size: 2; grid-rows: auto; grid-gutter: 0 3; }
        &.-narrow .columns { grid-size: 1; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box") as box:
            box.border_title = Content(_("Keys"))
            with VerticalScroll(classes="columns"):
                for groups in (
                    (Group.MOVE, Group.VIEW),
                    (Group.TASKS, Group.RESULTS, Group.CHECKS, Group.PROGRAM),
                ):
                    yield KeyColumn(
                        [
                            (group, [command for command in self._keys.commands if command.group is group])
                            for group in groups
                        ]
                    )

    def shown_keys(self) -> KeyWords:
        return ((self._keys.pair("move.down", "move.up"), _("scroll")), ("esc", _("close")))

    def action_scroll(self, by: int) -> None:
        """Scroll where the help is longer than the screen."""
        self.query_one(".box", VerticalScroll).scroll_relative(y=by, animate=False)
