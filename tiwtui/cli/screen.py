"""Opening the screen, which is all that the command line knows of it."""

from typing import TYPE_CHECKING

import click

from tiwtui.settings import BadSettings, Settings

if TYPE_CHECKING:
    from tiwtui.session import Session


def show(settings: Settings) -> int:
    """Open the screen on the real service; return the exit code."""
    import os

    from tiwtui.api.credentials import EnvironmentSource
    from tiwtui.session import open_session

    try:
        session = open_session(settings, EnvironmentSource(os.environ))
    except BadSettings as error:
        raise click.UsageError(str(error)) from None
    return run(session)


def run(session: "Session") -> int:
    """Run the screen on a session until it is left; return the exit code."""
    from tiwtui.cli.kept import StateFailed
    from tiwtui.cli.logs import crash_log
    from tiwtui.ui.app import TiwtuiApp

    app = TiwtuiApp(session, log_path=crash_log())
    app.run()
    if app.failure is not None:
        raise StateFailed(app.failure)
    return app.return_code or 0
