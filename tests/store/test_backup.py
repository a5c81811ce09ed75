"""Backups: whose they are, when they are made, which one they replace, and that a bad copy replaces none."""

import os
import re
import sqlite3
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.factories import make_ref, make_task
from tests.store.stores import execute, opened, saved_tasks, sending, take_lease
from tiwtui.store import schema
from tiwtui.store.errors import StoreFailed
from tiwtui.store.file import backup as backups_of
from tiwtui.store.file.backup import BACKUP_EACH_S, LONGEST_AT_END_S, HourlyBackup, back_up, backups

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.db"


def count(backup: Path) -> int:
    with closing(sqlite3.connect(backup)) as copy:
        (number,) = copy.execute("SELECT count(*) FROM watched").fetchone()
        return int(number)


def age(path: Path) -> None:
    """Make both backups an hour older."""
    for backup in backups(path):
        if backup.exists():
            status = backup.stat()
            os.utime(backup, (status.st_atime - 3600, status.st_mtime - 3600))


def zero_a_page_of_an_index(path: Path) -> None:
    content = path.read_bytes()
    page = next(n for n in range(2, len(content) // 4096) if content[n * 4096] == 0x0A)
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(bytes(4096))


def garble(path: Path) -> None:
    path.write_bytes(b"x" * 5000)


def wait_for_backups() -> None:
    for thread in threading.enumerate():
        if thread.name == "backup":
            thread.join()


async def test_law_1_the_sender_backs_up_at_its_end_and_a_follower_does_not(path: Path) -> None:
    async with opened(path) as store:
        await store.add([make_task(1)])
    assert not any(backup.exists() for backup in backups(path))
    async with sending(path):
        pass
    assert count(backups(path)[0]) == 1
    assert backups(path)[0].stat().st_mode & 0o777 == 0o600


async def test_law_1_the_older_of_two_generations_is_replaced(path: Path) -> None:
    """What went wrong unseen an hour ago is not yet in the other one."""
    for number in range(3):
        async with sending(path) as store:
            await store.add([make_task(number)])
        age(path)
    assert [count(backup) for backup in backups(path)] == [3, 2]
    assert {file.name for file in path.parent.iterdir() if "backup" in file.name} == {
        "school.db.backup-1",
        "school.db.backup-2",
    }


async def test_law_1_a_copy_that_is_not_sound_replaces_nothing_and_is_damage(path: Path) -> None:
    """A backup of a broken file, put over the good one, would lose the list twice."""
    async with sending(path) as store:
        await store.add([make_task(number, label="x" * 200) for number in range(200)])
    age(path)
    zero_a_page_of_an_index(path)
    async with opened(path) as store:
        with pytest.raises(StoreFailed, match="damaged"):
            await store.database.run_bare(back_up, path)
    assert [backup.exists() for backup in backups(path)] == [True, False]
    assert count(backups(path)[0]) == 200
    assert path.with_name("school.db.damaged").exists()


def test_law_1_it_is_due_each_hour_while_this_process_sends(path: Path) -> None:
    assert HourlyBackup(path, lambda: False).due_at is None
    assert HourlyBackup(path, lambda: True).due_at == pytest.approx(time.monotonic() + 3600, abs=60)
    assert BACKUP_EACH_S == 3600
    assert HourlyBackup(None, lambda: True).due_at is None


async def test_law_1_an_hourly_backup_holds_nothing_up_and_says_what_it_met(path: Path) -> None:
    """A large list takes seconds: a beat that waited for it would hand the sending over."""
    async with sending(path) as store:
        await store.add([make_task(number) for number in range(200)])
        hourly = HourlyBackup(path, lambda: True)
        await store.database.run_bare(hourly.run)
        wait_for_backups()
        await store.database.run_bare(hourly.run)
        assert count(backups(path)[0]) == 200
        store.epoch = None
    garble(path)
    with closing(sqlite3.connect(":memory:")) as unused:
        hourly.run(unused)
        wait_for_backups()
        with pytest.raises(sqlite3.DatabaseError):
            hourly.run(unused)


async def test_law_1_a_copy_that_takes_too_long_replaces_nothing(path: Path) -> None:
    """Ctrl+c ends the program within two seconds, however long the list is."""
    async with sending(path) as store:
        await store.add([make_task(1)])
        back_up_late = partial(back_up, until=0.0)
        await store.database.run_bare(back_up_late, path)
        assert not any(backup.exists() for backup in backups(path))
        store.epoch = None
    assert LONGEST_AT_END_S <= 1.0
    assert not list(path.parent.glob(".*"))


async def test_law_4_a_file_of_an_earlier_version_is_copied_before_it_is_migrated(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        schema.migrate(database, schema.MIGRATIONS[:2])
        database.execute("INSERT INTO watched VALUES (1, 1400000001, 'a', 'Maths', 1.0, NULL, NULL, NULL, 1)")
    (task,) = (await saved_tasks(path)).values()
    assert task.label == "Maths"
    with closing(sqlite3.connect(path.with_name("school.db.version-2"))) as copy:
        assert schema.version(copy) == 2
        assert copy.execute("SELECT label FROM watched").fetchall() == [("Maths",)]


async def test_law_4_what_cannot_be_copied_is_not_migrated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        schema.migrate(database, schema.MIGRATIONS[:2])

    def full(_connection: sqlite3.Connection, _to: Path, _until: float) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(backups_of, "_copy", full)
    with pytest.raises(StoreFailed, match="disk is full"):
        await saved_tasks(path)
    with closing(sqlite3.connect(path)) as database:
        assert schema.version(database) == 2


def test_a_migration_only_adds_tables_and_nullable_columns() -> None:
    """An older backup must be readable by every later version."""
    for step in schema.MIGRATIONS[1:]:
        added = re.findall("ADD COLUMN ([a-z_]+)", step)
        for statement in filter(None, map(str.strip, step.split(";"))):
            if statement.startswith("UPDATE"):
                written = statement.partition(" SET ")[2].partition("WHERE")[0]
                assert set(re.findall("([a-z_]+) =", written)) <= set(added), statement
                continue
            assert statement.startswith(("CREATE TABLE", "CREATE INDEX", "ALTER TABLE")), statement
            if statement.startswith("ALTER TABLE"):
                assert " ADD COLUMN " in statement, statement
                assert "NOT NULL" not in statement, statement


async def test_a_backup_put_in_place_by_hand_is_a_list_like_any_other(path: Path) -> None:
    """What the README says: end tiwtui, delete the -wal and -shm files, move the backup to the name."""
    async with sending(path) as store:
        await store.add([make_task(1)])
        await store.flush()
        await execute(store, "PRAGMA wal_checkpoint")
        await store.database.run_bare(back_up, path)
        await store.add([make_task(2)])
        store.epoch = None
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    backups(path)[0].replace(path)
    assert set(await saved_tasks(path)) == {make_ref(1)}
    async with opened(path) as store:
        await take_lease(store)
        await store.add([make_task(3)])
    assert set(await saved_tasks(path)) == {make_ref(1), make_ref(3)}
