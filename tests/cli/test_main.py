"""The entry point: options, environment, and every way it can end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.child_environment import child_environment
from tests.cli.runner import APP, ENVIRONMENT, READY, ran, simulated
from tests.raw_server import RawServer, Say, Then, Wire, in_a_thread, raw_server
from tiwtui import __version__
from tiwtui.cli import main as run_main
from tiwtui.cli.commands.list import command as list_command
from tiwtui.sim.server import SimServer

MODULE = [sys.executable, "-m", "tiwtui"]


@pytest.fixture(scope="module")
def service() -> Iterator[SimServer]:
    with in_a_thread(simulated()) as server:
        yield server


def asking(endpoint: str, *words: str) -> list[str]:
    return [*MODULE, "--endpoint", endpoint, "--sdk-app-id", APP, "get", *words]


@pytest.mark.smoke
def test_task_is_asked_for_from_a_shell(service: SimServer) -> None:
    """The whole way once: interpreter, signature, socket, JSON, exit code; no warning on it."""
    done = subprocess.run(
        asking(service.endpoint, READY, "--json"),
        env=child_environment(**ENVIRONMENT),
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["phase"] == "ready"


@pytest.mark.smoke
def test_a_task_is_waited_for_and_listed_from_a_shell(service: SimServer, tmp_path: Path) -> None:
    """The way through the saved watch list once: a command that prints nothing ends with 0 too."""
    options = ["--state-dir", str(tmp_path), "--endpoint", service.endpoint, "--sdk-app-id", APP]
    for words in (["wait", READY, "--json"], ["list", "--json"]):
        done = subprocess.run(
            [*MODULE, *options, *words],
            env=child_environment(**ENVIRONMENT),
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)[0]["phase"] == "ready"


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version_is_printed(option: str) -> None:
    result = ran(option)
    assert (result.exit_code, result.stdout) == (0, f"tiwtui {__version__}\n")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_commands_options_and_the_environment(option: str) -> None:
    """All that there is, on one page."""
    text = ran(option).stdout
    for word in ("--endpoint", "--region", "--sdk-app-id", "--rate", "--site", "demo", "get", "sim"):
        assert word in text
    assert "TENCENTCLOUD_SECRET_ID" in text


def test_help_of_get_has_the_exit_codes() -> None:
    """Nobody who writes a script should have to look elsewhere."""
    text = " ".join(ran("get", "--help").stdout.split())
    assert "0 all ready; 1 some failed, empty or not found; 2 usage" in text


WRONG = [
    (("--site", "mars"), "TIWTUI_SITE", "singapore, intl, cn"),
    (("--rate", "0"), "TIWTUI_RATE", "between 0.1 and 18"),
    (("--rate", "19"), "TIWTUI_RATE", "between 0.1 and 18"),
    (("--rate", "nan"), "TIWTUI_RATE", "between 0.1 and 18"),
    (("--rate", "fast"), "TIWTUI_RATE", "not a valid float"),
    (("--sdk-app-id", "-5"), "TIWTUI_SDK_APP_ID", "not a positive number"),
    (("--sdk-app-id", "x"), "TIWTUI_SDK_APP_ID", "not a valid integer"),
    (("--region", "ap singapore"), "TIWTUI_REGION", "not a region's name"),
    (("--region", "ap\r\nX-Evil: 1"), "TIWTUI_REGION", "not a region's name"),
    (("--endpoint", "http://tiw.example.com"), "TIWTUI_ENDPOINT", "use https"),
    (("--endpoint", "ftp://127.0.0.1"), "TIWTUI_ENDPOINT", "neither a host nor an http(s) URL"),
    (("--endpoint", "https://user:pass@127.0.0.1/x"), "TIWTUI_ENDPOINT", "only a host and a port"),
]


@pytest.mark.parametrize(("option", "variable", "said"), WRONG)
def test_wrong_setting_ends_with_2_and_names_what_is_right(
    option: tuple[str, str], variable: str, said: str
) -> None:
    """As an option and as a variable alike, before anything is sent."""
    for result in (ran(*option, "get", READY), ran("get", READY, environment={variable: option[1]})):
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize("words", [("gett",), ("get", "--yaml", "x"), ("get",), ("--colour",)])
def test_mistyped_command_or_option_ends_with_2(words: tuple[str, ...]) -> None:
    result = ran(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


def test_every_option_is_an_environment_variable(service: SimServer) -> None:
    """Containers and scripts set these once; an option that is given wins."""
    variables = ENVIRONMENT | {
        "TIWTUI_ENDPOINT": service.endpoint,
        "TIWTUI_SDK_APP_ID": APP,
        "TIWTUI_REGION": "eu-frankfurt",
        "TIWTUI_RATE": "5",
        "TIWTUI_SITE": "intl",
    }
    assert ran("get", READY, environment=variables).exit_code == 2
    assert ran("--region", "ap-singapore", "get", READY, environment=variables).exit_code == 0
    assert ran("get", READY, environment=variables | {"TIWTUI_REGION": ""}).exit_code == 0


# How it ends


def ended(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str, str]:
    """Run the entry point in this process; return exit code, standard output and standard error."""
    before = sys.argv
    sys.argv = ["tiwtui", *words]
    try:
        with pytest.raises(SystemExit) as left:
            run_main()
    finally:
        sys.argv = before
    captured = capsys.readouterr()
    return left.value.code, captured.out, captured.err


def test_entry_point_ends_with_the_commands_code(
    service: SimServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `context.exit` says has to reach the shell."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    words = ("--endpoint", service.endpoint, "--sdk-app-id", APP, "get")
    assert ended(capsys, *words, READY)[0] == 0
    assert ended(capsys, *words, "neverneverneverneve0")[0] == 1
    assert ended(capsys, "--site", "mars", "get", READY)[0] == 2
    assert ended(capsys, "--version") == (0, f"tiwtui {__version__}\n", "")


@pytest.fixture
def interrupting() -> Iterator[RawServer]:
    """A server that sends the signal of ctrl+c to this process's child instead of an answer."""
    with in_a_thread(raw_server(Say(then=Then.HANG))) as server:
        yield server


