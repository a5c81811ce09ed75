"""Commands in child processes, with a service on loopback and their own watch list."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.child_environment import child_environment
from tests.cli.runner import ENVIRONMENT
from tests.cli.watch_list import WatchList
from tests.factories import APP
from tests.service import Answering


def options(watch_list: WatchList, service: Answering) -> list[str]:
    """Return the options that select this list and this service."""
    return [
        *("--state-dir", str(watch_list.folder), "--endpoint", service.endpoint),
        *("--sdk-app-id", str(APP), "--rate", "18"),
    ]


@contextmanager
def at_work(watch_list: WatchList, service: Answering, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command, its streams in pipes; it is killed at the end of the block if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tiwtui", *options(watch_list, service), *words],
        env=child_environment(**ENVIRONMENT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()
