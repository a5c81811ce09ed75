"""The screen where there is no terminal: refused at once, with the commands to use instead."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SCREENS = pytest.mark.parametrize("words", [(), ("demo",)], ids=["screen", "demo"])


@contextmanager
def a_terminal() -> Iterator[int]:
    """Open a terminal that no process reads, as a stream of a child process."""
    outer, inner = pty.openpty()
    try:
        yield inner
    finally:
        os.close(inner)
        os.close(outer)


def refused(folder: Path, *words: str, stdin: int = subprocess.DEVNULL, redirected: str = "") -> str:
    """Run the program without one of its terminals; return its messages after it ended with 2."""
    command = [sys.executable, "-m", "tiwtui", "--state-dir", str(folder), *words]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirected}', "sh", *command],
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert not folder.exists()
    return done.stderr


@SCREENS
def test_without_terminals_the_sentence_names_the_commands(tmp_path: Path, words: tuple[str, ...]) -> None:
    """In a cron job the screen ran for ever and wrote escapes into the mail."""
    said = refused(tmp_path / "state", *words)
    assert "\x1b" not in said
    assert said.count("\n") == 1
    for command in ("tiwtui list", "tiwtui wait", "tiwtui add -"):
        assert command in said


@SCREENS
def test_a_terminal_on_standard_input_alone_is_not_enough(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The screen is drawn on standard error; nobody would see it in a file."""
    with a_terminal() as terminal:
        assert "needs a terminal" in refused(tmp_path / "state", *words, stdin=terminal)


@SCREENS
@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_end_it_too(tmp_path: Path, words: tuple[str, ...], closed: str) -> None:
    """A service manager may start a process without any."""
    said = refused(tmp_path / "state", *words, redirected=closed)
    assert "Traceback" not in said
    assert "mistake" not in said


@SCREENS
def test_a_terminal_that_cannot_move_its_cursor_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    """`TERM=dumb` is an editor's shell buffer: it shows escapes as text."""
    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "tiwtui", "--state-dir", str(tmp_path / "state"), *words]
    done = subprocess.run(
        command, env={**os.environ, "TERM": "dumb"}, stdin=inner, stdout=inner, stderr=inner, timeout=20
    )
    said = os.read(outer, 65_536)
    os.close(inner)
    os.close(outer)
    assert done.returncode == 2
    assert b"\x1b" not in said
    assert b"tiwtui list" in said
