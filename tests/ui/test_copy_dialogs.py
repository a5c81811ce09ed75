"""Copy as…, and the sheet for those who can only select with the mouse."""

import json
from pathlib import Path

import pytest
from textual.widgets import TextArea

from tests.ui.fake_session import APP, NOW, StillSession, make_task, make_video
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.model import Failure, Phase
from tiwtui.results.copy_formats import Format
from tiwtui.ui.dialogs.copy_sheet import SHOWN_MOST

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [
            make_task("p1", label="Maths 3A", phase_since=NOW - 500),
            make_task("r1", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
            make_task("r2", Phase.READY, label="Physics", phase_since=NOW - 310),
        ]
    )


def _taken(hand: Hand) -> list[object]:
    return [shown[1] for shown in hand.session.calls if shown[0] == "taken"]


async def test_C_copies_in_the_form_that_is_chosen_and_remembers_it() -> None:
    """Who posts into a class chat every day does not choose every day."""
    async with open_screen(_session()) as hand:
        await hand.press("j", "C")
        assert "Copy Maths 3B as" in hand.text
        await hand.press("j", "enter")
        assert hand.copied[0].splitlines()[0].startswith("Maths 3B · whiteboard · 2:36 · http://")
        assert hand.toasts[-1] == "2 chat lines copied (tmux)"
        assert _taken(hand) == [(ref_of(hand.session, "r1"),)]
        await hand.press("j", "C", "enter")
        assert hand.copied[1].startswith("Physics · whiteboard")


async def test_the_text_is_shown_before_it_is_copied() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "C", "j", "j", "j")
        assert any("│  r1  " in line for line in hand.lines)


async def test_urls_before_they_are_copied_can_be_told_apart() -> None:
    """They begin alike; what differs is the end."""
    async with open_screen(_session(), size=(50, 30)) as hand:
        await hand.press("j", "C")
        shown = [line for line in hand.lines if "http://" in line]
        assert len(set(shown)) == len(shown) > 1
        assert all("…" in line and ".mp4" in line for line in shown)


async def test_digits_leave_kinds_of_video_out() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "C", "1", "enter")
        assert [url[-10:] for url in hand.copied[0].splitlines()] == ["video1.mp4"]
        await hand.press("C", "1", "enter")
        assert len(hand.copied[1].splitlines()) == 2


async def test_marked_tasks_are_copied_together() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("*", "C")
        assert "Copy 3 tasks as" in hand.text
        await hand.press(*["down"] * list(Format).index(Format.JSON), "enter")
        assert [task["task_id"] for task in json.loads(hand.copied[0])] == ["p1", "r1", "r2"]
        assert hand.toasts[-1] == "3 tasks as JSON copied (tmux)"


@pytest.mark.parametrize("way", ["tab", "enter"])
async def test_the_selected_video_is_copied_alone_whatever_is_marked(way: str) -> None:
    """Of each marked task the second video would be, to whoever points at one, anything."""
    async with open_screen(_session()) as hand:
        await hand.press("*", "j", way, "j", "c")
        assert [url[-10:] for url in hand.copied[0].splitlines()] == ["video1.mp4"]
        assert hand.toasts == ["1 URL copied (tmux)"]
        assert hand.lines[-1].startswith(" c copy the URL ")


async def test_a_video_that_is_no_longer_listed_is_copied_only_where_the_cursor_is_on_it() -> None:
    session = _session()
    videos = (make_video(name="old", listed=False), make_video(name="new"))
    session.videos[ref_of(session, "r1")] = videos
    async with open_screen(session) as hand:
        await hand.press("j", "c")
        assert hand.copied[-1] == videos[1].url
        await hand.press("tab", "c")
        assert hand.copied[-1] == videos[0].url


async def test_on_the_full_screen_only_the_task_that_is_seen_is_meant() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("*", "j", "enter", "r")
        assert [shown[1] for shown in hand.session.calls if shown[0] == "check_now"] == [
            (ref_of(hand.session, "r1"),)
        ]
        assert "3 marked" not in hand.lines[-1]
        await hand.press("x")
        assert hand.toasts[-1] == "Maths 3B removed; u brings it back"
        assert len(hand.marks) == 2
        await hand.press("u")
        assert len(hand.marks) == 3


