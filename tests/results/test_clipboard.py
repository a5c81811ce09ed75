"""A copy arrives where the person sits, or the copy sheet opens; nothing is claimed that is not known."""

import asyncio
import base64
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tiwtui.results.clipboard import (
    Copied,
    Fault,
    NoRoute,
    Route,
    TooLong,
    Tried,
    choose_routes,
    copy,
    osc52_sequence,
    run_command,
)

pytestmark = pytest.mark.anyio

LOCAL = {"TERM": "xterm-256color"}
WAYLAND = {**LOCAL, "WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
X11 = {**LOCAL, "DISPLAY": ":0"}
SSH = {**LOCAL, "SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def everything(name: str) -> str | None:
    return f"/usr/bin/{name}"


def nothing(name: str) -> str | None:
    return None


@dataclass
class Machine:
    """Programs with the faults given by name, and a terminal; both remember."""

    faults: Mapping[str, Fault] = field(default_factory=dict)
    ran: list[tuple[tuple[str, ...], bytes, float]] = field(default_factory=list)
    terminal: list[bytes] = field(default_factory=list)

    async def run(self, argv: Sequence[str], stdin: bytes, limit_s: float) -> Fault | None:
        self.ran.append((tuple(argv), stdin, limit_s))
        return next((self.faults[word] for word in argv if word in self.faults), None)

    async def copy(
        self,
        text: str,
        environ: Mapping[str, str],
        *,
        which: Callable[[str], str | None] = everything,
        platform: str = "linux",
        command: Sequence[str] = (),
        has_terminal: bool = True,
    ) -> Copied | TooLong | NoRoute:
        return await copy(
            text,
            environ=environ,
            which=which,
            platform=platform,
            run=self.run,
            osc52=self.terminal.append if has_terminal else None,
            command=command,
        )


# Law 1: the order


@pytest.mark.parametrize(
    ("environ", "platform", "routes"),
    [
        (LOCAL, "darwin", (Route.PBCOPY, Route.OSC52)),
        (WAYLAND, "linux", (Route.WL_COPY, Route.XCLIP, Route.XSEL, Route.OSC52)),
        (X11, "linux", (Route.XCLIP, Route.XSEL, Route.OSC52)),
        ({**LOCAL, "WSL_DISTRO_NAME": "Debian"}, "linux", (Route.CLIP_EXE, Route.OSC52)),
        (LOCAL, "linux", (Route.OSC52,)),
        ({**X11, "SSH_CONNECTION": ""}, "linux", (Route.XCLIP, Route.XSEL, Route.OSC52)),
        ({**X11, **TMUX}, "linux", (Route.TMUX, Route.XCLIP, Route.XSEL)),
    ],
)
def test_routes_come_in_the_order_of_law_1(
    environ: dict[str, str], platform: str, routes: tuple[Route, ...]
) -> None:
    """The nearest to the person first, the one that cannot tell whether it worked last."""
    assert choose_routes(environ, everything, platform) == routes


def test_a_configured_command_comes_before_all_else() -> None:
    """Who names one knows better than any guess, in tmux and over SSH too."""
    assert choose_routes({**SSH, **TMUX}, everything, "linux", ["copy-it"])[:2] == (Route.COMMAND, Route.TMUX)


def test_a_program_that_is_not_installed_is_no_route() -> None:
    """Trying it would only take time."""
    assert choose_routes({**WAYLAND, **TMUX}, nothing, "linux") == ()


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize(
    ("environ", "routes"),
    [
        (SSH, (Route.OSC52,)),
        ({**WAYLAND, **SSH}, (Route.OSC52,)),
        ({**X11, "SSH_TTY": "/dev/pts/1"}, (Route.OSC52,)),
        ({**X11, **SSH, **TMUX}, (Route.TMUX,)),
    ],
)
def test_over_ssh_no_command_of_the_other_machine_is_a_route(
    environ: dict[str, str], routes: tuple[Route, ...], platform: str
) -> None:
    """Law 2: `ssh -X` sets DISPLAY, but the clipboard to fill is on the near end."""
    assert choose_routes(environ, everything, platform) == routes


@pytest.mark.parametrize(
    "environ",
    [
        {**SSH, **TMUX},
        {**SSH, "STY": "1.pts-0", "TERM": "screen"},
        {"TERM": "linux"},
        {"TERM": "dumb"},
        {"TERM": ""},
        {},
        {**LOCAL, "TERM_PROGRAM": "Apple_Terminal"},
    ],
)
def test_osc_52_is_no_route_where_something_swallows_it(environ: dict[str, str]) -> None:
    """Law 3: "sent to the terminal" would be true and useless; the copy sheet is neither."""
    assert Route.OSC52 not in choose_routes(environ, everything, "linux")


# What goes out


async def test_the_first_route_that_takes_the_text_ends_the_trying() -> None:
    """A second one would overwrite another clipboard."""
    machine = Machine()
    assert await machine.copy("x", WAYLAND) == Copied(Route.WL_COPY, "wl-copy")
    assert [argv[0] for argv, _, _ in machine.ran] == ["wl-copy"]
    assert machine.terminal == []


@pytest.mark.parametrize("fault", Fault)
async def test_a_route_that_fails_gives_way_to_the_next_and_is_named(fault: Fault) -> None:
    """Old tmux knows no `-w`; a compositor may be gone; a program may hang and be killed."""
    machine = Machine({"wl-copy": fault, "xclip": fault, "xsel": fault})
    tried = (Tried("wl-copy", fault), Tried("xclip", fault), Tried("xsel", fault))
    assert await machine.copy("x", WAYLAND) == Copied(Route.OSC52, tried=tried)
    assert machine.terminal == [osc52_sequence("x")]


async def test_every_program_has_a_second() -> None:
    """Law 7: anyone who presses a key waits for the answer."""
    machine = Machine(dict.fromkeys(("tmux", "wl-copy", "xclip", "xsel"), Fault.NO_ANSWER))
    await machine.copy("x", {**WAYLAND, **TMUX}, command=["xclip"])
    assert [limit_s for _argv, _stdin, limit_s in machine.ran] == [1.0] * 5


async def test_tmux_is_asked_to_pass_the_text_on_within_a_second() -> None:
    """Without `-w` it stays in tmux; a server that hangs must not hold the screen."""
    machine = Machine()
    assert await machine.copy("数学", {**SSH, **TMUX}) == Copied(Route.TMUX, "tmux")
    assert machine.ran == [(("tmux", "load-buffer", "-w", "-"), "数学".encode(), 1.0)]


async def test_when_every_route_failed_they_are_named() -> None:
    """The copy sheet says what was tried."""
    machine = Machine({"clip": Fault.NOT_FOUND, "tmux": Fault.FAILED})
    outcome = await machine.copy("x", {**SSH, **TMUX}, command=["clip"])
    assert outcome == NoRoute((Tried("clip", Fault.NOT_FOUND), Tried("tmux", Fault.FAILED)))
    assert outcome.reason == "nothing copied: clip not found, tmux failed"


async def test_without_any_route_the_reason_says_what_to_configure() -> None:
    """A message tells the user what to do next."""
    outcome = await Machine().copy("x", {}, which=nothing)
    assert outcome == NoRoute()
    assert "clipboard.command" in outcome.reason


async def test_without_a_terminal_osc_52_is_not_sent() -> None:
    """A command whose output goes into a pipe has nobody to send it to."""
    assert await Machine().copy("x", LOCAL, has_terminal=False) == NoRoute()
    machine = Machine({"xclip": Fault.FAILED, "xsel": Fault.FAILED})
    tried = (Tried("xclip", Fault.FAILED), Tried("xsel", Fault.FAILED))
    assert await machine.copy("x", X11, has_terminal=False) == NoRoute(tried)


async def test_an_empty_text_leaves_the_clipboard_alone() -> None:
    """Law 6: a task without video must not wipe what was copied before."""
    machine = Machine()
    assert await machine.copy("", X11) == NoRoute()
    assert (machine.ran, machine.terminal) == ([], [])


@pytest.mark.parametrize("environ", [SSH, X11, TMUX])
async def test_more_than_74_kb_of_utf_8_takes_no_route(environ: dict[str, str]) -> None:
    """Law 5: the same key does the same everywhere; a terminal would drop the text without a word."""
    machine = Machine()
    assert await machine.copy("数" * 24_667, environ) == TooLong(74_001)
    assert (machine.ran, machine.terminal) == ([], [])


async def test_74_kb_still_go_out() -> None:
    """Its sequence stays under the 100,000 bytes that terminals take."""
    machine = Machine()
    assert await machine.copy("x" * 74_000, SSH) == Copied(Route.OSC52)
    assert len(machine.terminal[0]) < 100_000


async def test_a_text_that_is_no_unicode_is_copied_all_the_same() -> None:
    """A lone surrogate is foreign text too, and no reason to crash."""
    machine = Machine()
    await machine.copy("a\ud800b", X11)
    assert machine.ran[0][1] == b"a?b"


@pytest.mark.parametrize(
    ("text", "stdin"),
    [
        ("http://h", b"http://h"),
        ("数", "数".encode("utf-16-le")),
        ("数\ud800", "数?".encode("utf-16-le")),
    ],
)
async def test_clip_exe_gets_no_utf_8(text: str, stdin: bytes) -> None:
    """It would read it in the code page of the machine and paste garbage."""
    machine = Machine()
    await machine.copy(text, {**LOCAL, "WSL_INTEROP": "/run/x"})
    assert machine.ran[0][:2] == (("clip.exe",), stdin)


@pytest.mark.parametrize(
    ("environ", "platform", "commands"),
    [
        (LOCAL, "darwin", [("env", "LC_CTYPE=UTF-8", "pbcopy")]),
        (
            WAYLAND,
            "linux",
            [
                ("wl-copy", "--type", "text/plain"),
                ("xclip", "-selection", "clipboard"),
                ("xsel", "--clipboard", "--input"),
            ],
        ),
    ],
)
async def test_each_program_gets_its_options(
    environ: dict[str, str], platform: str, commands: list[tuple[str, ...]]
) -> None:
    """Without them pbcopy reads Mac Roman, wl-copy guesses a type, and xclip fills another selection."""
    machine = Machine(dict.fromkeys(("pbcopy", "wl-copy", "xclip", "xsel"), Fault.FAILED))
    await machine.copy("数", environ, platform=platform)
    assert [argv for argv, _stdin, _limit_s in machine.ran] == commands


async def test_a_configured_command_runs_without_a_shell() -> None:
    """Law 7: its words reach the program as they are."""
    machine = Machine()
    command = ["/opt/my tools/clip", "--to", "a b"]
    assert await machine.copy("x", SSH, command=command) == Copied(Route.COMMAND, "clip")
    assert machine.ran[0][0] == ("/opt/my tools/clip", "--to", "a b")


@pytest.mark.parametrize(("command", "name"), [("/", "/"), ("/opt/\x1b[31m", "\\x1b[31m")])
async def test_a_configured_command_is_named_safely(command: str, name: str) -> None:
    """The configuration may hold anything, and the name is shown in the terminal."""
    assert await Machine().copy("x", SSH, command=[command]) == Copied(Route.COMMAND, name)


def test_the_sequence_holds_the_text_as_base64_and_nothing_of_it_bare() -> None:
    """An escape sequence in a label must not reach the terminal."""
    sequence = osc52_sequence("\x1b]0;x\x07数")
    assert sequence.startswith(b"\x1b]52;c;")
    assert sequence.endswith(b"\x07")
    assert base64.b64decode(sequence[7:-1]) == "\x1b]0;x\x07数".encode()


# Law 4: claims


def test_osc_52_is_only_claimed_to_be_sent() -> None:
    """No terminal answers it, and many do not take it."""
    assert Copied(Route.OSC52).claim == "sent to the terminal (OSC 52)"


@pytest.mark.parametrize("route", [route for route in Route if route is not Route.OSC52])
def test_a_command_that_ended_with_0_is_claimed_to_have_copied(route: Route) -> None:
    """The program's name lets the reader judge what that means."""
    assert Copied(route, route.value).claim == f"copied ({route.value})"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.NO_ANSWER, "xclip did not answer"),
        (Fault.FAILED, "xclip failed"),
        (Fault.NOT_FOUND, "xclip not found"),
    ],
)
def test_a_program_that_did_not_take_the_text_is_named_with_what_it_did(fault: Fault, words: str) -> None:
    """Law 8: a person must see which clipboard the text is not on."""
    tried = (Tried("xclip", fault),)
    assert Copied(Route.TMUX, "tmux", tried).claim == f"copied (tmux); {words}"
    assert Copied(Route.OSC52, tried=tried).claim == f"sent to the terminal (OSC 52); {words}"
    assert NoRoute(tried).reason == f"nothing copied: {words}"


