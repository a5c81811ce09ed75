"""Copying text so that it arrives where the person sits, and saying no more about it than is known.

1. Routes are tried in one order: the configured command; inside tmux `tmux load-buffer -w -`; over SSH
   OSC 52; on this machine pbcopy, wl-copy, xclip, xsel, clip.exe; last OSC 52. The next one is tried only
   when one failed.
2. Over SSH no command of this machine is a route: it would fill the clipboard of the wrong computer.
3. OSC 52 is a route only where nothing known swallows it: not inside tmux or screen (both drop it as they
   are shipped), not on a console without a clipboard.
4. Exit status 0 of a command is "copied". OSC 52 answers nothing, so it is "sent to the terminal".
5. A text of more than `MOST_BYTES` bytes of UTF-8, measured before base64, takes no route at all: the copy
   sheet shows it whole. Terminals drop OSC 52 sequences of 100,000 bytes, which is 74,994 bytes of text; the
   same limit holds for every route, so that what a key does never depends on where one sits.
6. An empty text takes no route either: it would wipe what is on the clipboard.
7. No command sees a shell, the terminal, or more time than `LIMIT_S`.
8. Every program that was tried and did not take the text is named in the message, with what it did.
"""

import asyncio
import base64
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum, StrEnum, auto
from pathlib import PurePath
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import assert_never

import msgspec

from tiwtui.i18n import _
from tiwtui.sanitize import safe

MOST_BYTES = 74_000
LIMIT_S = 1.0
"""How long one program may take."""


class Route(StrEnum):
    """One way onto a clipboard; the value is the name a person knows it by."""

    COMMAND = "command"
    TMUX = "tmux"
    PBCOPY = "pbcopy"
    WL_COPY = "wl-copy"
    XCLIP = "xclip"
    XSEL = "xsel"
    CLIP_EXE = "clip.exe"
    OSC52 = "OSC 52"


class Fault(Enum):
    """Why a program did not take the text."""

    FAILED = auto()
    NO_ANSWER = auto()
    NOT_FOUND = auto()


Run = Callable[[Sequence[str], bytes, float], Awaitable[Fault | None]]
"""Runs argv with these bytes on its stdin for at most so many seconds; `None` where it exits with 0."""


class Tried(msgspec.Struct, frozen=True):
    """A program that did not take the text."""

    program: str
    fault: Fault

    def __str__(self) -> str:
        """Return a clause for a message: `xclip did not answer`."""
        match self.fault:
            case Fault.FAILED:
                text = _("{program} failed")
            case Fault.NO_ANSWER:
                text = _("{program} did not answer")
            case Fault.NOT_FOUND:
                text = _("{program} not found")
            case _ as unreachable:
                assert_never(unreachable)
        return text.format(program=self.program)


class Copied(msgspec.Struct, frozen=True):
    """The text went out by `route`; `program` ran, empty for OSC 52; those in `tried` did not take it."""

    route: Route
    program: str = ""
    tried: tuple[Tried, ...] = ()

    @property
    def claim(self) -> str:
        """What is known of it, to put behind a count: `3 URLs copied (tmux); xclip did not answer`."""
        match self.route:
            case Route.OSC52:
                claim = _("sent to the terminal (OSC 52)")
            case _:
                claim = _("copied ({program})").format(program=self.program)
        return "; ".join((claim, *map(str, self.tried)))


class TooLong(msgspec.Struct, frozen=True):
    """The text is longer than law 5 allows: open the copy sheet."""

    size_bytes: int

    @property
    def reason(self) -> str:
        """Why nothing was copied, for the head of the copy sheet."""
        return _("too long for a clipboard over a terminal: {size} of at most {most} bytes").format(
            size=self.size_bytes, most=MOST_BYTES
        )


class NoRoute(msgspec.Struct, frozen=True):
    """No route is to be trusted here, or no program in `tried` took the text: open the copy sheet."""

    tried: tuple[Tried, ...] = ()

    @property
    def reason(self) -> str:
        """Why nothing was copied and what would help, for the head of the copy sheet."""
        if self.tried:
            return _("nothing copied: {tried}").format(tried=", ".join(map(str, self.tried)))
        return _("no way to the clipboard is known here; clipboard.command in the configuration names one")


Copier = Callable[[str], Awaitable[Copied | TooLong | NoRoute]]
"""Sends a text to the clipboard."""


def choose_routes(
    environ: Mapping[str, str],
    which: Callable[[str], str | None],
    platform: str,
    command: Sequence[str] = (),
) -> tuple[Route, ...]:
    """Return the routes to try, in order; `platform` is `sys.platform`, `which` is `shutil.which`."""
    in_tmux = bool(environ.get("TMUX"))
    over_ssh = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    routes = []
    if command:
        routes.append(Route.COMMAND)
    if in_tmux and which("tmux"):
        routes.append(Route.TMUX)
    if not over_ssh:
        routes += [route for route in _local(environ, platform) if which(route)]
    if not in_tmux and _takes_osc52(environ):
        routes.append(Route.OSC52)
    return tuple(routes)


