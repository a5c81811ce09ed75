"""`tiwtui rm`, `done` and `label`: which task an id names, and what happens to it."""

import pytest

from tests.cli.watch_list import FAILED, READY, RUNNING, Keeping

ALL = [READY.ref.task_id, RUNNING.ref.task_id, FAILED.ref.task_id]


def refused(keeping: Keeping, *words: str, standard_input: str = "") -> str:
    """Return the messages of a command that ends with exit code 2 and prints and changes nothing."""
    before = keeping.tasks()
    result = keeping.run(*words, standard_input=standard_input)
    assert (result.exit_code, result.stdout) == (2, "")
    assert keeping.tasks() == before
    return " ".join(result.stderr.split())


def test_removed_tasks_are_printed_and_gone(keeping: Keeping) -> None:
    keeping.fill()
    result = keeping.run("rm", ALL[0], f"{FAILED.ref}")
    assert (result.exit_code, result.stdout.split()) == (0, [f"{READY.ref}", f"{FAILED.ref}"])
    assert keeping.ids() == [ALL[1]]


def test_ids_to_remove_can_be_piped_in(keeping: Keeping) -> None:
    """`tiwtui list --filter … | cut -f1 | tiwtui rm -`."""
    keeping.fill()
    assert keeping.run("rm", "-", standard_input=f"{ALL[0]}\n{ALL[1]}\n").exit_code == 0
    assert keeping.ids() == [ALL[2]]


def test_filter_chooses_what_is_removed(keeping: Keeping) -> None:
    keeping.fill()
    assert keeping.run("rm", "--filter", "phase:failed").stdout.split() == [f"{FAILED.ref}"]
    assert keeping.ids() == ALL[:2]


def test_empty_pipe_removes_nothing(keeping: Keeping) -> None:
    """No ids is not all ids."""
    keeping.fill()
    result = keeping.run("rm", "-", standard_input="")
    assert (result.exit_code, result.stdout) == (0, "")
    assert keeping.ids() == ALL


def test_nothing_is_removed_without_ids_or_filter(keeping: Keeping) -> None:
    keeping.fill()
    assert "which tasks? Give ids or --filter" in refused(keeping, "rm")


@pytest.mark.parametrize("command", [("rm",), ("done",), ("list",), ("urls",)])
def test_task_that_is_not_on_the_list_ends_with_2(keeping: Keeping, command: tuple[str, ...]) -> None:
    """One mistyped id among good ones must not go unnoticed, and stops them all."""
    keeping.fill()
    assert "neverneverneverneve0 is not on the watch list" in refused(
        keeping, *command, ALL[0], "neverneverneverneve0"
    )


@pytest.mark.parametrize(
    "command", [("rm", "-"), ("done", "-"), ("list", "-"), ("urls", "-"), ("label", "-", "x")]
)
def test_text_that_is_no_id_ends_with_2(keeping: Keeping, command: tuple[str, ...]) -> None:
    keeping.fill()
    assert "not a task id: 'hello there world'" in refused(
        keeping, *command, standard_input="hello there world\n"
    )


@pytest.mark.parametrize("command", [("rm", "#x"), ("list", "…"), ("urls", " "), ("label", "", "x")])
def test_argument_without_an_id_ends_with_2(keeping: Keeping, command: tuple[str, ...]) -> None:
    """`tiwtui rm "$ID"` with an unset variable must not look like success."""
    keeping.fill()
    assert f"not a task id: {command[1]!r}" in refused(keeping, *command)


@pytest.mark.parametrize("app", [(), ("--sdk-app-id", "8"), ("--sdk-app-id", "9")])
@pytest.mark.parametrize(
    "command",
    [
        ("rm", "x"),
        ("done", "x"),
        ("label", "x", "y"),
        ("list", "x"),
        ("urls", "x"),
        ("add", "x"),
        ("wait", "x", "--timeout", "0"),
    ],
)
def test_id_in_two_applications_is_refused_with_both(
    keeping: Keeping, command: tuple[str, ...], app: tuple[str, ...]
) -> None:
    """A default application is set once and forgotten; it must not choose the task that is removed."""
    keeping.run("add", "7/x", "8/x")
    assert "x is in several applications: 7/x, 8/x" in refused(keeping, *app, *command)


