"""The one thread that owns the connection.

1. Work runs one piece after the other, in the order it was posted.
2. Work that was posted runs, also if whoever waits for it is cancelled: a write is never lost to an Esc.
3. A chore runs when it is due, whether or not the event loop does: a terminal that stopped reading stops the
   loop, and what was found before that must reach the disk all the same.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Chore(Protocol):
    """Something the thread does by itself. `due_at` is monotonic seconds; `None` is never."""

    @property
    def due_at(self) -> float | None: ...

    def run(self) -> None:
        """Do it. Nothing may be raised."""
        ...


class Owner:
    """Runs work on a thread of its own from `start` to `stop`."""

    def __init__(self, name: str, chore: Chore) -> None:
        self._chore = chore
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        # A daemon: after a crash elsewhere the interpreter must be able to end.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether work is taken."""
        return self._is_open

    def start(self) -> None:
        """Begin to work. Raises `RuntimeError` where the system allows no further thread."""
        self._thread.start()
        self._is_open = True

    def stop(self) -> None:
        """End once everything posted so far is done."""
        if self._is_open:
            self._is_open = False
            self._jobs.put(None)
            self._thread.join()

    def post(self, work: Callable[[], Result]) -> "Future[Result]":
        """Have `work` done; the future tells what came of it."""
        if not self._is_open:
            raise RuntimeError("the store is not open")
        future: Future[Result] = Future()
        self._jobs.put(lambda: _do(work, future))
        return future

    async def do(self, work: Callable[[], Result]) -> Result:
        """Have `work` done and wait for what comes of it."""
        return await asyncio.shield(self.job(work))

    def job(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        """Have `work` done; return a future, to be shielded where it is awaited."""
        job = asyncio.wrap_future(self.post(work))
        # Where nobody waits any more, asyncio would print the failure as a traceback.
        job.add_done_callback(asyncio.Future.exception)
        return job

    def _run(self) -> None:
        while True:
            due_at = self._chore.due_at
            try:
                wait_s = None if due_at is None else max(0.0, due_at - time.monotonic())
                job = self._jobs.get(timeout=wait_s)
            except queue.Empty:
                self._chore.run()
                continue
            if job is None:
                return
            job()
            if self._chore.due_at is not None and time.monotonic() >= self._chore.due_at:
                self._chore.run()


def _do(work: Callable[[], Result], future: "Future[Result]") -> None:
    future.set_running_or_notify_cancel()
    try:
        result = work()
    # The outermost entry of a thread: whatever went wrong belongs to the one who waits.
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
