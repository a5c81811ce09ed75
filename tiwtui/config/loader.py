"""Read a configuration file: checked values, and every mistake with line, key and a suggestion.

1. All mistakes are reported at once. Everything else in the file is read as if they were not there.
2. An unknown key is a mistake: a setting must not be ignored silently.
3. Names of themes and of commands are checked elsewhere, with the line numbers in `Config.lines`.
"""

import re
import shlex
import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from tiwtui.config.config import Config, GlyphChoice, Mistake, Place
from tiwtui.config.settings import (
    DEFAULT_PROFILE,
    SITES,
    BadSettings,
    Profile,
    checked_app,
    checked_endpoint,
    checked_kept_days,
    checked_rate,
    checked_region,
    checked_site,
    checked_warning,
)
from tiwtui.config.toml_lines import lines_of
from tiwtui.i18n import _, ngettext
from tiwtui.listing.named_filters import MOST_NAMED
from tiwtui.listing.query import parser
from tiwtui.listing.query.values import seconds_of
from tiwtui.near_names import did_you_mean, nearest, quoted
from tiwtui.sanitize import safe

_CHECKING = ("requests_per_second", "results_kept_days", "pause_for", "expiry_warning")
_PROFILE = ("site", "endpoint", "region", "sdk_app_id", *_CHECKING)
_SECTIONS: Mapping[str, tuple[str, ...]] = {"ui": ("glyphs", "theme"), "clipboard": ("command",)}
_TOP = ("profile", "profiles", "ui", "clipboard", "keys", "filters")
_AT_LINE = re.compile(r" *\(at (?:line (\d+), column \d+|end of document)\)$")

_LIKENESS = 0.6

Table = Mapping[str, object]
T = TypeVar("T")


