"""The keyboard: one table of keys, the way back, the filter, and what an input method types."""

import re

import pytest

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import open_screen
from tiwtui.config.key_changes import rebound
from tiwtui.config.key_table import COMMANDS, Keys, Scope
from tiwtui.listing.tabs import Tab
from tiwtui.model import Phase

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [
            make_task("p1", label="Maths 3A", phase_since=NOW - 500),
            make_task("p2", label="Physics", phase_since=NOW - 400),
            make_task("r1", Phase.READY, label="Maths 3B", phase_since=NOW - 300),
            make_task("f1", Phase.FAILED, label="History", phase_since=NOW - 200),
        ]
    )


def test_every_command_has_an_id_of_its_own() -> None:
    """By its id a configuration binds it to other keys."""
    ids = [command.id for command in COMMANDS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "scopes", [(Scope.LINES, Scope.LIST, Scope.MAIN), (Scope.LINES, Scope.DETAIL, Scope.MAIN)]
)
def test_no_key_means_two_things_at_once(scopes: tuple[Scope, ...]) -> None:
    keys = [key for command in COMMANDS if command.scope in scopes for key in command.keys]
    assert len(keys) == len(set(keys))


def test_no_chord_a_multiplexer_takes_is_used() -> None:
    """ctrl+b, ctrl+a and ctrl+z never arrive; ctrl+s stops the terminal."""
    keys = {key for command in COMMANDS for key in command.keys}
    assert not keys & {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+z", "ctrl+backslash", "alt+x"}


async def test_digits_are_tabs_while_the_list_has_focus() -> None:
    async with open_screen(_session()) as hand:
        for key, tab in (("2", Tab.ACTIVE), ("3", Tab.READY), ("４", Tab.FAILED), ("5", Tab.ATTENTION)):
            await hand.press(key)
            assert hand.state.tab is tab, key


async def test_full_width_punctuation_does_what_its_ascii_twin_does() -> None:
    """With a Chinese input method on, that is what the keyboard sends."""
    async with open_screen(_session()) as hand:
        await hand.press("fullwidth_question_mark")
        assert hand.opened == "HelpScreen"
        await hand.press("fullwidth_question_mark")
        assert hand.opened == "MainScreen"
        await hand.press("right_black_lenticular_bracket")
        assert hand.pane.tab == "timeline"
        await hand.press("ideographic_comma")
        assert hand.main.focused is not None
        assert hand.main.focused.id == "filter"


async def test_esc_takes_one_step_back_and_never_quits() -> None:
    """Full screen, then the filter, then the marks; after that nothing."""
    async with open_screen(_session()) as hand:
        await hand.press("space", "slash")
        await hand.type("maths")
        await hand.press("enter", "enter")
        assert (hand.state.is_full, hand.state.filter_text, len(hand.marks)) == (True, "maths", 1)
        await hand.press("escape")
        assert (hand.state.is_full, hand.state.filter_text, len(hand.marks)) == (False, "maths", 1)
        await hand.press("q")
        assert (hand.state.filter_text, len(hand.marks)) == ("", 1)
        await hand.press("escape")
        assert not hand.marks
        await hand.press("escape", "escape")
        assert hand.app.is_running


async def test_q_on_the_bare_list_quits_and_says_what_is_left() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("q")
        assert hand.app._exit
        assert hand.app.return_code == 0
        assert "2 still active" in str(hand.app._exit_renderables[0])


async def test_ctrl_c_quits_from_anywhere() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("a", "ctrl+c")
        assert hand.app._exit


async def test_quitting_promises_nothing_where_nothing_is_saved() -> None:
    """The tasks of the demo are gone with it."""
    session = _session()
    session.is_saved = False
    async with open_screen(session) as hand:
        await hand.press("q")
        assert hand.app._exit
        assert not hand.app._exit_renderables


async def test_the_filter_is_live_and_counts() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("slash")
        await hand.type("maths")
        assert hand.listed == ["p1", "r1"]
        assert "2/4" in hand.text
        await hand.press("down")
        assert hand.cursor == "r1"
        await hand.press("enter")
        assert hand.main.focused is hand.table
        assert "/ maths" in hand.lines[1], hand.lines[1]
        assert "2/4" in hand.lines[1]


async def test_esc_in_the_filter_clears_it() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("slash")
        await hand.type("maths")
        await hand.press("escape")
        assert hand.listed == ["p1", "p2", "f1", "r1"]
        assert hand.main.focused is hand.table


async def test_a_mistake_in_the_filter_is_shown_beside_it() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("slash")
        await hand.type("taken:maybe")
        assert "taken: takes yes or no" in hand.lines[1]
        assert len(hand.listed) == 4


@pytest.mark.parametrize("width", [40, 80, 120])
async def test_a_mistake_without_room_is_shown_in_the_footer(width: int) -> None:
    """On a phone too, what is wrong can be read; the end of many examples may be cut off."""
    async with open_screen(_session(), size=(width, 24)) as hand:
        await hand.press("slash")
        await hand.type("phase:bogus")
        assert hand.lines[-1].startswith(" no phase bogus; new queued")
        await hand.press("enter")
        assert hand.lines[-1].startswith(" no phase bogus; new queued")
        await hand.press("escape")
        assert "? help" in hand.lines[-1]


async def test_letters_typed_into_the_filter_are_no_commands() -> None:
    session = _session()
    async with open_screen(session) as hand:
        await hand.press("slash")
        await hand.type("xrpqc")
        assert hand.state.filter_text == "xrpqc"
        assert session.calls == [("start",), ("run",)]


async def test_the_palette_opens() -> None:
    async with open_screen(_session()) as hand:
        await hand.press(":")
        assert hand.opened == "CommandPalette"


async def test_s_sorts_by_the_column_of_a_letter_and_S_reverses() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("s", "t")
        assert hand.state.order.column == "task"
        assert hand.listed == ["f1", "p1", "p2", "r1"]
        await hand.press("S")
        assert hand.listed == ["r1", "p2", "p1", "f1"]


async def test_the_footer_shows_the_keys_that_matter_where_the_focus_is() -> None:
    async with open_screen(_session()) as hand:
        assert " a add " in hand.lines[-1]
        await hand.press("tab")
        assert "next tab" in hand.lines[-1]


async def test_a_click_on_a_footer_key_presses_it() -> None:
    async with open_screen(_session()) as hand:
        await hand.pilot.click("#foot", offset=(hand.lines[-1].index("pause"), 0))
        assert ("pause",) in hand.session.calls
        await hand.pilot.click("#tab-line", offset=(hand.lines[1].index("Ready"), 0))
        assert hand.state.tab is Tab.READY


# Keys of a configuration


def _keys(**chosen: str) -> Keys:
    keys, faults = rebound([(name.replace("_", "."), tuple(text.split())) for name, text in chosen.items()])
    assert not faults
    return keys


async def test_a_rebound_command_has_its_new_keys_and_only_those() -> None:
    async with open_screen(_session(), keys=_keys(pause="i ctrl+k")) as hand:
        await hand.press("p", "f6")
        assert ("pause",) not in hand.session.calls
        await hand.press("i")
        assert hand.session.calls[-1] == ("pause",)
        await hand.press("ctrl+k")
        assert hand.session.calls[-1] == ("resume",)


async def test_the_new_key_goes_with_its_full_width_twin() -> None:
    async with open_screen(_session(), keys=_keys(columns="!")) as hand:
        await hand.press("！")
        assert hand.opened == "ColumnsScreen"


async def test_detail_and_diagnostics_name_the_keys_there_are() -> None:
    """Who bound a key away does not know what it was."""
    keys = _keys(check="K", move_down="i", move_up="m")
    session = StillSession([make_task("e1", Phase.EMPTY)])
    async with open_screen(session, size=(120, 50), keys=keys) as hand:
        assert "No video. K checks again." in hand.text
        await hand.press("b")
        assert "i m scroll" in " ".join(hand.text.split())


async def test_commands_that_change_places_do_what_the_other_did() -> None:
    async with open_screen(_session(), keys=_keys(move_down="k", move_up="j")) as hand:
        await hand.press("k")
        assert hand.cursor == "p2"
        await hand.press("j")
        assert hand.cursor == "p1"


async def test_a_command_without_a_key_is_in_the_palette_alone() -> None:
    async with open_screen(_session(), keys=_keys(remove="")) as hand:
        await hand.press("x")
        assert len(hand.session.tasks) == 4
        assert "remove" not in hand.lines[-1]
        titles = [command.title for command in hand.app.get_system_commands(hand.main)]
        assert "Remove from the watch list" in titles


async def test_the_n_th_key_is_for_the_n_th_tab() -> None:
    async with open_screen(_session(), keys=_keys(tab="f11 f12")) as hand:
        await hand.press("f12")
        assert hand.state.tab is Tab.ACTIVE
        await hand.press("3")
        assert hand.state.tab is Tab.ACTIVE


async def test_footer_help_and_palette_show_the_keys_there_are() -> None:
    async with open_screen(_session(), size=(120, 50), keys=_keys(pause="Z", help="H f12")) as hand:
        assert " Z pause " in hand.lines[-1]
        shown = [command[:2] for command in hand.app.get_system_commands(hand.main)]
        assert ("Pause or resume checking", "Z") in shown
        await hand.press("H")
        assert re.search(r"\bZ +pause or resume", hand.text)
        assert re.search(r"\bH +F12 +show the help", hand.text)


async def test_the_help_closes_by_the_key_that_opened_it() -> None:
    async with open_screen(_session(), keys=_keys(help="H")) as hand:
        await hand.press("H", "H")
        assert hand.opened == "MainScreen"


async def test_sentences_name_the_keys_there_are() -> None:
    async with open_screen(_session(), keys=_keys(undo="U")) as hand:
        await hand.press("x")
        assert hand.toasts[-1].endswith("U brings it back")
    async with open_screen(StillSession(), keys=_keys(add="A")) as hand:
        assert "press A" in hand.text


async def test_a_priority_key_moves_too() -> None:
    """Also while text is typed."""
    async with open_screen(_session(), keys=_keys(quit_now="ctrl+g")) as hand:
        await hand.press("a", "ctrl+c")
        assert not hand.app._exit
        await hand.press("ctrl+g")
        assert hand.app._exit


async def test_a_rebound_letter_typed_into_an_input_is_text() -> None:
    async with open_screen(_session(), keys=_keys(pause="Z", move_down="i down")) as hand:
        await hand.press("slash")
        await hand.type("iZ")
        assert hand.state.filter_text == "iZ"
        assert ("pause",) not in hand.session.calls
        await hand.press("escape", "a")
        await hand.type("Zz")
        assert "Zz" in hand.text
        assert ("pause",) not in hand.session.calls
