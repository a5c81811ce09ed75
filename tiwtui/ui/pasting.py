"""Telling a paste from typing where the terminal does not: keys are held for a moment and counted. Pure.

A terminal without bracketed paste, or `tmux paste-buffer` without `-p`, sends a paste as keys; each would be
a command. No person types six keys within 50 ms. Times are those at which the keys arrived.

1. `LEAST` or more text keys within `HELD_S` are a paste, which goes on until none came for `QUIET_S`: a slow
   connection delivers it in pieces. None of its keys is ever passed on; keys without text in it are dropped.
2. Everything else is passed on in the order it came, `HELD_S` late at most; nothing is lost.
3. A key without text, such as an arrow, passes at once unless a key before it is still held.
4. A key held down is no paste, however many of it a stalled connection delivers at once, nor are several that
   only move the cursor. One of those that repeats at a keyboard's rate is not held at all.
"""

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

HELD_S = 0.05
LEAST = 6
QUIET_S = 0.15
REPEAT_LEAST_S = 0.02
REPEAT_MOST_S = 0.15
"""Between two of one key held down lies that long; the characters of a paste come faster."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text that came as keys."""

    text: str


@dataclass(frozen=True, slots=True)
class _Held(Generic[K]):
    key: K
    text: str
    at: float


class PasteGuard(Generic[K]):
    """Holds keys back until it is plain whether they were typed; `moving` are those that only move."""

    def __init__(self, moving: frozenset[str] = frozenset()) -> None:
        self._moving = moving
        self._held: deque[_Held[K]] = deque()
        self._pasted: list[str] = []
        self._last = ("", float("-inf"))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is held, and no paste is coming in."""
        return not self._held and not self._pasted

    @property
    def wake_at(self) -> float | None:
        """When `release` has something to do, if no other key comes."""
        if self._pasted:
            return self._last[1] + QUIET_S
        return self._held[0].at + HELD_S if self._held else None

    def take(self, key: K, text: str, at: float) -> tuple[K | Pasted, ...]:
        """Take a key with the text it stands for (`""` for none); return what passes now."""
        passed = self.release(at)
        is_repeat = self._is_repeat(text, at)
        if text:
            self._last = (text, at)
        if self._pasted:
            self._pasted += [text] * bool(text)
        elif self.is_idle and (not text or is_repeat):
            return (*passed, key)
        elif is_repeat and all(held.text == text for held in self._held):
            return (*passed, *self._let_go(len(self._held)), key)
        else:
            self._held.append(_Held(key, text, at))
            self._judge()
        return passed

    def release(self, now: float) -> tuple[K | Pasted, ...]:
        """Return what needs to be held no longer, in the order it came."""
        if self._pasted:
            if now < self._last[1] + QUIET_S:
                return ()
            pasted = Pasted("".join(self._pasted))
            self._pasted = []
            return (pasted,)
        return self._let_go(sum(now >= held.at + HELD_S for held in self._held))

    def _let_go(self, count: int) -> tuple[K, ...]:
        return tuple(self._held.popleft().key for _ in range(count))

    def _is_repeat(self, text: str, at: float) -> bool:
        last, last_at = self._last
        return text == last and text in self._moving and REPEAT_LEAST_S <= at - last_at <= REPEAT_MOST_S

    def _judge(self) -> None:
        """Begin a paste where enough is held that was not typed."""
        texts = [held.text for held in self._held if held.text]
        kinds = set(texts)
        if len(texts) >= LEAST and len(kinds) > 1 and not kinds <= self._moving:
            self._pasted = texts
            self._held.clear()
