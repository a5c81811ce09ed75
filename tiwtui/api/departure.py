"""The moment at which a request leaves: when its connection is ready, in its slot, signed then.

From the plan of a request to its first byte lie turns of the event loop: a connection is made, TLS is agreed.
This can take minutes where the terminal stops reading or the machine sleeps, and by then another process may
be the sender. So the slot is waited for when all is ready, and from the end of that wait to the last byte
the loop gets no turn.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from types import coroutine
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")
Headers = Sequence[tuple[bytes, bytes]]


class Withheld(Exception):
    """The request did not leave, since by then it no longer might."""


class Slot(Protocol):
    """The right of one request to leave."""

    async def wait(self) -> None:
        """Return when the request may leave; the slot is spent then. Raises `Withheld`."""
        ...

    def left(self) -> None:
        """Note that the last byte has been written."""
        ...


class AtOnce:
    """A slot for a request that nothing holds back."""

    async def wait(self) -> None:
        pass

    def left(self) -> None:
        pass


class Departure:
    """Watches over one request; `trace` goes into its extension of that name, `drive` runs the exchange.

    `sign` returns the headers to add to those given, once the slot is spent. The wait for the slot does not
    count against `deadline`. `is_new` says that a connection was made for the request.
    """

    def __init__(self, slot: Slot, sign: Callable[[Headers], Headers]) -> None:
        self._slot = slot
        self._sign = sign
        self._is_leaving = False
        self.deadline: asyncio.Timeout | None = None
        self.is_new = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note how far the request is, and let it leave in its slot. Raises `Withheld`."""
        if event == "connection.connect_tcp.started":
            self.is_new = True
        # A proxy is sent a CONNECT before, without a signature.
        elif event.endswith(".send_request_headers.started") and info["request"].method != b"CONNECT":
            await self._wait()
            headers = info["request"].headers
            info["request"].headers = [*headers, *self._sign(headers)]
            self._is_leaving = True
        elif self._is_leaving and event.endswith((".send_request_body.complete", ".failed")):
            self._is_leaving = False
            self._slot.left()

    async def _wait(self) -> None:
        ends_at = None if self.deadline is None else self.deadline.when()
        if self.deadline is None or ends_at is None:
            await self._slot.wait()
            return
        loop = asyncio.get_running_loop()
        left_s = ends_at - loop.time()
        self.deadline.reschedule(None)
        await self._slot.wait()
        self.deadline.reschedule(loop.time() + left_s)

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
