"""A watch list on disk as a school has it after months: nearly all tasks ready, three videos each."""

import random
import time
from pathlib import Path
from typing import Any

from tests.factories import make_task, make_video
from tiwtui.model import Phase, Task
from tiwtui.store import codec
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore

VIDEOS = tuple(make_video(type=kind, user_id=f"teacher_{kind}") for kind in range(3))
WORDS = ("Maths", "Physics", "History", "物理", "Chemistry")


def task_of(number: int, now: float, *, is_active: bool) -> Task:
    """Return one task; each number is always the same one."""
    chance = random.Random(number)
    since = now - 60 - chance.random() * (4 if is_active else 60) * 3600
    known: dict[str, Any] = {
        "added_at": since - 4000,
        "label": f"{chance.choice(WORDS)} {number % 97}",
        "group_id": str(900_000 + number % 5000),
        "room_id": 900_000 + number % 5000,
        "request_id": f"{chance.getrandbits(128):032x}",
        "phase_since": since,
        "checked_at": since,
        "checks": 40,
    }
    if is_active:
        return make_task(number, phase=Phase.PROCESSING, status="PROCESSING", **known)
    known |= {"total_time_ms": chance.randrange(10**7), "settled_between": (since - 30, since)}
    known |= {"video_count": 3, "size_bytes": chance.randrange(10**9), "files_end_at": since + 259_170}
    known |= {"kinds": ("camera", "screen", "whiteboard"), "users": tuple(v.user_id for v in VIDEOS)}
    return make_task(number, phase=Phase.READY, status="FINISHED", seen_at=now, **known)


async def save(path: Path, count: int, active: int) -> None:
    """Write so many tasks, some of them active, in the order in which they were added."""
    now = time.time()
    tasks = [task_of(number, now, is_active=number < active) for number in range(count)]
    tasks.sort(key=lambda task: task.added_at)
    store = TaskStore(Database(path))
    await store.open()
    for start in range(0, count, 10_000):
        await store.add(tasks[start : start + 10_000])
    videos = codec.videos_text(VIDEOS)
    raw = codec.packed(b'{"Response": {"Status": "FINISHED"}}' * 40)
    await store.database.run(
        lambda connection: connection.executemany(
            "INSERT INTO details (id, videos, oddities, raw) "
            "SELECT id, ?1, '[]', ?2 FROM watched WHERE id = ?3",
            ((videos, raw, number) for number in range(1, count + 1)),
        ).close()
    )
    await store.close()
