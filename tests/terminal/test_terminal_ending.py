"""The real program ended by signals, in a pseudo-terminal."""

import json
import signal
from pathlib import Path

import pytest

from tests.terminal.pty_person import at_terminal

KEYS = {"TENCENTCLOUD_SECRET_ID": "AKIDEXAMPLE0123456789", "TENCENTCLOUD_SECRET_KEY": "k" * 32}
NOBODY = ("--endpoint", "http://127.0.0.1:9", "--sdk-app-id", "1400000001")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_the_terminal_as_it_was(tmp_path: Path, number: int) -> None:
    """A machine that shuts down, or a closed window, leaves everything in order."""
    with at_terminal("--state-dir", str(tmp_path / "state"), *NOBODY, environ=KEYS) as person:
        person.see("1 All 0")
        person.send_signal(number)
        assert person.leave() == 128 + number
        assert {mode for mode, is_set in person.modes().items() if is_set} == {25, 7}
        assert person.kitty_depth() == 0


def test_what_was_chosen_before_the_signal_is_there_at_the_next_start(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with at_terminal("--state-dir", str(state), *NOBODY, environ=KEYS) as person:
        person.see("1 All 0")
        person.type("<")
        person.type("S")
        person.type("?")
        person.see("type to search")
        person.send_signal(signal.SIGTERM)
        assert person.leave() == 143
    (saved,) = state.glob("*.view.json")
    assert json.loads(saved.read_text())["order"] == ["", True]


def test_a_terminal_that_stopped_reading_does_not_keep_it_from_ending() -> None:
    """Nothing can be written to it any more, and the screen would wait for that for ever."""
    with at_terminal("demo", "--seed", "1", "--speed", "50") as person:
        person.see("1 All 40")
        # Nobody reads from here on, and what the screen paints fills the terminal's buffer.
        for _round in range(400):
            person.type("jjjjGg")
        person.send_signal(signal.SIGTERM)
        assert person.go_away() == 143
