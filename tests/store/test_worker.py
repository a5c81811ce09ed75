"""The thread that owns the connection: order, nothing lost, and chores without the event loop."""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from tiwtui.store.worker import ThreadWorker

pytestmark = pytest.mark.anyio

PATIENCE_S = 30.0


class Chore:
    """Is due once, and says when it ran."""

    def __init__(self, due_at: float | None = None) -> None:
        self.due_at = due_at
        self.has_run = threading.Event()

    def run_due(self) -> None:
        self.due_at = None
        self.has_run.set()


async def wait_for(worker: ThreadWorker, work: Callable[[], None]) -> None:
    await asyncio.shield(asyncio.wrap_future(worker.post(work)))


def test_a_worker_runs_once() -> None:
    """Two threads with one chore: the one that nobody stops does it after everything is closed."""
    worker = ThreadWorker("test")
    worker.start(Chore())
    with pytest.raises(RuntimeError, match="running"):
        worker.start(Chore())
    worker.stop()


async def test_law_1_work_runs_in_the_order_it_was_posted() -> None:
    """An edit and the one that takes it back must not change places."""
    worker, done, may_begin = ThreadWorker("test"), list[int](), threading.Event()
    worker.start(Chore())

    def wait_first() -> None:
        assert may_begin.wait(PATIENCE_S)
        done.append(0)

    futures = [worker.post(wait_first)]
    futures += [worker.post(partial(done.append, number)) for number in range(1, 50)]
    assert not done
    may_begin.set()
    worker.stop()
    assert done == list(range(50))
    assert all(future.done() for future in futures)


async def test_law_2_posted_work_runs_though_nobody_waits_any_more() -> None:
    """Esc during a slow write ends the waiting, not the write."""
    worker, may_go_on, done = ThreadWorker("test"), threading.Event(), threading.Event()
    worker.start(Chore())

    def work() -> None:
        assert may_go_on.wait(PATIENCE_S)
        done.set()

    waiting = asyncio.create_task(wait_for(worker, work))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    may_go_on.set()
    worker.stop()
    assert done.is_set()


async def test_law_3_a_chore_runs_while_the_event_loop_stands_still() -> None:
    """A terminal that stopped reading holds the loop; what was found before that must reach the disk."""
    chore = Chore()
    worker = ThreadWorker("test")
    worker.start(chore)
    chore.due_at = time.monotonic()
    worker.post(lambda: None)
    # Not awaited: this is the loop, and it does not turn.
    assert chore.has_run.wait(PATIENCE_S)
    worker.stop()
