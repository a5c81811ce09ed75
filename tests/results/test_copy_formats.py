"""The forms of a copy: each is what the place it is pasted into expects."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_ref, make_task, make_video
from tiwtui.model import Details, Failure, Phase, Task, Trouble, TroubleKind
from tiwtui.results.copy_formats import (
    CELLS,
    SLICE,
    Format,
    Formatted,
    Formatting,
    beginning,
    formatted_in_slices,
    forms_for,
    kinds_of,
)
from tiwtui.results.serializers import safe_cell

URL = "http://1257240443.vod2.myqcloud.com/cc35b442vodcq1257240443/video.mp4"
BOARD = make_video()
CAMERA = make_video(type=0, user_id="teacher_1", duration_ms=None, url="https://example.com/物理.mp4")


def _ready(*videos: object, **fields: object) -> tuple[Task, Details]:
    task = make_task(phase=Phase.READY, status="FINISHED", label="Maths 3A", request_id="r-9", **fields)
    return task, Details(videos=tuple(videos))  # type: ignore[arg-type]


READY = _ready(BOARD, CAMERA)
ACTIVE = (make_task("waiting", phase=Phase.PROCESSING, status="PROCESSING"), Details())


def formatted(form: Format, items: list[tuple[Task, Details]], **given: Any) -> Formatted:
    """Format tasks to the end."""
    slices = formatted_in_slices(Formatting(form, **given), items)
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: Formatted = end.value
            return result


@pytest.mark.parametrize("form", Format)
def test_many_tasks_are_formatted_in_slices_to_the_same_text_as_few(form: Format) -> None:
    """All at once, 100,000 tasks held every key back for seconds."""
    items = [
        (make_task(number, phase=Phase.READY), Details((BOARD, CAMERA))) for number in range(2 * SLICE + 1)
    ]
    assert len(list(formatted_in_slices(Formatting(form), items))) == 3
    whole, one = formatted(form, items), Formatting(form).part(items)
    assert whole == Formatting(form).whole([one])
    assert whole.count == one.count
    if form is Format.JSON:
        assert len(json.loads(whole.text)) == len(items)


@pytest.mark.parametrize("form", Format)
def test_a_preview_is_the_beginning_of_the_text_however_late_the_first_video_is(form: Format) -> None:
    """It is made again with each key, so it must not be made of all tasks."""
    items = [ACTIVE] * (SLICE + 1) + [READY] * (2 * SLICE)
    begun, whole = beginning(Formatting(form), items), formatted(form, items)
    assert 0 < len(begun) < len(whole.text)
    assert whole.text.splitlines()[:2] == begun.splitlines()[:2]


def test_urls_are_one_a_line_and_nothing_else() -> None:
    """They go into a shell or a downloader."""
    assert formatted(Format.URL, [READY, ACTIVE]) == Formatted(
        f"{URL}\nhttps://example.com/%E7%89%A9%E7%90%86.mp4", 2, {make_ref(): (BOARD.key, CAMERA.key)}
    )


def test_a_chat_line_says_what_the_link_is() -> None:
    result = formatted(Format.CHAT, [READY]).text.splitlines()
    assert result[0] == f"Maths 3A · whiteboard · 2:36 · {URL}"
    assert result[1] == "Maths 3A · camera · https://example.com/%E7%89%A9%E7%90%86.mp4"


def test_cells_have_a_header_and_a_row_per_video() -> None:
    """A spreadsheet splits them at the tabs; a task without video must not vanish from it."""
    rows = _pasted(formatted(Format.CELLS, [READY, ACTIVE]).text)
    assert rows[0] == list(CELLS)
    assert [row[1] for row in rows[1:]] == ["ghucnligqtgtvk2624mb"] * 2 + ["waiting"]
    assert {len(row) for row in rows} == {len(CELLS)}


def _pasted(text: str) -> list[list[str]]:
    """Return the cells that a spreadsheet makes of a paste."""
    return list(csv.reader(io.StringIO(text), "excel-tab"))


@pytest.mark.parametrize(
    ("label", "cell"),
    [
        ('=HYPERLINK("x")\tb\n', '\'=HYPERLINK("x") b '),
        ('"=HYPERLINK("x")', '\'"=HYPERLINK("x")'),
        ("＝SUM(A1)", "'＝SUM(A1)"),
        ('"open quote', '"open quote'),
        ('Maths "3A"', 'Maths "3A"'),
    ],
)
def test_a_label_is_one_cell_whatever_it_holds(label: str, cell: str) -> None:
    """No formula; and a quote that stays open would swallow the rows that follow."""
    items = [(make_task(label=label), Details()), ACTIVE]
    rows = _pasted(formatted(Format.CELLS, items).text)
    assert [row[:2] for row in rows[1:]] == [[cell, "ghucnligqtgtvk2624mb"], ["", "waiting"]]


@given(st.text(st.characters()))
def test_no_label_opens_a_cell_a_row_or_a_formula(label: str) -> None:
    """Each cell of the paste is the one that was written."""
    rows = _pasted(formatted(Format.CELLS, [(make_task(label=label), Details()), ACTIVE]).text)
    assert [len(row) for row in rows] == [len(CELLS)] * 3
    assert rows[1][0] == safe_cell(label)
    assert rows[2][1] == "waiting"


def test_ids_name_their_application_only_where_it_is_another() -> None:
    other = make_task("other", ref=make_ref("other", 1500000002))
    text = formatted(Format.ID, [READY, (other, Details())], default_app=1400000001).text
    assert text == "ghucnligqtgtvk2624mb\n1500000002/other"


def test_a_ticket_holds_what_support_asks_for() -> None:
    """Without the RequestId they cannot look it up."""
    failure = Failure("FailedOperation.Record", "code: 40004, msg: \x1b[2J", "r-1")
    task = make_task(phase=Phase.FAILED, status="FINISHED", error=failure, checked_at=1_700_000_000.0)
    assert formatted(Format.TICKET, [(task, Details())], host="tiw.tencentcloudapi.com").text == (
        "SdkAppId: 1400000001\nTaskId: ghucnligqtgtvk2624mb\nRequestId: r-1\n"
        "Host: tiw.tencentcloudapi.com\nStatus: FINISHED\nCode: FailedOperation.Record\n"
        "Message: code: 40004, msg: \\x1b[2J\nTime: 2023-11-14T22:13:20Z"
    )


def test_a_ticket_has_every_line_also_for_an_unreadable_answer() -> None:
    """The id is that of the unreadable answer, and so is the time: support looks it up by both."""
    trouble = Trouble(TroubleKind.GARBLED, "garbled", "$: not JSON (<html>)", "r-2", 10.0, 1_700_000_000.0)
    task = make_task(phase=Phase.QUEUED, status="QUEUED", trouble=trouble, request_id="r-1", checked_at=5.0)
    result = formatted(Format.TICKET, [(task, Details())], host="tiw.tencentcloudapi.com").text
    assert result == (
        "SdkAppId: 1400000001\nTaskId: ghucnligqtgtvk2624mb\nRequestId: r-2\n"
        "Host: tiw.tencentcloudapi.com\nStatus: QUEUED\nCode: garbled\n"
        "Message: $: not JSON (<html>)\nTime: 2023-11-14T22:13:20Z"
    )


def test_a_ticket_says_what_is_not_known() -> None:
    """A line that is missing would be asked for."""
    lines = formatted(Format.TICKET, [(make_task(), Details())], host="h").text.splitlines()
    assert lines[2:] == ["RequestId: -", "Host: h", "Code: -", "Message: -", "Time: -"]


@pytest.mark.parametrize(
    ("fields", "is_first"),
    [
        ({"phase": Phase.FAILED, "error": Failure("FailedOperation.Record", "x")}, True),
        ({"phase": Phase.READY, "error": Failure("FailedOperation.Record", "x")}, True),
        ({"trouble": Trouble(TroubleKind.NETWORK, "timeout", "", "", 1.0)}, True),
        ({"phase": Phase.READY, "trouble": Trouble(TroubleKind.NETWORK, "timeout", "", "", 1.0)}, False),
        ({"phase": Phase.READY}, False),
    ],
)
def test_the_ticket_comes_first_where_something_went_wrong(fields: dict[str, object], is_first: bool) -> None:
    """A failed task has no URL to copy; one that is ready has, whatever a later check met."""
    task = (make_task(**fields), Details())
    assert (forms_for([task])[0] is Format.TICKET) is is_first
    assert sorted(forms_for([task])) == sorted(Format)
    assert forms_for([task, READY])[0] is Format.URL


def test_json_and_csv_are_the_documented_ones() -> None:
    objects = json.loads(formatted(Format.JSON, [READY, ACTIVE]).text)
    assert [len(task["videos"]) for task in objects] == [2, 0]
    rows = list(csv.DictReader(io.StringIO(formatted(Format.CSV, [READY, ACTIVE]).text)))
    assert [row["kind"] for row in rows] == ["whiteboard", "camera", ""]


@pytest.mark.parametrize("form", [Format.URL, Format.CHAT, Format.CELLS, Format.JSON, Format.CSV])
def test_kinds_choose_the_videos(form: Format) -> None:
    """copy_formats law 2."""
    text = formatted(form, [READY], kinds=frozenset({"camera"})).text
    assert "example.com" in text
    assert "vod2" not in text
    assert kinds_of([READY, ACTIVE]) == ("whiteboard", "camera")


@pytest.mark.parametrize("form", [Format.URL, Format.CHAT, Format.CELLS, Format.CSV])
def test_a_video_that_is_no_longer_listed_is_copied_only_where_it_is_selected_itself(form: Format) -> None:
    """It is not among the videos that were counted before the copy."""
    task = _ready(make_video(url="http://a.example/old.mp4", listed=False), BOARD)
    assert "old.mp4" not in formatted(form, [task]).text
    assert URL in formatted(form, [task]).text
    assert "old.mp4" in formatted(form, [task], has_unlisted=True).text


def test_json_has_the_videos_that_are_no_longer_listed_and_says_so() -> None:
    (result,) = json.loads(formatted(Format.JSON, [_ready(make_video(listed=False), BOARD)]).text)
    assert [video["listed"] for video in result["videos"]] == [False, True]


@pytest.mark.parametrize("form", list(Format))
def test_a_url_that_is_not_fit_is_in_no_form(form: Format) -> None:
    """copy_formats law 1: what is copied is pasted into a shell."""
    result = formatted(form, [_ready(make_video(url="javascript:alert(1)"))])
    assert "javascript" not in result.text
    assert bool(result.refused) is form.hands_over
    assert not result.taken


def test_ids_and_tickets_take_nothing() -> None:
    """Anyone who has an id still has to fetch the video before its files end."""
    assert {form for form in Format if formatted(form, [READY]).taken} == {
        form for form in Format if form.hands_over
    }


@pytest.mark.parametrize("form", [Format.URL, Format.CHAT])
def test_nothing_to_copy_is_no_text(form: Format) -> None:
    """An empty text would wipe the clipboard."""
    assert formatted(form, [ACTIVE]).text == ""
