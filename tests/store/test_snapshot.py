"""The saved state read once, for a command that only prints it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.factories import WALL, make_ref, make_task, make_video
from tests.store.stores import opened, ready, sending
from tiwtui.store import edits, schema, snapshot
from tiwtui.store.snapshot import read_snapshot

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.db"


def remove(path: Path) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None, factory=schema.Connection)) as other,
        schema.transaction(other),
    ):
        edits.remove(other, [make_ref(1)], WALL, "anna")


async def test_law_1_no_file_is_begun(path: Path) -> None:
    """A mistyped name must leave nothing behind."""
    assert not read_snapshot(path, wall=WALL).watched
    assert list(path.parent.iterdir()) == []


async def test_law_2_what_is_read_is_one_state(path: Path) -> None:
    """A task removed between the two queries would stand in both lists, or in none."""
    async with opened(path) as store:
        await store.add([make_task(1)])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.set_trace_callback(
            lambda statement: remove(path) if "removed_at IS NOT NULL" in statement else None
        )
        watched, removed = snapshot._read(reader)
    assert (set(watched), set(removed)) == ({make_ref(1)}, set())
    assert set(read_snapshot(path, wall=WALL).removed) == {make_ref(1)}


async def test_law_3_videos_are_taken_apart_where_they_are_asked_for(path: Path) -> None:
    """Of ten thousand tasks a list prints a count."""
    async with sending(path) as store:
        await store.add([make_task(1)])
        store.record(ready(make_task(1)))
    saved = read_snapshot(path, wall=WALL).watched[make_ref(1)]
    assert isinstance(saved.videos, bytes)
    assert saved.details.videos == (make_video(),)
