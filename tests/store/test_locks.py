"""Waiting for another process's lock: as long as is wanted, and no longer once the process is to end."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.factories import make_task
from tests.store.stores import opened
from tiwtui.store.database import Database
from tiwtui.store.errors import STEP_S, StoreFailed, repeated, step_of
from tiwtui.store.task_store import TaskStore

PATIENCE_S = 30.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.db"


class Meeting:
    """Work that meets a lock so many times."""

    def __init__(self, locks: int) -> None:
        self.left = locks

    def __call__(self) -> str:
        if self.left:
            self.left -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return "done"


def test_law_1_sqlite_waits_in_short_steps() -> None:
    """See errors law 1."""
    assert step_of(30.0) == STEP_S <= 0.25
    assert step_of(0.05) == 0.05


def test_law_2_work_that_met_a_lock_is_repeated() -> None:
    """See errors law 2."""
    assert repeated(Meeting(3), PATIENCE_S, threading.Event()) == "done"


def test_law_2_no_longer_than_is_wanted() -> None:
    work = Meeting(1)
    with pytest.raises(sqlite3.OperationalError):
        repeated(work, 0.0, threading.Event())
    assert work.left == 0


def test_law_2_the_flag_ends_the_waiting_after_one_try() -> None:
    """At the end of the process what is still to be saved is tried once, not for half a minute."""
    stopped = threading.Event()
    stopped.set()
    work = Meeting(2)
    with pytest.raises(sqlite3.OperationalError):
        repeated(work, PATIENCE_S, stopped)
    assert work.left == 1


def test_what_is_no_lock_is_not_repeated() -> None:
    def work() -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(sqlite3.OperationalError, match="disk"):
        repeated(work, PATIENCE_S, threading.Event())


@pytest.fixture
def locked(path: Path) -> Iterator[None]:
    """A watch list that another program keeps locked for writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.anyio
@pytest.mark.usefixtures("locked")
async def test_a_store_that_waits_for_a_lock_to_open_can_be_closed(path: Path) -> None:
    """Ctrl+c at the start: anyone who waited for the opening is gone, and there is nothing to close yet."""
    store = TaskStore(Database(path, busy_s=PATIENCE_S))
    opening = asyncio.ensure_future(store.open())
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    began = time.monotonic()
    await store.close()
    assert time.monotonic() - began < 2.0


@pytest.mark.anyio
async def test_an_edit_that_is_seen_through_says_what_came_of_it(path: Path) -> None:
    """A command that a signal ends has to say what was not saved."""
    async with opened(path) as first:
        await first.add([])
        store = TaskStore(Database(path, busy_s=PATIENCE_S, sees_through=True))
        await store.open()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            adding = asyncio.ensure_future(store.add([make_task(1)]))
            await asyncio.sleep(0)
            began = time.monotonic()
            adding.cancel()
            with pytest.raises(StoreFailed, match="locked"):
                await adding
            assert time.monotonic() - began < 2.0
        await store.close()
