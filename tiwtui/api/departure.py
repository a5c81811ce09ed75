"""The sending of one request: when its connection is ready, it waits for its slot and is then signed.

Making a connection takes several turns of the event loop, or minutes if the terminal or the machine is
stopped; meanwhile another process may have become the sender. So the slot is waited for when the connection
is ready.

1. From the end of the wait to the last byte the loop gets no turn.
2. The wait for the slot does not count against the deadline.
3. A connection whose TLS handshake fails or is cancelled is closed.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from types import coroutine
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")
Headers = Sequence[tuple[bytes, bytes]]


class Withheld(Exception):
    """The request was not sent, because it may not be sent any more."""


class Slot(Protocol):
    """The right of one request to leave."""

    async def wait(self) -> None:
        """Return when the request may leave; the slot is used up then. Raises `Withheld`."""
        ...

    def left(self) -> None:
        """Note that the last byte was written."""
        ...


class AtOnce:
    """A slot that is always open."""

    async def wait(self) -> None:
        pass

    def left(self) -> None:
        pass


class Departure:
    """The sending of one request; `trace` is httpx's extension of that name, `drive` runs the exchange.

    `address` is host and port of the service. `sign` returns the headers to add once the slot is used up.
    `is_new` says that a connection was made for the request. `proxy` is host and port of the proxy while it
    is being connected to, until the tunnel stands; else it is empty.
    """

    def __init__(self, address: str, slot: Slot, sign: Callable[[Headers], Headers]) -> None:
        self._address = address
        self._slot = slot
        self._sign = sign
        self._is_leaving = False
        self._connection: Any = None
        self.deadline: asyncio.Timeout | None = None
        self.is_new = False
        self.proxy = ""

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Wait for the slot when the connection is ready, then sign and send. Raises `Withheld`."""
        if event == "connection.connect_tcp.started":
            self.is_new = True
            self.proxy = self._proxy(info)
        elif event == "connection.connect_tcp.complete":
            self._connection = info["return_value"]
        elif event == "connection.start_tls.failed" and self._connection is not None:
            # httpcore closes it after an error, not when it is cancelled.
            await self._connection.aclose()
        elif event == "proxy.start_tls.started":
            self.proxy = ""
        # A CONNECT to a proxy comes first; it is not signed.
        elif event.endswith(".send_request_headers.started") and info["request"].method != b"CONNECT":
            await self._wait()
            headers = info["request"].headers
            info["request"].headers = [*headers, *self._sign(headers)]
            self._is_leaving = True
        elif self._is_leaving and event.endswith((".send_request_body.complete", ".failed")):
            self._is_leaving = False
            self._slot.left()

    def _proxy(self, info: Mapping[str, Any]) -> str:
        match info:
            case {"host": str(host), "port": int(port)}:
                address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                return "" if address == self._address else address
            case _:
                return ""

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
        """Await `exchange`; while the request is being written, do not yield to the loop."""
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
