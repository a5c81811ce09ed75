"""The last ten minutes of the checks in slots of five seconds, for the sparklines of the diagnostics. Pure.

An entry costs one addition; the memory is bounded by the number of slots.
"""

from collections import deque

import msgspec

SLOT_S = 5
SLOTS = 120


class Slot(msgspec.Struct):
    """What happened in one slot: sent requests, answers and the seconds they took, ends and their delays."""

    number: int
    sent: int = 0
    answers: int = 0
    took_s: float = 0.0
    ends: int = 0
    delay_s: float = 0.0


class Series(msgspec.Struct, frozen=True):
    """A value a slot, the oldest first; `None` where there was none."""

    rates: tuple[float | None, ...] = ()
    latencies_s: tuple[float | None, ...] = ()
    delays_s: tuple[float | None, ...] = ()


class Recent:
    """Counts by slots of monotonic time."""

    def __init__(self) -> None:
        self._slots: deque[Slot] = deque(maxlen=SLOTS)

    def at(self, now: float) -> Slot:
        """Return the slot of a time, to be added to."""
        number = _number(now)
        if not self._slots or self._slots[-1].number < number:
            self._slots.append(Slot(number))
        return self._slots[-1]

    def series(self, since: float, now: float) -> Series:
        """Return all slots since a time, ten minutes at most; the present one is not full yet."""
        last = _number(now) - 1
        known = {slot.number: slot for slot in self._slots}
        empty = Slot(0)
        first = _number(max(since, (last - SLOTS + 1) * SLOT_S))
        slots = [known.get(number, empty) for number in range(first, last + 1)]
        return Series(
            tuple(slot.sent / SLOT_S for slot in slots),
            tuple(slot.took_s / slot.answers if slot.answers else None for slot in slots),
            tuple(slot.delay_s / slot.ends if slot.ends else None for slot in slots),
        )


def _number(now: float) -> int:
    return int(now // SLOT_S)
