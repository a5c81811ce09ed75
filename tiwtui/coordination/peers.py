"""The other processes that share a watch list: what they want. Pure; times are monotonic seconds.

1. A process counts for as long as its beat rises, judged by this process's own clock; one that was stopped
   or killed counts no more after `GONE_AFTER_S`.
2. The budget is the lowest that any of them wants.
"""

from collections.abc import Iterable, Iterator

import msgspec

from tiwtui.model import TaskRef

BEAT_S = 5.0
GONE_AFTER_S = 16.0


class Peer(msgspec.Struct, frozen=True):
    """One process as the database has it; `attended` are the tasks its person looks at."""

    holder: str
    name: str
    beat: int
    budget: float
    attended: tuple[TaskRef, ...] = ()


class Sharers(msgspec.Struct, frozen=True):
    """The processes that share the list. `sender` is the terminal of the one that sends, if any.

    `epoch` is None before the lease was read; `beat_age_s` is how long ago, by this process's
    clock, the sender last showed that it lives. `others` are the other processes that do.
    """

    sender: str
    is_here: bool
    epoch: int | None = None
    beat_age_s: float | None = None
    others: tuple[str, ...] = ()


class Peers:
    """All other processes that were seen; `me` is left out."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._seen: dict[str, tuple[Peer, float]] = {}

    def saw(self, found: Iterable[Peer], now: float) -> None:
        """Note which processes the database names."""
        seen: dict[str, tuple[Peer, float]] = {}
        for peer in found:
            before = self._seen.get(peer.holder)
            has_beaten = before is None or before[0].beat != peer.beat
            seen[peer.holder] = (peer, now if has_beaten or before is None else before[1])
        seen.pop(self._me, None)
        self._seen = seen

    def is_empty(self) -> bool:
        """Whether the database names no other process, not even a dead one."""
        return not self._seen

    def gone(self, now: float) -> tuple[str, ...]:
        """Return the processes that no longer live."""
        return tuple(holder for holder, (_, at) in self._seen.items() if now >= at + GONE_AFTER_S)

    def forget(self, holders: Iterable[str]) -> None:
        """Leave processes out that were taken out of the database."""
        for holder in holders:
            self._seen.pop(holder, None)

    def lowest(self, own: float, now: float) -> tuple[float, str]:
        """Return the lowest budget that this process or a living one wants, and which one; "" is this one."""
        wanted = ((peer.budget, peer.name) for peer in self._living(now))
        return min(((own, ""), *wanted), key=lambda each: each[0])

    def attended(self, now: float) -> frozenset[TaskRef]:
        """Return what people look at elsewhere."""
        return frozenset(ref for peer in self._living(now) for ref in peer.attended)

    def names(self, now: float) -> tuple[str, ...]:
        """Return what the other living processes are called."""
        return tuple(sorted(peer.name for peer in self._living(now)))

    def _living(self, now: float) -> Iterator[Peer]:
        return (peer for peer, at in self._seen.values() if now < at + GONE_AFTER_S)
