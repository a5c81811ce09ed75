"""The help: every key there is, from the one table."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tiwtui.catalog import _
from tiwtui.ui.keys import COMMANDS, Command, Group
from tiwtui.ui.screens.dialog import Dialog
from tiwtui.ui.strips import fit
from tiwtui.words import Tone


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


class HelpScreen(Dialog[None]):
    """All keys under their headings, in as many columns as fit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark,f1,fullwidth_question_mark", "close", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        & > .box { width: 106; }
        & .columns { width: 100%; height: auto; }
        & .columns { layout: grid; grid-size: 2; grid-rows: auto; grid-gutter: 0 3; }
        &.-narrow .columns { grid-size: 1; }
        & Static { height: auto; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box") as box:
            box.border_title = Content(_("Keys"))
            box.border_subtitle = Content(_("esc closes"))
            with VerticalScroll(classes="columns"):
                for groups in (
                    (Group.MOVE, Group.VIEW),
                    (Group.TASKS, Group.RESULTS, Group.CHECKS, Group.PROGRAM),
                ):
                    yield Static(Content("\n\n").join(self._section(group) for group in groups))

    def _section(self, group: Group) -> Content:
        commands = [command for command in COMMANDS if command.group is group]
        lines = [Content.styled(group_word(group), f"bold ${Tone.NAME}"), *map(self._line, commands)]
        return Content("\n").join(lines)

    def _line(self, command: Command) -> Content:
        return Content.assemble(
            (fit(command.key_shown, 8, is_right=True), "bold"),
            (fit(f" {command.twin_shown}", 4), f"${Tone.QUIET}"),
            f"  {command.title}",
        )

    def action_scroll(self, by: int) -> None:
        """Scroll where the help is longer than the screen."""
        self.query_one(".box", VerticalScroll).scroll_relative(y=by, animate=False)
