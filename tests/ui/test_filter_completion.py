"""Tab in the filter completes terms and values; elsewhere it switches the focus."""

import pytest

from tests.ui.fake_session import StillSession, make_task
from tests.ui.pilot import Hand, open_screen
from tiwtui.model import Phase

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession([make_task("a", Phase.READY), make_task("b", Phase.FAILED), make_task("c")])


async def _type(hand: Hand, text: str) -> None:
    await hand.press("slash")
    await hand.type(text)


async def test_tab_completes_a_term_then_its_values_and_the_list_follows() -> None:
    async with open_screen(_session()) as hand:
        await _type(hand, "pha")
        await hand.press("tab")
        assert hand.state.filter_text == "phase:"
        await hand.type("f")
        await hand.press("tab")
        assert (hand.state.filter_text, hand.listed) == ("phase:failed", ["b"])
        assert hand.main.focused is not None
        assert hand.main.focused.id == "filter"


async def test_tab_again_goes_on_and_shift_tab_back() -> None:
    async with open_screen(_session()) as hand:
        await _type(hand, "kind:")
        await hand.press("tab")
        assert hand.state.filter_text == "kind:camera"
        await hand.press("tab")
        assert hand.state.filter_text == "kind:screen"
        await hand.press("shift+tab")
        assert hand.state.filter_text == "kind:camera"


async def test_the_candidates_are_shown_while_one_is_chosen() -> None:
    async with open_screen(_session(), size=(80, 24)) as hand:
        await _type(hand, "kind")
        assert "tab complete" in hand.lines[-1]
        await hand.press("tab", "tab")
        assert hand.lines[-1].split() == ["camera", "screen", "whiteboard", "mixed", "audio", "unknown"]
        await hand.press("backspace")
        assert "whiteboard" not in hand.lines[-1]


async def test_on_a_narrow_screen_the_chosen_candidate_is_always_among_those_shown() -> None:
    async with open_screen(_session(), size=(40, 14)) as hand:
        await _type(hand, "phase:")
        for _candidate in range(11):
            await hand.press("tab")
            chosen = hand.state.filter_text.removeprefix("phase:")
            assert chosen in hand.lines[-1]


async def test_tab_with_nothing_to_complete_stays_in_the_filter() -> None:
    async with open_screen(_session()) as hand:
        await _type(hand, "maths")
        await hand.press("tab", "shift+tab")
        await hand.type("x")
        assert hand.state.filter_text == "mathsx"


async def test_outside_the_filter_tab_switches_the_focus() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("tab")
        assert not hand.is_in_list
        await hand.press("shift+tab")
        assert hand.is_in_list
