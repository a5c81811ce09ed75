"""The list at 10,000 and 100,000 tasks of three videos: opening, keys, filter, CPU, memory. Prints a table.

Everything runs on a saved state on disk and the real session, whose service is a function; each figure comes
from a process of its own, beside its reference in the same run: an empty Textual app, a plain `DataTable`, or
the same work on 100 tasks. Times are medians of several processes where one is short.
"""

import asyncio
import gc
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx
from textual import events
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import DataTable, Static

from tests.benchmarks.saved_list import save
from tiwtui.api.credentials import Credentials, NoCredentials, Secret
from tiwtui.api.endpoint import parse_endpoint
from tiwtui.composition import open_session
from tiwtui.config.settings import Settings
from tiwtui.listing.order import Order
from tiwtui.model import Task
from tiwtui.sim.transport import leave
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore
from tiwtui.ui.app import TiwtuiApp

SIZE = (140, 45)
WATCHED_S = 20.0
KEYS = 150


# What is measured, each in its own process


class Terminal(HeadlessDriver):
    """A terminal that takes all it is sent at once and notes when; without one nothing is painted."""

    wrote_at = 0.0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.wrote_at = time.perf_counter()


class Empty(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("nothing")


class Plain(App[None]):
    """The same tasks in the table that Textual brings along."""

    def __init__(self, tasks: list[Task]) -> None:
        super().__init__()
        self.tasks = tasks

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("Phase", "Task", "Label", "Room", "Videos", "Length")
        table.add_rows(
            (t.phase.value, t.ref.task_id, t.label, str(t.room_id), str(t.video_count), str(t.total_time_ms))
            for t in self.tasks
        )


class Keys:
    def load(self) -> Credentials | NoCredentials:
        return Credentials(Secret("AKIDnotarealkeyid"), Secret("NotARealSecretKeyAtAll"), None, "benchmark")


async def processing(request: httpx.Request) -> httpx.Response:
    await leave(request)
    name = json.loads(request.content)["TaskId"]
    answer = {"TaskId": name, "Status": "PROCESSING", "RequestId": "d290f1ee", "GroupId": "900001"}
    return httpx.Response(200, stream=httpx.ByteStream(json.dumps({"Response": answer}).encode()))


def app_on(path: Path) -> TiwtuiApp:
    settings = Settings(parse_endpoint("https://simulated.invalid"), "ap-singapore", 1_400_000_001)
    store = TaskStore(Database(path))
    session = open_session(settings, Keys(), store=store, transport=httpx.MockTransport(processing))
    return TiwtuiApp(session)


async def until(is_so: Callable[[], bool], limit_s: float = 2.0) -> None:
    """Let everything else run until something is so."""
    end = time.perf_counter() + limit_s
    for _turn in iter(lambda: not is_so() and time.perf_counter() < end, False):
        await asyncio.sleep(0)


@asynccontextmanager
async def painted(app: App[None]) -> AsyncIterator[Terminal]:
    """Run an app until it has painted what it shows; the value is what it paints on."""
    app.driver_class = Terminal
    async with app.run_test(size=SIZE, headless=False) as pilot:
        driver = app._driver
        assert isinstance(driver, Terminal)
        await pilot._wait_for_screen()
        if isinstance(app, TiwtuiApp):
            await until(lambda: app.main.tasks.table.painted > 0)
        await until(lambda: driver.wrote_at > 0)
        yield driver


async def opening(app: App[None]) -> dict[str, float]:
    begun, cpu = time.perf_counter(), time.process_time()
    async with painted(app) as terminal:
        return {"s": terminal.wrote_at - begun, "cpu_s": time.process_time() - cpu}


async def pressing(path: Path) -> dict[str, float]:
    app = app_on(path)
    times: list[float] = []
    async with painted(app) as terminal:
        await asyncio.sleep(4)
        table, chance = app.main.tasks.table, random.Random(1)
        for turn in range(KEYS):
            key = "j" if turn % 120 < 60 else "k"
            before = table.cursor
            event = events.Key(key, key if len(key) == 1 else None)
            event.set_sender(app)
            begun = time.perf_counter()
            terminal.send_message(event)
            await until(lambda before=before: table.cursor != before)  # type: ignore[misc]
            moved = time.perf_counter()
            await until(lambda moved=moved: terminal.wrote_at > moved)  # type: ignore[misc]
            times.append(terminal.wrote_at - begun)
            await asyncio.sleep(chance.uniform(0.03, 0.07))
        rate = app._session.status().rate
    return {"median_ms": median(times) * 1000, "p95_ms": quantiles(times, n=20)[-1] * 1000, "rate": rate}


async def results(path: Path) -> dict[str, float]:
    app = app_on(path)
    result: dict[str, float] = {}
    async with painted(app) as terminal:
        await asyncio.sleep(4)
        main = app.main
        longest = 0.0

        async def beating() -> None:
            nonlocal longest
            while True:
                at = time.perf_counter()
                await asyncio.sleep(0)
                longest = max(longest, time.perf_counter() - at)

        async def timed(name: str, act: Callable[[], None]) -> None:
            nonlocal longest
            longest = 0.0
            beat = asyncio.create_task(beating())
            begun, cpu = time.perf_counter(), time.thread_time()
            act()
            await until(lambda: not main.tasks.is_rebuilding)
            rebuilt = time.perf_counter()
            result[f"{name}, cpu"] = (time.thread_time() - cpu) * 1000
            result[f"{name}, made"] = (rebuilt - begun) * 1000
            await until(lambda: terminal.wrote_at >= rebuilt, 0.2)
            result[name] = (max(terminal.wrote_at, rebuilt) - begun) * 1000
            result[f"{name}, longest block"] = longest * 1000
            beat.cancel()
            await asyncio.sleep(0.3)

        for text in ("maths", "room:900822 !physics", "/ma.*9$/", "length>30m size>100mb", "settled:today"):
            await timed(f"filter {text}", partial(main.state.change, filter_text=text))
        main.state.change(filter_text="")
        await asyncio.sleep(1)
        await timed("sort by label", partial(main.state.change, order=Order("label")))
        await timed("sort by length", partial(main.state.change, order=Order("length")))
        await timed("reverse", partial(main.action_run, "sort.reverse"))
        await timed("tab Ready", partial(main.action_run, "tab", 3))
    return result


async def watching(app: App[None]) -> dict[str, float]:
    async with painted(app):
        await asyncio.sleep(6)
        cpu, begun = time.process_time(), time.perf_counter()
        await asyncio.sleep(WATCHED_S)
        used = (time.process_time() - cpu) / (time.perf_counter() - begun)
        rate = app._session.status().rate if isinstance(app, TiwtuiApp) else 0.0
    return {"percent": used * 100, "rate": rate}


async def weighing(app: App[None]) -> dict[str, float]:
    async with painted(app):
        await asyncio.sleep(1)
        now = held_kb()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"mb": now / 1024, "most_mb": most / 1024}


