"""What every size and every terminal shows: the keys of dialogs, scrollbars, commands, colours or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.filter import Monochrome, NoColor

from tests.ui.fake_session import VIDEOS, StillSession, make_task, make_video
from tests.ui.pilot import app_of, open_screen
from tiwtui.config.key_changes import rebound
from tiwtui.listing.columns import ALL_COLUMNS
from tiwtui.model import VIDEO_KINDS, Phase
from tiwtui.ui.dialogs.dialog import key_words
from tiwtui.ui.drawing.scrollbar import SlimScrollBar

pytestmark = pytest.mark.anyio


def _session() -> StillSession:
    session = StillSession([make_task(f"t{n:02d}", Phase.READY, label=f"Maths {n}") for n in range(30)])
    for ref in session.tasks:
        session.videos[ref] = tuple(make_video(kind) for kind in range(len(VIDEO_KINDS)))
    return session


DIALOGS = (
    ("a", "enter add ctrl+j line esc cancel", "log, CSV, JSON."),
    ("l", "enter save esc cancel", "Maths 0"),
    ("C", "enter copy 1-5 kinds esc cancel", "5 ◆ audio"),
    ("w", "space on/off J K move esc cancel", "◆ Room"),
    ("Y", "w save mouse select esc close", "5 URLs"),
    ("?", "esc close", "undo"),
    ("b", "esc close y copy all j k scroll", "Diagnostics"),
    ("*x", "y remove n cancel", "Cancel"),
)
"""The keys that open a dialog, the keys it shows, and the last of what it has to show."""


async def test_every_dialog_is_usable_on_the_smallest_screen() -> None:
    """On a phone nobody knows the keys by heart; and what is chosen from is in sight to its last line."""
    async with open_screen(_session(), size=(40, 12)) as hand:
        for keys, shown, last in DIALOGS:
            await hand.press(*keys)
            lines = [" ".join(line.split()) for line in hand.lines]
            assert any(shown in line for line in lines), keys
            assert any(last in line for line in lines), keys
            await hand.press("escape")
            assert hand.opened == "MainScreen"


async def test_each_column_takes_one_line_of_the_chooser() -> None:
    async with open_screen(_session(), size=(40, 24)) as hand:
        await hand.press("w")
        rows = [line for line in hand.lines if "◆" in line or "–" in line]
        assert len(rows) == len(ALL_COLUMNS) + 1
        assert any("with several apps" in row for row in rows)


def test_keys_leave_from_the_middle_where_there_is_no_room() -> None:
    """What is done and the way out stay."""
    found = (("enter", "add"), ("ctrl+j", "line"), ("esc", "cancel"))
    assert key_words(found, 34).plain == "enter add  ctrl+j line  esc cancel"
    assert key_words(found, 33).plain == "enter add  esc cancel"
    assert key_words((), 30).plain == ""


async def test_the_palette_names_each_command_with_its_key_what_matters_here_first() -> None:
    keys, _faults = rebound([("remove", ())])
    async with open_screen(_session(), size=(100, 50), keys=keys) as hand:
        await hand.press(":")
        lines = [line[12:88].strip(" │▐") for line in hand.lines]
        rows = {name: next(row for row, line in enumerate(lines) if name in line) for name in ("Copy", "Add")}
        assert rows["Copy"] < rows["Add"]
        assert lines[rows["Add"]].split()[-1] == "a"
        assert "Remove from the watch list" in lines
        await hand.type("theme")
        assert any("Choose a theme" in line for line in hand.lines)


async def test_keys_that_copy_the_n_th_video_are_drawn_as_they_are() -> None:
    """A digit that does nothing would be a lie; a long name has no room and is in the help."""
    keys, _faults = rebound([("copy.nth", ("!", "f9"))])
    async with open_screen(_session(), keys=keys) as hand:
        await hand.press("tab")
        rows = [line[1] for line in hand.lines if "…/video" in line or "/video.mp4" in line]
        assert rows[:2] == ["!", " "]
        await hand.press("!")
        assert hand.copied == [VIDEOS[0].url]


@pytest.mark.parametrize(("theme", "filtered"), [("ansi-dark", NoColor), ("textual-dark", Monochrome)])
def test_without_colours_the_terminal_s_own_stay_its_own(
    monkeypatch: pytest.MonkeyPatch, theme: str, filtered: type
) -> None:
    """As greys they were black on black."""
    monkeypatch.setenv("NO_COLOR", "1")
    kinds = {type(one) for one in app_of(StillSession(), theme=theme).get_line_filters()}
    assert kinds & {NoColor, Monochrome} == {filtered}


@given(st.integers(1, 80), st.integers(1, 100_000), st.floats(0, 1))
def test_a_scrollbar_is_whole_and_at_an_end_only_there(size: int, length: int, at: float) -> None:
    window = min(size, length)
    position = at * (length - window)
    cells = [
        segment.text
        for segment in SlimScrollBar.render_bar(size, length, window, position).segments
        if segment.text.strip("\n") or not segment.control
    ]
    drawn = "".join(cells)
    assert len(drawn) == size
    assert drawn.strip() == "▐" * drawn.count("▐")
    if length > size > drawn.count("▐") + 1:
        assert drawn.startswith("▐") == (position <= 0)
        assert drawn.endswith("▐") == (position >= length - window)
    if length <= size:
        assert not drawn.strip()


async def test_the_keys_of_the_help_are_whole_however_long() -> None:
    keys, _faults = rebound([("tab", ("f11", "f12", "i")), ("pause", ("alt+ctrl+p",))])
    async with open_screen(_session(), size=(120, 50), keys=keys) as hand:
        await hand.press("?")
        await hand.type("show a tab")
        assert "F11 F12 i" in hand.text
        await hand.press("escape", "?")
        assert "alt+ctrl+p" in hand.text
        assert max(map(cell_len, hand.lines)) <= 120
