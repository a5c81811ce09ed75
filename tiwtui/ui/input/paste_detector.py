"""Telling a paste from typing where the terminal does not: keys are held for a moment and counted. Pure.

A terminal without bracketed paste, or `tmux paste-buffer` without `-p`, sends a paste as keys; each would be
a command. No person types six keys within 50 ms. Times are those at which the keys arrived.

1. `LEAST` or more text keys within `HELD_S` are a paste, which goes on until none came for `QUIET_S`: a slow
   connection delivers it in pieces. None of its keys is ever passed on, but for those it begins with that
   only move the cursor: they have, and are in the text all the same. Keys without text in it are dropped.
2. Everything else is passed on in the order it came, `HELD_S` late at most; nothing is lost.
3. A key that only moves the cursor, and one without text, such as an arrow, passes at once unless a key
   before it is still held: what is pressed most is felt at once, and moving harms nothing.
4. A key held down is no paste, however many of it a stalled connection delivers at once, nor are several that
   only move the cursor.
"""

from collections import deque
from typing import Generic, TypeVar

import msgspec

HELD_S = 0.05
LEAST = 6
QUIET_S = 0.15

K = TypeVar("K")


class Pasted(msgspec.Struct, frozen=True):
    """A text that came as keys."""

    text: str


class _Held(msgspec.Struct, Generic[K], frozen=True):
    key: K
    text: str
    at: float
    is_passed: bool = False


class PasteGuard(Generic[K]):
    """Holds keys back until it is known whether they were typed; `moving` only move the cursor."""

    def __init__(self, moving: frozenset[str] = frozenset()) -> None:
        self._moving = moving
        self._held: deque[_Held[K]] = deque()
        self._pasted: list[str] = []
        self._last_at = float("-inf")

    @property
    def is_idle(self) -> bool:
        """Whether nothing is held, and no paste is coming in."""
        return not self._pasted and all(held.is_passed for held in self._held)

    @property
    def wake_at(self) -> float | None:
        """When `release` has something to do, if no other key comes."""
        if self._pasted:
            return self._last_at + QUIET_S
        return next((held.at + HELD_S for held in self._held if not held.is_passed), None)

    def take(self, key: K, text: str, at: float) -> tuple[K | Pasted, ...]:
        """Take a key with the text it would be in a paste (`""` for none); return what passes now."""
        passed = self.release(at)
        if text:
            self._last_at = at
        if self._pasted:
            self._pasted += [text] * bool(text)
            return passed
        if self.is_idle and (not text or text in self._moving):
            if text:
                self._held.append(_Held(key, text, at, is_passed=True))
            return (*passed, key)
        self._held.append(_Held(key, text, at))
        self._judge()
        return passed

    def release(self, now: float) -> tuple[K | Pasted, ...]:
        """Return what needs to be held no longer, in the order it came."""
        if self._pasted:
            if now < self._last_at + QUIET_S:
                return ()
            pasted = Pasted("".join(self._pasted))
            self._pasted = []
            return (pasted,)
        return self._let_go(sum(now >= held.at + HELD_S for held in self._held))

    def _let_go(self, count: int) -> tuple[K, ...]:
        gone = [self._held.popleft() for _ in range(count)]
        return tuple(held.key for held in gone if not held.is_passed)

    def _judge(self) -> None:
        """Begin a paste where enough is held that was not typed."""
        texts = [held.text for held in self._held if held.text]
        kinds = set(texts)
        if len(texts) >= LEAST and len(kinds) > 1 and not kinds <= self._moving:
            self._pasted = texts
            self._held.clear()