def _local(environ: Mapping[str, str], platform: str) -> tuple[Route, ...]:
    """Return the programs that reach a clipboard of this machine, were they installed."""
    if platform == "darwin":
        return (Route.PBCOPY,)
    wayland = (Route.WL_COPY,) if environ.get("WAYLAND_DISPLAY") else ()
    x11 = (Route.XCLIP, Route.XSEL) if environ.get("DISPLAY") else ()
    on_wsl = environ.get("WSL_DISTRO_NAME") or environ.get("WSL_INTEROP")
    return (*wayland, *x11, *((Route.CLIP_EXE,) if on_wsl else ()))


def _takes_osc52(environ: Mapping[str, str]) -> bool:
    """Whether nothing is known to swallow OSC 52 between here and the person."""
    return not (
        environ.get("STY")
        or environ.get("TERM_PROGRAM") == "Apple_Terminal"
        or environ.get("TERM", "dumb") in ("", "dumb", "linux")
    )


def osc52_sequence(text: str) -> bytes:
    """Return the bytes that ask a terminal to put `text` on the clipboard."""
    return b"\x1b]52;c;" + base64.b64encode(_utf8(text)) + b"\x07"


async def copy(
    text: str,
    *,
    environ: Mapping[str, str],
    which: Callable[[str], str | None],
    platform: str,
    run: Run,
    osc52: Callable[[bytes], None] | None,
    command: Sequence[str] = (),
) -> Copied | TooLong | NoRoute:
    """Send `text` by the first route that takes it.

    `osc52` writes a sequence to the terminal, between two frames; `None` where there is no terminal.
    `command` is the configured command, word by word.
    """
    size_bytes = len(_utf8(text))
    if size_bytes > MOST_BYTES:
        return TooLong(size_bytes)
    tried: list[Tried] = []
    for route in choose_routes(environ, which, platform, command) if text else ():
        if route is Route.OSC52:
            if osc52 is None:
                continue
            osc52(osc52_sequence(text))
            return Copied(route, tried=tuple(tried))
        argv = _argv(route, command)
        program = safe(PurePath(argv[0]).name or argv[0]) if route is Route.COMMAND else route.value
        fault = await run(argv, _stdin(route, text), LIMIT_S)
        if fault is None:
            return Copied(route, program, tuple(tried))
        tried.append(Tried(program, fault))
    return NoRoute(tuple(tried))


def _argv(route: Route, command: Sequence[str]) -> tuple[str, ...]:
    match route:
        case Route.COMMAND:
            return tuple(command)
        case Route.TMUX:
            return ("tmux", "load-buffer", "-w", "-")
        case Route.PBCOPY:
            # Without a UTF-8 locale pbcopy takes its input for Mac Roman.
            return ("env", "LC_CTYPE=UTF-8", "pbcopy")
        case Route.WL_COPY:
            # Else it guesses a type from the content, and a lone URL is not always pasted as text.
            return ("wl-copy", "--type", "text/plain")
        case Route.XCLIP:
            return ("xclip", "-selection", "clipboard")
        case Route.XSEL:
            return ("xsel", "--clipboard", "--input")
        case Route.CLIP_EXE:
            return ("clip.exe",)
        case Route.OSC52:
            return ()
        case _ as unreachable:
            assert_never(unreachable)


def _stdin(route: Route, text: str) -> bytes:
    # clip.exe reads the machine's OEM code page or UTF-16, never UTF-8; ASCII is the same in all code pages.
    if route is Route.CLIP_EXE and not text.isascii():
        return text.encode("utf-16-le", "replace")
    return _utf8(text)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


async def run_command(argv: Sequence[str], stdin: bytes, limit_s: float) -> Fault | None:
    """Run `argv` with `stdin`; return `None` once it exits with 0, else why it did not.

    It is killed after `limit_s` seconds, or when the caller is cancelled. xclip and wl-copy leave a child
    behind that owns the selection. It holds none of our pipes but the one we close, and lives in a session
    of its own: it is not waited for, and outlives the program.
    """
    process = _started(argv)
    if isinstance(process, Fault):
        return process
    try:
        return await asyncio.to_thread(_hand_over, process, stdin, limit_s)
    except asyncio.CancelledError:
        _kill(process)
        raise


def _started(argv: Sequence[str]) -> Popen[bytes] | Fault:
    try:
        return Popen(argv, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True)
    except FileNotFoundError:
        return Fault.NOT_FOUND
    except (OSError, ValueError):  # not executable, a NUL in a word
        return Fault.FAILED


def _hand_over(process: Popen[bytes], stdin: bytes, limit_s: float) -> Fault | None:
    # In a thread: a pipe of asyncio cannot be dropped safely in every state that a killed program leaves.
    with process:
        try:
            process.communicate(stdin, limit_s)
        except TimeoutExpired:
            _kill(process)
            return Fault.NO_ANSWER
    return None if process.returncode == 0 else Fault.FAILED


def _kill(process: Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
