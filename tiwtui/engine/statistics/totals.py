"""Statistics of the checks, for the header and the diagnostics. Pure.

`now` is monotonic seconds and measures; `wall` is epoch seconds and is shown.

1. The memory in use is bounded: the last fifty checks, a minute of departures, five minutes of throttled
   checks, ten minutes of trouble and of slots, the last ten interruptions and the last two hundred ends.
   Foreign text is cut to `LONGEST` characters.
2. The troubles add up to the checks that brought no news, and the checks to the answers.
3. Only the code and the RequestId of an answer are saved, never headers or keys.
"""

import math
from collections import Counter, deque
from collections.abc import Collection, Iterable
from statistics import median
from typing import assert_never

import msgspec

from tiwtui.api.answers import Answer, Garbled, NoAnswer, Observed, Refused
from tiwtui.budget import HIGHEST
from tiwtui.engine.circuit_breaker import CircuitBreaker
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.statistics.recent import Recent
from tiwtui.engine.status import Mode
from tiwtui.engine.transitions import CheckResult
from tiwtui.model import Phase, Task, TaskRef, TroubleKind

KEPT = 50
ENDS = 200
MOST_INTERRUPTIONS = 10
LONGEST = 120
RECENT_MINUTES = 10
LONG_S = 60.0
SHORT_S = 10.0
LATELY_S = 300.0
"""Throttled checks are counted as recent for this long."""

_TIMES = 50
_FEWEST_TIMES = 10
_ENDED = frozenset({Phase.READY, Phase.EMPTY, Phase.FAILED})
"""How a generation ends. `not_found` is not an end: nothing ever began."""


class Departure(msgspec.Struct, frozen=True):
    """When a check first left (monotonic), why it was made and how far behind its plan it was."""

    reason: Reason
    at: float
    late_s: float


class Check(msgspec.Struct, frozen=True):
    """One finished check.

    `left_at` is in epoch seconds, `late_s` how far behind its plan it left, `took_s` the time until its
    answer was read. `phase` is the task's phase after it, `None` if the check brought trouble; `code` is its
    code.
    """

    ref: TaskRef
    reason: Reason
    left_at: float
    late_s: float
    took_s: float
    phase: Phase | None
    trouble: TroubleKind | None
    code: str
    request_id: str


class TroubleCount(msgspec.Struct, frozen=True):
    """How often one kind of trouble occurred: since the start, in the last ten minutes, and when last."""

    kind: TroubleKind
    total: int
    recent: int
    last_at: float
    last_code: str


class Delay(msgspec.Struct, frozen=True):
    """Windows in which the last tasks ended, in seconds: from the last check that saw a task active to the
    first one that saw its end. The news of an end is at most as old as its window.
    """

    ends: int
    median_s: float
    p95_s: float


class Interruption(msgspec.Struct, frozen=True):
    """A time in which some checks could not leave, in epoch seconds; `ended_at` is `None` while it lasts."""

    mode: Mode
    code: str
    began_at: float
    ended_at: float | None = None


