"""Files that are damaged: set aside by anyone who has them alone, and everything saved that can be read."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import execute, fill_disk, opened, ready, saved_tasks, sending, take_lease
from tiwtui.model import Phase, TaskRef
from tiwtui.store.database import Database
from tiwtui.store.errors import StoreFailed
from tiwtui.store.file.backup import backups, restore
from tiwtui.store.task_store import TaskStore

pytestmark = pytest.mark.anyio

PAGE = 4096
COUNT = 600
REMOVED = make_ref(COUNT - 1)

LEAF_OF_A_TABLE, INNER_OF_A_TABLE, LEAF_OF_AN_INDEX = 0x0D, 0x05, 0x0A


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """The file of a list of which every task has a label and a video; the last was removed."""
    path = tmp_path / "school.db"
    async with sending(path) as store:
        tasks = [make_task(number, label=label_of(number)) for number in range(COUNT)]
        await store.add(tasks)
        for number, task in enumerate(tasks):
            store.record(ready(task, group_id=f"group {number:04}"))
        await store.remove([REMOVED], WALL)
    return path


def label_of(number: int) -> str:
    return f"Maths {number:04} " + "x" * 40


def page_with(path: Path, kind: int, text: bytes) -> int:
    """Return the number, from 0, of a page of this kind that holds a text."""
    content = path.read_bytes()
    pages = range(1, len(content) // PAGE)
    return next(n for n in pages if content[n * PAGE] == kind and text in content[n * PAGE : (n + 1) * PAGE])


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def moved(path: Path, name: str) -> None:
    path.rename(path.with_name(name))


def everything(path: Path) -> None:
    path.write_bytes(b"\xff" * path.stat().st_size)


def overwrite(path: Path, page: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(content)


def header(path: Path) -> None:
    overwrite(path, 0, b"x" * 100)


def first_page(path: Path) -> None:
    overwrite(path, 0, b"\xff" * PAGE)


def end_of_the_file(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 3 * PAGE - 17)


def zeroed_tasks(path: Path) -> None:
    overwrite(path, page_with(path, LEAF_OF_A_TABLE, b"Maths 0300"), bytes(PAGE))


def garbled_tasks(path: Path) -> None:
    overwrite(path, page_with(path, LEAF_OF_A_TABLE, b"Maths 0300"), b"\xff" * PAGE)


def zeroed_findings(path: Path) -> None:
    overwrite(path, page_with(path, LEAF_OF_A_TABLE, b"group 0300"), bytes(PAGE))


def two_pages_of_tasks(path: Path) -> None:
    for text in (b"Maths 0100", b"Maths 0450"):
        overwrite(path, page_with(path, LEAF_OF_A_TABLE, text), bytes(PAGE))


def root_of_the_tasks(path: Path) -> None:
    database = sqlite3.connect(path)
    (root,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'watched'").fetchone()
    database.close()
    overwrite(path, root - 1, bytes(PAGE))


def index_page(path: Path) -> None:
    overwrite(path, page_with(path, LEAF_OF_AN_INDEX, make_ref(300).task_id.encode()), bytes(PAGE))


async def reopened(path: Path) -> tuple[dict[TaskRef, str], dict[TaskRef, Phase], str]:
    """Return labels and phases that the next start finds, and what it says."""
    store = TaskStore(Database(path, busy_s=0.05, wall=lambda: WALL))
    tasks = await store.open()
    notice = store.database.notice or ""
    await store.close()
    return {task.ref: task.label for task in tasks}, {task.ref: task.phase for task in tasks}, notice


ALL = {make_ref(number): label_of(number) for number in range(COUNT - 1)}


def without_backups(path: Path) -> None:
    for backup in backups(path):
        backup.unlink(missing_ok=True)


def read_from_file(notice: str) -> int:
    found = re.search(r"read from the damaged file: (\d+), from a backup: (\d+)", notice)
    assert found is not None, notice
    assert int(found[1]) + int(found[2]) == COUNT - 1
    return int(found[1])


@pytest.mark.parametrize(
    "damage",
    [
        header,
        first_page,
        zeroed_tasks,
        garbled_tasks,
        two_pages_of_tasks,
        zeroed_findings,
        end_of_the_file,
        root_of_the_tasks,
        everything,
    ],
)
async def test_law_2_a_damaged_file_is_moved_aside_and_its_backup_fills_the_gaps(
    path: Path, damage: Callable[[Path], None]
) -> None:
    """No call lists tasks: every label and result of the last hour's backup is there again.

    See backup law 2.
    """
    damage(path)
    content = content_of(path)
    labels, phases, notice = await reopened(path)
    aside = path.with_name("school.damaged-20231114T221320.000000Z.db")
    assert f"moved to {aside}" in notice
    assert content_of(aside) == content
    assert 0 <= read_from_file(notice) <= COUNT - 1
    assert labels == ALL
    assert set(phases.values()) == {Phase.READY}
    assert (await reopened(path))[::2] == (ALL, "")


@pytest.mark.parametrize(
    ("damage", "lost"),
    [(zeroed_tasks, 60), (garbled_tasks, 60), (two_pages_of_tasks, 420), (zeroed_findings, 0)],
)
async def test_law_2_without_a_backup_what_can_be_read_is_saved(
    path: Path, damage: Callable[[Path], None], lost: int
) -> None:
    """Both ends up to the damage: a page holds some forty tasks."""
    without_backups(path)
    damage(path)
    labels, _phases, _notice = await reopened(path)
    assert len(ALL) - lost <= len(labels) <= len(ALL)
    assert labels.items() <= ALL.items()


async def test_law_2_what_was_changed_since_the_backup_is_read_from_the_damaged_file(path: Path) -> None:
    async with opened(path) as store:
        await store.label(make_ref(1), "newer")
        await store.add([make_task(5000, label="last")])
        await store.remove([make_ref(2)], WALL)
    garbled_tasks(path)
    labels, _phases, _notice = await reopened(path)
    assert labels == {
        ref: "newer" if ref == make_ref(1) else label for ref, label in ALL.items() if ref != make_ref(2)
    } | {make_ref(5000): "last"}


async def test_law_2_a_backup_that_is_damaged_too_gives_way_to_the_older_one(path: Path) -> None:
    async with sending(path) as store:
        await store.label(make_ref(1), "newer")
    everything(path)
    everything(backups(path)[0])
    assert (await reopened(path))[0] == ALL


async def test_a_file_of_which_nothing_can_be_read_leaves_an_empty_list(path: Path) -> None:
    without_backups(path)
    everything(path)
    labels, _phases, notice = await reopened(path)
    assert labels == {}
    assert "a new, empty one begun: put your tasks in again" in notice


@pytest.mark.parametrize("has_backup", [True, False])
async def test_a_removed_task_stays_removed_and_can_be_restored(path: Path, *, has_backup: bool) -> None:
    if not has_backup:
        without_backups(path)
    zeroed_tasks(path)
    async with opened(path) as store:
        assert [gone.task.ref for gone in await store.removed()] == [REMOVED]


async def test_videos_answers_and_history_are_saved(path: Path) -> None:
    """A ready task is not asked about again by itself: without its videos it would stay without."""
    before = ready(make_task(7))
    header(path)
    async with opened(path) as store:
        details = await store.details(make_ref(7))
    assert (details.videos, details.raw, details.oddities) == (before.videos, before.raw, before.oddities)
    assert [transition.phase for transition in details.history] == [Phase.READY]


async def test_law_3_a_task_whose_videos_are_lost_is_asked_about_again(path: Path) -> None:
    """See backup law 3."""
    without_backups(path)
    page = page_with(path, LEAF_OF_A_TABLE, b"cc35b442vodcq1257240443")
    overwrite(path, page, bytes(PAGE))
    path.with_name("school.db.damaged").touch()
    async with opened(path) as store:
        assert store.database.notice is not None
        videos = await store.videos(ALL)
    phases = {ref: task.phase for ref, task in (await saved_tasks(path)).items()}
    ready_ones = {ref for ref, phase in phases.items() if phase is Phase.READY}
    assert 0 < len(ready_ones) < COUNT - 1
    assert ready_ones == videos.keys()


async def test_damage_met_at_run_time_is_set_aside_by_the_next_start(path: Path) -> None:
    """The start reads no index: only an edit meets the broken page, and what it says must come true.

    See state_file law 5.
    """
    index_page(path)
    store = TaskStore(Database(path, wall=lambda: WALL))
    await store.open()
    assert store.database.notice is None
    with pytest.raises(StoreFailed, match="start again; it is set aside then"):
        await store.label(make_ref(300), "new")
    await store.close()
    labels, phases, notice = await reopened(path)
    assert read_from_file(notice) == COUNT - 1
    assert labels == ALL
    assert set(phases.values()) == {Phase.READY}
    async with opened(path) as store:
        assert store.database.notice is None
        await store.label(make_ref(300), "new")


async def test_damage_met_at_run_time_waits_for_the_last_process_to_end(path: Path) -> None:
    """Renamed under its owner, a WAL database loses that one's writes. The sender cannot back it up."""
    index_page(path)
    owner = TaskStore(Database(path, busy_s=0.05, wall=lambda: WALL))
    await owner.open()
    with pytest.raises(StoreFailed, match="damaged"):
        await owner.label(make_ref(300), "new")
    labels, _phases, notice = await reopened(path)
    assert (labels, notice) == (ALL, "")
    await take_lease(owner)
    with pytest.raises(StoreFailed, match="damaged"):
        await owner.close()
    assert list(path.parent.glob("*.damaged-*")) == []
    assert "was damaged" in (await reopened(path))[2]


