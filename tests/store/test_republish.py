"""A state file that is unlinked or replaced while it is open: what was confirmed is still there."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.coordination.several import processes
from tests.factories import WALL, make_ref, make_task
from tests.processes import comes
from tests.store.stores import execute, look, opened, ready, saved_tasks, sending, take_lease, task_number
from tiwtui.model import Done, Phase
from tiwtui.store.database import Database
from tiwtui.store.errors import StoreFailed
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "school.db"


def unlink(path: Path) -> None:
    path.unlink()


def unlink_all(path: Path) -> None:
    for each in path.parent.glob("*.db*"):
        each.unlink()


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


LOSSES = pytest.mark.parametrize("lose", [unlink, unlink_all, remove_folder])


@LOSSES
async def test_law_1_everything_is_published_again_before_an_edit_returns(
    path: Path, lose: Callable[[Path], None]
) -> None:
    """The screen said "1 task added", and 60 of 60 tasks and that one were gone. See database law 4."""
    async with sending(path) as store:
        await store.add([make_task(number, label=f"label {number}") for number in range(60)])
        store.record(ready(task_number(1)))
        await store.flush()
        lose(path)
        await store.add([task_number(60)])
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("SELECT count(*) FROM watched").fetchone() == (61,)
        assert "was deleted while it was open" in (store.database.notice or "")
        assert (await store.details(make_ref(1))).videos
    found = await saved_tasks(path)
    assert len(found) == 61
    assert found[make_ref(1)].phase is Phase.READY
    assert found[make_ref(7)].label == "label 7"
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert not [name for name in os.listdir(path.parent) if name.startswith(".")]


async def test_a_loss_is_noticed_although_nobody_does_anything(path: Path) -> None:
    """`tail -f log | tiwtui add -` may wait for its next line for hours."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        unlink_all(path)
        await comes(path.exists, "put the file back")
        assert set(await saved_tasks(path)) == {make_ref(1)}


async def test_law_2_what_another_process_began_meanwhile_gets_the_tasks_of_this_one(path: Path) -> None:
    """Nothing is lost, whoever was first: tasks, labels, results, and the removal that came last."""
    async with sending(path) as store:
        await store.add([make_task(number, label="Maths", added_at=WALL - 9) for number in range(1, 5)])
        store.record(ready(task_number(1)))
        await store.flush()
        await store.remove([make_ref(4)], WALL + 9)
        unlink_all(path)
        async with opened(path) as other:
            await other.add([make_task(2, added_at=WALL + 1), make_task(9, added_at=WALL + 1)])
            await other.add([make_task(4, added_at=WALL + 1)])
            await store.label(make_ref(3), "Physics")
        await store.mark_done({make_ref(2): Done(WALL + 2, "anna", ("failed",))})
        await store.flag([make_ref(2)], WALL + 2)
        assert "another tiwtui began it again" in (store.database.notice or "")
        assert (await store.details(make_ref(1))).videos
        assert (await store.details(make_ref(1))).history
    found = await saved_tasks(path)
    assert {ref: task.label for ref, task in found.items()} == {
        make_ref(2): "Maths",
        make_ref(9): "",
        make_ref(1): "Maths",
        make_ref(3): "Physics",
    }
    assert found[make_ref(1)].phase is Phase.READY
    assert found[make_ref(2)].done == Done(WALL + 2, "anna", ("failed",))
    assert found[make_ref(2)].flagged_at == WALL + 2


async def test_law_2_processes_that_shared_the_file_find_each_other_again(path: Path) -> None:
    """One publishes, the other joins it with an edit of its own that came later."""
    async with opened(path) as one, opened(path) as other:
        await one.add([task_number(number) for number in range(3)])
        await look(other)
        unlink_all(path)
        await one.add([task_number(3)])
        await other.label(make_ref(1), "Maths")
        await one.label(make_ref(2), "Physics")
    found = await saved_tasks(path)
    assert len(found) == 4
    assert (found[make_ref(1)].label, found[make_ref(2)].label) == ("Maths", "Physics")


async def test_law_3_a_backup_that_was_put_in_its_place_is_joined_as_it_is(
    path: Path,
) -> None:
    """A person who restores a backup wants it, not a mixture; and the screen has to show what is there."""
    async with processes(path.parent, 10.0) as (process,):
        store = process.store
        await store.add([make_task(1, added_at=1.0)])
        backup = process.path.with_name("backup")
        await execute(store, f"VACUUM INTO '{backup}'")
        await process.add(2)
        await process.turn()
        backup.replace(process.path)
        await process.turn()
        await process.turn()
        assert "was replaced" in (store.database.notice or "")
        assert set(process.watcher.tasks) == {make_ref(1)}
    assert set(await saved_tasks(process.path)) == {make_ref(1)}


async def test_law_4_a_wal_left_behind_is_not_played_into_the_new_file(path: Path) -> None:
    """Its pages are those of a file that is laid out otherwise."""
    async with opened(path) as store:
        await store.add([task_number(number) for number in range(500)])
        await store.remove([make_ref(number) for number in range(0, 500, 2)], WALL)
        unlink(path)
        assert path.with_name(f"{path.name}-wal").stat().st_size
        await store.add([task_number(500)])
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(await saved_tasks(path)) == 251


async def test_law_5_who_does_it_already_is_waited_for_but_not_for_ever(path: Path) -> None:
    """A process that is stopped in the middle of it must not stop every other."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        unlink_all(path)
        folder = os.open(path.parent, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        with pytest.raises(StoreFailed, match="locked"):
            await store.add([task_number(2)])
        os.close(folder)
        await store.add([task_number(3)])
    assert {make_ref(1), make_ref(3)} <= set(await saved_tasks(path))


async def test_what_cannot_be_put_back_is_not_confirmed(path: Path) -> None:
    """A file stands where the folder was: an edit fails, and works once it can."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        remove_folder(path)
        path.parent.write_text("")
        with pytest.raises(StoreFailed, match="--state-dir"):
            await store.add([task_number(2)])
        path.parent.unlink()
        await store.add([task_number(3)])
    assert {make_ref(1), make_ref(3)} <= set(await saved_tasks(path))


async def test_the_sender_of_a_list_that_is_gone_stops_beside_the_new_one(path: Path) -> None:
    """Two processes sent at once, each with a lease of its own."""
    async with processes(path.parent, 10.0) as (first,):
        await first.add(1)
        assert first.sends()
        unlink_all(first.path)
        second = TaskStore(Database(first.path, busy_s=0.05))
        await second.open()
        await take_lease(second, "pts/2")
        await first.turn()
        await first.turn()
        assert not first.sends()
        assert make_ref(1) in await saved_tasks(first.path)
        await second.close()


async def test_a_sender_goes_on_in_the_file_that_it_published(path: Path) -> None:
    """The lease is part of what is copied: no second process takes it meanwhile."""
    async with processes(path.parent, 10.0, 10.0) as (first, second):
        unlink_all(first.path)
        for _number in range(3):
            await first.turn()
            await second.turn()
        assert [first.sends(), second.sends()] == [True, False]
        ref = await second.add(1)
        await first.turn()
        assert ref in first.watcher.tasks
