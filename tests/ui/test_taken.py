"""What was copied is noted per video, shown, and can be taken back."""

import re

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task, make_video
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.engine.transitions import together
from tiwtui.model import Phase, Task
from tiwtui.store.errors import StoreFailed

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    session = StillSession([make_task("r1", Phase.READY, label="Maths", video_count=3), make_task("p1")])
    session.videos[ref_of(session, "r1")] = tuple(
        make_video(2, f"video{n}", video_id=f"v{n}") for n in range(3)
    )
    return session


def _task(hand: Hand) -> Task:
    return hand.session.tasks[ref_of(hand.session, "r1")]


async def test_each_copied_video_is_noted_until_the_task_is_taken() -> None:
    """Half a class's videos in the chat is not the class's videos in the chat."""
    async with open_screen(_session(), size=(140, 40)) as hand:
        await hand.press("G", "tab", "2")
        assert _task(hand).taken_videos == ("v1",)
        assert not _task(hand).is_taken
        assert "1 of 3 copied" in hand.text
        await hand.press("tab", "c")
        assert _task(hand).is_taken
        assert "copied 14:13" in hand.text


async def test_videos_that_share_an_id_are_copied_one_after_the_other() -> None:
    """A VideoId given twice is the service's mistake; the task must not stay half copied because of it."""
    session = _session()
    ref = ref_of(session, "r1")
    session.videos[ref] = together((), tuple(make_video(2, f"video{n}", video_id="v") for n in range(3)))
    async with open_screen(session, size=(140, 40)) as hand:
        await hand.press("G", "tab", "2")
        marked = ["✓" in line for line in hand.lines[hand.pane.region.y :] if "/video" in line]
        assert marked == [False, True, False]
        assert "1 of 3 copied" in hand.text
        await hand.press("1", "1", "3")
        assert _task(hand).is_taken
        await hand.press("u")
        assert _task(hand).taken_count == 2


async def test_u_takes_back_what_the_last_copy_noted() -> None:
    """The link went to the wrong chat; the clipboard cannot be taken back, the note can."""
    async with open_screen(_session(), size=(140, 40)) as hand:
        await hand.press("G", "tab", "2", "1")
        assert set(_task(hand).taken_videos) == {"v0", "v1"}
        await hand.press("u")
        assert _task(hand).taken_videos == ("v1",)
        assert hand.toasts[-1] == "Maths still noted as copied, from before"
        await hand.press("u")
        assert hand.toasts[-1] == "Maths no longer noted as copied"
        assert (_task(hand).taken_at, _task(hand).taken_videos) == (None, ())


async def test_the_videos_tab_marks_those_that_were_copied() -> None:
    async with open_screen(_session(), size=(140, 40)) as hand:
        await hand.press("G", "tab", "2")
        detail = hand.lines[hand.pane.region.y :]
        marked = ["✓" in line for line in detail if "/video" in line]
        assert marked == [False, True, False]


async def test_the_facts_of_a_task_say_what_was_copied_and_done_and_by_whom() -> None:
    """In a team the question is who gave the links to whom."""
    async with open_screen(_session(), size=(140, 40)) as hand:
        await hand.press("G", "tab", "2", "tab", "z")
        assert "1 of 3, 14:13 by anna" in hand.text
        assert re.search(r"Done +14:13 by anna", hand.text)
        await hand.press("c")
        assert re.search(r"Copied +14:13 by anna", hand.text)


async def test_the_facts_of_a_task_say_that_its_end_is_the_latest() -> None:
    """A `~` would promise three days that nobody knows of."""
    task = make_task("r1", Phase.READY, files_end_at=NOW + 259_200, ends_at_latest=True)
    async with open_screen(StillSession([task]), size=(140, 40)) as hand:
        assert re.search(r"Expires +≤3d \(", hand.text)
        assert "expires ≤3d" in hand.text


async def test_a_note_that_cannot_be_taken_back_is_said_and_stays() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("G", "c")
        hand.session.refusal = StoreFailed("the disk is full")
        await hand.press("u")
        assert hand.toasts[-1] == "the disk is full"
        hand.session.refusal = None
        await hand.press("u")
        assert not _task(hand).is_taken


@pytest.mark.parametrize("keys", [("c",), ("C", "enter")])
@pytest.mark.parametrize(("ends_in_s", "warns"), [(1.0, False), (0.0, True)])
async def test_copying_deleted_files_warns(keys: tuple[str, ...], ends_in_s: float, warns: bool) -> None:
    """A dead link in the chat is found out by thirty pupils."""
    session = StillSession([make_task("r1", Phase.READY, files_end_at=NOW + ends_in_s)])
    async with open_screen(session) as hand:
        await hand.press(*keys)
        assert hand.toasts[-1].startswith("2 URLs copied (tmux)")
        assert hand.toasts[-1].endswith("Its files are probably deleted.") is warns


async def test_copying_some_deleted_files_says_of_how_many_tasks() -> None:
    session = StillSession(
        [make_task("r1", Phase.READY, files_end_at=NOW - 5), make_task("r2", Phase.READY)],
    )
    async with open_screen(session) as hand:
        await hand.press("*", "c")
        assert hand.toasts[-1] == "4 URLs copied (tmux). The files of 1 task are probably deleted."
        await hand.press("Y")
        assert "The files of 1 task are probably deleted." in hand.toasts


async def test_a_task_that_goes_while_the_form_is_chosen_is_copied_and_not_noted() -> None:
    """Another process removed it meanwhile."""
    session = _session()
    async with open_screen(session) as hand:
        await hand.press("G", "C")
        session.drop(ref_of(session, "r1"))
        await hand.settle()
        await hand.press("enter")
        assert len(hand.copied) == 1
        assert not [shown for shown in session.calls if shown[0] == "taken"]
