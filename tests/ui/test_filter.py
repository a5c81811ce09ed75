"""The filter on the screen, and work over more tasks than one slice holds."""

import random

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.listing.index import SLICE
from tiwtui.listing.order import SORTABLE, Order
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase, Task

pytestmark = pytest.mark.anyio


def _many(count: int) -> list[Task]:
    return [
        make_task(f"t{n:05d}", Phase.PROCESSING, phase_since=NOW - 90_000 + n, label=f"Maths {n % 10}")
        for n in range(count)
    ]


async def _rebuilt(hand: Hand) -> None:
    for _round in range(50):
        if not hand.is_rebuilding:
            return
        await hand.settle()
    raise AssertionError("the list is still being made")


async def _filter(hand: Hand, text: str) -> None:
    await hand.press("slash")
    await hand.type(text)


async def test_the_count_says_how_many_of_all_are_left() -> None:
    async with open_screen(StillSession(_many(50))) as hand:
        await _filter(hand, "label:3")
        assert " 5/50 " in hand.lines[1]


async def test_up_on_an_empty_line_recalls_the_last_filter() -> None:
    """The latest first; down goes back; with text on the line the arrows move the list."""
    async with open_screen(StillSession(_many(20))) as hand:
        for text in ("maths", "phase:ready"):
            await _filter(hand, text)
            await hand.press("enter", "escape")
        await hand.press("slash", "up")
        assert hand.state.filter_text == "phase:ready"
        await hand.press("up", "up")
        assert hand.state.filter_text == "maths"
        await hand.press("down", "down")
        assert hand.state.filter_text == ""
        await hand.type("maths")
        await hand.press("down")
        assert (hand.state.filter_text, hand.cursor) == ("maths", "t00001")


async def test_a_filter_on_marks_follows_them() -> None:
    async with open_screen(StillSession(_many(5))) as hand:
        await hand.press("space", "space")
        await _filter(hand, "marked:yes")
        await hand.press("enter")
        assert hand.listed == ["t00000", "t00001"]
        await hand.press("g", "space")
        await hand.wait(11)
        await hand.wait(11)
        assert hand.listed == ["t00001"]


async def test_a_term_of_time_is_evaluated_again_every_five_seconds() -> None:
    """Nothing happens to the task: it only gets old enough."""
    session = StillSession(
        [make_task("old", phase_since=NOW - 700), make_task("young", phase_since=NOW - 595)]
    )
    async with open_screen(session) as hand:
        await _filter(hand, "in>10m")
        await hand.press("enter")
        assert hand.listed == ["old"]
        await hand.wait(4)
        assert hand.listed == ["old"]
        await hand.wait(2)
        assert hand.listed == ["old", "young"]


async def test_keys_are_served_while_a_long_list_is_made() -> None:
    """The list goes on as it was until the new one is whole."""
    async with open_screen(StillSession(_many(3 * SLICE))) as hand:
        hand.change(filter_text="label:3")
        assert hand.is_rebuilding
        assert len(hand.view) == 3 * SLICE
        hand.table.action_move(1)
        assert hand.cursor == "t00001"
        await _rebuilt(hand)
        assert len(hand.view) == 3 * SLICE / 10


async def test_a_filter_typed_on_abandons_the_one_before() -> None:
    async with open_screen(StillSession(_many(3 * SLICE))) as hand:
        for text in ("label:3", "label:4", "t0000"):
            hand.change(filter_text=text)
        hand.change(tab=Tab.ACTIVE)
        await _rebuilt(hand)
        assert hand.listed == [f"t0000{n}" for n in range(10)]


async def test_what_changes_while_a_long_list_is_made_is_in_it() -> None:
    """Added, removed, relabelled between two slices: the result is as if it had been so before."""
    session = StillSession(_many(3 * SLICE))
    async with open_screen(session) as hand:
        hand.change(filter_text="label:new")
        session.put(
            make_task("t00001", label="new"), make_task("x1", label="new"), make_task("x2", label="new")
        )
        hand.follow(frozenset(ref for ref in session.tasks if ref.task_id in ("t00001", "x1", "x2")))
        session.drop(ref_of(session, "x2"))
        await hand.settle()
        await _rebuilt(hand)
        await hand.settle()
        assert set(hand.listed) == {"t00001", "x1"}


async def test_a_task_in_a_long_list_is_gone_to_once_it_is_shown() -> None:
    async with open_screen(StillSession(_many(3 * SLICE))) as hand:
        hand.change(filter_text="label:3")
        await _rebuilt(hand)
        hand.go_to(ref_of(hand.session, "t05000"))
        await _rebuilt(hand)
        await hand.settle()
        assert hand.cursor == "t05000"


async def test_thousands_of_random_changes_leave_cursor_marks_and_detail_on_their_tasks() -> None:
    """Tasks come, go, settle, and the whole list is sorted and filtered again around the one being read."""
    rng = random.Random(11)
    session = StillSession(_many(2 * SLICE + 100))
    async with open_screen(session, size=(100, 40)) as hand:
        hand.table.select(ref_of(session, "t01500"))
        await hand.press("space", "k")
        held, marked = hand.cursor, set(hand.marks)
        for turn in range(12):
            for n in rng.sample(range(6000), 300):
                ref = next((ref for ref in (make_task(f"t{n:05d}").ref,) if ref in session.tasks), None)
                if f"t{n:05d}" == held or ref in marked:
                    continue
                if ref is not None and rng.random() < 0.4:
                    session.drop(ref)
                else:
                    since = NOW - rng.randrange(90_000)
                    session.put(make_task(f"t{n:05d}", rng.choice(list(Phase)), phase_since=since))
            was = [ref.task_id for ref in hand.table.on_screen()].index(held)
            is_sorted = turn % 4 == 3
            if is_sorted:
                hand.change(order=Order(SORTABLE[turn % len(SORTABLE)]))
                await _rebuilt(hand)
            else:
                await hand.settle()
            shown = [ref.task_id for ref in hand.table.on_screen()]
            assert hand.cursor == held
            assert shown.count(held) == 1
            assert is_sorted or shown.index(held) == was
            assert hand.marks == marked
            assert hand.pane.shown.task is session.tasks[ref_of(session, held)]


@pytest.mark.parametrize("size", [(140, 42), (141, 40), (101, 30), (102, 30), (103, 30), (80, 24), (50, 24)])
async def test_the_line_stands_inside_the_edge_of_its_panel(size: tuple[int, int]) -> None:
    """Outside, it looks like a part of the detail."""
    async with open_screen(StillSession(_many(3)), size=size) as hand:
        await _filter(hand, "label:3")
        edge = [strip.text.rstrip() for strip in hand.app.screen._compositor.render_strips()][1]
        assert " / label:3" in edge
        assert not hand.main.split.framed.value or edge.endswith("─╮")