def read_config(path: Path) -> Config:
    """Return the values of a file and its mistakes; a file that cannot be read is one mistake."""
    try:
        content = path.read_bytes()
    except OSError as error:
        message = _("cannot be read: {reason}").format(reason=error.strerror or error)
        return Config(path, mistakes=(Mistake(message),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Config(path, mistakes=(Mistake(_("is not UTF-8 text; save it as UTF-8"), line),))
    return config_of(text, path)


def config_of(text: str, path: Path | None = None) -> Config:
    """Return the values and the mistakes of the text of a file."""
    text = text.replace("\r\n", "\n")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Config(path, mistakes=(_broken(str(error), text),))
    except RecursionError:
        return Config(path, mistakes=(Mistake(_("this TOML cannot be read: it is nested too deep")),))
    return _Reading(lines_of(text)).config(document, path)


def _broken(said: str, text: str) -> Mistake:
    """Return the parser's message as a mistake, with the line number taken out of the text."""
    at = _AT_LINE.search(said)
    line = int(at[1]) if at and at[1] else text.count("\n") + 1
    message = _("this is not TOML: {reason}").format(reason=_AT_LINE.sub("", said))
    if "Cannot overwrite" in said or "Cannot mutate" in said:
        message += _('; ids with a dot need quotes, as in "copy.as" = "C"')
    return Mistake(message, line)


class _Reading:
    """Reads one document and collects the mistakes."""

    def __init__(self, lines: Mapping[Place, int]) -> None:
        self._lines = lines
        self._mistakes: list[Mistake] = []

    def config(self, document: Table, path: Path | None) -> Config:
        self._refuse_unknown(document, (), _TOP)
        for name, table in self._tables(document):
            self._refuse_unknown(table, (name,), _SECTIONS[name])
        sections = dict(self._tables(document))
        ui, clipboard = sections.get("ui", {}), sections.get("clipboard", {})
        profiles = self._profiles(document)
        config = Config(
            path,
            profile=self._profile_name(document, profiles),
            profiles=profiles,
            glyphs=self._glyphs(ui),
            theme=self._text(ui, ("ui", "theme")),
            keys=self._keys(document),
            filters=self._filters(document),
            clipboard_command=self._command(clipboard),
            lines=self._lines,
        )
        mistakes = sorted(self._mistakes, key=lambda mistake: mistake.line or 0)
        return msgspec.structs.replace(config, mistakes=tuple(mistakes))

    # Mistakes

    def _wrong(self, place: Place, text: str) -> None:
        self._mistakes.append(Mistake(text, self._lines.get(place)))

    def _refuse_unknown(self, table: Table, place: Place, known: Collection[str]) -> None:
        for key in table:
            if key in known:
                continue
            message = _("unknown key {key}").format(key=quoted(key))
            if place:
                message = _("unknown key {key} in {table}").format(key=quoted(key), table=header(place))
            self._wrong((*place, key), message + self._meant(key, place, known))

    def _meant(self, key: str, place: Place, known: Collection[str]) -> str:
        """Return a suggestion: the nearest key, the table that has this key, or all known keys."""
        if likely := nearest(key, known, _LIKENESS):
            return did_you_mean(likely)
        for name, keys in (("profiles.NAME", _PROFILE), *_SECTIONS.items()):
            if key in keys and place != (name,):
                return _("; it belongs in [{table}]").format(table=name)
        return _("; known here: {known}").format(known=", ".join(known))

    # Values

    def _tables(self, document: Table) -> list[tuple[str, Table]]:
        """Return the sections whose keys are few and known."""
        return [(name, self._table(document, (name,))) for name in _SECTIONS if name in document]

    def _table(self, parent: Table, place: Place) -> Table:
        value = parent.get(str(place[-1]), {})
        if isinstance(value, dict):
            return value
        if not any(mistake.line == self._lines.get(place) for mistake in self._mistakes):
            self._wrong(place, _("{key} must be a table: [{key}]").format(key=written(place)))
        return {}

    def _text(self, table: Table, place: Place) -> str | None:
        value = table.get(str(place[-1]))
        if value is None or isinstance(value, str):
            return value
        self._wrong(place, _("{key}: a text in quotes is needed").format(key=written(place)))
        return None

    def _number(self, table: Table, place: Place) -> float | None:
        value = table.get(str(place[-1]))
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self._wrong(place, _("{key}: a number without quotes is needed").format(key=written(place)))
        return None

    def _duration(self, table: Table, place: Place) -> float | None:
        """Return the seconds of a duration such as "30m", or of the number 0."""
        value = table.get(str(place[-1]))
        if value is None or (value == 0 and not isinstance(value, bool)):
            return None if value is None else 0.0
        seconds = seconds_of(value) if isinstance(value, str) else None
        if seconds is None:
            message = _('{key}: a duration such as "30m" is needed, or 0')
            self._wrong(place, message.format(key=written(place)))
        return seconds

    def _checked(self, value: T | None, place: Place, check: Callable[[T], object]) -> T | None:
        """Return a value that passes a check of the settings, else add the mistake."""
        if value is None:
            return None
        try:
            check(value)
        except BadSettings as error:
            self._wrong(place, f"{written(place)}: {safe(str(error))}")
            return None
        return value

    def _texts(self, value: object, place: Place) -> tuple[str, ...] | None:
        """Return a text, or an array of texts, as texts."""
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        message = _("{key}: a text in quotes, or an array of them, is needed").format(key=written(place))
        self._wrong(place, message)
        return None

    # Sections

    def _profiles(self, document: Table) -> dict[str, Profile]:
        tables = self._table(document, ("profiles",))
        return {
            name: self._profile(self._table(tables, ("profiles", name)), ("profiles", name))
            for name in tables
        }

    def _profile(self, table: Table, place: Place) -> Profile:
        self._refuse_unknown(table, place, _PROFILE)

        def text(name: str, check: Callable[[str], object]) -> str | None:
            return self._checked(self._text(table, (*place, name)), (*place, name), check)

        def number(name: str, check: Callable[[float], object]) -> float | None:
            return self._checked(self._number(table, (*place, name)), (*place, name), check)

        site = self._text(table, (*place, "site"))
        if site is not None and site not in SITES and (likely := nearest(site, SITES)):
            message = _("{key}: there is no site {site}").format(
                key=written((*place, "site")), site=quoted(site)
            )
            self._wrong((*place, "site"), message + did_you_mean(likely))
            site = None
        app = self._number(table, (*place, "sdk_app_id"))
        if isinstance(app, float):
            message = _("{key}: a whole number is needed").format(key=written((*place, "sdk_app_id")))
            self._wrong((*place, "sdk_app_id"), message)
            app = None
        return Profile(
            site=self._checked(site, (*place, "site"), checked_site),
            endpoint=text("endpoint", checked_endpoint),
            region=text("region", checked_region),
            sdk_app_id=self._checked(app, (*place, "sdk_app_id"), checked_app),
            requests_per_second=number("requests_per_second", checked_rate),
            results_kept_days=number("results_kept_days", checked_kept_days),
            pause_for_s=self._duration(table, (*place, "pause_for")),
            expiry_warning_s=self._checked(
                self._duration(table, (*place, "expiry_warning")),
                (*place, "expiry_warning"),
                checked_warning,
            ),
        )

    def _profile_name(self, document: Table, profiles: Collection[str]) -> str | None:
        name = self._text(document, ("profile",))
        if name is None or name == DEFAULT_PROFILE or name in profiles:
            return name
        message = _("profile: there is no [profiles.{name}]").format(name=safe(name))
        likely = nearest(name, profiles)
        self._wrong(("profile",), message + (did_you_mean(likely) if likely else ""))
        return None

    def _glyphs(self, ui: Table) -> GlyphChoice:
        value = self._text(ui, ("ui", "glyphs"))
        if value is None:
            return GlyphChoice.AUTO
        if value in tuple(GlyphChoice):
            return GlyphChoice(value)
        message = _("ui.glyphs: {value} is not one of {known}")
        known = ", ".join(GlyphChoice)
        likely = nearest(value, GlyphChoice)
        text = message.format(value=quoted(value), known=known) + (did_you_mean(likely) if likely else "")
        self._wrong(("ui", "glyphs"), text)
        return GlyphChoice.AUTO

    def _keys(self, document: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Read the keys of commands; an id with a dot may be quoted or a dotted key of TOML."""
        found: list[tuple[str, tuple[str, ...]]] = []

        def gather(table: Table, place: Place) -> None:
            for name, value in table.items():
                here = (*place, name)
                if isinstance(value, dict):
                    gather(value, here)
                elif (texts := self._texts(value, here)) is not None:
                    found.append((".".join(map(str, here[1:])), tuple(filter(None, texts))))

        gather(self._table(document, ("keys",)), ("keys",))
        return tuple(found)

    def _filters(self, document: Table) -> tuple[tuple[str, str], ...]:
        table = self._table(document, ("filters",))
        found = []
        for number, name in enumerate(table):
            place = ("filters", name)
            text = self._text(table, place)
            if number >= MOST_NAMED:
                message = ngettext(
                    "{key}: at most {most} filter can have a tab",
                    "{key}: at most {most} filters can have tabs",
                    MOST_NAMED,
                )
                self._wrong(place, message.format(key=written(place), most=MOST_NAMED))
            elif not name.strip():
                self._wrong(place, _("filters: a filter needs a name"))
            elif text is not None and not text.strip():
                self._wrong(place, _("{key}: the filter is empty").format(key=written(place)))
            elif text is not None and (faults := parser.read(text).faults):
                message = _("{key}: {text}: {reason}")
                fault = faults[0]
                self._wrong(
                    place,
                    message.format(key=written(place), text=quoted(fault.text), reason=safe(fault.reason)),
                )
            elif text is not None:
                found.append((name, text))
        return tuple(found)

    def _command(self, clipboard: Table) -> tuple[str, ...]:
        place = ("clipboard", "command")
        value = clipboard.get("command")
        words = () if value is None else self._texts(value, place)
        if value is None or words is None:
            return ()
        try:
            words = tuple(shlex.split(value)) if isinstance(value, str) else words
            if not words or not words[0].strip():
                raise ValueError(_("it names no program"))
        except ValueError as error:
            self._wrong(place, _("clipboard.command: {reason}").format(reason=error))
            return ()
        return words


# Text of mistakes


def written(place: Place) -> str:
    """Return a key with the tables it is in, as TOML writes it."""
    return ".".join(
        str(key) if re.fullmatch(r"[A-Za-z0-9_-]+", str(key)) else quoted(str(key)) for key in place
    )


def header(place: Place) -> str:
    """Return the header of a table in TOML."""
    return f"[{written(place)}]"
