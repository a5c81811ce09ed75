"""The state machine: which task is checked next, and what an answer changes. Pure.

`now` is monotonic seconds and decides when checks leave; `wall` is epoch seconds and is shown. Setting the
clock changes what is shown, never what is sent.

1. A task has at most one request in flight, all together at most max(4, 2 × rate), or one below 1/s.
   A settled task is checked again only on request, an unknown one three more times.
2. No active task that is not backing off waits longer than its own interval + 1.25 × active ÷ rate.
3. A task in trouble backs off alone and without end; the others continue.
4. If `due` has no task now, `wake_at` is later than now or `None`: the driver never spins.
5. Only a start and the end of a stop look at all tasks. Adding k tasks to n costs O(k log n).
"""

import math
from collections.abc import Iterable, Mapping
from random import Random

from tiwtui.api.answers import Answer, Refused
from tiwtui.budget import DEFAULT
from tiwtui.engine.circuit_breaker import Allowance, CircuitBreaker, concerns_others, may_be_the_tasks_own
from tiwtui.engine.flights import Flights
from tiwtui.engine.intervals import NOT_FOUND_GRACE_S, resting_interval_s
from tiwtui.engine.rate_limit import RateLimit
from tiwtui.engine.scheduler import Scheduler
from tiwtui.engine.statistics.progress import Batches
from tiwtui.engine.statistics.totals import ProcessingTimes, Statistics
from tiwtui.engine.status import Status, status_of
from tiwtui.engine.task_plan import TaskPlan
from tiwtui.engine.task_set import TaskSet
from tiwtui.engine.transitions import KEPT_DAYS, CheckResult, apply_answer
from tiwtui.model import Phase, Task, TaskRef, TroubleKind, Video

_SETTLED = (Phase.READY, Phase.FAILED)
"""Saved tasks in these phases are checked only on request, and get their plan then."""


