"""The table of all commands: keys, titles, and words in the footer. Bindings and help use it. Pure.

A configuration gives a command other keys by its id (`tiwtui.config.key_changes`). The F-keys are for
terminals and keyboards that cannot send the letter. Punctuation and digits also work as a Chinese input
method types them.
"""

from collections.abc import Mapping
from enum import StrEnum
from textwrap import shorten

import msgspec

from tiwtui.config.key_names import key_word
from tiwtui.i18n import _

_KEYS_SHOWN_MOST = 12
"""The most cells in which the keys of a numbered command are listed."""


class Scope(StrEnum):
    """Where a key works: any list of lines, the list of tasks, the detail, the main screen, everywhere.

    In the Raw tab its keys come before those of the main screen.
    """

    LINES = "lines"
    LIST = "list"
    DETAIL = "detail"
    RAW = "raw"
    MAIN = "main"
    APP = "app"


class Group(StrEnum):
    """The heading under which the help shows a command."""

    MOVE = "move"
    TASKS = "tasks"
    RESULTS = "results"
    CHECKS = "checks"
    VIEW = "view"
    PROGRAM = "program"


class Command(msgspec.Struct, frozen=True):
    """One command. `keys[0]` is the key that is shown; `hint` is its word in the footer, if any.

    `action` is what Textual runs. The first key of a numbered command acts on the first item, the second on
    the second: `{n}` in its action. An essential command always has a key.
    """

    id: str
    keys: tuple[str, ...]
    action: str
    title: str
    scope: Scope
    group: Group
    hint: str = ""
    shown_as: str = ""
    is_priority: bool = False
    is_numbered: bool = False
    is_essential: bool = False

    @property
    def key_shown(self) -> str:
        """The key as the footer and the help show it; empty if the command has none."""
        if self.is_numbered and not self.shown_as:
            return shorten(" ".join(map(key_word, self.keys)), _KEYS_SHOWN_MOST, placeholder=" …")
        return self.shown_as or "".join(map(key_word, self.keys[:1]))

    @property
    def twin_shown(self) -> str:
        """The F-key that does the same; empty if there is none."""
        if self.is_numbered:
            return ""
        others = (key_word(key) for key in self.keys[1:] if key[0] == "f" and key[1:].isdigit())
        return next(others, "")


def _move(name: str, keys: str, action: str, title: str, shown_as: str = "") -> Command:
    return Command(name, tuple(keys.split()), action, title, Scope.LINES, Group.MOVE, shown_as=shown_as)


def _main(name: str, keys: str, group: Group, title: str, hint: str = "", shown_as: str = "") -> Command:
    action = f"run({name!r})"
    return Command(name, tuple(keys.split()), action, title, Scope.MAIN, group, hint, shown_as)


def _raw(name: str, keys: str, title: str, hint: str) -> Command:
    action = f"screen.run({name!r})"
    return Command(name, tuple(keys.split()), action, title, Scope.RAW, Group.RESULTS, hint)


