"""`tiwtui rm`, `done` and `label`: which task an id names, and what happens to it."""

import time
from pathlib import Path

import msgspec
import pytest

from tests.cli.watch_list import FAILED, READY, RUNNING, WatchList
from tiwtui.model import Phase

ALL = [READY.ref.task_id, RUNNING.ref.task_id, FAILED.ref.task_id]


def refused(watch_list: WatchList, *words: str, standard_input: str = "") -> str:
    """Return the messages of a command that ends with exit code 2 and prints and changes nothing."""
    before = watch_list.tasks()
    result = watch_list.run(*words, standard_input=standard_input)
    assert (result.exit_code, result.stdout) == (2, "")
    assert watch_list.tasks() == before
    return " ".join(result.stderr.split())


def test_removed_tasks_are_printed_and_gone(watch_list: WatchList) -> None:
    watch_list.fill()
    result = watch_list.run("rm", ALL[0], f"{FAILED.ref}")
    assert (result.exit_code, result.stdout.split()) == (0, [f"{READY.ref}", f"{FAILED.ref}"])
    assert watch_list.ids() == [ALL[1]]


def test_ids_to_remove_can_be_piped_in(watch_list: WatchList) -> None:
    """`tiwtui list --filter … | cut -f1 | tiwtui rm -`."""
    watch_list.fill()
    assert watch_list.run("rm", "-", standard_input=f"{ALL[0]}\n{ALL[1]}\n").exit_code == 0
    assert watch_list.ids() == [ALL[2]]


def test_filter_chooses_what_is_removed(watch_list: WatchList) -> None:
    watch_list.fill()
    assert watch_list.run("rm", "--filter", "phase:failed").stdout.split() == [f"{FAILED.ref}"]
    assert watch_list.ids() == ALL[:2]


def test_empty_pipe_removes_nothing(watch_list: WatchList) -> None:
    """No ids is not all ids."""
    watch_list.fill()
    result = watch_list.run("rm", "-", standard_input="")
    assert (result.exit_code, result.stdout) == (0, "")
    assert watch_list.ids() == ALL


def test_nothing_is_removed_without_ids_or_filter(watch_list: WatchList) -> None:
    watch_list.fill()
    assert "which tasks? Give ids or --filter" in refused(watch_list, "rm")


@pytest.mark.parametrize("command", [("rm",), ("done",), ("list",), ("urls",)])
def test_task_that_is_not_on_the_list_ends_with_2(watch_list: WatchList, command: tuple[str, ...]) -> None:
    """One mistyped id among good ones must not go unnoticed, and stops them all."""
    watch_list.fill()
    assert "neverneverneverneve0 is not on the watch list" in refused(
        watch_list, *command, ALL[0], "neverneverneverneve0"
    )


@pytest.mark.parametrize(
    "command", [("rm", "-"), ("done", "-"), ("list", "-"), ("urls", "-"), ("label", "-", "x")]
)
def test_text_that_is_no_id_ends_with_2(watch_list: WatchList, command: tuple[str, ...]) -> None:
    watch_list.fill()
    assert "not a task id: 'hello there world'" in refused(
        watch_list, *command, standard_input="hello there world\n"
    )


@pytest.mark.parametrize("command", [("rm", "#x"), ("list", "…"), ("urls", " "), ("label", "", "x")])
def test_argument_without_an_id_ends_with_2(watch_list: WatchList, command: tuple[str, ...]) -> None:
    """`tiwtui rm "$ID"` with an unset variable must not look like success."""
    watch_list.fill()
    assert f"not a task id: {command[1]!r}" in refused(watch_list, *command)


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
def test_task_args_law_2_id_in_two_applications_is_refused_with_both(
    watch_list: WatchList, command: tuple[str, ...], app: tuple[str, ...]
) -> None:
    """A default application is set once and forgotten; it must not choose the task that is removed."""
    watch_list.run("add", "7/x", "8/x")
    assert "x is in several applications: 7/x, 8/x" in refused(watch_list, *app, *command)


@pytest.mark.parametrize("command", [("rm", "7/x"), ("label", "7/x", "y"), ("list", "7/x"), ("urls", "7/x")])
def test_id_in_two_applications_is_taken_with_its_application(
    watch_list: WatchList, command: tuple[str, ...]
) -> None:
    watch_list.run("add", "7/x", "8/x")
    assert watch_list.run("--sdk-app-id", "8", *command).exit_code == 0


def test_task_args_law_1_id_of_another_application_stays_that_of_the_default(
    watch_list: WatchList,
) -> None:
    """Only one task on the list has it, and a bare id is written for the default application."""
    watch_list.run("add", "7/x")
    assert "x is not on the watch list" in refused(watch_list, "--sdk-app-id", "8", "rm", "x")
    assert watch_list.run("--sdk-app-id", "8", "add", "x").stdout == "8/x\n"
    assert [f"{ref}" for ref in watch_list.tasks()] == ["7/x", "8/x"]


