"""Edits of the watch list are saved."""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import execute, look, opened, processing, ready, saved_tasks, sending, task_number
from tiwtui.model import Details, Phase, Task, TaskRef, Transition
from tiwtui.store import edits, retention, schema
from tiwtui.store.retention import DAY_S, REMOVED_DAYS
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "school.db"


async def test_an_added_task_is_there_after_a_restart(path: Path) -> None:
    """The watch list is all a person has: no call of the service lists tasks. See task_store law 3."""
    task = make_task("ghuc", label="物理 第二讲")
    async with opened(path) as store:
        await store.add([task])
    assert await saved_tasks(path) == {task.ref: task}


async def test_text_and_numbers_of_any_kind_round_trip(path: Path) -> None:
    """See codec law 1."""
    tasks = [
        make_task("a\x00b", label="'); DROP TABLE watched; --\n\u202e"),
        Task(TaskRef(2**63 - 1, "a"), WALL, phase_since=WALL),
        make_task("", added_at=0.1 + 0.2, phase_since=0.1 + 0.2),
        make_task("z" * 10_000, label="🎓", added_at=-1e9, phase_since=-1e9),
    ]
    async with opened(path) as store:
        await store.add(tasks)
    assert list((await saved_tasks(path)).values()) == tasks


async def test_adding_a_task_that_is_there_changes_at_most_its_label(path: Path) -> None:
    """Another process may have added it a moment ago, and the sender found something out already.

    See edits law 2.
    """
    async with sending(path) as store:
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
        await store.add([make_task(1, added_at=WALL + 60, label="Maths")])
    found = (await saved_tasks(path))[make_ref(1)]
    assert (found.phase, found.added_at, found.label) == (Phase.READY, WALL, "Maths")


async def test_an_empty_label_does_not_replace_one_that_is_there(path: Path) -> None:
    async with opened(path) as store:
        await store.add([make_task(1, label="Maths")])
        await store.add([make_task(1)])
    assert (await saved_tasks(path))[make_ref(1)].label == "Maths"


async def test_a_removed_task_is_gone_and_comes_back_with_everything(path: Path) -> None:
    """No call could list it again, and its videos may be deleted by then. See edits law 3."""
    async with sending(path) as store:
        await store.add([make_task(1, label="Maths")])
        store.record(ready(make_task(1, label="Maths")))
        await store.remove([make_ref(1)], WALL)
    async with opened(path) as store:
        await look(store)
        assert [gone.task.ref for gone in await store.removed()] == [make_ref(1)]
        back = await store.restore([make_ref(1), make_ref(2)])
        assert [(task.label, task.phase) for task in back] == [("Maths", Phase.READY)]
        assert (await store.details(make_ref(1))).videos
    assert make_ref(1) in await saved_tasks(path)


async def test_adding_a_removed_task_again_brings_back_what_was_known(path: Path) -> None:
    """See edits law 1."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
        await store.remove([make_ref(1)], WALL)
        await store.add([make_task(1, added_at=WALL + 60)])
    found = (await saved_tasks(path))[make_ref(1)]
    assert (found.phase, found.added_at) == (Phase.READY, WALL + 60)


async def test_an_answer_just_before_a_removal_is_saved_with_it(path: Path) -> None:
    """The finding is still waiting to be written when the task is removed. See task_store law 2."""
    async with sending(path, flush_s=60.0) as store:
        await store.add([task_number(1)])
        store.record(processing(task_number(1)))
        await store.remove([make_ref(1)], WALL)
        assert [task.phase for task in await store.restore([make_ref(1)])] == [Phase.PROCESSING]


async def test_removed_tasks_are_deleted_after_their_days_and_others_never(path: Path) -> None:
    """Both have to be over: the time by the clock, and as many days on which the list was used.

    See retention law 1.
    """
    async with sending(path) as store:
        await store.add([task_number(number) for number in (1, 2, 3)])
        store.record(ready(task_number(1)))
        await store.remove([make_ref(1)], WALL)
        await use(store, days(1, REMOVED_DAYS))
        await store.remove([make_ref(2)], WALL + REMOVED_DAYS * DAY_S)
        assert await removed(store) == {make_ref(1), make_ref(2)}
        await use(store, [WALL + REMOVED_DAYS * DAY_S + 1])
        assert await removed(store) == {make_ref(2)}
        assert await store.restore([make_ref(1), make_ref(2)]) == [task_number(2)]
        assert await store.details(make_ref(1)) == Details()
    assert set(await saved_tasks(path)) == {make_ref(2), make_ref(3)}


async def test_removed_tasks_are_deleted_without_a_sender_too(path: Path) -> None:
    """Who only ever adds and removes must not keep a growing file."""
    async with opened(path) as store:
        await store.add([task_number(number) for number in range(REMOVED_DAYS + 3)])
        for number, wall in enumerate(days(0, REMOVED_DAYS + 1)):
            await store.remove([make_ref(number)], wall)
        assert make_ref(0) not in await removed(store)
        assert make_ref(1) in await removed(store)


async def test_a_clock_that_jumps_ahead_costs_no_removed_task(path: Path) -> None:
    """Its one wrong day is one day of use, however far ahead it lies. See retention law 2."""
    async with opened(path) as store:
        await store.add([task_number(number) for number in (1, 2, 3)])
        await store.remove([make_ref(1)], WALL)
        await store.remove([make_ref(2)], WALL + 40 * DAY_S)
        assert await removed(store) == {make_ref(1), make_ref(2)}
        await use(store, [WALL + 400 * DAY_S] * (REMOVED_DAYS + 1))
        await store.remove([make_ref(3)], WALL + 1)
        assert await removed(store) == {make_ref(1), make_ref(2), make_ref(3)}


async def test_a_task_removed_while_the_clock_was_behind_stays_its_days(path: Path) -> None:
    """A machine without a battery begins in 1970; by the right clock the removal is half a century ago."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        await store.remove([make_ref(1)], 0.0)
        await use(store, days(1, REMOVED_DAYS - 1))
        assert await removed(store) == {make_ref(1)}
        await use(store, days(REMOVED_DAYS, REMOVED_DAYS))
        assert await removed(store) == set()


