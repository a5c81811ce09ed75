"""Never lose the place in the list: the cursor is in sight and on its task, whatever happens by itself."""

import random

import pytest
from msgspec.structs import replace
from rich.style import Style

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen, ref_of
from tiwtui.listing.order import Order
from tiwtui.model import Phase, Task

pytestmark = pytest.mark.anyio


def _active(name: str, since: float) -> Task:
    return make_task(name, Phase.PROCESSING, phase_since=NOW - 9000 + since)


def _many(count: int) -> StillSession:
    return StillSession(_active(f"t{n:03d}", n) for n in range(count))


def _ready(name: str, since: float) -> Task:
    return make_task(name, Phase.READY, phase_since=NOW - 9000 + since)


def _barred(hand: Hand) -> str:
    """The line of the screen that has the cursor, as it is painted."""
    return next((line for line in hand.lines if line.startswith("▌")), "")


def _line(hand: Hand) -> int:
    """The line of the list, on the screen, that has the cursor."""
    return [ref.task_id for ref in hand.table.on_screen()].index(hand.cursor)


async def test_new_tasks_on_top_never_push_the_cursor_out_of_sight() -> None:
    """In a list at its top the cursor went below the last line, and x removed a task nobody saw."""
    session = StillSession(_ready(f"t{n:03d}", n) for n in range(100))
    async with open_screen(session, size=(100, 30)) as hand:
        await hand.press("3", "j", "j", "j")
        held = hand.cursor
        for n in range(60):
            session.put(_ready(f"new{n:03d}", 200 + n))
            await hand.wait(1)
            assert hand.cursor == held
            assert held in _barred(hand)
        await hand.press("x")
        assert hand.session.calls[-1] == ("remove", (make_task(held).ref,))


@pytest.mark.parametrize("keys", [(), ("j", "g"), ("j", "home")])
async def test_the_start_and_the_keys_to_the_top_stay_on_the_first_line(keys: tuple[str, ...]) -> None:
    """What is first changes; one who looks at the top looks at what is first."""
    session = _many(100)
    async with open_screen(session, size=(100, 30)) as hand:
        await hand.press(*keys)
        await hand.wait(4)
        session.put(_ready("t000", 0))
        await hand.settle()
        assert hand.cursor == "t001" == hand.listed[0]
        assert "t001" in _barred(hand)
        await hand.press("k")
        await hand.wait(4)
        session.put(_ready("t001", 0))
        await hand.wait(4)
        assert hand.cursor == "t001" in hand.listed[-2:]


async def test_a_resort_moves_the_cursors_row_too_and_the_view_follows_it() -> None:
    """A ready row stayed above the active ones for as long as the cursor was on it."""
    session = _many(100)
    async with open_screen(session, size=(100, 30)) as hand:
        await hand.press("j", "j", "j", "j")
        session.put(_active("t004", 60.5))
        await hand.wait(2.9)
        assert hand.listed[4] == "t004"
        await hand.wait(0.1)
        assert (hand.listed[60], hand.cursor, _line(hand)) == ("t004", "t004", 4)
        assert "t004" in _barred(hand)


async def test_a_detail_that_opens_below_leaves_the_cursor_in_sight() -> None:
    """The list loses half of its lines at once."""
    async with open_screen(_many(100), size=(79, 40)) as hand:
        hand.change(layout="alone")
        await hand.settle()
        for _turn in range(30):
            await hand.press("j")
        assert "t030" in _barred(hand)
        hand.change(layout="below")
        await hand.settle()
        assert "t030" in _barred(hand)
        line = _line(hand)
        await hand.press("enter")
        session = hand.session
        session.put(*(_active(f"new{n}", -1 - n) for n in range(20)))
        await hand.wait(1)
        await hand.press("escape")
        assert (hand.cursor, _line(hand)) == ("t030", line)
        assert "t030" in _barred(hand)


async def test_the_wheel_takes_the_cursor_along() -> None:
    """A key never acts on a task that was scrolled away."""
    async with open_screen(_many(100), size=(100, 30)) as hand:
        hand.table.scroll_to(y=40, animate=False)
        await hand.settle()
        assert hand.cursor == "t040"
        assert "t040" in _barred(hand)
        hand.table.scroll_to(y=0, animate=False)
        await hand.settle()
        assert hand.cursor in _barred(hand)


