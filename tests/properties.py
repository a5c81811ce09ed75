"""A guard for properties: an assertion that no example reaches proves nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def reaching(*cases: str) -> Iterator[Callable[[str], None]]:
    """Yield a function that a property calls with the case it is in; fail for a case that was never met."""
    missing = dict.fromkeys(cases)

    def reached(case: str) -> None:
        assert case in cases
        missing.pop(case, None)

    yield reached
    assert not missing, f"no example reached: {', '.join(missing)}"
