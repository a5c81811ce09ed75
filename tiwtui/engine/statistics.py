"""The book of the checks that went out. Pure: it is told the time.

`now` is monotonic seconds and measures; `wall` is epoch seconds and is what a person is shown.

1. It never grows: it holds the last fifty checks, a minute of departures, ten minutes of trouble, the last
   ten stops and the last two hundred ends, and of foreign text no more than `LONGEST` characters.
2. An entry costs as little beside a hundred thousand tasks as beside one.
3. Each check that left is answered, withheld or still under way.
4. Of an answer it takes the code and the RequestId. Headers and keys do not come near it.
"""

import math
from collections import Counter, deque
from dataclasses import dataclass, replace
from statistics import median
from typing import assert_never

from tiwtui.api.answers import Answer, Garbled, NoAnswer, Observed, Refused
from tiwtui.engine.circuit_breaker import CircuitBreaker
from tiwtui.engine.rate_limit import HIGHEST
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.status import Mode
from tiwtui.engine.transitions import CheckResult, trouble_of
from tiwtui.model import Phase, TaskRef, TroubleKind

KEPT = 50
ENDS = 200
MOST_INTERRUPTIONS = 10
LONGEST = 120
RECENT_MINUTES = 10
LONG_S = 60.0
SHORT_S = 10.0

_ENDED = frozenset({Phase.READY, Phase.EMPTY, Phase.FAILED})
"""How a generation ends. `not_found` is no end: nothing ever began."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check that was answered, or to which no answer came.

    `left_at` is in epoch seconds, `late_s` how far behind its plan it left, `took_s` until the answer was
    read. `phase` is the task's after it; `trouble` says that it brought no news, and `code` which.
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


@dataclass(frozen=True, slots=True)
class TroubleCount:
    """How often one kind of trouble came: since the start, in the last ten minutes, and when last."""

    kind: TroubleKind
    total: int
    recent: int
    last_at: float
    last_code: str


@dataclass(frozen=True, slots=True)
class Delay:
    """The windows in which the last tasks ended, in seconds: from the last look at which one was active to
    the first that saw its end. The end lay somewhere inside, so its news is no older than the window.
    """

    ends: int
    median_s: float
    p95_s: float


@dataclass(frozen=True, slots=True)
class Interruption:
    """A time in which not everything was sent, in epoch seconds; `ended_at` None is still so."""

    mode: Mode
    code: str
    began_at: float
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class _UnderWay:
    reason: Reason
    left: float
    left_at: float
    late_s: float


class Statistics:
    """What happened to the checks of one process since `since` (monotonic)."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.left_count = 0
        self.answered_count = 0
        self.withheld_count = 0
        self._under_way: dict[TaskRef, _UnderWay] = {}
        self._departures: deque[tuple[float, Reason]] = deque(maxlen=int(HIGHEST * LONG_S) + 1)
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
        """The last stops, the latest first."""
        return tuple(reversed(self._interruptions))

    @property
    def under_way(self) -> int:
        """How many checks left and are not answered yet."""
        return len(self._under_way)

    def left(self, ref: TaskRef, reason: Reason, now: float, wall: float, *, late_s: float = 0.0) -> None:
        """Note that a check leaves, `late_s` behind its plan."""
        self.left_count += 1
        self._under_way[ref] = _UnderWay(reason, now, wall, max(0.0, late_s))
        self._departures.append((now, reason))

    def withheld(self, ref: TaskRef) -> None:
        """Note that a check did not leave after all."""
        sent = self._under_way.pop(ref, None)
        if sent is not None:
            self.withheld_count += 1
            departure = (sent.left, sent.reason)
            if departure in self._departures:
                self._departures.remove(departure)

    def answered(
        self,
        ref: TaskRef,
        answer: Answer,
        found: CheckResult | None,
        now: float,
        wall: float,
        *,
        was_active: bool,
    ) -> None:
        """Note what came of a check: `found` is `None` where the task is watched no more, and `was_active`
        says whether its end was still to come.
        """
        sent = self._under_way.pop(ref, None)
        if sent is None:
            return
        self.answered_count += 1
        trouble = _trouble_kind(answer, found, wall)
        code = _code(answer)[:LONGEST]
        self._checks.append(
            Check(
                ref,
                sent.reason,
                sent.left_at,
                sent.late_s,
                max(0.0, now - sent.left),
                None if found is None or trouble is not None else found.task.phase,
                trouble,
                code,
                _request_id(answer)[:LONGEST],
            )
        )
        if trouble is not None:
            self._count(trouble, code, now, wall)
        if found is not None and was_active:
            self._note_end(found, now)

    def stands(self, breaker: CircuitBreaker, wall: float) -> None:
        """Note whether everything may be sent."""
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
            self._interruptions[-1] = replace(last, ended_at=wall)
        if mode is not Mode.LIVE:
            self._interruptions.append(Interruption(mode, code[:LONGEST], wall))

    def sent_in(self, seconds: float, now: float) -> dict[Reason, float]:
        """Return the checks a second of the last `seconds` (a minute at most), by why they were made."""
        counts = dict.fromkeys(Reason, 0)
        for at, reason in self._departures:
            if now - seconds < at:
                counts[reason] += 1
        # A program just started has no minute to look back on.
        over_s = max(1.0, min(seconds, now - self.since))
        return {reason: count / over_s for reason, count in counts.items()}

    def troubles(self, now: float) -> tuple[TroubleCount, ...]:
        """Return how often each kind of trouble came, the most frequent first."""
        recent: Counter[TroubleKind] = Counter()
        for minute, counts in self._minutes:
            if minute > _minute(now) - RECENT_MINUTES:
                recent += counts
        counted = (replace(count, recent=recent[count.kind]) for count in self._troubles.values())
        return tuple(sorted(counted, key=lambda count: (-count.total, count.kind)))

    def delay(self) -> Delay | None:
        """Return how soon the last ends were seen; `None` before there is one."""
        if not self._windows:
            return None
        ordered = sorted(self._windows)
        return Delay(len(ordered), median(ordered), ordered[math.ceil(0.95 * len(ordered)) - 1])

    def oldest_under_way_s(self, now: float) -> float:
        """Return how long the check that left first of those under way is gone."""
        return max((now - sent.left for sent in self._under_way.values()), default=0.0)

    def _count(self, kind: TroubleKind, code: str, now: float, wall: float) -> None:
        before = self._troubles.get(kind)
        total = 1 if before is None else before.total + 1
        self._troubles[kind] = TroubleCount(kind, total, 0, wall, code)
        if not self._minutes or self._minutes[-1][0] != _minute(now):
            self._minutes.append((_minute(now), Counter()))
        self._minutes[-1][1][kind] += 1

    def _note_end(self, found: CheckResult, now: float) -> None:
        between = found.task.settled_between
        if not found.has_settled or found.task.phase not in _ENDED or between is None:
            return
        # A window that began before this process did says when it was started, not how it watches; one that
        # runs backwards, that the clock was set.
        watched_s, window_s = now - self.since, between[1] - between[0]
        if 0.0 <= window_s <= watched_s:
            self._windows.append(window_s)


def _minute(now: float) -> int:
    return int(now // 60)


def _trouble_kind(answer: Answer, found: CheckResult | None, wall: float) -> TroubleKind | None:
    if found is not None:
        return None if found.task.trouble is None else found.task.trouble.kind
    if isinstance(answer, Observed) or (
        isinstance(answer, Refused) and not isinstance(answer.meaning, TroubleKind)
    ):
        return None
    return trouble_of(answer, wall).kind


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
