"""The configuration file as commands take it: found, read, and refused as a whole where it holds mistakes."""

import os
import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiwtui.config.config import Config, Mistake
from tiwtui.config.settings import DEFAULT_PROFILE, BadSettings, Profile, existing_file
from tiwtui.i18n import _

if TYPE_CHECKING:
    from tiwtui.config.keys import Keys


class ConfigFailed(click.ClickException):
    """The configuration file cannot be used as it is; ends with exit code 2, a line for each mistake."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Write the mistakes as compilers do, so that an editor finds their places."""
        click.echo(self.message, err=True)


def config_path(platform: str = sys.platform) -> Path:
    """Return where the file is looked for when none is named."""
    import platformdirs

    return existing_file(platformdirs.user_config_path("tiwtui") / "config.toml", platform)


def configuration(named: Path | None, themes: Callable[[], Collection[str]] | None = None) -> Config:
    """Return what the named file says, or the usual one if there is one.

    Raises `ConfigFailed` for all mistakes at once. The name of a theme is checked where `themes` are given:
    only the screen knows them.
    """
    path = named or config_path()
    if named is None and not os.path.exists(path):
        return Config()
    # The parser, and what the filter language needs, are left alone where there is no file.
    from tiwtui.config.loader import read_config

    config = read_config(path)
    mistakes = [*config.mistakes, *_key_mistakes(config), *_theme_mistakes(config, themes)]
    if mistakes:
        mistakes.sort(key=lambda mistake: mistake.line or 0)
        raise ConfigFailed("\n".join(mistake.told(path) for mistake in mistakes))
    return config


def keys_of(config: Config) -> "Keys":
    """Return the commands with the keys that a file without mistakes gives them."""
    from tiwtui.config.rebinding import rebound

    keys, _faults = rebound(config.keys)
    return keys


def _key_mistakes(config: Config) -> Iterable[Mistake]:
    if not config.keys:
        return
    from tiwtui.config.loader import written
    from tiwtui.config.rebinding import rebound

    _keys, faults = rebound(config.keys)
    # An id with a dot stands quoted, or as the dotted key of TOML.
    lines = {".".join(map(str, place)): line for place, line in config.lines.items() if place[0] == "keys"}
    for fault in faults:
        yield Mistake(f"{written(('keys', fault.id))}: {fault.text}", lines.get(f"keys.{fault.id}"))


def _theme_mistakes(config: Config, themes: Callable[[], Collection[str]] | None) -> Iterable[Mistake]:
    if config.theme is None or themes is None:
        return
    from tiwtui.config.loader import did_you_mean, quoted
    from tiwtui.listing.query.values import nearest

    known = themes()
    if config.theme not in known:
        likely = nearest(config.theme, known)
        told = _("ui.theme: there is no theme {name}").format(name=quoted(config.theme))
        told += did_you_mean(likely) if likely else _("; known are {names}").format(names=", ".join(known))
        yield Mistake(told, config.lines.get(("ui", "theme")))


def profile_of(config: Config, name: str) -> Profile:
    """Return what the file says of a profile. Raises `BadSettings` for a name that it lacks among others."""
    found = config.profiles.get(name)
    if found is not None:
        return found
    if name == DEFAULT_PROFILE or not config.profiles:
        return Profile()
    known = ", ".join(config.profiles)
    told = _("profile {name!r} is not one of {known}; add [profiles.{name}] to {path}, or check the name")
    raise BadSettings(told.format(name=name, known=known, path=config.path))
