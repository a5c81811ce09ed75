"""The permissions of the file."""

import stat
from pathlib import Path

import pytest

from tests.factories import WALL, make_task
from tests.store.stores import execute, opened
from tiwtui.model import StateFile
from tiwtui.store.errors import StoreFailed
from tiwtui.store.task_store import TaskStore


@pytest.mark.anyio
async def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    """Labels are names of pupils, and URLs open without a key. See state_file law 1."""
    path = tmp_path / "state" / "tiwtui" / "school.db"
    async with opened(path) as store:
        await execute(store, "CREATE TABLE x (y)")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert {"school.db", "school.db-wal", "school.db-shm", "school.db.lock"} == set(modes)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def state_file(store: TaskStore) -> StateFile:
    """Return how the file of a store that is saved is doing."""
    found = store.state_file()
    assert found is not None
    return found


@pytest.mark.anyio
async def test_a_store_reports_size_last_write_and_failures(tmp_path: Path) -> None:
    """The diagnostics still report a full disk when it has room again."""
    path = tmp_path / "a.db"
    async with opened(path) as store:
        before = state_file(store)
        assert (before.path, before.written_at, before.failures) == (path, None, 0)
        await store.add([make_task()])
        after = state_file(store)
        assert after.written_at == WALL
        assert after.size_bytes > before.size_bytes > 0
        await execute(store, "PRAGMA query_only = 1")
        with pytest.raises(StoreFailed):
            await store.add([make_task("other")])
        assert state_file(store).failures == 1
