"""The first start, without a key or a task: why nothing is sent, what to do, the demo one key away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from tests.ui.fake_session import StillSession, first_start, make_task
from tests.ui.pilot import app_of, open_screen
from tiwtui.api.credentials import SourceTried
from tiwtui.config.key_table import Keys
from tiwtui.engine.status import Mode
from tiwtui.glyphs import ASCII_GLYPHS, UNICODE_GLYPHS
from tiwtui.ui.widgets.welcome import welcome

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (50, 24)])
async def test_it_says_where_it_looked_how_to_mend_it_and_the_way_to_the_demo(size: tuple[int, int]) -> None:
    async with open_screen(first_start(), size=size) as hand:
        words = " ".join(hand.text.split())
        for shown in (
            "Nothing is sent",
            "environment",
            "SECRET_KEY not set",
            "Key files of tccli and the SDKs are not read",
            "export TENCENTCLOUD_SECRET_ID=AKID…",
            "enter try the demo: a simulated service",
        ):
            assert shown in words
        assert "set a key" not in words
        assert max(map(cell_len, hand.lines)) <= size[0]


async def test_on_the_smallest_screen_the_way_to_the_demo_is_in_sight() -> None:
    async with open_screen(first_start(), size=(40, 12)) as hand:
        assert "enter" in hand.text
        assert "try the demo" in hand.text


async def test_enter_leaves_for_the_demo() -> None:
    """One key: nobody should have to leave, and type a command, to see what this is."""
    session = first_start()
    async with open_screen(session) as hand:
        await hand.press("enter")
    assert hand.app.wants_demo
    assert hand.app.return_code == 0
    assert session.calls[-1] == ("close",)


async def test_a_click_on_its_line_leaves_for_the_demo_too() -> None:
    async with open_screen(first_start()) as hand:
        row = next(row for row, line in enumerate(hand.lines) if "try the demo" in line)
        await hand.pilot.click(offset=(hand.lines[row].index("try"), row))
        await hand.settle()
    assert hand.app.wants_demo


async def test_a_key_that_is_found_meanwhile_makes_room_for_the_list() -> None:
    session = first_start()
    async with open_screen(session) as hand:
        session.credential_sources_tried = ()
        session.is_still = replace(session.is_still, mode=Mode.LIVE, trouble=None, advice="")
        await hand.wait(1)
        assert "Nothing watched yet" in hand.text
        await hand.press("enter")
        assert not hand.app.wants_demo


async def test_a_list_with_tasks_is_shown_with_the_advice_above_it() -> None:
    """What was found earlier is worth more than the welcome; enter opens the detail there."""
    session = first_start()
    async with open_screen(session) as hand:
        session.put(make_task("t", label="Maths"))
        await hand.settle()
        assert "Maths" in hand.text
        assert "set a key" in hand.text
        assert "try the demo" not in hand.text
        await hand.press("j", "enter")
        assert not hand.app.wants_demo


async def test_a_process_that_follows_another_is_not_welcomed() -> None:
    """The other one sends: the list is alive though empty."""
    session = first_start()
    session.is_still = replace(session.is_still, mode=Mode.FOLLOWING, advice="")
    async with open_screen(session) as hand:
        assert "try the demo" not in hand.text


async def test_ids_can_be_pasted_and_the_program_left() -> None:
    async with open_screen(first_start()) as hand:
        await hand.paste("ghucnligqtgtvk2624mb")
        assert hand.opened == "AddScreen"
    async with open_screen(first_start()) as hand:
        await hand.press("q")
    assert not hand.app.wants_demo


@given(
    st.integers(40, 200),
    st.integers(5, 60),
    st.lists(st.builds(SourceTried, st.text(), st.text()), max_size=5),
)
def test_whatever_was_looked_at_fits_the_width(width: int, height: int, looked: list[SourceTried]) -> None:
    for glyphs in (UNICODE_GLYPHS, ASCII_GLYPHS):
        text = welcome(looked, width, height, Keys(), glyphs).plain
        assert all(cell_len(line) <= max(width, 40) for line in text.splitlines())


def test_an_app_that_was_not_left_for_the_demo_does_not_want_it() -> None:
    assert not app_of(StillSession()).wants_demo
