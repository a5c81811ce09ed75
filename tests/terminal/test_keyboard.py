"""The whole keyboard at a real terminal: each command is pressed, and the screen read as a person does."""

import re
from collections.abc import Callable

from tests.terminal.pty_person import Person, at_terminal
from tiwtui.config.key_table import COMMANDS

OPENS_WITHIN_S = 15.0

Wanted = str | Callable[[str], bool]


class Walk:
    """A person who presses one key after another and looks what each did."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.pressed: set[str] = set()

    def __call__(self, command: str, keys: str, wanted: Wanted) -> str:
        """Press the keys of a command and wait until the screen shows what it does."""
        self.pressed.add(command)
        self.person.type(keys)
        return self.person.see(wanted)


def _cursor_line(text: str) -> str:
    return next((line for line in text.splitlines()[3:] if line.lstrip("│").startswith("▌")), "")


def _cursor(text: str) -> str:
    found = re.search(r"\b[0-9a-v]{20}\b", _cursor_line(text))
    return found[0] if found else ""


def _not(wanted: str) -> Callable[[str], bool]:
    return lambda text: wanted not in text


def _foot(text: str) -> str:
    return text.splitlines()[-1]


def _sorted_by(text: str) -> str:
    """Return the title with the arrow, or nothing in the default order."""
    found = re.search(r"\w+[▲▼]", text.splitlines()[2])
    return found[0] if found else ""


def _on(task: str) -> Callable[[str], bool]:
    return lambda text: _cursor(text) == task


def _off(*tasks: str) -> Callable[[str], bool]:
    return lambda text: _cursor(text) not in ("", *tasks)


def _in_order(text: str) -> list[str]:
    """Return the ids that the list shows, from the top."""
    return re.findall(r"^│?[▌ ].{2,20}? ([0-9a-v]{20})\b", text, re.MULTILINE)


def test_every_key_does_at_a_terminal_what_the_help_says() -> None:
    """A key that a terminal sends otherwise than a test's driver does is found here alone."""
    given = ("demo", "--tasks", "24", "--seed", "1", "--speed", "0")
    with at_terminal(*given, environ={"SSH_TTY": "/dev/pts/9"}) as person:
        person.see("1 All 24", OPENS_WITHIN_S)
        # Once each is answered, nothing moves by itself; one is not known to the service.
        first = _cursor(person.see(lambda text: bool(_cursor(text)) and text.count("○") <= 1))
        walk = Walk(person)
        # Without the detail, which is as high as what it says, all pages have one length.
        person.type("f")
        person.see(_not("Timeline"))
        _move(walk, first)
        person.type("f")
        person.see("Timeline")
        _mark(walk, first)
        _look(walk)
        _watch(walk, first)
        _edit(walk)
        walk("help", "?", "type to search")
        walk("back", "\x1b", _not("type to search"))
        walk("diagnostics", "b", "Diagnostics")
        person.type("\x1b")
        person.see(_not("Diagnostics"))
        walk("palette", "\x10", "Search for commands")
        person.type("\x1b")
        person.see(_not("Search for commands"))
        walk("commands", ":", "Search for commands")
        person.type("\x1b")
        person.see(_not("Search for commands"))
        walk.pressed.add("quit")
        person.type("q")
        assert person.leave() == 0
    # ctrl+c, and what needs a task with videos, have tests of their own.
    apart = {"quit.now", "copy", "copy.as", "copy.nth", "copy.sheet"}
    assert walk.pressed | apart == {command.id for command in COMMANDS if command.keys}


def _move(walk: Walk, first: str) -> None:
    second = _cursor(walk("move.down", "j", _off(first)))
    walk("move.up", "k", _on(first))
    half = _cursor(walk("move.half_down", "\x04", _off(first, second)))
    walk("move.half_up", "\x15", _on(first))
    walk("move.page_down", "\x1b[6~", _off(first, second, half))
    walk("move.page_up", "\x1b[5~", _on(first))
    last = _cursor(walk("move.bottom", "G", _off(first, second, half)))
    walk("move.top", "g", _on(first))
    for keys, task in (("\x1b[F", last), ("\x1b[H", first), ("\x1b[B", second), ("\x1b[A", first)):
        walk("move.down", keys, _on(task))


