"""The state machine: which task is asked next, and what an answer changes. Pure: it is told the time.

`now` is monotonic seconds and decides when; `wall` is epoch seconds and is what a person is shown. A clock
that is set changes what is shown, never what is sent.

1. One request in flight per task; at most max(4, 2 × rate) overall, one below 1/s; a settled task is asked
   again only on request, an unknown one three times more.
2. No active task that is not backing off waits longer than its own interval + 1.25 × active ÷ rate.
3. A task in trouble backs off alone, for ever; the others go on.
4. If `due` has nothing now, `wake_at` is later than now, or nothing: the driver never spins.
5. Nothing here looks at all tasks, except a start and the end of a stop: taking up k of n more costs
   O(k log n).
"""

import math
from collections.abc import Iterable, Mapping
from random import Random

from tiwtui.api.answers import Answer, NoAnswer, Observed, Refused
from tiwtui.engine.circuit_breaker import Allowance, CircuitBreaker, concerns_others, may_be_the_tasks_own
from tiwtui.engine.flights import Flights
from tiwtui.engine.intervals import NOT_FOUND_GRACE_S, ON_SCREEN_S, SELECTED_S, resting_interval_s
from tiwtui.engine.rate_limit import DEFAULT, RateLimit
from tiwtui.engine.scheduler import Scheduler
from tiwtui.engine.statistics import Departure, ProcessingTimes, Statistics
from tiwtui.engine.status import Status, status_of
from tiwtui.engine.task_plan import TaskPlan
from tiwtui.engine.task_set import TaskSet
from tiwtui.engine.transitions import KEPT_DAYS, CheckResult, apply_answer, is_good, trouble_of
from tiwtui.model import Phase, Task, TaskRef, Trouble, TroubleKind, Video

_SETTLED = (Phase.READY, Phase.FAILED)
"""Phases in which a saved task is not asked about again unless a person asks: its plan is made then."""