async def test_ids_and_tickets_do_not_count_as_taken() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "C", "j", "j", "j", "j", "enter")
        assert f"SdkAppId: {APP}\nTaskId: r1\nRequestId: -\n" in hand.copied[0]
        assert "Host: tiw.tencentcloudapi.com" in hand.copied[0]
        assert not _taken(hand)


async def test_C_on_a_failed_task_offers_the_ticket_and_still_remembers_the_last_form() -> None:
    """One failure in between does not change what a person copies every day."""
    error = Failure("FailedOperation.Record", "code: 40004, msg: x", "r-7")
    tasks = [
        make_task("r1", Phase.READY, phase_since=NOW - 300),
        make_task("f1", Phase.FAILED, error=error, phase_since=NOW - 310),
    ]
    async with open_screen(StillSession(tasks)) as hand:
        await hand.press("C", "j", "enter", "j", "C", "enter")
        assert "TaskId: f1\nRequestId: r-7\n" in hand.copied[1]
        assert hand.toasts[-1] == "1 ticket copied (tmux)"
        await hand.press("k", "C", "enter")
        assert hand.copied[2] == hand.copied[0]


async def test_nothing_to_copy_leaves_the_clipboard_alone() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("C")
        assert "nothing to copy" in hand.text
        await hand.press("enter")
        assert not hand.copied
        assert hand.toasts == ["nothing to copy"]


async def test_Y_shows_the_urls_whole_and_w_saves_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_screen(_session()) as hand:
        await hand.press("j", "Y")
        assert hand.opened == "CopySheet"
        assert "video1.mp4" in hand.text
        await hand.press("w", "enter")
        await _until_sheet(hand)
        assert (tmp_path / "tiwtui-urls.txt").read_text().count("http://") == 2
        await hand.press("q")
        assert hand.opened == "MainScreen"
        assert _taken(hand) == [(ref_of(hand.session, "r1"),)]


async def test_of_a_very_long_text_the_sheet_shows_whole_lines_and_w_saves_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrapping the URLs of 100,000 tasks held every key back for many seconds."""
    monkeypatch.chdir(tmp_path)
    session = StillSession([make_task(f"r{n}", Phase.READY) for n in range(1500)])
    async with open_screen(session) as hand:
        await hand.press("*", "Y")
        await hand.until(lambda: hand.opened == "CopySheet")
        shown = hand.app.screen.query_one(TextArea).text
        assert len(shown) <= SHOWN_MOST
        assert shown.endswith(".mp4")
        assert f"shown are {len(shown.splitlines())} of 3000 lines" in hand.text
        await hand.press("w", "enter")
        await _until_sheet(hand)
        assert (tmp_path / "tiwtui-urls.txt").read_text().count("http://") == 3000


async def test_a_file_that_is_there_is_replaced_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "tiwtui-urls.txt"
    file.write_text("mine")
    async with open_screen(_session()) as hand:
        await hand.press("j", "Y", "w", "enter")
        await hand.until(lambda: hand.opened == "ConfirmScreen")
        assert "tiwtui-urls.txt is there already. Replace it?" in hand.text
        await hand.press("enter")
        await hand.until(lambda: hand.opened == "LineScreen")
        assert file.read_text() == "mine"
        await hand.press("enter")
        await hand.until(lambda: hand.opened == "ConfirmScreen")
        await hand.press("y")
        await _until_sheet(hand)
        assert "http://" in file.read_text()


async def test_a_file_that_cannot_be_written_keeps_the_name_that_was_typed() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "Y", "w")
        await hand.type("absent/urls.txt")
        await hand.press("enter")
        await hand.until(lambda: "not saved: No such file or directory" in hand.text)
        assert "absent/urls.txt" in hand.text


async def _until_sheet(hand: Hand) -> None:
    await hand.until(lambda: hand.opened == "CopySheet" and any("saved in" in shown for shown in hand.toasts))
