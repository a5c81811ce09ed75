"""The diagnostics: what they say, that they keep up, and that they give nothing away."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from tests.ui.fake_session import APP, DIAGNOSTICS, NOW, STATUS, StillSession, make_task
from tests.ui.pilot import open_screen
from tests.ui.sample_diagnostics import BUSY, CHECK, STATE
from tiwtui.coordination.peers import Sharers
from tiwtui.diagnostics import Diagnostics
from tiwtui.engine.statistics.totals import Interruption, TroubleCount
from tiwtui.engine.status import Mode
from tiwtui.glyphs import ASCII_GLYPHS, UNICODE_GLYPHS, Glyphs
from tiwtui.model import TaskRef, TroubleKind
from tiwtui.results.clipboard import NoRoute
from tiwtui.session import Target
from tiwtui.ui.dialogs.diagnostics_recent import span_text
from tiwtui.ui.dialogs.diagnostics_text import Reader, diagnostics_sheet, diagnostics_text

pytestmark = pytest.mark.anyio

TARGET = Target("school", "tiw.tencentcloudapi.com", "ap-singapore", APP)


def _lines(shown: Diagnostics, width: int = 120, glyphs: Glyphs = UNICODE_GLYPHS) -> list[str]:
    sheet = diagnostics_sheet(shown, Reader(NOW, UTC, glyphs, APP), width)
    return ["".join(run.text for run in row) for row in (*sheet.head, *sheet.rows)]


def _text(shown: Diagnostics, width: int = 120) -> str:
    return "\n".join(_lines(shown, width))


@given(st.integers(20, 200), st.booleans())
def test_no_line_is_wider_than_the_screen(width: int, is_ascii: bool) -> None:
    glyphs = ASCII_GLYPHS if is_ascii else UNICODE_GLYPHS
    assert all(cell_len(line) <= width for line in _lines(BUSY, width, glyphs))


def test_ascii_signs_draw_nothing_but_ascii() -> None:
    assert all(line.isascii() for line in _lines(BUSY, glyphs=ASCII_GLYPHS))


@pytest.mark.parametrize("width", [80, 50, 40])
def test_a_narrow_screen_has_one_block_below_the_other(width: int) -> None:
    lines = _lines(BUSY, width)
    headings = [line.split()[0] for line in lines if line.startswith(" ") and line[1:2].strip()]
    assert headings == [
        "Diagnostics", "Last", "Rates", "Plan", "Delay", "Sending", "Saved", "Trouble", "Stops", "Requests",
    ]  # fmt: skip


def test_wanted_and_sent_rates_stand_beside_each_other_and_add_up() -> None:
    lines = [line.split() for line in _lines(BUSY, 80)]
    assert ["on", "screen", "2.40", "2.30", "2.32"] in lines
    assert ["manual", "–", "0.00", "0.25"] in lines
    assert ["all", "9.02", "9.00", "9.10"] in lines


def test_delay_says_what_it_is() -> None:
    """A figure called "delay" alone would be taken for how long the service needs."""
    text = _text(BUSY, 80)
    assert "seen after    p50 8.2s · p95 31s" in text
    assert "the last 57 tasks that ended" in text
    assert "no task has ended yet" in _text(DIAGNOSTICS, 80)


def test_trouble_is_counted_by_kind_in_all_and_lately() -> None:
    lines = [line.split() for line in _lines(BUSY, 80)]
    assert ["no", "connection", "retried", "12", "3", "14:12:11", "timeout"] in lines
    assert ["service", "error", "retried", "2", "0", "13:23:20", "InternalError"] in lines


def test_stops_tell_from_when_to_when_and_why() -> None:
    text = _text(BUSY, 80)
    assert "paused        since 14:12:40" in text
    assert "offline       14:10:10 to 14:11:40  timeout" in text


def test_a_request_shows_when_why_how_long_and_the_result() -> None:
    lines = [" ".join(line.split()) for line in _lines(BUSY)]
    shown = "00e1jv8ve0jcqk7da9lb"
    assert f"14:13:18 {shown} background 112 ms ◐ processing {CHECK.request_id}" in lines
    assert f"14:13:18 {shown} selected 20s no connection: timeout" in lines
    failed = next(line for line in lines if "✗ failed" in line)
    assert failed.startswith(f"14:13:18 {shown} on screen 112 ms ✗ failed FailedOperation")
    assert failed.endswith(f"… {CHECK.request_id}")


def test_a_late_task_is_reported_only_while_the_list_is_checked() -> None:
    """While it is paused everything waits; that is no fault."""
    late = replace(BUSY, load=replace(BUSY.load, due=9, over_bound=2))
    assert "9, 2 longer than 16s" in _text(late, 80)
    for mode, tone in ((Mode.LIVE, "text-error"), (Mode.PAUSED, "text")):
        shown = replace(late, status=replace(STATUS, mode=mode))
        rows = diagnostics_sheet(shown, Reader(NOW, UTC), 80).rows
        assert [str(run.tone) for row in rows for run in row if "2 longer" in run.text] == [tone]


def test_a_follower_says_who_sends_and_claims_no_rates_of_its_own() -> None:
    """Zero checks a second would look like a fault."""
    shown = replace(BUSY, sharers=Sharers("pts/3", False, 7, 0.4, ("pts/3",)), checks=())
    text = _text(shown, 80)
    assert "pts/3 sends; its requests are not seen here." in text
    assert ["all", "9.02", "–", "–"] in [line.split() for line in text.splitlines()]
    assert "sent there    9.8" in text
    assert "pts/3, epoch 7" in text
    assert "due now" not in text


def test_a_follower_names_who_knows_what_it_does_not_see() -> None:
    """Zeros, and "none", would be read as what holds for all."""
    shown = replace(
        DIAGNOSTICS, sharers=Sharers("pts/3", False, 7, 0.4, ("pts/3",)), checks=(), left=0, troubles=()
    )
    lines = [" ".join(line.split()) for line in _lines(shown, 80)]
    known = "known to pts/3, which sends"
    assert f"seen after {known}" in lines
    assert f"latency {known}" in lines
    assert f"requests {known}" in lines
    assert [lines[lines.index(name) + 1] for name in ("Trouble", "Requests")] == [known] * 2


@pytest.mark.parametrize("glyphs", [UNICODE_GLYPHS, ASCII_GLYPHS], ids=["unicode", "ascii"])
@pytest.mark.parametrize("width", [140, 80, 50])
def test_the_last_ten_minutes_are_drawn_with_their_top(width: int, glyphs: Glyphs) -> None:
    """A number of now does not say whether it is getting worse."""
    lines = _lines(BUSY, width, glyphs)
    rows = {name: next(line for line in lines if line.split()[:1] == [name]) for name in ("sent", "delay")}
    assert rows["sent"].endswith("to 10/s")
    assert rows["delay"].endswith("to 16s")
    assert glyphs.levels[7] in rows["sent"]
    assert glyphs.levels[4] in rows["sent"]


def test_latency_says_its_percentiles() -> None:
    assert "latency       p50 2.2s · p95 20s" in _text(BUSY, 80)


def test_trouble_says_what_was_retried_and_what_refused() -> None:
    """One is left to itself, the other wants a person."""
    refused = TroubleCount(TroubleKind.PERMISSION, 1, 1, NOW, "AuthFailure.UnauthorizedOperation")
    assert "refused" in _text(replace(BUSY, troubles=(refused,)), 80)


def test_where_nobody_sends_it_says_so() -> None:
    shown = replace(BUSY, sharers=Sharers("", False, 7, None, ()))
    assert "No process sends at the moment." in _text(shown)


def test_the_end_of_a_long_path_stays() -> None:
    """It distinguishes one saved state from another."""
    line = next(line for line in _lines(BUSY, 50) if line.split()[:1] == ["file"])
    assert line.endswith("@tiw.tencentcloudapi.com.db")
    assert line.split()[1].startswith("…")


async def test_hostile_codes_are_shown_and_run_nothing() -> None:
    """Codes, RequestIds and terminal names are written by others."""
    hostile = "\x1b]52;c;eA==\x07 [/foo] [bold a\nb \u202egnp.exe"
    session = StillSession([make_task("p1")])
    session.diagnosed = replace(
        BUSY,
        troubles=(TroubleCount(TroubleKind.SERVICE, 1, 1, NOW, hostile),),
        interruptions=(Interruption(Mode.STOPPED, hostile, NOW),),
        checks=(
            replace(CHECK, code=hostile, request_id=hostile, ref=TaskRef(APP, hostile)),
            replace(CHECK, code=hostile, trouble=TroubleKind.SERVICE),
        ),
        sharers=Sharers(hostile, True, 1, 0.1, (hostile,)),
    )
    async with open_screen(session) as hand:
        await hand.press("b", "y")
        assert not any(char in hand.text for char in "\x1b\x07\u202e")
        assert not any(char in hand.copied[0] for char in "\x1b\x07\u202e")
        assert hand.opened == "DiagnosticsScreen"


async def test_it_opens_and_each_of_its_keys_closes_it() -> None:
    async with open_screen(StillSession([make_task("p1")])) as hand:
        for key in ("escape", "q", "b"):
            await hand.press("b")
            assert hand.opened == "DiagnosticsScreen"
            assert "Rates" in hand.text
            await hand.press(key)
            assert hand.opened == "MainScreen"


async def test_an_open_screen_keeps_up() -> None:
    session = StillSession([make_task("p1")])
    async with open_screen(session) as hand:
        await hand.press("b")
        assert "no task has ended yet" in hand.text
        session.diagnosed = BUSY
        session.is_still = replace(STATUS, rate=3.3)
        hand.app.screen.tick()  # type: ignore[attr-defined]
        await hand.settle()
        assert "p50 8.2s" in hand.text
        assert "3.3/10 checks/s" in hand.lines[0]


async def test_the_moving_keys_scroll_it() -> None:
    session = StillSession([make_task("p1")])
    session.diagnosed = BUSY
    async with open_screen(session, size=(80, 24)) as hand:
        await hand.press("b")
        assert "RequestId" not in hand.text
        await hand.press("G")
        assert "no connection: timeout" in hand.text
        await hand.press("g")
        assert "Rates" in hand.text


async def test_it_can_be_read_and_left_at_any_size() -> None:
    session = StillSession([make_task("p1")])
    session.diagnosed = BUSY
    async with open_screen(session) as hand:
        for size in ((120, 36), (80, 24), (50, 30), (40, 12), (20, 5)):
            await hand.pilot.resize_terminal(*size)
            await hand.press("b")
            assert "Diagnostics" in hand.text, size
            await hand.press("escape")
            assert hand.opened == "MainScreen"


async def test_y_copies_all_of_it_as_plain_text() -> None:
    session = StillSession([make_task("p1")])
    session.diagnosed = BUSY
    async with open_screen(session, size=(40, 12)) as hand:
        await hand.press("b", "y")
        text = hand.copied[0]
        assert text.splitlines()[1] == "school  tiw.tencentcloudapi.com  ap-singapore"
        assert CHECK.request_id in text
        assert str(STATE) in text
        assert "diagnostics" in hand.lines[-1]
        assert hand.toasts == []


async def test_without_a_clipboard_the_text_is_shown_whole() -> None:
    async with open_screen(StillSession([make_task("p1")])) as hand:
        hand.outcome = NoRoute(())
        await hand.press("b", "y")
        assert hand.opened == "CopySheet"
        await hand.press("escape")
        assert hand.opened == "DiagnosticsScreen"


def test_a_ticket_has_its_times_in_utc() -> None:
    """Anyone who reads it sits elsewhere."""
    text = diagnostics_text(BUSY, TARGET, NOW, APP)
    assert text.startswith("tiwtui ")
    assert "2026-09-21T14:13:20Z" in text.splitlines()[0]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0 ms"), (0.112, "112 ms"), (0.9996, "1.0s"), (9.94, "9.9s"), (75, "1m15s")]
)
def test_short_times_are_shown_precisely(seconds: float, text: str) -> None:
    assert span_text(seconds) == text
