"""The garbage collector, which is off while the program starts."""

import gc
from collections.abc import Iterator

import pytest

from tests.ui.fake_session import StillSession
from tests.ui.pilot import open_screen
from tiwtui.cli.signals import run


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


def test_a_command_that_waits_collects() -> None:
    async def is_collecting() -> bool:
        return gc.isenabled()

    assert run(is_collecting())
