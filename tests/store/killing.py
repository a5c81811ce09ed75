"""Rounds of killing a process that adds, labels, removes and settles tasks, and looking at what it leaves."""

import itertools
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.child_environment import child_environment
from tests.coordination.child_process import Edit, edits
from tests.factories import make_ref
from tests.store.stores import saved_tasks
from tiwtui.model import Phase, Task, TaskRef

ROOT = Path(__file__).parents[2]
LOST_AT_MOST_S = 0.5


def child_command(*arguments: object) -> list[str]:
    """Return the command line of a child."""
    return [sys.executable, "-m", "tests.coordination.child_process", *map(str, arguments)]


@dataclass(frozen=True)
class Life:
    """What a killed process had confirmed: when each of its steps was done, and when it was killed."""

    seed: int
    done_at: Sequence[float]
    killed_at: float

    def steps(self, more: int = 0) -> list[Edit]:
        """Return the steps that were confirmed, and `more` that may have been made."""
        return list(itertools.islice(edits(self.seed), len(self.done_at) + more))


def live_and_die(path: Path, seed: int) -> Life:
    """Let a process work on the state at `path` and kill it at a moment that the seed names."""
    lines = Random(seed).randint(1, 600)
    with subprocess.Popen(
        child_command("edit", path, seed),
        cwd=ROOT,
        env=child_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        done_at = [float(line.split()[1]) for line in itertools.islice(child.stdout, lines)]
        killed_at = time.monotonic()
        child.kill()
        done_at += [float(line.split()[1]) for line in child.stdout if line.endswith("\n")]
    assert done_at, "the child died by itself"
    return Life(seed, done_at, killed_at)


async def look_at_what_is_left(path: Path, life: Life, before: Mapping[TaskRef, Task]) -> dict[TaskRef, Task]:
    """Demand everything that was confirmed; return the tasks that a new start finds."""
    found = await saved_tasks(path)
    assert {ref: found.get(ref) for ref in before} == before, "an earlier life's tasks have changed"
    labels = {ref.task_id: task.label for ref, task in found.items() if ref not in before}
    # The step after the last confirmed one may have been made before the kill, or not.
    assert labels in (_labels(life.steps()), _labels(life.steps(more=1)))
    for step, done_at in zip(life.steps(), life.done_at, strict=True):
        task = found.get(make_ref(step.name))
        if task is None or done_at > life.killed_at - LOST_AT_MOST_S:
            continue
        if step.what in ("settle", "look"):
            assert task.phase is not Phase.NEW, f"{step} was lost"
    assert _integrity(path) == "ok"
    return found


def _labels(steps: Sequence[Edit]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for step in steps:
        match step.what:
            case "add" | "label":
                labels[step.name] = step.text
            case "remove":
                del labels[step.name]
    return labels


def _integrity(path: Path) -> str:
    database = sqlite3.connect(path)
    try:
        return str(database.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        database.close()
