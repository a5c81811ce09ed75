"""Commands on a watch list that another program keeps locked: a signal ends them soon."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.cli.watch_list import WatchList
from tests.terminal.pty_person import at_terminal

ENDS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
ENDS_WITHIN_S = 2.0

WAITING = """
import sys
from tiwtui.store import database

begin = database.schema.transaction

def transaction(connection, statement):
    if statement == "BEGIN IMMEDIATE":
        print("waits", file=sys.stderr, flush=True)
    return begin(connection, statement)

database.schema.transaction = transaction
from tiwtui.cli import main
main()
"""
"""The program, which prints when it begins to wait for the lock."""


@contextmanager
def locked(watch_list: WatchList) -> Iterator[None]:
    """Lock the watch list for writing, as another program does that is stuck."""
    with closing(sqlite3.connect(watch_list.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def waiting(watch_list: WatchList, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command until it waits for the lock."""
    line = [sys.executable, "-c", WAITING, "--state-dir", str(watch_list.folder), "--sdk-app-id", "1", *words]
    process = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.write("one\n")
            process.stdin.flush()
            assert process.stderr.readline() == "waits\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_a_signal_ends_a_piped_add_and_says_what_was_not_saved(
    watch_list: WatchList, number: int, code: int
) -> None:
    """It took half a minute and ended in a traceback, and the piped line was lost."""
    watch_list.fill()
    with locked(watch_list), waiting(watch_list, "add", "-") as process:
        began = time.monotonic()
        process.send_signal(number)
        printed, said = process.communicate(timeout=30)
        assert time.monotonic() - began < ENDS_WITHIN_S
    assert (process.returncode, printed) == (code, "")
    assert "not saved: one\n" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("words", "number", "code"),
    [
        (("rm", "ghucnligqtgtvk2624mb"), signal.SIGTERM, 143),
        (("label", "ghucnligqtgtvk2624mb", "x"), signal.SIGINT, 130),
        (("wait", "two"), signal.SIGHUP, 129),
        (("wait", "two"), signal.SIGINT, 130),
    ],
)
def test_a_signal_ends_every_command_that_waits_for_the_lock(
    watch_list: WatchList, words: tuple[str, ...], number: int, code: int
) -> None:
    watch_list.fill()
    words = ("--sdk-app-id", "1400000001", *words)
    with locked(watch_list), waiting(watch_list, *words) as process:
        began = time.monotonic()
        process.send_signal(number)
        printed, said = process.communicate(timeout=30)
        assert time.monotonic() - began < ENDS_WITHIN_S
    assert (process.returncode, printed) == (code, "")
    assert said.splitlines()[-1] in ("Interrupted.", "Ended by a signal.")
    assert ("not saved: ghucnligqtgtvk2624mb\n" in said) == (words[2] in ("rm", "label"))
    assert "Traceback" not in said


def test_sigterm_ends_a_screen_that_waits_for_the_lock(watch_list: WatchList) -> None:
    """A shutdown of the machine does not wait for another program's lock."""
    watch_list.fill()
    with locked(watch_list), at_terminal("--state-dir", str(watch_list.folder)) as person:
        person.see("locked")
        began = time.monotonic()
        person.send_signal(signal.SIGTERM)
        assert person.leave() == 143
        assert time.monotonic() - began < ENDS_WITHIN_S
