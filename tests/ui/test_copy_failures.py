"""Copying while the saved state fails, and copying very many."""

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import open_screen
from tiwtui.model import Details, Phase, TaskRef
from tiwtui.store.errors import StoreFailed

pytestmark = pytest.mark.anyio


class _Unreadable(StillSession):
    """A session whose details can no longer be read once `is_broken`."""

    is_broken = False

    async def details(self, ref: TaskRef) -> Details:
        if self.is_broken:
            raise StoreFailed("the disk is gone")
        return await super().details(ref)


@pytest.mark.parametrize("key", ["c", "Y", "C"])
async def test_copy_whose_videos_cannot_be_read_says_why_and_copies_nothing(key: str) -> None:
    """Half of the URLs on the clipboard would look like all of them."""
    session = _Unreadable([make_task("r1", Phase.READY), make_task("r2", Phase.READY)])
    async with open_screen(session) as hand:
        await hand.press("*")
        session.is_broken = True
        await hand.press(key)
        assert hand.copied == []
        assert hand.opened == "MainScreen"
        assert hand.toasts[-1] == "the disk is gone"
        assert not [shown for shown in session.calls if shown[0] == "taken"]


async def test_copy_that_cannot_be_noted_as_taken_says_so() -> None:
    """The URL is on the clipboard all the same; that it is not noted matters to the next who looks."""
    session = StillSession([make_task("r1", Phase.READY)])
    async with open_screen(session) as hand:
        session.refusal = StoreFailed("the disk is full")
        await hand.press("c")
        assert len(hand.copied) == 1
        assert hand.toasts[-1] == "copied, but that could not be noted: the disk is full"
        assert session.tasks[TaskRef(1400000001, "r1")].taken_at is None


async def test_more_than_a_thousand_tasks_are_copied_at_once() -> None:
    """All of them, each once, in the order of the list, and all are taken."""
    session = StillSession([make_task(f"r{n:04d}", Phase.READY, phase_since=NOW - n) for n in range(1001)])
    async with open_screen(session) as hand:
        await hand.press("*", "c")
        await hand.until(lambda: bool(hand.copied))
        assert len(hand.copied[0].splitlines()) == 2002
        (taken,) = [shown[1] for shown in session.calls if shown[0] == "taken"]
        assert len(set(taken)) == 1001
        await hand.press("y")
        assert hand.copied[1].splitlines() == [f"r{n:04d}" for n in range(1001)]
