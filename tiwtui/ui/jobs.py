"""What the parts of a screen may ask of it: work beside the keys, an answer from a dialog, a timer."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar, TypeVarTuple, cast

from textual.screen import ModalScreen, Screen
from textual.timer import Timer
from textual.worker import Worker

Answer = TypeVar("Answer")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_TURNS_FOR_KEYS = 4
"""How many turns of the loop a key takes until what it does is painted."""


async def serve_keys() -> None:
    """Let keys that wait do what they do, in the middle of long work."""
    for _turn in range(_TURNS_FOR_KEYS):
        await asyncio.sleep(0)


async def served(steps: Generator[None, None, T]) -> T:
    """Do all steps of long work, serving keys after each, and return what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(T, end.value)
        await serve_keys()


class Jobs:
    """The work of one screen; a failure of it ends the program, as any failure of the screen does."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen

    def run(self, work: Callable[[*Ts], Awaitable[None]], *given: *Ts, group: str = "") -> None:
        """Run work beside the keys; work of a group cancels what is still done of that group."""

        async def job() -> None:
            await work(*given)

        # Not a partial: Textual writes out what it is given, and among the arguments may be all tasks.
        group, is_exclusive = group or "default", bool(group)
        _worker: Worker[None] = self._screen.run_worker(job, group=group, exclusive=is_exclusive)

    async def ask(self, dialog: ModalScreen[Answer]) -> Answer | None:
        """Open a dialog and return its answer, `None` where it was closed without one. For `run` alone."""
        return await self._screen.app.push_screen_wait(dialog)

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Call `act` after some seconds, unless the timer is stopped before."""
        return self._screen.set_timer(seconds, act)
