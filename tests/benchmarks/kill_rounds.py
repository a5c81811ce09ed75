"""A hundred rounds of `kill -9` on one saved state: `python -m tests.benchmarks.kill_rounds [ROUNDS]`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.store.killing import live_and_die, look_at_what_is_left
from tiwtui.model import Task, TaskRef


async def main(rounds: int) -> None:
    """Kill that many processes, each at a moment of its own, and look at what each leaves."""
    known: dict[TaskRef, Task] = {}
    steps = 0
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "x.db"
        for seed in range(rounds):
            life = live_and_die(path, seed)
            steps += len(life.done_at)
            known = await look_at_what_is_left(path, life, known)
    print(f"{rounds} kills, {steps} confirmed steps, {len(known)} tasks left, nothing lost")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
