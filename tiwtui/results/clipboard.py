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
7. No command sees a shell, the terminal, or more time than its limit.
"""

import asyncio
import base64
import os
import shlex
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import assert_never

from tiwtui.i18n import _

MOST_BYTES = 74_000
TMUX_LIMIT_S = 1.0
COMMAND_LIMIT_S = 3.0

Run = Callable[[Sequence[str], bytes, float], Awaitable[int | None]]
"""Runs argv with these bytes on its stdin for at most so many seconds: its exit status, or `None`."""


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


@dataclass(frozen=True, slots=True)
class Copied:
    """The text went out by `route`; `program` is what ran, empty for OSC 52."""

    route: Route
    program: str = ""

    @property
    def claim(self) -> str:
        """What is known of it, in words to put behind a count: `3 URLs copied (by wl-copy)`."""
        match self.route:
            case Route.OSC52:
                return _("sent to the terminal (OSC 52)")
            case _:
                return _("copied (by {program})").format(program=self.program or self.route)


@dataclass(frozen=True, slots=True)
class TooLong:
    """The text is longer than law 5 allows: open the copy sheet."""

    size_bytes: int

    @property
    def reason(self) -> str:
        """Why nothing was copied, for the head of the copy sheet."""
        return _("too long for a clipboard over a terminal: {size} of at most {most} bytes").format(
            size=self.size_bytes, most=MOST_BYTES
        )


@dataclass(frozen=True, slots=True)
class NoRoute:
    """No route is to be trusted here, or every one in `tried` failed: open the copy sheet."""

    tried: tuple[Route, ...] = ()

    @property
    def reason(self) -> str:
        """Why nothing was copied and what would help, for the head of the copy sheet."""
        if self.tried:
            return _("nothing was copied: {routes} failed").format(routes=", ".join(self.tried))
        return _("no way to the clipboard is known here; clipboard.command in the configuration names one")


def command_argv(command: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the words of a configured command; none for one that is empty or has an open quote."""
    if not isinstance(command, str):
        return tuple(command or ())
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return ()


def choose_routes(
    environ: Mapping[str, str],
    which: Callable[[str], str | None],
    platform: str,
    command: str | Sequence[str] | None = None,
) -> tuple[Route, ...]:
    """Return the routes to try, in order; `platform` is `sys.platform`, `which` is `shutil.which`."""
    in_tmux = bool(environ.get("TMUX"))
    over_ssh = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    routes = []
    if command_argv(command):
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
    command: str | Sequence[str] | None = None,
) -> Copied | TooLong | NoRoute:
    """Send `text` by the first route that takes it.

    `osc52` writes a sequence to the terminal, between two frames; `None` where there is no terminal.
    """
    size_bytes = len(_utf8(text))
    if size_bytes > MOST_BYTES:
        return TooLong(size_bytes)
    tried: list[Route] = []
    for route in choose_routes(environ, which, platform, command) if text else ():
        if route is Route.OSC52:
            if osc52 is None:
                continue
            osc52(osc52_sequence(text))
            return Copied(route)
        argv = _argv(route, command)
        limit_s = TMUX_LIMIT_S if route is Route.TMUX else COMMAND_LIMIT_S
        if await run(argv, _stdin(route, text), limit_s) == 0:
            return Copied(route, PurePath(argv[0]).name if route is Route.COMMAND else route.value)
        tried.append(route)
    return NoRoute(tuple(tried))


def _argv(route: Route, command: str | Sequence[str] | None) -> tuple[str, ...]:
    match route:
        case Route.COMMAND:
            return command_argv(command)
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


async def run_command(argv: Sequence[str], stdin: bytes, limit_s: float) -> int | None:
    """Return the exit status of `argv`, or `None` if it cannot start or is killed after `limit_s` seconds.

    xclip and wl-copy leave a child behind that owns the selection. It holds none of our pipes but the one
    we close, and lives in a session of its own: it is not waited for, and outlives the program.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError):  # not there, not executable, a NUL in a word
        return None
    try:
        async with asyncio.timeout(limit_s):
            await process.communicate(stdin)
            return process.returncode
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if process.stdin is not None:
                process.stdin.transport.abort()
            await process.wait()
