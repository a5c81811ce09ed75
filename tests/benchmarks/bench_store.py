"""What the saved state costs: a start, `tiwtui list` as a whole process, an edit. Prints a table.

Every task has three videos. Beside the figures stand what they are measured against: an interpreter that
does nothing, `tiwtui --version`, and a bare commit of SQLite in the same mode on the same disk.
"""

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.factories import WALL, make_task, make_video, observed
from tests.store.stores import take_lease
from tiwtui.config.settings import Settings, settings_from
from tiwtui.engine.transitions import apply_answer
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Task
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore

SIZES = (10_000, 100_000)
AT_ONCE = 5_000
ROUNDS = 7
EDITS = 300
VIDEOS = tuple(
    make_video(
        url=f"http://1257240443.vod2.myqcloud.com/{kind}/video.mp4", type=kind, user_id=f"teacher_{kind}"
    )
    for kind in range(3)
)


def task_number(number: int) -> Task:
    return make_task(number, label=f"Maths {number}", added_at=WALL + number)


async def fill(path: Path, count: int) -> None:
    """Keep so many tasks that are ready, found by checks as ever."""
    store = TaskStore(Database(path))
    await store.open()
    await take_lease(store)
    for first in range(0, count, AT_ONCE):
        tasks = [task_number(number) for number in range(first, min(first + AT_ONCE, count))]
        await store.add(tasks)
        for task in tasks:
            store.record(apply_answer(task, observed("FINISHED", *VIDEOS, raw=b"{}" * 700), WALL + 3600))
        await store.flush()
    await store.close()


async def start_s(path: Path) -> tuple[float, float]:
    """Return how long opening the store takes, and taking its tasks up."""
    store, watcher = TaskStore(Database(path)), Watcher()
    began = time.perf_counter()
    tasks = await store.open()
    opened = time.perf_counter()
    watcher.load(tasks, 1000.0, time.time())
    loaded = time.perf_counter()
    await store.close()
    return opened - began, loaded - opened


async def edits_s(path: Path) -> list[float]:
    """Return how long each of many edits takes, beside nobody."""
    store = TaskStore(Database(path))
    tasks = await store.open()
    taken = []
    for number, task in enumerate(tasks[:EDITS]):
        began = time.perf_counter()
        await store.label(task.ref, f"again {number}")
        taken.append(time.perf_counter() - began)
    await store.close()
    return taken


def commits_s(path: Path) -> list[float]:
    """Return how long each of many bare commits takes."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, label TEXT)")
    taken = []
    for number in range(EDITS):
        began = time.perf_counter()
        database.execute("INSERT INTO t (label) VALUES (?)", (f"again {number}",))
        taken.append(time.perf_counter() - began)
    database.close()
    return taken


def compiled_once(folder: Path) -> None:
    """Let the processes keep what they compile, as an installed package does."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")


def process_s(*words: str) -> float:
    """Return how long a process takes from start to end, its output read."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words], env=dict(os.environ), cwd=ROOT, capture_output=True, check=True
    )
    assert not done.stderr
    return time.perf_counter() - began


def result(name: str, seconds: Sequence[float], unit: str = "s") -> None:
    """Print a row: best, median and the 95th percentile."""
    scale = {"s": 1.0, "ms": 1000.0}[unit]
    late = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    print(f"{name:<44}{min(seconds) * scale:>9.3f}{median(seconds) * scale:>9.3f}{late * scale:>9.3f} {unit}")


def times(measure: Callable[[], float]) -> list[float]:
    return [measure() for _ in range(ROUNDS)]


def state(folder: Path) -> Settings:
    return settings_from(state_dir=folder)


def main() -> None:
    """Print the table."""
    print(f"{'':<44}{'best':>9}{'median':>9}{'p95':>9}")
    with tempfile.TemporaryDirectory() as directory:
        compiled_once(Path(directory))
        for size in SIZES:
            folder = Path(directory) / str(size)
            path = state(folder).state_path()
            asyncio.run(fill(path, size))
            starts = [asyncio.run(start_s(path)) for _ in range(ROUNDS)]
            result(f"{size:,} tasks: read from disk", [opened for opened, _loaded in starts])
            result(f"{size:,} tasks: taken up by the watcher", [loaded for _opened, loaded in starts])
            result(f"{size:,} tasks: both", [opened + loaded for opened, loaded in starts])
            result(f"{size:,} tasks: an edit", asyncio.run(edits_s(path)), "ms")
            if size == min(SIZES):
                line = ("-m", "tiwtui", "--state-dir", str(folder), "list")
                for form in ((), ("--jsonl",), ("--json",), ("--csv",), ("--filter", "maths 77")):
                    words = (*line, *form)
                    process_s(*words)
                    result(f"tiwtui {' '.join(words[4:])}", times(partial(process_s, *words)))
        result("a bare commit", commits_s(Path(directory) / "bare.db"), "ms")
    result("tiwtui --version", times(lambda: process_s("-m", "tiwtui", "--version")))
    result("an interpreter that does nothing", times(lambda: process_s("-c", "")))


if __name__ == "__main__":
    main()