def test_a_text_too_long_is_reported_with_its_size() -> None:
    """So that one knows what to leave out."""
    assert "80000 of at most 74000 bytes" in TooLong(80_000).reason


# Law 7: the runner

HANGS = "exec /bin/sleep 60"
CLOSES_AND_HANGS = "exec <&-\nexec /bin/sleep 60"
IGNORES_SIGTERM = "trap '' TERM\nexec /bin/sleep 60"
READS_AND_HANGS = "cat >/dev/null\nexec /bin/sleep 60"
LEAVES_A_READER_OUTSIDE = "/usr/bin/setsid /bin/sleep 5 <&0 &\nexec /bin/sleep 60"


def script(folder: Path, name: str, *lines: str) -> str:
    """Write a program that `/bin/sh` runs; return its path."""
    path = folder / name
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)
    return str(path)


async def test_the_runner_hands_over_the_text() -> None:
    """The child alone knows whether it took the text."""
    program = "import sys; sys.exit(sys.stdin.buffer.read() != b'abc')"
    assert await run_command([sys.executable, "-c", program], b"abc", 20) is None
    assert await run_command([sys.executable, "-c", program], b"abd", 20) is Fault.FAILED


@pytest.mark.parametrize(
    "lines", [HANGS, CLOSES_AND_HANGS, IGNORES_SIGTERM, READS_AND_HANGS, LEAVES_A_READER_OUTSIDE]
)
@pytest.mark.parametrize("size_bytes", [1, 70_000, 1_000_000])
async def test_the_runner_kills_a_program_that_hangs(tmp_path: Path, lines: str, size_bytes: int) -> None:
    """It may hang with the pipe empty, half full, full or closed, and none of that is a mistake of ours."""
    begin = time.monotonic()
    program = script(tmp_path, "clip", lines)
    assert await run_command([program], b"x" * size_bytes, 0.2) is Fault.NO_ANSWER
    assert time.monotonic() - begin < 4


