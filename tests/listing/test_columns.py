"""Columns: what they say of a task."""

from datetime import UTC

import pytest
from msgspec import structs

from tests.factories import APP, WALL, make_ref, make_task
from tiwtui.formatting import Tone
from tiwtui.listing.arrangement import Wanted, arrange, line
from tiwtui.listing.attention.reasons import Limits
from tiwtui.listing.attention.usual import Usual
from tiwtui.listing.columns import ALL_COLUMNS, CHOOSABLE, DEFAULT_COLUMNS, column_word, is_overdue
from tiwtui.listing.notes import Moment, note
from tiwtui.model import Done, Failure, Phase, Task, TaskRef, Trouble, TroubleKind


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


@pytest.mark.parametrize(
    ("width", "said"),
    [(160, "left this view: unknown id (wrong app?)"), (60, "left: unknown id (wrong app?)")],
)
def test_a_row_that_left_says_so_and_why(width: int, said: str) -> None:
    """A task that fails leaves Active, and the reason is what one wants to know then."""
    placed = arrange(width)
    left = line(make_task(phase=Phase.NOT_FOUND), placed, Moment(WALL), has_left=True)
    assert left.is_dim
    assert left.cells[-1] == (said, Tone.BAD)
    quiet = line(make_task(phase=Phase.READY), placed, Moment(WALL), has_left=True)
    assert quiet.cells[-1] == ("left this view", Tone.QUIET)


@pytest.mark.parametrize(("age_s", "is_lit"), [(0.0, True), (2.9, True), (3.0, False), (-1.0, False)])
def test_a_row_is_lit_for_three_seconds_after_its_phase_changed(age_s: float, is_lit: bool) -> None:
    """What just happened among forty rows is seen at a glance; a clock that was set back lights nothing."""
    at, placed = Moment(WALL + age_s), arrange(120)
    assert line(make_task(phase=Phase.READY, phase_since=WALL), placed, at).is_lit is is_lit
    assert not line(make_task(phase=Phase.NEW, phase_since=WALL), placed, at).is_lit
    assert not line(make_task(phase=Phase.READY, phase_since=WALL), placed, at, removed_at=WALL).is_lit


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
            make_task(phase=Phase.READY, files_end_at=WALL + 259_200, ends_at_latest=True),
            "expires ≤3d",
            Tone.QUIET,
        ),
        (
            make_task(phase=Phase.READY, files_end_at=WALL + 86_400, ends_at_latest=True),
            "expires ≤1d",
            Tone.WARN,
        ),
        (
            make_task(phase=Phase.READY, files_end_at=WALL + 259_200, ends_at_latest=True, taken_at=WALL),
            "copied 22:13",
            Tone.QUIET,
        ),
        (
            make_task(phase=Phase.READY, files_end_at=WALL + 3600, taken_at=WALL),
            "copied 22:13",
            Tone.QUIET,
        ),
        (
            make_task(phase=Phase.READY, files_end_at=WALL + 3600, done=Done(WALL, "", ("expiry",))),
            "expires ~1h00m",
            Tone.QUIET,
        ),
        (make_task(phase=Phase.READY, files_end_at=WALL), "probably deleted 0s ago", Tone.WARN),
        (make_task(phase=Phase.READY, files_end_at=WALL - 7200), "probably deleted 2h00m ago", Tone.WARN),
        (
            make_task(phase=Phase.READY, files_end_at=WALL - 7200, taken_at=WALL - 9000),
            "probably deleted 2h00m ago",
            Tone.QUIET,
        ),
        (
            make_task(phase=Phase.READY, files_end_at=WALL - 7200, done=Done(WALL, "", ("expiry",))),
            "probably deleted 2h00m ago",
            Tone.QUIET,
        ),
        (
            make_task(phase=Phase.READY, video_count=4, taken_at=WALL, taken_videos=("a", "b")),
            "2 of 4 copied",
            Tone.QUIET,
        ),
        (
            make_task(
                phase=Phase.READY,
                files_end_at=WALL + 3600,
                video_count=4,
                taken_at=WALL,
                taken_videos=("a", "b", "gone"),
                unlisted=("gone",),
            ),
            "expires ~1h00m, 2 of 4 copied",
            Tone.WARN,
        ),
        (
            make_task(
                phase=Phase.READY, video_count=1, taken_at=WALL - 86_400, taken_videos=("a",), taken_by="anna"
            ),
            "copied Mon 22:13 by anna",
            Tone.QUIET,
        ),
        (make_task(phase=Phase.READY, taken_at=WALL, taken_by="me"), "copied 22:13", Tone.QUIET),
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
            "no video yet, again in 8s; odd answer: ErrorCode: \\x1b[2J",
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
        (make_task(phase=Phase.PROCESSING, phase_since=WALL - 240), "usually 2m10s", Tone.QUIET),
        (make_task(phase=Phase.PROCESSING, phase_since=WALL - 241), "1m over, usually 2m10s", Tone.WARN),
        (make_task(phase=Phase.PROCESSING, phase_since=WALL - 7200), "1h57m over, usually 2m10s", Tone.WARN),
        (make_task(phase=Phase.QUEUED, phase_since=WALL - 7200), "no change for 2h00m", Tone.WARN),
        (make_task(checked_at=WALL), "unknown id so far", Tone.QUIET),
        (make_task(), "", Tone.PLAIN),
    ],
)
def test_notes_laws_1_and_2_the_note_says_the_one_thing_worth_knowing(
    task: Task, text: str, tone: Tone
) -> None:
    at = Moment(
        WALL,
        limits=Limits(slow_after_s=1800.0),
        usual=Usual(130.0, 240.0),
        next_check_at=lambda _ref: WALL + 8,
        zone=UTC,
        editor="me",
    )
    assert note(task, at) == (text, tone)


