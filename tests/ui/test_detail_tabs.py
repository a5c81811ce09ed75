"""The sheets of the detail pane and the single lines, as text."""

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from tests.ui.fake_session import NOW, STATUS, VIDEOS, make_task, make_video
from tiwtui.api.errors import advice
from tiwtui.formatting import Tone
from tiwtui.glyphs import ASCII_GLYPHS, UNICODE_GLYPHS, Glyphs
from tiwtui.listing.notes import Moment
from tiwtui.listing.tabs import Tab
from tiwtui.model import Details, Failure, Phase, Trouble, TroubleKind
from tiwtui.sanitize import safe
from tiwtui.session import Target
from tiwtui.ui.detail.history_tab import clock_text, history_sheet
from tiwtui.ui.detail.raw_tab import raw_sheet
from tiwtui.ui.detail.summary_tab import outlook_sheet
from tiwtui.ui.detail.timeline_tab import lane_cells, timeline_sheet
from tiwtui.ui.detail.videos_tab import videos_sheet
from tiwtui.ui.drawing.cells import fit, fit_middle
from tiwtui.ui.drawing.styled_text import Row, Sheet
from tiwtui.ui.widgets.header_bar import header
from tiwtui.ui.widgets.tab_bar import tab_line


def _text(sheet: Sheet) -> list[str]:
    return ["".join(run.text for run in row) for row in (*sheet.head, *sheet.rows)]


def _said(pieces: Row) -> str:
    return "".join(piece.text for piece in pieces)


@given(st.text(), st.integers(0, 40), st.booleans())
def test_fitted_text_is_exactly_as_wide_as_asked(text: str, width: int, is_right: bool) -> None:
    """One cell too many and every column after it is out of line."""
    assert cell_len(fit(safe(text), width, is_right=is_right)) == width


def test_a_cut_text_ends_in_an_ellipsis_also_between_wide_characters() -> None:
    assert fit("物理第三讲", 6) == "物理… "
    assert fit("物理第三讲", 7) == "物理第…"
    assert fit("物理", 6) == "物理  "


@given(st.text(), st.integers(1, 30))
def test_a_text_cut_in_its_middle_is_never_wider_than_asked(text: str, width: int) -> None:
    assert cell_len(fit_middle(safe(text), width)) <= width


def test_a_long_name_keeps_both_ends() -> None:
    """Names such as `tic_substream_teacher_1` differ at their ends."""
    assert fit_middle("tic_substream_teacher_1", 9) == "tic_…er_1"
    assert fit_middle("tic_substream_teacher_1", 10) == "tic_s…er_1"
    assert fit_middle("teacher_1", 9) == "teacher_1"


SUBSTREAM = (*VIDEOS, make_video(1, user_id="tic_substream_teacher_1"))


def test_names_take_the_cells_that_are_too_few_for_a_url() -> None:
    """A name that is cut beside empty cells looks like a fault."""
    lines = _text(videos_sheet(SUBSTREAM, 49, UNICODE_GLYPHS, has_numbers=True))
    assert "tic_subs…acher_1" in lines[-1]
    assert {len(line) for line in lines} == {49}


@pytest.mark.parametrize("width", [30, 36, 42, 49, 56])
def test_a_name_in_the_timeline_is_cut_once(width: int) -> None:
    lines = _text(timeline_sheet(SUBSTREAM, 156_750, width, UNICODE_GLYPHS, has_numbers=True))
    assert lines[-1].count("…") <= 1


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("glyphs", [UNICODE_GLYPHS, ASCII_GLYPHS])
def test_no_line_of_videos_is_wider_than_the_pane(width: int, glyphs: object) -> None:
    videos = (*VIDEOS, make_video(7, user_id="tic_substream_" + "学生" * 20, name="x" * 90))
    for sheet in (
        videos_sheet(videos, width, glyphs, has_numbers=True),  # type: ignore[arg-type]
        timeline_sheet(videos, 156_750, width, glyphs, has_numbers=True),  # type: ignore[arg-type]
    ):
        if width >= 40:
            assert all(cell_len(line) <= width for line in _text(sheet))


