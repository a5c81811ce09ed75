"""Several processes on one watch list, each with a watcher and a store of its own, in one test process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from tests.factories import FakeClock, finished, make_ref
from tests.store.stores import task_number
from tiwtui.api.answers import Answer
from tiwtui.coordination.coordinator import Coordinator
from tiwtui.engine.watcher import Watcher
from tiwtui.model import Phase, TaskRef
from tiwtui.store.database import Database
from tiwtui.store.errors import StoreFailed
from tiwtui.store.task_store import TaskStore


class Process:
    """What one process is made of, without the event loop that would drive it: `turn` is one look."""

    def __init__(
        self, path: Path, clock: FakeClock, name: str, budget: float, pause_s: float | None = None
    ) -> None:
        self.path = path
        self.clock = clock
        self.beat_s = 0.0
        """How long the disk takes over a beat."""
        database = Database(path, busy_s=0.05, wall=clock.wall, before=self._take_time)
        self.store = TaskStore(database, flush_s=0.0)
        self.watcher = Watcher(budget=budget)
        self.wakes = 0
        self.coordinator = Coordinator(
            self.watcher,
            self.store,
            clock,
            name=name,
            pause_s=pause_s,
            publish=lambda: None,
            wake=self._count_wake,
        )

    def _take_time(self, statement: str) -> None:
        if statement.startswith("UPDATE lease SET beat = beat + 1, standing"):
            self.clock.now += self.beat_s

    def _count_wake(self) -> None:
        self.wakes += 1

    async def start(self) -> None:
        self.watcher.load(await self.store.open(), self.clock.now, self.clock.wall())
        await self.turn()

    async def turn(self) -> None:
        await self.coordinator.look()
        # What was posted is written by then.
        with suppress(StoreFailed):
            await self.store.database.read(lambda _connection: None)

    async def add(self, number: int) -> TaskRef:
        """Add a task as a session does."""
        task = task_number(number)
        await self.store.add([task])
        self.watcher.add(task.ref, "", self.clock.now, self.clock.wall())
        return task.ref

    def check(self, answer: Answer | None = None) -> TaskRef | None:
        """Do the check that is due, if there is one, with this answer."""
        self.clock.now += 0.2
        ref = self.watcher.due(self.clock.now)
        if ref is not None:
            self.watcher.flights.leave(ref, self.clock.now)
            found = self.watcher.complete(ref, answer or finished(), self.clock.now, self.clock.wall())
            if found is not None:
                self.store.record(found)
        return ref

    def sends(self) -> bool:
        """Whether this process holds the lease."""
        return self.coordinator.is_sender

    def phase(self, number: int = 1) -> Phase | None:
        task = self.watcher.tasks.get(make_ref(number))
        return None if task is None else task.phase


@asynccontextmanager
async def processes(
    tmp_path: Path, *budgets: float, pause_s: float | None = None
) -> AsyncIterator[list[Process]]:
    """Start as many processes as there are budgets, one after the other; the first becomes the sender."""
    clock = FakeClock()
    async with AsyncExitStack() as stack:
        started: list[Process] = []
        for number, budget in enumerate(budgets, 1):
            process = Process(tmp_path / "x.db", clock, f"pts/{number}", budget, pause_s)
            await process.start()
            stack.push_async_callback(process.store.close)
            started.append(process)
        yield started


async def until_taken_over(clock: FakeClock, process: Process) -> float:
    """Let a process look four times a second until it sends; return how long that took."""
    began = clock.now
    while not process.coordinator.is_sender and clock.now < began + 10:
        clock.now += 0.25
        await process.turn()
    return clock.now - began