def test_ids_are_printed_so_that_they_are_taken_again(watch_list: WatchList) -> None:
    """`tiwtui add … | tiwtui wait -`: what is printed bare must not be refused by the next command."""
    added = watch_list.run("--sdk-app-id", "8", "add", "7/x", "8/x", "8/y").stdout
    assert added.split() == ["7/x", "8/x", "y"]
    assert watch_list.run("--sdk-app-id", "8", "rm", "-", standard_input=added).stdout == added
    assert watch_list.tasks() == {}


@pytest.mark.parametrize(
    ("configured", "has_reason"),
    [("", False), ('expiry_warning = "72h"', True), ('expiry_warning = "72h"\nresults_kept_days = 0', False)],
)
def test_filters_and_done_go_by_the_configured_warning(
    watch_list: WatchList, tmp_path: Path, configured: str, has_reason: bool
) -> None:
    """Else a script and the screen would not agree on what is left to do."""
    config = tmp_path / "config.toml"
    config.write_text(f"[profiles.default]\n{configured}\n", "utf-8")
    ends_at = time.time() + 48 * 3600
    watch_list.save(msgspec.structs.replace(READY, phase=Phase.READY, files_end_at=ends_at))

    def chosen(*words: str) -> list[str]:
        return watch_list.run("--config", str(config), *words).stdout.split()

    task_id = f"{READY.ref}"
    assert watch_list.run("done", task_id).stdout.split() == [task_id]
    assert (chosen("list", "--json", "--filter", "done:yes") == ["[]"]) is has_reason
    assert chosen("done", "--filter", "done:no") == [task_id] * has_reason
    chosen("done", task_id)
    (task,) = watch_list.tasks().values()
    assert task.done is not None
    assert task.done.reasons == ("expiry",) * has_reason
    watch_list.run("done", task_id)
    assert chosen("rm", "--filter", "done:no") == [task_id] * has_reason


def test_done_acknowledges_and_undo_takes_it_back(watch_list: WatchList) -> None:
    """A script deals with failures as a person does; done twice is done."""
    watch_list.fill()
    for _again in range(2):
        result = watch_list.run("done", f"{FAILED.ref}", ALL[1])
        assert (result.exit_code, result.stdout.split()) == (0, [f"{FAILED.ref}", f"{RUNNING.ref}"])
    assert [task.done and task.done.reasons for task in watch_list.tasks().values()] == [
        None,
        ("slow",),
        ("failed",),
    ]
    assert watch_list.ids("--filter", "done:yes") == [ALL[1], ALL[2]]
    assert watch_list.run("done", "--undo", "--filter", "phase:failed").stdout.split() == [f"{FAILED.ref}"]
    assert watch_list.ids("--filter", "done:no") == [ALL[0], ALL[2]]


def test_a_removed_task_is_not_acknowledged(watch_list: WatchList) -> None:
    watch_list.fill()
    watch_list.run("rm", ALL[0])
    assert f'"tiwtui add {READY.ref}" brings it back' in refused(watch_list, "done", ALL[0])
    assert "which tasks? Give ids or --filter" in refused(watch_list, "done")


def test_label_is_set_and_taken_away(watch_list: WatchList) -> None:
    watch_list.fill()
    for text, expected in (("  Maths\t 4A\n", "Maths 4A"), ("", "")):
        result = watch_list.run("label", ALL[1], text)
        assert (result.exit_code, result.stdout) == (0, "")
        assert watch_list.tasks()[RUNNING.ref].label == expected


@pytest.mark.parametrize("piped", ["", f"{ALL[0]}\n{ALL[1]}\n"])
def test_label_wants_exactly_one_task(watch_list: WatchList, piped: str) -> None:
    watch_list.fill()
    assert "label takes one task id" in refused(watch_list, "label", "-", "x", standard_input=piped)


@pytest.mark.parametrize("command", [("rm",), ("list",), ("urls",), ("label",)])
def test_removed_task_is_refused_with_how_to_bring_it_back(
    watch_list: WatchList, command: tuple[str, ...]
) -> None:
    """ "Not on the watch list" would send a person looking for a slip of the pen."""
    watch_list.fill()
    watch_list.run("rm", ALL[0])
    more = ("x",) if command == ("label",) else ()
    assert f'{READY.ref} was removed from the watch list; "tiwtui add {READY.ref}" brings it back' in refused(
        watch_list, *command, ALL[0], *more
    )


def test_bare_id_of_the_last_removed_task_brings_it_back(watch_list: WatchList) -> None:
    """No task is left whose application could stand for it."""
    watch_list.fill()
    before = watch_list.tasks()[READY.ref]
    watch_list.run("rm", *ALL)
    assert watch_list.run("add", ALL[0]).stdout.split() == [str(READY.ref)]
    assert watch_list.tasks()[READY.ref].phase is before.phase


@pytest.mark.parametrize("command", ["rm", "wait", "watch"])
def test_filter_for_removed_tasks_is_refused_where_none_are_shown(
    watch_list: WatchList, command: str
) -> None:
    watch_list.fill()
    assert "only in: tiwtui list --filter" in refused(watch_list, command, "--filter", "removed:yes")
