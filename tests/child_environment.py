"""The environment of child processes, made in one place."""

import os
from pathlib import Path

_ROOT = Path(__file__).parents[1]


def child_environment(**more: str) -> dict[str, str]:
    """Return this test's environment, which has no keys, for a child that finds the package and the tests.

    A warning ends the child, as it ends a test.
    """
    return {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONWARNINGS": "error", **more}
