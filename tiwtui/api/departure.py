"""The moment at which a request leaves: asked whether it still may, and nothing comes between.

From the plan of a request to its first byte lie turns of the event loop: a connection is made, TLS agreed
upon. Any of them can take minutes, where the terminal stops reading or the machine sleeps, and by then
another process may be asking. So the question is put again when all is ready, and from there to the last
byte the loop gets no turn.
"""

from collections.abc import Callable, Coroutine, Generator, Mapping
from types import coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Withheld(Exception):
    """The request did not leave, since by then it no longer might."""


class Departure:
    """Watches over one request; `trace` goes into its extension of that name, `drive` runs the exchange."""

    def __init__(self, may_leave: Callable[[], bool]) -> None:
        self._may_leave = may_leave
        self._is_leaving = False

    async def trace(self, event: str, _info: Mapping[str, object]) -> None:
        """Note how far the request is. Raises `Withheld`."""
        if event.endswith(".send_request_headers.started"):
            if not self._may_leave():
                raise Withheld
            self._is_leaving = True
        elif event.endswith((".send_request_body.complete", ".failed")):
            self._is_leaving = False

    @coroutine
    def drive(self, exchange: Coroutine[Any, Any, Result]) -> Generator[Any, Any, Result]:
        """Await `exchange`; where it would only give way to others while the request leaves, it goes on."""
        try:
            waits_for = exchange.send(None)
            while True:
                if waits_for is None and self._is_leaving:
                    waits_for = exchange.send(None)
                    continue
                try:
                    woken_by = yield waits_for
                except BaseException as error:
                    waits_for = exchange.throw(error)
                else:
                    waits_for = exchange.send(woken_by)
        except StopIteration as end:
            result: Result = end.value
            return result
