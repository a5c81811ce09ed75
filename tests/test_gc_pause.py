"""The garbage collector, which is off while the program starts."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.runner import ran
from tests.ui.fake_session import StillSession
from tests.ui.pilot import open_screen


@pytest.fixture(autouse=True)
def disabled() -> Iterator[None]:
    """Start as the program does, and leave this process as it was."""
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.anyio
async def test_the_screen_collects_once_it_was_painted() -> None:
    """It runs for days: a collector that stays off would let it grow without end."""
    async with open_screen(StillSession()):
        assert gc.isenabled()


@pytest.mark.parametrize("words", [("list",), ("add", "-"), ("urls",)])
def test_a_command_collects_from_its_beginning(words: tuple[str, ...], tmp_path: Path) -> None:
    """`tail -f log | tiwtui add -` runs for days."""
    ran("--state-dir", str(tmp_path), *words)
    assert gc.isenabled()
