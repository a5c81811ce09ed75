"""`tiwtui watch` on real sockets: every change as it comes, and nothing else."""

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.runner import ENVIRONMENT, ran
from tests.cli.service_commands import at_work, options
from tests.cli.watch_list import RUNNING, WatchList
from tests.factories import APP, FastClock
from tests.raw_server import in_a_thread
from tests.service import FINISHED, Answering, answering, refusal, until
from tiwtui.api import errors
from tiwtui.cli.commands.watch import _watch
from tiwtui.cli.output import JSON_LINES
from tiwtui.config.settings import settings_from

ID = RUNNING.ref.task_id


ADVICE = f"FailedOperation.Record: 40004 im · {errors.advice('FailedOperation.Record')}"


@pytest.fixture
def service() -> Iterator[Answering]:
    with in_a_thread(answering(failed=refusal("FailedOperation.Record", "40004 im"))) as server:
        yield server


@contextmanager
def watching(
    watch_list: WatchList, service: Answering, *words: str, advice: str = ""
) -> Iterator[subprocess.Popen[str]]:
    """Run `watch` in a child process until ctrl+c; its only message is `advice`."""
    with at_work(watch_list, service, "watch", *words) as process:
        yield process
        process.send_signal(signal.SIGINT)
        _rest, said = process.communicate(timeout=30)
        assert process.returncode == 130
        assert said.split() == [*advice.split(), "Interrupted."]


def line(process: subprocess.Popen[str]) -> list[str]:
    """Return the cells of the next line."""
    assert process.stdout is not None
    return process.stdout.readline().removesuffix("\n").split("\t")


def test_changes_are_printed_and_what_was_known_is_not(watch_list: WatchList, service: Answering) -> None:
    """`list` prints what is known; a script that watches acts on each line."""
    ran(*options(watch_list, service), "add", "old", "--label", "Old")
    with watching(watch_list, service, "old", "failed", advice=ADVICE) as process:
        seen = [line(process) for _ in range(2)]
        assert sorted((cells[0], cells[2]) for cells in seen) == [("failed", "failed"), ("old", "processing")]
        ran(*options(watch_list, service), "label", "old", "New")
        assert line(process)[:4] == ["old", str(APP), "processing", "New"]


@pytest.mark.anyio
async def test_being_checked_once_more_is_no_change(
    watch_list: WatchList, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task is asked about a hundred times an hour."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    async with answering() as service:
        settings = settings_from(state_dir=watch_list.folder, endpoint=service.endpoint, sdk_app_id=APP)
        watched = asyncio.create_task(_watch(settings, ["a"], None, JSON_LINES, clock=FastClock(50.0)))
        await asyncio.to_thread(until, lambda: len(service.asked) >= 4, "asked again")
        service.says["a"] = FINISHED
        printed: list[str] = []

        def is_printed() -> bool:
            printed.append(capsys.readouterr().out)
            return '"ready"' in "".join(printed)

        await asyncio.to_thread(until, is_printed, "printed")
        watched.cancel()
        await asyncio.gather(watched, return_exceptions=True)
    tasks = [json.loads(text) for text in "".join(printed).splitlines()]
    assert [(task["phase"], len(task["videos"])) for task in tasks] == [("processing", 0), ("ready", 1)]


def test_without_ids_tasks_that_join_later_are_watched_too(watch_list: WatchList, service: Answering) -> None:
    with watching(watch_list, service) as process:
        until(lambda: any(watch_list.folder.glob("*.db-wal")), "opened the saved state")
        ran(*options(watch_list, service), "add", "late")
        phases = [line(process)[2]]
        while phases[-1] != "processing":
            phases.append(line(process)[2])
        assert phases in (["processing"], ["new", "processing"])


def test_filter_decides_on_the_changed_task(watch_list: WatchList, service: Answering) -> None:
    """`--filter phase:failed` prints failures as they happen."""
    service.says["fine"] = FINISHED
    words = ("fine", "failed", "--filter", "phase:failed")
    with watching(watch_list, service, *words, advice=ADVICE) as process:
        assert line(process)[0] == "failed"
        until(lambda: "fine" in service.answered_at, "asked about the other")
