"""Columns: which fit, and what they say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import WALL, make_task
from tiwtui.formatting import Tone
from tiwtui.listing.columns import CHOOSABLE, arrange, column_word, is_overdue, line, title
from tiwtui.listing.notes import Moment, note
from tiwtui.model import Done, Failure, Phase, Task, TaskRef, Trouble, TroubleKind


def _shown(width: int) -> list[str]:
    return [placed.column.id for placed in arrange(width)]


def test_law_3_columns_leave_in_their_order() -> None:
    """Length, Videos, Checked, Room, the phase word: what a row can do without, first."""
    gone: list[str] = []
    for width in range(160, 80, -1):
        shown = _shown(width)
        gone += [name for name in _shown(160) if name not in shown and name not in gone]
    expected = ["length", "videos", "checked", "room", "phase"]
    assert gone == expected[: len(gone)]


def test_under_80_cells_task_and_label_are_one_name() -> None:
    assert {"task", "label"} <= set(_shown(80))
    assert "name" in _shown(79)
    assert not {"task", "label"} & set(_shown(79))


def test_40_cells_keep_sign_name_age_and_note() -> None:
    assert _shown(40) == ["glyph", "unseen", "name", "in_phase", "note"]


@pytest.mark.parametrize(
    ("width", "label", "note_width"), [(200, 28, 60), (140, 20, 28), (120, 16, 24), (80, 10, 14)]
)
def test_spare_cells_go_to_label_and_note(width: int, label: int, note_width: int) -> None:
    """What a person wrote and what there is to know; the id is whole, figures need no more."""
    widths = {placed.column.id: placed.width for placed in arrange(width, margin=4)}
    assert widths["label"] >= label
    assert widths["note"] >= note_width
    assert widths["task"] == 20


@given(st.integers(1, 400))
def test_law_2_columns_never_overlap_or_stick_out(width: int) -> None:
    placed = arrange(width)
    for before, after in pairwise(placed):
        assert before.end == after.x
    assert all(column.width >= 0 for column in placed)
    assert placed[-1].x + placed[-1].width <= max(width, 40)


def _words(task: Task, width: int = 140, **moment: object) -> dict[str, str]:
    at = Moment(WALL, **moment)  # type: ignore[arg-type]
    placed = arrange(width)
    return {p.column.id: said.text for p, said in zip(placed, line(task, placed, at).cells, strict=True)}


def test_a_row_says_what_is_known() -> None:
    task = make_task(
        phase=Phase.READY,
        label="Maths",
        room_id=900822,
        phase_since=WALL - 3720,
        checked_at=WALL - 3500,
        video_count=4,
        total_time_ms=156_750,
        files_end_at=WALL + 7200,
        seen_at=WALL,
    )
    assert _words(task) == {
        "glyph": "✓",
        "phase": "ready",
        "unseen": "",
        "task": "ghucnligqtgtvk2624mb",
        "label": "Maths",
        "room": "900822",
        "in_phase": "1h02m",
        "checked": "58m",
        "videos": "4",
        "length": "2:36",
        "note": "expires ~2h00m",
    }


def test_what_is_not_known_is_a_dash_and_not_a_zero() -> None:
    words = _words(make_task(checked_at=None))
    assert (words["checked"], words["videos"], words["length"]) == ("–", "–", "–")


def test_a_row_that_left_says_so() -> None:
    placed = arrange(120)
    left = line(make_task(phase=Phase.READY), placed, Moment(WALL), has_left=True)
    assert left.is_dim
    assert left.cells[-1].text == "left this view"


def test_foreign_text_is_made_safe_in_every_cell() -> None:
    """A label can hold anything a person pasted."""
    task = make_task(
        "id\x1b[2J", label="\x1b]0;x\x07[/b]", phase=Phase.OTHER, status="\x9bX", group_id="\u202e"
    )
    for width in (60, 120):
        assert not any(set("\x1b\x07\x9b\u202e") & set(text) for text in _words(task, width).values())


@pytest.mark.parametrize(("age_s", "is_stale"), [(24.0, False), (24.1, True)])
def test_an_answer_older_than_twice_its_interval_is_overdue(age_s: float, is_stale: bool) -> None:
    def interval_s(_ref: TaskRef) -> float:
        return 12.0

    task = make_task(phase=Phase.QUEUED, checked_at=WALL - age_s)
    assert is_overdue(task, Moment(WALL, interval_s=interval_s)) is is_stale
    assert not is_overdue(make_task(phase=Phase.READY, checked_at=0.0), Moment(WALL, interval_s=interval_s))


@pytest.mark.parametrize(
    ("task", "text", "tone"),
    [
        (
            make_task(phase=Phase.FAILED, error=Failure("FailedOperation.Record", "code: 40004, msg: no")),
            "40004 no",
            Tone.BAD,
        ),
        (make_task(phase=Phase.PROCESSING), "usually 2m10s", Tone.QUIET),
        (make_task(phase=Phase.QUEUED), "", Tone.PLAIN),
        (make_task(phase=Phase.NOT_FOUND), "unknown id (wrong app?)", Tone.BAD),
        (make_task(phase=Phase.OTHER, status="MERGING"), "unknown status MERGING", Tone.WARN),
        (make_task(phase=Phase.READY, files_end_at=WALL + 86_400), "expires ~1d", Tone.WARN),
        (make_task(phase=Phase.QUEUED, phase_since=WALL - 90_000), "no change for 1d", Tone.WARN),
        (make_task(phase=Phase.READY, files_end_at=WALL + 3600), "expires ~1h00m", Tone.WARN),
        (make_task(phase=Phase.READY, files_end_at=WALL + 86_401), "", Tone.PLAIN),
        (
            make_task(phase=Phase.READY, files_end_at=WALL + 3600, taken_at=WALL),
            "expires ~1h00m",
            Tone.QUIET,
        ),
        (make_task(phase=Phase.READY, files_end_at=WALL - 60), "expired ~1m00s ago", Tone.QUIET),
        (
            make_task(
                phase=Phase.PROCESSING, oddities=("$.Response.RoomId: expected int", "$.Response.X: y")
            ),
            "odd answer: RoomId: expected int, X: y",
            Tone.WARN,
        ),
        (
            make_task(
                phase=Phase.READY, files_end_at=WALL + 90_000, oddities=("$.Response.TotalTime: negative",)
            ),
            "odd answer: TotalTime: negative",
            Tone.WARN,
        ),
        (
            make_task(
                phase=Phase.READY, files_end_at=WALL + 3600, oddities=("$.Response.TotalTime: negative",)
            ),
            "expires ~1h00m; odd answer: TotalTime: negative",
            Tone.WARN,
        ),
        (
            make_task(phase=Phase.EMPTY, oddities=("$.Response.ErrorCode: \x1b[2J",)),
            "no video; r checks again; odd answer: ErrorCode: \\x1b[2J",
            Tone.WARN,
        ),
        (
            make_task(
                phase=Phase.READY,
                files_end_at=WALL + 3600,
                error=Failure("FailedOperation.Record", "code: 40004, msg: im login failed"),
            ),
            "later failed: 40004 im login failed",
            Tone.WARN,
        ),
        (
            make_task(
                phase=Phase.FAILED,
                error=Failure("FailedOperation.Record", "code: 40004, msg: no"),
                done=Done(WALL, "anna", ("failed",)),
            ),
            "40004 no",
            Tone.QUIET,
        ),
        (
            make_task(phase=Phase.READY, trouble=Trouble(TroubleKind.NETWORK, "", "", "", WALL)),
            "no connection, next try 8s",
            Tone.WARN,
        ),
    ],
)
def test_notes_laws_1_and_2_the_note_says_the_one_thing_worth_knowing(
    task: Task, text: str, tone: Tone
) -> None:
    at = Moment(WALL, typical_processing_s=130.0, next_check_at=lambda _ref: WALL + 8)
    assert note(task, at) == (text, tone)


def test_trouble_of_a_settled_task_gives_way_to_what_is_known_of_it() -> None:
    trouble = Trouble(TroubleKind.NETWORK, "", "", "", WALL)
    task = make_task(phase=Phase.READY, trouble=trouble, files_end_at=WALL + 7200)
    assert note(task, Moment(WALL + 59)).text == "no connection"
    assert note(task, Moment(WALL + 60)).text == "expires ~1h59m"


def test_law_1_the_columns_that_can_be_left_out_are_those_of_their_entries() -> None:
    """The chooser, the configuration and the state file name them."""
    assert CHOOSABLE == ("phase", "app", "label", "room", "in_phase", "checked", "videos", "length")
    assert [column_word(name) for name in ("glyph", "phase", "in_phase")] == ["", "Phase", "Changed"]
    shown = {placed.column.id for placed in arrange(200, frozenset(CHOOSABLE))}
    assert shown == {"glyph", "unseen", "task", "note"}


def test_titles_are_short_where_the_column_is() -> None:
    narrow = {placed.column.id: title(placed) for placed in arrange(50)}
    assert narrow["in_phase"] == "For"
    assert all(len(title(placed)) <= placed.width for width in (40, 60, 80, 120) for placed in arrange(width))
