"""A start takes up how the last one was left: seen with two screens, one after the other, on one file."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, app_of, open_screen
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase, TaskRef
from tiwtui.results.copy_formats import Format
from tiwtui.ui.main.view_state import Layout
from tiwtui.ui.main.view_state_file import ViewFile

pytestmark = pytest.mark.anyio


def _session(count: int = 30) -> StillSession:
    return StillSession(
        make_task(
            f"t{n:02d}",
            Phase.READY if n % 2 else Phase.PROCESSING,
            label=f"Room {n}",
            phase_since=NOW - 90 + n,
        )
        for n in range(count)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "school.view.json"


def _left(path: Path, parts: dict[str, Any]) -> None:
    path.write_text(json.dumps(parts))


def _kept(path: Path) -> dict[str, Any]:
    saved = json.loads(path.read_bytes())
    assert isinstance(saved, dict)
    return saved


async def test_the_application_is_asked_for_only_once(path: Path) -> None:
    """With tasks of two applications on the list nothing else says where an id belongs."""
    tasks = [replace(make_task("a"), ref=TaskRef(app, "a")) for app in (1400000001, 1400000002)]
    async with open_screen(StillSession(tasks, app=None), view_file=ViewFile(path)) as hand:
        await hand.paste("ghucnligqtgtvk2624mb")
        await hand.press("enter")
        await hand.type("1400000002")
        await hand.press("enter")
    async with open_screen(StillSession(tasks, app=None), view_file=ViewFile(path)) as hand:
        await hand.paste("00e1jv8ve0jcqk7da9lb")
        await hand.press("enter")
        assert hand.session.calls[-1] == ("add", ((TaskRef(1400000002, "00e1jv8ve0jcqk7da9lb"), None),))


async def test_order_columns_and_layout_are_as_they_were(path: Path) -> None:
    async with open_screen(_session(), view_file=ViewFile(path), size=(200, 36)) as hand:
        await hand.press("s", "p", "S", "f", ">", "tab", "]")
        hand.change(columns=("label", "task", "added"))
        was, listed = hand.remembered, hand.listed
        lines = hand.lines[1:-1]
    async with open_screen(_session(), view_file=ViewFile(path), size=(200, 36)) as hand:
        assert hand.remembered == was
        assert hand.state.order.is_reversed
        assert hand.state.layout is not Layout.AUTO
        assert hand.pane.tab == "timeline"
        assert hand.listed == listed
        await hand.press("tab")
        assert hand.lines[1:-1] == lines


async def test_a_start_shows_all_tasks_whatever_tab_and_filter_were_left(path: Path) -> None:
    """A list that opens on 1 of 4 tasks looks as if three were lost."""
    async with open_screen(_session(), view_file=ViewFile(path), filters=[("odd", "phase:ready")]) as hand:
        await hand.press("6", "/", *"t07", "enter")
        assert hand.listed == ["t07"]
    async with open_screen(_session(), view_file=ViewFile(path), filters=[("odd", "phase:ready")]) as hand:
        assert (hand.state.tab, hand.state.filter_text) == (Tab.ALL, "")
        assert len(hand.listed) == 30
        await hand.press("/", "up")
        assert hand.listed == ["t07"]


async def test_the_first_painting_is_the_restored_one(path: Path) -> None:
    """Another list for a blink would be a flicker at each start; one look at all tasks is enough."""
    _left(path, {"order": ["label", True]})
    session = _session()
    app = app_of(session, view_file=ViewFile(path))
    async with app.run_test(size=(120, 36)) as pilot:
        hand = Hand(session)
        hand.pilot = pilot
        assert hand.view.order.is_reversed
        assert not hand.is_rebuilding
        assert hand.table._view is hand.view
        assert hand.cursor == hand.listed[0]


async def test_a_start_has_the_cursor_on_the_first_line(path: Path) -> None:
    """What was read yesterday is far down today; what is new or urgent is on top."""
    _left(path, {"selected": [1400000001, "t08"]})
    async with open_screen(_session(60), size=(100, 24), view_file=ViewFile(path)) as hand:
        assert hand.cursor == hand.listed[0]


async def test_the_form_of_the_last_copy_and_the_filters_are_recalled(path: Path) -> None:
    async with open_screen(_session(), view_file=ViewFile(path)) as hand:
        await hand.press("/", "x", "enter", "escape", "G", "C", "j", "enter")
        assert hand.state.copy_choice.form is Format.CHAT
    async with open_screen(_session(), view_file=ViewFile(path)) as hand:
        assert hand.state.copy_choice.form is Format.CHAT
        await hand.press("/", "up")
        assert hand.state.filter_text == "x"


async def test_a_theme_chosen_on_the_screen_comes_back(path: Path) -> None:
    async with open_screen(_session(), view_file=ViewFile(path)) as hand:
        hand.app.theme = "textual-light"
    async with open_screen(_session(), view_file=ViewFile(path)) as hand:
        assert hand.app.theme == "textual-light"


async def test_a_configured_theme_stands_before_a_remembered_one(path: Path) -> None:
    _left(path, {"theme": "textual-light"})
    async with open_screen(_session(), view_file=ViewFile(path), theme="nord") as hand:
        assert hand.app.theme == "nord"
        await hand.press("2")
    assert _kept(path)["theme"] == "textual-light"


async def test_a_theme_that_is_no_more_is_let_be(path: Path) -> None:
    _left(path, {"theme": "of another time"})
    async with open_screen(_session(), view_file=ViewFile(path)) as hand:
        assert hand.app.theme == "textual-dark"


async def test_changes_are_saved_while_the_screen_is_open(path: Path) -> None:
    """A process that is killed loses a few seconds of it at most."""
    async with open_screen(_session(), view_file=ViewFile(path)) as hand:
        await hand.press("S")
        hand.app.remember()
        await hand.until(path.exists)
        await hand.until(lambda: _kept(path)["order"] == ["", True])


async def test_a_screen_that_was_only_looked_at_writes_nothing(path: Path) -> None:
    """Of two terminals on one watch list, the one that stood by must not undo what the other chose."""
    async with open_screen(_session(), view_file=ViewFile(path)) as hand:
        await hand.press("S")
    async with open_screen(_session(), view_file=ViewFile(path)):
        _left(path, {})
    assert _kept(path) == {}


@pytest.mark.parametrize("parts", [[], {"tab": 3, "columns": {}, "order": "label"}, "tab"])
async def test_a_file_that_is_not_to_be_read_is_a_first_start_without_a_word(path: Path, parts: Any) -> None:
    _left(path, parts)
    async with open_screen(_session(), view_file=ViewFile(path)) as hand:
        assert (hand.state.tab, hand.toasts) == (Tab.ALL, [])
        assert len(hand.listed) == 30


async def test_without_a_file_nothing_is_remembered() -> None:
    """The demo is the same each time."""
    async with open_screen(_session()) as hand:
        await hand.press("3", "j")
        hand.app.remember()
        assert not hand.app._put_view()


@pytest.mark.parametrize(("key", "tab"), [("5", "attention"), ("6", "odd")])
async def test_a_view_with_a_name_opens_on_its_tab(path: Path, key: str, tab: str) -> None:
    """A screen on a wall that begins on All after each restart of its machine is no use there."""

    def view() -> ViewFile:
        return ViewFile(path, keeps_tab=True)

    filters = [("odd", "phase:ready")]
    async with open_screen(_session(), view_file=view(), filters=filters) as hand:
        await hand.press(key)
        shown = hand.listed
    assert _kept(path)["tab"] == tab
    async with open_screen(_session(), view_file=view(), filters=filters) as hand:
        assert hand.listed == shown
    async with open_screen(_session(), view_file=ViewFile(path), filters=filters) as hand:
        assert hand.state.tab is Tab.ALL


async def test_a_tab_that_was_asked_for_comes_before_the_one_of_the_view(path: Path) -> None:
    """`--tab` is what was typed last."""
    async with open_screen(_session(), view_file=ViewFile(path, keeps_tab=True)) as hand:
        await hand.press("3")
    view = ViewFile(path, keeps_tab=True)
    async with open_screen(_session(), view_file=view, opens_on=Tab.FAILED) as hand:
        assert hand.state.tab is Tab.FAILED
