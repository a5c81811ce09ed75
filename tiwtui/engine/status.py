"""The state of the checking as a whole, as the header shows it."""

from enum import StrEnum

import msgspec

from tiwtui.api import errors
from tiwtui.engine.circuit_breaker import CircuitBreaker, Stop
from tiwtui.engine.rate_limit import RateLimit
from tiwtui.engine.statistics.progress import Progress
from tiwtui.i18n import _
from tiwtui.model import Trouble


class Mode(StrEnum):
    """Whether checks go out, and if not, why."""

    LIVE = "live"
    PAUSED = "paused"
    OFFLINE = "offline"
    STOPPED = "halted"
    FOLLOWING = "following"


class Status(msgspec.Struct, frozen=True, rename={"stopped_apps": "halted_apps"}):
    """A snapshot of the engine's state, in epoch seconds and checks per second.

    `by` names who paused or who sends (a terminal such as `pts/3`). `trouble` says why it is stopped or
    offline; `advice` what to do about it, or about the applications that are stopped alone. `rate` is what
    went out in the last ten seconds, `allowed` what throttling leaves of `budget`. `oldest_s` is the age of
    the oldest answer of an active task, `throttled` how many checks were throttled in the last five minutes.
    `pause_ends_at` is when a pause ends by itself, `None` where it does not.
    `silent_since` is when the first of at least two unanswered checks was sent. `limited_by` names another
    process whose smaller budget counts. `asking` is the progress of first answers after a big addition,
    `settling` that of the active tasks.
    """

    mode: Mode
    since: float | None
    by: str
    trouble: Trouble | None
    advice: str
    next_try_at: float | None
    rate: float
    allowed: float
    budget: float
    oldest_s: float | None
    active: int
    throttled: int
    clock_offset_s: float
    stopped_apps: tuple[int, ...]
    pause_ends_at: float | None = None
    silent_since: float | None = None
    limited_by: str = ""
    asking: Progress | None = None
    settling: Progress | None = None


def with_budget(status: Status, budget: float) -> Status:
    """Return the status for another budget, with the same throttling."""
    if budget == status.budget:
        return status
    is_throttled = status.allowed < status.budget
    allowed = min(status.allowed, budget) if is_throttled else budget
    return msgspec.structs.replace(status, budget=budget, allowed=allowed)


def _advice(trouble: Trouble) -> str:
    return _(errors.advice(trouble.code, trouble.message, trouble.kind))


def _app_advice(app: int, stop: Stop) -> str:
    text = _("application {app} is refused ({code}): {advice}. Only its tasks wait")
    return text.format(app=app, code=stop.trouble.code, advice=_advice(stop.trouble))


def _stop_advice(breaker: CircuitBreaker) -> str:
    if breaker.stopped is not None:
        return _advice(breaker.stopped.trouble)
    if breaker.offline is not None:
        # The header shows when the next try is.
        return ""
    return "; ".join(_app_advice(app, stop) for app, stop in breaker.stopped_apps.items())


def status_of(
    breaker: CircuitBreaker,
    rate_limit: RateLimit,
    now: float,
    wall: float,
    *,
    active: int,
    rate: float,
    throttled: int,
    oldest_s: float | None,
    clock_offset_s: float,
    silent_since: float | None,
    asking: Progress | None,
    settling: Progress | None,
) -> Status:
    """Return the status at `now` (monotonic) and `wall` (epoch) of the checks of this process."""
    stop = breaker.stopped or breaker.offline
    if breaker.paused_by is not None:
        mode = Mode.PAUSED
    elif breaker.stopped is not None:
        mode = Mode.STOPPED
    else:
        mode = Mode.LIVE if breaker.offline is None else Mode.OFFLINE
    probe_at = breaker.probe_at()
    since = breaker.paused_at if stop is None or mode is Mode.PAUSED else stop.at
    pause_ends_s = None if breaker.paused_until is None else max(0.0, breaker.paused_until - now)
    return Status(
        mode=mode,
        since=None if since is None else wall - (now - since),
        by=breaker.paused_by or "",
        trouble=None if stop is None else stop.trouble,
        advice=_stop_advice(breaker),
        next_try_at=None if probe_at is None else wall + max(0.0, probe_at - now),
        rate=rate,
        allowed=rate_limit.allowed(now),
        budget=rate_limit.budget,
        oldest_s=oldest_s,
        active=active,
        throttled=throttled,
        clock_offset_s=clock_offset_s,
        stopped_apps=tuple(breaker.stopped_apps),
        pause_ends_at=None if pause_ends_s is None else wall + pause_ends_s,
        silent_since=None if silent_since is None else wall - (now - silent_since),
        asking=asking,
        settling=settling,
    )
