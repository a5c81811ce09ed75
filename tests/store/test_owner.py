"""The thread that owns the connection: order, nothing lost, and chores without the event loop."""

import asyncio
import threading
import time
from functools import partial

import pytest

from tiwtui.store.owner import Owner

pytestmark = pytest.mark.anyio

PATIENCE_S = 30.0


class Chore:
    """Is due once, and says when it ran."""

    def __init__(self, due_at: float | None = None) -> None:
        self.due_at = due_at
        self.has_run = threading.Event()

    def run(self) -> None:
        self.due_at = None
        self.has_run.set()


async def test_law_1_work_runs_in_the_order_it_was_posted() -> None:
    """An edit and the one that takes it back must not change places."""
    owner, done, may_begin = Owner("test", Chore()), list[int](), threading.Event()
    owner.start()

    def wait_first() -> None:
        assert may_begin.wait(PATIENCE_S)
        done.append(0)

    futures = [owner.post(wait_first)]
    futures += [owner.post(partial(done.append, number)) for number in range(1, 50)]
    assert not done
    may_begin.set()
    owner.stop()
    assert done == list(range(50))
    assert all(future.done() for future in futures)


async def test_law_2_posted_work_runs_though_nobody_waits_any_more() -> None:
    """Esc during a slow write ends the waiting, not the write."""
    owner, may_go_on, done = Owner("test", Chore()), threading.Event(), threading.Event()
    owner.start()

    def work() -> None:
        assert may_go_on.wait(PATIENCE_S)
        done.set()

    waiting = asyncio.create_task(owner.do(work))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    may_go_on.set()
    owner.stop()
    assert done.is_set()


async def test_law_3_a_chore_runs_while_the_event_loop_stands_still() -> None:
    """A terminal that stopped reading holds the loop; what was found before that must reach the disk."""
    chore = Chore()
    owner = Owner("test", chore)
    owner.start()
    chore.due_at = time.monotonic()
    owner.post(lambda: None)
    # Not awaited: this is the loop, and it does not turn.
    assert chore.has_run.wait(PATIENCE_S)
    owner.stop()
