"""Removed tasks on the screen: shown where the filter asks for them, and brought back from there."""

import asyncio
from typing import Any

import pytest

from tests.ui.fake_session import APP, NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.config.key_table import DEFAULT_KEYS
from tiwtui.listing.index import SLICE
from tiwtui.model import Phase, TaskRef
from tiwtui.store.errors import StoreFailed

pytestmark = pytest.mark.anyio

DAY_S = 86_400.0


def _ref(name: str) -> TaskRef:
    return TaskRef(APP, name)


def _session() -> StillSession:
    """Return a session of five tasks; `old1`, `old2` and `old3` were removed two days ago."""
    session = StillSession(
        [
            make_task("p1", label="Maths 3A", phase_since=NOW - 500),
            make_task("r1", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
            make_task("r2", Phase.READY, label="Physics", phase_since=NOW - 310),
            make_task("f1", Phase.FAILED, label="History", phase_since=NOW - 320),
            make_task("p2", label="Chemistry", phase_since=NOW - 100),
            make_task("old1", Phase.READY, label="Old maths", phase_since=NOW - 400 * 60),
            make_task("old2", Phase.PROCESSING, label="Old physics", phase_since=NOW - 401 * 60),
            make_task("old3", Phase.FAILED, label="Old history", phase_since=NOW - 402 * 60),
        ]
    )
    session.now = NOW - 2 * DAY_S - 60
    session.drop(_ref("old1"), _ref("old2"), _ref("old3"))
    session.now = NOW
    return session


def _calls(hand: Hand, what: str) -> list[tuple[Any, ...]]:
    return [shown for shown in hand.session.calls if shown[0] == what]


async def _ask(hand: Hand, text: str = "removed:yes") -> None:
    await hand.press("slash")
    await hand.type(text)
    await hand.press("enter")


async def test_the_filter_shows_removed_tasks_and_when_that_was() -> None:
    """No call of the service could list them again: what was removed by mistake is found here."""
    async with open_screen(_session(), size=(140, 36)) as hand:
        await _ask(hand)
        assert set(hand.listed) == {"old1", "old2", "old3"}
        line = next(line for line in hand.lines if "Old maths" in line)
        assert "removed 2d ago" in line
        assert all(hand.line_of(ref).is_dim for ref in hand.view.refs())


async def test_the_tabs_go_on_counting_the_watch_list() -> None:
    """What is removed is behind the person; how many still run is not."""
    async with open_screen(_session()) as hand:
        before = hand.lines[1].split(" / ")[0].rstrip()
        await _ask(hand)
        assert hand.lines[1].startswith(before)
        assert hand.lines[1].endswith(" 3/3")


async def test_other_terms_and_tabs_filter_the_removed_tasks_too() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand, "removed:yes maths")
        assert hand.listed == ["old1"]
        await hand.press("escape")
        await _ask(hand)
        await hand.press("4")
        assert hand.listed == ["old3"]


async def test_removed_no_is_the_watch_list() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand, "removed:no")
        assert set(hand.listed) == {"p1", "p2", "r1", "r2", "f1"}


async def test_leaving_the_filter_puts_the_cursor_where_it_was() -> None:
    """Also though what was typed before it was whole matched nothing at all."""
    async with open_screen(_session()) as hand:
        await hand.press("j", "j", "j")
        was = hand.cursor
        await _ask(hand)
        await hand.press("j", "escape")
        assert set(hand.listed) == {"p1", "p2", "r1", "r2", "f1"}
        assert hand.cursor == was


async def test_u_brings_back_the_task_under_the_cursor_and_no_other() -> None:
    """Not the one that was removed last: that one is not what the person looks at."""
    async with open_screen(_session()) as hand:
        await hand.press("x")
        await _ask(hand, "removed:yes old")
        await hand.press("j")
        meant = hand.cursor
        await hand.press("u")
        assert _calls(hand, "restore") == [("restore", (_ref(meant),))]
        assert hand.toasts[-1] == "brought back Old maths"
        assert meant not in hand.listed
        assert len(hand.listed) == 2
        await hand.press("escape")
        assert meant in hand.listed


async def test_u_brings_back_the_marked_ones() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand)
        await hand.press("space", "space")
        marked = hand.marks
        await hand.press("u")
        assert {*hand.session.tasks} >= marked
        assert hand.toasts[-1] == "brought back 2 tasks"
        assert len(hand.listed) == 1
        assert not hand.marks


async def test_what_was_brought_back_here_is_not_brought_back_by_u_once_more() -> None:
    """Two removals; the later one is restored from the list of removed tasks, so u means the earlier one."""
    async with open_screen(_session()) as hand:
        await hand.press("x")
        first = next(iter(_calls(hand, "remove")[0][1]))
        await hand.press("x")
        second = next(iter(_calls(hand, "remove")[1][1]))
        await _ask(hand, f"removed:yes id:{second.task_id}")
        assert hand.listed == [second.task_id]
        await hand.press("u", "escape", "u")
        assert _calls(hand, "restore") == [("restore", (second,)), ("restore", (first,))]


async def test_what_makes_no_sense_of_a_removed_task_says_so() -> None:
    """A key that does nothing looks broken."""
    async with open_screen(_session()) as hand:
        await _ask(hand)
        for key in "xlr":
            await hand.press(key)
            assert hand.opened == "MainScreen"
            assert hand.toasts == ["it was removed; u brings it back"], key
        assert not [shown for shown in hand.session.calls if shown[0] in ("remove", "label", "check_now")]


async def test_the_sentence_names_the_key_that_was_chosen_and_how_many_are_meant() -> None:
    keys = DEFAULT_KEYS.with_keys({"undo": ("U",)})
    async with open_screen(_session(), keys=keys) as hand:
        await _ask(hand)
        await hand.press("*", "x")
        assert hand.toasts[-1] == "they were removed; U brings them back"


