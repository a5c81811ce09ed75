"""Removing and `u`: what comes back comes back as it was, and is named."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from tests.ui.fake_session import APP, NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase, TaskRef

pytestmark = pytest.mark.anyio

HOUR_S = 3600.0


def _session(count: int = 0) -> StillSession:
    tasks = [
        make_task("p1", label="Maths 3A", phase_since=NOW - 500),
        make_task("r1", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
        make_task("r2", Phase.READY, label="Physics", phase_since=NOW - 310),
        make_task("f1", Phase.FAILED, label="History", phase_since=NOW - 320),
    ]
    more = [make_task(f"m{n:03d}", phase_since=NOW - 400 + n) for n in range(count)]
    return StillSession([*tasks, *more])


def _calls(hand: Hand, what: str) -> list[tuple[Any, ...]]:
    return [shown for shown in hand.session.calls if shown[0] == what]


def _row(hand: Hand, name: str) -> int:
    """Return the screen line a task is drawn on."""
    return next(row for row, line in enumerate(hand.lines) if name in line)


async def test_u_puts_the_cursor_on_the_task_that_came_back() -> None:
    """Who takes back a slip of the finger goes on where the slip was."""
    async with open_screen(_session()) as hand:
        await hand.press("j", "x")
        assert hand.cursor == "r2"
        await hand.press("G", "u")
        assert hand.cursor == "r1"
        assert hand.toasts[-1] == "brought back Maths 3B"


async def test_what_comes_back_is_on_the_screen_line_it_was_on() -> None:
    async with open_screen(_session(100)) as hand:
        await hand.press("pagedown", "pagedown", "k", "k", "k")
        name, row = hand.cursor, _row(hand, hand.cursor)
        await hand.press("x", "g", "u")
        assert (hand.cursor, _row(hand, name)) == (name, row)


@pytest.mark.parametrize("is_elsewhere", [False, True])
async def test_many_that_go_and_come_back_hold_no_key_back(is_elsewhere: bool) -> None:
    """Fifty thousand at once took seconds, in which the screen looked dead; here or in another process."""
    async with open_screen(_session(9000)) as hand:
        known, session = hand.view.tasks, hand.session
        refs, counts = list(session.tasks), [len(session.tasks)]

        def count(turns: int = 2000) -> None:
            if counts[-1] != len(known):
                counts.append(len(known))
            if turns:
                asyncio.get_running_loop().call_soon(count, turns - 1)

        if is_elsewhere:
            session.drop(*refs)
            count()
            await hand.settle()
            await session.restore(refs)
            count()
            await hand.settle()
        else:
            await hand.press("*", "x")
            count()
            await hand.press("y")
            count()
            await hand.press("u")
        assert {0, 9004} <= set(counts)
        assert all(abs(after - before) <= 2000 for before, after in pairwise(counts))
        assert len(hand.listed) == 9004
        assert len(hand.marks) == (0 if is_elsewhere else 9004)


async def test_marked_tasks_that_were_removed_come_back_marked() -> None:
    """What was chosen with care need not be chosen once more."""
    async with open_screen(_session()) as hand:
        await hand.press("space", "space", "x", "y")
        assert not hand.marks
        await hand.press("u")
        assert {ref.task_id for ref in hand.marks} == {"p1", "r1"}
        assert hand.cursor == "p1"
        assert hand.toasts[-1] == "brought back 2 tasks"


async def test_u_in_a_view_that_does_not_show_the_task_says_so_and_stays() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("x", "3", "u")
        assert hand.state.tab is Tab.READY
        assert hand.cursor == "r1"
        assert hand.toasts[-1] == "brought back Maths 3A; not shown here"


async def test_u_takes_back_one_removal_after_the_other() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("x", "x", "u")
        assert hand.cursor == "r1"
        await hand.press("u")
        assert hand.cursor == "p1"
        await hand.press("u")
        assert hand.toasts[-1] == "nothing to bring back"


async def test_xu_that_come_at_once_leave_the_list_as_it_was() -> None:
    """On a slow disk `u` must not bring back what was removed before instead."""
    async with open_screen(_session()) as hand:
        await hand.press("x")
        hand.session.commits_after = asyncio.Event()
        await hand.burst("x", "u")
        hand.session.commits_after.set()
        await hand.settle()
        assert [shown[1] for shown in _calls(hand, "restore")] == [(TaskRef(APP, "r1"),)]
        assert hand.listed == ["r1", "r2", "f1"]


async def test_uu_that_come_at_once_bring_back_two_removals() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("x", "x")
        await hand.burst("u", "u")
        assert hand.listed == ["p1", "r1", "r2", "f1"]


async def test_after_a_restart_u_brings_back_the_last_removal_and_says_when_that_was() -> None:
    """The mistake is often noticed after the screen was left."""
    session = _session()
    session.drop(ref_of(session, "r2"))
    session.now += HOUR_S
    session.drop(ref_of(session, "f1"))
    session.now += 2 * HOUR_S
    async with open_screen(session) as hand:
        await hand.press("u")
        assert hand.toasts[-1] == "brought back History, removed 2h00m ago"
        assert hand.cursor == "f1"
        await hand.press("u")
        assert hand.toasts[-1] == "brought back Physics, removed 3h00m ago"


async def test_tasks_that_went_together_before_a_restart_come_back_together_and_marked() -> None:
    """Another `x` takes them away again, if they were not meant."""
    session = _session()
    session.drop(ref_of(session, "p1"))
    session.now += 1
    session.drop(ref_of(session, "r2"), ref_of(session, "f1"))
    session.now += 60
    async with open_screen(session) as hand:
        await hand.press("u")
        assert hand.toasts[-1] == "brought back 2 tasks, removed 1m00s ago"
        assert {ref.task_id for ref in hand.marks} == {"r2", "f1"}


async def test_a_removal_of_the_day_before_yesterday_is_left_to_the_filter() -> None:
    session = _session()
    session.drop(ref_of(session, "r2"))
    session.now += 24 * HOUR_S
    async with open_screen(session) as hand:
        await hand.press("u")
        assert not _calls(hand, "restore")
        assert hand.toasts[-1].startswith("nothing was removed in the last 24 hours; filter removed:yes")


async def test_the_removal_of_this_run_comes_before_a_later_one_of_another_process() -> None:
    """`u` means what I did; what somebody else did comes back only after that, and with its name."""
    async with open_screen(_session()) as hand:
        await hand.press("x")
        await hand.wait(60)
        hand.session.drop(ref_of(hand.session, "f1"))
        await hand.wait(60)
        await hand.press("u")
        assert hand.toasts[-1] == "brought back Maths 3A"
        await hand.press("u")
        assert hand.toasts[-1] == "brought back History, removed 1m00s ago"


async def test_what_another_process_brought_back_is_said_to_be_there() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("x")
        await hand.session.restore([TaskRef(APP, "p1")])
        await hand.press("u")
        assert hand.toasts[-1] == "it is back already"
        assert hand.listed.count("p1") == 1


async def test_one_of_several_marked_tasks_is_named() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("space", "space", "3", "x")
        assert hand.toasts == ["Maths 3B (1 marked one hidden) removed; u brings it back"]


ON_TARGETS = ("x", "c", "y", "C", "Y", "l", "r")
"""The keys that act on the targets."""


async def test_where_all_marks_are_hidden_a_key_says_so() -> None:
    """An action must not reach tasks one does not see, nor look broken for that."""
    async with open_screen(_session()) as hand:
        await hand.press("space", "3")
        for key in ON_TARGETS:
            hand.app.clear_notifications()
            await hand.press(key)
            assert hand.opened == "MainScreen"
            assert not hand.copied
            assert hand.toasts == ["1 marked, not shown here; esc clears the mark"], key


async def test_on_an_empty_list_a_key_says_that_there_is_nothing() -> None:
    async with open_screen(StillSession()) as hand:
        for key in ON_TARGETS:
            hand.app.clear_notifications()
            await hand.press(key)
            assert hand.toasts == ["there is no task here"], key
