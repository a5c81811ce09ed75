"""Filters of the configuration as tabs 6 to 9."""

import pytest
from rich.cells import cell_len

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import open_screen
from tiwtui.config.key_changes import rebound
from tiwtui.glyphs import UNICODE_GLYPHS
from tiwtui.listing.named_filters import named_filters
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase
from tiwtui.ui.widgets.tab_bar import tab_line

pytestmark = pytest.mark.anyio

FILTERS = (("Maths", "maths"), ("物理 课", "物理"), ("untaken", "has:videos taken:no"))


def _session() -> StillSession:
    return StillSession(
        [
            make_task("t1", label="Maths 3A", phase_since=NOW - 90),
            make_task("t2", Phase.READY, label="Maths 3B"),
            make_task("t3", label="物理", phase_since=NOW - 80),
        ]
    )


def _line(current: int, width: int, shown: int | None = 3) -> str:
    named = named_filters(FILTERS)
    counts = dict.fromkeys(Tab, 3) | {Tab.ATTENTION: 0}
    tabs = [*Tab, *named]
    pieces = tab_line(counts.__getitem__, tabs[current - 1], width, UNICODE_GLYPHS, named=named, shown=shown)
    return "".join(piece.text for piece in pieces)


async def test_a_digit_shows_the_tasks_of_a_named_filter() -> None:
    async with open_screen(_session(), filters=FILTERS) as hand:
        assert "6 Maths" in hand.text
        await hand.press("6")
        assert set(hand.listed) == {"t1", "t2"}
        assert " 6 Maths 2 " in hand.lines[1]
        await hand.press("7")
        assert hand.listed == ["t3"]
        await hand.press("1")
        assert len(hand.listed) == 3


async def test_what_is_typed_looks_within_the_named_filter() -> None:
    async with open_screen(_session(), filters=FILTERS) as hand:
        await hand.press("6", "/")
        await hand.type("3B")
        assert hand.listed == ["t2"]
        await hand.press("escape")
        assert set(hand.listed) == {"t1", "t2"}


async def test_a_task_that_comes_to_match_comes_into_the_tab() -> None:
    session = _session()
    async with open_screen(session, filters=FILTERS) as hand:
        await hand.press("6")
        session.put(make_task("t4", label="maths at night"))
        await hand.settle()
        assert "t4" in hand.listed


async def test_a_digit_without_a_tab_does_nothing() -> None:
    async with open_screen(_session(), filters=FILTERS) as hand:
        await hand.press("2", "9")
        assert hand.state.tab is Tab.ACTIVE
    async with open_screen(_session()) as hand:
        await hand.press("6")
        assert hand.state.tab is Tab.ALL


async def test_a_filter_of_marks_follows_the_marks() -> None:
    """The named one is looked at again as the typed one is."""
    async with open_screen(_session(), filters=[("marked", "marked:yes")]) as hand:
        await hand.press("space", "6")
        assert len(hand.listed) == 1
        await hand.press("1", "*", "6")
        assert len(hand.listed) == 3


async def test_a_named_filter_can_be_one_of_removed_tasks() -> None:
    """They are what can be brought back; the tab shows them as the typed filter does."""
    session = _session()
    session.drop(*(ref for ref in session.tasks if ref.task_id == "t2"))
    async with open_screen(session, filters=[("bin", "removed:yes maths")]) as hand:
        await hand.press("6")
        assert hand.listed == ["t2"]
        assert hand.lines[1].endswith(" 6 bin 1")
        await hand.press("u")
        assert {ref.task_id for ref in session.tasks} == {"t1", "t2", "t3"}
        await hand.press("1")
        assert set(hand.listed) == {"t1", "t2", "t3"}


async def test_a_click_on_its_name_shows_it() -> None:
    async with open_screen(_session(), filters=FILTERS) as hand:
        await hand.pilot.click(offset=(hand.lines[1].index("Maths"), 1))
        await hand.settle()
        assert set(hand.listed) == {"t1", "t2"}


async def test_a_filter_that_cannot_be_read_whole_is_no_crash() -> None:
    async with open_screen(_session(), filters=[("odd", "phase:redy maths")]) as hand:
        await hand.press("6")
        assert set(hand.listed) == {"t1", "t2"}


def test_only_the_current_named_tab_has_a_count() -> None:
    """The others would have to be looked for among all tasks, each second."""
    assert _line(1, 200).endswith("│ 6 Maths │ 7 物理 课 │ 8 untaken ")
    assert _line(7, 200).endswith("│ 6 Maths │ 7 物理 课 3 │ 8 untaken ")
    assert _line(7, 200, shown=None).endswith("│ 6 Maths │ 7 物理 课 │ 8 untaken ")


def test_where_there_is_little_room_the_named_tabs_leave_first() -> None:
    builtin = " 1 All 3 │ 2 Active 3 │ 3 Ready 3 │ 4 Failed 3 │ 5 Attention 0 "
    assert _line(1, 80) == f"{builtin}│ 6–8 … "
    assert _line(6, 80) == f"{builtin}│ 6 Maths 3 "
    assert _line(6, 40) == " 4 Failed 3 │ 6 Maths 3 │ 7–8 … "
    assert _line(1, 22) == " 1 All 3 │ 4 Failed 3 "
    assert _line(1, 20) == " 1 All 3 "


def test_the_tabs_show_the_keys_they_have() -> None:
    """A digit that does nothing would be a lie; a tab without a key can be clicked."""
    keys, _faults = rebound([("tab", ("f1", "i", "f3", "f4", "f5", "!", "@"))])
    named = named_filters(FILTERS)
    counts = dict.fromkeys(Tab, 3)

    def said(width: int) -> str:
        pieces = tab_line(counts.__getitem__, Tab.ALL, width, UNICODE_GLYPHS, named=named, shown=3, keys=keys)
        return "".join(piece.text for piece in pieces)

    assert said(200).startswith(" F1 All 3 │ i Active 3 │ F3 Ready 3 ")
    assert said(200).endswith("│ ! Maths │ @ 物理 课 │ untaken ")
    assert said(90).endswith("│ ! … ")


def test_a_long_name_is_cut_by_its_cells() -> None:
    named = named_filters([("物理" * 20, "x")])
    counts = dict.fromkeys(Tab, 0)
    pieces = tab_line(counts.__getitem__, named[0], 200, UNICODE_GLYPHS, named=named, shown=1)
    name = next(piece.text for piece in pieces if "物" in piece.text)
    assert cell_len(name) <= 20
    assert name.rstrip().endswith("…")


def test_a_name_that_would_steer_the_terminal_is_shown() -> None:
    named = named_filters([("\x1b[2Jx", "x")])
    pieces = tab_line(dict.fromkeys(Tab, 0).__getitem__, Tab.ALL, 200, UNICODE_GLYPHS, named=named)
    assert "\x1b" not in "".join(piece.text for piece in pieces)
