"""The options that commands share: those before the command, each an environment variable too, and others."""

import math
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from tiwtui.cli.config_file import configuration, profile_of
from tiwtui.config.config import Config
from tiwtui.config.settings import DEFAULT_PROFILE, SITES, BadSettings, Settings, settings_from
from tiwtui.i18n import _

Command = TypeVar("Command", bound=Callable[..., Any])

TASKS = 40
SEED = 1
SPEED = 1.0


class Options(msgspec.Struct, frozen=True):
    """The options before the command, as given."""

    config_file: Path | None
    profile: str | None
    state_dir: Path | None
    site: str | None
    endpoint: str | None
    region: str | None
    sdk_app_id: int | None
    rate: float | None
    view: str | None = None
    tab: str | None = None

    def config(self, themes: Callable[[], Collection[str]] | None = None) -> Config:
        """Return the configuration. Raises `ConfigFailed` with all mistakes in the file."""
        return configuration(self.config_file, themes)

    def settings(self, config: Config | None = None) -> Settings:
        """Return the settings. Raises `click.UsageError` for the first that is wrong."""
        config = config or self.config()
        profile = self.profile or config.profile or DEFAULT_PROFILE
        try:
            return settings_from(
                profile=profile,
                configured=profile_of(config, profile),
                is_configured=profile in config.profiles,
                state_dir=self.state_dir,
                site=self.site,
                endpoint=self.endpoint,
                region=self.region,
                sdk_app_id=self.sdk_app_id,
                rate=self.rate,
            )
        except BadSettings as error:
            raise click.UsageError(str(error)) from None


def options_of(context: click.Context) -> Options:
    """Return the options before the command."""
    assert isinstance(context.obj, Options)
    return context.obj


def settings_of(context: click.Context) -> Settings:
    """Return the settings that a command runs with."""
    return options_of(context).settings()


def utf8(context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Refuse text that is not valid UTF-8: the saved state could not hold it."""
    if text is not None and not _is_utf8(text):
        raise click.BadParameter(_("not valid UTF-8"), context, option)
    return text


def _is_utf8(text: str) -> bool:
    # Bytes of the command line that do not decode arrive as lone surrogates.
    return not any("\ud800" <= character <= "\udfff" for character in text)


def finite(context: click.Context, option: click.Parameter, number: float | None) -> float | None:
    """Refuse numbers that `float` accepts and that no time or speed can be: "nan", "inf", negative ones."""
    if number is not None and not 0 <= number < math.inf:
        raise click.BadParameter(_("must be a number of at least 0"), context, option)
    return number


class _Folder(click.Path):
    """A folder. An empty name is an unset variable of a script, never the current folder."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        if value == "":
            raise click.UsageError(_("--state-dir is empty"), context)
        if isinstance(value, str) and not _is_utf8(value):
            self.fail(_("not valid UTF-8"), parameter, context)
        return super().convert(value, parameter, context)


OPTIONS = (
    click.option(
        "--config",
        "config_file",
        envvar="TIWTUI_CONFIG",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help=_("Configuration to use instead of the usual config.toml."),
    ),
    click.option(
        "--profile",
        envvar="TIWTUI_PROFILE",
        metavar="NAME",
        help=_("Profile of the configuration to use; each has its own watch list."),
    ),
    click.option(
        "--site",
        envvar="TIWTUI_SITE",
        metavar="SITE",
        help=_("Which site of the service: {sites}.").format(sites=", ".join(SITES)),
    ),
    click.option(
        "--state-dir",
        envvar="TIWTUI_STATE_DIR",
        type=_Folder(file_okay=False, path_type=Path),
        metavar="DIR",
        help=_("Folder in which watch lists are saved."),
    ),
    click.option(
        "--endpoint",
        envvar="TIWTUI_ENDPOINT",
        metavar="URL",
        help=_("Host or URL to ask instead of the site's."),
    ),
    click.option(
        "--region", envvar="TIWTUI_REGION", metavar="REGION", help=_("Region instead of the site's.")
    ),
    click.option(
        "--sdk-app-id",
        envvar="TIWTUI_SDK_APP_ID",
        type=int,
        metavar="N",
        help=_("SdkAppId of the ids that are given without one."),
    ),
    click.option(
        "--rate",
        envvar="TIWTUI_RATE",
        type=float,
        metavar="N",
        help=_("Most requests a second, 0.1 to 18; 10 by default."),
    ),
    click.option(
        "--view",
        envvar="TIWTUI_VIEW",
        metavar="NAME",
        help=_("Keep tab, layout and order of this screen under a name of their own."),
    ),
    click.option(
        "--tab",
        envvar="TIWTUI_TAB",
        metavar="NAME",
        help=_("Open the screen on this tab: all, active, ready, failed, attention, or a filter's name."),
    ),
)

ids_argument = click.argument("ids", nargs=-1, metavar="[ID]... [-]")

filter_option = click.option(
    "--filter", "query", metavar="QUERY", help=_("Only tasks that match, as on the screen.")
)


def world_options(tasks: str) -> Callable[[Command], Command]:
    """Return a decorator that adds `--tasks`, `--seed` and `--speed`; `tasks` is the help of the first."""
    options = (
        click.option(
            "--speed",
            type=float,
            callback=finite,
            default=SPEED,
            show_default=True,
            help=_("How many times faster than real time tasks are processed."),
        ),
        click.option(
            "--seed",
            type=int,
            default=SEED,
            show_default=True,
            help=_("Seed of the simulated tasks; the same number gives the same ones."),
        ),
        click.option(
            "--tasks", type=click.IntRange(0, 1_000_000), default=TASKS, show_default=True, help=tasks
        ),
    )

    def decorated(command: Command) -> Command:
        for option in options:
            command = option(command)
        return command

    return decorated


def refuse_unknown_profile(settings: Settings) -> None:
    """Refuse a profile that may be mistyped: a command that adds nothing begins no watch list."""
    if not settings.is_known_profile():
        message = _(
            "profile {name!r} is not configured and has no watch list; check the name, or add a task to it"
        )
        raise click.UsageError(message.format(name=settings.profile))
