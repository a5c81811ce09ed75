"""What it takes to filter, sort and cut a list of 100,000 tasks, step by step, beside plain ways of doing it.

CPU time of this thread, the least of a few rounds, and the longest slice: so long a key may wait. The plain
ways are what one would write first: ask each task in turn, sort tuples of key and reference. Both run in one
process, in turns. On the screen it takes longer by what else goes on meanwhile: see `bench_list`.
"""

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.saved_list import save
from tests.factories import is_in_tab
from tiwtui.listing.order import SORTABLE, Order
from tiwtui.listing.query.parser import read
from tiwtui.listing.tabs import Tab
from tiwtui.listing.view import View
from tiwtui.model import Task, TaskRef
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore

COUNT = 100_000
ROUNDS = 3
FILTERS = (
    "maths",
    "m",
    "room:900822 !physics",
    "/ma.*9$/",
    "/[0-4]+ [a-m]/",
    "length>30m size>100mb",
    "settled:today",
    "phase:processing maths",
)


async def loaded() -> dict[TaskRef, Task]:
    """Return the tasks as a start has them in memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "tasks.db")
        await save(path, COUNT, 200)
        store = TaskStore(Database(path))
        tasks = {task.ref: task for task in await store.open()}
        await store.close()
    return tasks


def sliced_ms(slices: Iterable[object]) -> tuple[float, float]:
    """Run to the end; return the whole time and that of the longest slice."""
    longest, begun = 0.0, time.thread_time()
    at = begun
    for _slice in slices:
        now = time.thread_time()
        longest, at = max(longest, now - at), now
    ended = time.thread_time()
    return (ended - begun) * 1000, max(longest, ended - at) * 1000


def plain_ms(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return (time.thread_time() - begun) * 1000


def plainly_filtered(tasks: dict[TaskRef, Task], text: str, now: float) -> list[Task]:
    query = read(text)
    return [task for task in tasks.values() if query.matches(task, now)]


def plainly_sorted(tasks: dict[TaskRef, Task], column: str) -> list[TaskRef]:
    key = Order(column).key
    return sorted(tasks, key=lambda ref: (key(tasks[ref]), ref))


def plainly_cut(tasks: dict[TaskRef, Task], tab: Tab, now: float) -> list[Task]:
    return [task for task in tasks.values() if is_in_tab(tab, task, now)]


def sorted_anew(view: View, now: float, column: str) -> Iterable[object]:
    """Return the sorting of a view that is sorted otherwise before."""
    view.show(now, order=Order("" if column == "added" else "added"))
    return view.rebuild(now, order=Order(column))


def main() -> None:
    tasks = asyncio.run(loaded())
    gc.collect()
    gc.freeze()
    now = time.time()
    view = View(tasks, now)
    print(f"{COUNT:,} tasks                       all  longest slice   plainly")
    print(f"  opening               {plain_ms(lambda: View(tasks, now)):8.0f} ms")
    whole, longest = sliced_ms(view.recheck(view.context))
    print(f"  reading the texts     {whole:8.0f} ms {longest:8.1f} ms   (while nothing else is done)")

    def result(name: str, steps: Callable[[], Iterable[object]], plain: Callable[[], object]) -> None:
        gc.disable()
        times, alone = [], []
        for _round in range(ROUNDS):
            times.append(sliced_ms(steps()))
            list(view.free_keys())
            alone.append(plain_ms(plain))
        gc.enable()
        whole, longest = (min(column) for column in zip(*times, strict=True))
        print(f"  {name:26} {whole:5.0f} ms {longest:8.1f} ms {min(alone):9.0f} ms")

    for text in FILTERS:
        result(
            f"filter {text}"[:26],
            partial(view.rebuild, now, query=read(text)),
            partial(plainly_filtered, tasks, text, now),
        )
    view.show(now, query=read(""))
    for column in SORTABLE:
        result(
            f"sort by {column}",
            partial(sorted_anew, view, now, column),
            partial(plainly_sorted, tasks, column),
        )
    for tab in Tab:
        result(f"tab {tab}", partial(view.rebuild, now, tab=tab), partial(plainly_cut, tasks, tab, now))


if __name__ == "__main__":
    main()
