"""The state file of running processes is deleted: nothing confirmed is lost, and one of them sends."""

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import House, comes, house
from tests.service import FINISHED

pytestmark = pytest.mark.anyio

TASKS = [f"{number:020d}" for number in range(60)]
NOTICED_S = 3.0
"""A second by the specification, and the rest for a busy machine."""


def unlink_all(path: Path) -> None:
    for each in path.parent.glob("*.db*"):
        each.unlink()


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


LOSSES = pytest.mark.parametrize("lose", [unlink_all, remove_folder])


async def saved(home: House) -> set[str]:
    """Return the ids of the tasks that a new start finds."""
    return {str(task["task_id"]) for task in await home.run("list", "--jsonl")}


@LOSSES
async def test_a_screen_saves_all_of_it_again_and_says_so(
    tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    """It said "live" and "1 task added", and ended with 0: all tasks and that one were gone."""
    async with house(tmp_path / "state") as home:
        await home.add(*TASKS)
        screen = await home.show()
        await home.the_sender(checks=3)
        lose(home.path)
        await comes(home.path.exists, "put the file back", NOTICED_S)
        await comes(lambda: b"deleted" in screen.shown, "said so", 10)
        screen.type(b"a")
        await comes(lambda: b"Add tasks" in screen.shown, "asked for ids", 10)
        screen.type(b"\x1b[200~onemore\x1b[201~")
        screen.type(b"\r")
        await comes(lambda: b"1 task added" in screen.shown, "confirmed", 10)
        assert await saved(home) == {*TASKS, "onemore"}


async def test_the_one_that_comes_next_does_not_send_beside_the_first(tmp_path: Path) -> None:
    """Each took a lease of its own: 19.7 checks a second, with a budget of 10."""
    async with house(tmp_path / "state") as home:
        await home.add(*TASKS)
        first = await home.start("watch", "--jsonl")
        await home.the_sender(checks=3)
        unlink_all(home.path)
        second = await home.start("watch", "--jsonl", "onemore")
        await comes(lambda: home.path.exists() and home._present() >= 2, "share the file again")
        came = time.monotonic() + NOTICED_S
        await home.the_sender(after=came, checks=25)
        assert len(home.service.askers(after=came)) == 1
        times = [each.at for each in home.service.asked if each.at > came]
        assert len(times) <= 10.0 * (times[-1] - times[0]) + 2
        assert await saved(home) == {*TASKS, "onemore"}
        assert [first.process.returncode, second.process.returncode] == [None, None]


@LOSSES
async def test_what_is_piped_in_survives_the_loss(tmp_path: Path, lose: Callable[[Path], None]) -> None:
    """`tail -f log | tiwtui add -` waits for its next line for hours; the loss is noticed meanwhile."""
    async with house(tmp_path / "state") as home:
        process = await asyncio.create_subprocess_exec(
            *home._line(("add", "-")),
            env=home._environment(""),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"one\n")
            assert await process.stdout.readline() == b"one\n"
            lose(home.path)
            await comes(home.path.exists, "put the file back", NOTICED_S)
            assert await saved(home) == {"one"}
            lose(home.path)
            process.stdin.write(b"two\n")
            assert await process.stdout.readline() == b"two\n"
            assert await saved(home) == {"one", "two"}
            process.stdin.close()
            _printed, said = await process.communicate()
            assert process.returncode == 0
            assert b"was deleted while it was open" in said
        finally:
            if process.returncode is None:
                process.kill()


@LOSSES
async def test_a_waiting_script_ends_as_if_nothing_had_happened(
    tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    async with house(tmp_path / "state") as home:
        waiting = await home.start("wait", "one", "two", "--jsonl")
        await home.the_sender(checks=2)
        lose(home.path)
        await comes(home.path.exists, "put the file back", NOTICED_S)
        home.service.otherwise = FINISHED
        assert await waiting.process.wait() == 0
        assert await saved(home) == {"one", "two"}
