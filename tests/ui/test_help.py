"""The help: what it shows, in which order, what typing finds and what Enter runs."""

import pytest
from msgspec.structs import fields

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen
from tiwtui.config.key_changes import rebound
from tiwtui.config.key_table import COMMANDS, DEFAULT_KEYS
from tiwtui.glyphs import ASCII_GLYPHS, UNICODE_GLYPHS, Glyphs
from tiwtui.listing.query.fields import ALIASES, FIELDS
from tiwtui.listing.query.parser import read
from tiwtui.listing.query.reference import examples
from tiwtui.model import Phase
from tiwtui.ui.dialogs.help import HelpList
from tiwtui.ui.dialogs.help_text import PUNCTUATION, Place, key_sections, sign_sections, sign_words

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    return StillSession(
        [make_task("p1", phase_since=NOW - 500), make_task("r1", Phase.READY, phase_since=NOW - 300)]
    )


def _listed(hand: Hand, name: str = "keys") -> list[str]:
    return [entry.text for entry in hand.app.screen.query_one(f"#{name}", HelpList).entries.values()]


def test_every_sign_of_the_table_has_its_meaning() -> None:
    """Nobody can look up a sign that the legend forgot; one that is added must be added there too."""
    known = set(sign_words()) | PUNCTUATION | {"phases", "lanes", "levels"}
    assert {field.name for field in fields(Glyphs)} == known
    for glyphs in (UNICODE_GLYPHS, ASCII_GLYPHS):
        heads = [entry.head for section in sign_sections(glyphs) for entry in section.entries]
        assert {*glyphs.phases.values(), glyphs.unseen, glyphs.mark} <= set(heads)


def test_the_filter_has_an_example_of_each_term_and_each_can_be_typed() -> None:
    """They come from the table that reads the filter, so the help knows no term that is not there."""
    shown = [example for example, _words in examples()]
    for name in FIELDS.keys() - ALIASES.keys():
        assert any(example.startswith(name) for example in shown), name
    assert [example for example in shown if read(example).faults] == []


def test_no_command_is_twice_in_the_keys_and_none_is_left_out() -> None:
    place = Place("Here", ("copy", "remove", "copy"))
    entries = [entry for section in key_sections(DEFAULT_KEYS, place) for entry in section.entries]
    assert sorted(entry.text for entry in entries) == sorted(command.title for command in COMMANDS)
    assert [entry.head for entry in entries[:2]] == ["c", "x"]


async def test_the_keys_of_where_one_is_come_first() -> None:
    async with open_screen(_session(), size=(140, 42)) as hand:
        await hand.press("?")
        assert "check the task or marked ones now" in _listed(hand)[:4]
        await hand.press("escape", "tab", "?")
        assert "go to the next tab of the detail" in _listed(hand)[:3]
        await hand.press("escape", "/", "f1")
        assert _listed(hand)[0:2] == ["ok", "complete"]
        assert any(line.split()[:2] == ["esc", "clear"] for line in hand.lines)
        await hand.press("escape", "escape", "w", "?")
        assert _listed(hand)[0:2] == ["on/off", "move"]
        await hand.press("escape")
        assert hand.opened == "ColumnsScreen"


@pytest.mark.parametrize("size", [(140, 60), (80, 60)])
async def test_what_keys_do_is_in_one_column(size: tuple[int, int]) -> None:
    """The eye goes down one edge, whatever the heading."""
    texts = ("go to the next line", "copy the video URLs", "remove from the watch list", "undo")
    async with open_screen(StillSession([make_task("t")]), size=size) as hand:
        await hand.press("?")
        edges = {line.index(text) for text in texts for line in hand.lines if text in line}
        assert len(edges) == 1


async def test_typing_narrows_at_once_and_backspace_widens() -> None:
    """What is looked for is a word or a key, in the keys, the signs and the filter language."""
    async with open_screen(_session(), size=(140, 42)) as hand:
        await hand.press("?")
        await hand.type("clear mar")
        assert _listed(hand) == []
        await hand.press(*["backspace"] * 9)
        await hand.type("undo")
        assert _listed(hand) == ["undo"]
        await hand.press(*["backspace"] * 4)
        await hand.type("expires")
        assert _listed(hand, "signs")
        await hand.press("escape")
        assert hand.opened == "MainScreen"


async def test_a_key_that_is_typed_is_highlighted() -> None:
    async with open_screen(_session(), size=(140, 42)) as hand:
        await hand.press("?")
        await hand.type("w")
        entry = hand.app.screen.query_one("#keys", HelpList).entry
        assert entry is not None
        assert entry.text == "choose the columns"


async def test_enter_runs_what_is_highlighted() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("?")
        await hand.type("pause or")
        await hand.press("enter")
        assert hand.opened == "MainScreen"
        assert ("pause",) in hand.session.calls
        await hand.press("?")
        await hand.type("next line")
        await hand.press("enter")
        assert hand.cursor == "r1"


async def test_enter_presses_the_key_of_the_dialog_below() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("w", "?", "down", "down", "enter")
        assert hand.opened == "MainScreen"


async def test_enter_on_a_sign_does_nothing() -> None:
    async with open_screen(_session(), size=(140, 42)) as hand:
        await hand.press("?", "tab", "enter")
        assert hand.opened == "HelpScreen"


async def test_q_closes_it_while_nothing_is_typed_and_is_a_letter_after_that() -> None:
    async with open_screen(_session()) as hand:
        await hand.press("?", "q")
        assert hand.opened == "MainScreen"
        await hand.press("?")
        await hand.type("eq")
        assert hand.opened == "HelpScreen"


@pytest.mark.parametrize("size", [(140, 42), (80, 24), (50, 24), (40, 12)])
async def test_all_of_it_can_be_reached_at_any_size(size: tuple[int, int]) -> None:
    """Of two lists the second is one key away; one below the other, all is in the first."""
    async with open_screen(_session(), size=size) as hand:
        await hand.press("?")
        listed = _listed(hand) + _listed(hand, "signs")
        assert {*(command.title for command in COMMANDS), "processing", "paused or stopped"} <= set(listed)
        assert bool(_listed(hand, "signs")) == (size[0] > 100)
        assert any("esc close" in line for line in hand.lines)


async def test_it_names_the_keys_that_a_configuration_chose() -> None:
    keys, _faults = rebound([("remove", ("K",)), ("help", ("H",))])
    async with open_screen(_session(), keys=keys, size=(140, 42)) as hand:
        await hand.press("H")
        await hand.type("remove from")
        assert "K  remove from the watch list" in hand.text
        await hand.press("enter")
        assert len(hand.session.tasks) == 1
