"""Every dialog can be closed, or end with the program, at any moment of its opening."""

import asyncio
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from msgspec.structs import replace
from textual import events
from textual.app import App

from tests.standstill import standstill
from tests.ui.fake_session import StillSession, make_task
from tests.ui.pilot import open_screen
from tiwtui.config.key_table import Keys
from tiwtui.glyphs import UNICODE_GLYPHS
from tiwtui.listing.columns import DEFAULT_COLUMNS
from tiwtui.listing.order import Order
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase
from tiwtui.results.copy_formats import Choice, Format
from tiwtui.session import Session
from tiwtui.ui import dialogs
from tiwtui.ui.dialogs.add import AddScreen
from tiwtui.ui.dialogs.column_chooser import ColumnsScreen
from tiwtui.ui.dialogs.confirm import ConfirmScreen, LineScreen
from tiwtui.ui.dialogs.copy_as import CopyAsScreen
from tiwtui.ui.dialogs.copy_sheet import CopySheet
from tiwtui.ui.dialogs.diagnostics import DiagnosticsScreen
from tiwtui.ui.dialogs.dialog import Dialog
from tiwtui.ui.dialogs.help import HelpScreen
from tiwtui.ui.dialogs.sort_menu import SortScreen
from tiwtui.ui.dialogs.theme_chooser import ThemeScreen
from tiwtui.ui.timing import AT_ONCE, TYPING_S

pytestmark = pytest.mark.anyio

TURNS = 60
"""More turns of the loop than any dialog takes to open."""


async def _no_copy(_text: str) -> Any:
    raise AssertionError("nothing is copied here")


DIALOGS: dict[type[Dialog[Any]], Callable[[], Dialog[Any]]] = {
    AddScreen: lambda: AddScreen("hello there", None, {}),
    ColumnsScreen: lambda: ColumnsScreen(DEFAULT_COLUMNS, DEFAULT_COLUMNS, UNICODE_GLYPHS),
    ConfirmScreen: lambda: ConfirmScreen("Really?", "Yes"),
    LineScreen: lambda: LineScreen("Label of p1"),
    CopyAsScreen: lambda: CopyAsScreen(
        "Copy",
        Choice(),
        tuple(Format),
        ("camera", "screen"),
        lambda _choice: "url",
        UNICODE_GLYPHS,
    ),
    CopySheet: lambda: CopySheet("text", "no clipboard"),
    SortScreen: lambda: SortScreen(Order(), DEFAULT_COLUMNS, UNICODE_GLYPHS),
    ThemeScreen: ThemeScreen,
    HelpScreen: lambda: HelpScreen(Keys()),
    DiagnosticsScreen: lambda: DiagnosticsScreen(cast(Session, StillSession([])), _no_copy, AT_ONCE),
}


