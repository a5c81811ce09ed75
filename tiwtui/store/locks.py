"""Waiting for the locks of other processes, in steps short enough to be ended.

1. SQLite itself waits for at most `STEP_S` at a time. Nothing ends that wait early, `interrupt()` included.
2. Work that met a lock is repeated until its time is over or a flag is set. It must be work that can be
   repeated: a transaction that failed has changed nothing.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from tiwtui.store.errors import is_locked

STEP_S = 0.25
_PAUSE_S = 0.02

Result = TypeVar("Result")


def step_of(wait_s: float) -> float:
    """Return how long SQLite may wait by itself where a lock is waited for `wait_s` in all."""
    return min(wait_s, STEP_S)


def repeated(work: Callable[[], Result], wait_s: float, stopped: threading.Event) -> Result:
    """Return the result of `work`; repeat it while it meets a lock, for `wait_s` or until `stopped`."""
    until = time.monotonic() + wait_s
    while True:
        try:
            return work()
        except sqlite3.OperationalError as error:
            # Some locks are reported at once: without a pause this would use a whole processor.
            if not is_locked(error) or time.monotonic() >= until or stopped.wait(_PAUSE_S):
                raise
