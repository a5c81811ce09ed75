"""The footer: the few keys that matter now, and none that would do nothing."""

import pytest

from tests.ui.fake_session import NOW, StillSession, first_start, make_task
from tests.ui.pilot import Hand, open_screen
from tiwtui.model import Phase
from tiwtui.ui.widgets.footer import Here, hints

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [
            make_task("p1", label="Maths 3A", phase_since=NOW - 500),
            make_task("r1", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
            make_task("f1", Phase.FAILED, label="History", phase_since=NOW - 320),
        ]
    )


def _foot(hand: Hand) -> str:
    return hand.lines[-1]


async def test_copy_is_offered_where_there_is_a_video() -> None:
    async with open_screen(_session()) as hand:
        assert "copy" not in _foot(hand)
        await hand.press("j")
        assert _foot(hand).startswith(" c copy URLs ")
        await hand.press("j")
        assert "copy" not in _foot(hand)


async def test_copy_is_offered_for_marks_of_which_one_has_a_video() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("space")
        assert "copy URLs" not in _foot(hand)
        await hand.press("space")
        assert "copy URLs" in _foot(hand)
        assert "esc clear marks" in _foot(hand)
        assert "add" not in _foot(hand)


async def test_marks_of_which_none_is_shown_can_only_be_cleared() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("space", "3")
        assert _foot(hand).startswith(" esc clear marks ")
        assert "check" not in _foot(hand)
        assert "copy" not in _foot(hand)


async def test_the_detail_offers_what_its_task_has() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("tab")
        assert "copy" not in _foot(hand)
        assert "enter full screen" in _foot(hand)
        await hand.press("tab", "j", "tab")
        assert "c copy the URL" in _foot(hand)
        assert "1-9 copy by number" in _foot(hand)
        await hand.press("]", "]")
        assert "c copy URLs" in _foot(hand)


async def test_the_full_screen_offers_the_way_back_and_not_itself() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("enter")
        assert "full screen" not in _foot(hand)
        assert "esc list" in _foot(hand)


async def test_after_a_removal_u_is_offered_and_on_the_empty_list_it_stays() -> None:
    async with open_screen(StillSession([make_task("p1"), make_task("p2")])) as hand:
        await hand.press("x")
        assert _foot(hand).startswith(" u undo ")
        await hand.wait(31)
        assert "undo" not in _foot(hand)
        await hand.press("x")
        await hand.wait(31)
        assert _foot(hand).startswith(" u undo ")
        await hand.press("u", "u")
        assert "undo" not in _foot(hand)


async def test_a_start_on_a_list_that_was_emptied_today_offers_it_back() -> None:
    """The last removal before the screen was left may have been the slip."""
    session = _session()
    session.drop(*session.tasks)
    async with open_screen(session) as hand:
        assert _foot(hand).startswith(" u undo ")
        await hand.press("u")
        assert len(hand.listed) == 3
    async with open_screen(StillSession()) as hand:
        assert "undo" not in _foot(hand)


async def test_while_paused_the_key_that_goes_on_comes_first() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("p")
        assert _foot(hand).startswith(" p resume ")
        await hand.press("p")
        assert " p pause " in _foot(hand)


async def test_a_list_that_shows_nothing_offers_nothing_to_do_to_a_task() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("slash")
        await hand.type("nothing")
        await hand.press("enter")
        assert _foot(hand).startswith(" esc clear filter ")
        assert "remove" not in _foot(hand)
        assert "check" not in _foot(hand)


async def test_a_removed_task_is_offered_back() -> None:
    session = _session()
    session.drop(*session.tasks)
    async with open_screen(session) as hand:
        await hand.press("slash")
        await hand.type("removed:yes history")
        await hand.press("enter")
        assert _foot(hand).startswith(" u bring back ")
        assert "copy URLs" not in _foot(hand)
        assert "esc watch list" in _foot(hand)
        await hand.press("tab")
        assert _foot(hand).startswith(" u bring back ")


async def test_the_first_start_offers_the_demo() -> None:
    async with open_screen(first_start()) as hand:
        assert _foot(hand).startswith(" enter demo  a add  q quit  ? help")


@pytest.mark.parametrize("here", [Here(), Here(in_detail=True), Here(is_empty=True), Here(marks=2)])
def test_the_help_is_always_there(here: Here) -> None:
    """Where there is no room all others leave before it."""
    assert hints(here)[-1][0] == "help"
