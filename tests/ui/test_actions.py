"""What keys do to tasks: check, label, remove, pause, copy."""

from typing import Any

import msgspec
import pytest

from tests.ui.fake_session import APP, NOW, StillSession, make_task, make_video
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.engine.status import Mode
from tiwtui.model import NO_CREDENTIALS, Phase, TaskRef, Trouble, TroubleKind
from tiwtui.results.clipboard import NoRoute
from tiwtui.store.errors import StoreFailed
from tiwtui.ui.timing import AT_ONCE

pytestmark = pytest.mark.anyio

URL = "http://1257240443.vod2.myqcloud.com/7ad96583vodcq1257240443/6ee26f54/"


def _session(count: int = 0) -> StillSession:
    tasks = [
        make_task("p1", label="Maths 3A", phase_since=NOW - 500),
        make_task("r1", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
        make_task("r2", Phase.READY, label="Physics", phase_since=NOW - 310),
        make_task("f1", Phase.FAILED, label="History", phase_since=NOW - 320),
    ]
    more = [make_task(f"m{n:03d}", phase_since=NOW - n) for n in range(count)]
    return StillSession([*tasks, *more])


def _calls(hand: Hand, what: str) -> list[tuple[Any, ...]]:
    return [shown for shown in hand.session.calls if shown[0] == what]


async def test_c_copies_the_urls_and_says_how_many_by_which_route() -> None:
    """The reason the program exists: the moment a video is there, one key puts its URL on the clipboard."""
    async with open_screen(_session()) as hand:
        await hand.press("j", "c")
        assert hand.copied == [f"{URL}video.mp4\n{URL}video1.mp4"]
        assert hand.toasts == ["2 URLs copied (tmux)"]
        assert _calls(hand, "taken") == [("taken", (ref_of(hand.session, "r1"),))]


async def test_keys_that_come_at_once_act_where_the_cursor_went() -> None:
    """On a slow line or a busy machine `jx` arrives as one; it must not remove the task above."""
    async with open_screen(_session()) as hand:
        third = ref_of(hand.session, "r2")
        await hand.burst("j", "j", "x")
        assert _calls(hand, "remove") == [("remove", (third,))]
        await hand.press("g", "j", "tab")
        await hand.burst("j", "c")
        assert hand.copied == [f"{URL}video1.mp4"]


async def test_each_x_removes_the_task_the_cursor_came_to() -> None:
    """Clearing a list key by key must not wait for the next repaint of news."""
    pace = msgspec.structs.replace(AT_ONCE, repaint_s=3600.0, blurred_repaint_s=3600.0)
    async with open_screen(_session(), pace=pace) as hand:
        wanted = [("remove", (ref_of(hand.session, name),)) for name in ("p1", "r1", "r2")]
        await hand.press("x", "x", "x")
        assert _calls(hand, "remove") == wanted
        assert hand.toasts[-1] == "3 removed; u brings back the last"


async def test_a_task_without_video_leaves_the_clipboard_alone() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("c")
        assert not hand.copied
        assert hand.toasts == ["no video yet; nothing copied"]
        assert not _calls(hand, "taken")


async def test_c_on_marks_copies_all_and_counts_those_without() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("*", "c")
        assert hand.copied[0].count("\n") == 3
        assert hand.toasts[-1] == "4 URLs copied (tmux). 2 tasks have no video."


async def test_c_on_marks_of_which_some_are_hidden_copies_the_others_and_says_so() -> None:
    """One who marked five and finds three on the clipboard must not have to count."""
    async with open_screen(_session()) as hand:
        await hand.press("*", "3", "c")
        assert hand.copied[0].count("\n") == 3
        assert hand.toasts[-1] == "4 URLs copied (tmux). 2 marked ones are hidden."
        await hand.press("4", "c")
        assert len(hand.copied) == 1
        assert hand.toasts[-1] == "no video; nothing copied"


async def test_a_settled_task_without_video_is_not_said_to_get_one() -> None:
    phases = (Phase.FAILED, Phase.EMPTY, Phase.NOT_FOUND)
    async with open_screen(StillSession([make_task(phase.value, phase) for phase in phases])) as hand:
        for _phase in phases:
            await hand.press("c", "j")
        assert hand.toasts == ["no video; nothing copied"]


async def test_marked_tasks_without_any_video_leave_the_clipboard_alone() -> None:
    async with open_screen(_session(2)) as hand:
        await hand.press("2", "*", "c")
        assert not hand.copied
        assert hand.toasts == ["no videos in 3 tasks; nothing copied"]


async def test_where_every_url_is_refused_it_does_not_say_that_there_is_no_video() -> None:
    session = _session()
    session.videos[ref_of(session, "r1")] = (make_video(url="javascript:alert(1)"),)
    async with open_screen(session) as hand:
        await hand.press("j", "c")
        assert not hand.copied
        assert hand.toasts == ["URL refused: it is not http or https", "nothing copied"]


async def test_digits_in_the_detail_copy_the_nth_url() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "tab", "2")
        assert hand.copied == [f"{URL}video1.mp4"]
        await hand.press("9")
        assert hand.toasts[-1] == "there is no video 9"


