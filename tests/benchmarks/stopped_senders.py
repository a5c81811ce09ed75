"""Senders that stop for long: a terminal that reads nothing for 30 s, and a process stopped for 10 s.

The tests stop them until another has taken over, some three seconds. Prints what was seen; fails if a process
asked that must not have, or if news was late: `python -m tests.benchmarks.stopped_senders`.
"""

import asyncio
import signal
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.processes import Command, House, comes, house
from tests.service import FINISHED

TASKS = [f"{number:020d}" for number in range(80)]
SOON = 4
UNREAD_S = 30.0
STOPPED_S = 10.0
LOOKED_S = 0.05


async def news_while(home: House, printed_by: Command, seconds: float) -> list[float]:
    """Let a task settle each second for so long; return the delay of each news in seconds."""
    late: list[float] = []
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        left = [each for each in TASKS if each not in home.service.says]
        settling = home.service.soonest(left)[SOON]
        home.service.says[settling] = FINISHED
        await comes(partial(printed_by.printed_at, settling, "ready"), "printed")
        late.append((printed_by.printed_at(settling, "ready") or 0.0) - home.service.answered_at[settling])
        await asyncio.sleep(max(0.0, min(1.0, ends_at - time.monotonic())))
    return late


async def unread(folder: Path) -> None:
    """A half-open connection: the screen is the sender, and what it paints has nowhere to go."""
    async with house(folder) as home:
        await home.add(*TASKS)
        screen = await home.show()
        await home.the_sender(checks=3)
        watch = await home.start("watch", "--jsonl")
        await home.all_have_come(2)
        stopped_at = time.monotonic()
        screen.stop_reading()

        def another_sends() -> bool:
            screen.type(b"\x1b[B\x1b[A")
            return bool(home.service.by(watch.name))

        await comes(another_sends, "another sends")
        heir_at = time.monotonic()
        late = await news_while(home, watch, UNREAD_S - (heir_at - stopped_at))
        by_screen = len(home.service.by(screen.name, after=heir_at))
        read_on_at = time.monotonic()
        shown = len(screen.shown)
        screen.read_on()
        await comes(lambda: b"live via" in screen.shown[shown:], "shown that another sends", 60.0)
        await home.the_sender(others=[screen.name], after=read_on_at, checks=20)
        by_screen += len(home.service.by(screen.name, after=read_on_at))
        print(f"a terminal that read nothing for {read_on_at - stopped_at:.1f} s")
        print(f"  another sent after {heir_at - stopped_at:.1f} s")
        print(f"  news: {len(late)} tasks settled meanwhile, printed {max(late):.2f} s late at most")
        print(f"  checks by the screen since another sent: {by_screen}")
        assert by_screen == 0
        assert max(late) <= 1.0


async def stopped(folder: Path) -> None:
    """Ctrl-z and fg, ten seconds later."""
    async with house(folder) as home:
        await home.add(*TASKS)
        for _ in range(2):
            await home.start("watch", "--jsonl")
        await home.all_have_come(2)
        sender = await home.the_sender(checks=3)
        other = next(each for each in home.everyone if each.name != sender and isinstance(each, Command))
        stopped_at = time.monotonic()
        home.process(sender).send_signal(signal.SIGSTOP)
        await home.the_sender(others=[sender], after=stopped_at)
        heir_at = time.monotonic()
        late = await news_while(home, other, STOPPED_S - (heir_at - stopped_at))
        continued_at = time.monotonic()
        home.process(sender).send_signal(signal.SIGCONT)
        await home.the_sender(others=[sender], after=continued_at, checks=30)
        asked = len(home.service.by(sender, after=stopped_at + LOOKED_S))
        print(f"a sender stopped for {continued_at - stopped_at:.1f} s")
        print(f"  another sent after {heir_at - stopped_at:.1f} s")
        print(f"  news: {len(late)} tasks settled meanwhile, printed {max(late):.2f} s late at most")
        print(
            f"  checks by the stopped one, until {time.monotonic() - continued_at:.1f} s after it went on:",
            asked,
        )
        assert asked == 0
        assert max(late) <= 1.0


async def main() -> None:
    """Stop both kinds of sender, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        await unread(Path(folder) / "unread")
        await stopped(Path(folder) / "stopped")


if __name__ == "__main__":
    asyncio.run(main())
