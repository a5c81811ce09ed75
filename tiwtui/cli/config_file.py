"""The configuration file for commands: found, read, and refused as a whole if it has mistakes."""

import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path

import click
import platformdirs

from tiwtui.cli.exit_codes import Exit
from tiwtui.config.config import Config
from tiwtui.config.settings import DEFAULT_PROFILE, BadSettings, Profile, existing_file
from tiwtui.i18n import _


class ConfigFailed(click.ClickException):
    """The configuration file has mistakes; ends with exit code 2 and a line for each."""

    exit_code = Exit.USAGE

    def show(self, file: object = None) -> None:
        """Print the mistakes as compilers do, so that an editor can jump to them."""
        click.echo(self.message, err=True)


def config_path(platform: str = sys.platform) -> Path:
    """Return where the file is when none is named."""
    return existing_file(platformdirs.user_config_path("tiwtui") / "config.toml", platform)


def configuration(named: Path | None, themes: Callable[[], Collection[str]] | None = None) -> Config:
    """Return the configuration in the named file, else in the usual one if it exists.

    Raises `ConfigFailed` for all mistakes at once. The name of a theme is checked only if `themes` is given:
    only the screen knows the themes.
    """
    path = named or config_path()
    if named is None and not os.path.exists(path):
        return Config()
    # Most have no file, and the parser and the filter language take long to import.
    from tiwtui.config.checks import all_mistakes
    from tiwtui.config.loader import read_config

    config = read_config(path)
    mistakes = all_mistakes(config, themes)
    if mistakes:
        raise ConfigFailed("\n".join(mistake.with_place(path) for mistake in mistakes))
    return config


def profile_of(config: Config, name: str) -> Profile:
    """Return a profile of the file. Raises `BadSettings` where the file has profiles but not this one."""
    found = config.profiles.get(name)
    if found is not None:
        return found
    if name == DEFAULT_PROFILE or not config.profiles:
        return Profile()
    known = ", ".join(config.profiles)
    message = _("profile {name!r} is not one of {known}; add [profiles.{name}] to {path}, or check the name")
    raise BadSettings(message.format(name=name, known=known, path=config.path))
