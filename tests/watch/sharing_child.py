"""A process for tests to kill, which tells what it did on stdout: `python -m tests.watch.sharing_child …`."""

import asyncio
import itertools
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.making import finished, make_task, observed
from tests.watch.saving import processing, ready, take_lease
from tiwtui.api.answers import Answer
from tiwtui.clock import SystemClock
from tiwtui.tasks import TaskRef
from tiwtui.watch.database import SqliteStore
from tiwtui.watch.poller import Poller
from tiwtui.watch.sharing import Sharing
from tiwtui.watch.watcher import Watcher


def say(*words: object) -> None:
    print(*words, flush=True)


@dataclass(frozen=True)
class Edit:
    """One step of a life that ends by a kill."""

    what: str
    name: str
    text: str = ""


def edits(seed: int) -> Iterator[Edit]:
    """Return what the process of this seed does, for ever; the one that kills it knows it too."""
    random = Random(seed)
    names: list[str] = []
    finds_only_after = random.choice([30, 10_000])
    for number in itertools.count():
        if len(names) < 3 or (number < finds_only_after and random.random() < 0.3):
            names.append(f"s{seed}n{number}")
            yield Edit("add", names[-1], f"label {number}")
            continue
        name = random.choice(names)
        what = random.choice(["label", "settle", "look", "look", "remove"])
        if number >= finds_only_after:
            what = random.choice(["settle", "look", "look"])
        if what == "remove":
            names.remove(name)
        yield Edit(what, name, f"again {number}")


async def edit(path: Path, seed: int) -> None:
    """Add, label, remove and settle tasks until killed; say each step's number once it is done."""
    store = SqliteStore(path)
    await store.open()
    await take_lease(store)
    for number, step in enumerate(edits(seed)):
        task = make_task(step.name, label=step.text)
        match step.what:
            case "add":
                await store.add([task])
            case "label":
                await store.label(task.ref, step.text)
            case "remove":
                await store.remove([task.ref], time.time())
            case "settle":
                store.record(ready(task))
            case "look":
                store.record(processing(task))
        say(number, time.monotonic())
        await asyncio.sleep(0)


class LineService:
    """Asks by one line on a connection that stands: nothing lies between the plan and the sending."""

    def __init__(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._name = name
        self._reader = reader
        self._writer = writer
        self._waiting: dict[str, asyncio.Future[str]] = {}

    async def describe(self, ref: TaskRef) -> Answer:
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[ref.task_id] = answered
        self._writer.write(f"{self._name} {ref.task_id}\n".encode())
        status = await answered
        return finished() if status == "FINISHED" else observed(status)

    async def read(self) -> None:
        """Hand each answer to the one who waits for it."""
        while line := await self._reader.readline():
            task_id, status = line.decode().split()
            self._waiting.pop(task_id).set_result(status)


async def share(path: Path, port: int, name: str) -> None:
    """Watch the tasks at `path` beside other processes, until told to end; say what is seen."""
    watcher, store, clock = Watcher(), SqliteStore(path), SystemClock()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    service = LineService(name, reader, writer)

    def publish() -> None:
        for ref in watcher.take_changes():
            task = watcher.tasks.get(ref)
            say(
                "task",
                ref.task_id,
                "gone" if task is None else task.phase,
                "" if task is None else task.label,
            )
        say("role", "sender" if sharing.is_sender else "follower", clock.monotonic())

    poller = Poller(watcher, service, store, clock, publish=publish, read_keys=lambda: False)
    sharing = Sharing(watcher, store, clock, name=name, publish=publish, wake=poller.wake)
    watcher.load(await store.open(), clock.monotonic(), clock.wall())
    running = asyncio.gather(poller.run(), sharing.run(), service.read())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        await store.close()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["edit", path, seed]:
            asyncio.run(edit(Path(path), int(seed)))
        case ["share", path, port, name]:
            asyncio.run(share(Path(path), int(port), name))
