"""The store on disk and the one in memory agree, whatever is done to them."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import WALL, finished, make_ref, make_video, no_answer, observed, refused
from tests.store.stores import sending
from tiwtui.api.answers import Answer
from tiwtui.engine.transitions import apply_answer
from tiwtui.model import Details, Task, TaskRef
from tiwtui.store.store import MemoryStore, Removed, Store
from tiwtui.store.task_store import SqliteStore

Known = dict[TaskRef, Task]
Gone = dict[TaskRef, Removed]

REFS = [make_ref(number) for number in range(3)]
ANSWERS: Sequence[Answer] = (
    observed("QUEUED"),
    observed("PROCESSING", raw=b"", oddities=("$.RoomId: expected int",), room_id=None),
    observed("PROCESSING", make_video(user_id="教师", type=0), make_video(size_bytes=2**63 - 1)),
    observed("PAUSED", make_video(url="http://a.example/b", size_bytes=None), total_time_ms=None),
    observed("FINISHED"),
    observed("FINISHED", make_video(size_bytes=2**63 - 1), make_video(size_bytes=2**63 - 1, type=9)),
    finished(),
    refused("FailedOperation.Record", 'im "login" failed\n'),
    refused("InvalidParameter.TaskNotFound"),
    refused("InternalError"),
    refused("AuthFailure.SecretIdNotFound"),
    no_answer(),
)


@dataclass(frozen=True)
class Step:
    """One thing done to a store, `after_s` after the one before."""

    what: str
    ref: TaskRef
    text: str
    answer: Answer
    after_s: float


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["add", "remove", "restore", "label", "seen", "taken", "check", "check", "check"]),
        st.sampled_from(REFS),
        st.text(max_size=8),
        st.sampled_from(ANSWERS),
        st.floats(0, 400, width=32),
    ),
    max_size=40,
)


async def take(store: Store, steps: Sequence[Step]) -> tuple[Known, Gone, dict[TaskRef, Details]]:
    """Do all steps as a session does them; return what the store then knows, removed, and its details."""
    tasks: dict[TaskRef, Task] = {}
    removed: set[TaskRef] = set()
    wall = WALL
    for step in steps:
        wall += step.after_s
        ref = step.ref
        match step.what:
            case "add" if ref not in tasks and ref not in removed:
                tasks[ref] = Task(ref, wall, step.text, phase_since=wall)
                await store.add([tasks[ref]])
            case "remove":
                removed |= {ref} & tasks.keys()
                tasks.pop(ref, None)
                await store.remove([ref], wall)
            case "restore":
                tasks |= {task.ref: task for task in await store.restore([ref])}
                removed.discard(ref)
            case "label":
                await store.label(ref, step.text)
            case "seen":
                await store.mark_seen([ref], wall)
            case "taken":
                await store.mark_taken([ref], wall)
            case "check":
                # Also for a task that is gone: an answer can come after the removal.
                seen = (await store.details(ref)).videos
                found = apply_answer(tasks.get(ref, Task(ref, wall)), step.answer, wall, seen=seen)
                store.record(found)
                tasks |= {ref: found.task} if ref in tasks else {}
    details = {ref: await store.details(ref) for ref in tasks}
    gone = {each.task.ref: each for each in await store.removed()}
    return {task.ref: task for task in await store.open()}, gone, details


def seen_in_its_phase(task: Task) -> Task:
    """Return a task that is seen only if that was in its present phase, as the store on disk tells it."""
    is_stale = task.seen_at is not None and task.phase_since is not None and task.seen_at < task.phase_since
    return msgspec.structs.replace(task, seen_at=None) if is_stale else task


@settings(max_examples=30)
@given(STEPS)
def test_any_edits_and_findings_leave_both_stores_alike(steps: Sequence[Step]) -> None:
    """Tests, `demo` and `get` use the one in memory: they must show what a real list would."""

    async def both() -> None:
        in_memory, gone_in_memory, details_in_memory = await take(MemoryStore(), steps)
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "x.db"
            async with sending(path, flush_s=3600.0) as store:
                on_disk, gone_on_disk, details_on_disk = await take(_Reopened(store), steps)
        assert on_disk == {ref: seen_in_its_phase(task) for ref, task in in_memory.items()}
        assert details_on_disk == details_in_memory
        assert gone_on_disk == {
            ref: Removed(seen_in_its_phase(each.task), each.at) for ref, each in gone_in_memory.items()
        }

    asyncio.run(both())


class _Reopened:
    """A store that is read by a second one in the end: what counts is what is on disk."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.add, self.remove, self.restore = store.add, store.remove, store.restore
        self.label, self.mark_seen, self.mark_taken = store.label, store.mark_seen, store.mark_taken
        self.record, self.details, self.close = store.record, store.details, store.close
        self.removed = store.removed

    async def open(self) -> Sequence[Task]:
        await self._store.flush()
        other = SqliteStore(self._store.path)
        tasks = await other.open()
        await other.close()
        return tasks
