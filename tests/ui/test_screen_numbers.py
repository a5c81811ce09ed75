"""The numbers of the screen, each tested just below and just above, as a person meets them.

A test that compares with the product's own constant passes whatever the constant is: here the numbers are
literals. `tests/test_numbers.py` lists where each number of the specification is tested.
"""

import msgspec
import pytest
from textual import events

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen
from tiwtui.config.key_table import DEFAULT_KEYS
from tiwtui.model import Phase
from tiwtui.ui.input.paste_detector import Pasted, PasteGuard
from tiwtui.ui.timing import AT_ONCE, Pace

pytestmark = pytest.mark.anyio


def _active(count: int) -> StillSession:
    """Return tasks at work; the first has been for the longest time."""
    return StillSession([make_task(f"t{n:03d}", phase_since=NOW - 1000 + n) for n in range(count)])


def _is_attended(hand: Hand) -> bool:
    return hand.session.attended != (None, ())


def _calls(hand: Hand, what: str) -> int:
    return sum(shown[0] == what for shown in hand.session.calls)


@pytest.mark.parametrize("sign", ["key", "mouse", "focus"])
async def test_screen_is_attended_for_two_minutes_after_a_sign_of_a_person(sign: str) -> None:
    """Longer costs budget for nobody; shorter makes a person who reads wait for news."""
    async with open_screen(_active(3)) as hand:
        await hand.wait(500)
        assert not _is_attended(hand)
        match sign:
            case "key":
                await hand.press("j")
            case "mouse":
                await hand.pilot.hover("#list")
            case _:
                hand.app.post_message(events.AppFocus())
                await hand.settle()
        await hand.wait(119.75)
        assert _is_attended(hand)
        await hand.wait(0.5)
        assert not _is_attended(hand)


async def test_settled_task_is_seen_after_one_second_under_the_cursor() -> None:
    """A held key passes faster; a person who reads a line takes longer."""
    async with open_screen(StillSession([make_task("f1", Phase.FAILED)])) as hand:
        await hand.press("k")
        await hand.wait(500)
        hand.session.calls.clear()
        await hand.press("k")
        hand.session.put(make_task("f1", Phase.FAILED, label="changed"))
        await hand.settle()
        await hand.wait(0.75)
        assert not _calls(hand, "seen")
        await hand.wait(0.25)
        assert _calls(hand, "seen") == 1


async def test_task_that_left_the_view_keeps_its_line_for_ten_seconds() -> None:
    """What settles must not vanish while it is being read."""
    async with open_screen(_active(3)) as hand:
        await hand.press("2")
        hand.session.put(make_task("t001", Phase.READY))
        await hand.settle()
        await hand.wait(9.75)
        assert "t001" in hand.listed
        await hand.wait(0.25)
        assert hand.listed == ["t000", "t002"]


async def test_live_resort_waits_until_no_key_came_for_three_seconds() -> None:
    """A key pressed at the moment of a re-sort must not land on another task."""
    async with open_screen(_active(4)) as hand:
        await hand.press("j")
        hand.session.put(make_task("t000", phase_since=NOW))
        await hand.settle()
        await hand.wait(2.75)
        assert hand.listed == ["t000", "t001", "t002", "t003"]
        await hand.wait(0.25)
        assert hand.listed == ["t001", "t002", "t003", "t000"]


@pytest.mark.parametrize(("is_focused", "gap_s"), [(True, 0.25), (False, 1.0)])
async def test_news_are_painted_four_times_a_second_and_once_while_unfocused(
    monkeypatch: pytest.MonkeyPatch, is_focused: bool, gap_s: float
) -> None:
    """A terminal in the background must not cost the machine its battery."""
    usual = Pace()
    pace = msgspec.structs.replace(
        AT_ONCE, repaint_s=usual.repaint_s, blurred_repaint_s=usual.blurred_repaint_s
    )
    delays: list[float] = []
    async with open_screen(_active(1), pace=pace) as hand:
        if not is_focused:
            hand.app.post_message(events.AppBlur())
        hand.session.put(make_task("t000", label="first"))
        await hand.settle()
        assert "first" in hand.text
        with monkeypatch.context() as patch:
            patch.setattr(hand.app, "set_timer", lambda delay, _callback: delays.append(delay))
            hand.now += gap_s - 0.125
            hand.session.put(make_task("t000", label="second"))
            await hand.settle()
        assert delays == [0.125]
        assert "second" not in hand.text


def _typed(at_ms: tuple[int, ...]) -> list[str | Pasted]:
    """Return what passes of different keys that came at these moments."""
    guard: PasteGuard[str] = PasteGuard(DEFAULT_KEYS.moving)
    passed: list[str | Pasted] = []
    for key, ms in zip("xrpcuy", at_ms, strict=False):
        passed += guard.take(key, key, ms / 1000)
    return [*passed, *guard.release(10.0)]


@pytest.mark.parametrize(
    ("at_ms", "is_paste"),
    [
        ((0, 0, 0, 0, 0), False),
        ((0, 0, 0, 0, 0, 0), True),
        ((0, 10, 20, 30, 40, 49), True),
        ((0, 10, 20, 30, 40, 51), False),
    ],
)
async def test_six_keys_within_fifty_milliseconds_are_a_paste(at_ms: tuple[int, ...], is_paste: bool) -> None:
    """No person types so fast; `x` of a pasted id would remove a task."""
    letters = "xrpcuy"[: len(at_ms)]
    assert _typed(at_ms) == ([Pasted(letters)] if is_paste else list(letters))


@pytest.mark.parametrize(("count", "asks"), [(100, False), (101, True)])
async def test_checking_all_asks_above_ten_seconds_of_the_budget(count: int, asks: bool) -> None:
    """At ten checks a second, a hundred are ten seconds."""
    async with open_screen(_active(count)) as hand:
        await hand.press("R")
        assert (hand.opened == "ConfirmScreen") is asks
        assert _calls(hand, "check_now") == (not asks)


@pytest.mark.parametrize(
    ("size", "is_usable"), [((40, 12), True), ((39, 12), False), ((40, 11), False), ((200, 11), False)]
)
async def test_screen_is_usable_from_40_by_12_on(size: tuple[int, int], is_usable: bool) -> None:
    """Under that it says so, and no key may do anything to a task that is not seen."""
    async with open_screen(_active(3), size=size) as hand:
        assert ("too small" in hand.text) is not is_usable
        await hand.press("x")
        assert _calls(hand, "remove") == is_usable


@pytest.mark.parametrize(("columns", "toasts"), [(59, 0), (60, 1)])
async def test_messages_are_toasts_from_60_columns_on(columns: int, toasts: int) -> None:
    """On a narrow screen a toast covers the list."""
    async with open_screen(_active(3), size=(columns, 30)) as hand:
        await hand.press("r")
        assert len(hand.toasts) == toasts
        assert "Checking" in hand.text


@pytest.mark.parametrize(("rows", "has_pane"), [(19, False), (20, True)])
async def test_detail_has_a_pane_from_20_rows_on(rows: int, has_pane: bool) -> None:
    """Below, the list has the few lines there are, and Enter is full screen."""
    async with open_screen(_active(3), size=(120, rows)) as hand:
        assert hand.pane.display is has_pane
        await hand.press("enter")
        assert hand.state.is_full
