"""What opening the screen costs, counted: the same on every machine."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from tests.ui.fake_session import StillSession, make_task
from tests.ui.pilot import app_of

pytestmark = pytest.mark.anyio


async def test_only_what_is_drawn_is_styled() -> None:
    """Styling every tone of every line three times took most of a start; a quarter of them is ever seen."""
    app = app_of(StillSession([make_task(f"t{n}") for n in range(40)]))
    styled, apply = [0], app.stylesheet.apply

    def counting(node: Any, **given: Any) -> None:
        styled[0] += 1
        apply(node, **given)

    app.stylesheet.apply = counting  # type: ignore[method-assign]
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
    assert 40 < styled[0] < 160


@pytest.mark.parametrize("turns", range(8))
async def test_the_program_can_end_at_each_turn_of_its_start(turns: int) -> None:
    """Who stops it at once, by a signal or ctrl+c, has asked for no crash."""
    app = app_of(StillSession([make_task("t")]))
    running = asyncio.create_task(app.run_async(headless=True))
    for _turn in range(turns):
        await asyncio.sleep(0)
    app.exit()
    await running
    assert (app._exception, app.return_code) == (None, 0)


def test_opening_the_screen_imports_no_dialog() -> None:
    """Dialogs, the reading of pastes and the text area take a tenth of the start: imported when needed."""
    code = "import sys, tiwtui.cli.commands.screen; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    light = {"tiwtui.ui.dialogs.dialog", "tiwtui.ui.dialogs.help_text"}
    assert {name for name in modules if name.startswith("tiwtui.ui.dialogs.")} == light
    assert modules.isdisjoint({"textual.widgets._text_area", "tiwtui.intake.reader"})
