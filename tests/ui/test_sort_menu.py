"""The sort menu: one letter a column, also for those that are not shown."""

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen
from tiwtui.listing.order import LETTERS, Order
from tiwtui.model import Phase

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [
            make_task("b", Phase.READY, label="Maths", size_bytes=10, video_count=1, phase_since=NOW - 30),
            make_task("a", Phase.READY, label="Physics", size_bytes=30, video_count=1, phase_since=NOW - 20),
            make_task("c", Phase.READY, label="Art", size_bytes=20, video_count=1, phase_since=NOW - 10),
        ]
    )


def _row(hand: Hand, word: str) -> str:
    return next(line for line in hand.lines if f"  {word}" in line and "│" in line)


async def test_a_letter_sorts_by_its_column_and_again_reverses() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("s")
        assert hand.opened == "SortScreen"
        await hand.press("t")
        assert (hand.opened, hand.state.order, hand.listed) == ("MainScreen", Order("task"), ["a", "b", "c"])
        await hand.press("s", "t")
        assert (hand.state.order, hand.listed) == (Order("task", is_reversed=True), ["c", "b", "a"])
        await hand.press("s", "l")
        assert (hand.state.order, hand.listed) == (Order("label"), ["c", "b", "a"])
        await hand.press("S")
        assert hand.listed == ["a", "b", "c"]


@pytest.mark.parametrize("width", [120, 80, 50])
async def test_a_column_that_is_not_shown_can_be_sorted_by_and_the_titles_say_so(width: int) -> None:
    """Without an arrow nobody knows why the list stands as it does."""
    async with open_screen(_session(), size=(width, 24)) as hand:
        assert "Size" not in hand.lines[2]
        await hand.press("s", "s")
        assert hand.listed == ["a", "c", "b"]
        assert "Note, by Size▼" in hand.lines[2]
        await hand.press("S")
        assert "Note, by Size▲" in hand.lines[2]
        await hand.press("s", "l")
        assert "by" not in hand.lines[2]


async def test_the_menu_marks_the_present_order_with_its_direction() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("s", "l", "s")
        assert "▲" in _row(hand, "Label")
        await hand.press("l", "s")
        assert "▼" in _row(hand, "Label")
        assert "▲" not in hand.text


async def test_enter_takes_the_highlighted_line_which_is_the_present_order_at_first() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("f4", "enter")
        assert hand.state.order == Order("", is_reversed=True)
        assert "Note, default▼" in hand.lines[2]
        await hand.press("f4", "down", "enter")
        assert hand.state.order == Order("phase")
        await hand.press("f4", "enter")
        assert hand.state.order == Order("phase", is_reversed=True)


@pytest.mark.parametrize("key", ["escape", "q", "f4"])
async def test_leaving_the_menu_leaves_the_order(key: str) -> None:
    async with open_screen(_session()) as hand:
        await hand.press("s", "l", "s", "down", "down", key)
        assert (hand.opened, hand.state.order) == ("MainScreen", Order("label"))


async def test_0_is_the_default_order() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("s", "l", "s", "0")
        assert (hand.state.order, hand.listed) == (Order(), ["c", "a", "b"])


@pytest.mark.parametrize("size", [(140, 42), (50, 24), (40, 12)])
async def test_every_column_has_its_letter_on_every_screen(size: tuple[int, int]) -> None:
    """On a low screen the menu scrolls, and the letters work all the same."""
    async with open_screen(_session(), size=size) as hand:
        for name, letter in LETTERS.items():
            await hand.press("s")
            assert hand.opened == "SortScreen"
            await hand.press(letter)
            assert hand.state.order.column == name


async def test_under_80_columns_the_arrow_of_label_stands_at_name() -> None:
    async with open_screen(_session(), size=(60, 20)) as hand:
        await hand.press("s", "l")
        assert "Name▲" in hand.lines[2].replace(" ", "")
