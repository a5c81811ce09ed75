"""Pause the garbage collector while the program starts and while many tasks are loaded.

Modules and a hundred thousand tasks contain no garbage; searching them takes longer than loading them.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 5000


@contextmanager
def without_collecting() -> Iterator[None]:
    """Disable the collector inside the block."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


def set_aside(count: int) -> None:
    """Exclude all objects in memory from later collections, if there are many tasks."""
    if count >= MANY:
        gc.freeze()


def end_of_start() -> None:
    """Enable the collector again; it skips the objects that are already in memory."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
