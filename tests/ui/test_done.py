"""`z`: what a person acknowledged leaves Attention; seeing alone does not."""

import pytest
from msgspec.structs import replace

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.engine.status import Mode
from tiwtui.listing.tabs import Tab
from tiwtui.model import Done, Phase, Trouble, TroubleKind
from tiwtui.store.errors import StoreFailed

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [
            make_task("r1", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
            make_task("f1", Phase.FAILED, label="History", phase_since=NOW - 320),
            make_task("n1", Phase.NOT_FOUND, label="Art", phase_since=NOW - 330),
        ]
    )


def _done(hand: Hand) -> dict[str, Done | None]:
    return {ref.task_id: task.done for ref, task in hand.session.tasks.items()}


async def test_z_acknowledges_a_task_and_u_takes_that_back() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "z")
        assert _done(hand) == {"r1": None, "f1": Done(NOW, "anna", ("failed",)), "n1": None}
        assert hand.toasts[-1] == "History done; u takes it back"
        assert hand.view.count(Tab.ATTENTION) == 1
        await hand.press("u")
        assert _done(hand)["f1"] is None
        assert hand.toasts[-1] == "History not done"
        assert hand.view.count(Tab.ATTENTION) == 2


async def test_z_again_takes_it_back_and_u_takes_back_that() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "z", "z")
        assert _done(hand)["f1"] is None
        assert hand.toasts[-1] == "History not done; u takes it back"
        await hand.press("u")
        assert _done(hand)["f1"] == Done(NOW, "anna", ("failed",))


async def test_marks_with_mixed_states_all_become_done_and_the_earlier_done_stays() -> None:
    """One `z` says the same of all; when the earlier one was dealt with, and by whom, is not rewritten."""
    session = _session()
    before = Done(NOW - 9, "bert", ("failed",))
    session.tasks[ref_of(session, "f1")] = replace(session.tasks[ref_of(session, "f1")], done=before)
    async with open_screen(session) as hand:
        await hand.press("*", "z")
        after = {"r1": Done(NOW, "anna", ()), "f1": before, "n1": Done(NOW, "anna", ("not_found",))}
        assert _done(hand) == after
        await hand.press("z")
        assert set(_done(hand).values()) == {None}
        await hand.press("u")
        assert _done(hand) == after
        await hand.press("u")
        assert _done(hand) == {"r1": None, "f1": before, "n1": None}


async def test_u_takes_back_one_change_after_the_other_whatever_it_was() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("G", "x", "z", "u")
        assert _done(hand) == {"r1": None, "f1": None}
        await hand.press("u")
        assert set(_done(hand)) == {"r1", "f1", "n1"}


async def test_what_cannot_be_saved_is_said_and_not_shown() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j")
        hand.session.refusal = StoreFailed("the disk is full")
        await hand.press("z")
        assert hand.toasts[-1] == "the disk is full"
        assert _done(hand)["f1"] is None
        assert hand.view.count(Tab.ATTENTION) == 2


async def test_seeing_takes_only_the_dot_away() -> None:
    """A glance at a failure used to hide it for ever."""
    async with open_screen(_session()) as hand:
        await hand.press("5")
        assert hand.text.count("•") == 2
        await hand.wait(1.1)
        assert hand.text.count("•") == 1
        assert hand.view.count(Tab.ATTENTION) == 2


async def test_what_is_acknowledged_has_no_dot() -> None:
    """Anyone who deals with ten failures by one key need not rest on each."""
    async with open_screen(_session()) as hand:
        assert hand.text.count("•") == 2
        await hand.press("*", "z")
        assert "•" not in hand.text


async def test_the_filter_finds_what_is_not_done() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "z", "/")
        await hand.type("done:no")
        assert hand.listed == ["r1", "n1"]
        await hand.press("escape", "/")
        await hand.type("done:yes")
        assert hand.listed == ["f1"]


async def test_the_footer_offers_done_where_something_wants_attention() -> None:
    async with open_screen(_session()) as hand:
        assert "z done" not in hand.lines[-1]
        await hand.press("j")
        assert "z done" in hand.lines[-1]


async def test_a_good_day_ends_with_attention_0() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("*", "z")
        assert hand.view.count(Tab.ATTENTION) == 0
        assert "u undo" in hand.lines[-1]


async def test_equal_inner_codes_are_marked_at_once() -> None:
    """One expired signature fails a whole morning's tasks: find them by code, mark, acknowledge."""
    session = StillSession([*_session().tasks.values(), make_task("f2", Phase.FAILED)])
    async with open_screen(session) as hand:
        await hand.press("/")
        await hand.type("40004")
        await hand.press("enter", "*", "z")
        assert [name for name, done in _done(hand).items() if done] == ["f1", "f2"]


@pytest.mark.parametrize(("in_phase_s", "wants"), [(1799.0, 0), (1801.0, 1)])
async def test_the_usual_time_counts_from_the_start_on(in_phase_s: float, wants: int) -> None:
    """What it was is saved; a list of 100,000 would else be judged again after each start."""
    async with open_screen(StillSession([make_task("p1", phase_since=NOW - in_phase_s)])) as hand:
        assert hand.view.count(Tab.ATTENTION) == wants


async def test_after_the_network_was_lost_no_row_asks_for_attention_at_once() -> None:
    """All of them had trouble for an hour; the next check of each ends it."""
    trouble = Trouble(TroubleKind.NETWORK, "timeout", "", "", NOW - 3600)
    session = StillSession([make_task(f"p{n}", trouble=trouble) for n in range(5)])
    session.is_still = replace(session.is_still, mode=Mode.OFFLINE)
    async with open_screen(session) as hand:
        await hand.wait(1)
        await hand.wait(1)
        assert hand.view.count(Tab.ATTENTION) == 0
        session.is_still = replace(session.is_still, mode=Mode.LIVE)
        await hand.wait(1)
        await hand.wait(58)
        assert hand.view.count(Tab.ATTENTION) == 0
        await hand.wait(3)
        assert hand.view.count(Tab.ATTENTION) == 5
