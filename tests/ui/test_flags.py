"""`n`: a flagged task says when it settles."""

import pytest
from msgspec.structs import replace

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.glyphs import ASCII_GLYPHS
from tiwtui.model import Phase

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [
            make_task("p1", label="Maths", phase_since=NOW - 500),
            make_task("p2", label="Physics", phase_since=NOW - 400),
            make_task("r1", Phase.READY, label="History"),
        ]
    )


def _settle(hand: Hand, name: str, phase: Phase) -> None:
    hand.session.put(replace(hand.session.tasks[ref_of(hand.session, name)], phase=phase))


def _watched(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    rung: list[str] = []
    monkeypatch.setattr(hand.app, "bell", lambda: rung.append("bell"))
    return rung


async def test_a_flagged_task_rings_once_when_it_settles_and_others_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who waits for one class does other things meanwhile."""
    async with open_screen(_session()) as hand:
        rung = _watched(hand, monkeypatch)
        await hand.press("n")
        assert hand.toasts[-1] == "alert when Maths settles"
        assert "♪" in hand.text
        _settle(hand, "p2", Phase.READY)
        await hand.settle()
        assert (rung, hand.toasts[-1]) == ([], "alert when Maths settles")
        _settle(hand, "p1", Phase.FAILED)
        await hand.settle()
        assert (rung, hand.toasts[-1]) == (["bell"], "Maths: failed")
        assert "♪" not in hand.text


async def test_several_that_settle_at_once_are_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_screen(_session()) as hand:
        rung = _watched(hand, monkeypatch)
        await hand.press("*", "n")
        assert hand.toasts[-1] == "alert when 2 tasks settle"
        tasks = hand.session.tasks
        hand.session.put(
            replace(tasks[ref_of(hand.session, "p1")], phase=Phase.FAILED),
            replace(tasks[ref_of(hand.session, "p2")], phase=Phase.READY),
        )
        await hand.settle()
        assert (rung, hand.toasts[-1]) == (["bell"], "2 flagged tasks settled, 1 ready")


async def test_n_again_takes_the_flag_away() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("n", "n")
        assert hand.session.tasks[ref_of(hand.session, "p1")].flagged_at is None
        assert hand.toasts[-1] == "no alert for Maths"
        assert "♪" not in hand.text


async def test_a_settled_task_is_not_flagged() -> None:
    """Nothing more comes of it."""
    async with open_screen(_session()) as hand:
        await hand.press("G", "n")
        assert hand.toasts[-1] == "already settled; no alert"
        assert hand.session.tasks[ref_of(hand.session, "r1")].flagged_at is None


async def test_the_flag_has_an_ascii_twin() -> None:
    async with open_screen(_session(), glyphs=ASCII_GLYPHS) as hand:
        await hand.press("n")
        assert " ! " in hand.text
