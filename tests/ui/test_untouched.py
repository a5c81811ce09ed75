"""A screen that nobody touches: the one on the wall."""

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen
from tiwtui.formatting import Tone
from tiwtui.model import Phase
from tiwtui.ui.timing import UNTOUCHED_S

pytestmark = pytest.mark.anyio


def _ready() -> StillSession:
    return StillSession(
        [
            make_task("r1", Phase.READY, phase_since=NOW - 3000),
            make_task("r2", Phase.READY, phase_since=NOW - 1980),
        ]
    )


def _is_calm(hand: Hand) -> bool:
    return "nothing to do since" in hand.text


async def test_with_nothing_to_do_it_says_so_large() -> None:
    """Across a room nobody reads a list of two hundred rows."""
    async with open_screen(_ready()) as hand:
        await hand.wait(UNTOUCHED_S)
        assert not _is_calm(hand)
        await hand.wait(1.0)
        assert "nothing to do since 13:40" in hand.text
        assert "r1" not in hand.text
        assert "any key shows the list" in hand.lines[-1]
        large = [line for line in hand.lines if "╷" in line or "┌" in line or "╰" in line]
        assert len(large) >= 2
        hand.session.put(make_task("p1"))
        await hand.wait(1.0)
        assert not _is_calm(hand)
        assert "p1" in hand.text


async def test_the_first_key_brings_the_list_back_and_does_nothing_else() -> None:
    """A key must not remove a task that nobody saw."""
    async with open_screen(_ready()) as hand:
        await hand.wait(UNTOUCHED_S + 1.0)
        await hand.press("x")
        assert not _is_calm(hand)
        assert "r1" in hand.text
        assert not [shown for shown in hand.session.calls if shown[0] == "remove"]
        await hand.press("x")
        assert [shown for shown in hand.session.calls if shown[0] == "remove"]


async def test_what_needs_somebody_keeps_the_list() -> None:
    """A failure, a stop, or a task at work is something to see."""
    for task in (make_task("f1", Phase.FAILED), make_task("p1")):
        session = _ready()
        session.put(task)
        async with open_screen(session) as hand:
            await hand.wait(UNTOUCHED_S + 1.0)
            assert not _is_calm(hand)


async def test_alerts_fade() -> None:
    """After five minutes without anybody a red count and a notice only tire the eyes."""
    session = StillSession([make_task("f1", Phase.FAILED), make_task("p1")])
    session.notice = "the file was damaged"
    async with open_screen(session) as hand:
        assert "the file was damaged" in hand.text

        def tones() -> set[Tone]:
            return {span.tone for span in hand.main.lines.tabs.left}

        assert Tone.BAD in tones()
        await hand.wait(UNTOUCHED_S + 1.0)
        assert "the file was damaged" not in hand.text
        assert Tone.BAD not in tones()
        await hand.press("j")
        assert Tone.BAD in tones()
        assert "the file was damaged" in hand.text
