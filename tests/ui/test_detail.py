"""The detail pane: videos, timeline, history, raw, and where it goes."""

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task, make_video
from tests.ui.pilot import open_screen, ref_of
from tiwtui.listing.arrangement import Wanted, arrange
from tiwtui.model import Details, Phase, TaskRef
from tiwtui.ui.detail.pane import Shown
from tiwtui.ui.main.split_layout import LIST_BESIDE, next_layout, room
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


async def test_a_failed_task_shows_why_in_place_of_its_videos() -> None:
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
    async with open_screen(_session(), size=(210, 24)) as hand:
        right = hand.pane.size.width
        await hand.press("<")
        assert hand.pane.size.width < right
        await hand.press("f")
        below = hand.pane.size.height
        assert hand.pane.region.x == 0
        await hand.press("<", "<")
        assert hand.pane.size.height < below
        await hand.press(">", ">")
        assert hand.pane.size.height == below
        await hand.press("f")
        assert not hand.pane.display
        await hand.press("f")
        assert hand.pane.region.x > 0


async def test_f_passes_the_layouts_that_do_not_fit() -> None:
    """Right of a list that cannot show its columns any more is no help."""
    async with open_screen(_session(), size=(140, 42)) as hand:
        for _round in range(2):
            assert hand.pane.region.x == 0
            await hand.press("f")
            assert not hand.pane.display
            await hand.press("f")


@pytest.mark.parametrize(
    ("width", "height", "where"),
    [
        (200, 45, "right"),
        (190, 45, "right"),
        (180, 45, "below"),
        (140, 42, "below"),
        (80, 24, "below"),
        (120, 19, "none"),
        (50, 30, "below"),
    ],
)
@pytest.mark.parametrize("layout", [Layout.AUTO, Layout.RIGHT])
def test_the_detail_is_right_only_where_the_list_keeps_its_columns(
    width: int, height: int, where: str, layout: Layout
) -> None:
    """At 140 columns it cost the list what a class is known by."""
    shown = room(width, height, layout, 0.4, is_full=False)
    assert shown.where == where
    if where == "right":
        wanted = Wanted(has_problems=True)
        placed = {one.column.id: one.width for one in arrange(width - shown.size, wanted, indent=2, margin=2)}
        assert set(LIST_BESIDE) <= set(placed)
        assert placed["note"] >= 30
    if where == "below":
        assert height - shown.size >= 9


async def test_below_the_detail_takes_no_more_lines_than_it_has_to_say() -> None:
    """Empty lines are the list's."""
    async with open_screen(_session(), size=(120, 60)) as hand:
        last = hand.lines[hand.pane.region.bottom - 1]
        assert last.strip()
        assert hand.pane.size.height < 0.4 * 60
        height = hand.pane.size.height
        await hand.press("]", "]", "]")
        assert hand.lines[hand.pane.region.bottom - 1].strip()
        assert hand.pane.size.height != height
        await hand.press("]", "j")
        assert hand.lines[hand.pane.region.bottom - 1].strip()


async def test_an_empty_list_has_no_detail_beside_it() -> None:
    session = StillSession()
    async with open_screen(session) as hand:
        assert "Timeline" not in hand.text
        session.put(make_task("ready", Phase.READY))
        await hand.settle()
        assert "teacher_1" in hand.text
        session.drop(ref_of(session, "ready"))
        await hand.settle()
        assert "Timeline" not in hand.text


async def test_a_detail_that_grows_leaves_the_cursor_on_the_screen() -> None:
    """A key must act on a task that can be seen."""
    session = StillSession([make_task(f"t{n:02d}", label=f"Room {n}") for n in range(80)])
    async with open_screen(session, size=(120, 60)) as hand:
        await hand.press("G")
        before, ready = hand.pane.size.height, ref_of(session, hand.cursor)
        session.videos[ready] = tuple(make_video(2, f"video{n}") for n in range(9))
        session.put(make_task(hand.cursor, Phase.READY, phase_since=NOW - 252))
        await hand.settle()
        assert hand.pane.size.height > before
        assert ready in hand.table.on_screen()


async def test_where_there_is_room_the_videos_stand_between_facts_and_timeline() -> None:
    """Empty lines under a table of two rows tell nothing."""
    tasks = [make_task("ready", Phase.READY, room_id=900822, group_id="class-7", request_id="d290f1ee")]
    async with open_screen(StillSession(tasks), size=(120, 60)) as hand:
        lines = hand.lines[hand.pane.region.y :]
        rows = {
            word: next(at for at, line in enumerate(lines) if word in line)
            for word in ("900822", "class-7", "4.4 MB", "d290f1ee", "Kind", "teacher_1", "┐", "▒")
        }
        assert max(rows[word] for word in ("900822", "class-7", "4.4 MB", "d290f1ee")) < rows["Kind"]
        assert rows["teacher_1"] < rows["┐"] < rows["▒"]
        # The keys go from video to video, and not into what stands around them.
        await hand.press("tab", "j", "j", "j", "c")
        assert hand.copied[0].endswith("/video1.mp4")


async def test_a_task_without_videos_shows_its_facts_and_its_history() -> None:
    task = make_task("t", Phase.PROCESSING, room_id=900822)
    async with open_screen(StillSession([task]), size=(120, 60)) as hand:
        text = "\n".join(hand.lines[hand.pane.region.y :])
        assert "900822" in text
        assert "seen queued" in text


async def test_facts_stand_below_each_other_rather_than_cut_off() -> None:
    """On the full screen of 80 columns half of the RequestId was missing above ten empty lines."""
    request_id = "1be4bc5f-ae40-458b-9120-ca677f961e1b"
    task = make_task(
        "t",
        Phase.EMPTY,
        room_id=900822,
        settled_between=(NOW - 9, NOW),
        request_id=request_id,
        checked_at=NOW,
    )
    async with open_screen(StillSession([task]), size=(80, 24)) as hand:
        await hand.press("tab", "enter")
        assert request_id in hand.text


@pytest.mark.parametrize(("width", "height"), [(200, 45), (160, 45), (60, 24)])
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
