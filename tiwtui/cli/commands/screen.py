"""`tiwtui` without a command: the screen on the real service."""

import os
import re
from pathlib import Path

import click

from tiwtui.api.credentials import EnvironmentSource
from tiwtui.cli.commands.run_app import run_app, screen_config
from tiwtui.cli.options import options_of
from tiwtui.composition import open_session
from tiwtui.config.settings import BadSettings
from tiwtui.i18n import _
from tiwtui.near_names import quoted
from tiwtui.sanitize import safe
from tiwtui.ui.main.view_state_file import ViewFile, saved_views, view_path

_VIEW = re.compile(r"\w[\w-]{0,31}")


@click.command("screen")
@click.pass_context
def command(context: click.Context) -> None:
    """Open the screen."""
    options = options_of(context)
    config = screen_config(options)
    settings = options.settings(config)
    view_file = _view_file(settings.state_path(), options.view)
    try:
        session = open_session(settings, EnvironmentSource(os.environ))
    except BadSettings as error:
        raise click.UsageError(str(error)) from None
    ended = run_app(session, config, view_file, options.tab)
    if ended.wants_demo:
        from tiwtui.cli.commands.demo import run_demo

        context.exit(run_demo(config))
    context.exit(ended.exit_code)


def _view_file(state: Path, view: str | None) -> ViewFile:
    """Return where the screen of a view is saved. Raises `click.UsageError` for a name that is not a word."""
    if view and not _VIEW.fullmatch(view):
        message = _("the name of a view is one word of letters and digits, not {name}").format(
            name=quoted(view)
        )
        if saved := saved_views(state):
            message += _("; saved are {names}").format(names=", ".join(map(safe, saved)))
        raise click.UsageError(message)
    return ViewFile(view_path(state, view or ""), keeps_tab=bool(view))