@pytest.mark.parametrize("command", [("rm", "7/x"), ("label", "7/x", "y"), ("list", "7/x"), ("urls", "7/x")])
def test_id_in_two_applications_is_taken_with_its_application(
    keeping: Keeping, command: tuple[str, ...]
) -> None:
    keeping.run("add", "7/x", "8/x")
    assert keeping.run("--sdk-app-id", "8", *command).exit_code == 0


def test_id_of_another_application_stays_that_of_the_default_one(keeping: Keeping) -> None:
    """Only one task on the list has it, and a bare id is written for the default application."""
    keeping.run("add", "7/x")
    assert "x is not on the watch list" in refused(keeping, "--sdk-app-id", "8", "rm", "x")
    assert keeping.run("--sdk-app-id", "8", "add", "x").stdout == "8/x\n"
    assert [f"{ref}" for ref in keeping.tasks()] == ["7/x", "8/x"]


def test_ids_are_printed_so_that_they_are_taken_again(keeping: Keeping) -> None:
    """`tiwtui add … | tiwtui wait -`: what is printed bare must not be refused by the next command."""
    added = keeping.run("--sdk-app-id", "8", "add", "7/x", "8/x", "8/y").stdout
    assert added.split() == ["7/x", "8/x", "y"]
    assert keeping.run("--sdk-app-id", "8", "rm", "-", standard_input=added).stdout == added
    assert keeping.tasks() == {}


def test_done_acknowledges_and_undo_takes_it_back(keeping: Keeping) -> None:
    """A script deals with failures as a person does; done twice is done."""
    keeping.fill()
    for _again in range(2):
        result = keeping.run("done", f"{FAILED.ref}", ALL[1])
        assert (result.exit_code, result.stdout.split()) == (0, [f"{FAILED.ref}", f"{RUNNING.ref}"])
    assert [task.done and task.done.reasons for task in keeping.tasks().values()] == [
        None,
        ("slow",),
        ("failed",),
    ]
    assert keeping.ids("--filter", "done:yes") == [ALL[1], ALL[2]]
    assert keeping.run("done", "--undo", "--filter", "phase:failed").stdout.split() == [f"{FAILED.ref}"]
    assert keeping.ids("--filter", "done:no") == [ALL[0], ALL[2]]


def test_a_removed_task_is_not_acknowledged(keeping: Keeping) -> None:
    keeping.fill()
    keeping.run("rm", ALL[0])
    assert f'"tiwtui add {READY.ref}" brings it back' in refused(keeping, "done", ALL[0])
    assert "which tasks? Give ids or --filter" in refused(keeping, "done")


def test_label_is_set_and_taken_away(keeping: Keeping) -> None:
    keeping.fill()
    for text, expected in (("  Maths\t 4A\n", "Maths 4A"), ("", "")):
        result = keeping.run("label", ALL[1], text)
        assert (result.exit_code, result.stdout) == (0, "")
        assert keeping.tasks()[RUNNING.ref].label == expected


@pytest.mark.parametrize("piped", ["", f"{ALL[0]}\n{ALL[1]}\n"])
def test_label_wants_exactly_one_task(keeping: Keeping, piped: str) -> None:
    keeping.fill()
    assert "label takes one task id" in refused(keeping, "label", "-", "x", standard_input=piped)


@pytest.mark.parametrize("command", [("rm",), ("list",), ("urls",), ("label",)])
def test_removed_task_is_refused_with_how_to_bring_it_back(
    keeping: Keeping, command: tuple[str, ...]
) -> None:
    """ "Not on the watch list" would send a person looking for a slip of the pen."""
    keeping.fill()
    keeping.run("rm", ALL[0])
    more = ("x",) if command == ("label",) else ()
    assert f'{READY.ref} was removed from the watch list; "tiwtui add {READY.ref}" brings it back' in refused(
        keeping, *command, ALL[0], *more
    )


def test_bare_id_of_the_last_removed_task_brings_it_back(keeping: Keeping) -> None:
    """No task is left whose application could stand for it."""
    keeping.fill()
    before = keeping.tasks()[READY.ref]
    keeping.run("rm", *ALL)
    assert keeping.run("add", ALL[0]).stdout.split() == [str(READY.ref)]
    assert keeping.tasks()[READY.ref].phase is before.phase


@pytest.mark.parametrize("command", ["rm", "wait", "watch"])
def test_filter_for_removed_tasks_is_refused_where_none_are_shown(keeping: Keeping, command: str) -> None:
    keeping.fill()
    assert "only in: tiwtui list --filter" in refused(keeping, command, "--filter", "removed:yes")
