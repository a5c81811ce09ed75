"""Opening the screen, which is all that the command line knows of it."""

from typing import TYPE_CHECKING, assert_never

import click

from tiwtui.cli.config_file import keys_of
from tiwtui.cli.exit_codes import Exit
from tiwtui.cli.options import Options
from tiwtui.config.config import Config, GlyphChoice
from tiwtui.config.settings import BadSettings
from tiwtui.i18n import _

if TYPE_CHECKING:
    from tiwtui.glyphs import Glyphs
    from tiwtui.session import Session
    from tiwtui.ui.main.view_state_file import ViewFile


class NoTerminal(click.ClickException):
    """The screen cannot be drawn here; ends with exit code 2."""

    exit_code = Exit.USAGE


def show(options: Options) -> int:
    """Open the screen on the real service; return the exit code."""
    import os

    from tiwtui.api.credentials import EnvironmentSource
    from tiwtui.session import open_session
    from tiwtui.ui.main.view_state_file import ViewFile, view_path

    config = screen_config(options)
    settings = options.settings(config)
    try:
        session = open_session(settings, EnvironmentSource(os.environ))
    except BadSettings as error:
        raise click.UsageError(str(error)) from None
    return run(session, config, ViewFile(view_path(settings.state_path())))


def screen_config(options: Options) -> Config:
    """Return what the configuration says, the screen's part of it checked too."""

    def themes() -> tuple[str, ...]:
        from tiwtui.ui.drawing.themes import theme_names

        return theme_names()

    return options.config(themes)


def run(session: "Session", config: Config, view_file: "ViewFile | None" = None) -> int:
    """Run the screen on a session until it is left; return the exit code.

    How it is left is kept in `view_file`, for the next start.
    """
    _require_terminal()
    _require_threads()
    from tiwtui.cli.logs import crash_log
    from tiwtui.ui.app import TiwtuiApp

    app = TiwtuiApp(
        session,
        glyphs=_glyphs(config.glyphs),
        theme=config.theme,
        keys=keys_of(config),
        filters=config.filters,
        clipboard_command=config.clipboard_command,
        view_file=view_file,
        log_path=crash_log(),
    )
    app.run()
    if app.failure is not None:
        click.echo(_("Error: {message}").format(message=app.failure), err=True)
        return app.return_code or Exit.USAGE
    if app.wants_demo:
        from tiwtui.cli.commands.demo import run_demo

        return run_demo(config)
    return app.return_code or 0


def _require_terminal() -> None:
    """Refuse to open the screen where it cannot be drawn. Raises `NoTerminal`."""
    import os
    import sys

    # Textual reads the one and draws on the other, whatever standard output is. Closed streams are None.
    streams = (sys.__stdin__, sys.__stderr__)
    if any(stream is None or not stream.isatty() for stream in streams):
        message = _(
            "the screen needs a terminal on standard input and standard error; without one use commands "
            'such as "tiwtui list", "tiwtui wait --all", or "tiwtui add -" for piped input'
        )
        raise NoTerminal(message)
    if os.environ.get("TERM") == "dumb":
        message = _(
            "the screen cannot be drawn on this terminal (TERM=dumb); use commands such as "
            '"tiwtui list" and "tiwtui wait --all"'
        )
        raise NoTerminal(message)


def _require_threads() -> None:
    """Raise `RuntimeError` where no thread can be started: Textual would fail again while it cleans up."""
    import threading

    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def _glyphs(choice: GlyphChoice) -> "Glyphs":
    """Return the signs to draw; where the terminal is to say, it is asked here."""
    import sys

    from tiwtui.cli.terminal_width import draws_narrow
    from tiwtui.glyphs import ASCII_GLYPHS, UNICODE_GLYPHS

    match choice:
        case GlyphChoice.UNICODE:
            return UNICODE_GLYPHS
        case GlyphChoice.ASCII:
            return ASCII_GLYPHS
        case GlyphChoice.AUTO:
            # Textual reads the one and draws on the other, whatever standard output is.
            return UNICODE_GLYPHS if draws_narrow(sys.__stdin__, sys.__stderr__) else ASCII_GLYPHS
        case _ as unreachable:
            assert_never(unreachable)
