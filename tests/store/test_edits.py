"""What people do to the watch list is kept."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import kept, opened, processing, ready, sending, task_number
from tiwtui.model import Details, Phase, Task, TaskRef, Transition
from tiwtui.store.edits import REMOVED_KEPT_S

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "school.db"


async def test_an_added_task_is_there_after_a_restart(path: Path) -> None:
    """The watch list is all a person has: no call of the service lists tasks."""
    task = make_task("ghuc", label="物理 第二讲")
    async with opened(path) as store:
        await store.add([task])
    assert await kept(path) == {task.ref: task}


async def test_text_and_numbers_of_any_kind_round_trip(path: Path) -> None:
    tasks = [
        make_task("a\x00b", label="'); DROP TABLE watched; --\n\u202e"),
        Task(TaskRef(2**63 - 1, "a"), WALL, phase_since=WALL),
        make_task("", added_at=0.1 + 0.2, phase_since=0.1 + 0.2),
        make_task("z" * 10_000, label="🎓", added_at=-1e9, phase_since=-1e9),
    ]
    async with opened(path) as store:
        await store.add(tasks)
    assert list((await kept(path)).values()) == tasks


async def test_adding_a_task_that_is_there_changes_at_most_its_label(path: Path) -> None:
    """Another process may have added it a moment ago, and the sender found something out already."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
        await store.add([make_task(1, added_at=WALL + 60, label="Maths")])
    found = (await kept(path))[make_ref(1)]
    assert (found.phase, found.added_at, found.label) == (Phase.READY, WALL, "Maths")


async def test_an_empty_label_does_not_replace_one_that_is_there(path: Path) -> None:
    async with opened(path) as store:
        await store.add([make_task(1, label="Maths")])
        await store.add([make_task(1)])
    assert (await kept(path))[make_ref(1)].label == "Maths"


async def test_a_removed_task_is_gone_and_comes_back_with_everything(path: Path) -> None:
    """No call could list it again, and its videos may be deleted by then."""
    async with sending(path) as store:
        await store.add([make_task(1, label="Maths")])
        store.record(ready(make_task(1, label="Maths")))
        await store.remove([make_ref(1)], WALL)
    async with opened(path) as store:
        assert await store.look(anew=True) is not None
        assert [gone.task.ref for gone in await store.removed()] == [make_ref(1)]
        back = await store.restore([make_ref(1), make_ref(2)])
        assert [(task.label, task.phase) for task in back] == [("Maths", Phase.READY)]
        assert (await store.details(make_ref(1))).videos
    assert make_ref(1) in await kept(path)


async def test_adding_a_removed_task_again_brings_back_what_was_known(path: Path) -> None:
    async with sending(path) as store:
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
        await store.remove([make_ref(1)], WALL)
        await store.add([make_task(1, added_at=WALL + 60)])
    found = (await kept(path))[make_ref(1)]
    assert (found.phase, found.added_at) == (Phase.READY, WALL + 60)


async def test_what_was_found_just_before_a_removal_is_kept_with_it(path: Path) -> None:
    """The finding is still waiting to be written when the task is removed."""
    async with sending(path, flush_s=60.0) as store:
        await store.add([task_number(1)])
        store.record(processing(task_number(1)))
        await store.remove([make_ref(1)], WALL)
        assert [task.phase for task in await store.restore([make_ref(1)])] == [Phase.PROCESSING]


async def test_removed_tasks_are_forgotten_after_thirty_days_and_others_never(path: Path) -> None:
    async with sending(path) as store:
        await store.add([task_number(number) for number in (1, 2, 3)])
        store.record(ready(task_number(1)))
        await store.remove([make_ref(1)], WALL - REMOVED_KEPT_S - 1)
        await store.remove([make_ref(2)], WALL - REMOVED_KEPT_S + 1)
    async with sending(path) as store:
        assert await store.restore([make_ref(1), make_ref(2)]) == [task_number(2)]
        assert await store.details(make_ref(1)) == Details()
    assert set(await kept(path)) == {make_ref(2), make_ref(3)}


async def test_removed_tasks_are_forgotten_without_a_sender_too(path: Path) -> None:
    """Who only ever adds and removes must not keep a growing file."""
    async with opened(path) as store:
        await store.add([task_number(number) for number in (1, 2)])
        await store.remove([make_ref(1)], WALL - REMOVED_KEPT_S - 1)
        await store.remove([make_ref(2)], WALL)
        assert [gone.task.ref for gone in await store.removed()] == [make_ref(2)]


async def test_label_seen_and_taken_are_kept(path: Path) -> None:
    async with opened(path) as store:
        await store.add([task_number(1)])
        await store.label(make_ref(1), "Physics")
        await store.mark_seen([make_ref(1)], WALL + 1)
        await store.mark_taken([make_ref(1)], WALL + 2)
    assert await kept(path) == {
        make_ref(1): make_task(1, label="Physics", seen_at=WALL + 1, taken_at=WALL + 2)
    }


async def test_a_task_that_settles_anew_is_unseen(path: Path) -> None:
    """A check never writes what people did, so the later phase alone must say so."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        await store.mark_seen([make_ref(1)], WALL + 1)
        store.record(ready(task_number(1), checks=5))
    assert (await kept(path))[make_ref(1)].is_unseen


async def test_an_edit_whose_coroutine_is_cancelled_is_made_all_the_same(path: Path) -> None:
    """Esc, or a screen that closes, must not decide whether a label is kept."""
    async with opened(path) as store:
        adding = asyncio.ensure_future(store.add([task_number(1)]))
        await asyncio.sleep(0)
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding
    assert make_ref(1) in await kept(path)


async def test_a_start_knows_how_long_processing_took(path: Path) -> None:
    """ "Usually 2m10s" must not need ten new tasks after each restart."""
    async with sending(path) as store:
        await store.add([task_number(number) for number in range(60)])
        for number in range(60):
            began = Transition(WALL + 1, Phase.PROCESSING, "PROCESSING")
            store.record(msgspec.structs.replace(processing(task_number(number)), transition=began))
            store.record(ready(task_number(number), checks=2 + number))
        assert list(await store.processing_times()) == [1.0 + number for number in range(10, 60)]
