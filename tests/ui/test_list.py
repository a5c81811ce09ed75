"""The list under a person's fingers: the cursor stays on its task, and only what changed is painted."""

import random
import re

import pytest
from rich.cells import cell_len
from textual.geometry import Offset

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.model import Phase, Task
from tiwtui.ui.dialogs.column_chooser import with_the_others

pytestmark = pytest.mark.anyio


def _many(count: int) -> list[Task]:
    return [make_task(f"t{n:03d}", Phase.PROCESSING, phase_since=NOW - 9000 + n) for n in range(count)]


async def test_movement_keys_go_where_vi_and_less_go() -> None:
    """People who live in k9s and lazygit do not look keys up."""
    async with open_screen(StillSession(_many(100)), size=(100, 40)) as hand:
        table = hand.table
        page = len(table.on_screen())
        for keys, cursor in [
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("up", 0),
            ("up", 0),
            ("ctrl+d", page // 2),
            ("ctrl+u", 0),
            ("pagedown", page),
            ("pageup", 0),
            ("G", 99),
            ("g", 0),
            ("end", 99),
            ("home", 0),
        ]:
            await hand.press(keys)
            assert hand.cursor == f"t{cursor:03d}", keys


async def test_the_cursor_is_always_on_screen_after_a_key() -> None:
    async with open_screen(StillSession(_many(100)), size=(100, 40)) as hand:
        await hand.press("G")
        assert hand.table.on_screen()[-1].task_id == "t099"
        await hand.press("k", "g")
        assert hand.table.on_screen()[0].task_id == "t000"


async def test_a_list_at_its_top_stays_at_its_top() -> None:
    """What is newest is on top; one looks there."""
    session = StillSession(_many(100))
    async with open_screen(session, size=(100, 40)) as hand:
        await hand.press("j")
        session.put(*(make_task(f"new{n}", Phase.PROCESSING, phase_since=NOW - 99_000 - n) for n in range(3)))
        await hand.settle()
        assert hand.table.on_screen()[0].task_id == "new2"
        assert hand.cursor == "t001"


async def test_a_scrolled_list_keeps_the_cursors_line_where_it_is() -> None:
    """The eye is on that line of the screen, not on that number of the list."""
    session = StillSession(_many(100))
    async with open_screen(session, size=(100, 40)) as hand:
        await hand.press("G", "k", "k")
        line = [ref.task_id for ref in hand.table.on_screen()].index("t097")
        session.put(*(make_task(f"new{n}", Phase.PROCESSING, phase_since=NOW - 99_000 - n) for n in range(7)))
        await hand.settle()
        assert [ref.task_id for ref in hand.table.on_screen()].index("t097") == line


async def test_the_cursor_goes_to_the_neighbour_of_a_task_that_is_gone() -> None:
    session = StillSession(_many(5))
    async with open_screen(session) as hand:
        await hand.press("j", "j")
        session.drop(next(ref for ref in session.tasks if ref.task_id == "t002"))
        await hand.settle()
        assert hand.cursor == "t003"


async def test_no_storm_of_changes_moves_the_cursor_or_the_marks_off_their_tasks() -> None:
    """A key must act on the task one sees under the cursor, whatever comes in."""
    rng = random.Random(5)
    session = StillSession(_many(200))
    async with open_screen(session, size=(100, 40)) as hand:
        await hand.press("space", "ctrl+d", "ctrl+d", "ctrl+d", "ctrl+d")
        held, marked = hand.cursor, set(hand.marks)
        for turn in range(30):
            for n in rng.sample(range(1000), 40):
                name = f"t{n:03d}"
                known = next((ref for ref in session.tasks if ref.task_id == name), None)
                if name == held or known in marked:
                    continue
                if known is not None and rng.random() < 0.3:
                    session.drop(known)
                else:
                    since = NOW - rng.randrange(20_000)
                    session.put(make_task(name, rng.choice(list(Phase)), phase_since=since))
            if turn % 7 == 6:
                await hand.wait(4)
            else:
                await hand.settle()
            assert hand.cursor == held
            assert hand.selected == hand.table.cursor
            assert hand.marks == marked
            assert hand.pane.shown.task is session.tasks[ref_of(session, held)]
            assert [ref.task_id for ref in hand.table.on_screen()].count(held) == 1


async def test_a_resort_waits_until_no_key_was_touched_for_three_seconds() -> None:
    session = StillSession(_many(5))
    async with open_screen(session) as hand:
        await hand.press("G")
        session.put(make_task("t001", Phase.READY, phase_since=NOW))
        await hand.wait(2)
        assert hand.listed[1] == "t001"
        await hand.wait(1.5)
        assert hand.listed[-1] == "t001"


async def test_a_task_that_leaves_the_tab_keeps_its_line_dimmed_and_is_not_counted() -> None:
    """After all shown were marked as done the filter read "4/0"."""
    session = StillSession(_many(5))
    async with open_screen(session) as hand:
        await hand.press("2")
        session.put(make_task("t003", Phase.READY, phase_since=NOW))
        await hand.settle()
        assert any("t003" in line and "left this view" in line for line in hand.lines)
        await hand.press("slash", "t", "enter")
        session.put(make_task("t002", Phase.READY, phase_since=NOW))
        await hand.settle()
        assert "/ t 3/3" in hand.lines[1]
        await hand.wait(11)
        assert "t003" not in hand.listed


@pytest.mark.painted
async def test_one_changed_task_repaints_one_line() -> None:
    """Ten answers a second must not cost ten screens."""
    session = StillSession(_many(100))
    async with open_screen(session) as hand:
        table = hand.table
        before = table.painted
        session.put(make_task("t003", Phase.PROCESSING, phase_since=NOW - 8997, checks=8, label="new label"))
        await hand.settle()
        assert table.painted == before + 1
        assert "new label" in hand.text


@pytest.mark.painted
async def test_a_change_off_screen_repaints_nothing() -> None:
    session = StillSession(_many(100))
    async with open_screen(session) as hand:
        before = hand.table.painted
        session.put(make_task("t090", Phase.PROCESSING, phase_since=NOW - 8910, checks=8))
        await hand.settle()
        assert hand.table.painted == before


@pytest.mark.painted
async def test_a_second_repaints_only_lines_whose_words_changed() -> None:
    """Settled tasks are hours old; their ages stand still."""
    hours = [
        make_task(f"old{n}", Phase.READY, phase_since=NOW - 9000, checked_at=NOW - 9000) for n in range(10)
    ]
    session = StillSession([*hours, make_task("young", Phase.PROCESSING, phase_since=NOW - 30)])
    async with open_screen(session) as hand:
        before = hand.table.painted
        await hand.wait(1)
        assert hand.table.painted == before + 1


@pytest.mark.painted
async def test_moving_the_cursor_repaints_two_lines() -> None:
    async with open_screen(StillSession(_many(50))) as hand:
        before = hand.table.painted
        await hand.press("j")
        assert hand.table.painted == before + 2


async def test_the_mouse_moves_the_cursor_and_sorts() -> None:
    tasks = [
        make_task("b", label="Zoo", phase_since=NOW - 50),
        make_task("a", label="Ant", phase_since=NOW - 10),
    ]
    async with open_screen(StillSession(tasks)) as hand:
        assert hand.listed == ["b", "a"]
        await hand.pilot.click("#list", offset=(20, 2))
        assert hand.cursor == "a"
        label = next(placed for placed in hand.table.columns if placed.column.id == "label")
        await hand.pilot.click("#list", offset=(label.x + 1, 0))
        assert hand.listed == ["a", "b"]
        assert "Label▲" in hand.text
        await hand.pilot.click("#list", offset=(label.x + 1, 0))
        assert hand.listed == ["b", "a"]


async def test_a_double_click_opens_a_task() -> None:
    async with open_screen(StillSession(_many(5))) as hand:
        await hand.pilot.click("#list", offset=(20, 2), times=2)
        await hand.settle()
        assert hand.cursor == hand.listed[1]
        assert hand.state.is_full


async def test_three_clicks_in_a_row_do_no_harm() -> None:
    """Textual selects all text by it, and draws that in a style that it looks for in its own screens."""
    session = StillSession(_many(5))
    session.trouble = "saved nowhere"
    async with open_screen(session) as hand:
        for line in ("#head", "#list", "#videos", "#foot"):
            await hand.pilot.click(line, offset=(100, 0), times=3)
            await hand.settle()
            assert "saved nowhere" in hand.text, line


async def test_hovering_lights_the_line_and_leaving_puts_it_out() -> None:
    async with open_screen(StillSession(_many(5))) as hand:
        await hand.pilot.hover("#list", offset=Offset(10, 3))
        assert hand.table.hovered == 2
        await hand.pilot.hover("#head")
        assert hand.table.hovered is None


async def test_wide_characters_keep_the_columns_aligned() -> None:
    """A label in Chinese is twice as wide as it is long."""
    long = "物理 第三讲 牛顿第二定律与它的应用以及练习题"
    tasks = [
        make_task("a" * 20, label=long, room_id=111_111),
        make_task("b" * 20, label="plain", room_id=222_222),
        make_task("c" * 20, label="emoji 🎧🎧🎧🎧🎧🎧🎧🎧🎧🎧", room_id=333_333),
    ]
    async with open_screen(StillSession(tasks)) as hand:
        places = set()
        for room in ("111111", "222222", "333333"):
            line = next(line for line in hand.lines if room in line)
            places.add(cell_len(line[: line.index(room)]))
        assert len(places) == 1
        assert "…" in next(line for line in hand.lines if "111111" in line)


async def test_an_empty_list_says_how_to_begin() -> None:
    async with open_screen(StillSession()) as hand:
        assert "Nothing watched yet. Paste task ids, press a, or pipe: tiwtui add -" in hand.text
        for key in ("j", "G", "c", "x", "r", "space", "enter", "y", "l"):
            await hand.press(key, "escape")
        assert not hand.copied


async def test_an_empty_tab_says_what_that_means() -> None:
    async with open_screen(StillSession([make_task("a")])) as hand:
        await hand.press("5")
        assert "Nothing needs attention." in hand.text


async def test_v_marks_from_the_last_mark_to_the_cursor() -> None:
    """Forty rows of one morning are marked with two keys, in either direction."""
    async with open_screen(StillSession(_many(20))) as hand:
        await hand.press("j", "j", "v", "j", "j", "j", "v")
        assert sorted(ref.task_id for ref in hand.marks) == ["t002", "t003", "t004", "t005"]
        await hand.press("g", "v")
        assert len(hand.marks) == 6
        await hand.press("escape", "G", "v")
        assert {ref.task_id for ref in hand.marks} == {"t019"}


def _titles(hand: Hand) -> list[str]:
    return next(line for line in hand.lines if " Task " in line).split()


async def test_w_hides_and_shows_columns() -> None:
    async with open_screen(StillSession(_many(3)), size=(200, 36)) as hand:
        assert "Room" in _titles(hand)
        await hand.press("w", "j", "j", "j", "j", "space", "escape")
        assert "Room" in _titles(hand)
        await hand.press("w", "j", "j", "j", "j", "space", "enter")
        assert "Room" not in _titles(hand)
        await hand.press("w", "j", "j", "j", "j", "space", "enter")
        assert "Room" in _titles(hand)


async def test_w_moves_columns_and_says_which_are_always_shown() -> None:
    """The order on the screen is a person's own; without Task and Note no row says anything."""
    async with open_screen(StillSession(_many(3)), size=(200, 50)) as hand:
        await hand.press("w")
        rows = [" ".join(line.replace("│", "").split()) for line in hand.lines]
        assert any("◆ Task always" in row for row in rows)
        assert any("◆ Note always" in row for row in rows)
        await hand.press("G", "space", "J", "K", "g", "j", "j", "space", "J", "escape")
        await hand.press("w", "g", "J", "J", "j", "space", "enter")
        titles = _titles(hand)
        assert titles[:3] == ["Task", "Phase", "Room"]
        assert hand.state.columns[:3] == ("app", "task", "phase")


def test_a_column_that_is_left_out_comes_back_where_it_was() -> None:
    assert with_the_others(("label", "task")) == [
        "phase", "app", "label", "room", "group", "in_phase", "checked", "videos", "length", "size",
        "expires", "taken", "added", "task",
    ]  # fmt: skip


async def test_note_gets_room_once_the_view_holds_a_problem_and_gives_it_back_when_it_is_looked_at() -> None:
    """Columns do not come back under the eyes of a person at work."""
    session = StillSession([make_task(f"t{n:03d}") for n in range(5)])
    async with open_screen(session) as hand:

        def note() -> int:
            return hand.table.columns[-1].width

        assert note() < 30
        session.put(make_task("t001", Phase.FAILED, phase_since=NOW))
        await hand.settle()
        assert note() >= 30
        await hand.press("2")
        assert note() < 30
        await hand.press("1", "j")
        assert note() >= 30
        session.put(make_task("t001", Phase.READY, phase_since=NOW))
        await hand.settle()
        assert note() >= 30
        await hand.wait(4)
        assert note() < 30


async def test_the_arrow_of_the_order_is_whole_in_every_column() -> None:
    """A title as wide as its column must not lose its last letters to the arrow."""
    async with open_screen(StillSession([make_task("a", room_id=900822)]), size=(140, 15)) as hand:
        titles = hand.lines[2].split()
        for letter in "ptlrchvno":
            await hand.press("s", letter)
            line = hand.lines[2]
            assert line.count("▲") + line.count("▼") == 1
            assert re.sub("[▲▼]", "", line).split() == titles
