"""Stores on disk for tests: opened, made the sender, closed again."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from tests.factories import WALL, make_task, make_video
from tiwtui.coordination import sender_requests
from tiwtui.coordination.sender_requests import News
from tiwtui.engine.transitions import CheckResult
from tiwtui.model import Phase, Task, TaskRef, Transition
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore


@asynccontextmanager
async def opened(path: Path, *, flush_s: float = 0.05) -> AsyncIterator[TaskStore]:
    """Open a store that waits for nobody for long, and close it at the end."""
    store = TaskStore(Database(path, busy_s=0.05, wall=lambda: WALL), flush_s=flush_s)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def sending(path: Path, *, flush_s: float = 0.05) -> AsyncIterator[TaskStore]:
    """Open a store that holds the lease."""
    async with opened(path, flush_s=flush_s) as store:
        await take_lease(store)
        yield store


async def take_lease(store: TaskStore, name: str = "pts/1") -> int:
    """Make a store the sender's, even if another one held the lease."""
    database = store.database
    seen = await look(store)
    values = (database.me, name, seen.lease, WALL)
    store.epoch = await database.run(sender_requests.take_lease, *values)
    assert store.epoch is not None
    return store.epoch


async def saved_tasks(path: Path) -> dict[TaskRef, Task]:
    """Return what a new start finds."""
    store = TaskStore(Database(path, busy_s=0.05, wall=lambda: WALL))
    tasks = {task.ref: task for task in await store.open()}
    await store.close()
    return tasks


async def look(store: TaskStore) -> News:
    """Return what others wrote since the last look."""
    return await store.database.read(sender_requests.news, store.changes)


async def execute(store: TaskStore, statement: str) -> None:
    """Run a statement on the store's own connection: a limit or a lock holds for one connection."""

    def run(database: sqlite3.Connection) -> None:
        database.execute(statement).fetchall()

    await store.database.run_bare(run)


async def fill_disk(store: TaskStore) -> None:
    """Let the database take no further page."""
    await execute(store, "PRAGMA max_page_count = 1")


def processing(task: Task, checks: int = 1) -> CheckResult:
    """Return what a check finds that sees a task at work."""
    after = msgspec.structs.replace(
        task, phase=Phase.PROCESSING, status="PROCESSING", checked_at=WALL + checks, checks=checks
    )
    return CheckResult(after, None, b'{"Status": "PROCESSING"}')


def ready(task: Task, checks: int = 2, **fields: object) -> CheckResult:
    """Return what a check finds that sees a task end well."""
    values: dict[str, object] = {
        "phase": Phase.READY,
        "status": "FINISHED",
        "video_count": 1,
        "size_bytes": 318384,
        "kinds": ("whiteboard",),
        "checked_at": WALL + checks,
        "phase_since": WALL + checks,
        "settled_between": (WALL + 1, WALL + checks),
        "checks": checks,
    }
    after = msgspec.structs.replace(task, **(values | fields))
    transition = Transition(WALL + checks, Phase.READY, "FINISHED")
    return CheckResult(after, (make_video(),), b'{"Status": "FINISHED"}', ("$.X: odd",), transition)


def task_number(number: int) -> Task:
    """Return a task as `add` is given it."""
    return make_task(number)


def trouble(store: TaskStore) -> str:
    """Return what a store says is wrong, or nothing."""
    return store.database.trouble or ""