def test_the_warning_begins_when_the_configuration_says() -> None:
    """A day before by default, up to three; never where the end is not estimated."""
    task = make_task(phase=Phase.READY, files_end_at=WALL + 259_200)
    for warning_s, shown in ((None, False), (86_400.0, False), (259_199.0, False), (259_200.0, True)):
        assert bool(note(task, Moment(WALL, limits=Limits(expiry_warning_s=warning_s))).text) is shown


def test_trouble_of_a_settled_task_gives_way_to_what_is_known_of_it() -> None:
    trouble = Trouble(TroubleKind.NETWORK, "", "", "", WALL)
    task = make_task(phase=Phase.READY, trouble=trouble, files_end_at=WALL + 7200)
    assert note(task, Moment(WALL + 59)).text == "no connection"
    assert note(task, Moment(WALL + 60)).text == "expires ~1h59m"


def test_law_1_the_table_of_columns_says_which_can_be_left_out_and_which_are_shown_at_first() -> None:
    """The chooser and the state file name them."""
    assert ALL_COLUMNS == (
        "phase", "app", "task", "label", "room", "group", "in_phase", "checked", "videos", "length", "size",
        "expires", "taken", "added",
    )  # fmt: skip
    assert set(ALL_COLUMNS) - set(CHOOSABLE) == {"task"}
    assert set(ALL_COLUMNS) - set(DEFAULT_COLUMNS) == {"group", "size", "expires", "taken", "added"}
    assert [column_word(name) for name in ("glyph", "phase", "in_phase")] == ["", "Phase", "Changed"]
    shown = {placed.column.id for placed in arrange(200, Wanted(("task",)))}
    assert shown == {"glyph", "unseen", "task", "note"}


def _chosen(task: Task, *names: str, now: float = WALL) -> list[str]:
    placed = arrange(200, Wanted(("task", *names)))
    cells = line(task, placed, Moment(now)).cells
    said = {one.column.id: cell.text for one, cell in zip(placed, cells, strict=True)}
    return [said[name] for name in names]


def test_size_expires_taken_added_and_group_can_be_shown() -> None:
    """What is sorted and filtered by must be visible too."""
    task = make_task(
        phase=Phase.READY, size_bytes=4_617_520, files_end_at=WALL + 2.6 * 86_400, taken_at=WALL - 120,
        added_at=WALL - 7200, group_id="class-7", video_count=4,
    )  # fmt: skip
    names = ("size", "expires", "taken", "added", "group")
    assert _chosen(task, *names) == ["4.4 MB", "~2d", "2m", "2h00m", "class-7"]
    assert _chosen(make_task(added_at=WALL), *names) == ["–", "–", "–", "<1m", "–"]
    partly = structs.replace(task, taken_videos=("1", "2"), files_end_at=WALL - 5)
    assert _chosen(partly, "taken", "expires") == ["2/4", "past"]


@pytest.mark.parametrize(
    ("left_s", "text"),
    [(259_200, "≤3d"), (259_199, "≤3d"), (172_801, "≤3d"), (172_800, "≤2d"), (86_400, "≤1d"), (86_399, "≤1d"),
     (3600.5, "≤1h01m"), (600, "≤10m"), (60.5, "≤1m01s"), (0, "past")],
)  # fmt: skip
def test_the_latest_end_is_never_shown_as_too_early(left_s: float, text: str) -> None:
    """Rounded down it would be no longer the latest."""
    task = make_task(phase=Phase.READY, files_end_at=WALL + left_s, ends_at_latest=True)
    assert _chosen(task, "expires") == [text]


@pytest.mark.parametrize("width", [40, 60, 100])
def test_where_the_app_has_no_column_task_and_name_read_it(width: int) -> None:
    """The same id may stand on the list for two applications; the line must say which one is meant."""
    task = make_task(make_ref().task_id)
    columns = tuple(name for name in DEFAULT_COLUMNS if name != "app")
    placed = arrange(width, Wanted(columns, has_apps=True))
    said = [cell.text for cell in line(task, placed, Moment(WALL)).cells]
    assert f"{APP}/ghucnligqtgtvk2624mb" in said
    assert "ghucnligqtgtvk2624mb" not in said


def test_ages_of_settled_tasks_count_in_minutes() -> None:
    """Forty lines that are painted again each second for nothing cost a laptop its battery."""
    for phase, ages in ((Phase.READY, ["<1m", "2m"]), (Phase.PROCESSING, ["12s", "2m05s"])):
        for seconds, age in zip((12, 125), ages, strict=True):
            task = make_task(phase=phase, phase_since=WALL, checked_at=WALL)
            assert _chosen(task, "in_phase", "checked", now=WALL + seconds) == [age, age]


def test_an_empty_task_that_is_not_checked_again_by_itself_says_what_to_press() -> None:
    """The note named a key while the next check was planned, as if a person had to do it."""
    assert note(make_task(phase=Phase.EMPTY), Moment(WALL)).text == "no video; r checks again"
