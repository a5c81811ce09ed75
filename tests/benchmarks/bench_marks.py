"""What is done to 100,000 marked tasks of three videos: how long it takes, and how long a key waits at most.

Prints a table. The state on disk, the session and the terminal are those of `bench_list`.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.bench_list import app_on, painted, until
from tests.benchmarks.saved_list import save
from tiwtui.ui.dialogs.confirm import ConfirmScreen
from tiwtui.ui.dialogs.copy_sheet import CopySheet

COUNT = 100_000
LIMIT_S = 60.0
AFTER_S = 1.5
"""How long the list may still follow once the work is done."""


async def longest_wait(act: Callable[[], object], is_done: Callable[[], bool]) -> tuple[float, float]:
    """Return how long it took until something is done, and the longest time no key was served."""
    longest = 0.0

    async def beating() -> None:
        nonlocal longest
        while True:
            at = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - at)

    beat = asyncio.create_task(beating())
    begun = time.perf_counter()
    act()
    await until(is_done, LIMIT_S)
    took = time.perf_counter() - begun
    await asyncio.sleep(AFTER_S)
    beat.cancel()
    return took, longest


async def main(path: Path) -> None:
    app = app_on(path)
    async with painted(app):
        await asyncio.sleep(4)
        tasks, marks = app._session.tasks, app.main.selection.marks
        run = app.main.action_run

        def answer() -> None:
            app.screen.dismiss(True)

        steps: tuple[tuple[str, Callable[[], object], Callable[[], bool]], ...] = (
            ("* marks all", lambda: run("mark.all"), lambda: len(marks.value) == COUNT),
            ("space", lambda: run("mark"), lambda: len(marks.value) < COUNT),
            ("space again", lambda: run("mark"), lambda: True),
            ("v", lambda: run("mark.range"), lambda: True),
            ("r asks", lambda: run("check"), lambda: isinstance(app.screen, ConfirmScreen)),
            ("r", answer, lambda: not isinstance(app.screen, ConfirmScreen)),
            ("n", lambda: run("flag"), lambda: any(task.flagged_at for task in tasks.values())),
            ("c shows the sheet", lambda: run("copy"), lambda: isinstance(app.screen, CopySheet)),
            ("c is noted", answer, lambda: any(task.taken_at for task in tasks.values())),
            ("z", lambda: run("done"), lambda: any(task.done for task in tasks.values())),
            ("x asks", lambda: run("remove"), lambda: isinstance(app.screen, ConfirmScreen)),
            ("x", answer, lambda: not tasks or len(tasks) < COUNT // 10),
        )
        lines = [f"{COUNT:,} marked tasks: until done, the longest time no key was served (reach 50 ms)"]
        for name, act, is_done in steps:
            took, longest = await longest_wait(act, is_done)
            lines.append(f"  {name:20} {took:6.2f} s {longest * 1000:6.0f} ms")
    # While the screen is open, it takes what is printed.
    print("\n".join(lines))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "state.db")
        asyncio.run(save(file, COUNT, 200))
        asyncio.run(main(file))
