"""`tiwtui sim` as a script meets it: its first line, its end, and what it says of a mistake."""

import json
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from tests.child_environment import child_environment
from tiwtui.cli.commands.sim import command as sim


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """Run the command in a process of its own and yield it with its first line."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from tiwtui.cli.commands.sim import command; command()",
            "--port",
            "0",
            *options,
        ],
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout
            assert select.select([process.stdout], [], [], 30)[0], "no first line"
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize(("ending", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_the_first_line_introduces_the_service_and_a_signal_ends_it_quietly(
    ending: signal.Signals, code: int
) -> None:
    """Scripts read one line, do their work and send a signal."""
    with started("--tasks", "3", "--seed", "1") as (process, found):
        assert list(found) == ["endpoint", "region", "sdk_app_id", "secret_id", "secret_key", "tasks"]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", str(found["endpoint"]))
        assert (found["region"], found["sdk_app_id"]) == ("ap-singapore", 1400000001)
        assert isinstance(found["tasks"], list)
        assert len(found["tasks"]) == 3
        process.send_signal(ending)
        rest, talk = process.communicate(timeout=30)
        assert (process.returncode, rest) == (code, "")
        assert "Traceback" not in talk


def test_the_introduction_repeats_with_the_seed() -> None:
    """A recorded session can be played again."""
    with started("--seed", "9") as (_, one), started("--seed", "9") as (_, other):
        assert {**one, "endpoint": ""} == {**other, "endpoint": ""}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--fault", "slow:1"), "latency, http500, reset, hang, html, truncated, throttle, internal, clock"),
        (("--fault", "reset:1.5"), "needs a share from 0 to 1"),
        (("--speed", "nan"), "at least 0"),
        (("--speed", "-1"), "at least 0"),
        (("--port", "70000"), "65535"),
    ],
)
def test_a_wrong_option_is_a_usage_error_that_says_what_is_right(
    options: tuple[str, ...], reason: str
) -> None:
    """Exit 2, and nothing on standard output for a script to misread."""
    result = CliRunner().invoke(sim, options)
    assert result.exit_code == 2
    assert reason in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_taken_port_is_named_with_the_way_out() -> None:
    """Two simulators at once are normal; the second must not fail with a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(sim, ["--port", str(port)])
    assert result.exit_code == 2
    assert f"port {port} of 127.0.0.1 cannot be used" in result.stderr
    assert "0 for a free one" in result.stderr


def test_importing_the_command_imports_neither_textual_nor_httpx() -> None:
    """It serves HTTP by itself, for scripts that start it often."""
    names = ("textual", "httpx")
    code = f"import sys, tiwtui.cli.commands.sim; print([m for m in {names} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], env=child_environment(), capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_help_names_every_option() -> None:
    """The README shows this text."""
    found = CliRunner().invoke(sim, ["--help"]).stdout
    for option in ("--port", "--seed", "--speed", "--tasks", "--fault"):
        assert option in found
