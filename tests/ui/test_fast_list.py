"""A long list pays for what changes on the screen, not for what only moves: lines, scrollbar, detail."""

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.strip import Strip

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen
from tiwtui.model import Phase, Task
from tiwtui.ui.drawing.styled_text import Sheet, Span
from tiwtui.ui.widgets.line_view import LineView

pytestmark = pytest.mark.anyio


def _many(count: int) -> list[Task]:
    return [make_task(f"t{n:04d}", Phase.PROCESSING, phase_since=NOW - 9000 + n) for n in range(count)]


def _strips(hand: Hand) -> list[Strip]:
    table = hand.table
    return table.render_lines(Region(0, 0, table.size.width, table.size.height))


async def test_lines_that_only_moved_are_handed_on_as_they_were() -> None:
    """Textual keeps with a strip what it cut and wrote of it: a new one costs all that again."""
    async with open_screen(StillSession(_many(200))) as hand:
        await hand.press("G", "k")
        before = _strips(hand)
        hand.table.scroll_to(y=hand.table.scroll_offset.y - 1, animate=False, force=True)
        await hand.settle()
        after = _strips(hand)
        assert after[0] is before[0], "the header stands still"
        assert all(new is old for new, old in zip(after[2:], before[1:], strict=False))


async def test_empty_lines_are_one_and_the_same() -> None:
    async with open_screen(StillSession(_many(2))) as hand:
        assert len({id(strip) for strip in _strips(hand)[3:]}) == 1


async def test_lines_are_framed_by_textual_where_there_is_a_frame() -> None:
    """A style may come to stand around the list: then its lines are not handed through past it."""
    async with open_screen(StillSession(_many(200))) as hand:
        table = hand.table
        table.styles.border = ("round", "red")
        await hand.settle()
        region = table.region
        framed = table.render_lines(Region(0, 0, region.width, region.height))
        assert framed[0].text.startswith("╭")
        assert framed[1].text.startswith("│")


async def test_the_scrollbar_updates_only_for_visible_changes() -> None:
    """One line of ten thousand moves its thumb by a five-hundredth of a cell."""
    async with open_screen(StillSession(_many(10_000))) as hand:
        table = hand.table
        bar = table.vertical_scrollbar
        shown: set[float] = set()
        for y in range(1, 200):
            table.scroll_to(y=y, animate=False, force=True)
            assert table._bar(bar.position) == table._bar(y), "what is seen is what it would be"
            shown.add(bar.position)
        assert len(shown) < 10
        await hand.press("G")
        assert table._bar(bar.position) == table._bar(table.max_scroll_y)
        await hand.press("g")
        assert table._bar(bar.position) == table._bar(0)


async def test_the_scrollbar_is_exact_again_on_another_scale() -> None:
    """What was too little to be seen among ten thousand lines may be a page among a hundred."""
    async with open_screen(StillSession(_many(10_000))) as hand:
        table = hand.table
        table.scroll_to(y=1, animate=False, force=True)
        table.scroll_to(y=25, animate=False, force=True)
        assert table.vertical_scrollbar.position < 25
        table.virtual_size = Size(1, 101)
        assert table.vertical_scrollbar.position == table.scroll_y == 25
        table.virtual_size = Size(1, 10_001)
        table.scroll_to(y=27, animate=False, force=True)
        assert table.vertical_scrollbar.position < 27
        await hand.pilot.resize_terminal(120, 60)
        await hand.settle()
        assert table.vertical_scrollbar.position == table.scroll_y == 27


class _One(App[None]):
    def compose(self) -> ComposeResult:
        yield LineView("videos")


def _dirty(lines: LineView) -> set[int]:
    return {y for region in lines._repaint_regions for y in region.line_range}


async def test_another_sheet_repaints_only_the_lines_that_differ() -> None:
    """The pane is emptied and filled at every move of the cursor; most of it is empty both times."""
    rows = tuple((Span(f"video {n}"),) for n in range(3))
    head = ((Span("Videos"),),)
    async with _One().run_test(size=(80, 40)) as pilot:
        lines = pilot.app.query_one(LineView)
        lines.show(lambda _width, _height, _focused: Sheet(head, rows, is_list=True))
        await pilot.pause()
        lines._exchange_repaint_regions()
        lines.show(lambda _width, _height, _focused: Sheet(head, rows[:1], is_list=True))
        assert _dirty(lines) == {2, 3}
        lines._exchange_repaint_regions()
        lines.show(lambda _width, _height, _focused: Sheet(head, rows, is_list=True), selected=2)
        assert _dirty(lines) == {1, 2, 3}


async def test_lines_of_a_sheet_that_scrolls_are_drawn_once() -> None:
    rows = tuple((Span(f"line {n}"),) for n in range(100))
    async with _One().run_test(size=(80, 40)) as pilot:
        lines = pilot.app.query_one(LineView)
        lines.show(lambda _width, _height, _focused: Sheet((), rows))
        await pilot.pause()
        region = Region(0, 0, lines.size.width, lines.size.height)
        before = lines.render_lines(region)
        lines.scroll_to(y=1, animate=False, force=True)
        after = lines.render_lines(region)
        assert [id(strip) for strip in after[:-1]] == [id(strip) for strip in before[1:]]


@pytest.mark.painted
async def test_seconds_in_which_nothing_changes_paint_no_frame() -> None:
    """A list of last year's classes stands open all day."""
    known = {"phase_since": NOW - 9e6, "checked_at": NOW - 9e6, "seen_at": NOW}
    old = [make_task(f"t{n}", Phase.READY, **known) for n in range(30)]
    async with open_screen(StillSession(old)) as hand:
        await hand.wait(1)
        frames = 0
        paint = hand.app.screen._compositor_refresh

        def counted() -> None:
            nonlocal frames
            frames += 1
            paint()

        hand.app.screen._compositor_refresh = counted  # type: ignore[method-assign]
        for _second in range(10):
            await hand.wait(1)
        assert frames <= 1, "one may be left from the opening"
