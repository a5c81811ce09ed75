"""The diagnostics of the checking as one value, for the dialog and for a support ticket.

1. The cost does not grow with the number of tasks. Only one part goes through the active ones: at most once
   in `REFRESH_S`, and over an even sample of `SAMPLED` tasks if there are more.
"""

import msgspec

from tiwtui.coordination.peers import Sharers
from tiwtui.engine.intervals import ON_SCREEN_S, SELECTED_S, resting_interval_s
from tiwtui.engine.scheduler import Reason
from tiwtui.engine.statistics.recent import Series
from tiwtui.engine.statistics.totals import LONG_S, SHORT_S, Check, Delay, Interruption, TroubleCount
from tiwtui.engine.status import Status
from tiwtui.engine.watcher import Watcher
from tiwtui.model import StateFile, TaskRef

REFRESH_S = 5.0
SAMPLED = 5_000


class Rate(msgspec.Struct, frozen=True):
    """Checks per second of one kind: wanted, and sent in the last ten seconds and the last minute.

    `wanted` is what the intervals of the tasks require without a budget; `None` if not applicable.
    """

    reason: Reason
    wanted: float | None
    short: float
    long: float


class Load(msgspec.Struct, frozen=True):
    """How much there is to do, and how far behind it is, in tasks and seconds.

    `due` is the number of tasks whose check is due, `over_bound` of those that are more than `bound_s` late,
    `backing_off` of those in trouble and checked less often, `asked` of manual checks that wait.
    `late_s` is the longest delay of the last checks against their plan.
    """

    active: int
    due: int
    over_bound: int
    backing_off: int
    asked: int
    longest_overdue_s: float
    bound_s: float
    late_s: float
    under_way: int
    oldest_under_way_s: float


class Diagnostics(msgspec.Struct, frozen=True):
    """The diagnostics at one time; `file` is `None` if nothing is saved, `delay` until a task has settled."""

    status: Status
    sharers: Sharers
    running_s: float
    rates: tuple[Rate, ...]
    load: Load
    delay: Delay | None
    left: int
    answered: int
    troubles: tuple[TroubleCount, ...]
    interruptions: tuple[Interruption, ...]
    checks: tuple[Check, ...]
    file: StateFile | None
    series: Series = Series()


class Demand(msgspec.Struct, frozen=True):
    """The checks that the active tasks require at a time `at` (monotonic)."""

    at: float
    wanted: dict[Reason, float]
    due: int
    over_bound: int
    backing_off: int


def demand(watcher: Watcher, now: float, wall: float, most: int = SAMPLED) -> Demand:
    """Return the checks that the active tasks require, estimated from `most` tasks if there are more."""
    schedule, every = watcher.scheduler, 1 + len(watcher.scheduler.resting) // most
    selected, looked_at = schedule.selected, schedule.on_screen - {schedule.selected}
    resting = 0.0
    due = over_bound = backing_off = 0
    latest = now - watcher.longest_wait_s(now)
    for ref, due_at in schedule.resting.sample(every):
        task = watcher.tasks[ref]
        if due_at <= now:
            due += 1
            over_bound += due_at < latest and task.trouble is None
        if task.trouble is not None:
            backing_off += 1
        elif task.phase.is_active and ref not in looked_at and ref != selected:
            resting += 1 / resting_interval_s(wall - (task.phase_since or task.added_at))
    wanted = {
        Reason.SELECTED: (selected is not None and _wants(watcher, selected)) / SELECTED_S,
        Reason.ON_SCREEN: sum(_wants(watcher, ref) for ref in looked_at) / ON_SCREEN_S,
        Reason.RESTING: resting * every,
    }
    return Demand(
        now,
        wanted,
        due * every,
        over_bound * every,
        backing_off * every,
    )


def _wants(watcher: Watcher, ref: TaskRef) -> bool:
    task = watcher.tasks.get(ref)
    return task is not None and task.phase.is_active and task.trouble is None


class Survey:
    """Makes the diagnostics of an engine."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._demand: Demand | None = None

    def look(
        self, status: Status, sharers: Sharers, file: StateFile | None, now: float, wall: float
    ) -> Diagnostics:
        """Return the diagnostics at `now` (monotonic) and `wall` (epoch)."""
        if self._demand is None or not 0.0 <= now - self._demand.at < REFRESH_S:
            self._demand = demand(self._watcher, now, wall)
        statistics, wanted = self._watcher.statistics, self._demand.wanted
        statistics.note_mode(self._watcher.breaker, wall)
        short, long = statistics.rates(SHORT_S, now), statistics.rates(LONG_S, now)
        return Diagnostics(
            status=status,
            sharers=sharers,
            running_s=max(0.0, now - statistics.since),
            rates=tuple(Rate(reason, wanted.get(reason), short[reason], long[reason]) for reason in Reason),
            load=self._load(self._demand, now),
            delay=statistics.delay(),
            left=statistics.answered_count + self._watcher.flights.sent,
            answered=statistics.answered_count,
            troubles=statistics.troubles(now),
            interruptions=statistics.interruptions,
            checks=statistics.checks,
            file=file,
            series=statistics.recent.series(statistics.since, now),
        )

    def _load(self, demand: Demand, now: float) -> Load:
        watcher, statistics = self._watcher, self._watcher.statistics
        first = watcher.scheduler.resting.first()
        return Load(
            active=watcher.active,
            due=demand.due,
            over_bound=demand.over_bound,
            backing_off=demand.backing_off,
            asked=len(watcher.scheduler.asked),
            longest_overdue_s=0.0 if first is None else max(0.0, now - first[0]),
            bound_s=watcher.longest_wait_s(now),
            late_s=max((check.late_s for check in statistics.checks), default=0.0),
            under_way=watcher.flights.sent,
            oldest_under_way_s=watcher.flights.oldest_sent_s(now),
        )
