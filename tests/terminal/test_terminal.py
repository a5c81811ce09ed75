"""The real program in a pseudo-terminal, its screen read as a person reads it."""

import base64
import re
from pathlib import Path

import pytest

from tests.terminal.pty_person import Person, at_terminal

OPENS_WITHIN_S = 15.0
"""On a busy machine of two cores; a second where nothing else runs."""

DEMO = ("demo", "--seed", "1", "--speed", "0")


def _opened(person: Person) -> None:
    person.see("1 All 40", OPENS_WITHIN_S)


def _task_of(line: str) -> str:
    found = re.search(r"\b[0-9a-v]{20}\b", line)
    assert found is not None, line
    return found[0]


def _cursor(text: str) -> str:
    """Return the id of the task under the cursor."""
    return next((_task_of(line) for line in text.splitlines() if line.lstrip("│").startswith("▌")), "")


def _ids(count: int) -> list[str]:
    # Letters that are commands: x removes, q quits, c copies.
    return [f"xqcr{n:02d}pu{n:012d}" for n in range(count)]


@pytest.mark.smoke
def test_it_opens_shows_tasks_and_leaves_the_terminal_as_it_was() -> None:
    """Anyone who quits must have a shell that works: no alternate screen, no mouse reports, a cursor."""
    with at_terminal(*DEMO) as person:
        _opened(person)
        person.see("● live")
        assert person.modes()[1049]
        person.type("q")
        assert person.leave() == 0
        left = {mode for mode, is_set in person.modes().items() if is_set}
        # The cursor (25) and line wrap (7) are set where nobody meddled.
        assert left == {25, 7}
        assert person.kitty_depth() == 0
        # Nothing of the demo is there at the next start.
        assert b"still active" not in person.received


def test_a_chinese_input_method_types_commands_too() -> None:
    """Anyone who labels in Chinese does not switch the method off for one key."""
    with at_terminal(*DEMO) as person:
        _opened(person)
        person.type("？")
        person.see("type to search")


def test_a_copy_reaches_the_terminal_as_osc_52() -> None:
    """Over SSH it is the only way to the clipboard of the machine one sits at."""
    with at_terminal("demo", "--seed", "1", "--speed", "50", environ={"SSH_TTY": "/dev/pts/9"}) as person:
        _opened(person)
        person.type("3")
        person.see(lambda text: " ✓ ready" in text)
        person.type("c")
        person.see("sent to the terminal (OSC 52)")
        sent = base64.b64decode(person.hear(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")[1]).decode()
        assert all(re.fullmatch(r"https?://\S+", url) for url in sent.splitlines())


def test_a_copy_goes_to_the_command_of_this_machine(tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    command = tmp_path / "wl-copy"
    command.write_text(f"#!/bin/sh\ncat > '{copied}.part' && mv '{copied}.part' '{copied}'\n")
    command.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "WAYLAND_DISPLAY": "wayland-0"}
    with at_terminal(*DEMO, environ=environ) as person:
        _opened(person)
        first = _cursor(person.see(lambda text: bool(_cursor(text))))
        person.type("y")
        person.see("1 id copied (wl-copy)")
        assert copied.read_text() == first


def test_a_clipboard_program_that_hangs_is_named_beside_the_one_that_works(tmp_path: Path) -> None:
    """A compositor that is gone must cost neither the screen nor the copy."""
    for name, line in (("wl-copy", "exec /bin/sleep 60"), ("xclip", "exec /bin/cat >/dev/null")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":9"}
    with at_terminal(*DEMO, environ=environ) as person:
        _opened(person)
        person.type("y")
        person.see("1 id copied (xclip); wl-copy did not answer")
        person.type("q")
        assert person.leave() == 0


def test_a_bracketed_paste_is_previewed_and_added() -> None:
    with at_terminal(*DEMO) as person:
        _opened(person)
        person.paste("\r".join(_ids(30)))
        person.see("30 new")
        person.type("\r")
        person.see("1 All 70")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_paste_without_brackets_runs_no_command(end: str) -> None:
    """`tmux paste-buffer` without `-p`: each letter arrives as a key."""
    with at_terminal(*DEMO) as person:
        _opened(person)
        person.type("".join(f"{name}{end}" for name in _ids(30)))
        person.see("30 new")
        person.type("\r")
        person.see("1 All 70")


def test_a_paste_into_the_filter_is_text() -> None:
    with at_terminal(*DEMO) as person:
        _opened(person)
        person.type("/")
        person.see("words  !word")
        person.type(_ids(1)[0])
        person.see("0/40")
        assert "Add tasks" not in person.text


def test_ctrl_c_quits_with_a_dialog_open() -> None:
    with at_terminal(*DEMO) as person:
        _opened(person)
        person.type("a")
        person.see("Add tasks")
        person.type("\x03")
        assert person.leave() == 0
        assert not person.modes()[1049]


def test_a_watch_list_that_cannot_be_opened_ends_with_code_2_and_the_reason(tmp_path: Path) -> None:
    """After the screen is gone, where it can be read."""
    (tmp_path / "file").write_text("")
    with at_terminal("--state-dir", str(tmp_path / "file" / "below")) as person:
        assert person.leave() == 2
        assert not person.modes()[1049]
        after = person.received.rpartition(b"\x1b[?1049l")[2]
        assert b"cannot be written" in after
        assert b"--state-dir" in after


def test_escape_right_behind_a_paste_ends_nothing_but_the_dialog() -> None:
    """A terminal with the kitty protocol sends both in one write: the dialog goes before it is built."""
    with at_terminal(*DEMO) as person:
        person.see(lambda text: text.count("○ new") > 12)
        person.type("\x1b[200~hello there\x1b[201~\x1b[27u")
        # By then both have long been looked at.
        person.see(lambda text: text.count("○ new") < 8)
        person.type("\x03")
        assert person.leave() == 0


def test_bytes_that_are_no_text_end_nothing() -> None:
    """A paste in another encoding ended the program with a traceback."""
    with at_terminal(*DEMO) as person:
        person.see("1 All")
        person.send(b"\xe9\xff\xfe")
        person.type("?")
        person.see("Here: the list")
        person.type("\x03")
        assert person.leave() == 0
