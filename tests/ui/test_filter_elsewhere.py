"""A filter that finds nothing in the tab: where else it finds something, and enter, which goes there."""

import asyncio

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.config.key_table import DEFAULT_KEYS
from tiwtui.listing.index import SLICE
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase
from tiwtui.store.errors import StoreFailed

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    session = StillSession(
        [
            make_task("a", Phase.READY, label="Maths 1"),
            make_task("b", Phase.READY, label="Maths 2"),
            make_task("c", Phase.PROCESSING, label="Physics"),
            make_task("gone1", Phase.READY, label="Maths 3"),
            make_task("gone2", Phase.READY, label="Old"),
        ]
    )
    session.drop(ref_of(session, "gone1"), ref_of(session, "gone2"))
    return session


async def _type(hand: Hand, text: str) -> None:
    await hand.press("slash")
    await hand.type(text)


async def test_the_empty_list_says_where_the_filter_finds_something() -> None:
    """Nothing found in Active reads like nothing there at all."""
    async with open_screen(_session()) as hand:
        await hand.press("2")
        await _type(hand, "maths")
        assert "0 here · 2 in All · 1 removed" in hand.text
        assert "enter shows All; esc clears the filter." in hand.text


async def test_enter_in_the_filter_goes_there() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("2")
        await _type(hand, "maths")
        await hand.press("enter")
        assert (hand.state.tab, hand.state.filter_text, hand.listed) == (Tab.ALL, "maths", ["a", "b"])
        assert hand.is_in_list


async def test_enter_on_the_empty_list_goes_there_by_its_own_key() -> None:
    """The key in use is named, whatever the configuration made of it."""
    async with open_screen(_session(), keys=DEFAULT_KEYS.with_keys({"detail.open": ("o",)})) as hand:
        await _type(hand, "maths")
        await hand.press("enter", "2")
        assert "o shows All; esc clears the filter." in hand.text
        await hand.press("o")
        assert (hand.state.tab, hand.listed, hand.state.is_full) == (Tab.ALL, ["a", "b"], False)


async def test_what_only_removed_tasks_match_is_shown_among_them() -> None:
    """A quote that is still open must not swallow the term that asks for them."""
    async with open_screen(_session()) as hand:
        await _type(hand, '"old')
        assert "0 here · 1 removed" in hand.text
        assert "enter shows the removed; esc clears the filter." in hand.text
        await hand.press("enter")
        assert hand.shows_removed
        assert hand.listed == ["gone2"]
        await hand.press("escape", "slash", "up")
        assert hand.state.filter_text == '"old'


async def test_a_filter_that_finds_nothing_anywhere_leads_nowhere() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("2")
        await _type(hand, "chemistry")
        assert "No task matches the filter; esc clears it." in hand.text
        await hand.press("enter", "enter")
        assert (hand.state.tab, hand.state.filter_text) == (Tab.ACTIVE, "chemistry")


async def test_the_count_goes_on_with_what_is_typed_and_ends_with_the_first_find() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("2")
        await _type(hand, "math")
        assert "2 in All" in hand.text
        await _type(hand, "s 2")
        assert "1 in All" in hand.text
        await hand.press("escape")
        assert "in All" not in hand.text
        await _type(hand, "phys")
        assert "in All" not in hand.text
        await hand.press("enter")
        assert hand.state.tab is Tab.ACTIVE


async def test_a_count_is_made_again_as_tasks_change() -> None:
    session = _session()
    async with open_screen(session) as hand:
        await hand.press("2")
        await _type(hand, "maths")
        session.put(make_task("d", Phase.READY, label="Maths 4"))
        hand.follow(frozenset({ref_of(session, "d")}))
        await hand.wait(6)
        assert "3 in All" in hand.text


async def test_keys_are_served_while_many_are_counted() -> None:
    session = StillSession(
        make_task(f"t{n:05d}", Phase.READY, label="Maths", phase_since=NOW - n) for n in range(3 * SLICE)
    )
    async with open_screen(session) as hand:
        await hand.press("2")
        await _type(hand, "maths")
        await hand.until(lambda: f"{3 * SLICE} in All" in hand.text)


async def test_a_store_that_fails_leaves_the_removed_ones_out() -> None:
    session = _session()
    session.refusal = StoreFailed("the disk is gone")
    async with open_screen(session) as hand:
        await hand.press("2")
        await _type(hand, "maths")
        assert "0 here · 2 in All" in hand.text
        assert "removed" not in hand.text


async def test_a_count_for_an_earlier_filter_comes_too_late() -> None:
    """Enter would go to where the filter that stands there now finds nothing."""
    session = _session()
    async with open_screen(session) as hand:
        await hand.press("2")
        session.reads_after = asyncio.Event()
        await _type(hand, "maths")
        await hand.press("escape")
        session.reads_after.set()
        await hand.settle()
        await hand.press("enter")
        assert (hand.state.tab, hand.state.is_full) == (Tab.ACTIVE, True)