class ProcessingTimes:
    """How long the last fifty ready tasks were processing, in seconds."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_TIMES)

    def add(self, seconds: float) -> None:
        """Add the time of one task."""
        self._times.append(max(0.0, seconds))

    def load(self, seconds: Iterable[float]) -> None:
        """Add times from before this start, the latest last."""
        self._times.extend(seconds)

    def typical_s(self) -> float | None:
        """Return the median time, `None` before there are ten."""
        return median(self._times) if len(self._times) >= _FEWEST_TIMES else None

    def p95_s(self) -> float | None:
        """Return the 95th percentile, `None` before there are ten."""
        return percentile_95(self._times) if len(self._times) >= _FEWEST_TIMES else None


class Statistics:
    """Statistics of one process's checks since `since` (monotonic)."""

    def __init__(self, since: float) -> None:
        self.since = since
        self._rate_since = since
        self.answered_count = 0
        self.recent = Recent()
        self._departures: deque[tuple[float, Reason]] = deque(maxlen=int(HIGHEST * LONG_S) + 1)
        self._throttled: deque[float] = deque(maxlen=int(HIGHEST * LATELY_S) + 1)
        self._checks: deque[Check] = deque(maxlen=KEPT)
        self._troubles: dict[TroubleKind, TroubleCount] = {}
        self._minutes: deque[tuple[int, Counter[TroubleKind]]] = deque(maxlen=RECENT_MINUTES)
        self._windows: deque[float] = deque(maxlen=ENDS)
        self._interruptions: deque[Interruption] = deque(maxlen=MOST_INTERRUPTIONS)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The last checks, the latest first."""
        return tuple(reversed(self._checks))

    @property
    def interruptions(self) -> tuple[Interruption, ...]:
        """The last interruptions, the latest first."""
        return tuple(reversed(self._interruptions))

    def departed(self, reason: Reason, now: float) -> None:
        """Count a request that leaves."""
        self._departures.append((now, reason))
        self.recent.at(now).sent += 1

    def answered(
        self,
        departure: Departure,
        answer: Answer,
        result: CheckResult,
        before: Task | None,
        now: float,
        wall: float,
    ) -> None:
        """Add a finished check; `before` is the task before it, `None` if it is no longer watched."""
        self.answered_count += 1
        trouble = None if result.task.trouble is None else result.task.trouble.kind
        code, took_s = _code(answer)[:LONGEST], max(0.0, now - departure.at)
        slot = self.recent.at(now)
        slot.answers, slot.took_s = slot.answers + 1, slot.took_s + took_s
        self._checks.append(
            Check(
                result.ref,
                departure.reason,
                wall - took_s,
                departure.late_s,
                took_s,
                None if before is None or trouble is not None else result.task.phase,
                trouble,
                code,
                _request_id(answer)[:LONGEST],
            )
        )
        if trouble is not None:
            self._count(trouble, code, now, wall)
        if before is not None and before.phase.is_active:
            self._note_end(result, now)

    def note_mode(self, breaker: CircuitBreaker, wall: float) -> None:
        """Note whether all checks may leave."""
        mode, code = Mode.LIVE, ""
        if breaker.paused_by is not None:
            mode = Mode.PAUSED
        elif breaker.stopped is not None:
            mode, code = Mode.STOPPED, breaker.stopped.trouble.code
        elif breaker.offline is not None:
            mode, code = Mode.OFFLINE, breaker.offline.trouble.code
        last = self._interruptions[-1] if self._interruptions else None
        current = last.mode if last is not None and last.ended_at is None else Mode.LIVE
        if mode is current:
            return
        if last is not None and last.ended_at is None:
            self._interruptions[-1] = msgspec.structs.replace(last, ended_at=wall)
        if mode is not Mode.LIVE:
            self._interruptions.append(Interruption(mode, code[:LONGEST], wall))

    def rate(self, now: float) -> float:
        """Return the requests a second of the last ten seconds, or since `begin_rate` where that is later."""
        over_s = min(SHORT_S, max(0.0, now - self._rate_since))
        return sum(self._counts(over_s, now).values()) / max(1.0, over_s)

    def begin_rate(self, now: float) -> None:
        """Measure the rate from now on: what it was before says nothing about what holds now."""
        self._rate_since = now

    def rates(self, seconds: float, now: float) -> dict[Reason, float]:
        """Return the requests a second of the last `seconds` (a minute at most) by reason."""
        # A program that has just started is measured over the time since then.
        over_s = max(1.0, min(seconds, now - self.since))
        return {reason: count / over_s for reason, count in self._counts(seconds, now).items()}

    def throttled_lately(self, now: float) -> int:
        """Return how many checks were throttled in the last five minutes."""
        while self._throttled and self._throttled[0] <= now - LATELY_S:
            self._throttled.popleft()
        return len(self._throttled)

    def troubles(self, now: float) -> tuple[TroubleCount, ...]:
        """Return how often each kind of trouble occurred, the most frequent first."""
        recent: Counter[TroubleKind] = Counter()
        for minute, counts in self._minutes:
            if minute > _minute(now) - RECENT_MINUTES:
                recent += counts
        counted = (
            msgspec.structs.replace(count, recent=recent[count.kind]) for count in self._troubles.values()
        )
        return tuple(sorted(counted, key=lambda count: (-count.total, count.kind)))

    def delay(self) -> Delay | None:
        """Return how soon the last ends were seen; `None` before there is one."""
        if not self._windows:
            return None
        return Delay(len(self._windows), median(self._windows), percentile_95(self._windows))

    def _counts(self, seconds: float, now: float) -> dict[Reason, int]:
        counts = dict.fromkeys(Reason, 0)
        for at, reason in reversed(self._departures):
            if at <= now - seconds:
                break
            counts[reason] += 1
        return counts

    def _count(self, kind: TroubleKind, code: str, now: float, wall: float) -> None:
        before = self._troubles.get(kind)
        total = 1 if before is None else before.total + 1
        self._troubles[kind] = TroubleCount(kind, total, 0, wall, code)
        if not self._minutes or self._minutes[-1][0] != _minute(now):
            self._minutes.append((_minute(now), Counter()))
        self._minutes[-1][1][kind] += 1
        if kind is TroubleKind.THROTTLED:
            self._throttled.append(now)

    def _note_end(self, result: CheckResult, now: float) -> None:
        between = result.task.settled_between
        if not result.has_settled or result.task.phase not in _ENDED or between is None:
            return
        # A window that began before this process says nothing about its checks. A negative one means that the
        # clock was set.
        watched_s, window_s = now - self.since, between[1] - between[0]
        if 0.0 <= window_s <= watched_s:
            self._windows.append(window_s)
            slot = self.recent.at(now)
            slot.ends, slot.delay_s = slot.ends + 1, slot.delay_s + window_s


def percentile_95(values: Collection[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def _minute(now: float) -> int:
    return int(now // 60)


def _code(answer: Answer) -> str:
    match answer:
        case Observed():
            return ""
        case Refused() | NoAnswer() | Garbled():
            return answer.code
        case _ as unreachable:
            assert_never(unreachable)


def _request_id(answer: Answer) -> str:
    return "" if isinstance(answer, NoAnswer) else answer.request_id
