"""What is wrong in a configuration as a whole: key bindings that clash, and a theme that does not exist."""

from collections.abc import Callable, Collection, Iterable

from tiwtui.config.config import Config, Mistake
from tiwtui.config.key_changes import rebound
from tiwtui.config.loader import written
from tiwtui.i18n import _
from tiwtui.near_names import did_you_mean, nearest, quoted


def all_mistakes(config: Config, themes: Callable[[], Collection[str]] | None) -> tuple[Mistake, ...]:
    """Return the mistakes of a file by line; the theme is checked only if `themes` is given."""
    mistakes = [*config.mistakes, *_key_mistakes(config), *_theme_mistakes(config, themes)]
    return tuple(sorted(mistakes, key=lambda mistake: mistake.line or 0))


def _key_mistakes(config: Config) -> Iterable[Mistake]:
    if not config.keys:
        return
    _keys, faults = rebound(config.keys)
    # An id with a dot is quoted, or is a dotted key of TOML.
    lines = {".".join(map(str, place)): line for place, line in config.lines.items()}
    for fault in faults:
        yield Mistake(f"{written(('keys', fault.id))}: {fault.text}", lines.get(f"keys.{fault.id}"))


def _theme_mistakes(config: Config, themes: Callable[[], Collection[str]] | None) -> Iterable[Mistake]:
    if config.theme is None or themes is None:
        return
    known = themes()
    if config.theme not in known:
        likely = nearest(config.theme, known)
        message = _("ui.theme: there is no theme {name}").format(name=quoted(config.theme))
        message += did_you_mean(likely) if likely else _("; known are {names}").format(names=", ".join(known))
        yield Mistake(message, config.lines.get(("ui", "theme")))