@pytest.mark.parametrize("width", [40, 80, 140])
def test_a_video_that_is_no_longer_listed_says_so_and_is_dimmed(width: int) -> None:
    videos = (*VIDEOS, make_video(7, name="old", listed=False))
    sheet = videos_sheet(videos, width, UNICODE_GLYPHS, has_numbers=False)
    lines = _text(sheet)
    assert ["no longer listed" in line for line in lines] == [False, False, False, True]
    assert all(cell_len(line) <= width for line in lines)
    assert {run.tone for run in sheet.rows[2][1:]} == {Tone.QUIET}
    assert "Listed" not in "".join(_text(videos_sheet(VIDEOS, width, UNICODE_GLYPHS, has_numbers=False)))


def test_an_error_that_came_later_stands_above_the_videos() -> None:
    error = Failure("FailedOperation.Record", "code: 40004, msg: im login failed")
    lines = _text(videos_sheet(VIDEOS, 80, UNICODE_GLYPHS, has_numbers=False, error=error))
    assert lines[0].rstrip() == " later failed: 40004 im login failed"
    assert len(lines) == 2 + len(VIDEOS)


def test_ascii_glyphs_draw_nothing_but_ascii() -> None:
    videos = (*VIDEOS, make_video(1, user_id="tic_substream_teacher_1"))
    sheets = [
        videos_sheet(videos, 100, ASCII_GLYPHS, has_numbers=True),
        timeline_sheet(videos, 156_750, 100, ASCII_GLYPHS, has_numbers=True),
    ]
    assert all(line.isascii() for sheet in sheets for line in _text(sheet))


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(1, 10**8), st.integers(8, 200))
def test_a_lane_has_at_least_one_cell_and_stays_inside(
    start: int, length: int, span: int, width: int
) -> None:
    first, after = lane_cells(start, length, span, width)
    assert 0 <= first < after <= width


def test_lanes_stand_on_the_classes_time_axis() -> None:
    """One look says which camera, screen or whiteboard ran when."""
    videos = (
        make_video(2, duration_ms=100_000, play_offset_ms=0),
        make_video(0, duration_ms=50_000, play_offset_ms=50_000),
    )
    lines = _text(timeline_sheet(videos, 100_000, 56, UNICODE_GLYPHS, has_numbers=False))
    lanes = [line[15:] for line in lines[2:]]
    assert lanes == ["▒" * 40, "·" * 20 + "█" * 20]
    # The end is marked, and no other time touches it.
    assert lines[0].split() == ["0:00", "0:30", "1:00", "1:40"]
    assert lines[1].endswith("┐")


@pytest.mark.parametrize("glyphs", [UNICODE_GLYPHS, ASCII_GLYPHS])
@pytest.mark.parametrize(
    ("place", "said"), [(0, "0:00–1:40"), (1, "0:50–1:40"), (2, "0:10–0:20"), (3, "0:00–0:01")]
)
def test_the_selected_lane_says_when_it_starts_and_ends(place: int, said: str, glyphs: Glyphs) -> None:
    """Inside a long bar, before one at the end, after any other; the lane stays as wide as the others."""
    videos = (
        make_video(2, duration_ms=100_000, play_offset_ms=0),
        make_video(0, duration_ms=50_000, play_offset_ms=50_000),
        make_video(1, duration_ms=10_000, play_offset_ms=10_000),
        make_video(4, duration_ms=1_000, play_offset_ms=0),
    )
    lines = _text(timeline_sheet(videos, 100_000, 56, glyphs, has_numbers=False, selected=place))[2:]
    said = said.replace("–", glyphs.nothing)
    assert [said in line for line in lines] == [at == place for at in range(4)]
    assert len({cell_len(line) for line in lines}) == 1


def test_a_refused_url_is_shown_escaped_and_is_no_link() -> None:
    video = make_video(url="http://a.example/\x1b]52;c;eA==\x07")
    sheet = videos_sheet((video,), 120, UNICODE_GLYPHS, has_numbers=False)
    url = sheet.rows[0][-1]
    assert url.text.startswith("refused, it contains control characters: ")
    assert url.url == ""