async def test_a_damaged_file_that_others_have_open_stays_where_it_is(path: Path) -> None:
    """See state_file law 3."""
    async with opened(path):
        with path.open("r+b") as file:
            file.write(b"x" * 100)
        with pytest.raises(StoreFailed, match="end every tiwtui of this profile"):
            await TaskStore(Database(path)).open()
        assert list(path.parent.glob("*.damaged-*")) == []
        with path.open("r+b") as file:
            file.write(b"SQLite format 3\x00")


async def test_a_file_that_is_sound_after_all_stays(path: Path) -> None:
    """A cable that was loose for a moment."""
    path.with_name("school.db.damaged").touch()
    assert (await reopened(path))[::2] == (ALL, "")
    assert not path.with_name("school.db.damaged").exists()


async def test_trouble_that_is_no_damage_leaves_no_mark(path: Path) -> None:
    async with opened(path) as store:
        await fill_disk(store)
        with pytest.raises(StoreFailed, match="disk is full"):
            await store.add([make_task(number, label="x" * 500) for number in range(1000, 1300)])
        await execute(store, "PRAGMA max_page_count = 1000000")
        await execute(store, "PRAGMA query_only = 1")
        with pytest.raises(StoreFailed, match="cannot be written"):
            await store.label(make_ref(1), "x")
        await execute(store, "PRAGMA query_only = 0")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed, match="locked"):
            await store.label(make_ref(1), "x")
        other.close()
    assert not path.with_name("school.db.damaged").exists()
    assert (await reopened(path))[::2] == (ALL, "")


