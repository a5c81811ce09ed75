"""Too little memory, no thread, few file descriptors: exit code 2 and a sentence, never a hang."""

import errno
import os
import pty
import resource
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.cli.watch_list import WatchList
from tiwtui.cli import main as run_main
from tiwtui.cli.commands.list import command as list_command

NO_THREADS = "import threading; threading.stack_size(1 << 46); from tiwtui.cli import main; main()"
"""No system has the memory for such a stack, so that every start of a thread fails."""
NO_THREAD = "no further thread can be started"


def printed(
    watch_list: WatchList, *words: str, before: Callable[[], None] | None = None, code: str = ""
) -> str:
    """Run a command that must end with 2 soon, and print nothing; return what it said."""
    done = subprocess.run(
        [
            *(sys.executable, *(("-c", code) if code else ("-m", "tiwtui"))),
            *("--endpoint", "http://127.0.0.1:9", "--state-dir", str(watch_list.folder), *words),
        ],
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    "words", [("wait", "1/x", "--timeout", "1"), ("watch",), ("add", "1/x"), ("rm", "1/x")], ids=" ".join
)
def test_without_a_thread_the_store_does_not_open(watch_list: WatchList, words: tuple[str, ...]) -> None:
    """It counted as open before its thread ran, so `wait --timeout 1` waited for ever to close it."""
    assert NO_THREAD in printed(watch_list, *words, code=NO_THREADS)


def test_without_a_thread_the_demo_is_refused() -> None:
    """Textual fails at its own cleanup there, which hides the cause."""
    outer, inner = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", NO_THREADS, "demo"],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        timeout=20,
    )
    said = os.read(outer, 65_536)
    os.close(inner)
    os.close(outer)
    assert done.returncode == 2
    assert NO_THREAD.encode() in said


@pytest.mark.parametrize("most", range(6, 13))
@pytest.mark.parametrize(
    "words", [("wait", "1/x", "--timeout", "0"), ("add", "1/x"), ("list",)], ids=" ".join
)
def test_few_file_descriptors_are_said_to_be_few(
    watch_list: WatchList, words: tuple[str, ...], most: int
) -> None:
    """The message was that the state cannot be written, or a traceback of asyncio."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    assert "too few files can be open" in printed(watch_list, *words, before=limit)


@pytest.fixture
def running_out(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `tiwtui list` during which the system runs out of something."""

    def failing(**_options: object) -> None:
        raise request.param

    monkeypatch.setattr(list_command, "callback", failing)


@pytest.mark.usefixtures("running_out")
@pytest.mark.parametrize(
    "running_out",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory", "/some/file"),
        OSError(errno.EMFILE, "Too many open files", "/some/file"),
        ExceptionGroup("tasks", [ExceptionGroup("more", [MemoryError()])]),
        RuntimeError("can't start new thread"),
    ],
    indirect=True,
    ids=repr,
)
def test_what_runs_out_later_is_no_mistake_of_the_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The advice is to allow more, not to report a bug."""
    monkeypatch.setattr(sys, "argv", ["tiwtui", "list"])
    with pytest.raises(SystemExit) as left:
        run_main()
    assert left.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "allow more" in captured.err
