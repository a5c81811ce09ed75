"""Real processes on one watch list, beside a service that counts who asks it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.watch.killing import ROOT, child_command, child_environment
from tests.watch.saving import task_number
from tiwtui.tasks import Task
from tiwtui.watch.database import SqliteStore

pytestmark = pytest.mark.anyio

PATIENCE_S = 15.0
TASKS = [task_number(number) for number in range(80)]
"""So many that the sender asks at its full ten a second."""


class CountingService:
    """Answers one line with one line, and notes when who asked about what."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, str, str]] = []
        self.statuses: dict[str, str] = {}
        self._heard = asyncio.Condition()
        self._talks: set[asyncio.Task[None]] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            while line := await reader.readline():
                name, task_id = line.decode().split()
                async with self._heard:
                    self.asked.append((time.monotonic(), name, task_id))
                    self._heard.notify_all()
                writer.write(f"{task_id} {self.statuses.get(task_id, 'PROCESSING')}\n".encode())
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def hear(self, *, others_than: str = "", after: float = 0.0, count: int = 1) -> str:
        """Wait for so many checks after a moment by a process that is not the named one; return its name."""
        async with asyncio.timeout(PATIENCE_S), self._heard:
            await self._heard.wait_for(lambda: len(self._by_others(others_than, after)) >= count)
        return self._by_others(others_than, after)[-1][1]

    def _by_others(self, name: str, after: float) -> list[tuple[float, str, str]]:
        return [entry for entry in self.asked if entry[1] != name and entry[0] > after]

    async def end(self) -> None:
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks)


class Child:
    """A process of its own that shares the list, and what it said."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self.process = process
        self.said: list[tuple[float, list[str]]] = []
        self._heard = asyncio.Condition()
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            async with self._heard:
                self.said.append((time.monotonic(), line.decode().split()))
                self._heard.notify_all()

    async def says(self, *words: str, after: float = 0.0) -> float:
        """Wait until the process says something that begins with `words`; return when it did."""

        def found() -> list[float]:
            return [at for at, line in self.said if at > after and tuple(line[: len(words)]) == words]

        async with asyncio.timeout(PATIENCE_S), self._heard:
            await self._heard.wait_for(found)
        return found()[0]

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await self._reading


@asynccontextmanager
async def sharing(path: Path, count: int) -> AsyncIterator[tuple[CountingService, dict[str, Child]]]:
    """Start a service and processes that share the tasks at `path`."""
    service = CountingService()
    server = await asyncio.start_server(service.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    children: dict[str, Child] = {}
    try:
        for number in range(count):
            name = f"pts/{number}"
            process = await asyncio.create_subprocess_exec(
                *child_command("share", path, port, name),
                cwd=ROOT,
                env=child_environment(),
                stdout=asyncio.subprocess.PIPE,
            )
            children[name] = Child(name, process)
        for child in children.values():
            await child.says("role")
        yield service, children
    finally:
        for child in children.values():
            await child.end()
        await service.end()
        server.close()
        await server.wait_closed()


async def add(path: Path, *tasks: Task) -> None:
    """Add tasks from one more process's point of view, as `tiwtui add` does."""
    store = SqliteStore(path)
    await store.open()
    await store.add(tasks)
    await store.close()


async def test_five_processes_cost_one_budget_and_show_the_same(tmp_path: Path) -> None:
    """Five terminals and twenty scripts of one school must not use up the account's twenty a second."""
    path = tmp_path / "x.db"
    async with sharing(path, 5) as (service, children):
        await add(path, *TASKS)
        sender = await service.hear(count=20)
        assert {name for _, name, _ in service.asked} == {sender}
        times = [at for at, _, _ in service.asked]
        assert (len(times) - 1) / (times[-1] - times[0]) <= 10.5
        soon = TASKS[30].ref.task_id
        service.statuses[soon] = "FINISHED"
        seen = [await child.says("task", soon, "ready") for child in children.values()]
        assert max(seen) - min(seen) < 1.0

        killed_at = time.monotonic()
        children[sender].process.kill()
        heir = await service.hear(others_than=sender)
        assert time.monotonic() - killed_at < 4.0
        await service.hear(others_than=sender, count=10)
        assert {name for at, name, _ in service.asked if at > killed_at + 0.5} == {heir}

        left_at = time.monotonic()
        children[heir].process.send_signal(signal.SIGTERM)
        assert await children[heir].process.wait() == 0
        next_heir = await service.hear(others_than=heir, after=left_at + 0.001)
        assert next_heir not in (sender, heir)
        assert time.monotonic() - left_at < 2.0


async def test_a_sender_that_is_stopped_and_continued_has_looked_before_it_sends(tmp_path: Path) -> None:
    """Ctrl-z and fg: the account must not be asked by two."""
    path = tmp_path / "x.db"
    await add(path, *TASKS)
    async with sharing(path, 2) as (service, children):
        sender = await service.hear(count=3)
        # Between two checks: what lies in a pipe at that moment is sent, whoever is stopped.
        children[sender].process.send_signal(signal.SIGSTOP)
        stopped_at = time.monotonic()
        heir = await service.hear(others_than=sender)
        assert 1.0 < time.monotonic() - stopped_at < 4.5
        continued_at = time.monotonic()
        children[sender].process.send_signal(signal.SIGCONT)
        await children[sender].says("role", "follower", after=continued_at)
        await service.hear(others_than=sender, after=continued_at, count=10)
        assert {name for at, name, _ in service.asked if at > stopped_at + 0.05} == {heir}
