"""`tiwtui` without a command: the screen on the real service."""

import os

import click

from tiwtui.api.credentials import EnvironmentSource
from tiwtui.cli.commands.opening import run_app, screen_config
from tiwtui.cli.options import options_of
from tiwtui.config.settings import BadSettings
from tiwtui.session import open_session
from tiwtui.ui.main.view_state_file import ViewFile, view_path


@click.command("screen")
@click.pass_context
def command(context: click.Context) -> None:
    """Open the screen."""
    options = options_of(context)
    config = screen_config(options)
    settings = options.settings(config)
    try:
        session = open_session(settings, EnvironmentSource(os.environ))
    except BadSettings as error:
        raise click.UsageError(str(error)) from None
    ended = run_app(session, config, ViewFile(view_path(settings.state_path())))
    if ended.wants_demo:
        from tiwtui.cli.commands.demo import run_demo

        context.exit(run_demo(config))
    context.exit(ended.exit_code)
