"""`tiwtui add`: every form of input, the messages about it, and a growing log that is saved line by line."""

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.child_environment import child_environment
from tests.cli.watch_list import READY, WatchList
from tests.factories import APP

ONE = "ghucnligqtgtvk2624mb"
OTHER = "00e1jv8ve0jcqk7da9lb"
WITH_APP = ("--sdk-app-id", str(APP))


def add(watch_list: WatchList, *words: str, standard_input: str | bytes = "") -> tuple[int, list[str], str]:
    """Run `add` with an application set; return exit code, ids printed and what was said."""
    result = watch_list.run(*WITH_APP, "add", *words, standard_input=standard_input)
    return result.exit_code, result.stdout.split(), result.stderr


def test_ids_are_added_and_printed(watch_list: WatchList) -> None:
    """In the order given, so that a script can pair them."""
    assert add(watch_list, ONE, OTHER) == (0, [ONE, OTHER], "")
    assert watch_list.ids() == [ONE, OTHER]


def test_id_with_its_application_needs_no_setting(watch_list: WatchList) -> None:
    result = watch_list.run("add", f"1400000002/{ONE}")
    assert (result.exit_code, result.stdout) == (0, f"1400000002/{ONE}\n")
    assert watch_list.listed()[0].startswith(f"{ONE}\t1400000002\tnew\t")


def test_first_id_without_any_application_ends_with_2_and_says_how_to_give_one(watch_list: WatchList) -> None:
    result = watch_list.run("add", ONE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{ONE}: which application? Give --sdk-app-id N, or the id as N/{ONE}" in " ".join(
        result.stderr.split()
    )
    assert watch_list.ids() == []


def test_mistake_among_arguments_saves_none_of_them(watch_list: WatchList) -> None:
    """Or the script that is put right and run again would not know what the first run did."""
    watch_list.run("add", "1/first", "2/second")
    result = watch_list.run("add", "1/third", "fourth")
    assert (result.exit_code, result.stdout) == (2, "")
    assert watch_list.ids() == ["first", "second"]


def test_only_application_of_the_list_stands_for_ids_without_one(watch_list: WatchList) -> None:
    watch_list.run("add", f"7/{ONE}")
    result = watch_list.run("add", OTHER)
    assert (result.exit_code, result.stdout) == (0, f"7/{OTHER}\n")


def test_id_of_one_application_among_several_is_that_task(watch_list: WatchList) -> None:
    """Labelling a task again must not need its application."""
    watch_list.run("add", f"7/{ONE}", f"8/{OTHER}")
    assert watch_list.run("add", OTHER, "--label", "Maths").stdout == f"8/{OTHER}\n"
    assert [line.split("\t")[3] for line in watch_list.listed()] == ["", "Maths"]


def test_task_args_law_2_id_in_two_applications_is_refused_with_both(watch_list: WatchList) -> None:
    watch_list.run("add", f"7/{ONE}", f"8/{ONE}")
    result = watch_list.run("add", ONE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{ONE} is in several applications: 7/{ONE}, 8/{ONE}" in " ".join(result.stderr.split())


def test_piped_id_in_two_applications_is_named_and_the_log_goes_on(watch_list: WatchList) -> None:
    """One line of a log that is followed for days must not end the command."""
    watch_list.run("add", f"7/{ONE}", f"{APP}/{ONE}")
    code, ids, said = add(watch_list, "-", standard_input=f"{ONE}\n{OTHER}\n")
    assert (code, ids) == (2, [OTHER])
    assert said == f"{ONE} is in several applications: 7/{ONE}, {APP}/{ONE}\n"


def test_label_is_for_tasks_that_come_without_one(watch_list: WatchList) -> None:
    code, _ids, _said = add(
        watch_list, "-", "--label", " Maths \n 3A ", standard_input=f"{ONE}\n{OTHER} Physics\n"
    )
    assert code == 0
    assert [line.split("\t")[3] for line in watch_list.listed()] == ["Maths 3A", "Physics"]


def test_known_task_gets_a_new_label_and_keeps_its_own_without_one(watch_list: WatchList) -> None:
    add(watch_list, ONE, "--label", "Maths")
    assert add(watch_list, ONE) == (0, [ONE], "")
    assert watch_list.listed()[0].split("\t")[3] == "Maths"
    add(watch_list, ONE, "--label", "Physics")
    assert watch_list.listed()[0].split("\t")[3] == "Physics"
    add(watch_list, ONE, "--label", "")
    assert watch_list.listed()[0].split("\t")[3] == ""


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{OTHER}\n",
        f"{ONE} Maths\n{OTHER} Physics\n",
        f"task_id,label\n{ONE},Maths\n{OTHER},Physics\n",
        f"12:00 INFO created TaskId={ONE} ok\r\n12:01 INFO created TaskId={OTHER} ok\r\n",
        f"https://x.example/?TaskId={ONE}\nhttps://x.example/?TaskId={OTHER}\n",
        json.dumps([{"Response": {"TaskId": each}} for each in (ONE, OTHER)], indent=2),
    ],
    ids=["ids", "labels", "csv", "log", "urls", "json"],
)
def test_file_and_standard_input_are_read_in_every_form(
    watch_list: WatchList, text: str, tmp_path: Path
) -> None:
    """Whatever can be pasted on the screen can be piped in."""
    file = tmp_path / "tasks.txt"
    file.write_text(text, newline="")
    for way in (("--from", str(file)), ("-",)):
        assert add(watch_list, *way, standard_input=text) == (0, [ONE, OTHER], "")
    assert watch_list.ids() == [ONE, OTHER]


