"""What commands do where the saved state is newer, damaged or cannot be written; and how light they start."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import msgspec
import pytest

from tests.child_environment import child_environment
from tests.cli.watch_list import READY, WatchList
from tests.store.stores import fill_disk, ready, take_lease
from tiwtui.cli.saved_list import opened
from tiwtui.cli.stdout import StateFailed
from tiwtui.config.settings import settings_from
from tiwtui.store.schema import VERSION

ID = READY.ref.task_id
COMMANDS = [("list",), ("urls",), ("add", "1/x"), ("rm", ID), ("label", ID, "x"), ("wait", ID), ("watch", ID)]
NAMES = [words[0] for words in COMMANDS]


def refuse_writes(path: Path) -> None:
    """Make every change of the watch list fail, as a full disk does."""
    with closing(sqlite3.connect(path)) as database:
        for change in ("INSERT", "UPDATE"):
            database.execute(
                f"CREATE TRIGGER refuse_{change} BEFORE {change} ON watched "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )


@pytest.mark.parametrize("words", COMMANDS, ids=NAMES)
def test_newer_state_ends_with_2_names_both_versions_and_stays_untouched(
    watch_list: WatchList, words: tuple[str, ...]
) -> None:
    """After a try of an older tiwtui, the newer one must find its state unchanged."""
    watch_list.fill()
    database = sqlite3.connect(watch_list.path)
    database.execute(f"PRAGMA user_version = {VERSION + 7}")
    database.close()
    before = watch_list.path.read_bytes()
    result = watch_list.run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"(format {VERSION + 7}; this one knows {VERSION})" in " ".join(result.stderr.split())
    assert watch_list.path.read_bytes() == before


@pytest.mark.parametrize("words", COMMANDS, ids=NAMES)
def test_damaged_state_is_set_aside_with_a_message(watch_list: WatchList, words: tuple[str, ...]) -> None:
    """Its content can still be examined, and the work continues."""
    watch_list.fill()
    watch_list.path.write_bytes(b"not a database, but long enough to look like one" * 100)
    words = ("--sdk-app-id", "1", *words, *(["--timeout", "0"] if words[0] == "wait" else []))
    if words[2] == "watch":
        words = (*words, "--filter", "phase:")
    result = watch_list.run(*words)
    assert "The saved state was damaged. It was moved to " in result.stderr
    (aside,) = watch_list.folder.glob("*.damaged-*.db")
    assert str(aside) in result.stderr.replace("\n", "")
    assert aside.read_bytes().startswith(b"not a database")
    assert result.exit_code == {"rm": 2, "label": 2, "watch": 2, "wait": 4}.get(words[2], 0)
    assert "damaged" not in watch_list.run("list").stderr


@pytest.mark.parametrize("words", COMMANDS, ids=NAMES)
def test_state_that_cannot_be_written_ends_with_2_and_advice(
    watch_list: WatchList, words: tuple[str, ...], tmp_path: Path
) -> None:
    """A wrong --state-dir or a read-only disk gets a message, not a crash."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    result = WatchList(blocked / "state").run("--sdk-app-id", "1", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "choose another place with --state-dir" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("words", "unsaved"),
    [
        (("add", "1/x", "1/y"), ["1/x", "1/y"]),
        (("wait", "1/x", "1/y"), ["1/x", "1/y"]),
        (("watch", "1/x"), ["1/x"]),
        (("rm", ID), [f"{READY.ref}"]),
        (("label", ID, "x"), [f"{READY.ref}"]),
    ],
    ids=["add", "wait", "watch", "rm", "label"],
)
def test_ids_that_could_not_be_saved_are_named(
    watch_list: WatchList, words: tuple[str, ...], unsaved: list[str]
) -> None:
    """A script that piped them in may have them from nowhere else."""
    watch_list.fill()
    refuse_writes(watch_list.path)
    result = watch_list.run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    named = [line.removeprefix("not saved: ") for line in result.stderr.splitlines()]
    assert named[: len(unsaved)] == unsaved


@pytest.mark.parametrize("words", [("list",), ("urls",), ("add", "1/x"), ("wait", "1/x")], ids=" ".join)
def test_a_pipe_at_the_place_of_the_state_is_refused(watch_list: WatchList, words: tuple[str, ...]) -> None:
    """Opening one waits until another process writes into it."""
    watch_list.folder.mkdir()
    os.mkfifo(watch_list.path)
    done = subprocess.run(
        [sys.executable, "-m", "tiwtui", "--state-dir", str(watch_list.folder), *words],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{watch_list.path} is not a file" in done.stderr
    assert list(watch_list.folder.iterdir()) == [watch_list.path]


@pytest.mark.parametrize("words", [("list",), ("urls",)], ids=" ".join)
def test_state_that_cannot_be_read_is_not_said_to_be_unsaved(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Nothing was to be saved; "not saved" makes a person look for what is lost."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    result = WatchList(blocked / "state").run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "not saved" not in result.stderr
    assert "cannot be read (Not a directory)" in " ".join(result.stderr.split())


def test_list_is_printed_while_another_process_writes(watch_list: WatchList) -> None:
    """Who only reads neither waits for a lock nor takes one."""
    watch_list.fill()
    database = sqlite3.connect(watch_list.path, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    assert len(watch_list.listed()) == 3
    database.close()


@pytest.mark.anyio
async def test_what_cannot_be_saved_at_the_end_is_reported(watch_list: WatchList) -> None:
    """Closing is the last chance to save, and a bad place for a traceback."""

    async def find_on_a_full_disk() -> None:
        async with opened(settings_from(state_dir=watch_list.folder)) as (store, _tasks):
            await take_lease(store)
            await store.add([READY])
            await fill_disk(store)
            store.record(msgspec.structs.replace(ready(READY), raw=Random(1).randbytes(100_000)))

    with pytest.raises(StateFailed, match="disk is full"):
        await find_on_a_full_disk()


@pytest.mark.parametrize(
    "words", [("list", "--json"), ("add", "1/x"), ("rm", ID), ("label", ID, "x"), ("urls",)]
)
def test_commands_that_need_no_network_import_neither_textual_nor_httpx(
    watch_list: WatchList, words: tuple[str, ...]
) -> None:
    """They stand in loops of scripts: each must start and end at once."""
    watch_list.fill()
    code = (
        "import sys\n"
        "from tiwtui.cli.main import tiwtui\n"
        "tiwtui(sys.argv[1:], standalone_mode=False)\n"
        "print([name for name in ('textual', 'httpx', 'h11', 'rich') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--state-dir", str(watch_list.folder), *words],
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "[]"
