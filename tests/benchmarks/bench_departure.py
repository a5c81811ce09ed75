"""What a server sees of the budget over TLS whose handshakes take 0 to 0.6 s. Prints a table.

A third of the connections is closed after an answer. Beside each rate stand the fewest milliseconds between
two departures, the most requests that came in 0.95 s, and the share of the rate that was sent.
"""

import asyncio
import sys
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.engine.departing import Sent, sending

RATES = (1.0, 10.0, 18.0)
SETTLING_S = 3.0
SECONDS = 30.0


def most_in(seconds: float, times: list[float]) -> int:
    """Return the most of `times` in any window of so many seconds."""
    return max(sum(at <= other < at + seconds for other in times) for at in times)


async def measured(rate: float) -> Sent:
    async with sending(rate) as sent:
        await asyncio.sleep(SETTLING_S + SECONDS)
    return sent


def main() -> None:
    """Print the table."""
    print("  rate   sent  failed   share        owed      left      came  in 0.95 s")
    for rate in RATES:
        sent = asyncio.run(measured(rate))
        began = sent.left[0] + SETTLING_S
        left = [at for at in sent.left if began <= at < began + SECONDS - 1]
        came = sorted(request.at for request in sent.server.requests)
        share = (len(left) - 1) / (left[-1] - left[0]) / rate
        smallest = min(later - earlier for earlier, later in pairwise(sent.left))
        at_server = min(later - earlier for earlier, later in pairwise(came))
        gaps = "".join(f"{seconds * 1000:8.1f}ms" for seconds in (smallest, at_server))
        print(
            f"{rate:6g}{len(sent.left):7}{sent.failed:8}{share:8.1%}{1000 / rate:10.1f}ms{gaps}"
            f"{most_in(0.95, came):11}"
        )


if __name__ == "__main__":
    main()
