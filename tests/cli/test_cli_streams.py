"""Standard output that cannot take what is printed."""

import os
import subprocess
import sys

import pytest

from tests.cli.keeping import READY, Keeping

COMMANDS = [("list",), ("list", "--json"), ("list", "--csv"), ("urls",), ("--help",), ("list", "--help")]


def printed_to(keeping: Keeping, output: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command with this as its standard output."""
    try:
        return subprocess.run(
            [sys.executable, "-m", "tiwtui", "--state-dir", str(keeping.folder), *words],
            env={name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ},
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    finally:
        os.close(output)


def pipe_without_a_reader() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_full_disk_is_said_and_ends_with_2(keeping: Keeping, words: tuple[str, ...]) -> None:
    """It is no mistake of the program, and a file cut short must not look like a whole one."""
    keeping.fill()
    done = printed_to(keeping, os.open("/dev/full", os.O_WRONLY), *words)
    assert (done.returncode, done.stderr) == (2, "Error: could not write: No space left on device\n")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_reader_that_has_gone_ends_it_quietly_as_a_broken_pipe_does(
    keeping: Keeping, words: tuple[str, ...]
) -> None:
    """`tiwtui list | head -1`: 141, by which `set -o pipefail` tells it from a failure."""
    keeping.fill()
    done = printed_to(keeping, pipe_without_a_reader(), *words)
    assert (done.returncode, done.stderr) == (141, "")


def test_urls_that_nobody_read_are_not_taken(keeping: Keeping) -> None:
    keeping.fill()
    assert printed_to(keeping, pipe_without_a_reader(), "urls").returncode == 141
    assert keeping.tasks()[READY.ref].taken_at is None
