"""The title of the terminal while the real program runs, and after it."""

import re
import signal
from itertools import pairwise

import pytest

from tests.terminal.pty_person import Person, at_terminal

TITLE = re.compile(rb"\x1b\]0;([^\x07]*)\x07")
PUSH, POP = b"\x1b[22;0t", b"\x1b[23;0t"


def _titles(person: Person) -> list[str]:
    return [title.decode() for title in TITLE.findall(person.received)]


def test_title_counts_what_is_ready_failed_and_active() -> None:
    """A person in another window sees in its tab that the last class is done."""
    with at_terminal("demo", "--seed", "1", "--speed", "200") as person:
        person.hear("\x1b\\]0;✓\\d+ ✗\\d+ ◐\\d+ · tiwtui\x07".encode())
        person.hear("(?s)(\x1b\\]0;✓.*){3}".encode())
        shown = _titles(person)
        assert all(before != after for before, after in pairwise(shown))


@pytest.mark.parametrize("end", ["q", signal.SIGTERM])
def test_the_title_from_before_comes_back(end: str | signal.Signals) -> None:
    """A shell whose tab reads `tiwtui` for the rest of the day is confusing."""
    with at_terminal("demo", "--seed", "1", "--speed", "0") as person:
        person.hear(TITLE.pattern)
        person.see("● live")
        if isinstance(end, str):
            person.type(end)
        else:
            person.send_signal(end)
        person.leave()
        assert person.received.count(PUSH) == person.received.count(POP) == 1
        assert person.received.index(PUSH) < person.received.index(b"\x1b]0;")
        assert person.received.rindex(b"\x1b]0;") < person.received.index(POP)
