"""What every test stands on: no real home, environment or network, and asyncio alone."""

import gc
import locale
import os
import signal
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

# These machines are noisy: how long an example takes says nothing.
settings.register_profile("tiwtui", deadline=None, max_examples=30)
settings.load_profile("tiwtui")

# A job in the background is started with ctrl+c ignored, and everything that it starts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Run one more at once than there are processors: some tests wait for other processes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Leave out of every later collection what the imports made: it stays until the end, and is much."""
    gc.collect()
    gc.freeze()


_KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "PYTHONPATH",
    "PYTHONPYCACHEPREFIX",
    "VIRTUAL_ENV",
    "TMPDIR",
    "SYSTEMROOT",
    "PYTEST_CURRENT_TEST",
)


@pytest.fixture
def anyio_backend() -> str:
    """Textual runs on asyncio, so everything is tested there."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _empty_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give each test a home of its own and an environment without keys, proxies or settings."""
    for name in set(os.environ) - set(_KEPT):
        monkeypatch.delenv(name)
    # Not in `tmp_path`: making one looks through those of all tests before, and few tests want it.
    home = tempfile.mkdtemp(prefix="home", dir=tmp_path_factory.getbasetemp())
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TERM", "xterm-256color")
    before = locale.setlocale(locale.LC_ALL)
    yield
    locale.setlocale(locale.LC_ALL, before)