def _all_dialogs() -> Iterator[type[Dialog[Any]]]:
    for module in pkgutil.iter_modules(dialogs.__path__, f"{dialogs.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Dialog) and value is not Dialog:
                yield value


@pytest.fixture(params=DIALOGS, ids=lambda dialog: dialog.__name__)
def make_dialog(request: pytest.FixtureRequest) -> Callable[[], Dialog[Any]]:
    made: Callable[[], Dialog[Any]] = DIALOGS[request.param]
    return made


async def _turns(count: int) -> None:
    for _turn in range(count):
        await asyncio.sleep(0)


def test_every_dialog_is_among_those_that_are_closed_early() -> None:
    """A new dialog must not be the one that nobody closed early, nor go past the frame."""
    assert set(_all_dialogs()) == set(DIALOGS)
    assert not any({"on_mount", "on_resize"} & vars(dialog).keys() for dialog in DIALOGS)


async def test_a_dialog_can_be_dismissed_at_each_turn_of_its_opening(
    make_dialog: Callable[[], Dialog[Any]],
) -> None:
    """Esc right behind the key that opens: the dialog is gone before its contents were ever mounted."""
    app = App[None]()
    async with app.run_test() as pilot:
        for turns in range(TURNS):
            dialog = make_dialog()
            app.push_screen(dialog)
            await _turns(turns)
            dialog.dismiss()
            await standstill()
            assert app.screen is app.screen_stack[0], turns
            assert app._exception is None, turns
        app.push_screen(make_dialog())
        await pilot.pause()
        assert isinstance(app.screen, Dialog)


@pytest.mark.parametrize("turns", range(8))
@pytest.mark.parametrize("exits", [True, False])
async def test_the_program_can_end_at_each_turn_of_a_dialogs_opening(
    turns: int, exits: bool, make_dialog: Callable[[], Dialog[Any]]
) -> None:
    """A signal, or ctrl+c, while a dialog opens is an end in good order, not a crash."""
    app = App[None]()
    async with app.run_test():
        app.push_screen(make_dialog())
        await _turns(turns)
        if exits:
            app.exit()
            await standstill()
    assert app._exception is None


def _session() -> StillSession:
    return StillSession([make_task("p1"), make_task("r1", Phase.READY), make_task("r2", Phase.READY)])


@pytest.mark.parametrize("keys", ["a", "l", "w", "s", "C", "Y", "?", "b", "x", "paste"])
async def test_escape_at_each_turn_behind_what_opens_a_dialog_closes_it(keys: str) -> None:
    """On a slow line both keys arrive in one read; who pasted the wrong text presses Esc at once."""
    async with open_screen(_session()) as hand:
        await hand.press("*")
        for turns in range(TURNS):
            if keys == "paste":
                hand.app.post_message(events.Paste("hello there"))
            else:
                hand.send(keys)
            await _turns(turns)
            hand.send("escape")
            await hand.settle()
            # Too early, it meant the marks: a second one closes.
            if hand.opened != "MainScreen":
                await hand.press("escape")
            assert hand.opened == "MainScreen", turns
            assert hand.app.return_code is None, turns
            if not hand.marks:
                await hand.press("*")


TAKES_TEXT = {AddScreen, LineScreen}


async def test_q_closes_each_dialog_that_takes_no_text(make_dialog: Callable[[], Dialog[Any]]) -> None:
    """Who has learnt it in one place presses it in all; where text is typed it is a letter."""
    app = App[None]()
    async with app.run_test() as pilot:
        dialog = make_dialog()
        app.push_screen(dialog)
        await pilot.pause()
        await pilot.press("q")
        await standstill()
        assert (app.screen is dialog) == (type(dialog) in TAKES_TEXT)


@pytest.mark.parametrize("key", ["w", "s", "C", "Y"])
async def test_no_dialog_is_closed_by_the_letter_that_opened_it(key: str) -> None:
    """A key that is pressed twice by mistake must not drop what was chosen there."""
    async with open_screen(_session()) as hand:
        await hand.press("*", key)
        opened = hand.opened
        assert opened != "MainScreen"
        if key != "s":
            await hand.press(key)
            assert hand.opened != "MainScreen"


@pytest.mark.parametrize("keys", [("l",), ("/",), ("a",), ("?",), ("w",)])
async def test_letters_typed_on_after_esc_are_no_commands(keys: tuple[str, ...]) -> None:
    """A text that goes on while esc closes its line would remove, mark and check tasks."""
    pace = replace(AT_ONCE, leave_s=3600.0)
    async with open_screen(_session(), pace=pace) as hand:
        await hand.press(*keys)
        await hand.burst("M", "escape", "x", "3", "*")
        await hand.press("x", "c")
        assert hand.opened == "MainScreen"
        assert (len(hand.session.tasks), hand.marks, hand.state.tab) == (3, frozenset(), Tab.ALL)
        await hand.press("j", "down")
        assert hand.selected == hand.view.refs()[2]


async def test_esc_after_a_pause_holds_no_key_back() -> None:
    """Who stopped typing and then presses esc means what comes next as a command."""
    async with open_screen(_session(), pace=replace(AT_ONCE, leave_s=3600.0)) as hand:
        await hand.press("?", "escape", "w", "M")
        hand.now += TYPING_S
        await hand.press("escape", "x")
        assert len(hand.session.tasks) == 2


async def test_esc_where_nothing_is_open_holds_no_key_back() -> None:
    async with open_screen(_session(), pace=replace(AT_ONCE, leave_s=3600.0)) as hand:
        await hand.press("escape", "x")
        assert len(hand.session.tasks) == 2
