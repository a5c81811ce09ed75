"""Which of several processes sends. Pure: the time is passed in (monotonic seconds of this process).

One row names the lease's epoch, its holder, and a beat that the holder raises each second.

1. A process takes a lease that is free, or whose beat it saw unchanged for 3 s by its own clock. Taking
   raises the epoch, in a transaction that demands the epoch and beat it judged by: of two that take at once
   one fails, and so does one that judged by a beat that was raised since.
2. The holder may send until 2 s after it *asked for* the last beat that was saved. A follower sees that beat
   no earlier than it was asked for and waits 3 s from there: the holder has been silent for a second when
   another takes its place, however long it was stopped, and at whatever point.
3. So at no time may two processes send.
4. A process that should not hold it (no keys, or refused ones) gives it back and takes none.
"""

import math
from enum import Enum

import msgspec

BEAT_S = 1.0
HOLDS_S = 2.0
TAKEN_AFTER_S = 3.0


class LeaseRow(msgspec.Struct, frozen=True):
    """The lease as the database has it: `holder` is empty where it is free, `name` is its terminal."""

    epoch: int
    holder: str
    name: str
    beat: int


class Step(Enum):
    """What there is to do about the lease."""

    NOTHING = "nothing"
    BEAT = "beat"
    TAKE = "take"
    GIVE_BACK = "give back"


class Lease:
    """One process's view of the lease. `me` is the holder's name that no other process has."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._row: LeaseRow | None = None
        self._seen_at = -math.inf
        self._asked_at = -math.inf
        self.epoch: int | None = None
        self.until = -math.inf
        """Until when this process may send."""

    @property
    def row(self) -> LeaseRow | None:
        """The lease as it was last seen."""
        return self._row

    def saw(self, row: LeaseRow, now: float) -> None:
        """Note what the database says of the lease, read no later than `now`."""
        if self._row is None or (row.epoch, row.beat) != (self._row.epoch, self._row.beat):
            self._seen_at = now
        self._row = row
        if self.epoch is not None and (row.holder, row.epoch) != (self._me, self.epoch):
            self.lost()

    def beat_age_s(self, now: float) -> float | None:
        """Return how long ago the sender last showed that it lives; `None` before the first look."""
        if self._row is None:
            return None
        return max(0.0, now - (self._seen_at if self.epoch is None else self._asked_at))

    def is_held_elsewhere(self, now: float) -> bool:
        """Whether another process holds the lease, and was not silent for too long."""
        if self._row is None or self.epoch is not None:
            return False
        return bool(self._row.holder) and now < self._seen_at + TAKEN_AFTER_S

    def step(self, now: float, *, is_fit: bool) -> Step:
        """Return what to do now; a process that is not fit should not hold the lease."""
        if self.epoch is not None:
            if not is_fit:
                return Step.GIVE_BACK
            return Step.BEAT if now >= self._asked_at + BEAT_S else Step.NOTHING
        if not is_fit or self._row is None:
            return Step.NOTHING
        is_free = not self._row.holder or now >= self._seen_at + TAKEN_AFTER_S
        return Step.TAKE if is_free else Step.NOTHING

    def took(self, epoch: int, asked_at: float) -> None:
        """Note that the lease was taken, as asked for at `asked_at`."""
        self.epoch = epoch
        self.extend(asked_at)

    def extend(self, asked_at: float) -> None:
        """Note that a beat was saved, or the lease seen to be still held, as asked for at `asked_at`."""
        self._asked_at = asked_at
        self.until = asked_at + HOLDS_S

    def lost(self) -> None:
        """Note that another holds the lease, or that it was given back."""
        self.epoch, self.until = None, -math.inf
