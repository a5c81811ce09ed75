"""How long a task waits for its next check. Pure.

Generation takes minutes to hours and nothing says when it ends, so a task is asked about in proportion to
how long it has been in its phase: late by a twentieth of it at most, and never asked more often than is
polite. One hour in one phase costs some 110 checks.
"""

from random import Random

from tiwtui.model import Phase

SHARE_OF_PHASE = 0.05
SOONEST_S = 5.0
LATEST_S = 60.0
STUCK_AFTER_S = 24 * 3600.0
STUCK_S = 600.0

SELECTED_S = 2.0
ON_SCREEN_S = 5.0

NOT_FOUND_GRACE_S = 60.0
"""A task just created may not be known to every server yet: before this age, `not_found` does not count."""

AGAIN_S = {Phase.EMPTY: (10.0, 60.0, 300.0), Phase.NOT_FOUND: (300.0, 1800.0, 7200.0)}
"""Ages of a phase at which it is asked about once more.

The list of an `empty` task may be filled after its status, and an unknown id may become known later.
"""

_BACKOFF_FIRST_S = 5.0
_BACKOFF_LAST_S = 60.0
_PROBE_FIRST_S = 2.0
_PROBE_LAST_S = 30.0


def resting_interval_s(in_phase_s: float) -> float:
    """Return the time between two checks of a task that nobody looks at."""
    if in_phase_s >= STUCK_AFTER_S:
        return STUCK_S
    return min(LATEST_S, max(SOONEST_S, SHARE_OF_PHASE * in_phase_s))


def backoff_s(failures: int, random: Random) -> float:
    """Return the wait after the nth check in a row with trouble: doubling, with jitter, at most 60 s."""
    return _jittered(_BACKOFF_FIRST_S, _BACKOFF_LAST_S, failures, random)


def probe_s(failures: int, random: Random) -> float:
    """Return the wait before the next probe while offline."""
    return _jittered(_PROBE_FIRST_S, _PROBE_LAST_S, failures, random)


def _jittered(first_s: float, last_s: float, failures: int, random: Random) -> float:
    # The exponent is bounded before it is used: a week offline is thousands of failures.
    full = min(last_s, first_s * 2.0 ** min(max(failures, 1) - 1, 16))
    return full * random.uniform(0.5, 1.0)
