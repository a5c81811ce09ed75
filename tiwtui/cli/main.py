"""The entry point: the group of commands, and the screen where none is named."""

import io
import os
import sys
from pathlib import Path

import click

from tiwtui import __version__
from tiwtui.cli.commands.demo import demo
from tiwtui.cli.commands.edit import add, label, rm
from tiwtui.cli.commands.get import get
from tiwtui.cli.commands.list import list_, urls
from tiwtui.cli.commands.screen import show
from tiwtui.cli.commands.sim import sim
from tiwtui.cli.commands.wait import wait, watch
from tiwtui.cli.exit_codes import Exit
from tiwtui.cli.logs import crash_log
from tiwtui.cli.options import OPTIONS, Options
from tiwtui.cli.stdout import Commands, talk
from tiwtui.crash_log import write_crash
from tiwtui.i18n import _
from tiwtui.shortage import require_descriptors, shortage

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Commands, invoke_without_command=True, context_settings=_CONTEXT)
@click.version_option(__version__, "-V", "--version", message="tiwtui %(version)s")
@click.pass_context
def tiwtui(
    context: click.Context,
    config_file: Path | None,
    profile: str | None,
    state_dir: Path | None,
    site: str | None,
    endpoint: str | None,
    region: str | None,
    sdk_app_id: int | None,
    rate: float | None,
) -> None:
    """Watch video generation tasks of Tencent Interactive Whiteboard live, and copy their video URLs.

    Without a command the screen opens. The account's keys are read from TENCENTCLOUD_SECRET_ID and
    TENCENTCLOUD_SECRET_KEY (and TENCENTCLOUD_TOKEN for temporary ones). "tiwtui demo" needs none.
    """
    context.obj = Options(config_file, profile, state_dir, site, endpoint, region, sdk_app_id, rate)
    if context.invoked_subcommand is None:
        context.exit(show(context.obj))


for _option in OPTIONS:
    tiwtui = _option(tiwtui)

for _command in (demo, add, rm, label, list_, urls, get, wait, watch, sim):
    tiwtui.add_command(_command)

for _command in (tiwtui, *tiwtui.commands.values()):
    # Click takes the help from the docstrings, which no catalog has seen. Of "" a catalog tells its own head.
    if _command.help:
        _command.help = _(_command.help)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Where the locale lacks a character its number is written, instead of a crash.
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = talk(sys.stderr)
    try:
        require_descriptors()
        code = tiwtui(standalone_mode=False)
    except click.exceptions.Exit as ended:
        code = ended.exit_code
    except click.ClickException as wrong:
        # Where standard error is closed, click would write the message among the data.
        if sys.stderr is not None:
            wrong.show()
        code = wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("Interrupted."), err=True)
        code = Exit.INTERRUPTED
    except Exception as mistake:
        missing = shortage(mistake)
        click.echo(_told_of(mistake) if missing is None else f"Error: {missing}", err=True)
        code = Exit.CRASHED if missing is None else Exit.USAGE
    sys.exit(code if isinstance(code, int) else Exit.READY)


def _told_of(mistake: Exception) -> str:
    """Append a mistake of the program itself to the log, and return what to say of it: never what it held."""
    told = _("tiwtui stopped because of a mistake of its own ({error}).").format(error=type(mistake).__name__)
    where = write_crash(mistake, crash_log(), os.environ)
    return f"{told}\n{where}".rstrip()