async def test_esc_gives_back_task_and_scroll_after_a_filter() -> None:
    async with open_screen(_many(100), size=(100, 30)) as hand:
        hand.table.select(ref_of(hand.session, "t070"))
        await hand.press("k", "k", "k")
        was = (hand.cursor, _line(hand))
        await hand.press("slash")
        await hand.type("t09")
        assert hand.cursor == "t090"
        assert "t090" in _barred(hand)
        await hand.press("escape")
        assert (hand.cursor, _line(hand)) == was
        await hand.press("slash")
        await hand.type("t09")
        await hand.press("down", "enter", "escape")
        assert hand.cursor == "t091"


async def test_another_tab_and_back_is_the_same_place() -> None:
    session = _many(60)
    session.put(*(_ready(f"r{n:03d}", n) for n in range(40)))
    async with open_screen(session, size=(100, 30)) as hand:
        for _turn in range(37):
            await hand.press("j")
        await hand.press("k", "k", "k")
        was = (hand.cursor, _line(hand))
        await hand.press("3")
        assert hand.cursor in _barred(hand)
        await hand.press("4", "2", "1")
        assert (hand.cursor, _line(hand)) == was


@pytest.mark.parametrize(("key", "found"), [("x", "remove"), ("z", "done")])
async def test_x_and_z_do_nothing_just_after_a_resort(key: str, found: str) -> None:
    """The hand is slower than the list: the key was meant for how the lines were before."""
    session = _many(50)
    async with open_screen(session, size=(100, 30)) as hand:
        session.put(_ready("t001", 0))
        await hand.settle()
        assert hand.listed[-1] == "t001"
        for later_s in (0.0, 0.25, 0.24):
            hand.now += later_s
            await hand.press(key)
            assert "the list moved, press again" in hand.toasts[-1]
            assert session.calls[-1][0] == "run"
        hand.now += 0.01
        await hand.press(key)
        assert session.calls[-1][0] == found
        await hand.press(key)
        assert len(session.calls) == 4


async def test_a_key_at_the_first_line_is_not_for_the_task_that_just_came_there() -> None:
    """Nothing was sorted, and still another task is under the cursor."""
    session = _many(50)
    async with open_screen(session, size=(100, 30)) as hand:
        session.put(_active("new", -1))
        await hand.settle()
        assert hand.cursor == "new"
        await hand.press("x")
        assert session.calls[-1][0] == "run"
        hand.now += 0.5
        await hand.press("x")
        assert session.calls[-1] == ("remove", (make_task("new").ref,))
        await hand.press("x")
        assert session.calls[-1] == ("remove", (make_task("t000").ref,))


async def test_lines_that_move_out_of_sight_hold_no_key_back() -> None:
    """In a long list something moves all the time."""
    session = _many(100)
    async with open_screen(session, size=(100, 30)) as hand:
        session.put(_active("t070", 80.5))
        await hand.settle()
        await hand.press("x")
        assert session.calls[-1] == ("remove", (make_task("t000").ref,))


async def test_a_key_is_not_for_the_neighbour_of_a_task_that_was_removed_elsewhere() -> None:
    """Own removals go on with the next key; one of another process comes as a surprise."""
    session = _many(50)
    async with open_screen(session, size=(100, 30)) as hand:
        await hand.press("j", "x", "x")
        assert session.calls[-1] == ("remove", (make_task("t002").ref,))
        session.drop(ref_of(session, "t003"))
        await hand.settle()
        await hand.press("x")
        assert session.calls[-1] == ("remove", (make_task("t002").ref,))
        assert "the list moved, press again" in hand.toasts[-1]


async def test_many_that_are_removed_leave_the_cursor_to_the_next_that_is_left() -> None:
    """It went as many lines further as were removed above it."""
    session = _many(50)
    async with open_screen(session, size=(100, 40)) as hand:
        await hand.press("j", "j", "space", "j", "v", "j", "j", "v", "x", "y")
        assert len(session.tasks) == 45
        assert hand.cursor == "t007"
        hand.table.select(ref_of(session, "t049"))
        session.drop(*(ref_of(session, f"t{n:03d}") for n in range(45, 50)))
        await hand.settle()
        assert hand.cursor == "t044"


@pytest.mark.parametrize("key", ["enter", "tab"])
async def test_the_detail_is_of_one_task_whatever_comes_to_be_first(key: str) -> None:
    """Who reads a task must not find another one in its place."""
    session = _many(50)
    async with open_screen(session, size=(100, 30)) as hand:
        await hand.press(key)
        await hand.wait(4)
        session.put(_active("new", -1), _active("t000", 20.5))
        await hand.settle()
        assert hand.cursor == "t000"
        assert hand.pane.shown.task is session.tasks[ref_of(session, "t000")]