def test_what_is_not_understood_is_reported_and_ends_with_1(watch_list: WatchList) -> None:
    """The rest is saved all the same: a log is never clean."""
    code, ids, said = add(watch_list, "-", standard_input=f"{ONE}\nhello there \x07 world\n{OTHER}\n")
    assert (code, ids) == (1, [ONE, OTHER])
    assert said == "not understood: hello there \\x07 world\n"


def test_other_lines_of_a_piped_log_are_counted_and_are_no_mistake(watch_list: WatchList) -> None:
    """`tail -f log | tiwtui add -` printed the whole log beside the ids, and ended with 1."""
    log = f"12:00 INFO created TaskId={ONE}\n12:00 INFO idle\n12:01 DEBUG tick\nTaskId {OTHER} created\n"
    counted = "2 other lines of the log skipped\n"
    assert add(watch_list, "-", standard_input=log) == (0, [ONE, OTHER], counted)
    begun = "not understood: 11:59 INFO started\n" + counted
    assert add(watch_list, "-", standard_input=f"11:59 INFO started\n{log}") == (0, [ONE, OTHER], begun)
    assert add(watch_list, "two words", "-", standard_input=log)[0] == 1


@pytest.mark.parametrize("word", ["", " ", "two words here"])
def test_argument_that_is_no_id_ends_with_1(watch_list: WatchList, word: str) -> None:
    """An unset variable in a script must not look like success."""
    code, ids, said = add(watch_list, word)
    assert (code, ids) == (1, [])
    assert "not understood" in said


def test_no_argument_at_all_ends_with_2(watch_list: WatchList) -> None:
    result = watch_list.run("add")
    assert (result.exit_code, result.stdout) == (2, "")
    assert '"-" reads standard input' in result.stderr


def test_file_that_is_not_there_ends_with_2(watch_list: WatchList) -> None:
    assert watch_list.run("add", "--from", "/nowhere/at-all").exit_code == 2


def test_log_in_another_encoding_is_read(watch_list: WatchList) -> None:
    """A Windows server in China writes GBK; the ids in it are ASCII."""
    log = f"生成任务 TaskId={ONE} 已创建\n".encode("gbk")
    assert add(watch_list, "-", standard_input=log) == (0, [ONE], "")


def test_removed_task_comes_back_with_everything_known(watch_list: WatchList) -> None:
    """No call could list it again, nor tell what its videos were once they are deleted."""
    watch_list.fill()
    before = watch_list.tasks()[READY.ref]
    before_urls = watch_list.run("urls", READY.ref.task_id).stdout
    assert watch_list.run("rm", READY.ref.task_id).exit_code == 0
    assert READY.ref not in watch_list.tasks()
    assert watch_list.run("add", READY.ref.task_id).exit_code == 0
    after = watch_list.tasks()[READY.ref]
    assert (after.phase, after.label, after.checks) == (before.phase, before.label, before.checks)
    assert watch_list.run("urls", READY.ref.task_id).stdout == before_urls


