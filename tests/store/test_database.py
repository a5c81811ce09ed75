"""The one door: transactions, failures that nobody waits for, versions, and a database in memory."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import execute, opened, saved_tasks, take_lease
from tiwtui.store import schema
from tiwtui.store.database import Database
from tiwtui.store.errors import StoreFailed
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.db"


def count(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT count(*) FROM watched").fetchone()
    return int(number)


def add_and_fail(connection: sqlite3.Connection, task_id: str) -> None:
    connection.execute(
        "INSERT INTO watched (sdk_app_id, task_id, label, added_at, revision) VALUES (1, ?1, '', 0.0, 1)",
        (task_id,),
    )
    raise sqlite3.OperationalError("the second half failed")


async def test_law_1_a_run_that_fails_saves_nothing(path: Path) -> None:
    """Half of an edit on disk is worse than none: the screen shows that nothing was done."""
    async with opened(path) as store:
        with pytest.raises(StoreFailed, match="second half"):
            await store.database.run(add_and_fail, "x")
        assert await store.database.read(count) == 0


async def test_law_2_a_run_whose_caller_is_cancelled_is_done(path: Path) -> None:
    may_go_on = threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        assert may_go_on.wait(30)
        connection.execute(
            "INSERT INTO watched (sdk_app_id, task_id, label, added_at, revision) VALUES (1, 'x', '', 0.0, 1)"
        )

    async with opened(path) as store:
        waiting = asyncio.ensure_future(store.database.run(slow))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        may_go_on.set()
        assert await store.database.read(count) == 1


async def test_law_3_a_failed_post_is_trouble_until_one_succeeds(path: Path) -> None:
    """Nobody waits for a pause to be saved; that it was not must be seen all the same."""
    async with opened(path) as store:
        store.database.post(add_and_fail, "x")
        assert await store.database.read(count) == 0
        assert "second half" in (store.database.trouble or "")
        store.database.post(lambda _connection: None)
        await store.database.read(count)
        assert store.database.trouble is None


async def take_lease_in_vain(store: TaskStore) -> None:
    """Sending is over too: another version decides by then."""
    with pytest.raises(StoreFailed, match="upgraded"):
        await take_lease(store)


async def test_law_5_a_file_that_was_upgraded_meanwhile_is_not_written_any_more(path: Path) -> None:
    """What the newer program saves beside it, the older one does not know, and would lose."""
    async with opened(path) as store:
        await store.add([make_task(1)])
        other = sqlite3.connect(path)
        other.execute("PRAGMA user_version = 99")
        other.close()
        with pytest.raises(StoreFailed, match="upgraded: restart this one"):
            await store.label(make_ref(1), "new")
        await take_lease_in_vain(store)
        assert await store.database.read(count) == 1
        await execute(store, f"PRAGMA user_version = {schema.VERSION}")
    assert (await saved_tasks(path))[make_ref(1)].label == ""


async def test_law_6_a_database_is_open_once(path: Path) -> None:
    """A second thread on the same database went on after its end, and met a closed file."""
    async with opened(path) as store:
        with pytest.raises(RuntimeError, match="open"):
            await store.open()
    assert [thread.name for thread in threading.enumerate() if "school.db" in thread.name] == []


async def test_a_database_in_memory_is_used_like_one_on_disk_and_is_gone_at_its_end() -> None:
    """The demo shows the same screen, and leaves nothing behind."""
    store = TaskStore(Database(None), tasks=[make_task(1), make_task(2)])
    assert [task.ref for task in await store.open()] == [make_ref(1), make_ref(2)]
    await store.remove([make_ref(1)], WALL)
    assert [gone.task.ref for gone in await store.removed()] == [make_ref(1)]
    assert [task.ref for task in await store.restore([make_ref(1)])] == [make_ref(1)]
    assert (store.is_saved, store.state_file()) == (False, None)
    await store.close()
    later = TaskStore(Database(None))
    assert list(await later.open()) == []
    await later.close()


async def test_each_statement_is_shown_before_it_is_run() -> None:
    """A simulation that owns the order of things decides here."""
    seen = list[str]()
    store = TaskStore(Database(None, before=seen.append))
    await store.open()
    await store.label(make_ref(1), "x")
    assert [statement.split()[0] for statement in seen][-5:-1] == ["UPDATE", "SELECT", "UPDATE", "COMMIT"]
    await store.close()
