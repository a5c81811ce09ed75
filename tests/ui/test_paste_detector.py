"""A paste that comes as keys: recognised by its speed alone, and never run as commands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.keys import _character_to_key

from tests.ui.fake_session import NOW, StillSession, make_task
from tests.ui.pilot import Hand, open_screen
from tiwtui.config.key_table import Keys
from tiwtui.model import Phase
from tiwtui.ui.input.paste_detector import HELD_S, LEAST, QUIET_S, Pasted, PasteGuard
from tiwtui.ui.timing import Pace

GUARDED = Pace(repaint_s=0, blurred_repaint_s=0, tick_s=None, rest_s=0)
ID = "ghucnligqtgtvk2624mb"

Press = tuple[str, float]
"""The text of a key, `""` for an arrow, and the milliseconds since the one before."""

PRESSES = st.lists(st.tuples(st.sampled_from(["", "j", "k", "x", "q", "\r", "？"]), st.integers(0, 120)))


def _passed(presses: list[tuple[str, int]]) -> list[tuple[float, str | Pasted]]:
    """Return what passes and when, with a look at the guard each millisecond, as its timer has it."""
    guard: PasteGuard[str] = PasteGuard(Keys().moving)
    passed: list[tuple[float, str | Pasted]] = []
    now_ms = 0
    for text, gap_ms in [*presses, ("", 1000)]:
        for ms in range(now_ms, now_ms + gap_ms):
            passed += [(ms, one) for one in guard.release(ms / 1000)]
        now_ms += gap_ms
        passed += [(now_ms, one) for one in guard.take(text, text, now_ms / 1000)]
    assert guard.is_idle
    return passed[:-1]


@given(PRESSES)
def test_no_text_is_lost_and_none_overtakes_another(presses: list[tuple[str, int]]) -> None:
    """A key that vanished, or one that acts on another screen than was meant, is worse than a late one."""
    typed, shown, moving = "".join(text for text, _gap in presses), 0, Keys().moving
    for _at, one in _passed(presses):
        if isinstance(one, Pasted):
            # What it begins with may have moved the cursor before.
            begins = next(at for at in range(shown, -1, -1) if typed.startswith(one.text, at))
            assert set(typed[begins:shown]) <= moving
            shown = begins + len(one.text)
        else:
            assert typed.startswith(one, shown)
            shown += len(one)
    assert shown == len(typed)


@given(PRESSES, st.integers(1, 8), st.integers(0, 9))
def test_six_keys_within_the_hold_are_never_commands(
    before: list[tuple[str, int]], more: int, gap_ms: int
) -> None:
    burst = "xq？\rxj" + "r" * more
    presses = [*before, *((char, gap_ms if place else 200) for place, char in enumerate(burst))]
    kinds = [one for _at, one in _passed(presses)]
    assert kinds[-1] == Pasted(burst)


@given(st.lists(st.tuples(st.sampled_from("jkxrc？\r"), st.integers(11, 400))))
def test_what_a_person_types_is_never_a_paste(presses: list[tuple[str, int]]) -> None:
    """Six keys at more than 10 ms each do not fit into the hold: nobody types a hundred keys a second."""
    assert not [one for _at, one in _passed(presses) if isinstance(one, Pasted)]


@given(st.sampled_from("jkx "), st.integers(1, 60), st.integers(0, 40))
def test_a_key_held_down_is_never_a_paste(char: str, count: int, gap_ms: int) -> None:
    """A stalled connection delivers a second of it at once."""
    passed = _passed([(char, gap_ms)] * count)
    assert [one for _at, one in passed] == [char] * count


@given(PRESSES)
def test_nothing_typed_is_held_longer_than_the_hold(presses: list[tuple[str, int]]) -> None:
    passed = _passed(presses)
    if any(isinstance(one, Pasted) for _at, one in passed):
        return
    now_ms, came = 0.0, []
    for _text, gap_ms in presses:
        now_ms += gap_ms
        came.append(now_ms)
    assert all(left - at <= HELD_S * 1000 + 1 for (left, _one), at in zip(passed, came, strict=True))


@given(st.lists(st.integers(0, 120)))
def test_arrows_pass_at_once(gaps: list[int]) -> None:
    guard: PasteGuard[str] = PasteGuard()
    now = 0.0
    for gap_ms in gaps:
        now += gap_ms / 1000
        assert guard.take("down", "", now) == ("down",)


def test_keys_that_only_move_pass_at_once_and_count_all_the_same() -> None:
    """They are pressed most, and a list that lags behind the finger overshoots; ids may begin with them."""
    guard: PasteGuard[str] = PasteGuard(Keys().moving)
    assert guard.take("j", "j", 0.0) == ("j",)
    assert guard.take("k", "k", 0.001) == ("k",)
    for char in "0rpx":
        assert guard.take(char, char, 0.002) == ()
    assert guard.release(QUIET_S + 0.002) == (Pasted("jk0rpx"),)


def test_a_key_that_moves_waits_for_one_before_it_that_is_held() -> None:
    """`xj` removes the task that the cursor was on."""
    guard: PasteGuard[str] = PasteGuard(Keys().moving)
    assert guard.take("x", "x", 0.0) == ()
    assert guard.take("j", "j", 0.01) == ()
    assert guard.release(HELD_S) == ("x",)
    assert guard.take("k", "k", HELD_S + 0.005) == ()
    assert guard.release(HELD_S + 0.01) == ("j",)


def test_a_paste_in_pieces_is_one() -> None:
    """Its last letters, come late over a slow line, would be commands."""
    guard: PasteGuard[str] = PasteGuard()
    for place, char in enumerate(ID):
        assert guard.take(char, char, place * 0.001 if place < 17 else 0.12) == ()
    assert guard.release(0.12 + QUIET_S) == (Pasted(ID),)


def test_keys_without_text_inside_a_paste_are_dropped() -> None:
    """A control character in a log line must not quit the program."""
    guard: PasteGuard[str] = PasteGuard()
    for char in "abc\x03defg\x04h":
        assert guard.take(char, char if char.isprintable() else "", 0.0) == ()
    assert guard.release(QUIET_S) == (Pasted("abcdefgh"),)


# On the screen


async def _send(hand: Hand, text: str) -> None:
    """Let a terminal send a text as keys, all at one moment, then let the moment pass."""
    named = {"\r": "enter", "\n": "ctrl+j", "\t": "tab"}
    driver = hand.app._driver
    assert driver is not None
    for char in text:
        event = events.Key(named.get(char) or _character_to_key(char), char)
        event.time = hand.now
        event.set_sender(hand.app)
        driver.send_message(event)
    await hand.settle()
    hand.now += QUIET_S
    await hand.app.key_gate.let_keys_go()
    await hand.app.key_gate.let_keys_go()
    await hand.settle()


@pytest.mark.anyio
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
async def test_ids_that_come_as_keys_open_the_preview_and_run_no_command(end: str) -> None:
    """`x` would remove, `q` would quit: both are letters of ids."""
    session = StillSession([make_task("keep", Phase.READY)])
    ids = [f"xq{n:02d}rpcuxjk{n:09d}" for n in range(30)]
    async with open_screen(session, pace=GUARDED) as hand:
        await _send(hand, end.join(ids) + end)
        assert hand.opened == "AddScreen"
        assert "30 new" in hand.text
        assert session.calls == [("start",), ("run",)]
        await _send(hand, "\r")
        assert {ref.task_id for ref in session.tasks} == {"keep", *ids}


@pytest.mark.anyio
async def test_a_paste_that_comes_askey_gateto_an_input_is_text() -> None:
    async with open_screen(StillSession([make_task(ID)]), pace=GUARDED) as hand:
        await _send(hand, "/")
        await _send(hand, ID)
        assert hand.state.filter_text == ID
        assert hand.opened == "MainScreen"


@pytest.mark.anyio
async def test_a_paste_onto_a_question_answers_nothing() -> None:
    """`y` is a letter of ids too."""
    session = StillSession([make_task(f"t{n}", phase_since=NOW - n) for n in range(3)])
    async with open_screen(session, pace=GUARDED) as hand:
        await _send(hand, "*")
        await _send(hand, "x")
        assert hand.opened == "ConfirmScreen"
        await _send(hand, f"y{ID}")
        assert len(session.tasks) == 3
        assert hand.opened == "ConfirmScreen"


@pytest.mark.anyio
async def test_typed_keys_are_commands_a_moment_later() -> None:
    async with open_screen(StillSession([make_task(f"t{n}") for n in range(9)]), pace=GUARDED) as hand:
        await _send(hand, "jj")
        assert hand.cursor == "t2"
        assert LEAST > 2
