"""The terms of the filter: each against what it says it finds, and what is said of a mistyped one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_ref, make_task
from tiwtui.listing.attention.usual import Usual
from tiwtui.listing.query.parser import Query, read
from tiwtui.listing.query.terms import Context, DependsOn
from tiwtui.listing.query.values import bytes_of, days_of, seconds_of
from tiwtui.model import Done, Failure, Phase, Task, Trouble, TroubleKind

NOW = datetime(2026, 11, 7, 15, 0, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86_400.0
MB = 1024.0**2

READY = make_task(
    1,
    phase=Phase.READY,
    label="第二讲：力 a,b",
    group_id="g-7",
    room_id=900822,
    users=("teacher_1", "小明"),
    kinds=("camera", "type_9"),
    video_count=2,
    size_bytes=200 * 1024**2,
    total_time_ms=25 * 60_000,
    added_at=NOW - DAY,
    phase_since=NOW - 14 * HOUR,
    checked_at=NOW - 14 * HOUR,
    files_end_at=NOW + 20 * HOUR,
)
FAILED = make_task(
    2,
    phase=Phase.FAILED,
    error=Failure("FailedOperation.Record", "code: 40004, msg: im login failed"),
    trouble=Trouble(TroubleKind.NETWORK, "timeout", "", "", NOW),
    added_at=NOW - 6 * DAY,
    phase_since=NOW - 5.5 * DAY,
    taken_at=NOW,
    done=Done(NOW, "anna", ("failed",)),
)
ACTIVE = make_task(3, phase=Phase.PROCESSING, added_at=NOW - 60, phase_since=NOW - 700)
TASKS = {"ready": READY, "failed": FAILED, "active": ACTIVE}


def found(text: str, context: Context | None = None) -> set[str]:
    query = read(text)
    assert not query.faults
    matcher = query.matcher(context or Context(NOW, zone=UTC))
    return {name for name, task in TASKS.items() if matcher.matches(task)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("label:第二讲", {"ready"}),
        ("label：第二讲", {"ready"}),
        ("第二讲：力", {"ready"}),
        ('label:""', {"failed", "active"}),
        ('label:"a,b"', {"ready"}),
        ("label:zz,力", {"ready"}),
        ("room:900822", {"ready"}),
        ("group:g-7", {"ready"}),
        ("user:小明", {"ready"}),
        ("USER:TEACHER", {"ready"}),
        ("app:14", {"ready", "failed", "active"}),
        ("id:0002", {"failed"}),
        ("error:40004", {"failed"}),
        ('error:"im login"', {"failed"}),
        ("!error:40004", {"ready", "active"}),
        ("/LOGIN +failed$/", {"failed"}),
        ("!/login/", {"ready", "active"}),
        ("／teacher_\\d／", {"ready"}),
        ("kind:cam", {"ready"}),
        ("kind:screen,type_9", {"ready"}),
        ("kind:screen", set()),
        ("has:videos", {"ready"}),
        ("has:trouble", {"failed"}),
        ("taken:no", {"ready", "active"}),
        ("taken:yes", {"failed"}),
        ("done:no", {"ready", "active"}),
        ("done:yes", {"failed"}),
        ("seen:no", {"ready"}),
        ("seen:yes", {"failed"}),
        ("videos>1", {"ready"}),
        ("videos:2", {"ready"}),
        ("videos<=0", {"failed", "active"}),
        ("length<30m", {"ready"}),
        ("length＞24：59", {"ready"}),
        ("length>30m", set()),
        ("size>100mb", {"ready"}),
        ("size《1g", {"ready"}),
        ("in>10m", {"ready", "failed", "active"}),
        ("in>12m phase:active", set()),
        ("changed>12m phase:active", set()),
        ("changed>11m phase:active", {"active"}),
        ("expires<1d", {"ready"}),
        ("expires:tomorrow", {"ready"}),
        ("added<2d", {"ready", "active"}),
        ("added<1h30m", {"active"}),
        ("settled:today", {"ready"}),
        ("settled:yesterday", set()),
        ("settled:2026-11-01..11-07", {"ready", "failed"}),
        ("settled:2026-11-01..06", {"failed"}),
        ("settled:2026-11", {"ready", "failed"}),
        ("settled:11-02", {"failed"}),
        ("settled:..2026-11-02", {"failed"}),
        ("settled:2026-11-03..", {"ready"}),
        ("settled<1d", {"ready"}),
        ("ends<1d", {"ready"}),
        ("ends:tomorrow", {"ready"}),
        ("ends>1d", set()),
        ("ends:11-08", {"ready"}),
        ("videos<2", {"failed", "active"}),
        ("videos>=2", {"ready"}),
        ("videos≤2", {"ready", "failed", "active"}),
        ("videos≥2", {"ready"}),
        ("videos=0", {"failed", "active"}),
        ("checked<20h", {"ready"}),
        ("has:error", {"failed"}),
        ("has:label", {"ready"}),
        ("has:label,error", {"ready", "failed"}),
        ("phase:failed,ready", {"ready", "failed"}),
        ("status:finished", {"ready"}),
        ("status:archiving,ready", {"ready"}),
        ("status:archiving", set()),
    ],
)
def test_a_term_finds_what_it_says(text: str, names: set[str]) -> None:
    assert found(text) == names


def test_over_compares_how_much_longer_than_usual_a_task_is_processed() -> None:
    """The task is processed for 700 s; below the 95th percentile it is not over at all."""
    usual = Context(NOW, zone=UTC, usual=Usual(300.0, 600.0))
    assert found("over>5m", usual) == {"active"}
    assert found("over>7m", usual) == set()
    assert found("over>0s", Context(NOW, zone=UTC, usual=Usual(300.0, 700.0))) == set()
    assert found("over>0s") == set()


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("has:trouble", make_task(trouble=Trouble(TroubleKind.NETWORK, "", "", "", NOW))),
        ("phase:finished", make_task(phase=Phase.EMPTY)),
        ("phase:notfound", make_task(phase=Phase.NOT_FOUND)),
        ("phase:not-found", make_task(phase=Phase.NOT_FOUND)),
        ('phase:"not found"', make_task(phase=Phase.NOT_FOUND)),
        ("room:g-9", make_task(group_id="g-9", room_id=None)),
        ("kind:unknown", make_task(kinds=("unknown",))),
        ("settled:today", make_task(phase=Phase.READY, phase_since=NOW - 15 * HOUR)),
        ("settled:yesterday", make_task(phase=Phase.READY, phase_since=NOW - 15 * HOUR - 1)),
        ("!settled:yesterday", make_task(phase=Phase.READY, phase_since=NOW - 15 * HOUR)),
        ("!settled:tomorrow", make_task(phase=Phase.READY, phase_since=NOW)),
        ("!ends<1d", make_task(phase=Phase.READY, files_end_at=NOW - 1)),
        ("!size:0", make_task(size_bytes=0)),
    ],
)
def test_law_4_a_term_finds_what_it_says_at_its_limits(text: str, task: Task) -> None:
    """A day begins at midnight and ends before the next; what is unknown is not compared."""
    query = read(text)
    assert not query.faults
    assert query.matcher(Context(NOW, zone=UTC)).matches(task)
    assert not read(f"!{text}".removeprefix("!!")).matcher(Context(NOW, zone=UTC)).matches(task)


def test_a_time_that_is_still_to_come_is_no_age_below_zero() -> None:
    """A clock that was set back must not make the newest tasks the oldest."""
    assert read("added>=0s").matches(make_task(added_at=NOW + 60), NOW)


@pytest.mark.parametrize("text", ["settled:today", "in>1h", "added<1h", "ends<1d"])
def test_law_2_a_term_says_that_it_depends_on_time(text: str) -> None:
    """Only such a filter is tested again though no task has changed."""
    assert read(text).depends_on == DependsOn.TIME


def test_marks_and_removed_tasks_come_from_context() -> None:
    """Neither is a property of a task: the screen knows the one, the store the other."""
    context = Context(NOW, marks={READY.ref}, removed={ACTIVE.ref})
    assert found("marked:yes", context) == {"ready"}
    assert found("!marked:yes", context) == {"failed", "active"}
    assert found("removed:yes", context) == {"active"}
    assert found("removed:no", context) == {"ready", "failed"}
    assert read("marked:yes in>1m").depends_on == DependsOn.MARKS | DependsOn.TIME


def test_a_day_is_a_day_of_the_time_zone() -> None:
    """Shortly before midnight in London it is tomorrow in Shanghai."""
    late = datetime(2026, 11, 7, 17, 0, tzinfo=UTC).timestamp()
    days = days_of("today")
    assert days is not None
    begin, end = days(late, timezone(timedelta(hours=8)))
    assert begin == datetime(2026, 11, 7, 16, 0, tzinfo=UTC).timestamp()
    assert end - begin == DAY


def test_a_range_without_years_goes_over_the_turn_of_the_year() -> None:
    days = days_of("12-20..01-05")
    assert days is not None
    begin, end = days(datetime(2027, 1, 3, tzinfo=UTC).timestamp(), UTC)
    assert begin == datetime(2026, 12, 20, tzinfo=UTC).timestamp()
    assert end == datetime(2027, 1, 6, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("phse:ready", "phase:"),
        ("phase:redy", "ready"),
        ("status:redy", "ready"),
        ("kind:camra", "camera"),
        ("has:vidoes", "videos"),
        ("lenght<3m", "length<30m"),
        ("taken:maybe", "yes or no"),
        ("size>large", "size>100mb"),
        ("in>10", "changed>10m"),
        ("settled:2026-13-01", "2026-11-01"),
        ("settled:2026-02-30", "2026-11-01"),
        ("taken>yes", "takes no"),
        ("zzz:1", "in quotes it is a word"),
        ("/half", "ends with /"),
        ("/a(b/", "not a pattern"),
    ],
)
def test_law_3_the_message_about_a_mistake_says_what_would_be_right(text: str, result: str) -> None:
    query = read(f"{text} label:第二讲")
    assert [result in fault.reason for fault in query.faults] == [True]
    assert query.matches(READY, NOW)
    assert not query.matches(ACTIVE, NOW)


def test_what_a_place_cannot_know_is_a_fault_there() -> None:
    """A filter that silently finds nothing reads like an answer."""
    assert read("marked:yes", on_screen=False).faults
    assert read("over>5m", on_screen=False).faults
    assert "tiwtui list" in read("removed:yes", has_removed=False).faults[0].reason


@pytest.mark.parametrize("text", ["http://host/x", "10:30", "a=b", "->", '"phase:ready"', "第二讲：力"])
def test_text_with_signs_in_it_is_a_word(text: str) -> None:
    assert not read(text).faults


names = st.sampled_from(
    [
        "phase",
        "status",
        "label",
        "kind",
        "has",
        "taken",
        "done",
        "videos",
        "size",
        "length",
        "in",
        "added",
        "settled",
        "ends",
    ]
)
typed = st.builds(
    lambda name, sign, value: f"{name}{sign}{value}",
    names,
    st.sampled_from([":", "<", ">", "<=", ">=", "=", "：", "《", "!"]),
    st.one_of(st.text(max_size=12), st.from_regex(r"[0-9.:-]{1,14}[smhdwkb]?", fullmatch=True)),
)


@given(st.lists(st.one_of(typed, st.text(max_size=8)), max_size=4).map(" ".join))
def test_parser_law_1_any_line_is_read_and_asked_without_an_error(text: str) -> None:
    """It is read at each key that is pressed, half typed."""
    query = read(text)
    for task in TASKS.values():
        query.matches(task, NOW)


@given(st.integers(0, 10**6), st.sampled_from("smhdw"))
def test_lengths_of_time_are_their_sums(number: int, unit: str) -> None:
    each = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}[unit]
    assert seconds_of(f"{number}{unit}") == number * each
    assert seconds_of(f"1h{number}{unit}") == 3600 + number * each


def test_sizes_are_read_as_they_are_shown() -> None:
    assert [bytes_of(text) for text in ("900", "900b", "1kb", "1.5m", "2gb")] == [
        900, 900, 1024, 1.5 * MB, 2048 * MB,
    ]  # fmt: skip


simple: dict[str, Callable[[Task], bool]] = {
    "phase:ready": lambda task: task.phase is Phase.READY,
    "videos>1": lambda task: task.video_count > 1,
    "label:maths": lambda task: "maths" in task.label.casefold(),
    "in>1h": lambda task: NOW - (task.phase_since or 0.0) > HOUR,
    "taken:no": lambda task: task.taken_at is None,
    "maths": lambda task: "maths" in f"{task.ref.task_id} {task.label}".casefold(),
}
tasks = st.builds(
    make_task,
    st.integers(0, 3),
    phase=st.sampled_from(Phase),
    label=st.sampled_from(["", "Maths 3A", "physics"]),
    video_count=st.integers(0, 3),
    phase_since=st.floats(NOW - 2 * HOUR, NOW),
    taken_at=st.sampled_from([None, NOW]),
)


@given(st.lists(st.tuples(st.sampled_from(sorted(simple)), st.booleans()), max_size=4), tasks)
def test_terms_are_anded_and_turned_round(chosen: list[tuple[str, bool]], task: Task) -> None:
    query: Query = read(" ".join(f"{'!' * is_not}{text}" for text, is_not in chosen))
    assert query.matches(task, NOW) is all(simple[text](task) is not is_not for text, is_not in chosen)


def test_done_counts_until_a_new_reason_comes() -> None:
    """A ready task was acknowledged, then its files began to expire."""
    done = msgspec.structs.replace(READY, done=Done(NOW - HOUR, "anna"), files_end_at=NOW + 25 * HOUR)
    assert read("done:yes").matches(done, NOW)
    assert read("done:no").matches(done, NOW + HOUR)


def test_removed_refs_need_no_task_at_hand() -> None:
    assert found("removed:yes", Context(NOW, removed={make_ref(99)})) == set()
