"""The circuit breaker: which checks may leave, and what stops them. Pure; times are monotonic seconds.

1. Ten seconds and at least five checks without any answer mean *offline*: then one probe at a time, at
   growing intervals, until any answer comes.
2. A refusal that concerns every check (credentials, permission, configuration, a clock that cannot be
   corrected) *stops* all checks. Refused keys are read again and tried once more first. The refusal of one
   application stops only its own tasks.
3. A stop lets manual checks through, one at a time, and a probe every ten minutes: somebody may pay a bill
   or grant a permission. A good answer to a check sent after the stop ends it. Refused keys are probed
   sooner, at growing intervals: they can become valid without changing.
4. If several processes share a watch list, nothing is sent after `sends_until`. The sender extends it each
   time it has renewed its lease.
"""

import math
from dataclasses import dataclass, field
from enum import Enum
from random import Random

from tiwtui.api.answers import Answer, NoAnswer, Observed, Refused
from tiwtui.api.errors import Verdict
from tiwtui.engine.intervals import probe_s
from tiwtui.model import TaskRef, Trouble, TroubleKind

OFFLINE_AFTER_S = 10.0
OFFLINE_AFTER_CHECKS = 5
STOPPED_PROBE_S = 600.0
KEY_PROBES_S = (30.0, 60.0, 120.0, 300.0)
"""Waits between the probes of refused keys; the last one is repeated."""
CLOCK_PROBE_S = 30.0
OFFLINE_PROBE_S = 30.0
PROBE_LASTS_S = 30.0
"""Longer than any exchange and its wait for a slot: until then a probe may still be answered."""
MISFITS = 2
KEYS_AGAIN_S = 30.0

_STOPPING = frozenset({TroubleKind.CREDENTIALS, TroubleKind.PERMISSION, TroubleKind.CONFIG, TroubleKind.APP})


def may_be_the_tasks_own(code: str) -> bool:
    """Whether the service gives this code both for one strange task id and for a wrong setting."""
    return code.partition(".")[0] in ("InvalidParameter", "InvalidParameterValue")


def is_good(answer: Answer) -> bool:
    """Whether an answer is about the task: its state, or a verdict."""
    return isinstance(answer, Observed) or (
        isinstance(answer, Refused) and isinstance(answer.meaning, Verdict)
    )


def concerns_others(answer: Refused) -> bool:
    """Whether other checks may be refused for the same reason."""
    if answer.meaning is TroubleKind.CLOCK:
        return answer.clock_offset_s is None
    return answer.meaning in _STOPPING


class Allowance(Enum):
    """Which checks may leave."""

    NOTHING = "nothing"
    MANUAL = "what is asked for by hand"
    ONE_AT_A_TIME = "one at a time: what is asked for by hand, or a probe that is due"
    EVERYTHING = "everything"


@dataclass(slots=True)
class Stop:
    """Why and since when nothing is sent, and when the next probe may be sent (monotonic)."""

    trouble: Trouble
    at: float
    probe_at: float