def test_ctrl_c_ends_with_130_and_no_traceback(interrupting: RawServer) -> None:
    """In the middle of a request, where a person loses patience."""
    process = subprocess.Popen(
        asking(interrupting.endpoint, READY, "--json"),
        env=child_environment(**ENVIRONMENT),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    async def interrupt(wire: Wire) -> Then:
        process.send_signal(signal.SIGINT)
        return Then.HANG

    interrupting.play(interrupt)
    with process:
        printed, output = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output.strip() == "Interrupted."
    assert json.loads(printed) == []


@pytest.mark.parametrize("form", ["--json", "--jsonl", "--csv", ""])
def test_reader_that_leaves_early_causes_no_traceback(service: SimServer, form: str) -> None:
    """`tiwtui get … | head -0` closes the pipe before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            asking(service.endpoint, READY, *filter(None, [form])),
            env=child_environment(**ENVIRONMENT),
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_are_no_reason_to_crash(service: SimServer, closed: str, tmp_path: Path) -> None:
    """Daemons start their children like that."""
    command = f'exec "$0" -m tiwtui --endpoint {service.endpoint} --sdk-app-id {APP} get {READY} {closed}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable],
        env=child_environment(**ENVIRONMENT),
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("encoding", "form", "expected"),
    [
        ("gbk", "--json", rb'"task_id": "\u767d\u677f\ud83c\udfa7"'),
        ("gbk", "--jsonl", rb'"task_id": "\u767d\u677f\ud83c\udfa7"'),
        ("gbk", "--csv", "白板🎧,".encode()),
        ("gbk", "", "白板".encode("gbk") + rb"\U0001f3a7"),
        ("utf-8", "--jsonl", '"task_id": "白板🎧"'.encode()),
    ],
)
def test_locale_that_lacks_a_character_is_no_reason_to_crash(
    service: SimServer, encoding: str, form: str, expected: bytes
) -> None:
    """Terminals in China may still speak GBK, which has no headphones; JSON stays JSON there."""
    done = subprocess.run(
        asking(service.endpoint, "白板🎧", *filter(None, [form])),
        env=child_environment(**ENVIRONMENT, PYTHONIOENCODING=encoding, PYTHONUTF8="1"),
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"InvalidParameter.TaskNotFound: ")
    assert expected in done.stdout


SECRET = ENVIRONMENT["TENCENTCLOUD_SECRET_KEY"]


@pytest.fixture
def broken_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in `tiwtui list`, whose error and variables hold a secret."""

    def broken(**_options: object) -> None:
        secret_of_this_frame = SECRET[::-1]
        raise KeyError(SECRET, len(secret_of_this_frame))

    monkeypatch.setattr(list_command, "callback", broken)


@pytest.mark.usefixtures("broken_list")
def test_a_bug_gets_a_short_message_and_a_log_without_secrets(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Users paste the log into reports: it must hold no key, in variables or values."""
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", SECRET)
    code, printed, output = ended(capsys, "list")
    crashed, details, path_text = output.rstrip().partition(" Details: ")
    assert (code, printed) == (70, "")
    assert (crashed, details) == ("tiwtui crashed (KeyError).", " Details: ")
    path = Path(path_text)
    assert path.is_relative_to(Path(os.environ["HOME"]))
    log = path.read_text("utf-8")
    assert "raise KeyError(SECRET" in log
    for secret in (SECRET, SECRET[::-1]):
        assert secret not in log
        assert secret not in output


@pytest.mark.usefixtures("broken_list")
def test_a_bug_gets_its_message_also_where_no_log_can_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A home that is a file, or a full disk, must not hide the bug behind a second error."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("HOME", str(blocked))
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked / "state"))
    code, _printed, output = ended(capsys, "list")
    assert (code, output) == (70, "tiwtui crashed (KeyError).\n")
