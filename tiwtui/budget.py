"""The budget in requests per second: its limits, its default, and the steps of `+` and `-`.

The service takes 20 a second, shared with the console and every other tool of the account.
"""

LOWEST = 0.1
HIGHEST = 18.0
DEFAULT = 10.0
STEPS = (1.0, 2.0, 5.0, 10.0, 15.0, 18.0)


def within_limits(per_second: float) -> float:
    """Return the nearest budget that is allowed: 0.1 to 18 checks a second."""
    return min(HIGHEST, max(LOWEST, per_second))


def next_step(budget: float, direction: int) -> float:
    """Return the next larger (`direction` > 0) or smaller of the steps of `+` and `-`, else `budget`."""
    if direction > 0:
        return next((step for step in STEPS if step > budget), budget)
    return next((step for step in reversed(STEPS) if step < budget), budget)
