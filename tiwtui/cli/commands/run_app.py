"""Running the screen's app on a session, as the screen and the demo do it. Not a command."""

import os
import sys
import threading
from typing import assert_never

import click
import msgspec

from tiwtui.cli.exit_codes import Exit
from tiwtui.cli.options import Options
from tiwtui.cli.terminal_width import draws_narrow
from tiwtui.config.config import Config, GlyphChoice
from tiwtui.config.key_changes import rebound
from tiwtui.glyphs import ASCII_GLYPHS, UNICODE_GLYPHS, Glyphs
from tiwtui.i18n import _
from tiwtui.listing.named_filters import AnyTab, named_filters, tabs_by_name
from tiwtui.near_names import did_you_mean, nearest, quoted
from tiwtui.process.crash_log import crash_log
from tiwtui.sanitize import safe
from tiwtui.session import Session
from tiwtui.ui.app import TiwtuiApp
from tiwtui.ui.drawing.themes import theme_names
from tiwtui.ui.main.view_state_file import ViewFile


class NoTerminal(click.ClickException):
    """The screen cannot be drawn here; ends with exit code 2."""

    exit_code = Exit.USAGE


class Ended(msgspec.Struct, frozen=True):
    """How the app ended."""

    exit_code: int
    wants_demo: bool = False


def screen_config(options: Options) -> Config:
    """Return the configuration, with the screen's part of it checked too."""
    return options.config(theme_names)


def run_app(
    session: Session, config: Config, view_file: ViewFile | None = None, tab: str | None = None
) -> Ended:
    """Run the app until the user leaves it. Its view is saved in `view_file` for the next start.

    It opens on the `tab` of a name. Raises `click.UsageError` where there is none.
    """
    opens_on = _tab(tab, config) if tab else None
    _require_terminal()
    _require_threads()
    keys, _faults = rebound(config.keys)
    app = TiwtuiApp(
        session,
        glyphs=_glyphs(config.glyphs),
        theme=config.theme,
        keys=keys,
        filters=config.filters,
        clipboard_command=config.clipboard_command,
        view_file=view_file,
        opens_on=opens_on,
        log_path=crash_log(),
    )
    app.run()
    if app.failure is not None:
        click.echo(_("Error: {message}").format(message=app.failure), err=True)
        return Ended(app.return_code or Exit.USAGE)
    return Ended(app.return_code or Exit.READY, app.wants_demo)


def _tab(name: str, config: Config) -> AnyTab:
    """Return the tab of a name, a filter of the configuration too."""
    tabs = tabs_by_name(named_filters(config.filters))
    found = tabs.get(name) or tabs.get(name.casefold())
    if found is None:
        likely = nearest(name, tabs)
        message = _("there is no tab {name}").format(name=quoted(name))
        names = ", ".join(map(safe, tabs))
        message += did_you_mean(likely) if likely else _("; known are {names}").format(names=names)
        raise click.UsageError(message)
    return found


def _require_terminal() -> None:
    """Raise `NoTerminal` where the screen cannot be drawn."""
    # Textual reads standard input and draws on standard error. A closed stream is None.
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
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def _glyphs(choice: GlyphChoice) -> Glyphs:
    """Return the signs to draw; `AUTO` asks the terminal how wide it draws them."""
    match choice:
        case GlyphChoice.UNICODE:
            return UNICODE_GLYPHS
        case GlyphChoice.ASCII:
            return ASCII_GLYPHS
        case GlyphChoice.AUTO:
            return UNICODE_GLYPHS if draws_narrow(sys.__stdin__, sys.__stderr__) else ASCII_GLYPHS
        case _ as unreachable:
            assert_never(unreachable)