@dataclass(slots=True)
class CircuitBreaker:
    """Decides which checks may leave.

    `paused_by` names who paused, `paused_until` is when the pause ends by itself; `stopped_apps` are the
    applications that are refused, `reopened_apps` those accepted again whose tasks are not planned yet.
    `keys_at` is when the driver must read the keys again. `has_been_answered` is whether any task ever had a
    good answer, `answered_at` when the last check was answered in any way.
    """

    random: Random
    paused_by: str | None = None
    paused_at: float | None = None
    paused_until: float | None = None
    offline: Stop | None = None
    stopped: Stop | None = None
    stopped_apps: dict[int, Stop] = field(default_factory=dict)
    reopened_apps: set[int] = field(default_factory=set)
    has_keys: bool = True
    keys_at: float | None = None
    sends_until: float = math.inf
    probing_until: float = -math.inf
    has_been_answered: bool = False
    answered_at: float = -math.inf
    _misfits: set[TaskRef] = field(default_factory=set)
    _silent_from: float | None = None
    _silent_checks: int = 0
    _probes: int = 0
    _keys_tried_again: bool = False
    _key_probes: int = 0

    def allowance(self, now: float) -> Allowance:
        """Return which checks may leave now."""
        if not self.has_keys or now > self.sends_until:
            return Allowance.NOTHING
        if self.paused_by is not None:
            return Allowance.MANUAL
        return (
            Allowance.EVERYTHING if self.stopped is None and self.offline is None else Allowance.ONE_AT_A_TIME
        )

    def is_fit_to_send(self, now: float) -> bool:
        """Whether there are keys that were not refused twice."""
        if not self.has_keys or self.stopped is None:
            return self.has_keys
        is_refused = self.stopped.trouble.kind is TroubleKind.CREDENTIALS and self._keys_tried_again
        return not is_refused or now >= self.stopped.probe_at or now < self.probing_until

    def sent(self, ref: TaskRef, now: float) -> None:
        """Note that a check is sent: it is the probe of every stop that waits for one."""
        for stop in (self.stopped, self.offline, self.stopped_apps.get(ref.sdk_app_id)):
            if stop is not None and now >= stop.probe_at:
                self._key_probes += stop.trouble.kind is TroubleKind.CREDENTIALS
                wait_s = OFFLINE_PROBE_S if stop is self.offline else self._wait_s(stop.trouble)
                stop.probe_at = now + wait_s
                self.probing_until = now + PROBE_LASTS_S

    def stops(self, ref: TaskRef) -> tuple[Stop | None, ...]:
        """Return the stops that concern a task now; a pause or a lost lease is not a stop."""
        return self.stopped, self.offline, self.stopped_apps.get(ref.sdk_app_id)

    def silence(self) -> tuple[float | None, int]:
        """Return since when checks have no answer (`None` if the last one had), and their number."""
        return self._silent_from, self._silent_checks

    def probe_at(self) -> float | None:
        """Return when the next probe may leave, or `None` if nothing waits for one."""
        stop = self.stopped or self.offline
        if stop is None or self.paused_by is not None or not self.has_keys:
            return None
        return stop.probe_at

    def allowed_at(self, ref: TaskRef, due: float) -> float | None:
        """Return when a task that is due at `due` may be checked: never during a pause, else with a probe."""
        if self.paused_by is not None:
            return None
        if self.stopped is not None or self.offline is not None:
            probe_at = self.probe_at()
            return None if probe_at is None else max(due, probe_at)
        stop = self.stopped_apps.get(ref.sdk_app_id)
        return due if stop is None else max(due, stop.probe_at)

    def app_stopped_until(self, ref: TaskRef, now: float) -> float | None:
        """Return when the task's application may be probed again, or `None` if it may be asked now."""
        stop = self.stopped_apps.get(ref.sdk_app_id)
        return stop.probe_at if stop is not None and now < stop.probe_at else None

    def landed(
        self, ref: TaskRef, answer: Answer, trouble: Trouble | None, sent_at: float, now: float
    ) -> bool:
        """Take the answer to a check sent at `sent_at`; return whether more checks may leave from now on.

        `trouble` is the answer as trouble, `None` if it is about the task.
        """
        if isinstance(answer, NoAnswer):
            if trouble is not None:
                self.unanswered(trouble, sent_at, now)
            return False
        has_opened = self.answered(ref, sent_at, is_good=is_good(answer))
        self.answered_at = now
        if trouble is not None and isinstance(answer, Refused) and concerns_others(answer):
            self.refused(ref, trouble, sent_at, now)
        return has_opened

    def answered(self, ref: TaskRef, sent_at: float, *, is_good: bool) -> bool:
        """Take an answer to a check sent at `sent_at`; return whether more checks may leave from now on."""
        self.probing_until = -math.inf
        opened = self.offline is not None
        self.offline, self._silent_from, self._silent_checks, self._probes = None, None, 0, 0
        if is_good:
            self.has_been_answered = True
            if self.stopped is not None and sent_at >= self.stopped.at:
                self.stopped, self.keys_at, opened = None, None, True
            stop = self.stopped_apps.get(ref.sdk_app_id)
            if stop is not None and sent_at >= stop.at:
                del self.stopped_apps[ref.sdk_app_id]
                self.reopened_apps.add(ref.sdk_app_id)
                opened = True
            if self.stopped is None:
                self._keys_tried_again = False
        return opened

    def unanswered(self, trouble: Trouble, sent_at: float, now: float) -> None:
        """Note that no answer came to a check sent at `sent_at`."""
        self.probing_until = -math.inf
        if self.offline is not None:
            if sent_at >= self.offline.at:
                self._probes += 1
                self.offline.probe_at = now + probe_s(self._probes, self.random)
            self.offline.trouble = trouble
            return
        self._silent_from = sent_at if self._silent_from is None else min(self._silent_from, sent_at)
        self._silent_checks += 1
        if self._silent_checks >= OFFLINE_AFTER_CHECKS and now - self._silent_from >= OFFLINE_AFTER_S:
            self._probes = 1
            self.offline = Stop(trouble, now, now + probe_s(1, self.random))

    def refused(self, ref: TaskRef, trouble: Trouble, sent_at: float, now: float) -> None:
        """Note a refusal that concerns more than one task."""
        if trouble.kind is TroubleKind.APP:
            before = self.stopped_apps.get(ref.sdk_app_id)
            if before is None or sent_at >= before.at:
                self.stopped_apps[ref.sdk_app_id] = Stop(trouble, now, now + STOPPED_PROBE_S)
            return
        if self.stopped is not None and sent_at < self.stopped.at:
            return
        if may_be_the_tasks_own(trouble.code):
            # It is a wrong setting only if several are refused and none was ever answered.
            self._misfits.add(ref)
            if self.has_been_answered or len(self._misfits) < MISFITS:
                return
        self.stopped = Stop(trouble, now, now + self._wait_s(trouble))
        if trouble.kind is TroubleKind.CREDENTIALS:
            self.keys_at = now + KEYS_AGAIN_S if self._keys_tried_again else now

    def keys_read(self, now: float, *, changed: bool) -> None:
        """Note that the keys were read again: they are tried the first time and whenever they changed."""
        self.keys_at = None
        if self.stopped is None or self.stopped.trouble.kind is not TroubleKind.CREDENTIALS:
            return
        self.keys_at = now + KEYS_AGAIN_S
        self.has_keys = self.has_keys or changed
        if changed or (self.has_keys and not self._keys_tried_again):
            self._keys_tried_again, self._key_probes = True, 0
            self.stopped.at = self.stopped.probe_at = now

    def read_keys_now(self, now: float) -> None:
        """Have refused or missing keys read again now, because the user asks for a check."""
        if self.keys_at is not None:
            self.keys_at = now

    def no_keys(self, trouble: Trouble, now: float) -> None:
        """Note that there is no key: nothing leaves until one is found."""
        self.has_keys = False
        self.stopped = Stop(trouble, now, now + STOPPED_PROBE_S)
        self.keys_at = now + KEYS_AGAIN_S

    def pause(self, by: str, now: float, until: float | None = None) -> None:
        """Let only manual checks leave."""
        self.paused_by, self.paused_at, self.paused_until = by, now, until

    def end_pause(self) -> None:
        """End the pause; other stops remain."""
        self.paused_by = self.paused_at = self.paused_until = None

    def reopen(self) -> None:
        """Forget every stop, because the user says so. A missing key still stops all checks."""
        self.end_pause()
        if self.has_keys:
            self.stopped, self.keys_at = None, None
        self.offline = None
        self.reopened_apps.update(self.stopped_apps)
        self.stopped_apps.clear()
        self._silent_from, self._silent_checks, self._keys_tried_again = None, 0, False

    def _wait_s(self, trouble: Trouble) -> float:
        """Return how long after a refusal the next probe goes out."""
        match trouble.kind:
            case TroubleKind.CLOCK:
                return CLOCK_PROBE_S
            case TroubleKind.CREDENTIALS:
                # The first probe is the second try of law 2; it does not wait.
                return KEY_PROBES_S[min(max(self._key_probes, 1), len(KEY_PROBES_S)) - 1]
            case _:
                return STOPPED_PROBE_S
