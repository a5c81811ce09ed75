"""The commands by name: a module is imported only when its command runs or its own help is asked for.

1. `tiwtui --help` shows the summaries of the table and imports no command.
2. A new command is one module in `commands/` and one row of `COMMANDS`.
"""

from importlib import import_module
from typing import Any

import click
import msgspec

from tiwtui.cli.stdout import reporting_refusals
from tiwtui.i18n import _


class Entry(msgspec.Struct, frozen=True):
    """Where a command is: the module in `commands/`, the attribute in it, and the summary for the help."""

    name: str
    module: str
    attribute: str
    summary: str

    def load(self) -> click.Command:
        """Import the command."""
        command = getattr(import_module(f"tiwtui.cli.commands.{self.module}"), self.attribute)
        assert isinstance(command, click.Command)
        if command.help:
            # Click takes the help from the docstring, which is not translated yet.
            command.help = _(command.help)
        return command


COMMANDS = (
    Entry("add", "add", "add", _("Put tasks on the watch list, and print their ids.")),
    Entry(
        "demo",
        "demo",
        "demo",
        _("Open the screen on a simulated service; nothing is saved."),
    ),
    Entry("done", "done", "done", _("Acknowledge tasks, and print their ids.")),
    Entry("get", "get", "get", _("Ask the service once about each task, and print what it says.")),
    Entry("label", "label", "label", _("Give a task a label; an empty TEXT takes it away.")),
    Entry("list", "list", "list_", _("Print the watch list with the last known state of each task.")),
    Entry("rm", "rm", "rm", _("Take tasks off the watch list, and print their ids.")),
    Entry("sim", "sim", "sim", _("Serve the simulated service over HTTP on loopback until interrupted.")),
    Entry(
        "urls",
        "urls",
        "urls",
        _("Print the URLs of the videos, one a line."),
    ),
    Entry("wait", "wait", "wait", _("Wait until all tasks have settled, and print them.")),
    Entry("watch", "watch", "watch", _("Print every change of the tasks as it comes, until interrupted.")),
)
SCREEN = Entry("", "screen", "screen", "")
"""What runs where no command is named."""

_BY_NAME = {entry.name: entry for entry in COMMANDS}


class Registry(click.Group):
    """The group of the commands in the table; output that cannot be written ends each of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_BY_NAME)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = _BY_NAME.get(cmd_name)
        return None if entry is None else entry.load()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(entry.name, entry.summary) for entry in COMMANDS])

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        with reporting_refusals():
            return super().make_context(*given, **named)

    def invoke(self, ctx: click.Context) -> Any:
        with reporting_refusals():
            return super().invoke(ctx)
