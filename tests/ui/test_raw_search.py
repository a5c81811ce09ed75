"""The Raw tab: searching in the answer and copying it."""

import pytest

from tests.ui.fake_session import StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.model import Phase
from tiwtui.ui.detail.raw_search import matching_rows, with_matches
from tiwtui.ui.drawing.styled_text import Sheet, Span

pytestmark = pytest.mark.anyio

RAW = b'{"Response":{"Status":"FINISHED",' + b",".join(b'"Field%d":"value"' % n for n in range(60)) + b"}}"


def _session() -> StillSession:
    session = StillSession([make_task("r1", Phase.READY)])
    session.raw[ref_of(session, "r1")] = RAW
    return session


async def _open_raw(hand: Hand) -> None:
    hand.change(detail_tab="raw")
    await hand.press("tab")


def test_matches_are_lit_and_nothing_else_changes() -> None:
    row = (Span(" "), Span('"VideoUrl"'), Span(": "), Span('"video"'))
    sheet = Sheet(rows=(row, (Span("other"),)))
    assert matching_rows(sheet, "VIDEO") == (0,)
    lit = with_matches(sheet, "VIDEO").rows[0]
    assert [span.text for span in lit if span.is_lit] == ["Video", "video"]
    assert "".join(span.text for span in lit) == "".join(span.text for span in row)
    assert with_matches(sheet, "").rows == sheet.rows


def test_a_text_is_found_where_a_line_is_folded() -> None:
    """A URL is longer than most panes."""
    rows = ((Span("  "), Span('"https://ex')), (Span("    "), Span('ample.com"')), (Span(" "), Span("}")))
    sheet = Sheet(rows=rows)
    assert matching_rows(sheet, "Example.com") == (0,)
    lit = with_matches(sheet, "Example.com").rows
    assert [[span.text for span in row if span.is_lit] for row in lit] == [["ex"], ["ample.com"], []]


def test_a_letter_that_case_makes_two_of_moves_no_match() -> None:
    sheet = Sheet(rows=((Span("İİ Maths"),),))
    assert [span.text for span in with_matches(sheet, "maths").rows[0] if span.is_lit] == ["Maths"]


async def test_slash_searches_in_the_answer_and_n_goes_on() -> None:
    """An answer of many videos is longer than any screen."""
    async with open_screen(_session(), size=(100, 30)) as hand:
        await _open_raw(hand)
        await hand.press("/")
        await hand.type("field5")
        await hand.press("enter")
        assert "1/11" in hand.text
        assert '"Field5"' in hand.text
        await hand.press("n")
        assert "2/11" in hand.text
        assert '"Field50"' in hand.text
        await hand.press("N", "N")
        assert "11/11" in hand.text
        assert '"Field59"' in hand.text


async def test_n_without_a_search_says_so() -> None:
    """In the list it flags a task; here that must not happen."""
    async with open_screen(_session()) as hand:
        await _open_raw(hand)
        await hand.press("n")
        assert hand.toasts == ["nothing is searched for yet"]
        assert not [shown for shown in hand.session.calls if shown[0] == "flag"]


async def test_what_is_not_in_the_answer_is_said() -> None:
    async with open_screen(_session()) as hand:
        await _open_raw(hand)
        await hand.press("/")
        await hand.type("nowhere")
        await hand.press("enter")
        assert hand.toasts[-1] == "not in this answer: nowhere"


async def test_c_copies_the_answer_and_notes_no_video_as_copied() -> None:
    async with open_screen(_session()) as hand:
        await _open_raw(hand)
        await hand.press("c")
        assert hand.copied[0].startswith('{\n  "Response"')
        assert hand.toasts[-1] == "the answer copied (tmux)"
        assert not hand.session.tasks[ref_of(hand.session, "r1")].is_taken


async def test_the_keys_are_of_the_raw_tab_alone() -> None:
    """In the list and the other tabs they are what they are everywhere."""
    async with open_screen(_session()) as hand:
        hand.change(detail_tab="raw")
        await hand.press("/")
        assert hand.state.is_filtering
        await hand.press("escape", "tab", "[", "/")
        assert hand.state.is_filtering


async def test_footer_and_help_name_them_there() -> None:
    async with open_screen(_session(), size=(140, 42)) as hand:
        await _open_raw(hand)
        assert " c copy the answer " in hand.lines[-1]
        assert " / search " in hand.lines[-1]
        await hand.press("?")
        assert "search in the answer" in hand.text
