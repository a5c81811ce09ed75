"""A client that is imported and made at its first request, in a thread.

Importing httpx takes a tenth of the program's start, and nothing is sent before the screen is painted.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tiwtui.api.answers import Answer
from tiwtui.api.departure import Slot
from tiwtui.model import TaskRef

if TYPE_CHECKING:
    from tiwtui.api.client import Client


class DeferredClient:
    """Makes its client by `make` once a request is to be sent."""

    def __init__(self, make: "Callable[[], Client]") -> None:
        self._make = make
        self._making: asyncio.Task[Client] | None = None

    async def describe(self, ref: TaskRef, slot: Slot | None = None) -> Answer:
        """Ask about one task, as `Client.describe` does."""
        if self._making is None:
            self._making = asyncio.create_task(asyncio.to_thread(self._make))
        # Shielded: one cancelled check must not take the client from the others.
        client = await asyncio.shield(self._making)
        return await client.describe(ref, slot)

    async def aclose(self) -> None:
        """Close the connections, if any were made."""
        if self._making is not None:
            await (await self._making).aclose()


def has_connection_settings(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a proxy or certificates may be set; outside Linux a proxy may be set without a variable."""
    names = [name.upper() for name, text in environ.items() if text]
    return platform != "linux" or any(
        name.endswith("_PROXY") or name in ("SSL_CERT_FILE", "SSL_CERT_DIR") for name in names
    )
