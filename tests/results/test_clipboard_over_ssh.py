"""A forwarded display is not the person's clipboard: over SSH the terminal is the way, whatever is set."""

import pytest

from tiwtui.results.clipboard import Route, choose_routes

FORWARDED = {
    "TERM": "xterm-256color",
    "SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22",
    "DISPLAY": "localhost:10.0",
}
WAYLAND = {**FORWARDED, "WAYLAND_DISPLAY": "wayland-0"}
TMUX = {"TMUX": "/tmp/tmux-0/default,1,0"}


def _installed(name: str) -> str | None:
    return f"/usr/bin/{name}"


@pytest.mark.parametrize(
    ("environ", "platform", "routes"),
    [
        (FORWARDED, "linux", (Route.OSC52,)),
        (WAYLAND, "linux", (Route.OSC52,)),
        (FORWARDED, "darwin", (Route.OSC52,)),
        ({**FORWARDED, **TMUX}, "linux", (Route.TMUX,)),
        ({**FORWARDED, "SSH_CONNECTION": ""}, "linux", (Route.XCLIP, Route.XSEL, Route.OSC52)),
    ],
)
def test_over_ssh_a_display_is_no_way_to_the_clipboard(
    environ: dict[str, str], platform: str, routes: tuple[Route, ...]
) -> None:
    """`ssh -X` sets DISPLAY, and a desktop that is logged in sets it for everybody on the machine."""
    assert choose_routes(environ, _installed, platform) == routes


def test_over_ssh_a_configured_command_still_comes_first() -> None:
    """Who names one knows better than any guess."""
    routes = choose_routes(FORWARDED, _installed, "linux", ["copy-it"])
    assert routes == (Route.COMMAND, Route.OSC52)