@pytest.mark.parametrize("lines", ["exit 1", "exec <&-\nexit 1", "cat >/dev/null\nkill -9 $$"])
@pytest.mark.parametrize("size_bytes", [1, 1_000_000])
async def test_a_program_that_ends_otherwise_than_with_0_failed(
    tmp_path: Path, lines: str, size_bytes: int
) -> None:
    """Also where it ends before it has read the text."""
    assert await run_command([script(tmp_path, "clip", lines)], b"x" * size_bytes, 20) is Fault.FAILED


async def test_the_output_of_a_program_is_not_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Law 7: it would be written over the screen."""
    assert await run_command([script(tmp_path, "clip", "echo noise", "echo noise >&2")], b"x", 20) is None
    assert capfd.readouterr() == ("", "")


async def test_a_copy_that_is_cancelled_kills_its_program(tmp_path: Path) -> None:
    """A second copy replaces the first, which must not reach the clipboard after it, nor may its children."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    program = script(tmp_path, "clip", f"exec 3>'{fifo}'", "echo running >&3", "/bin/sleep 60", ":")
    running = asyncio.create_task(run_command([program], b"", 60))
    with await asyncio.to_thread(fifo.open) as written:
        assert await asyncio.to_thread(written.readline) == "running\n"
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        async with asyncio.timeout(10):
            assert await asyncio.to_thread(written.read) == ""


