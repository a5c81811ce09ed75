"""Results of checks are saved: soon, together, and only by the sender."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.factories import WALL, make_ref, make_task
from tests.store.stores import look, opened, processing, ready, saved_tasks, sending, take_lease, task_number
from tiwtui.model import Details, Phase, Transition
from tiwtui.store.retention import TRANSITIONS

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.db"


async def written_within(path: Path, phase: Phase, limit_s: float) -> bool:
    """Wait until another reader of the file sees the first task in `phase`."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if (await saved_tasks(path))[make_ref(1)].phase is phase:
            return True
    return False


async def test_a_settled_task_is_on_disk_at_once(path: Path) -> None:
    """See write_buffer law 1."""
    async with sending(path, flush_s=3600.0) as store:
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
        assert await written_within(path, Phase.READY, 5.0)


async def test_other_findings_wait_a_moment_and_are_written_without_being_asked_for(path: Path) -> None:
    """The event loop has no part in it: a terminal that stops reading stops the loop.

    See write_buffer law 1.
    """
    async with sending(path, flush_s=0.05) as store:
        await store.add([task_number(1)])
        store.record(processing(task_number(1)))
        assert await written_within(path, Phase.PROCESSING, 5.0)


async def test_details_show_what_is_still_waiting(path: Path) -> None:
    async with sending(path, flush_s=3600.0) as store:
        await store.add([task_number(1)])
        store.record(processing(task_number(1)))
        assert (await store.details(make_ref(1))).raw == b'{"Status": "PROCESSING"}'


async def test_a_finding_never_touches_what_people_did(path: Path) -> None:
    """A label set at the moment the task settles survives, whichever is written first."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        stale = ready(make_task(1, label="", seen_at=None))
        async with opened(path) as other:
            await other.label(make_ref(1), "Maths 3A")
        store.record(stale)
    found = (await saved_tasks(path))[make_ref(1)]
    assert (found.label, found.phase) == ("Maths 3A", Phase.READY)


async def test_a_finding_for_an_absent_or_removed_task_is_dropped(path: Path) -> None:
    """Another process removed it a moment ago: the answer on its way must not bring it back."""
    async with sending(path) as store:
        await store.add([task_number(1), task_number(2)])
        async with opened(path) as other:
            await other.remove([make_ref(1)], WALL)
        store.record(ready(task_number(1)))
        store.record(ready(task_number(3)))
    assert set(await saved_tasks(path)) == {make_ref(2)}
    async with opened(path) as store:
        assert await store.restore([make_ref(1)]) == [task_number(1)]
        assert await store.details(make_ref(3)) == Details()


async def test_a_process_without_the_lease_writes_nothing(path: Path) -> None:
    async with opened(path) as store:
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
    assert await saved_tasks(path) == {make_ref(1): task_number(1)}


async def test_a_deposed_sender_writes_nothing_and_reads_the_true_state_again(path: Path) -> None:
    """It was stopped, another took over, and it does not know yet. See write_buffer law 2."""
    async with sending(path, flush_s=3600.0) as deposed:
        await deposed.add([task_number(1)])
        deposed.record(ready(task_number(1)))
        deposed.record(processing(task_number(2)))
        await deposed.flush()
        async with opened(path) as successor:
            await take_lease(successor, "pts/2")
            deposed.record(processing(task_number(1)))
            await deposed.flush()
            news = await look(deposed)
            assert [(task.ref, task.phase) for task in news.changes.tasks] == [(make_ref(1), Phase.READY)]


async def test_a_later_check_without_details_leaves_the_saved_ones(path: Path) -> None:
    """Videos once seen stay; trouble wipes nothing."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        store.record(ready(task_number(1)))
        await store.flush()
        later = ready(task_number(1), checks=3)
        store.record(msgspec.structs.replace(later, videos=None, raw=None, oddities=(), transition=None))
        before = await store.details(make_ref(1))
    async with opened(path) as store:
        after = await store.details(make_ref(1))
    assert before == after
    assert (len(after.videos), after.oddities, len(after.history)) == (1, ("$.X: odd",), 1)


async def test_what_is_known_of_the_end_of_the_files_is_saved(path: Path) -> None:
    """Rows of an earlier version are shorter: nothing is known of it there."""
    async with sending(path) as store:
        await store.add([task_number(1), task_number(2)])
        store.record(ready(task_number(1), files_end_at=WALL + 9, ends_at_latest=True))
        store.record(ready(task_number(2), files_end_at=WALL + 9, unlisted=("1",)))
    with closing(sqlite3.connect(path)) as other:
        (text,) = other.execute("SELECT shown FROM observed WHERE id = 2").fetchone()
        other.execute("UPDATE observed SET shown = ? WHERE id = 2", (text.replace(b",false]", b"]"),))
        other.commit()
    found = await saved_tasks(path)
    assert [found[make_ref(number)].ends_at_latest for number in (1, 2)] == [True, False]
    assert [found[make_ref(number)].files_end_at for number in (1, 2)] == [WALL + 9] * 2
    assert found[make_ref(2)].unlisted == ("1",)


async def test_the_bytes_of_an_error_are_saved_beside_the_last_good_answer(path: Path) -> None:
    """They are asked for a day later, perhaps in another process; a good answer replaces them.

    See retention law 4.
    """
    async with sending(path) as store:
        await store.add([task_number(1)])
        for raw in (b"<html>", b"", b"<html>again"):
            store.record(msgspec.structs.replace(processing(task_number(1)), error_raw=raw))
            assert (await store.details(make_ref(1))).error_raw == raw
            await store.flush()
            assert (await store.details(make_ref(1))).error_raw == raw
        store.record(processing(task_number(1)))
    async with opened(path) as store:
        details = await store.details(make_ref(1))
    assert (details.raw, details.error_raw) == (b'{"Status": "PROCESSING"}', b"<html>again")


async def test_the_last_fifty_transitions_are_saved(path: Path) -> None:
    """A service that flaps for weeks does not fill the disk. See retention law 3."""
    async with sending(path) as store:
        await store.add([task_number(1)])
        for number in range(TRANSITIONS + 20):
            found = processing(task_number(1), checks=number)
            changed = Transition(WALL + number, Phase.OTHER, f"S{number}")
            store.record(msgspec.structs.replace(found, transition=changed))
            if number % 7 == 0:
                await store.flush()
        await store.flush()
    async with opened(path) as store:
        history = (await store.details(make_ref(1))).history
    assert [entry.status for entry in history] == [f"S{number}" for number in range(20, 70)]


async def test_answers_are_saved_compressed(path: Path) -> None:
    raw = b'{"Response": {"Status": "FINISHED", "VideoInfoList": []}}' * 40
    async with sending(path) as store:
        await store.add([task_number(1)])
        store.record(msgspec.structs.replace(ready(task_number(1)), raw=raw))
        assert (await store.details(make_ref(1))).raw == raw
    reader = sqlite3.connect(path)
    ((size,),) = reader.execute("SELECT length(raw) FROM details").fetchall()
    reader.close()
    assert size < len(raw) / 3
