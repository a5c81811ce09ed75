"""Where the work on the database is done: on a thread of its own, or at once.

1. Work runs one piece after the other, in the order in which it was posted.
2. Posted work runs, also if the caller stops waiting for it: a write is never lost to an Esc.
3. A chore runs when it is due, whether or not the event loop runs: a terminal that stopped reading stops the
   loop, and what was found before that must reach the disk.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar, TypeVarTuple

Result = TypeVar("Result")
Values = TypeVarTuple("Values")


class Chore(Protocol):
    """Something that is done without being asked for. `due_at` is monotonic seconds; `None` is never."""

    @property
    def due_at(self) -> float | None: ...

    def run_due(self) -> None:
        """Do it. Nothing may be raised."""
        ...


class Worker(Protocol):
    """Runs work from `start` to `stop`."""

    @property
    def is_open(self) -> bool:
        """Whether work is taken."""
        ...

    def start(self, chore: Chore) -> None: ...

    def stop(self) -> None:
        """End once everything posted so far is done."""
        ...

    def post(self, work: Callable[[*Values], Result], *values: *Values) -> "Future[Result]":
        """Have `work` done; the future holds its result."""
        ...


class ThreadWorker:
    """Runs work on a thread of its own. It can be started again after it was stopped."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def is_open(self) -> bool:
        return self._thread is not None

    def start(self, chore: Chore) -> None:
        """Raises `RuntimeError` where the system allows no further thread, or one runs already."""
        if self._thread is not None:
            raise RuntimeError("the worker is running")
        # A daemon: after a crash elsewhere the interpreter must be able to end.
        thread = threading.Thread(target=self._run, args=(chore,), name=self._name, daemon=True)
        thread.start()
        self._thread = thread

    def stop(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join()

    def post(self, work: Callable[[*Values], Result], *values: *Values) -> "Future[Result]":
        if self._thread is None:
            raise RuntimeError("the database is not open")
        future: Future[Result] = Future()
        self._jobs.put(lambda: _do(future, work, *values))
        return future

    def _run(self, chore: Chore) -> None:
        while True:
            due_at = chore.due_at
            try:
                wait_s = None if due_at is None else max(0.0, due_at - time.monotonic())
                job = self._jobs.get(timeout=wait_s)
            except queue.Empty:
                chore.run_due()
                continue
            if job is None:
                return
            job()
            _run_if_due(chore)


class InlineWorker:
    """Does each piece of work at once, where it is posted: for a database in memory."""

    def __init__(self) -> None:
        self._chore: Chore | None = None

    @property
    def is_open(self) -> bool:
        return self._chore is not None

    def start(self, chore: Chore) -> None:
        if self._chore is not None:
            raise RuntimeError("the worker is running")
        self._chore = chore

    def stop(self) -> None:
        self._chore = None

    def post(self, work: Callable[[*Values], Result], *values: *Values) -> "Future[Result]":
        if self._chore is None:
            raise RuntimeError("the database is not open")
        future: Future[Result] = Future()
        _do(future, work, *values)
        _run_if_due(self._chore)
        return future


def _run_if_due(chore: Chore) -> None:
    due_at = chore.due_at
    if due_at is not None and time.monotonic() >= due_at:
        chore.run_due()


def _do(future: "Future[Result]", work: Callable[[*Values], Result], *values: *Values) -> None:
    future.set_running_or_notify_cancel()
    try:
        result = work(*values)
    # The outermost entry of a thread: whatever went wrong belongs to the caller that waits.
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
