"""A value that calls its watchers when it changes, so that parts can follow one another without a widget."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
Watcher = Callable[[T, T], None]
"""Is called with the old value and the new one."""


class Observable(Generic[T]):
    """Holds one value. Watchers are called at once, in the order in which they came."""

    def __init__(self, value: T) -> None:
        self._value = value
        self._watchers: list[Watcher[T]] = []

    @property
    def value(self) -> T:
        """The value now."""
        return self._value

    def set(self, value: T) -> None:
        """Replace the value; an equal one changes nothing."""
        old = self._value
        if value is old or value == old:
            return
        self._value = value
        for watcher in self._watchers:
            watcher(old, value)

    def watch(self, watcher: Watcher[T]) -> None:
        """Call `watcher` at each change from now on."""
        self._watchers.append(watcher)