COMMANDS: tuple[Command, ...] = (
    _move("move.down", "j down", "move(1)", _("go to the next line"), "j down"),
    _move("move.up", "k up", "move(-1)", _("go to the previous line"), "k up"),
    _move("move.half_down", "ctrl+d", "half_page(1)", _("go half a page down")),
    _move("move.half_up", "ctrl+u", "half_page(-1)", _("go half a page up")),
    _move("move.page_down", "pagedown", "page(1)", _("go a page down"), "PgDn"),
    _move("move.page_up", "pageup", "page(-1)", _("go a page up"), "PgUp"),
    _move("move.top", "g home", "to_top", _("go to the first line")),
    _move("move.bottom", "G end", "to_bottom", _("go to the last line")),
    _main("focus.switch", "tab", Group.MOVE, _("switch focus"), _("detail")),
    _main("detail.open", "enter", Group.MOVE, _("show the detail on the full screen, or not")),
    _main("back", "escape", Group.MOVE, _("go back"), shown_as="esc"),
    _main("add", "a f9", Group.TASKS, _("add tasks, or paste them anywhere"), _("add")),
    _main("label", "l f2", Group.TASKS, _("label the task"), _("label")),
    _main("remove", "x", Group.TASKS, _("remove from the watch list"), _("remove")),
    _main("done", "z", Group.TASKS, _("mark as done, or not done"), _("done")),
    _main("flag", "n", Group.TASKS, _("alert when it settles, or not")),
    _main("undo", "u", Group.TASKS, _("undo")),
    _main("mark", "space", Group.TASKS, _("mark the task"), _("mark"), "space"),
    _main("mark.range", "v", Group.TASKS, _("mark from the last mark to here")),
    _main("mark.all", "*", Group.TASKS, _("mark all shown, or none")),
    _main("copy", "c f7", Group.RESULTS, _("copy the video URLs"), _("copy URLs")),
    _main("copy.as", "C", Group.RESULTS, _("copy as chat lines, TSV, ids, JSON…")),
    _main("copy.id", "y", Group.RESULTS, _("copy the task id"), _("copy id")),
    _main("copy.sheet", "Y", Group.RESULTS, _("show whole URLs, to select or save")),
    Command(
        "copy.nth",
        tuple("123456789"),
        "screen.run('copy.nth', {n})",
        _("copy a URL by number"),
        Scope.DETAIL,
        Group.RESULTS,
        shown_as="1-9",
        is_numbered=True,
    ),
    _raw("raw.copy", "c", _("copy the answer"), _("copy the answer")),
    _raw("raw.search", "/", _("search in the answer"), _("search")),
    _raw("raw.next", "n", _("go to the next match in the answer"), _("next match")),
    _raw("raw.previous", "N", _("go to the previous match in the answer"), ""),
    _main("check", "r f5", Group.CHECKS, _("check the task or marked ones now"), _("check")),
    _main("check.shown", "R", Group.CHECKS, _("check all shown active tasks now")),
    _main("pause", "p f6", Group.CHECKS, _("pause or resume checking"), _("pause")),
    _main("pause.renew", "", Group.CHECKS, _("pause again from now on")),
    _main("budget.down", "-", Group.CHECKS, _("send fewer checks a second")),
    _main("budget.up", "+ =", Group.CHECKS, _("send more checks a second")),
    _main("filter", "/ f3", Group.VIEW, _("filter the list"), _("filter")),
    Command(
        "tab", tuple("123456789"), "screen.run('tab', {n})", _("show a tab"), Scope.LIST, Group.VIEW,
        shown_as="1-9", is_numbered=True,
    ),
    _main("sort", "s f4", Group.VIEW, _("sort by a column")),
    _main("sort.reverse", "S", Group.VIEW, _("reverse the order")),
    _main("columns", "w", Group.VIEW, _("choose the columns")),
    _main("layout", "f", Group.VIEW, _("move the detail: right, below, hidden")),
    _main("theme", "", Group.VIEW, _("choose a theme")),
    _main("detail.narrower", "<", Group.VIEW, _("make the detail smaller")),
    _main("detail.wider", ">", Group.VIEW, _("make the detail larger")),
    _main("detail.previous", "[", Group.VIEW, _("go to the previous tab of the detail")),
    _main("detail.next", "]", Group.VIEW, _("go to the next tab of the detail")),
    Command(
        "palette", ("ctrl+p",), "command_palette", _("show all commands, also while typing"), Scope.APP,
        Group.PROGRAM, is_priority=True,
    ),
    _main("commands", ":", Group.PROGRAM, _("show all commands")),
    _main("diagnostics", "b", Group.PROGRAM, _("show diagnostics: rates, delay, trouble")),
    _main("help", "? f1", Group.PROGRAM, _("show the help"), _("help")),
    _main("quit", "q", Group.PROGRAM, _("quit, or go back"), _("quit")),
    Command(
        "quit.now", ("ctrl+c",), "leave", _("quit at once"), Scope.APP, Group.PROGRAM,
        is_priority=True, is_essential=True,
    ),
)  # fmt: skip


class Keys(msgspec.Struct, frozen=True):
    """The commands with their keys: those of the table, or as a configuration changed them."""

    commands: tuple[Command, ...] = COMMANDS

    def command(self, name: str) -> Command:
        """Return the command with an id."""
        return next(command for command in self.commands if command.id == name)

    @property
    def moving(self) -> frozenset[str]:
        """The characters that only move the cursor."""
        lines = (command for command in self.commands if command.scope is Scope.LINES)
        return frozenset(key for command in lines for key in command.keys if len(key) == 1)

    def word(self, name: str) -> str:
        """Return the key of a command for a sentence; the palette's key if it has none."""
        return self.command(name).key_shown or self.command("palette").key_shown

    def pair(self, *names: str) -> str:
        """Return the first keys of commands side by side, `j k`, without commands that have none."""
        return " ".join(key_word(key) for name in names for key in self.command(name).keys[:1])

    def each_shown(self, name: str) -> tuple[str, ...]:
        """Return the keys of a numbered command: the one for the first thing, for the second, and so on."""
        return tuple(map(key_word, self.command(name).keys))

    def nth_shown(self, name: str, number: int) -> str:
        """Return the key of a numbered command for the n-th item; empty if there is none."""
        return "".join(self.each_shown(name)[number - 1 : number])

    def with_keys(self, chosen: Mapping[str, tuple[str, ...]]) -> "Keys":
        """Return the commands with other keys; each given command's keys are all replaced."""
        return Keys(
            tuple(
                msgspec.structs.replace(command, keys=chosen[command.id], shown_as="")
                if command.id in chosen
                else command
                for command in self.commands
            )
        )


DEFAULT_KEYS = Keys()
"""The keys of the table."""
