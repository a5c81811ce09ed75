"""Tasks given more than once, and words of a command line."""

import pytest

from tests.intake.parsed import APP, SECOND, TASK, result
from tiwtui.intake.ids import Entry
from tiwtui.intake.reader import named, read
from tiwtui.model import TaskRef


def test_reader_law_5_the_last_label_counts_where_the_task_first_stood() -> None:
    """Corrections come below; the order of a list is its owner's."""
    assert result(f"{TASK} old\n{SECOND}\n{TASK} new\n{TASK}") == [(None, TASK, "new"), (None, SECOND, None)]


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


def test_an_id_without_application_is_of_the_task_on_the_list_that_has_it() -> None:
    """Between two applications there is no default one; the list may know all the same."""
    intake = read(f"{TASK}\n1500000002/{SECOND}\n{SECOND}")
    beside = intake.beside((TaskRef(APP, TASK), TaskRef(1500000002, SECOND)), None)
    assert beside.tasks(None) == ((TaskRef(APP, TASK), None), (TaskRef(1500000002, SECOND), None))
    assert not beside.needs_app(None)


def test_an_id_that_two_tasks_on_the_list_share_is_neither() -> None:
    watched = (TaskRef(1500000002, TASK), TaskRef(APP, TASK), TaskRef(APP, SECOND))
    beside = read(f"{TASK} Maths 3A\n{SECOND}").beside(watched, None)
    assert beside.several == ((TaskRef(APP, TASK), TaskRef(1500000002, TASK)),)
    assert beside.tasks(None) == ((TaskRef(APP, SECOND), None),)
    assert read(TASK).beside(watched, APP).several == beside.several
    assert read(SECOND).beside(watched, 1500000002) == read(SECOND)
    assert read(f"{APP}/{TASK}").beside(watched, None).several == ()