async def test_days_before_a_removal_do_not_count(path: Path) -> None:
    """Else a list that is used every day would keep nothing."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        await use(store, days(-60, 0))
        await store.remove([make_ref(1)], WALL - 100 * DAY_S)
        await use(store, days(0, 1))
        assert await removed(store) == {make_ref(1)}


async def test_days_before_a_counter_was_lost_do_not_count(path: Path) -> None:
    """What is put back must lie above all that it numbered, or a new removal would look old."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        for _round in range(5):
            await store.label(make_ref(1), "Maths")
        await use(store, days(-60, 0))
        await execute(store, "UPDATE watched SET revision = 1")
        await execute(store, "DELETE FROM counter")
    async with opened(path) as store:
        await store.remove([make_ref(1)], WALL - 100 * DAY_S)
        await use(store, [WALL])
        assert await removed(store) == {make_ref(1)}


def test_a_removed_task_of_the_first_format_stays_too() -> None:
    """Nobody noted days then, so that all of them are still to come."""
    database = sqlite3.connect(":memory:", isolation_level=None, factory=schema.Connection)
    with closing(database):
        schema.migrate(database, schema.MIGRATIONS[:1])
        database.execute("INSERT INTO watched VALUES (1, 7, 'x', '', 0, 0, NULL, NULL, 1)")
        schema.migrate(database)
        retention.delete_removed(database, WALL)
        assert [gone.task.ref for gone in edits.removed_tasks(database)] == [TaskRef(7, "x")]


def test_the_readme_says_for_how_long_removed_tasks_are_stored() -> None:
    """The number stands in the code once."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert f"kept for {REMOVED_DAYS} days" in " ".join(readme.split())


def days(first: int, last: int) -> list[float]:
    """Return moments on successive days, counted from that of `WALL`, the last included."""
    return [WALL + number * DAY_S for number in range(first, last + 1)]


async def use(store: TaskStore, walls: Iterable[float]) -> None:
    """Let the clock read these, one after the other, each time the store looks for what to forget."""
    for wall in walls:
        await store.database.run(retention.delete_removed, wall)


async def removed(store: TaskStore) -> set[TaskRef]:
    return {gone.task.ref for gone in await store.removed()}


async def test_label_seen_and_taken_are_saved(path: Path) -> None:
    async with opened(path) as store:
        await store.add([task_number(1)])
        await store.label(make_ref(1), "Physics")
        await store.mark_seen([make_ref(1)], WALL + 1)
        await store.take({make_ref(1): ()}, WALL + 2)
    assert await saved_tasks(path) == {
        make_ref(1): make_task(1, label="Physics", seen_at=WALL + 1, taken_at=WALL + 2)
    }


async def test_a_task_that_settles_again_is_unseen(path: Path) -> None:
    """A check never writes what people did, so the later phase alone must say so. See codec law 3."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        await store.mark_seen([make_ref(1)], WALL + 1)
        store.record(ready(task_number(1), checks=5))
    assert (await saved_tasks(path))[make_ref(1)].is_unseen


async def test_an_edit_whose_coroutine_is_cancelled_is_made_all_the_same(path: Path) -> None:
    """Esc, or a screen that closes, must not decide whether a label is saved."""
    async with opened(path) as store:
        adding = asyncio.ensure_future(store.add([task_number(1)]))
        await asyncio.sleep(0)
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding
    assert make_ref(1) in await saved_tasks(path)


async def test_a_start_knows_how_long_processing_took(path: Path) -> None:
    """ "Usually 2m10s" must not need ten new tasks after each restart."""
    async with sending(path) as store:
        await store.add([task_number(number) for number in range(60)])
        for number in range(60):
            began = Transition(WALL + 1, Phase.PROCESSING, "PROCESSING")
            store.record(msgspec.structs.replace(processing(task_number(number)), transition=began))
            store.record(ready(task_number(number), checks=2 + number))
        assert list(await store.processing_times()) == [1.0 + number for number in range(10, 60)]
