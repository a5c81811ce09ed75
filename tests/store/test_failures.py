"""Disks that are full or read-only, files that are locked or of a newer version, rows that are rotten."""

import sqlite3
from pathlib import Path
from random import Random

import msgspec
import pytest

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import (
    execute,
    fill_disk,
    opened,
    processing,
    ready,
    saved_tasks,
    sending,
    task_number,
    trouble,
)
from tiwtui.model import Phase, Task, TaskRef
from tiwtui.store import schema
from tiwtui.store.database import Database
from tiwtui.store.errors import StoreFailed, StoreTooNew
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.db"


def content_of(path: Path) -> bytes:
    return path.read_bytes()


async def test_an_edit_on_a_full_disk_says_so_and_changes_nothing(path: Path) -> None:
    """See task_store law 1."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        await fill_disk(store)
        with pytest.raises(StoreFailed, match="disk is full") as caught:
            await store.add([make_task(number, label="x" * 500) for number in range(2, 200)])
        assert caught.value.is_unwritable
        assert set(await saved_tasks(path)) == {make_ref(1)}
        await execute(store, "PRAGMA max_page_count = 1000000")
        await store.add([task_number(2)])
    assert set(await saved_tasks(path)) == {make_ref(1), make_ref(2)}


async def test_findings_outlive_a_full_disk(path: Path) -> None:
    """They wait, are shown, and are written once there is room; until then a visible state says so.

    See write_buffer law 3.
    """
    async with sending(path) as store:
        await store.add([task_number(1)])
        await fill_disk(store)
        found = msgspec.structs.replace(ready(task_number(1)), raw=Random(1).randbytes(100_000))
        store.record(found)
        await store.flush()
        assert (await store.details(make_ref(1))).raw == found.raw
        assert "disk is full" in trouble(store)
        await execute(store, "PRAGMA max_page_count = 1000000")
        await store.flush()
        assert not trouble(store)
    assert (await saved_tasks(path))[make_ref(1)].phase is Phase.READY


async def test_a_read_only_disk_is_a_state_and_no_crash(path: Path) -> None:
    async with sending(path) as store:
        await store.add([task_number(1)])
        await execute(store, "PRAGMA query_only = 1")
        with pytest.raises(StoreFailed, match="cannot be written") as caught:
            await store.label(make_ref(1), "Maths")
        assert caught.value.is_unwritable
        store.record(ready(task_number(1)))
        await store.flush()
        assert (await store.details(make_ref(1))).videos
        assert set(await store.videos([make_ref(1)])) == {make_ref(1)}
        assert "cannot be written" in trouble(store)
        await execute(store, "PRAGMA query_only = 0")


async def test_a_path_below_a_file_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = TaskStore(Database(tmp_path / "file" / "state" / "school.db"))
    with pytest.raises(StoreFailed, match="--state-dir"):
        await store.open()
    await store.close()


async def test_a_store_that_failed_to_open_can_be_opened_later(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    store = TaskStore(Database(tmp_path / "state" / "school.db"))
    with pytest.raises(StoreFailed):
        await store.open()
    (tmp_path / "state").unlink()
    assert await store.open() == []
    await store.close()


async def test_a_lock_that_lasts_fails_an_edit_and_delays_findings(path: Path) -> None:
    """Another program holds the file: what a person asked for is refused, what was found waits."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed, match="locked"):
            await store.label(make_ref(1), "Maths")
        store.record(ready(task_number(1)))
        await store.flush()
        assert "locked" in trouble(store)
        other.close()
        await store.label(make_ref(1), "Maths")
        assert not trouble(store)
    found = (await saved_tasks(path))[make_ref(1)]
    assert (found.label, found.phase) == ("Maths", Phase.READY)


async def test_only_text_that_cannot_be_saved_is_refused(path: Path) -> None:
    """Half a surrogate pair comes out of a file name or an argument in the wrong encoding."""
    async with opened(path) as store:
        with pytest.raises(StoreFailed, match="not saved"):
            await store.add([task_number(1), make_task(2, label="\udcff")])
        with pytest.raises(StoreFailed, match="not saved"):
            await store.add([Task(TaskRef(2**64, "x"), WALL)])
    assert await saved_tasks(path) == {}