# Line by line


def process(watch_list: WatchList, *words: str) -> subprocess.Popen[bytes]:
    """Start `add` with a pipe at its standard input."""
    return subprocess.Popen(
        [sys.executable, "-m", "tiwtui", "--state-dir", str(watch_list.folder), *WITH_APP, "add", *words],
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_growing_log_is_saved_line_by_line(watch_list: WatchList) -> None:
    """`tail -f log | tiwtui add -`: a task is watched once its line is there, not once the log ends."""
    with process(watch_list, "-") as adding:
        assert adding.stdin is not None
        assert adding.stdout is not None
        for number, line in enumerate((f"created {ONE}", f"created {OTHER}"), 1):
            adding.stdin.write(f"{line}\n".encode())
            adding.stdin.flush()
            assert adding.stdout.readline().decode().strip() == (ONE, OTHER)[number - 1]
            # Printed is saved.
            assert len(watch_list.ids()) == number
        rest, said = adding.communicate(timeout=30)
    assert (adding.returncode, rest, said) == (0, b"", b"")


def test_task_removed_meanwhile_is_added_again_by_a_later_line(watch_list: WatchList) -> None:
    """What is printed is on the list, however long ago the command began."""
    with process(watch_list, "-") as adding:
        assert adding.stdin is not None
        assert adding.stdout is not None
        for _time in range(2):
            adding.stdin.write(f"{ONE}\n".encode())
            adding.stdin.flush()
            assert adding.stdout.readline().decode().strip() == ONE
            assert watch_list.ids() == [ONE]
            watch_list.run("rm", ONE)
        adding.stdin.close()
    assert adding.returncode == 0


def test_ctrl_c_ends_a_silent_pipe_at_once_with_130(watch_list: WatchList) -> None:
    """Waiting for the next line of a log is where this command spends its life."""
    with process(watch_list, "-") as adding:
        assert adding.stdin is not None
        assert adding.stdout is not None
        adding.stdin.write(f"{ONE}\n".encode())
        adding.stdin.flush()
        assert adding.stdout.readline().decode().strip() == ONE
        adding.send_signal(signal.SIGINT)
        assert adding.wait(timeout=30) == 130
        said = adding.stderr.read() if adding.stderr is not None else b""
    assert said.decode().strip() == "Interrupted."
    assert watch_list.ids() == [ONE]


def test_closed_standard_input_is_an_empty_one(watch_list: WatchList) -> None:
    """Daemons start their children like that."""
    words = f"--state-dir {watch_list.folder} --sdk-app-id 1 add -"
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m tiwtui {words} <&-', sys.executable],
        env=child_environment(),
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("word", ["#foo", "", "--- "])
def test_argument_that_holds_nothing_is_not_understood(watch_list: WatchList, word: str) -> None:
    """In a file it may be a comment; as an argument it should be a task."""
    code, ids, said = add(watch_list, "--", word)
    assert (code, ids) == (1, [])
    assert said.startswith("not understood: ")


def test_label_in_no_known_encoding_is_refused_in_words(watch_list: WatchList) -> None:
    for words in (("add", ONE, "--label", "a\udcff"), ("label", ONE, "a\udcff")):
        result = watch_list.run(*WITH_APP, *words)
        assert result.exit_code == 2
        assert "not valid UTF-8" in result.stderr
        assert "codec" not in result.stderr


def test_piped_ids_that_could_not_be_saved_are_reported(watch_list: WatchList) -> None:
    """It is nowhere else by then: the log has gone on."""
    watch_list.run("add", f"{APP}/first")
    with closing(sqlite3.connect(watch_list.path)) as database:
        database.execute("CREATE TRIGGER refuse BEFORE INSERT ON watched BEGIN SELECT RAISE(FAIL, 'no'); END")
    code, printed, said = add(watch_list, "-", standard_input=f"{ONE}\n{OTHER}\n")
    assert (code, printed) == (2, [])
    assert said.splitlines()[0] == f"not saved: {ONE}"
    assert watch_list.ids() == ["first"]
