"""Real processes, really killed: nothing that was confirmed is lost."""

from pathlib import Path

import pytest

from tests.store.killing import live_and_die, look_at_what_is_left
from tiwtui.model import Task, TaskRef

pytestmark = pytest.mark.anyio

ROUNDS = 8
"""`tests/benchmarks/kill_rounds.py` does a hundred."""


async def test_kills_at_any_moment_lose_nothing_that_was_confirmed(tmp_path: Path) -> None:
    """Power for a laptop, patience for a person, memory for a machine: something always ends a program."""
    path = tmp_path / "x.db"
    known: dict[TaskRef, Task] = {}
    for seed in range(ROUNDS):
        known = await look_at_what_is_left(path, live_and_die(path, seed), known)
    assert known
