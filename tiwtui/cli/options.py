"""The options that every command shares, each an environment variable too; the rest is configured."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tiwtui.cli.config_file import configuration, profile_of
from tiwtui.config.config import Config
from tiwtui.config.settings import DEFAULT_PROFILE, SITES, BadSettings, Settings, settings_from
from tiwtui.i18n import _


@dataclass(frozen=True, slots=True)
class Options:
    """What was given before the command, unread."""

    config_file: Path | None
    profile: str | None
    state_dir: Path | None
    site: str | None
    endpoint: str | None
    region: str | None
    sdk_app_id: int | None
    rate: float | None

    def config(self, themes: Callable[[], Collection[str]] | None = None) -> Config:
        """Return what the configuration file says, or end with exit code 2 and all that is wrong in it."""
        return configuration(self.config_file, themes)

    def settings(self, config: Config | None = None) -> Settings:
        """Return the settings, or end with exit code 2 and say what is wrong."""
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


def unicode(context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Refuse bytes that no file of the state could hold: they are in no encoding that is known here."""
    if text is not None and not _is_unicode(text):
        raise click.BadParameter(_("not valid UTF-8"), context, option)
    return text


def _is_unicode(text: str) -> bool:
    # Bytes of the command line that do not decode come as lone surrogates.
    return not any("\ud800" <= character <= "\udfff" for character in text)


class _Folder(click.Path):
    """A folder; an empty name is a script's variable that was not set, never the current folder."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        if value == "":
            raise click.UsageError(_("--state-dir is empty"), context)
        if isinstance(value, str) and not _is_unicode(value):
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
        help=_("Profile of the configuration to use; each has a watch list of its own."),
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
        help=_("Folder in which watch lists are kept."),
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
)


def finite(context: click.Context, option: click.Parameter, number: float | None) -> float | None:
    """Refuse what `float` lets pass and no time or speed can be: "nan", "inf", less than nothing."""
    if number is not None and not 0 <= number < math.inf:
        raise click.BadParameter(_("must be a number of at least 0"), context, option)
    return number


def settings_of(context: click.Context) -> Settings:
    """Return the settings that a command runs with."""
    assert isinstance(context.obj, Options)
    return context.obj.settings()