def held_kb() -> int:
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


async def plain(path: Path) -> App[None]:
    store = TaskStore(Database(path))
    tasks = list(await store.open())
    await store.close()
    return Plain(tasks)


async def measured(what: str, path: Path) -> dict[str, float]:
    work: dict[str, Callable[[], Coroutine[Any, Any, dict[str, float]]]] = {
        "open": lambda: opening(app_on(path)),
        "open empty": lambda: opening(Empty()),
        "keys": lambda: pressing(path),
        "results": lambda: results(path),
        "cpu": lambda: watching(app_on(path)),
        "cpu empty": lambda: watching(Empty()),
        "memory": lambda: weighing(app_on(path)),
        "memory empty": lambda: weighing(Empty()),
    }
    if what == "open plain":
        app = await plain(path)
        gc.collect()
        return await opening(app)
    return await work[what]()


def alone(what: str, path: Path = Path()) -> dict[str, float]:
    """Measure one thing in a process of its own."""
    result = subprocess.run(
        [sys.executable, __file__, what, str(path)], check=True, capture_output=True, text=True, timeout=300
    ).stdout
    return dict(json.loads(result))


# The table


def print_opening(paths: dict[int, Path]) -> None:
    empty = median(alone("open empty")["s"] for _ in range(5))
    print(f"opening to painted      an empty Textual app {empty:.2f} s")
    for count, reach in ((10_000, 0.3), (100_000, 1.0)):
        runs = [alone("open", paths[count]) for _ in range(3)]
        beyond, cpu = median(run["s"] for run in runs) - empty, median(run["cpu_s"] for run in runs)
        print(
            f"  {count:7,} tasks         {beyond:6.2f} s beyond it (reach {reach} s; cpu {cpu:.2f} s in all)"
        )
    beyond = alone("open plain", paths[10_000])["s"] - empty
    print(f"  10,000 in a DataTable  {beyond:6.2f} s beyond it, its tasks read before")


def print_keys(paths: dict[int, Path]) -> None:
    few, many = alone("keys", paths[100]), alone("keys", paths[100_000])
    print("a movement key to its painted frame")
    for name, result in (("100", few), ("100,000", many)):
        print(
            f"  {name:>7} tasks         median {result['median_ms']:5.1f} ms  p95 {result['p95_ms']:5.1f} ms"
            f"  at {result['rate']:.1f} checks/s"
        )
    print(f"  p95, many ÷ few        {many['p95_ms'] / few['p95_ms']:5.2f} (reach 1.3; median 20 ms)")


def print_results(paths: dict[int, Path]) -> None:
    print(
        "results over 100,000 tasks (reach 300 ms): until painted, of that until the list was made, CPU until"
    )
    print("then, and the longest time no key was served; what of it is the list alone: bench_view")
    result = alone("results", paths[100_000])
    for name, ms in result.items():
        if ", " not in name:
            parts = (result[f"{name}, {part}"] for part in ("made", "cpu", "longest block"))
            print(f"  {name:28} {ms:6.0f} ms" + "".join(f" {part:6.0f} ms" for part in parts))


def print_standing(paths: dict[int, Path]) -> None:
    print(f"CPU of one core over {WATCHED_S:.0f} s, screen open")
    for name, what, path, reach in (
        ("an empty Textual app", "cpu empty", Path(), ""),
        ("10,000 tasks, none active", "cpu", paths[10_000], "(reach 1 %)"),
        ("1,000 active", "cpu", paths[1000], "(reach 8 %)"),
    ):
        used = alone(what, path)
        print(f"  {name:28} {used['percent']:5.1f} % at {used['rate']:4.1f} checks/s {reach}")
    print("memory")
    for name, what, path in (
        ("an empty Textual app", "memory empty", Path()),
        ("100,000 tasks (reach 250 MB)", "memory", paths[100_000]),
    ):
        held = alone(what, path)
        print(f"  {name:28} {held['mb']:5.0f} MB, {held['most_mb']:.0f} MB at most")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sizes = {100: 100, 1000: 1000, 10_000: 0, 100_000: 200}
        paths = {count: Path(folder, f"{count}.db") for count in sizes}
        for count, active in sizes.items():
            asyncio.run(save(paths[count], count, active))
        print_opening(paths)
        print_keys(paths)
        print_results(paths)
        print_standing(paths)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asyncio.run(measured(sys.argv[1], Path(sys.argv[2])))))
    else:
        main()