async def test_u_where_no_removed_task_is_shown_brings_back_nothing() -> None:
    """The last removal is not meant by a person who looks at other tasks."""
    async with open_screen(_session()) as hand:
        await hand.press("x")
        await _ask(hand, "removed:yes nothing")
        await hand.press("u")
        assert not _calls(hand, "restore")
        assert hand.toasts[-1] == "nothing to bring back"


async def test_urls_and_ids_of_removed_tasks_are_copied_and_their_detail_shown() -> None:
    """The results of a task are saved with it."""
    async with open_screen(_session(), size=(140, 36)) as hand:
        await _ask(hand, "removed:yes maths")
        assert "video1" in hand.text or "2 videos" in hand.text
        await hand.press("c", "y")
        assert hand.copied[0].count("http://") == 2
        assert hand.copied[1] == "old1"


async def test_the_detail_of_a_removed_task_says_what_is_true_of_it() -> None:
    async with open_screen(_session(), size=(140, 36)) as hand:
        await _ask(hand, "removed:yes physics")
        assert "when it was removed, 2d ago" in hand.text
        await hand.press("]", "]")
        assert "removed from the watch list" in hand.text
        await hand.press("escape")
        assert "when it was removed" not in hand.text


async def test_marks_of_the_two_lists_do_not_mix() -> None:
    """Marks of tasks that are elsewhere would make `u` mean nothing, or `x` too much."""
    async with open_screen(_session()) as hand:
        await hand.press("space")
        marks = hand.marks
        await _ask(hand)
        assert not hand.marks
        await hand.press("space")
        assert len(hand.meant) == 1
        await hand.press("escape")
        assert hand.marks == marks


async def test_a_removed_task_is_neither_attended_nor_seen() -> None:
    """Nothing is asked about it any more, and nothing of it is news."""
    async with open_screen(_session()) as hand:
        await _ask(hand, "removed:yes history")
        await hand.wait(3)
        assert hand.session.attended == (None, ())
        assert not _calls(hand, "seen")


async def test_news_of_the_watch_list_leaves_the_removed_ones_alone() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand)
        await hand.press("j")
        was, listed = hand.cursor, hand.listed
        hand.session.put(make_task("p1", Phase.READY, label="Maths 3A", phase_since=NOW))
        hand.session.put(make_task("new", label="Biology"))
        await hand.settle()
        await hand.wait(1)
        assert (hand.cursor, hand.listed) == (was, listed)
        assert "All 6" in hand.lines[1]
        await hand.press("escape")
        assert "new" in hand.listed
        assert hand.view.task(_ref("p1")).phase is Phase.READY


async def test_a_task_that_another_process_removes_comes_into_the_list() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand)
        await hand.press("j")
        was = hand.cursor
        hand.session.drop(ref_of(hand.session, "r1"))
        await hand.wait(5)
        assert set(hand.listed) == {"r1", "old1", "old2", "old3"}
        assert hand.cursor == was


async def test_a_task_that_another_process_brings_back_leaves_the_list() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand)
        await hand.press("space")
        await hand.session.restore([_ref("old1"), _ref("old2"), _ref("old3")])
        await hand.settle()
        assert hand.listed == []
        assert "No removed task is kept; esc leads back to the watch list." in hand.text
        assert not hand.marks


async def test_a_paste_of_a_watched_task_goes_there() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand)
        await hand.paste("r2")
        assert (hand.cursor, hand.state.filter_text) == ("r2", "")


async def test_removed_tasks_that_are_added_again_are_gone_to() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand)
        await hand.session.restore([_ref("old2")])
        hand.go_to(_ref("old2"))
        await hand.settle()
        assert (hand.cursor, hand.state.filter_text, hand.shows_removed) == ("old2", "", False)


async def test_a_state_that_cannot_be_read_is_reported_and_the_list_stays() -> None:
    async with open_screen(_session()) as hand:
        hand.session.refusal = StoreFailed("the disk is gone")
        await _ask(hand)
        assert "the disk is gone" in hand.toasts
        assert not hand.shows_removed


async def test_a_task_whose_restoring_cannot_be_saved_stays_removed() -> None:
    async with open_screen(_session()) as hand:
        await _ask(hand)
        hand.session.refusal = StoreFailed("the disk is full")
        await hand.press("u")
        assert hand.toasts[-1] == "the disk is full"
        assert len(hand.listed) == 3


async def test_a_filter_that_was_left_while_they_are_read_shows_none() -> None:
    """Reading takes as long as the disk does; the person has gone on."""
    session = _session()
    session.reads_after = asyncio.Event()
    async with open_screen(session) as hand:
        await _ask(hand)
        assert not hand.shows_removed
        await hand.press("escape")
        session.reads_after.set()
        await hand.settle()
        assert len(hand.listed) == 5
        assert not hand.shows_removed


async def test_until_a_long_watch_list_is_back_the_removed_ones_are_what_is_meant() -> None:
    """What a key does must be done to the tasks that are painted."""
    session = _session()
    for number in range(3 * SLICE):
        task = make_task(f"t{number:05d}", phase_since=NOW - 90_000 + number)
        session.tasks[task.ref] = task
    async with open_screen(session) as hand:
        was = hand.cursor
        await _ask(hand)
        for _round in range(50):
            if hand.shows_removed:
                break
            await hand.settle()
        meant = hand.cursor
        hand.change(filter_text="!nothing")
        assert set(hand.listed) == {"old1", "old2", "old3"}
        assert hand.meant == [meant]
        for _round in range(50):
            if not hand.shows_removed:
                break
            await hand.settle()
        assert hand.cursor == was
        assert len(hand.listed) == 3 * SLICE + 5
