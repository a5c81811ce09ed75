"""Commands that another process ends, or whose terminal was closed: as orderly as by ctrl+c."""

import asyncio
import fcntl
import json
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator

import pytest

from tests.cli.runner import ran
from tests.cli.service_commands import at_work, options
from tests.cli.watch_list import WatchList
from tests.raw_server import in_a_thread
from tests.service import FINISHED, Answering, Asked, answering, until

ENDS = [(signal.SIGTERM, 143), (signal.SIGHUP, 129)]


@pytest.fixture
def service() -> Iterator[Answering]:
    with in_a_thread(answering(ready=FINISHED)) as server:
        yield server


def ended(process: subprocess.Popen[str], number: int) -> tuple[int, str]:
    """Send a signal; return the exit code and the output. The only message is that of the signal."""
    process.send_signal(number)
    printed, said = process.communicate(timeout=30)
    assert said.splitlines()[-1:] in (["Ended by a signal."], [])
    assert "Traceback" not in said
    return process.returncode, printed


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_law_1_wait_prints_and_saves_what_is_known(
    watch_list: WatchList, service: Answering, number: int, code: int
) -> None:
    """A service manager that stops a script must not lose a result that was already asked for."""
    with at_work(watch_list, service, "wait", "ready", "slow", "--json") as process:
        until(lambda: {"ready", "slow"} <= service.answered_at.keys(), "asked about both")
        ended_with, printed = ended(process, number)
    assert ended_with == code
    assert {task["task_id"] for task in json.loads(printed)} == {"ready", "slow"}
    saved = json.loads(ran(*options(watch_list, service), "list", "--json").stdout)
    assert [task["phase"] for task in saved] == ["ready", "processing"]


def test_watch_lets_go_of_the_lease(watch_list: WatchList, service: Answering) -> None:
    """The next process need not wait until this one counts as dead."""
    with at_work(watch_list, service, "watch", "slow") as process:
        assert process.stdout is not None
        assert "slow" in process.stdout.readline()
        assert ended(process, signal.SIGTERM)[0] == 143
    with at_work(watch_list, service, "watch", "ready") as process:
        assert process.stdout is not None
        assert "ready" in process.stdout.readline()


def test_get_prints_what_was_answered(watch_list: WatchList, service: Answering) -> None:
    async def hang(asked: Asked) -> None:
        if asked.task_id == "slow":
            await asyncio.sleep(60)

    service.before = hang
    with at_work(watch_list, service, "get", "ready", "slow", "--json") as process:
        until(lambda: any(asked.task_id == "slow" for asked in service.asked), "asked about the second")
        ended_with, printed = ended(process, signal.SIGHUP)
    assert (ended_with, [task["task_id"] for task in json.loads(printed)]) == (129, ["ready"])


def test_add_ends_in_the_middle_of_a_silent_pipe(watch_list: WatchList, service: Answering) -> None:
    """This command spends most of its time waiting for the next line of a log."""
    with at_work(watch_list, service, "add", "-") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("one\n")
        process.stdin.flush()
        assert process.stdout.readline() == "one\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 143
    saved = ran(*options(watch_list, service), "list").stdout
    assert saved.split("\t")[0] == "one"


@pytest.mark.parametrize(
    ("words", "number", "code"),
    [
        (("wait", "-"), signal.SIGINT, 130),
        (("watch", "-"), signal.SIGTERM, 143),
        (("get", "-"), signal.SIGHUP, 129),
        (("rm", "-"), signal.SIGTERM, 143),
        (("label", "-", "x"), signal.SIGHUP, 129),
        (("list", "-"), signal.SIGINT, 130),
    ],
)
def test_task_args_law_3_one_signal_ends_a_command_that_still_reads_its_ids(
    watch_list: WatchList, service: Answering, words: tuple[str, ...], number: int, code: int
) -> None:
    """The pipe may never end, and the user presses ctrl+c once."""
    with at_work(watch_list, service, *words) as process:
        fill(process, "\n")
        process.send_signal(number)
        assert process.wait(timeout=30) == code
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert service.asked == []


@pytest.mark.parametrize(("number", "code"), [*ENDS, (signal.SIGINT, 130)])
def test_document_that_a_signal_cuts_short_is_not_lost(
    watch_list: WatchList, service: Answering, number: int, code: int
) -> None:
    """Its last bracket has not arrived, but the id has, and it exists only in the pipe."""
    with at_work(watch_list, service, "add", "-") as process:
        fill(process, '{\n "TaskId": "one",\n')
        process.send_signal(number)
        printed, said = process.communicate(timeout=30)
    assert (process.returncode, printed) == (code, "one\n")
    assert "Traceback" not in said
    assert ran(*options(watch_list, service), "list").stdout.split("\t")[0] == "one"


def fill(process: subprocess.Popen[str], text: str) -> None:
    """Write text and more blanks than a pipe holds: once that is done, the command has read the text."""
    assert process.stdin is not None
    process.stdin.write(text + (" " * 999 + "\n") * 200)
    process.stdin.flush()
    pipe = process.stdin.fileno()
    until(lambda: fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)) == bytes(4), "read all that was piped in")


def test_law_2_ignored_hangup_stays_ignored(watch_list: WatchList, service: Answering) -> None:
    """`nohup tiwtui wait … &` must outlive the terminal."""
    done = subprocess.run(
        ["sh", "-c", 'trap "" HUP; exec "$0" "$@"', sys.executable, "-c", HUNG_UP_AT_ONCE],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")


HUNG_UP_AT_ONCE = """
import os, signal
from tiwtui.cli.signals import run

async def command():
    os.kill(os.getpid(), signal.SIGHUP)
    return "went on"

print(run(command()))
"""
