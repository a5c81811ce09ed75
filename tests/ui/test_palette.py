"""The palette and the theme chooser."""

import pytest
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from tests.ui.fake_session import NOW, StillSession, make_task, make_video
from tests.ui.pilot import Hand, open_screen
from tiwtui.config.key_table import COMMANDS, Scope
from tiwtui.formatting import Tone
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase
from tiwtui.ui.drawing.themes import fitting, legible_themes

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    session = StillSession(
        [make_task("r1", Phase.READY, phase_since=NOW - 300), make_task("p1", phase_since=NOW - 500)]
    )
    ready = next(ref for ref in session.tasks if ref.task_id == "r1")
    session.videos[ready] = (make_video(0), make_video(1))
    return session


def _offered(hand: Hand) -> list[tuple[str, str]]:
    return [(command.title, command.help) for command in hand.app.get_system_commands(hand.main)]


async def test_each_command_is_in_the_palette_once_and_begins_with_a_verb() -> None:
    """Who looks for what can be done reads commands, and reads each of them once."""
    async with open_screen(_session()) as hand:
        titles = [title for title, _key in _offered(hand)]
        assert len(titles) == len(set(titles))
        assert all(title[0].isupper() for title in titles)
        shown = " ".join(titles).casefold()
        for command in COMMANDS:
            is_elsewhere = command.is_numbered or command.scope is Scope.RAW
            if not is_elsewhere and command.id not in ("palette", "commands"):
                assert command.title.casefold() in shown, command.id
        assert not any(title.startswith(("Back", "Detail", "Next", "Previous", "Half")) for title in titles)


async def test_what_matters_here_is_first_and_moving_is_last() -> None:
    async with open_screen(_session()) as hand:
        titles = [title for title, _key in _offered(hand)]
        assert "Check the task or marked ones now" in titles[:4]
        assert titles[-1].startswith("Go ")
        await hand.press("tab")
        assert "Go to the next tab of the detail" in [title for title, _key in _offered(hand)][:4]


async def test_tabs_and_videos_are_offered_one_by_one_with_their_keys() -> None:
    async with open_screen(_session(), filters=[("Maths", "maths")]) as hand:
        await hand.press("j")
        offered = _offered(hand)
        assert ("Show the tab Failed", "4") in offered
        assert ("Show the tab Maths", "6") in offered
        assert [title for title, _key in offered if title.startswith("Copy URL")] == [
            "Copy URL 1",
            "Copy URL 2",
        ]
        await hand.press(":")
        await hand.type("tab failed")
        await hand.press("enter")
        assert hand.state.tab is Tab.FAILED


def _background(hand: Hand) -> str:
    """The colour of the screen behind."""
    return hand.main.styles.background.hex


async def test_each_theme_is_seen_at_once_and_esc_restores() -> None:
    """The name of a theme says nothing: who chooses looks at the list behind."""
    async with open_screen(_session()) as hand:
        before = hand.app.theme, _background(hand)
        await hand.press(":")
        await hand.type("theme")
        await hand.press("enter")
        assert hand.opened == "ThemeScreen"
        await hand.press("j")
        assert hand.app.theme != before[0]
        assert _background(hand) != before[1]
        await hand.burst("j", "escape")
        assert (hand.app.theme, _background(hand)) == before
        assert hand.opened == "MainScreen"


async def test_enter_keeps_the_theme() -> None:
    async with open_screen(_session()) as hand:
        hand.app.action_change_theme()
        await hand.settle()
        await hand.press("down", "enter")
        chosen = hand.app.theme
        assert chosen != "textual-dark"
        await hand.press("escape")
        assert hand.app.theme == chosen


def _luminance(color: Color) -> float:
    parts = (part / 255 for part in (color.r, color.g, color.b))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(text: str, ground: Color) -> float:
    name, _space, share = text.partition(" ")
    color = ground.get_contrast_text(float(share.rstrip("%")) / 100) if name == "auto" else Color.parse(text)
    dark, light = sorted((_luminance(ground + color), _luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


THEMES = {**BUILTIN_THEMES, **{theme.name: theme for theme in legible_themes()}}


@pytest.mark.parametrize("name", [name for name in THEMES if not name.startswith("ansi-")])
def test_every_tone_of_every_theme_can_be_read(name: str) -> None:
    """4.5 to 1 is what WCAG asks of text; the colours of the terminal are not ours to judge."""
    colors = THEMES[name].to_color_system().generate()
    for ground in ("background", "surface"):
        for tone in Tone:
            assert _contrast(colors[tone.value], Color.parse(colors[ground])) >= 4.5, (tone, ground)


@pytest.mark.parametrize("system", [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT])
async def test_a_marked_row_is_no_alarm_in_any_theme(system: ColorSystem) -> None:
    """Red and amber are for what went wrong; rounded to 256 colours a faint amber becomes dark red."""

    def redness(row: int) -> int:
        line = hand.app.screen._compositor.render_strips()[row]
        style = next(segment.style for segment in line if segment.text.strip() and segment.style)
        assert style.bgcolor is not None
        red, green, blue = style.bgcolor.downgrade(system).get_truecolor()
        return red - max(green, blue)

    async with open_screen(_session(), size=(80, 24)) as hand:
        await hand.press("j", "space", "k", "tab")
        marked = next(y for y, line in enumerate(hand.lines) if "r1" in line)
        for name in (name for name in THEMES if not name.startswith("ansi-")):
            hand.app.theme = name
            await hand.settle()
            assert redness(marked) < 48, name


@pytest.mark.parametrize("theme", [None, "nord"])
async def test_with_sixteen_colours_the_terminal_s_own_are_taken(
    monkeypatch: pytest.MonkeyPatch, theme: str | None
) -> None:
    """Rounded to sixteen, ready and failed are the same white."""
    monkeypatch.setenv("TERM", "xterm-16color")
    async with open_screen(_session(), theme=theme) as hand:
        assert hand.app.theme == "ansi-dark"


def test_sixteen_colours_are_for_the_themes_of_the_terminal() -> None:
    """Others would be rounded to colours nobody chose."""
    assert fitting(THEMES, "standard") == ("ansi-dark", "ansi-light")
    assert len(fitting(THEMES, "256")) == len(THEMES)
