"""What the help says: the keys of where one is, all others, the signs, the filter language. Pure."""

import msgspec
from msgspec.structs import replace

from tiwtui.config.key_names import key_named, key_word
from tiwtui.config.key_table import Command, Group, Keys, Scope
from tiwtui.formatting import Tone, kind_word, phase_word
from tiwtui.glyphs import Glyphs
from tiwtui.i18n import _
from tiwtui.listing.query.reference import examples
from tiwtui.ui.dialogs.dialog import KeyWords
from tiwtui.ui.keymap.textual_bindings import textual_key

PUNCTUATION = frozenset({"ellipsis", "between", "rail", "rule", "times"})
"""Signs that mean nothing of their own."""


class Place(msgspec.Struct, frozen=True):
    """Where the help was opened: the ids of commands that matter there, or keys that are of that place alone.

    `has_commands` says whether the commands of the main screen can be run from there.
    """

    title: str = ""
    commands: tuple[str, ...] = ()
    own: KeyWords = ()
    has_commands: bool = True


class Entry(msgspec.Struct, frozen=True):
    """A key, a sign or an example, and what it means; Enter runs `command`, or presses `press`."""

    head: str
    text: str
    twin: str = ""
    tone: Tone = Tone.PLAIN
    command: Command | None = None
    press: str = ""

    @property
    def is_runnable(self) -> bool:
        """Whether Enter does anything."""
        return self.command is not None or bool(self.press)

    def has(self, words: list[str]) -> bool:
        """Return whether each word is somewhere in it."""
        text = f"{self.head} {self.twin} {self.text}".casefold()
        return all(word in text for word in words)


class Section(msgspec.Struct, frozen=True):
    """Entries under a heading; `has_keys` says whether their heads are keys."""

    title: str
    entries: tuple[Entry, ...]
    has_keys: bool = False


def narrowed(sections: tuple[Section, ...], search: str) -> tuple[Section, ...]:
    """Return the entries that have all words of a search; a heading with all of them has all its entries."""
    words = search.casefold().split()
    found = (
        section
        if all(word in section.title.casefold() for word in words)
        else replace(section, entries=tuple(entry for entry in section.entries if entry.has(words)))
        for section in sections
    )
    return tuple(section for section in found if section.entries)


def group_word(group: Group) -> str:
    """Return the heading of a group of commands."""
    words = {
        Group.MOVE: _("Moving"),
        Group.TASKS: _("Tasks"),
        Group.RESULTS: _("Results"),
        Group.CHECKS: _("Checking"),
        Group.VIEW: _("View"),
        Group.PROGRAM: _("Program"),
    }
    return words[group]


def key_sections(keys: Keys, place: Place) -> tuple[Section, ...]:
    """Return the keys of a place, then all others under their headings; none stands twice."""
    here = tuple(_command(keys.command(name), place) for name in dict.fromkeys(place.commands))
    own = tuple(_own(key, word) for key, word in place.own)
    sections = [Section(place.title, own + here, has_keys=True)] if own or here else []
    for group in Group:
        others = (one for one in keys.commands if one.group is group and one.scope is not Scope.RAW)
        left = (one for one in others if one.id not in place.commands)
        sections.append(
            Section(group_word(group), tuple(_command(one, place) for one in left), has_keys=True)
        )
    raw = (one for one in keys.commands if one.scope is Scope.RAW and one.id not in place.commands)
    of_raw = (Entry(one.key_shown, one.title, one.twin_shown, Tone.NAME) for one in raw)
    sections.append(Section(_("In the Raw tab"), tuple(of_raw), has_keys=True))
    return tuple(section for section in sections if section.entries)


def _command(command: Command, place: Place) -> Entry:
    runs = place.has_commands and not command.is_numbered
    return Entry(command.key_shown, command.title, command.twin_shown, Tone.NAME, command if runs else None)


def _own(key: str, word: str) -> Entry:
    name = key_named(key)
    shown = key_word(name) if name else key
    return Entry(shown, word, tone=Tone.NAME, press=textual_key(name) if name else "")


def sign_words() -> dict[str, tuple[str, Tone]]:
    """Return what each sign of the table means, by its name there."""
    return {
        "unseen": (_("settled, not seen yet"), Tone.NAME),
        "taken": (_("URL copied"), Tone.GOOD),
        "flag": (_("alerts when it settles"), Tone.WARN),
        "cursor": (_("selected"), Tone.NAME),
        "mark": (_("marked, or chosen"), Tone.NAME),
        "nothing": (_("nothing known, or left out"), Tone.QUIET),
        "dot": (_("live, or why not"), Tone.GOOD),
        "stopped": (_("paused or stopped"), Tone.WARN),
        "up": (_("sorted, smallest first"), Tone.NAME),
        "down": (_("sorted, largest first"), Tone.NAME),
        "lane_rest": (_("no video at this time"), Tone.QUIET),
        "tick": (_("a time on the axis"), Tone.QUIET),
        "tick_end": (_("the end of the class"), Tone.QUIET),
    }


def sign_sections(glyphs: Glyphs) -> tuple[Section, ...]:
    """Return what each sign means, then the filter language."""
    worded = ((sign, phase_word(phase)) for phase, sign in glyphs.phases.items())
    phases = (Entry(sign, word.text, tone=word.tone) for sign, word in worded)
    signs = (Entry(getattr(glyphs, name), text, tone=tone) for name, (text, tone) in sign_words().items())
    lanes = (
        Entry(sign * 2, _("other") if kind == "other" else kind_word(kind))
        for kind, sign in glyphs.lanes.items()
    )
    return (
        Section(_("Phases"), tuple(phases)),
        Section(
            _("Signs"),
            (*signs, Entry(glyphs.levels[0] + glyphs.levels[7], _("nothing, and the most there was"))),
        ),
        Section(_("Timeline"), tuple(lanes)),
        Section(_("Filter"), tuple(Entry(example, text) for example, text in examples())),
    )
