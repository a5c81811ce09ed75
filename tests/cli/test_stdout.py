"""Standard output that cannot take what is printed."""

import os
import subprocess
import sys

import pytest

from tests.child_environment import child_environment
from tests.cli.runner import ENVIRONMENT
from tests.cli.watch_list import READY, WatchList


def printed_to(watch_list: WatchList, output: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command with this as its standard output."""
    try:
        return subprocess.run(
            [sys.executable, "-m", "tiwtui", "--state-dir", str(watch_list.folder), *words],
            env=child_environment(),
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
@pytest.mark.parametrize("words", [("list",), ("list", "--csv"), ("--help",)], ids=" ".join)
def test_full_disk_is_said_and_ends_with_2(watch_list: WatchList, words: tuple[str, ...]) -> None:
    """It is not a bug, and a truncated file must not look complete."""
    watch_list.fill()
    done = printed_to(watch_list, os.open("/dev/full", os.O_WRONLY), *words)
    assert (done.returncode, done.stderr) == (2, "Error: could not write: No space left on device\n")


@pytest.mark.parametrize("words", [("list", "--json"), ("urls",), ("list", "--help")], ids=" ".join)
def test_law_1_reader_that_has_gone_ends_it_quietly_as_a_broken_pipe_does(
    watch_list: WatchList, words: tuple[str, ...]
) -> None:
    """`tiwtui list | head -1`: `set -o pipefail` needs 141 to distinguish it from a failure."""
    watch_list.fill()
    done = printed_to(watch_list, pipe_without_a_reader(), *words)
    assert (done.returncode, done.stderr) == (141, "")


ENDS_WITH = [
    (("list", "--rate", "x"), 2),
    (("get",), 2),
    (("--sdk-app-id", "7", "--endpoint", "http://127.0.0.1:9", "wait", "x", "--timeout", "0.5"), 124),
    (("--sdk-app-id", "7", "--endpoint", "http://127.0.0.1:9", "get", "x"), 3),
]


def ended_without_talk(watch_list: WatchList, stderr: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command that has keys, with this as its standard error."""
    try:
        return subprocess.run(
            [sys.executable, "-m", "tiwtui", "--state-dir", str(watch_list.folder), *words],
            env=child_environment(**ENVIRONMENT),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            timeout=60,
        )
    finally:
        os.close(stderr)


@pytest.mark.parametrize(("words", "code"), ENDS_WITH)
def test_law_2_standard_error_that_nobody_reads_changes_no_exit_code(
    watch_list: WatchList, words: tuple[str, ...], code: int
) -> None:
    """Results go to standard output and into the exit code; the rest is messages."""
    done = ended_without_talk(watch_list, pipe_without_a_reader(), *words)
    assert done.returncode == code
    assert ("x\t" in done.stdout) == (code in (3, 124))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize(("words", "code"), ENDS_WITH[1:3])
def test_standard_error_on_a_full_disk_changes_no_exit_code(
    watch_list: WatchList, words: tuple[str, ...], code: int
) -> None:
    assert ended_without_talk(watch_list, os.open("/dev/full", os.O_WRONLY), *words).returncode == code


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_both_streams_on_a_full_disk_end_with_2(watch_list: WatchList) -> None:
    watch_list.fill()
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tiwtui", "--state-dir", str(watch_list.folder), "list"],
            stdout=full,
            stderr=full,
            timeout=60,
        )
    assert done.returncode == 2


@pytest.mark.parametrize("words", [("add", "-"), ("list", "-")], ids=" ".join)
def test_standard_input_that_cannot_be_read_is_said_and_ends_with_2(
    watch_list: WatchList, words: tuple[str, ...]
) -> None:
    """`0>file` is a typing error in a script, not a bug of the program."""
    with open(os.devnull, "wb") as only_written:
        done = subprocess.run(
            [sys.executable, "-m", "tiwtui", "--state-dir", str(watch_list.folder), *words],
            stdin=only_written,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "Error: cannot read standard input: Bad file descriptor\n",
    )


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs a file that opens and cannot be read")
def test_file_that_cannot_be_read_is_said_to_be_that(watch_list: WatchList) -> None:
    """The message said that it cannot be written."""
    result = watch_list.run("add", "--from", "/proc/self/mem")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: cannot read /proc/self/mem: Input/output error\n",
    )


def test_message_without_standard_error_does_not_go_among_the_data(watch_list: WatchList) -> None:
    """`list 2>&- > ids` must not leave an error in the file of ids."""
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-m", "tiwtui", "--site", "mars", "list"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")


def test_urls_that_nobody_read_are_not_taken(watch_list: WatchList) -> None:
    watch_list.fill()
    assert printed_to(watch_list, pipe_without_a_reader(), "urls", "--take").returncode == 141
    assert watch_list.tasks()[READY.ref].taken_at is None
