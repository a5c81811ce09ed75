"""What every test stands on: no real home, environment or network, and asyncio alone."""

import locale
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# These machines are noisy: how long an example takes says nothing.
settings.register_profile("tiwtui", deadline=None, max_examples=50)
settings.load_profile("tiwtui")

# A job in the background is started with ctrl+c ignored, and everything that it starts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

_KEPT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "TMPDIR", "SYSTEMROOT", "PYTEST_CURRENT_TEST")


@pytest.fixture
def anyio_backend() -> str:
    """Textual runs on asyncio, so everything is tested there."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give each test a home of its own and an environment without keys, proxies or settings."""
    for name in set(os.environ) - set(_KEPT):
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TERM", "xterm-256color")
    before = locale.setlocale(locale.LC_ALL)
    yield
    locale.setlocale(locale.LC_ALL, before)