class Watcher:
    """All watched tasks and the plan for checking them.

    `grace_s` is how old a task must be before `not_found` counts; `kept_days` is how long the service stores
    files, 0 without end. `started_at` is when this process started (monotonic).
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
        self.processing_times = ProcessingTimes()
        self._batches = Batches(self._task_set)
        self._clock_offset_s = 0.0
        self.rate_limit = RateLimit(budget)
        self.breaker = CircuitBreaker(self._random)
        self.statistics = Statistics(started_at)
        self.flights = Flights(self.breaker, self.rate_limit, self.statistics)
        self.scheduler = Scheduler(self.breaker.app_stopped_until)

    @property
    def tasks(self) -> Mapping[TaskRef, Task]:
        """The watched tasks in the order they were added. A changed task is a new object."""
        return self._task_set.tasks

    @property
    def active(self) -> int:
        """How many tasks the service may still change."""
        return self._task_set.active

    @property
    def steps(self) -> int:
        """The number of heap operations so far."""
        return self.scheduler.steps + self._task_set.steps

    def has_settled(self, ref: TaskRef) -> bool:
        """Whether no check of a task is planned, other than a late one of an unknown id."""
        if ref not in self.tasks or ref in self.flights:
            return False
        is_unknown = self.tasks[ref].phase is Phase.NOT_FOUND and ref not in self.scheduler.asked
        return is_unknown or self.scheduler.due_at(ref) is None

    def interval_s(self, ref: TaskRef, now: float) -> float | None:
        """Return the longest planned time between two checks of a task; `None` if it is settled."""
        task = self.tasks.get(ref)
        if task is None or not task.phase.is_active:
            return None
        return max(resting_interval_s(now - self._plans[ref].began), self.longest_wait_s(now))

    def longest_wait_s(self, now: float) -> float:
        """Return how long after its own interval a task may have to wait (law 2)."""
        return 1.25 * self.active / self.rate_limit.allowed(now)

    def due_at(self, ref: TaskRef) -> float | None:
        """Return the earliest time of a task's next check; `None` if none is planned or the time is unknown.

        While its checks are stopped or offline, that is the next probe.
        """
        due = self.scheduler.due_at(ref)
        if due is None or ref in self.scheduler.asked:
            return due
        return self.breaker.allowed_at(ref, due)

    def take_changes(self) -> frozenset[TaskRef]:
        """Return the tasks that were added, changed or removed since the last call."""
        return self._task_set.take_changes()

    def status(self, now: float, wall: float) -> Status:
        """Return the status of the watching as a whole."""
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
            silent_since=self.flights.silent_since(now),
            asking=self._batches.asking(self.rate_limit.allowed(now), now),
            settling=self._batches.settling(self.processing_times.typical_s(), now),
        )

    def load(self, tasks: Iterable[Task], now: float, wall: float) -> None:
        """Add saved tasks; those with the oldest answer are checked first."""
        for task in self._task_set.load(tasks):
            if task.phase not in _SETTLED:
                self._plan_first(task, now, wall)

    def add(self, ref: TaskRef, label: str | None, now: float, wall: float) -> bool:
        """Watch a task; return whether it is new. A label of `None` leaves a known label alone."""
        if ref in self.tasks:
            if label is not None:
                self.edit(ref, label=label)
            return False
        task = Task(ref, wall, label or "", phase_since=wall)
        self._task_set.put(task)
        self._plan_first(task, now, wall)
        if ref not in self.flights:
            self.scheduler.attended.put(ref, now)
        return True

    def absorb(self, task: Task, now: float, wall: float) -> None:
        """Replace a task by the state that another process saved; a task without a check is checked soon."""
        before = self.tasks.get(task.ref)
        if before == task:
            return
        if before is not None and before.phase is Phase.PROCESSING and task.phase is Phase.READY:
            self.processing_times.add(now - self._plans[task.ref].began)
        self.scheduler.withdraw(task.ref)
        self._task_set.put(task)
        self._plan_first(task, now, wall)
        if task.checked_at is None and task.ref not in self.flights:
            self.scheduler.attended.put(task.ref, now)

    def remove(self, ref: TaskRef) -> Task | None:
        """Stop watching a task; an answer that is still to come is dropped."""
        task = self._task_set.remove(ref)
        if task is not None:
            self._plans.pop(ref, None)
            self.scheduler.withdraw(ref)
        return task

    def edit(self, ref: TaskRef, **fields: object) -> None:
        """Change fields of a task that people set, such as its label, if it is watched."""
        self._task_set.change(ref, **fields)

    def check_now(self, refs: Iterable[TaskRef], now: float) -> None:
        """Check tasks in the next slots, also settled ones; refused keys are read again first."""
        self.breaker.read_keys_now(now)
        for ref in refs:
            if ref in self.tasks and ref not in self.flights:
                self.scheduler.asked.put(ref, now)

    def attend(self, selected: TaskRef | None, on_screen: Iterable[TaskRef], now: float) -> None:
        """Set the tasks that a person looks at: they are checked more often, within law 2."""
        for ref in self.scheduler.look_at(selected, on_screen):
            self._plan_attended(ref, now)

    def pause(self, by: str, now: float, until: float | None = None) -> None:
        """Send only manual checks."""
        self.breaker.pause(by, now, until)

    def end_pause(self, now: float) -> None:
        """Continue, as far as no trouble stops the checks."""
        self.breaker.end_pause()
        self.measure_from(now)

    def resume(self, now: float) -> None:
        """Continue, and try again what was stopped."""
        self.breaker.reopen()
        self.measure_from(now)
        self._retry_waiting(now)

    def due(self, now: float) -> TaskRef | None:
        """Return the task whose check is to be prepared now, if any, and mark it in flight."""
        plan_at = self.flights.plan_at(now)
        if plan_at is None or now < plan_at:
            return None
        allowance = self.flights.allowance(now)
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
        """Plan a check again that did not leave."""
        flight = self.flights.drop(ref)
        if flight is None or ref not in self.tasks:
            return
        self.scheduler.resting.put(ref, now)
        if flight.is_asked and self.breaker.stopped is None:
            self.scheduler.asked.put(ref, now)

    def wake_at(self, now: float) -> float | None:
        """Return when to call `due` or `keys_are_due` again; `None` if only an event can change them."""
        times = (self._sends_at(now), self.breaker.keys_at)
        return min((at for at in times if at is not None), default=None)

    def keys_are_due(self, now: float) -> bool:
        """Whether to read the keys again: they were refused, or there are none."""
        return self.breaker.keys_at is not None and now >= self.breaker.keys_at

    def keys_read(self, now: float, *, changed: bool) -> None:
        """Note that the keys were read again; with changed keys all waiting tasks are tried."""
        self.breaker.keys_read(now, changed=changed)
        if changed:
            self._retry_waiting(now)

    def complete(
        self, ref: TaskRef, answer: Answer, now: float, wall: float, seen: tuple[Video, ...] | None = None
    ) -> CheckResult | None:
        """Apply an answer; return what to save, or `None` if the task is no longer watched.

        `seen` are its saved videos, as in `apply_answer`.
        """
        before, flight = self.tasks.get(ref), self.flights.land(ref, now)
        task, grace_s = before or Task(ref, wall), self._grace_s
        result = apply_answer(task, answer, wall, grace_s=grace_s, kept_days=self._kept_days, seen=seen)
        if flight is not None:
            self.statistics.answered(flight.departed(now), answer, result, before, now, wall)
        self._note(answer, result.task, now if flight is None else flight.sent_at, now)
        if before is None:
            return None
        plan = self._plan_of(ref, now)
        if before.phase is Phase.PROCESSING and result.task.phase is Phase.READY:
            self.processing_times.add(now - plan.began)
        self._task_set.put(result.task)
        plan.note(result, now)
        is_corrected = isinstance(answer, Refused) and answer.clock_offset_s is not None
        self._plan_next(result.task, plan, now, is_corrected=is_corrected)
        return result

    def measure_from(self, now: float) -> None:
        """Forget how fast it went: something changed that this says nothing about."""
        self.statistics.begin_rate(now)
        self._batches.measure_again()

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
        """Return a task's plan; a saved settled task gets one with its first check."""
        plan = self._plans.get(ref)
        if plan is None:
            plan = self._plans[ref] = TaskPlan(self.tasks[ref], now, now)
        return plan

    def _sends_at(self, now: float) -> float | None:
        allowance = self.flights.allowance(now)
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

    def _plan_next(self, task: Task, plan: TaskPlan, checked: float, *, is_corrected: bool = False) -> None:
        """Queue a task for its next check after one at `checked`, if there is a next one."""
        next_at = plan.next_at(task, checked, self._random, is_corrected=is_corrected)
        if next_at is None:
            self.scheduler.withdraw(task.ref)
        else:
            self.scheduler.resting.put(task.ref, next_at)
            self._plan_attended(task.ref, checked)

    def _plan_attended(self, ref: TaskRef, now: float) -> None:
        plan, task = self._plans.get(ref), self.tasks.get(ref)
        if plan is None or task is None or plan.failures or ref in self.flights:
            return
        if task.phase.is_active:
            self.scheduler.attend(ref, plan.asked_at, now)

    def _note(self, answer: Answer, task: Task, sent_at: float, now: float) -> None:
        """Tell the circuit breaker and the rate limit about an answer; `task` is the task after it."""
        if isinstance(answer, Refused):
            if answer.meaning is TroubleKind.THROTTLED:
                self.rate_limit.throttle(now)
            if answer.clock_offset_s is not None:
                self._clock_offset_s = answer.clock_offset_s
            if may_be_the_tasks_own(answer.code) and not self.breaker.has_been_answered:
                # Before this start, or to another process.
                self.breaker.has_been_answered = any(t.checked_at is not None for t in self.tasks.values())
        if self.breaker.landed(task.ref, answer, task.trouble, sent_at, now):
            self._retry_waiting(now)
        if self.breaker.stopped is not None and isinstance(answer, Refused) and concerns_others(answer):
            # A hundred manual checks would only be refused a hundred times.
            self.scheduler.asked.clear()

    def _retry_waiting(self, now: float) -> None:
        """Make tasks due now that waited for something that is over; the rate limit spreads them."""
        apps = self.breaker.reopened_apps
        for ref, plan in self._plans.items():
            due = self.scheduler.resting.due(ref)
            if due is not None and due > now and (plan.failures or ref.sdk_app_id in apps):
                plan.failures = 0
                self.scheduler.resting.put(ref, now)
        apps.clear()