def test_a_fit_url_is_a_link_without_its_scheme() -> None:
    url = videos_sheet(VIDEOS, 200, UNICODE_GLYPHS, has_numbers=False).rows[0][-1]
    assert url.url == VIDEOS[0].url
    assert url.text.strip() == VIDEOS[0].url.removeprefix("http://")


@pytest.mark.parametrize("width", [60, 70, 80, 90])
def test_size_and_start_come_before_a_url_that_names_no_host(width: int) -> None:
    """That there is a URL is known; how large a video is and when it starts is not."""
    lines = _text(videos_sheet(VIDEOS, width, UNICODE_GLYPHS, has_numbers=False))
    assert {"Size", "Starts"} <= set(lines[0].split())
    assert {"Picture", "Type"} <= set(lines[0].split()) or "…/video.mp4" not in lines[1]
    assert all(cell_len(line) <= width for line in lines)


def test_a_url_that_names_its_host_comes_before_type_and_picture() -> None:
    lines = _text(videos_sheet(VIDEOS, 100, UNICODE_GLYPHS, has_numbers=False))
    assert "Size" in lines[0]
    assert "1257240443.vod2.myqcloud.com/…/video.mp4" in lines[1]
    assert "http" not in lines[1]
    assert "Picture" not in lines[0]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_url_that_is_refused_says_why_at_any_width(width: int) -> None:
    video = make_video(url="http://a.example/\x1b]52;c;eA==\x07")
    assert "refused, it" in _text(videos_sheet((video,), width, UNICODE_GLYPHS, has_numbers=False))[1]


def test_times_are_in_the_local_zone_with_the_date_unless_today() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert clock_text(NOW, UTC, NOW) == "14:13:20"
    assert clock_text(NOW, shanghai, NOW) == "22:13:20"
    assert clock_text(NOW - 86_400, UTC, NOW) == "2026-09-20 14:13:20"


def test_history_shows_when_it_settled_and_that_times_are_observed() -> None:
    task = make_task("t", Phase.READY, settled_between=(NOW - 60, NOW - 50), request_id="r-9")
    text = "\n".join(_text(history_sheet(task, Details(), NOW, UTC, UNICODE_GLYPHS, 80)))
    assert "between 14:12:20 and 14:12:30" in text
    assert "r-9" in text
    assert "Times are tiwtui's own observations" in text


def test_history_says_who_removed_a_task() -> None:
    """The last edit of a removed task is its removal: whom to ask before it is restored."""
    task, details = make_task("t"), Details(edited_by="anna")
    for removed_at, is_said in ((NOW - 5, True), (None, False)):
        shown = "\n".join(_text(history_sheet(task, details, NOW, UTC, UNICODE_GLYPHS, 80, removed_at)))
        assert ("removed from the watch list by anna" in shown) is is_said


@pytest.mark.parametrize("width", [38, 60, 120])
def test_history_is_wrapped_and_loses_no_word(width: int) -> None:
    """The window in which a task ended is what History is read for."""
    trouble = Trouble(TroubleKind.SERVICE, "InternalError", "try again later", "r-1", NOW - 5)
    task = make_task(
        "t", Phase.READY, settled_between=(NOW - 60, NOW - 50), request_id="9" * 36, trouble=trouble
    )
    lines = _text(history_sheet(task, Details(), NOW, UTC, UNICODE_GLYPHS, width))
    assert all(cell_len(line) <= width for line in lines)
    shown = " ".join(" ".join(lines).split())
    assert "between 14:12:20 and 14:12:30" in shown
    assert "Times are tiwtui's own observations." in shown


@given(st.binary(max_size=200))
def test_any_answer_can_be_shown_raw(raw: bytes) -> None:
    """The answer is shown as received."""
    trouble = Trouble(TroubleKind.GARBLED, "garbled", "$: not JSON", "r-1", NOW - 5, NOW)
    for task in (make_task("t"), make_task("t", trouble=trouble)):
        for line in _text(raw_sheet(task, Details(raw=raw, error_raw=raw), NOW, UTC, 40)):
            assert line == safe(line)
            assert task.trouble is None or not line.isascii() or cell_len(line) <= 40


