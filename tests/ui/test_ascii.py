"""Every widget draws only ASCII, for terminals that have no other signs or draw them too wide."""

import pytest

from tests.ui.fake_session import StillSession, first_start, make_task
from tests.ui.pilot import Hand, open_screen
from tests.ui.sample_diagnostics import BUSY
from tiwtui.glyphs import ASCII_GLYPHS, in_ascii
from tiwtui.model import Phase
from tiwtui.results.clipboard import NoRoute

pytestmark = pytest.mark.anyio

FOREIGN = "物理 第二讲"
WALK: dict[str, tuple[tuple[str, ...], str]] = {
    "list": (("j",), "MainScreen"),
    "marks": (("space", "v"), "MainScreen"),
    "sort": (("s",), "SortScreen"),
    "sorted": (("s", "p", "S"), "MainScreen"),
    "filter": (("/", *"phase:bogus"), "MainScreen"),
    "palette": ((":",), "CommandPalette"),
    "themes": ((":", *"theme", "enter"), "ThemeScreen"),
    "help": (("?",), "HelpScreen"),
    "add": (("a",), "AddScreen"),
    "label": (("l",), "LineScreen"),
    "copy as": (("C",), "CopyAsScreen"),
    "columns": (("w",), "ColumnsScreen"),
    "diagnostics": (("b",), "DiagnosticsScreen"),
    "confirm": (("*", "x"), "ConfirmScreen"),
    "sheet": (("Y",), "CopySheet"),
    "toast": (("c",), "MainScreen"),
    "videos": (("enter",), "MainScreen"),
    "timeline": (("enter", "]"), "MainScreen"),
    "history": (("enter", "]"), "MainScreen"),
    "raw": (("enter", "]"), "MainScreen"),
}


def _session() -> StillSession:
    """Return more tasks than fit, of every phase, one of them with a foreign label."""
    phases = [*Phase] * 4
    tasks = [make_task(f"t{n:02d}", phase, status="") for n, phase in enumerate(phases)]
    session = StillSession([make_task("video", Phase.READY, label=FOREIGN, phase_since=1.0), *tasks])
    session.diagnosed = BUSY
    return session


def _not_ascii(hand: Hand) -> set[str]:
    """Return what is drawn that is not ASCII, of the foreign text nothing."""
    screens = (hand.app.screen, *hand.app._background_screens)
    drawn = "".join(strip.text for screen in screens for strip in screen._compositor.render_strips())
    return {sign for sign in drawn if not sign.isascii()} - set(FOREIGN)


@pytest.mark.parametrize("size", [(150, 24), (40, 12)], ids=["wide", "phone"])
async def test_whatever_is_open_is_drawn_in_ascii(size: tuple[int, int]) -> None:
    """Lists with their scrollbars, borders, dialogs, the framework's palette, toasts."""
    async with open_screen(_session(), size=size, glyphs=ASCII_GLYPHS) as hand:
        for name, (keys, opened) in WALK.items():
            hand.table.select(make_task("video").ref)
            await hand.settle()
            await hand.press(*keys)
            assert hand.opened == opened, name
            assert _not_ascii(hand) == set(), name
            await hand.press("escape", "escape")
            assert hand.opened == "MainScreen", name


async def test_the_first_start_is_drawn_in_ascii() -> None:
    async with open_screen(first_start(), size=(40, 12), glyphs=ASCII_GLYPHS) as hand:
        assert _not_ascii(hand) == set()


async def test_a_text_that_is_to_be_selected_stays_as_it_is() -> None:
    """What is taken from the sheet with the mouse is pasted somewhere: another sign would be wrong."""
    session = StillSession([make_task("video", Phase.READY, label="Maths… ─ 3A")])
    async with open_screen(session, glyphs=ASCII_GLYPHS) as hand:
        hand.outcome = NoRoute()
        await hand.press("C", "j", "enter")
        assert hand.opened == "CopySheet"
        assert "Maths… ─ 3A" in hand.text


def test_a_sign_keeps_its_width() -> None:
    for signs in ("─│┌┐╭╯┼═║", "▁▄█▐▌░▓", "…", "▲▼"):
        assert in_ascii(signs).isascii()
        assert len(in_ascii(signs)) == len(signs)
    assert in_ascii("物理 · 第二讲 é") == "物理 - 第二讲 é"
