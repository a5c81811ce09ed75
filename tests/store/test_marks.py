"""What people note of a task beside its label: done, flagged, copied, and who did it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import execute, look, opened, ready, saved_tasks, sending, task_number
from tiwtui.model import Done, Phase
from tiwtui.store import edits, schema
from tiwtui.store.database import Database
from tiwtui.store.edits import Taken
from tiwtui.store.file.backup import restore
from tiwtui.store.snapshot import read_snapshot
from tiwtui.store.task_store import TaskStore, editor_name

pytestmark = pytest.mark.anyio

REF = make_ref(1)
DONE = Done(WALL + 1, "anna", ("failed", "trouble"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.db"


async def test_done_and_a_flag_are_saved(path: Path) -> None:
    """Who looks next must see what is dealt with, by whom, and for which reasons."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        await store.mark_done({REF: DONE})
        await store.flag([REF], WALL + 2)
    assert await saved_tasks(path) == {REF: make_task(1, done=DONE, flagged_at=WALL + 2)}


async def test_done_and_a_flag_can_be_taken_back(path: Path) -> None:
    async with opened(path) as store:
        await store.add([task_number(1)])
        await store.mark_done({REF: DONE})
        await store.flag([REF], WALL + 2)
        await store.mark_done({REF: None})
        await store.flag([REF], None)
    assert await saved_tasks(path) == {REF: make_task(1)}


async def test_marks_are_also_stored_in_memory() -> None:
    store = TaskStore(Database(None))
    await store.open()
    await store.add([task_number(1)])
    await store.mark_done({REF: DONE})
    assert (await look(store)).changes.tasks == (make_task(1, done=DONE),)
    await store.close()