def test_json_is_indented_and_a_long_url_is_folded_and_not_cut() -> None:
    url = "http://a.example/" + "x" * 100
    details = Details(raw=b'{"a":{"url":"%s"}}' % url.encode())
    lines = _text(raw_sheet(make_task("t"), details, NOW, UTC, 40))
    assert lines[0].strip() == "{"
    assert "x" * 100 in "".join(line.strip() for line in lines)
    assert all(cell_len(line) <= 40 for line in lines)


def test_fields_that_were_not_read_are_named_above_the_answer() -> None:
    details = Details(raw=b"{}", oddities=("$.Response.RoomId: expected int",))
    assert "$.Response.RoomId: expected int" in _text(raw_sheet(make_task("t"), details, NOW, UTC, 80))[0]


def test_history_names_the_request_of_the_trouble_beside_that_of_the_last_good_answer() -> None:
    """Support is asked about the one that went wrong."""
    task = make_task("t", trouble=GARBLED, request_id="r-1")
    lines = [line.strip() for line in _text(history_sheet(task, Details(), NOW, UTC, UNICODE_GLYPHS, 80))]
    place = lines.index("garbled $.Response.Status: expected str")
    assert lines[place + 1] == "RequestId r-2"


GARBLED = Trouble(TroubleKind.GARBLED, "garbled", "$.Response.Status: expected str", "r-2", NOW - 60, NOW - 5)


def test_an_unreadable_answer_is_shown_with_its_request_id_before_the_last_good_one() -> None:
    """What support asks for; and nobody may take the last good answer for the last one."""
    task = make_task("t", trouble=GARBLED, checked_at=NOW - 90)
    details = Details(raw=b'{"good":1}', error_raw=b'{"Response":{"Status":3}}')
    lines = _text(raw_sheet(task, details, NOW, UTC, 80))
    assert lines[0] == " unreadable answer $.Response.Status, 14:13:15"
    assert lines[2] == " RequestId r-2"
    title = lines.index(" Last good answer, 14:11:50")
    assert '"Status": 3' in "".join(lines[:title])
    assert '"good": 1' in "".join(lines[title:])


def test_bytes_that_are_not_json_are_folded_and_a_missing_answer_is_named() -> None:
    """Before this, Raw said "No answer yet" after any number of errors."""
    lines = _text(raw_sheet(make_task("t", trouble=GARBLED), Details(error_raw=b"x" * 100), NOW, UTC, 40))
    assert "".join(line.strip() for line in lines).count("x" * 100) == 1
    assert lines[-1] == " No good answer yet."
    offline = Trouble(TroubleKind.NETWORK, "timeout", "no answer in 20 s", "", NOW - 60, NOW - 5)
    lines = _text(raw_sheet(make_task("t", trouble=offline), Details(), NOW, UTC, 40))
    assert " No bytes came." in lines


@pytest.mark.parametrize("phase", list(Phase))
def test_each_phase_says_what_to_expect_or_do(phase: Phase) -> None:
    trouble = Trouble(TroubleKind.NETWORK, "timeout", "no answer in 20 s", "", NOW - 60)
    lines = _text(outlook_sheet(make_task("t", phase, trouble=trouble), Moment(NOW), 60))
    assert len(lines) >= 2
    assert any("no answer in 20 s" in line for line in lines)
    assert all(cell_len(line) <= 60 for line in lines)


@pytest.mark.parametrize(
    ("phase", "code", "message"),
    [
        (Phase.FAILED, "FailedOperation.Record", "code: 40004, msg: login failed with code 6206"),
        (Phase.NOT_FOUND, "InvalidParameter.TaskNotFound", "no such task"),
    ],
)
def test_a_failure_comes_with_advice_in_both_tabs_that_show_it(phase: Phase, code: str, message: str) -> None:
    """What it means, what to do, whom to ask: a code alone sends a person to a search engine."""
    task = make_task("t", phase, error=Failure(code, message, "r-1"))
    wanted = advice(code, message)
    for sheet in (
        outlook_sheet(task, Moment(NOW), 100),
        history_sheet(task, Details(), NOW, UTC, UNICODE_GLYPHS, 100),
    ):
        assert wanted in " ".join(" ".join(_text(sheet)).split())


