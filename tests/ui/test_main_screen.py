"""How the main screen is put together: parts that it has, and one table of what keys do."""

import pytest

from tests.ui.fake_session import StillSession, make_task
from tests.ui.pilot import open_screen
from tiwtui.config.key_table import COMMANDS, Scope
from tiwtui.ui.jobs import Jobs
from tiwtui.ui.main.screen import MainScreen
from tiwtui.ui.widgets.line_view import LineView
from tiwtui.ui.widgets.task_table import TaskTable

pytestmark = pytest.mark.anyio


def test_the_main_screen_stands_on_no_class_of_ours() -> None:
    """It has parts; what it inherited stood in eleven storeys that could only be read together."""
    ours = [cls for cls in MainScreen.__mro__ if cls.__module__.startswith("tiwtui")]
    assert ours == [MainScreen]


class _Unwritten:
    def __repr__(self) -> str:
        raise AssertionError("written out")


async def test_what_a_job_is_given_is_not_written_out() -> None:
    """Textual writes out each job it starts: of a list of 10,000 tasks that took a tenth of a second."""
    done: list[_Unwritten] = []

    async def work(given: _Unwritten) -> None:
        done.append(given)

    async with open_screen(StillSession()) as hand:
        Jobs(hand.main).run(work, _Unwritten())
        await hand.settle()
    assert len(done) == 1


async def test_every_command_has_a_handler_and_every_handler_a_command() -> None:
    """A key of the table that does nothing looks broken, and a handler without a key is never run."""
    async with open_screen(StillSession([make_task("t")])) as hand:
        on_screen = {one.id for one in COMMANDS if one.scope not in (Scope.LINES, Scope.APP)}
        assert set(hand.main.handlers) == on_screen
        for command in COMMANDS:
            name = command.action.partition("(")[0]
            if command.scope is Scope.LINES:
                assert all(hasattr(one, f"action_{name}") for one in (TaskTable, LineView))
            elif command.scope is Scope.APP:
                assert hasattr(hand.app, f"action_{name}")
            else:
                assert name.removeprefix("screen.") == "run"
                assert f"{command.id!r}" in command.action