async def test_a_task_that_settles_again_is_not_done(path: Path) -> None:
    """See codec law 3."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        await store.mark_done({REF: DONE})
        store.record(ready(task_number(1), checks=5))
    assert (await saved_tasks(path))[REF].done is None


async def test_copied_videos_add_up(path: Path) -> None:
    """See edits law 4: two people copy different videos of one task."""
    async with opened(path) as one, opened(path) as other:
        one.by, other.by = "anna", "bert"
        await one.add([task_number(1)])
        await one.take({REF: ("a", "b")}, WALL + 1)
        assert await other.take({REF: ("b", "c")}, WALL + 2) == {
            REF: Taken(WALL + 2, "bert", ("a", "b", "c"))
        }
    task = (await saved_tasks(path))[REF]
    assert (task.taken_at, task.taken_by, task.taken_videos) == (WALL + 2, "bert", ("a", "b", "c"))


async def test_a_copy_that_is_taken_back_leaves_what_others_copied_since(path: Path) -> None:
    async with opened(path) as one, opened(path) as other:
        await one.add([task_number(1)])
        nothing = Taken(None, "", ())
        mine = (await one.take({REF: ("a",)}, WALL + 1))[REF]
        await other.take({REF: ("b",)}, WALL + 2)
        assert (await one.untake({REF: (nothing, mine)}))[REF] == Taken(WALL + 2, "", ("b",))
        mine = (await one.take({REF: ("c",)}, WALL + 3))[REF]
        before = Taken(WALL + 2, "", ("b",))
        assert (await one.untake({REF: (before, mine)}))[REF] == before


async def test_a_task_copied_before_videos_were_counted_stays_copied_whole(path: Path) -> None:
    """An earlier version noted no videos, and another copy of one of them is no step back."""
    async with opened(path) as store:
        await store.add([make_task(1, taken_at=WALL)])
        assert (await store.take({REF: ("a",)}, WALL + 1))[REF] == Taken(WALL + 1, "", ())


async def test_each_edit_carries_who_made_it(path: Path) -> None:
    async with opened(path) as store:
        store.by = "anna"
        await store.add([task_number(1)])
        assert (await store.details(REF)).edited_by == "anna"
        assert read_snapshot(path, wall=WALL).watched[REF].details.edited_by == "anna"
        store.by = "bert"
        await store.label(REF, "Maths")
        assert (await store.details(REF)).edited_by == "bert"
        await store.remove([REF], WALL)
        assert (await store.details(REF)).edited_by == "bert"
        assert read_snapshot(path, wall=WALL).removed[REF].details.edited_by == "bert"


async def test_who_edited_stands_beside_what_waits_to_be_written(path: Path) -> None:
    """A name that is no text costs the name alone."""
    async with sending(path, flush_s=60) as store:
        store.by = "anna"
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
        details = await store.details(REF)
        assert (details.edited_by, len(details.videos)) == ("anna", 1)
        await execute(store, "UPDATE watched SET edited_by = x'ff'")
        details = await store.details(REF)
        assert (details.edited_by, len(details.videos)) == ("", 1)
    assert read_snapshot(path, wall=WALL).watched[REF].details.edited_by == ""


def test_an_editor_is_called_by_the_environment_or_by_user_and_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIWTUI_NAME", "Anna")
    assert editor_name() == "Anna"
    monkeypatch.delenv("TIWTUI_NAME")
    assert "@" in editor_name()


@pytest.mark.parametrize(
    ("given", "name"), [("a\udcff", "a?"), ("n" * 64, "n" * 64), ("n" * 65, "n" * 64), ("物理", "物理")]
)
def test_a_name_is_text_that_can_be_saved(monkeypatch: pytest.MonkeyPatch, given: str, name: str) -> None:
    """With a name in another encoding no edit could be saved."""
    monkeypatch.setenv("TIWTUI_NAME", given)
    assert editor_name() == name


async def test_marks_that_cannot_be_read_are_left_out(path: Path) -> None:
    """A flipped byte costs a mark, not the task."""
    async with opened(path) as store:
        await store.add([task_number(1)])
        await store.mark_done({REF: DONE})
        await execute(store, "UPDATE watched SET done_for = x'ff'")
    assert (await saved_tasks(path))[REF] == make_task(1)


@given(st.floats(-6e10, 6e10), st.text(max_size=9), st.lists(st.text(max_size=9), max_size=3).map(tuple))
def test_marks_that_go_in_come_out(at: float, by: str, words: tuple[str, ...]) -> None:
    """See codec law 1: a merge compares what is saved with what is in memory, to the last digit."""
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=schema.Connection)) as database:
        schema.migrate(database)
        edits.add(database, [make_task(1, phase_since=None)], "")
        edits.mark_done(database, {REF: Done(at, by, words)}, by)
        edits.flag(database, [REF], at, by)
        taken = edits.take(database, {REF: ("a", *words)}, at, by)[REF]
        _revision, (task,) = edits.watched_tasks(database)
        assert (task.flagged_at, Taken(task.taken_at, task.taken_by, task.taken_videos)) == (at, taken)


def earlier(path: Path, version: int = 3) -> None:
    """Begin a file as an earlier version left it: a failure seen, one not, one that settled since."""
    failed = '["failed","","",null,null,0,0,[],[],null,null,"r",2.0,%s,null,null,3]'
    ready = '["ready","FINISHED","",null,null,1,5,["camera"],[],null,null,"r",2.0,2.0,null,null,3]'
    rows = ((1, 3.0, failed % 2.0), (2, None, failed % 2.0), (3, 3.0, failed % 4.0), (4, 3.0, ready))
    with closing(sqlite3.connect(path, isolation_level=None, factory=schema.Connection)) as database:
        schema.migrate(database, schema.MIGRATIONS[:version])
        for number, seen_at, shown in (*rows, (5, 3.0, "[")):
            ref = make_ref(number)
            database.execute(
                "INSERT INTO watched VALUES (?1, ?2, ?3, 'Maths', 1.0, NULL, NULL, ?4, 1)",
                (number, ref.sdk_app_id, ref.task_id, seen_at),
            )
            database.execute("INSERT INTO observed VALUES (?1, ?2, 1)", (number, shown.encode()))


async def test_failures_that_were_seen_are_done_after_the_migration(path: Path) -> None:
    """They were out of Attention before, and nobody wants to acknowledge them again."""
    earlier(path)
    found = await saved_tasks(path)
    assert {ref: task.done for ref, task in found.items() if task.done} == {
        make_ref(1): Done(3.0, "", ("failed", "empty", "not_found"))
    }
    assert found[make_ref(1)].phase is Phase.FAILED


async def test_a_damaged_file_of_an_earlier_version_gives_what_it_has(path: Path, tmp_path: Path) -> None:
    """It lacks the columns that came since, and cannot be migrated."""
    earlier(path, 1)
    assert restore(path, tmp_path / "new").from_file == 5
    assert {task.label for task in (await saved_tasks(tmp_path / "new")).values()} == {"Maths"}


async def test_a_damaged_file_gives_its_marks(path: Path, tmp_path: Path) -> None:
    async with opened(path) as store:
        await store.add([task_number(1)])
        await store.mark_done({REF: DONE})
        await store.flag([REF], WALL)
        await store.take({REF: ("a",)}, WALL)
    restore(path, tmp_path / "new")
    assert await saved_tasks(tmp_path / "new") == await saved_tasks(path)