async def test_the_runner_does_not_wait_for_a_child_that_owns_the_selection() -> None:
    """xclip leaves one behind that serves the text for as long as it is the clipboard."""
    begin = time.monotonic()
    program = "import os, time; os.fork() or time.sleep(1.5)"
    assert await run_command([sys.executable, "-c", program], b"x", 20) is None
    assert time.monotonic() - begin < 2.5


@pytest.mark.parametrize(
    ("argv", "fault"),
    [
        (["/nonexistent/program"], Fault.NOT_FOUND),
        (["a\0b"], Fault.FAILED),
        (["/"], Fault.FAILED),
    ],
)
async def test_a_command_that_cannot_start_is_a_fault(argv: list[str], fault: Fault) -> None:
    """The next route is tried."""
    assert await run_command(argv, b"x", 1) is fault


async def test_each_program_that_did_not_take_the_text_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Laws 1, 7 and 8 with real programs: missing, hanging, failing, and one that works."""
    script(tmp_path, "tmux", HANGS)
    script(tmp_path, "wl-copy", "exit 1")
    script(tmp_path, "xclip", f"/bin/cat >'{tmp_path}/copied'")
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = await copy(
        "数学",
        environ={**WAYLAND, **TMUX},
        which=everything,
        platform="linux",
        run=run_command,
        osc52=None,
        command=["/opt/copy-it", "--now"],
    )
    assert isinstance(outcome, Copied)
    assert outcome.claim == "copied (xclip); copy-it not found; tmux did not answer; wl-copy failed"
    assert (tmp_path / "copied").read_text() == "数学"
