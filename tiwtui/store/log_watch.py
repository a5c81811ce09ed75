"""Whether a process may have written to the database: seen by the log beside it, at next to no cost."""

import math
import os
from pathlib import Path

LOOK_EACH_S = 1.0
"""A log that was begun again in the same moment may look the same: look at the database each second."""


class LogWatch:
    """The write-ahead log of the database at `path` as it was last seen; `None` for one in memory."""

    def __init__(self, path: Path | None) -> None:
        self._log = None if path is None else f"{path}-wal"
        self._seen: tuple[int, int, int] | None = None
        self._looked_at = -math.inf

    def is_worth_a_look(self, now: float) -> bool:
        """Return whether to look at the database at `now` (monotonic), which is done then."""
        before, self._seen = self._seen, self._mark()
        if self._seen == before and now < self._looked_at + LOOK_EACH_S:
            return False
        self._looked_at = now
        return True

    def _mark(self) -> tuple[int, int, int] | None:
        if self._log is None:
            return None
        try:
            found = os.stat(self._log)
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns
