"""Tasks told more than once, and words of a command line."""

import pytest

from tests.intake.reading import APP, SECOND, TASK, told
from tiwtui.intake import Entry, named, read
from tiwtui.tasks import TaskRef


def test_the_last_label_wins_where_the_task_first_stood() -> None:
    """Corrections come below; the order of a list is its owner's."""
    assert told(f"{TASK} old\n{SECOND}\n{TASK} new\n{TASK}") == [(None, TASK, "new"), (None, SECOND, None)]


def test_an_id_and_the_same_in_the_default_application_are_one() -> None:
    """Two entries would be one task in the list, counted twice in the preview."""
    intake = read(f"{TASK} Maths\n{APP}/{TASK}\n7/{TASK}", APP)
    assert intake.tasks(APP) == ((TaskRef(APP, TASK), "Maths"), (TaskRef(7, TASK), None))


def test_a_task_without_an_application_waits_for_a_default() -> None:
    """The first add without a SdkAppId asks for it."""
    intake = read(f"{TASK}\n7/{SECOND}")
    assert intake.needs_app(None)
    assert not intake.needs_app(APP)
    assert intake.tasks(None) == ((TaskRef(7, SECOND), None),)


@pytest.mark.parametrize(
    ("word", "entry"),
    [
        (TASK, Entry(TASK)),
        (f"{APP}/a/b", Entry("a/b", APP)),
        ("TaskId=x", Entry("TaskId=x")),
        ("0/x", None),
        ("two words", None),
        ("", None),
    ],
)
def test_an_argument_is_one_task_and_never_searched_for_others(word: str, entry: Entry | None) -> None:
    """`rm` and `label` must not guess."""
    assert named(word) == entry
