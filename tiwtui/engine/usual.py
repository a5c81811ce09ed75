"""How long tasks usually take: the median time in processing of the last ones that became ready. Pure."""

from collections import deque
from collections.abc import Iterable
from statistics import median

_OF = 50
_FROM = 10


class Usual:
    """The times of the last fifty tasks, in seconds; it says nothing before there are ten."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_OF)

    def note(self, seconds: float) -> None:
        """Take in how long one task was processing."""
        self._times.append(max(0.0, seconds))

    def recall(self, seconds: Iterable[float]) -> None:
        """Take up times from before this start, the latest last."""
        self._times.extend(seconds)

    def seconds(self) -> float | None:
        """Return the median time."""
        return median(self._times) if len(self._times) >= _FROM else None