async def test_c_in_the_detail_copies_the_selected_video() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("j", "tab", "j", "c")
        assert hand.copied == [f"{URL}video1.mp4"]


async def test_a_url_that_is_not_fit_is_refused_with_the_reason() -> None:
    """What is copied is pasted into a shell."""
    session = _session()
    session.videos[ref_of(session, "r1")] = (make_video(url="javascript:alert(1)"), make_video(name="fine"))
    async with open_screen(session) as hand:
        await hand.press("j")
        assert "refused, it is not http or https" in hand.text
        await hand.press("c")
        assert hand.copied == [f"{URL}fine.mp4"]
        assert "URL refused: it is not http or https" in hand.toasts


async def test_without_a_route_the_copy_sheet_shows_the_whole_text() -> None:
    async with open_screen(_session()) as hand:
        hand.outcome = NoRoute()
        await hand.press("j", "c")
        assert hand.opened == "CopySheet"
        assert "video1.mp4" in hand.text
        await hand.press("escape")
        assert hand.opened == "MainScreen"


async def test_y_copies_the_id_as_a_person_writes_it() -> None:
    session = _session()
    other = TaskRef(1500000002, "elsewhere")
    session.tasks[other] = msgspec.structs.replace(make_task("x", phase_since=NOW - 9999), ref=other)
    async with open_screen(session) as hand:
        await hand.press("y", "j", "y")
        assert hand.copied == ["1500000002/elsewhere", "p1"]


async def test_r_checks_the_task_or_the_marked_ones() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("r")
        assert _calls(hand, "check_now") == [("check_now", (ref_of(hand.session, "p1"),))]
        await hand.press("space", "space", "f5")
        assert len(_calls(hand, "check_now")[-1][1]) == 2


async def test_without_a_key_r_does_not_claim_to_check() -> None:
    session = _session()
    trouble = Trouble(TroubleKind.CREDENTIALS, NO_CREDENTIALS, "not set", "", NOW)
    session.is_still = msgspec.structs.replace(session.is_still, mode=Mode.STOPPED, trouble=trouble)
    async with open_screen(session) as hand:
        await hand.press("r")
        assert hand.toasts == ["Maths 3A checked once there is a key"]
        assert _calls(hand, "check_now")


async def test_R_checks_all_shown_active_tasks() -> None:
    async with open_screen(_session(20)) as hand:
        await hand.press("R")
        assert len(_calls(hand, "check_now")[-1][1]) == 21


async def test_a_check_of_more_than_ten_seconds_of_budget_asks_and_names_the_time() -> None:
    """A key must not spend the account's whole budget unasked."""
    async with open_screen(_session(149)) as hand:
        await hand.press("R")
        assert hand.opened == "ConfirmScreen"
        assert "Check 150 active tasks now? At 10 checks a second this takes 15s." in hand.text
        await hand.press("enter")
        assert not _calls(hand, "check_now")
        await hand.press("R", "right", "enter")
        assert len(_calls(hand, "check_now")) == 1


async def test_p_pauses_and_resumes() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("p")
        assert "paused" in hand.lines[0]
        await hand.press("f6")
        assert "live" in hand.lines[0]


async def test_a_pause_is_renewed_from_the_palette() -> None:
    """`p` would end it; half an hour is not always enough."""
    async with open_screen(_session()) as hand:
        await hand.press("p")
        await hand.main.run_action("run('pause.renew')")
        assert "paused" in hand.lines[0]
        assert _calls(hand, "pause") == [("pause",), ("pause",)]


async def test_plus_and_minus_step_the_budget() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("+", "+", "+", "-", "-", "-", "-", "-", "-")
        steps = [shown[1] for shown in _calls(hand, "budget")]
        assert steps == [15, 18, 18, 15, 10, 5, 2, 1, 1]
        assert "9.8/1 checks/s" in hand.lines[0]


async def test_a_budget_that_another_process_keeps_down_is_said() -> None:
    """The lowest one wanted counts; a `+` that changes nothing must say why."""

    class Shared(StillSession):
        def set_budget(self, per_second: float) -> None:
            super().set_budget(min(per_second, 5.0))

    async with open_screen(Shared(_session().tasks.values())) as hand:
        await hand.press("+")
        assert hand.toasts == ["15 checks/s wanted here; another process allows 5"]
        await hand.press("-")
        assert len(hand.toasts) == 1


async def test_x_removes_one_at_once_and_u_brings_it_back() -> None:
    """No call of the service could list it again."""
    async with open_screen(_session()) as hand:
        await hand.press("j", "x")
        assert "r1" not in hand.listed
        assert hand.toasts == ["Maths 3B removed; u brings it back"]
        await hand.press("u")
        assert "r1" in hand.listed
        await hand.press("u")
        assert hand.toasts[-1] == "nothing to bring back"


async def test_toasts_do_not_pile_up_over_the_list() -> None:
    """Who clears ten tasks key by key wants to see the tasks, and how many are gone."""
    async with open_screen(_session(10)) as hand:
        await hand.press("x")
        assert hand.toasts == ["Maths 3A removed; u brings it back"]
        await hand.press("x", "x")
        assert hand.toasts == ["3 removed; u brings back the last"]


async def test_what_is_undone_or_long_ago_is_not_counted_again() -> None:
    """The number is of what the message is about, not of all there ever was."""
    async with open_screen(_session(10)) as hand:
        await hand.press("x", "x", "u")
        hand.now += 1
        await hand.press("x")
        assert hand.toasts == ["m009 removed; u brings it back"]
        hand.session.now += 60
        await hand.press("x")
        assert hand.toasts[-1].endswith("removed; u brings it back")


async def test_messages_of_one_kind_are_counted_together() -> None:
    async with open_screen(_session(10)) as hand:
        await hand.press("z", "j", "z")
        assert hand.toasts == ["2 done; u takes back the last"]


async def test_a_message_in_the_footer_stays_its_whole_time() -> None:
    """The time of the one before it must not end it."""
    async with open_screen(_session(10), size=(50, 24)) as hand:
        await hand.press("x")
        notifier = hand.main.edits._notifier
        first = notifier._clearing
        await hand.press("x")
        assert hand.lines[-1].strip() == "2 removed; u brings back the last"
        assert first is not None
        assert first is not notifier._clearing
        assert first._task is None


async def test_an_error_outlives_the_toasts_that_come_after_it() -> None:
    async with open_screen(_session(10)) as hand:
        hand.session.refusal = StoreFailed("the disk is full")
        await hand.press("x")
        hand.session.refusal = None
        await hand.press(*"xxxx")
        assert hand.toasts == ["the disk is full", "4 removed; u brings back the last"]


async def test_x_on_marks_asks_with_cancel_focused() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("space", "space", "x")
        assert "Remove 2 tasks from the watch list?" in hand.text
        await hand.press("enter")
        assert not _calls(hand, "remove")
        await hand.press("x", "y")
        assert len(hand.listed) == 2
        assert not hand.marks


async def test_hidden_marks_are_left_alone_and_counted() -> None:
    """An action must not reach tasks one does not see."""
    async with open_screen(_session()) as hand:
        await hand.press("*", "3")
        assert "4 marked, 2 hidden" in hand.lines[-1]
        await hand.press("x")
        assert "Remove 2 tasks (2 marked ones hidden) from the watch list?" in hand.text
        await hand.press("y")
        assert {ref.task_id for ref in hand.session.tasks} == {"p1", "f1"}


async def test_l_labels_and_starts_from_the_label_there_is() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("l", "end")
        await hand.type(" x")
        await hand.press("enter")
        assert _calls(hand, "label") == [("label", TaskRef(APP, "p1"), "Maths 3A x")]
        await hand.press("l", "escape")
        assert len(_calls(hand, "label")) == 1


async def test_a_task_is_seen_once_the_cursor_rested_on_it() -> None:
    """Passing over it with a held key is not looking."""
    async with open_screen(_session()) as hand:
        await hand.press("G")
        await hand.wait(0.5)
        assert not _calls(hand, "seen")
        await hand.wait(0.6)
        assert _calls(hand, "seen") == [("seen", (ref_of(hand.session, "f1"),))]


async def test_nothing_is_seen_while_nobody_is_there() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("G", "k")
        await hand.wait(121)
        session = hand.session
        session.put(make_task("r2", Phase.FAILED, phase_since=NOW))
        await hand.wait(2)
        assert not _calls(hand, "seen")


async def test_the_engine_learns_which_task_is_looked_at() -> None:
    """Tasks on screen are checked more often, but only while somebody is there."""
    async with open_screen(_session(100), size=(100, 30)) as hand:
        await hand.press("j")
        selected, on_screen = hand.session.attended
        assert selected == hand.selected
        assert on_screen == tuple(hand.table.on_screen())
        await hand.wait(121)
        assert hand.session.attended == (None, ())
