"""Databases that are missing, empty, another program's or on a disk that cannot be written."""

import errno
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import opened, ready, saved_tasks, sending
from tiwtui.store.database import Database
from tiwtui.store.errors import StoreFailed
from tiwtui.store.file.backup import backups
from tiwtui.store.snapshot import Snapshot, read_snapshot
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio

COUNT = 300
ALL = {make_ref(number) for number in range(COUNT)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.db"


def make_folder(folder: Path) -> None:
    folder.mkdir()


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def rename(path: Path, to: Path) -> None:
    path.rename(to)


def unlink(path: Path) -> None:
    path.unlink()


def garble(path: Path) -> None:
    path.write_bytes(b"x" * 5000)


async def killed(path: Path, folder: Path) -> Path:
    """Fill a list, and return a copy as a process leaves it that is killed."""
    copy = folder / path.name
    make_folder(folder)
    async with sending(path) as store:
        tasks = [make_task(number, label=f"Maths {number}") for number in range(COUNT)]
        await store.add(tasks)
        for task in tasks[:20]:
            store.record(ready(task))
        await store.flush()
        for suffix in ("", "-wal", ".lock"):
            shutil.copyfile(path.with_name(path.name + suffix), copy.with_name(copy.name + suffix))
    return copy


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def snapshot(path: Path) -> Snapshot:
    return read_snapshot(path, wall=WALL, busy_s=0.05)


def names(path: Path) -> set[str]:
    return {file.name for file in path.parent.iterdir()}


@pytest.mark.parametrize("is_missing", [False, True])
async def test_a_list_whose_database_is_lost_comes_from_its_backup(
    path: Path, tmp_path: Path, *, is_missing: bool
) -> None:
    """SQLite would begin an empty database and delete the WAL, with every task in it, without a word.

    See state_file law 4.
    """
    copy = await killed(path, tmp_path / "killed")
    shutil.copyfile(backups(path)[0], backups(copy)[0])
    before = content_of(copy.with_name("school.db-wal"))
    if is_missing:
        unlink(copy)
    else:
        emptied(copy)
    found = snapshot(copy)
    assert found.watched.keys() == ALL
    assert found.watched[make_ref(7)].task.label == "Maths 7"
    assert found.watched[make_ref(7)].details.videos
    assert f"from a backup: {COUNT}" in (found.notice or "")
    (aside,) = copy.parent.glob("*.damaged-*-wal")
    assert aside.read_bytes() == before
    assert snapshot(copy).notice is None


async def test_an_empty_file_where_a_list_was_is_reported(path: Path) -> None:
    """Cut to nothing after a clean end: an empty list must not look like everything being done.

    See state_file law 7.
    """
    async with opened(path) as store:
        await store.add([make_task(1)])
    emptied(path)
    assert "put your tasks in again" in (snapshot(path).notice or "")
    assert snapshot(path).notice is None


async def test_a_first_start_that_was_killed_is_no_damage(path: Path) -> None:
    """Its file is empty, and no list was ever begun in it."""
    emptied(path)
    emptied(path.with_name("school.db.lock"))
    assert snapshot(path).notice is None
    unlink(path)
    assert snapshot(path).notice is None


async def test_a_lost_database_that_others_have_open_keeps_its_wal(path: Path) -> None:
    """See state_file law 3."""
    async with opened(path) as store:
        await store.add([make_task(1)])
        rename(path, path.with_name("hidden"))
        with pytest.raises(StoreFailed, match="end every tiwtui of this profile"):
            snapshot(path)
        assert "school.db" not in names(path)
        rename(path.with_name("hidden"), path)
    assert set(await saved_tasks(path)) == {make_ref(1)}


@pytest.mark.parametrize("version", [0, 1, -3])
async def test_a_database_of_another_program_is_refused_and_left_untouched(path: Path, version: int) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE bookmarks (x)")
    database.execute(f"PRAGMA user_version = {version}")
    database.commit()
    database.close()
    before = content_of(path)
    with pytest.raises(StoreFailed, match="is not a watch list of tiwtui"):
        await TaskStore(Database(path)).open()
    assert content_of(path) == before
    assert names(path) == {"school.db", "school.db.lock"}


@pytest.mark.parametrize("version", [0, -3])
async def test_a_list_that_lost_its_version_is_saved(path: Path, version: int) -> None:
    """One byte of the header: every table is there."""
    async with opened(path) as store:
        await store.add([make_task(1, label="Maths")])
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA user_version = {version}")
    database.close()
    found = snapshot(path)
    assert found.watched[make_ref(1)].task.label == "Maths"
    assert "read from the damaged file: 1" in (found.notice or "")


@pytest.fixture
def read_only_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every opening for writing by Python fail as on such a disk."""
    really = os.open

    def refusing(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY | os.O_CREAT):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return really(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refusing)


async def test_a_list_on_a_read_only_disk_is_read(path: Path, request: pytest.FixtureRequest) -> None:
    """A backup that is mounted, or a disk that went read-only: it can be looked at. See snapshot law 1."""
    async with opened(path) as store:
        await store.add([make_task(1, label="Maths")])
    unlink(path.with_name("school.db.lock"))
    before = content_of(path)
    request.getfixturevalue("read_only_disk")
    assert snapshot(path).watched[make_ref(1)].task.label == "Maths"
    assert names(path) == {"school.db"}
    assert content_of(path) == before


async def test_what_cannot_be_read_either_is_said_to_be_so(
    path: Path, request: pytest.FixtureRequest
) -> None:
    garble(path)
    request.getfixturevalue("read_only_disk")
    with pytest.raises(StoreFailed, match="cannot be read"):
        snapshot(path)
    assert names(path) == {"school.db"}