async def test_a_garbled_wal_costs_what_was_in_it_and_no_more(path: Path) -> None:
    """SQLite takes a WAL for as long as its checksums hold; the database itself is whole."""
    path.with_name("school.db-wal").write_bytes(b"\xff" * 5 * PAGE)
    assert (await reopened(path))[::2] == (ALL, "")


async def test_what_is_in_the_wal_is_read_too(path: Path, tmp_path: Path) -> None:
    """A process that was killed leaves its last minutes there."""
    (tmp_path / "killed").mkdir()
    killed = tmp_path / "killed" / "school.db"
    async with opened(path) as store:
        await store.add([make_task(5000, label="last")])
        for suffix in ("", "-wal"):
            source = path.with_name(path.name + suffix)
            killed.with_name(killed.name + suffix).write_bytes(source.read_bytes())
    zeroed_findings(killed)
    killed.with_name("school.db.damaged").touch()
    labels, _phases, _notice = await reopened(killed)
    assert labels == ALL | {make_ref(5000): "last"}


async def test_a_start_goes_on_where_one_was_killed_that_restored(path: Path) -> None:
    """Between moving the old file and putting the new one in its place. See state_file law 6."""
    restore(path, path.with_name("school.db.restored"))
    moved(path, "school.damaged-20231114T221319.000000Z.db")
    labels, _phases, notice = await reopened(path)
    assert labels == ALL
    assert "was damaged and a new one begun" in notice
    assert not path.with_name("school.db.restored").exists()


async def test_only_its_owner_may_read_the_new_file(path: Path) -> None:
    header(path)
    await saved_tasks(path)
    assert mode_of(path) == 0o600
    assert {file.name for file in path.parent.glob("school.db*")} == {
        "school.db",
        "school.db.lock",
        "school.db.backup-1",
        "school.db.backup-2",
    } - {backup.name for backup in backups(path) if not backup.exists()}
