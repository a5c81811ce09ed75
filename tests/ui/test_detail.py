"""The detail pane: videos, timeline, history, raw, and where it goes."""

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task, make_video
from tests.ui.pilot import open_screen, ref_of
from tiwtui.model import Details, Phase, TaskRef
from tiwtui.ui.detail.pane import Shown
from tiwtui.ui.main.split_layout import next_layout, room
from tiwtui.ui.main.view_state import Layout

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [
            make_task("ready", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
            make_task("failed", Phase.FAILED, label="History", phase_since=NOW - 320),
        ]
    )


async def test_videos_are_listed_with_all_there_is_to_know() -> None:
    async with open_screen(_session()) as hand:
        line = next(line for line in hand.lines if "teacher_1" in line)
        assert line.split() == [
            "camera", "teacher_1", "mp4", "640×480", "2:30", "4.1", "MB", "+0:06",
            "1257240443.vod2.myqcloud.com/…/video1.mp4",
        ]  # fmt: skip


async def test_numbers_are_drawn_only_while_the_detail_has_focus() -> None:
    """A number that does nothing now is a lie."""
    async with open_screen(_session()) as hand:
        assert " 2 camera" not in hand.text
        await hand.press("tab")
        assert " 2 camera" in hand.text
        await hand.press("tab")
        assert " 2 camera" not in hand.text


async def test_the_selected_video_is_the_same_in_videos_and_timeline() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("tab", "j", "]", "c")
        assert hand.copied[0].endswith("/video1.mp4")
        assert "camera teacher_1" in hand.text


async def test_another_task_starts_at_its_first_video() -> None:
    session = _session()
    session.put(make_task("ready2", Phase.READY, phase_since=NOW - 310))
    async with open_screen(session) as hand:
        await hand.press("tab", "j", "tab", "j", "tab")
        assert hand.pane.selected == 0


async def test_a_failed_task_tells_why_where_its_videos_would_be() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j")
        assert "40004 im login failed with code 6206, desc serSig expired" in hand.text
        assert "FailedOperation.Record · RequestId f0e1d2c3" in hand.text


async def test_history_and_raw_show_what_was_observed_and_answered() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("]", "]")
        assert "seen processing" in hand.text
        assert "Times are tiwtui's own" in hand.text
        await hand.press("]")
        assert '"TaskId": "ready"' in hand.text
        await hand.press("]", "[")
        assert hand.pane.tab == "raw"


async def test_the_pane_never_shows_the_details_of_another_task() -> None:
    """Details are read slower than the cursor moves."""
    import asyncio

    class SlowSession(StillSession):
        def __init__(self) -> None:
            super().__init__(_session().tasks.values())
            self.breaker = asyncio.Event()

        async def details(self, ref: TaskRef) -> Details:
            if ref.task_id == "ready":
                await self.breaker.wait()
            return await super().details(ref)

    session = SlowSession()
    async with open_screen(session) as hand:
        await hand.press("j")
        session.breaker.set()
        await hand.settle()
        assert hand.pane.shown.task is not None
        assert hand.pane.shown.task.ref.task_id == "failed"
        assert "teacher_1" not in hand.text


async def test_news_of_the_selected_task_reach_the_pane() -> None:
    """One waits for exactly this."""
    session = StillSession([make_task("t")])
    async with open_screen(session) as hand:
        assert "teacher_1" not in hand.text
        session.put(make_task("t", Phase.READY, phase_since=NOW))
        await hand.settle()
        await hand.settle()
        assert "teacher_1" in hand.text


async def test_enter_gives_the_detail_the_whole_screen() -> None:
    async with open_screen(_session(), size=(50, 18)) as hand:
        assert not hand.pane.display
        await hand.press("enter")
        assert "whiteboard" in hand.text
        await hand.press("1")
        assert len(hand.copied) == 1
        await hand.press("escape")
        assert "Maths 3B" in hand.text
        assert hand.is_in_list


async def test_f_and_angle_brackets_lay_it_out() -> None:
    async with open_screen(_session()) as hand:
        below = hand.pane.size.height
        await hand.press(">")
        assert hand.pane.size.height > below
        await hand.press("<", "<")
        assert hand.pane.size.height < below
        await hand.press("f")
        assert hand.pane.region.x > 0
        await hand.press("f", "f")
        assert not hand.pane.display
        await hand.press("f")
        assert hand.pane.display


@pytest.mark.parametrize(
    ("width", "height", "where"),
    [
        (160, 45, "right"),
        (134, 45, "right"),
        (132, 45, "below"),
        (80, 24, "below"),
        (120, 19, "none"),
        (50, 30, "below"),
    ],
)
def test_the_detail_is_right_when_the_list_keeps_80_columns(width: int, height: int, where: str) -> None:
    shown = room(width, height, Layout.AUTO, 0.4, is_full=False)
    assert shown.where == where
    if where == "right":
        assert width - shown.size >= 80
    if where == "below":
        assert height - shown.size >= 9


@pytest.mark.parametrize(("width", "height"), [(160, 45), (100, 30), (60, 24)])
def test_each_layout_key_changes_something(width: int, height: int) -> None:
    """A key that seems to do nothing is pressed again."""
    layout = Layout.AUTO
    for _press in range(6):
        after = next_layout(width, height, layout, 0.4)
        assert room(width, height, after, 0.4, is_full=False) != room(
            width, height, layout, 0.4, is_full=False
        )
        layout = after


async def test_a_video_without_anything_but_its_url_is_listed() -> None:
    """The document promises no field."""
    session = _session()
    bare = make_video(
        url="https://a.example/v.mp4", type=None, format="", size_bytes=None, duration_ms=None,
        play_offset_ms=None, width=None, height=None,
    )  # fmt: skip
    session.videos[ref_of(session, "ready")] = (bare,)
    async with open_screen(session) as hand:
        assert "unknown" in hand.text
        assert "a.example/v.mp4" in hand.text
        await hand.press("]")
        assert "0:00" in hand.text


async def test_news_that_comes_while_the_pane_is_taken_apart_is_let_go() -> None:
    """A program that was closed right after its first painting died of it, for it looked for its lines."""
    session = _session()
    async with open_screen(session) as hand:
        pane = hand.pane
        await pane.remove_children()
        pane.on_resize()
        pane.shown = Shown(session.tasks[ref_of(session, "failed")], Details())
        assert not pane.children
