"""A process for tests to kill, which prints what it did: `python -m tests.coordination.child_process …`."""

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.factories import make_task
from tests.store.stores import processing, ready, take_lease
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore


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
    store = TaskStore(Database(path))
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


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["edit", path, seed]:
            asyncio.run(edit(Path(path), int(seed)))
