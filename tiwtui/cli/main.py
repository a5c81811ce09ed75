"""The entry point: the options before the command, and how the process ends."""

import io
import os
import sys
from pathlib import Path

import click

from tiwtui import __version__
from tiwtui.cli.exit_codes import Exit
from tiwtui.cli.options import OPTIONS, Options
from tiwtui.cli.registry import SCREEN, Registry, load
from tiwtui.cli.stdout import lossy
from tiwtui.i18n import _
from tiwtui.process.crash_log import crash_log, write_crash
from tiwtui.process.gc_pause import end_of_start
from tiwtui.process.resource_shortage import require_descriptors, shortage

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Registry, invoke_without_command=True, context_settings=_CONTEXT)
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
    view: str | None,
    tab: str | None,
) -> None:
    """Watch video generation tasks of Tencent Interactive Whiteboard live, and copy their video URLs.

    Without a command the screen opens. The account's keys are read from TENCENTCLOUD_SECRET_ID and
    TENCENTCLOUD_SECRET_KEY (and TENCENTCLOUD_TOKEN for temporary ones). "tiwtui demo" needs none.
    """
    context.obj = Options(
        config_file, profile, state_dir, site, endpoint, region, sdk_app_id, rate, view, tab
    )
    if context.invoked_subcommand is None:
        context.invoke(load(SCREEN))
    elif context.invoked_subcommand != "demo":
        # The screen, and the demo's, ends its start with its first frame.
        end_of_start()


for _option in OPTIONS:
    tiwtui = _option(tiwtui)

if tiwtui.help:
    # Click takes the help from the docstring, which is not translated yet.
    tiwtui.help = _(tiwtui.help)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A character that the locale lacks is escaped; it would end the program otherwise.
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = lossy(sys.stderr)
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
    except Exception as bug:
        missing = shortage(bug)
        click.echo(_crash_message(bug) if missing is None else f"Error: {missing}", err=True)
        code = Exit.CRASHED if missing is None else Exit.USAGE
    sys.exit(code if isinstance(code, int) else Exit.READY)


def _crash_message(bug: Exception) -> str:
    """Write a bug to the crash log; return its message for the user, which never quotes the error's text."""
    crashed = _("tiwtui crashed ({error}).").format(error=type(bug).__name__)
    return f"{crashed} {write_crash(bug, crash_log(), os.environ)}".rstrip()
