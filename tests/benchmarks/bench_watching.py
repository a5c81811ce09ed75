"""How soon ends are seen and what that costs, on a simulated clock. Prints tables.

Beside the plan stand what it is measured against: an even sweep over all tasks at the same rate, and a shell
loop of the vendor's command line, one process after the other with five seconds between rounds.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import mean, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.engine.simulated import Asked, Run, most_in_a_second
from tests.factories import finished, make_ref, make_task, observed
from tiwtui.api.answers import Answer
from tiwtui.model import Phase, TaskRef

RATE = 10.0
ACTIVE = 1000
SECONDS = 7200.0
CALL_S = 0.9
"""One call of the vendor's command line: most of it is starting Python."""


def mixes(random: Random) -> dict[str, Callable[[], float]]:
    """Return how long tasks live, in seconds, by the name of the mix."""
    return {
        "exponential": lambda: random.expovariate(1 / 3600),
        "lognormal": lambda: random.lognormvariate(7.5, 1.0),
        "half young, half old": lambda: random.choice((random.uniform(0, 600), random.uniform(0, 80_000))),
    }


def plan(lifetime: Callable[[], float], random: Random, attended: int) -> tuple[list[float], Run]:
    """Return the delays from finished to seen, with a thousand tasks active all the time."""
    ends: dict[TaskRef, float] = {}
    delays: list[float] = []
    run = Run(answer=lambda ref, at: finished() if at >= ends[ref] else observed())
    numbers = iter(range(10**7))

    def begin(age_s: float) -> None:
        ref = make_ref(next(numbers))
        since = run.wall - age_s
        ends[ref] = run.now + max(0.1, lifetime() - age_s)
        task = make_task(ref.task_id, phase=Phase.PROCESSING, phase_since=since, added_at=since)
        run.watcher.load((task,), run.now, run.wall)

    def renew() -> None:
        for ref in run.watcher.take_changes():
            if ref in run.watcher.tasks and run.phase(ref) is Phase.READY:
                if ends[ref] > 600:
                    delays.append(run.now - ends[ref])
                run.watcher.remove(ref)
                begin(0.0)

    for _ in range(ACTIVE):
        begin(random.uniform(0, 3600))
    refs = list(run.watcher.tasks)
    run.watcher.attend(refs[0] if attended else None, refs[:attended], run.now)
    run.until(SECONDS, renew)
    return delays, run


def lone(queued_s: float) -> Asked:
    """Return the service's answers about a task that takes an hour, the first part of it in the queue."""

    def answer(ref: TaskRef, at: float) -> Answer:
        return finished() if at >= 3600 else observed("PROCESSING" if at >= queued_s else "QUEUED")

    return answer


def main() -> None:
    """Print the tables."""
    sweep = ACTIVE / (2 * RATE)
    loop = ACTIVE * CALL_S / 2
    print(f"{ACTIVE} active tasks, {RATE:g} checks a second, two simulated hours")
    print(f"{'':28}{'mean':>8}{'p95':>8}{'÷ sweep':>9}{'÷ shell loop':>14}{'most/s':>8}")
    for name in mixes(Random(0)):
        for attended in (0, 40):
            random = Random(f"{name}{attended}")
            delays, run = plan(mixes(random)[name], random, attended)
            label = f"{name}{', 40 attended' if attended else ''}"
            average, late = mean(delays), quantiles(delays, n=20)[-1]
            busiest = most_in_a_second(run.times())
            ratios = f"{average / sweep:9.2f}{average / loop:14.3f}"
            print(f"{label:28.28}{average:7.1f}s{late:7.1f}s{ratios}{busiest:8}")
    print(f"{'to reach, at most':28}{'':16}{1.1:9.2f}{1 / 6:14.3f}{RATE:8.0f}")
    print(f"{'an even sweep':28}{sweep:7.1f}s{2 * sweep * 0.95:7.1f}s{1.0:9.2f}{sweep / loop:14.3f}")
    print(f"{'a shell loop':28}{loop:7.1f}s{2 * loop * 0.95:7.1f}s{loop / sweep:9.2f}{1.0:14.3f}")
    print()
    print("one resting task of one hour")
    print(f"{'':28}{'checks':>8}{'seen late':>11}")
    for queued in (0.0, 600.0, 1800.0):
        run = Run(answer=lone(queued))
        run.add(make_ref())
        run.until(4000.0)
        print(f"{f'queued for {queued:.0f} s':28}{len(run.sent):8}{run.times()[-1] - 3600:10.1f}s")
    print(f"{'a loop of five seconds':28}{720:8}{2.5:10.1f}s")


if __name__ == "__main__":
    main()
