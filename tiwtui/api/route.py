"""The way that one request takes: straight to the host, or through a proxy that the environment names."""

from collections.abc import Awaitable, Callable, Mapping

from tiwtui.api.endpoint import Endpoint

Trace = Callable[[str, Mapping[str, object]], Awaitable[None]]
"""What is called as a request goes on, with an event's name and what belongs to it."""


class Route:
    """How far a request is; `trace` goes into its extension of that name, and passes events on to `then`.

    `proxy` is the proxy, as host and port, from the connection to it until the tunnel stands; else it is
    empty. What fails meanwhile is the proxy's, whatever the host is.
    """

    def __init__(self, endpoint: Endpoint, then: Trace) -> None:
        self.host = endpoint.netloc
        self.proxy = ""
        self._address = endpoint.address
        self._then = then

    async def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Note who is being connected to."""
        match event, info:
            case "connection.connect_tcp.started", {"host": str(host), "port": int(port)}:
                address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                self.proxy = "" if address == self._address else address
            case "proxy.start_tls.started", _:
                self.proxy = ""
            case _:
                pass
        await self._then(event, info)
