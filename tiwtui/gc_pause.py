"""The garbage collector out of the way while a great many tasks are taken up.

A hundred thousand tasks make no cycles, and looking for some again and again takes longer than reading them.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 5000


@contextmanager
def without_collecting() -> Iterator[None]:
    """Collect nothing meanwhile."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


def set_aside(count: int) -> None:
    """Spare the collector what is in memory by now, where `count` tasks are enough for it to matter."""
    if count >= MANY:
        gc.freeze()