class Watcher:
    """All watched tasks and the plan for checking them.

    `grace_s` is how old a task must be before `not_found` counts; `kept_days` how long the service keeps
    files, 0 for ever.
    """

    def __init__(
        self,
        *,
        budget: float = DEFAULT,
        random: Random | None = None,
        grace_s: float = NOT_FOUND_GRACE_S,
        kept_days: float = KEPT_DAYS,
        started_at: float = -math.inf,
    ) -> None:
        self._random = random or Random()
        self._grace_s = grace_s
        self._kept_days = kept_days
        self._task_set = TaskSet()
        self._plans: dict[TaskRef, TaskPlan] = {}
        self._processing_times = ProcessingTimes()
        self._clock_offset_s = 0.0
        self.rate_limit = RateLimit(budget)
        self.breaker = CircuitBreaker(self._random)
        self.statistics = Statistics(started_at)
        self.flights = Flights(self.breaker, self.rate_limit, self.statistics)
        self.scheduler = Scheduler(self.breaker.app_stopped_until)

    @property
    def tasks(self) -> Mapping[TaskRef, Task]:
        """The watched tasks in the order they were added. A task that changed is a new object."""
        return self._task_set.tasks

    @property
    def active(self) -> int:
        """How many tasks the service may still change."""
        return self._task_set.active

    @property
    def steps(self) -> int:
        """How many heap operations it took so far."""
        return self.scheduler.steps + self._task_set.steps

    def has_settled(self, ref: TaskRef) -> bool:
        """Whether nobody need wait for a task: no check is planned but a late one of an unknown id."""
        if ref not in self.tasks or ref in self.flights:
            return False
        is_unknown = self.tasks[ref].phase is Phase.NOT_FOUND and ref not in self.scheduler.asked
        return is_unknown or self.scheduler.due_at(ref) is None

    def typical_processing_s(self) -> float | None:
        """Return the median time in processing of the last 50 tasks, once there are ten."""
        return self._processing_times.typical_s()

    def interval_s(self, ref: TaskRef, now: float) -> float | None:
        """Return how old the plan lets an active task's answer become; `None` for a settled one."""
        task = self.tasks.get(ref)
        if task is None or not task.phase.is_active:
            return None
        return max(resting_interval_s(now - self._plans[ref].began), self.longest_wait_s(now))

    def longest_wait_s(self, now: float) -> float:
        """Return how long after its planned time a task may be checked (law 2)."""
        return 1.25 * self.active / self.rate_limit.allowed(now)

    def due_at(self, ref: TaskRef) -> float | None:
        """Return when a task is checked again at the soonest; `None` if that is not planned, or not known.

        While all is stopped, offline, or its application stopped, that is with the next probe.
        """
        due = self.scheduler.due_at(ref)
        if due is None or ref in self.scheduler.asked:
            return due
        if self.breaker.paused_by is not None:
            return None
        if self.breaker.stopped is not None or self.breaker.offline is not None:
            probe_at = self.breaker.probe_at()
            return None if probe_at is None else max(due, probe_at)
        stop = self.breaker.stopped_apps.get(ref.sdk_app_id)
        return due if stop is None else max(due, stop.probe_at)

    def take_changes(self) -> frozenset[TaskRef]:
        """Return the tasks that changed, came or went since the last call."""
        return self._task_set.take_changes()

    def status(self, now: float, wall: float) -> Status:
        """Return how the watching stands as a whole."""
        oldest_at = self._task_set.oldest_at
        return status_of(
            self.breaker,
            self.rate_limit,
            now,
            wall,
            active=self.active,
            rate=self.statistics.rate(now),
            throttled=self.statistics.throttled_lately(now),
            oldest_s=None if oldest_at is None else max(0.0, wall - oldest_at),
            clock_offset_s=self._clock_offset_s,
        )

    def load(self, tasks: Iterable[Task], now: float, wall: float) -> None:
        """Take up tasks as they were kept; those whose answer is oldest are asked first."""
        for task in self._task_set.take_up(tasks):
            if task.phase not in _SETTLED or task.checked_at is None:
                self._plan_first(task, now, wall)

    def add(self, ref: TaskRef, label: str | None, now: float, wall: float) -> bool:
        """Watch a task; return whether it is new. A label of `None` leaves a known one's as it is."""
        if ref in self.tasks:
            if label is not None:
                self.relabel(ref, label)
            return False
        self._take_up(Task(ref, wall, label or "", phase_since=wall), now, wall)
        if ref not in self.flights:
            self.scheduler.attended.put(ref, now)
        return True

    def absorb(self, task: Task, now: float, wall: float) -> None:
        """Take a task as another process knows it; one that nobody has checked is asked about soon."""
        before = self.tasks.get(task.ref)
        if before == task:
            return
        if before is not None and before.phase is Phase.PROCESSING and task.phase is Phase.READY:
            self._processing_times.add(now - self._plans[task.ref].began)
        self.scheduler.withdraw(task.ref)
        self._take_up(task, now, wall)
        if task.checked_at is None and task.ref not in self.flights:
            self.scheduler.attended.put(task.ref, now)

    def load_processing_times(self, seconds: Iterable[float]) -> None:
        """Take up how long tasks were processing before this start, the latest last."""
        self._processing_times.load(seconds)

    def remove(self, ref: TaskRef) -> Task | None:
        """Watch a task no more; an answer on its allowance is then dropped."""
        task = self._task_set.remove(ref)
        if task is not None:
            self._plans.pop(ref, None)
            self.scheduler.withdraw(ref)
        return task

    def relabel(self, ref: TaskRef, label: str) -> None:
        """Change a task's label."""
        self._task_set.change(ref, label=label)

    def mark_seen(self, refs: Iterable[TaskRef], wall: float) -> None:
        """Note that a person has looked at settled tasks."""
        for ref in refs:
            self._task_set.change(ref, seen_at=wall)

    def mark_taken(self, refs: Iterable[TaskRef], wall: float) -> None:
        """Note that the URLs of tasks were handed over."""
        for ref in refs:
            self._task_set.change(ref, taken_at=wall)

    def check_now(self, refs: Iterable[TaskRef], now: float) -> None:
        """Ask about tasks as soon as there is a slot, also settled ones; refused keys are read first."""
        self.breaker.read_keys_now(now)
        for ref in refs:
            if ref in self.tasks and ref not in self.flights:
                self.scheduler.asked.put(ref, now)

    def attend(self, selected: TaskRef | None, on_screen: Iterable[TaskRef], now: float) -> None:
        """Note what a person looks at: it is asked more often while that costs no other task its turn."""
        for ref in self.scheduler.look_at(selected, on_screen):
            self._plan_attended(ref, now)

    def pause(self, by: str, now: float) -> None:
        """Send nothing but what a person asks for."""
        self.breaker.pause(by, now)

    def resume(self, now: float) -> None:
        """Go on, and try again whatever was stopped."""
        self.breaker.reopen()
        self._give_another_chance(now)

    def due(self, now: float) -> TaskRef | None:
        """Return the task to prepare a check of now, if there is one and the budget will have room for it."""
        plan_at = self.flights.plan_at(now)
        if plan_at is None or now < plan_at:
            return None
        allowance = self._allowance(now)
        if allowance is Allowance.NOTHING:
            return None
        probe_at = self.breaker.probe_at()
        is_probe = allowance is Allowance.ONE_AT_A_TIME and probe_at is not None and now >= probe_at
        ref = self.scheduler.choose(now, asked_only=allowance is not Allowance.EVERYTHING and not is_probe)
        if ref is None:
            return None
        self.flights.plan(ref, now, reason=self.scheduler.chosen_for, is_asked=ref in self.scheduler.asked)
        self.scheduler.withdraw(ref)
        self._plan_of(ref, now).asked_at = now
        self.breaker.sent(ref, now)
        return ref

    def call_off(self, ref: TaskRef, now: float) -> None:
        """TaskPlan a check again that `due` named and that did not go out."""
        flight = self.flights.drop(ref)
        if flight is None or ref not in self.tasks:
            return
        self.scheduler.resting.put(ref, now)
        if flight.is_asked and self.breaker.stopped is None:
            self.scheduler.asked.put(ref, now)

    def wake_at(self, now: float) -> float | None:
        """Return when to ask `due` or `keys_are_due` again, or `None` if only news can change them."""
        sends_at, keys_at = self._sends_at(now), self.breaker.keys_at
        return min((at for at in (sends_at, keys_at) if at is not None), default=None)

    def keys_are_due(self, now: float) -> bool:
        """Whether the keys are to be read anew: they were refused, or there are none."""
        return self.breaker.keys_at is not None and now >= self.breaker.keys_at

    def keys_read(self, now: float, *, changed: bool) -> None:
        """Note that the keys were read again; with others, no task has a reason to wait."""
        self.breaker.keys_read(now, changed=changed)
        if changed:
            self._give_another_chance(now)

    def complete(
        self,
        ref: TaskRef,
        answer: Answer,
        now: float,
        wall: float,
        seen: tuple[Video, ...] | None = None,
    ) -> CheckResult | None:
        """Take in what a check brought; return what to save, or `None` if the task is no longer watched.

        `seen` are its saved videos, as in `finding`.
        """
        task, flight = self.tasks.get(ref), self.flights.land(ref, now)
        if task is None:
            result = None
            trouble = None if isinstance(answer, Observed) or is_good(answer) else trouble_of(answer, wall)
        else:
            result = apply_answer(
                task, answer, wall, grace_s=self._grace_s, kept_days=self._kept_days, seen=seen
            )
            trouble = result.task.trouble
        if flight is not None:
            departure = flight.departure or Departure(flight.reason, now, now - flight.planned_at)
            was_active = task is not None and task.phase.is_active
            self.statistics.answered(
                ref, departure, answer, trouble, result, now, wall, was_active=was_active
            )
        self._tell_breaker(ref, answer, trouble, now if flight is None else flight.sent_at, now)
        if task is not None and result is not None:
            self._accept(task, result, answer, now)
        return result

    def _accept(self, task: Task, result: CheckResult, answer: Answer, now: float) -> None:
        plan = self._plan_of(task.ref, now)
        if task.phase is Phase.PROCESSING and result.task.phase is Phase.READY:
            self._processing_times.add(now - plan.began)
        self._task_set.put(result.task)
        plan.note(result, now)
        is_corrected = isinstance(answer, Refused) and answer.clock_offset_s is not None
        self._plan_next(result.task, plan, now, is_corrected=is_corrected)

    def _take_up(self, task: Task, now: float, wall: float) -> None:
        self._task_set.put(task)
        self._plan_first(task, now, wall)

    def _plan_first(self, task: Task, now: float, wall: float) -> None:
        began = now - max(0.0, wall - (task.phase_since or task.added_at))
        checked = now if task.checked_at is None else now - max(0.0, wall - task.checked_at)
        plan = self._plans[task.ref] = TaskPlan(task, began, checked)
        if task.ref in self.flights:
            return
        if task.checked_at is None:
            self.scheduler.resting.put(task.ref, now)
        else:
            self._plan_next(task, plan, checked)

    def _plan_of(self, ref: TaskRef, now: float) -> TaskPlan:
        """Return a task's plan; one that was taken up as settled gets it with its first check."""
        plan = self._plans.get(ref)
        if plan is None:
            plan = self._plans[ref] = TaskPlan(self.tasks[ref], now, now)
        return plan

    def _sends_at(self, now: float) -> float | None:
        allowance = self._allowance(now)
        plan_at = self.flights.plan_at(now)
        if allowance is Allowance.NOTHING or plan_at is None:
            return None
        soonest = self.scheduler.soonest(asked_only=allowance is not Allowance.EVERYTHING)
        if allowance is Allowance.ONE_AT_A_TIME:
            probe_at, wanted_at = self.breaker.probe_at(), self.scheduler.soonest(asked_only=False)
            if probe_at is not None and wanted_at is not None:
                probe = max(probe_at, wanted_at)
                soonest = probe if soonest is None else min(soonest, probe)
        return None if soonest is None else max(soonest, self.rate_limit.look_again_at(plan_at, now))

    def _allowance(self, now: float) -> Allowance:
        allowance = self.breaker.allowance(now)
        return Allowance.NOTHING if allowance is Allowance.ONE_AT_A_TIME and len(self.flights) else allowance

    def _plan_next(self, task: Task, plan: TaskPlan, checked: float, *, is_corrected: bool = False) -> None:
        """Put a task where it belongs after a check at `checked`; a settled one stands nowhere."""
        next_at = plan.next_at(task, checked, self._random, is_corrected=is_corrected)
        if next_at is None:
            self.scheduler.withdraw(task.ref)
        else:
            self.scheduler.resting.put(task.ref, next_at)
            self._plan_attended(task.ref, checked)

    def _plan_attended(self, ref: TaskRef, now: float) -> None:
        plan, task = self._plans.get(ref), self.tasks.get(ref)
        if plan is None or task is None or not task.phase.is_active:
            return
        if plan.failures or ref in self.flights:
            return
        if ref == self.scheduler.selected:
            wait_s = SELECTED_S
        elif ref in self.scheduler.on_screen:
            wait_s = ON_SCREEN_S
        else:
            return
        self.scheduler.attended.put(ref, now if plan.asked_at is None else plan.asked_at + wait_s)

    def _tell_breaker(
        self, ref: TaskRef, answer: Answer, trouble: Trouble | None, sent_at: float, now: float
    ) -> None:
        if isinstance(answer, NoAnswer):
            assert trouble is not None
            self.breaker.unanswered(trouble, sent_at, now)
            return
        if self.breaker.answered(ref, sent_at, is_good=is_good(answer)):
            self._give_another_chance(now)
        if not isinstance(answer, Refused):
            return
        if answer.meaning is TroubleKind.THROTTLED:
            self.rate_limit.throttle(now)
        if answer.clock_offset_s is not None:
            self._clock_offset_s = answer.clock_offset_s
        if may_be_the_tasks_own(answer.code) and not self.breaker.has_been_answered:
            # Before this start, or to another process.
            self.breaker.has_been_answered = any(task.checked_at is not None for task in self.tasks.values())
        if trouble is not None and concerns_others(answer):
            self.breaker.refused(ref, trouble, sent_at, now)
            if self.breaker.stopped is not None:
                # A hundred manual checks would only be refused a hundred times.
                self.scheduler.asked.clear()

    def _give_another_chance(self, now: float) -> None:
        """Make tasks that wait for something that is over due at once; rate_limit spreads them."""
        for ref, plan in self._plans.items():
            due = self.scheduler.resting.due(ref)
            if (
                due is not None
                and due > now
                and (plan.failures or ref.sdk_app_id in self.breaker.reopened_apps)
            ):
                plan.failures = 0
                self.scheduler.resting.put(ref, now)
        self.breaker.reopened_apps.clear()
