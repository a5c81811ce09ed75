"""The filter: words, phases, and what is not understood."""

import pytest

from tests.factories import WALL, make_task
from tiwtui.listing.query.parser import read
from tiwtui.model import Failure, Phase

TASK = make_task(
    "ghucnligqtgtvk2624mb",
    phase=Phase.FAILED,
    label="Maths 3A",
    room_id=900822,
    group_id="g-7",
    users=("teacher_1",),
    error=Failure("FailedOperation.Record", "code: 40004, msg: im login failed"),
    status="FINISHED",
    kinds=("camera", "whiteboard"),
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "maths",
        "MATHS 3a",
        '"maths 3a"',
        "ghucn",
        "900822",
        "g-7",
        "teacher",
        "40004",
        "!physics",
        "phase:failed",
        "status:failed",
        "phase:fail",
        "phase:ready,failed",
        "！physics",
        "phase：failed",
        "maths\u3000login",
        "phase:settled",
        "!phase:ready",
        "failed",
        "maths fail whiteboard",
        "/^white/",
    ],
)
def test_parser_laws_2_to_4_a_query_finds_the_task_it_describes(text: str) -> None:
    """All terms are AND-ed; full-width punctuation is read as an input method types it."""
    assert read(text).matches(TASK, WALL)
    assert not read(text).faults


@pytest.mark.parametrize(
    "text", ["physics", "maths physics", "!maths", "phase:ready", '"3a maths"', "phase:active", "ready"]
)
def test_a_query_does_not_find_another_task(text: str) -> None:
    assert not read(text).matches(TASK, WALL)


def test_an_undocumented_status_is_found_by_its_own_word() -> None:
    task = make_task(phase=Phase.OTHER, status="ARCHIVING")
    assert read("status:archiving").matches(task, WALL)
    assert not read("status:archiving").matches(TASK, WALL)
    assert not read("status:merging").faults


def test_parser_law_1_what_is_not_understood_is_a_fault_and_the_rest_filters() -> None:
    """A half-typed term must not empty the list."""
    query = read("maths phase:")
    assert [fault.text for fault in query.faults] == ["phase:"]
    assert query.matches(TASK, WALL)


@pytest.mark.parametrize("text", ["removed:yes", "!removed:no", "maths removed:y", "removed:yes removed:no"])
def test_a_filter_that_no_watched_task_can_match_asks_for_removed_ones(text: str) -> None:
    assert read(text).asks_for_removed


@pytest.mark.parametrize("text", ["", "maths", "removed:no", "!removed:yes", "removed:", "marked:yes"])
def test_other_filters_are_about_the_watch_list(text: str) -> None:
    """Half-typed, a filter must not turn the list away under the person's eyes."""
    assert not read(text).asks_for_removed


def test_a_word_finds_the_phase_and_the_kinds_as_the_screen_shows_them() -> None:
    """A person types what they read: "not found" with its blank, a status that no document names."""
    unknown, other = make_task(phase=Phase.NOT_FOUND), make_task(phase=Phase.OTHER, status="ARCHIVING")
    assert read('"not found"').matches(unknown, WALL)
    assert not read("not_found").matches(unknown, WALL)
    assert read("chiving").matches(other, WALL)
    assert read("screen").matches(make_task(kinds=("screen",)), WALL)
    assert not read("label:screen").matches(make_task(kinds=("screen",)), WALL)
