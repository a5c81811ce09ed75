"""Real commands and a real screen on one watch list: one of them asks the service, all of them know."""

import itertools
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.processes import Command, comes, house
from tests.service import FINISHED, Asked

pytestmark = pytest.mark.anyio

TASKS = [f"{number:020d}" for number in range(80)]
"""So many that the sender asks at its full ten a second."""
SOON = 4
"""So many checks may go out before a task is asked about whose answer is changed now."""
CONNECTING = 5
"""So many of the first checks may wait for connections of their own."""
TAKEN_OVER_S = 8.0
"""Three seconds by the clock of who takes over, and the rest for a busy machine."""
HANDED_OVER_S = 2.9
"""Who leaves in good order lets another send at once."""
LOOKED_S = 0.05
"""What lay in a pipe when a process was stopped may arrive so much later."""


async def test_five_processes_cost_one_budget_tell_the_same_and_outlive_their_sender(tmp_path: Path) -> None:
    """Five terminals and twenty scripts of one school must not use up the account's twenty a second."""
    async with house(tmp_path / "state") as home:
        await home.add(*TASKS)
        watches = [await home.start("watch", "--jsonl") for _ in range(3)]
        waits = [await home.start("wait", "--all", "--jsonl") for _ in range(2)]
        await home.all_have_come(5)
        came = time.monotonic()
        sender = await home.the_sender(after=came, checks=15)
        assert home.service.askers() == {sender}
        # The first ones had to connect, each by itself, and came late, one upon the other.
        times = [each.at for each in home.service.asked][CONNECTING:]
        assert len(times) <= 10.0 * (times[-1] - times[0]) + 2

        settling = home.service.soonest(TASKS)[SOON : SOON + 5]
        home.service.says.update(dict.fromkeys(settling, FINISHED))
        for each in settling:
            for command in (*watches, *waits):
                printed_at = await comes(partial(command.printed_at, each, "ready"), "printed")
                assert printed_at
        late = sorted(
            (command.printed_at(each, "ready") or 0.0) - home.service.answered_at[each]
            for each in settling
            for command in (*watches, *waits)
        )
        assert late[len(late) // 2] <= 1.0, late

        killed_at = time.monotonic()
        home.process(sender).kill()
        heir = await home.the_sender(others=[sender], after=killed_at)
        assert time.monotonic() - killed_at <= TAKEN_OVER_S
        await home.the_sender(others=[sender], after=killed_at, checks=10)
        assert home.service.askers(after=killed_at + LOOKED_S) == {heir}

        left_at = time.monotonic()
        home.process(heir).send_signal(signal.SIGINT)
        assert await home.process(heir).wait() == 130
        next_heir = await home.the_sender(others=[sender, heir], after=left_at)
        assert next_heir not in (sender, heir)
        assert time.monotonic() - left_at <= HANDED_OVER_S


async def test_sender_that_is_stopped_and_continued_looks_before_it_sends(tmp_path: Path) -> None:
    """Ctrl-z and fg, or a laptop that slept: the account must not be asked by two."""
    async with house(tmp_path / "state") as home:
        await home.add(*TASKS)
        for _ in range(2):
            await home.start("watch", "--jsonl")
        await home.all_have_come(2)
        sender = await home.the_sender(checks=3)
        stopped_at = time.monotonic()
        home.process(sender).send_signal(signal.SIGSTOP)
        heir = await home.the_sender(others=[sender], after=stopped_at)
        assert 1.0 < time.monotonic() - stopped_at <= TAKEN_OVER_S
        continued_at = time.monotonic()
        home.process(sender).send_signal(signal.SIGCONT)
        await home.the_sender(others=[sender], after=continued_at, checks=10)
        assert home.service.askers(after=stopped_at + LOOKED_S) == {heir}
        # It follows now: it prints what the other one finds.
        stopped = next(each for each in home.everyone if each.name == sender and isinstance(each, Command))
        settling = home.service.soonest(TASKS)[SOON]
        home.service.says[settling] = FINISHED
        await comes(lambda: stopped.printed_at(settling, "ready"), "printed by the one that was stopped")


async def test_wait_sends_nothing_beside_a_screen_until_its_terminal_stops_reading(tmp_path: Path) -> None:
    """A half-open connection stops the screen in the middle of a write; the script beside it goes on."""
    async with house(tmp_path / "state") as home:
        await home.add(*TASKS)
        screen = await home.show()
        await home.the_sender(checks=3)
        wait = await home.start("wait", "--all", "--jsonl")
        await home.all_have_come(2)
        first = home.service.soonest(TASKS)[SOON]
        home.service.says[first] = FINISHED
        await comes(lambda: wait.printed_at(first, "ready"), "printed by the one that waits")
        assert home.service.askers() == {screen.name}

        screen.stop_reading()

        looks = itertools.count()

        def another_sends() -> bool:
            # Moving the cursor paints, and what is painted now has nowhere to go. Not at each look: a screen
            # that paints all the time takes the machine from who is to take over.
            if next(looks) % 5 == 0:
                screen.type(b"\x1b[B\x1b[A")
            return bool(home.service.by(wait.name))

        heir_at = await comes(another_sends, "another sends")
        second = home.service.soonest(TASKS)[SOON]
        home.service.says[second] = FINISHED
        await comes(lambda: wait.printed_at(second, "ready"), "printed after the stall")
        screen.read_on()
        shown = len(screen.shown)
        await comes(lambda: b"live via" in screen.shown[shown:], "shown that another sends")
        await home.the_sender(others=[screen.name], after=heir_at, checks=10)
        assert home.service.by(screen.name, after=heir_at) == []


async def test_label_and_removal_at_the_moment_of_settling_survive(tmp_path: Path) -> None:
    """What a person does elsewhere lies between the request that finds the end and its answer."""
    async with house(tmp_path / "state") as home:

        async def edit(asked: Asked) -> None:
            if asked.task_id == "labelled":
                await home.run("label", "labelled", "Maths 3A")
            elif asked.task_id == "removed":
                await home.run("rm", "removed")

        home.service.before = edit
        home.service.otherwise = FINISHED
        await home.add("labelled", "removed", "other")
        watch = await home.start("watch", "--jsonl")
        await comes(lambda: "removed" in home.service.answered_at, "answered")
        await comes(lambda: watch.printed_at("other", "ready"), "printed")
        await comes(lambda: watch.last("labelled") == ("ready", "Maths 3A"), "printed with its label")
        watch.process.send_signal(signal.SIGINT)
        assert await watch.process.wait() == 130
        saved = await home.run("list", "--jsonl")
        assert [(task["task_id"], task["phase"], task["label"]) for task in saved] == [
            ("labelled", "ready", "Maths 3A"),
            ("other", "ready", ""),
        ]


async def test_wait_without_keys_is_served_by_a_process_that_has_them(tmp_path: Path) -> None:
    """A script on the teacher's machine needs no secret of its own beside the screen."""
    async with house(tmp_path / "state") as home:
        home.service.otherwise = FINISHED
        await home.add("other")
        await home.start("watch", "--jsonl")
        await home.all_have_come(1)
        wait = await home.start("wait", "mine", "--jsonl", has_keys=False)
        assert await wait.process.wait() == 0
        assert wait.printed_at("mine", "ready")
