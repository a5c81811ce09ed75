"""How long tasks usually are processed, and how far one is over that."""

import msgspec

from tiwtui.listing.attention.reasons import unchanged_since
from tiwtui.model import Phase, Task


class Usual(msgspec.Struct, frozen=True):
    """The median and the 95th percentile of the last processing times, in seconds."""

    median_s: float
    p95_s: float


def over_s(task: Task, now: float, usual: Usual | None) -> float | None:
    """Return how much longer than usual a task is processed; `None` up to the 95th percentile."""
    if usual is None or task.phase is not Phase.PROCESSING:
        return None
    passed_s = now - unchanged_since(task)
    return passed_s - usual.median_s if passed_s > usual.p95_s else None