async def test_a_newer_version_is_named_and_left_untouched(path: Path) -> None:
    """An older program that went on would lose what the newer one keeps. See state_file law 2."""
    async with opened(path) as store:
        await store.add([task_number(1)])
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    before = content_of(path)
    with pytest.raises(StoreTooNew, match=f"format 99; this one knows {schema.VERSION}") as caught:
        await TaskStore(Database(path)).open()
    assert (caught.value.found, caught.value.known) == (99, schema.VERSION)
    assert content_of(path) == before


def test_an_older_file_takes_the_steps_it_lacks_and_keeps_its_rows(path: Path) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    schema.migrate(database, ("CREATE TABLE a (x); INSERT INTO a VALUES (1)",))
    schema.migrate(database, ("never taken again", "ALTER TABLE a ADD COLUMN y DEFAULT 2"))
    assert database.execute("SELECT x, y FROM a").fetchall() == [(1, 2)]
    assert schema.version(database) == 2
    database.close()


async def test_a_file_of_the_first_version_opens_with_all_its_results(path: Path) -> None:
    """Its details lack a column, and its rows the fields that came later."""
    database = sqlite3.connect(path, isolation_level=None)
    schema.migrate(database, schema.MIGRATIONS[:1])
    trouble = '{"kind":"garbled","code":"$.Response.Status","message":"missing","request_id":"","since":1.0}'
    shown = f'["ready","FINISHED","",null,null,1,5,["camera"],[],null,{trouble},"r",2.0,2.0,null,null,3]'
    database.execute("INSERT INTO watched VALUES (1, 1400000001, 'a', 'Maths', 1.0, NULL, NULL, NULL, 1)")
    database.execute("INSERT INTO observed VALUES (1, ?, 1)", (shown,))
    database.execute("INSERT INTO details VALUES (1, ?, '[]', NULL)", ('[{"url":"http://a/b","type":0}]',))
    database.close()
    (task,) = (await saved_tasks(path)).values()
    async with opened(path) as store:
        details = await store.details(task.ref)
    assert (task.label, task.video_count, task.trouble and task.trouble.at) == ("Maths", 1, None)
    assert ([video.url for video in details.videos], details.error_raw) == (["http://a/b"], b"")


def test_a_step_that_fails_changes_nothing(path: Path) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        schema.migrate(database, ("CREATE TABLE a (x); CREATE TABLE a (x)",))
    assert schema.version(database) == 0
    assert database.execute("SELECT name FROM sqlite_master").fetchall() == []
    database.close()


async def test_a_busy_file_is_never_taken_for_a_damaged_one(path: Path) -> None:
    async with opened(path) as store:
        await store.add([task_number(1)])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreFailed, match="cannot be read: another program keeps it locked"):
        await TaskStore(Database(path, busy_s=0.05)).open()
    other.close()
    assert set(await saved_tasks(path)) == {make_ref(1)}


async def test_a_row_that_cannot_be_read_stands_for_a_task_nobody_has_checked(path: Path) -> None:
    """One rotten row must not keep a person from the other thousand. See codec law 2."""
    async with sending(path) as store:
        await store.add([task_number(1), task_number(2)])
        store.record(ready(task_number(1)))
        store.record(ready(task_number(2)))
        await store.flush()
        await execute(store, "UPDATE observed SET shown = 'rot' WHERE id = 1")
    assert [task.phase for task in (await saved_tasks(path)).values()] == [Phase.NEW, Phase.READY]


async def test_details_that_cannot_be_read_fail_alone(path: Path) -> None:
    async with sending(path) as store:
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
        await store.flush()
        await execute(store, "UPDATE details SET raw = x'00'")
        details = await store.details(make_ref(1))
        assert (details.raw, bool(details.videos)) == (b"", True)
        assert "cannot be read any more" in details.oddities[-1]
        store.record(processing(task_number(1), checks=9))
        await store.flush()
        assert (await store.details(make_ref(1))).videos