def test_what_a_lost_task_is_in_is_said_once() -> None:
    """The same sentence twice reads like a fault of the program."""
    lost = Trouble(
        TroubleKind.SERVICE, "InvalidParameter.TaskNotFound", "the service no longer knows it", "", NOW - 60
    )
    task = make_task("t", Phase.PROCESSING, trouble=lost)
    outlook = outlook_sheet(task, Moment(NOW), 100)
    history = history_sheet(task, Details(), NOW, UTC, UNICODE_GLYPHS, 100)
    for sheet in (outlook, history):
        assert "\n".join(_text(sheet)).count("the service no longer knows it") == 1


def _header(width: int, **given: object) -> tuple[str, str]:

    status = replace(STATUS, **given)
    target = Target("school", "tiw.tencentcloudapi.com", "ap-singapore", None)
    left, right = header(target, status, NOW, lambda _at: "10:02", width, UNICODE_GLYPHS)
    return _said(left), _said(right)


def test_the_header_loses_region_host_and_profile_in_this_order() -> None:
    assert _header(120)[0] == " tiwtui  school · tiw.tencentcloudapi.com · ap-singapore"
    assert _header(90)[0] == " tiwtui  school · tiw.tencentcloudapi.com"
    assert _header(70)[0] == " tiwtui  school"
    assert _header(52)[0].strip() == "tiwtui"


@given(st.integers(40, 200))
def test_the_header_fits(width: int) -> None:
    left, right = _header(width, throttled=12)
    assert cell_len(left) + cell_len(right) <= width


def test_the_header_shows_what_stops_the_checks() -> None:
    assert "throttled 3" in _header(120, throttled=3)[1]
    assert "9.8/5 checks/s" in _header(120, allowed=5.0)[1]
    assert "stopped for 1400000001" in _header(120, stopped_apps=(1400000001,))[1]


def test_narrow_tabs_are_the_current_one_and_what_needs_a_look() -> None:
    counts = dict.fromkeys(Tab, 3) | {Tab.ATTENTION: 0}
    wide = _said(tab_line(counts.__getitem__, Tab.ALL, 100, UNICODE_GLYPHS))
    assert wide == " 1 All 3 │ 2 Active 3 │ 3 Ready 3 │ 4 Failed 3 │ 5 Attention 0 "
    narrow = _said(tab_line(counts.__getitem__, Tab.ALL, 40, UNICODE_GLYPHS))
    assert narrow == " 1 All 3 │ 4 Failed 3 "
    many = dict.fromkeys(Tab, 60)
    assert _said(tab_line(many.__getitem__, Tab.ALL, 40, UNICODE_GLYPHS)) == " 1 All 60 │ 5 Attention 60 "


def test_history_does_not_date_the_trouble_of_now_to_when_another_began() -> None:
    """The line went dead at ten; that the service throttles now was not so then."""
    trouble = Trouble(TroubleKind.THROTTLED, "RequestLimitExceeded", "", "", NOW - 600)
    task = make_task("t", trouble=trouble)
    text = "\n".join(_text(history_sheet(task, Details(), NOW, UTC, UNICODE_GLYPHS, 80)))
    assert f"throttled; no news since {clock_text(NOW - 600, UTC, NOW)}" in text


@pytest.mark.parametrize("phase", [Phase.PROCESSING, Phase.FAILED, Phase.NOT_FOUND])
def test_a_removed_task_has_no_next_check_but_an_expiry(phase: Phase) -> None:
    """Nothing is asked about it any more."""
    moment = Moment(NOW, removed_at=lambda ref: NOW - 2 * 86_400, next_check_at=lambda ref: NOW + 5)
    text = "\n".join(_text(outlook_sheet(make_task("t", phase), moment, 70)))
    assert "when it was removed, 2d ago" in text
    assert "Saved for at least another 28d and can be brought back. Not" in text
    assert "again in" not in text
    assert "appear here" not in text


def test_a_removed_task_that_may_be_forgotten_says_so() -> None:
    moment = Moment(NOW, removed_at=lambda ref: NOW - 31 * 86_400)
    text = "\n".join(_text(outlook_sheet(make_task("t"), moment, 70)))
    assert "May be deleted from now on" in text