async def test_on_the_whole_screen_a_key_is_for_the_task_that_is_seen() -> None:
    """No line can be seen to move there."""
    session = _many(50)
    async with open_screen(session, size=(100, 30)) as hand:
        await hand.press("j", "enter")
        await hand.wait(4)
        session.put(_active("t003", 20.5))
        await hand.settle()
        await hand.press("x")
        assert session.calls[-1] == ("remove", (make_task("t001").ref,))


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_the_cursors_task_is_painted_and_is_the_one_acted_on(seed: int) -> None:
    """Keys, filters, tabs, settling, removals, sorting and other heights, in any order."""
    rng = random.Random(seed)
    session = _many(60)
    keys = ("j", "k", "g", "G", "ctrl+d", "pagedown", "1", "2", "3", "4", "5", "S", "f", "tab", "escape")
    async with open_screen(session, size=(100, 30)) as hand:
        for _turn in range(60):
            match rng.randrange(8):
                case 0 | 1:
                    await hand.press(rng.choice(keys))
                case 2:
                    hand.change(filter_text=rng.choice(["", "t00", "t0", "!t03", "phase:ready", "nothing"]))
                case 6:
                    hand.change(order=Order(rng.choice(["", "label", "phase", "task"])))
                case 3:
                    for _task in range(rng.randrange(8)):
                        name, phase = f"t{rng.randrange(70):03d}", rng.choice(list(Phase))
                        session.put(make_task(name, phase, phase_since=NOW - rng.randrange(9000)))
                case 4:
                    session.drop(*rng.sample(list(session.tasks), min(5, len(session.tasks))))
                case 5:
                    hand.table.scroll_relative(y=rng.randrange(-20, 20), animate=False)
                case _:
                    await hand.pilot.resize_terminal(100, rng.randrange(20, 45))
            await hand.wait(rng.choice([0, 0.3, 1, 4, 11]))
            assert hand.meant == ([hand.cursor] if hand.cursor else [])
            assert bool(hand.cursor) == bool(hand.listed)
            if hand.cursor:
                seen = "\n".join(hand.lines) if hand.state.is_full else _barred(hand)
                assert hand.cursor in seen


async def test_a_task_that_leaves_keeps_its_line_its_colour_and_its_reason() -> None:
    """In Active a task fails: why it did was hidden, in grey, for as long as the line was there."""
    session = _many(5)
    async with open_screen(session, size=(160, 30)) as hand:
        await hand.press("2", "j")
        await hand.wait(4)
        session.put(*(make_task(name, Phase.FAILED, phase_since=NOW) for name in ("t001", "t003")))
        await hand.settle()
        for name in ("t001", "t003"):
            line = hand.lines.index(next(line for line in hand.lines if name in line))
            assert "left this view: 40004 im login failed" in hand.lines[line]
            assert (
                _tone_of(hand, "40004", line) == _tone_of(hand, "failed", line) != _tone_of(hand, name, line)
            )
        await hand.wait(10)
        assert hand.listed == ["t000", "t001", "t002", "t004"]
        await hand.press("j")
        await hand.wait(10)
        assert "t001" not in hand.listed


@pytest.mark.painted
@pytest.mark.parametrize(
    ("given", "environ"), [({}, {}), ({"theme": "ansi-dark"}, {}), ({}, {"NO_COLOR": "1"})]
)
async def test_a_row_whose_phase_changed_is_lit_and_put_out_by_one_repaint(
    given: dict[str, str], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In colours, in 16 of them and in none; at rest it costs nothing."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    session = StillSession(replace(_ready(f"t{n:03d}", -30), checked_at=NOW - 9030) for n in range(60))
    async with open_screen(session, size=(120, 30), **given) as hand:
        hand.change(order=Order("task"))
        await hand.wait(1)
        session.put(make_task("t012", Phase.READY, phase_since=NOW + 1, checked_at=NOW - 9030))
        await hand.settle()
        lit, other = _style_of(hand, "t012"), _style_of(hand, "t010")
        assert (lit.bgcolor, lit.bold) != (other.bgcolor, other.bold)
        before = hand.table.painted
        for repainted in (0, 0, 1, 1):
            await hand.wait(1)
            assert hand.table.painted == before + repainted
        assert _style_of(hand, "t012") == other


def _style_of(hand: Hand, text: str) -> Style:
    """The style of the words of a row."""
    for strip in hand.app.screen._compositor.render_strips():
        for piece, style, _control in strip:
            if text in piece and style is not None:
                return style
    raise AssertionError(f"{text} is not on the screen")


def _tone_of(hand: Hand, text: str, line: int) -> str:
    """The colour of the piece of a line of the screen in which a text is."""
    pieces = hand.app.screen._compositor.render_strips()[line]
    return next(str(style.color) for piece, style, _control in pieces if text in piece and style)
