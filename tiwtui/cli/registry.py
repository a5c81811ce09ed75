"""The commands by name: a module is imported only when its command runs or its own help is asked for.

1. `tiwtui --help` shows the summaries of the table and imports no command.
2. A new command is one module in `commands/`, with a `command`, and one row of `COMMANDS`.
"""

from importlib import import_module
from typing import Any

import click

from tiwtui.cli.stdout import reporting_refusals
from tiwtui.i18n import _
from tiwtui.near_names import did_you_mean, nearest, quoted

COMMANDS = {
    "add": _("Put tasks on the watch list, and print their ids."),
    "demo": _("Open the screen on a simulated service; nothing is saved."),
    "done": _("Acknowledge tasks, and print their ids."),
    "get": _("Ask the service once about each task, and print what it says."),
    "label": _("Give a task a label; an empty TEXT takes it away."),
    "list": _("Print the watch list with the last known state of each task."),
    "rm": _("Take tasks off the watch list, and print their ids."),
    "sim": _("Serve the simulated service over HTTP on loopback until interrupted."),
    "urls": _("Print the URLs of the videos, one a line."),
    "wait": _("Wait until all tasks have settled, and print them."),
    "watch": _("Print every change of the tasks as it comes, until interrupted."),
}
"""The summary of each command for the help. The module is named like the command."""

SCREEN = "screen"
"""The module of what runs where no command is named."""

_LIKENESS = 0.6


def load(module: str) -> click.Command:
    """Import a module of `commands/` and return its `command`."""
    command = import_module(f"tiwtui.cli.commands.{module}").command
    assert isinstance(command, click.Command)
    if command.help:
        # Click takes the help from the docstring, which is not translated yet.
        command.help = _(command.help)
    return command


class Registry(click.Group):
    """The group of the commands in the table; output that cannot be written ends each of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            likely = nearest(args[0], COMMANDS, _LIKENESS)
            message = _("there is no command {name}").format(name=quoted(args[0]))
            ctx.fail(message + (did_you_mean(likely) if likely else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl(list(COMMANDS.items()))

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        with reporting_refusals():
            return super().make_context(*given, **named)

    def invoke(self, ctx: click.Context) -> Any:
        with reporting_refusals():
            return super().invoke(ctx)