def _mark(walk: Walk, first: str) -> None:
    walk("mark", " ", "1 marked")
    # The cursor went on to the next line.
    walk.person.type("jj")
    walk("mark.range", "v", "4 marked")
    walk("mark.all", "*", "24 marked")
    walk.person.type("\x1b")
    walk.person.see(_not("marked"))
    walk.person.type("g")
    walk.person.see(_on(first))


def _look(walk: Walk) -> None:
    person = walk.person
    rows = len(_in_order(person.text))
    walk("filter", "/", "words  !word")
    person.type("phase:queued\r")
    person.see(lambda text: "words  !word" not in text and "◔" in text and "◐" not in text)
    person.type("\x1b")
    person.see("◐")
    walk("tab", "2", lambda text: "left this view" not in text and "◐" in text)
    person.type("1")
    walk("sort", "s", "Sort by")
    person.type("p")
    person.see(lambda text: _sorted_by(text) == "Phase▲")
    walk("sort.reverse", "S", lambda text: _sorted_by(text) == "Phase▼")
    person.type("s")
    person.see("Sort by")
    person.type("0")
    person.see(lambda text: not _sorted_by(text))
    # The one task without an answer may be on top now.
    person.type("j")
    walk("columns", "w", "Columns")
    person.type("\x1b")
    person.see(_not("Columns"))
    walk("focus.switch", "\t", lambda text: "tab list" in _foot(text))
    person.type("\t")
    person.see(lambda text: "tab detail" in _foot(text))
    walk("detail.previous", "[", '"RequestId"')
    person.type("\t")
    person.see("c copy the answer")
    walk("raw.search", "/", "Search in the answer")
    person.type("RequestId\r")
    person.see("1/1")
    walk("raw.next", "n", "1/1")
    walk("raw.previous", "N", "1/1")
    walk("raw.copy", "c", "the answer sent to the terminal")
    person.type("\t")
    person.see(lambda text: "tab detail" in _foot(text))
    walk("detail.next", "]", _not('"RequestId"'))
    walk("detail.open", "\r", lambda text: not _in_order(text))
    person.type("\x1b")
    person.see(lambda text: len(_in_order(text)) == rows)
    person.type("<<")
    walk("detail.narrower", "<", lambda text: len(_in_order(text)) > rows)
    person.type(">>")
    walk("detail.wider", ">", lambda text: len(_in_order(text)) == rows)
    walk("layout", "f", _not("Timeline"))
    for is_open in (True, False, True):
        person.type("f")
        person.see("Timeline" if is_open else _not("Timeline"))
    person.see(lambda text: len(_in_order(text)) == rows)


def _watch(walk: Walk, first: str) -> None:
    person = walk.person
    walk("check", "r", "Checking")
    walk("check.shown", "R", "Checking")
    walk("pause", "p", "paused")
    person.type("p")
    person.see("● live")
    walk("budget.up", "+", "/15 checks/s")
    walk("budget.down", "-", "/10 checks/s")
    walk("copy.id", "y", "1 id sent to the terminal")


def _edit(walk: Walk) -> None:
    person = walk.person
    walk("add", "a", "Add tasks")
    person.type("00000000000000000abc")
    person.see("1 new")
    person.type("\r")
    person.see("1 All 25")
    person.see(_on("00000000000000000abc"))
    walk("label", "l", "Label of")
    person.type("第一课\r")
    person.see(lambda text: "第一课" in _cursor_line(text))
    walk("flag", "n", "♪")
    walk("done", "z", "done; u takes it back")
    walk("remove", "x", "1 All 24")
    walk("undo", "u", "1 All 25")
