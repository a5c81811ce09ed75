"""List and detail: who has the focus, and whose videos are under the fingers."""

import pytest

from tests.ui.fake_session import NOW, StillSession, first_start, make_task
from tests.ui.pilot import open_screen, ref_of
from tiwtui.model import Phase

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [
            make_task("p1", label="Maths 3A", phase_since=NOW - 500),
            make_task("r1", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
            make_task("r2", Phase.READY, label="Physics", phase_since=NOW - 310),
        ]
    )


@pytest.mark.parametrize("keys", [("enter",), ("tab",), ("tab", "enter")])
async def test_x_in_the_detail_leads_back_to_the_list(keys: tuple[str, ...]) -> None:
    """The next task's videos must not come under the fingers unseen."""
    async with open_screen(_session()) as hand:
        await hand.press("j", *keys, "x")
        assert hand.is_in_list
        assert hand.toasts == ["Maths 3B removed; u brings it back"]
        await hand.press("1")
        assert not hand.copied


async def test_a_task_that_another_process_removes_leaves_the_full_screen_too() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "enter")
        hand.session.drop(ref_of(hand.session, "r1"))
        await hand.settle()
        await hand.settle()
        assert hand.is_in_list


async def test_a_removed_task_that_comes_back_leaves_the_full_screen_of_the_removed_ones() -> None:
    session = _session()
    session.drop(ref_of(session, "r1"), ref_of(session, "r2"))
    async with open_screen(session) as hand:
        await hand.press("slash")
        await hand.type("removed:yes")
        await hand.press("enter", "enter", "u")
        assert hand.is_in_list


async def test_the_last_task_removed_from_its_full_screen_leaves_the_empty_list() -> None:
    async with open_screen(StillSession([make_task("p1", label="Maths 3A")])) as hand:
        await hand.press("enter", "x")
        assert hand.is_in_list
        assert "Nothing watched yet" in hand.text
        await hand.press("u")
        assert hand.cursor == "p1"


@pytest.mark.parametrize("size", [(120, 36), (50, 18)])
async def test_tab_leads_from_the_full_screen_to_the_list(size: tuple[int, int]) -> None:
    async with open_screen(_session(), size=size) as hand:
        await hand.press("j", "enter", "tab")
        assert hand.is_in_list


async def test_tab_leads_to_the_detail_also_where_it_has_no_place() -> None:
    """A key that does nothing looks broken."""
    async with open_screen(_session(), size=(50, 18)) as hand:
        await hand.press("j", "tab")
        assert hand.state.is_full
        await hand.press("2")
        assert hand.copied[0].endswith("/video1.mp4")
        await hand.press("tab")
        assert hand.is_in_list


@pytest.mark.parametrize(("size", "key"), [((120, 36), "enter"), ((50, 18), "enter"), ((50, 18), "tab")])
async def test_without_a_task_nothing_gets_the_full_screen(size: tuple[int, int], key: str) -> None:
    async with open_screen(StillSession(), size=size) as hand:
        await hand.press(key)
        assert hand.is_in_list
        assert "there is no task here" in hand.text


async def test_space_in_the_detail_marks_the_task_and_stays_on_it() -> None:
    """In the list it goes on to the next; here that would put another task's videos under the fingers."""
    async with open_screen(_session()) as hand:
        for keys in (("j", "tab"), ("enter",)):
            await hand.press(*keys, "space")
            assert hand.cursor == "r1"
        assert not hand.marks


async def test_a_filter_is_typed_beside_the_list() -> None:
    """In the full screen there is no line to type it into: its letters would be commands."""
    async with open_screen(_session()) as hand:
        await hand.press("j", "enter", "slash")
        await hand.type("phys")
        assert not hand.state.is_full
        assert hand.listed == ["r2"]
        assert hand.opened == "MainScreen"


async def test_a_screen_that_is_resized_keeps_the_full_screen_and_its_focus() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "enter", "j")
        for size in ((50, 18), (39, 11), (160, 45)):
            await hand.pilot.resize_terminal(*size)
            await hand.settle()
        assert hand.state.is_full
        assert hand.pane.has_focus_within
        await hand.press("c")
        assert hand.copied[0].endswith("/video1.mp4")
        await hand.press("escape")
        assert hand.is_in_list


async def test_a_pane_for_which_there_is_no_room_any_more_gives_the_focus_back() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "tab")
        await hand.pilot.resize_terminal(50, 18)
        await hand.settle()
        assert hand.is_in_list


async def test_on_a_screen_too_small_to_show_a_task_no_key_touches_one() -> None:
    async with open_screen(_session()) as hand:
        await hand.pilot.resize_terminal(39, 11)
        await hand.settle()
        assert "too small" in hand.text
        await hand.press("x", "r", "c", "space", "p")
        assert not [shown for shown in hand.session.calls if shown[0] in ("remove", "check_now", "pause")]
        assert not hand.marks
        await hand.press("q")
        assert hand.app._exit


async def test_the_full_screen_says_whether_its_task_is_marked() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("space", "enter")
        assert "marked" not in hand.lines[-1]
        await hand.press("space")
        assert hand.lines[-1].endswith(" marked")
        assert len(hand.marks) == 2


@pytest.mark.parametrize(
    ("size", "is_framed"), [((140, 42), True), ((100, 30), True), ((80, 24), False), ((50, 24), False)]
)
async def test_list_and_detail_have_borders_where_there_is_room(
    size: tuple[int, int], is_framed: bool
) -> None:
    """Two panels must differ at a glance; on a small screen every line counts."""
    async with open_screen(_session(), size=size) as hand:
        drawn = "\n".join(strip.text for strip in hand.app.screen._compositor.render_strips())
        assert (drawn.count("╭") == drawn.count("╯") == 2) is is_framed
        assert ("╭─ 1 All 3" in drawn) is is_framed
        assert ("╭─ Videos" in drawn) is is_framed


async def test_what_stands_in_place_of_the_list_has_its_border() -> None:
    """The tabs are the upper edge of a panel, whatever it shows."""
    async with open_screen(first_start(), size=(140, 42)) as hand:
        drawn = "\n".join(strip.text for strip in hand.app.screen._compositor.render_strips())
        assert drawn.count("╭") == drawn.count("╰") == drawn.count("╯") == 1


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark"])
async def test_the_border_of_the_panel_with_the_focus_differs(theme: str) -> None:
    """A key acts on what has the focus."""
    async with open_screen(_session(), size=(140, 42), theme=theme) as hand:

        def edges() -> list[object]:
            strips = hand.app.screen._compositor.render_strips()
            firsts = [next(iter(strip)) for strip in strips]
            return [one.style and one.style.color for one in firsts if one.text[:1] in ("╭", "│", "╰")]

        in_list = edges()
        await hand.press("tab")
        in_detail = edges()
        assert all(one != other for one, other in zip(in_list, in_detail, strict=True))
        assert len(set(in_list)) == len(set(in_detail)) == 2
