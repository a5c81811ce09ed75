"""Rows that SQLite finds whole and that make no sense: one of them keeps nobody from the others."""

from pathlib import Path

import pytest

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import execute, look, opened, ready, saved_tasks, sending, take_lease
from tiwtui.model import Details
from tiwtui.store.snapshot import read_snapshot

pytestmark = pytest.mark.anyio


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A list of two ready tasks."""
    path = tmp_path / "school.db"
    async with sending(path) as store:
        tasks = [make_task(number, label=f"Maths {number}") for number in (1, 2)]
        await store.add(tasks)
        for task in tasks:
            store.record(ready(task))
    return path


async def rotten(path: Path, statement: str) -> None:
    async with opened(path) as store:
        await execute(store, statement)


async def details_of(path: Path, number: int) -> Details:
    async with opened(path) as store:
        return await store.details(make_ref(number))


async def test_a_flipped_byte_in_a_label_costs_one_letter(path: Path) -> None:
    """SQLite does not look whether a text is UTF-8, and Python refuses the whole statement."""
    await rotten(path, "UPDATE watched SET label = CAST(x'4dff74' AS TEXT) WHERE id = 1")
    assert [task.label for task in (await saved_tasks(path)).values()] == ["M\ufffdt", "Maths 2"]
    assert read_snapshot(path, wall=WALL).watched[make_ref(1)].task.label == "M\ufffdt"
    async with opened(path) as store:
        await store.remove([make_ref(1)], WALL)
        assert [gone.task.label for gone in await store.removed()] == ["M\ufffdt"]


async def test_a_flipped_byte_met_while_running_costs_one_letter(path: Path) -> None:
    async with opened(path) as store:
        await execute(store, "UPDATE watched SET label = CAST(x'4dff' AS TEXT), revision = 99 WHERE id = 1")
        news = await look(store)
    assert [task.label for task in news.changes.tasks] == ["M\ufffd"]


@pytest.mark.parametrize("videos", ["x'ff'", "'rot'", "7"])
async def test_videos_that_cannot_be_read_are_none(path: Path, videos: str) -> None:
    await rotten(path, f"UPDATE details SET videos = {videos} WHERE id = 1")
    found = read_snapshot(path, wall=WALL).watched
    assert found[make_ref(1)].details.videos == ()
    assert found[make_ref(2)].details.videos
    async with opened(path) as store:
        assert set(await store.videos([make_ref(1), make_ref(2)])) == {make_ref(2)}
    details = await details_of(path, 1)
    assert (details.videos, bool(details.raw), len(details.history)) == ((), True, 1)
    assert "cannot be read any more" in details.oddities[-1]


async def test_an_error_answer_that_cannot_be_read_costs_nothing_else(path: Path) -> None:
    await rotten(path, "UPDATE details SET error_raw = 'rot' WHERE id = 1")
    details = await details_of(path, 1)
    assert (details.error_raw, bool(details.raw), len(details.videos)) == (b"", True, 1)
    assert "cannot be read any more" in details.oddities[-1]


@pytest.mark.parametrize("change", ["phase = 'flying'", "at = 'noon'", "at = 1e300", "status = x'ff'"])
async def test_a_step_of_the_history_that_cannot_be_read_is_left_out(path: Path, change: str) -> None:
    await rotten(path, f"UPDATE transitions SET {change} WHERE id = 1")
    details = await details_of(path, 1)
    assert details.history == ()
    assert details.videos
    assert "cannot be read any more" in details.oddities[-1]


@pytest.mark.parametrize("rot", ["'noon'", "1e300", "x'ff'"])
async def test_a_time_that_is_none_does_not_hide_the_task(path: Path, rot: str) -> None:
    await rotten(path, f"UPDATE watched SET added_at = {rot}, taken_at = {rot}, seen_at = {rot} WHERE id = 1")
    task, other = (await saved_tasks(path)).values()
    assert (task.added_at, task.taken_at, task.seen_at) == (0.0, None, None)
    assert task.label == "Maths 1"
    assert other.added_at == WALL


async def test_a_lost_counter_goes_on_above_every_revision(path: Path) -> None:
    """A revision that was there before would hide a change from the other processes."""
    async with opened(path) as store:
        before = await look(store)
        await execute(store, "DELETE FROM counter")
    async with opened(path) as store, opened(path) as other:
        await store.label(make_ref(1), "new")
        after = await look(other)
    assert after.changes.revision > before.changes.revision
    assert [task.label for task in after.changes.tasks] == ["new"]


@pytest.mark.parametrize("rot", ["DELETE FROM lease", "UPDATE lease SET epoch = 'x'"])
async def test_a_lost_lease_can_be_taken_again(path: Path, rot: str) -> None:
    await rotten(path, rot)
    async with opened(path) as store:
        assert await take_lease(store) == 1


async def test_what_processes_left_unreadable_is_passed_over(path: Path) -> None:
    async with opened(path) as store:
        await execute(store, "INSERT INTO pause VALUES ('a', 'pts/1', 'noon', 'long')")
        await execute(store, "INSERT INTO processes VALUES ('a', 'pts/1', 'x', 1.0, '[]')")
        await execute(store, "INSERT INTO processes VALUES ('b', 'pts/2', 1, 1.0, 'rot')")
        await execute(store, "DELETE FROM lease")
        news = await look(store)
    assert news.pause is None
    assert [(each.holder, each.attended) for each in news.peers] == [("b", ())]
    assert news.lease.epoch == 0


async def test_an_edit_of_nothing_writes_nothing(path: Path) -> None:
    """`wait` for tasks that are known works on a full disk, and wakes no other process."""
    async with opened(path) as store:
        before = await look(store)
        await execute(store, "PRAGMA query_only = 1")
        await store.add([])
        assert not await store.restore([])
        after = await look(store)
    assert before.changes.revision == after.changes.revision
