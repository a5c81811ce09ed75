"""The header's words, from how the watching stands."""

from msgspec.structs import replace

from tests.ui.fake_session import NOW, STATUS
from tiwtui.engine.statistics.progress import Progress
from tiwtui.engine.status import Mode, Status
from tiwtui.glyphs import UNICODE_GLYPHS
from tiwtui.model import Trouble, TroubleKind
from tiwtui.session import Target
from tiwtui.ui.widgets.header_bar import header

TARGET = Target("school", "tiw.tencentcloudapi.com", "ap-singapore", None)


def _right(status: Status, try_key: str = "") -> str:
    _left, right = header(TARGET, status, NOW, lambda at: "10:02", 160, UNICODE_GLYPHS, try_key=try_key)
    return "".join(piece.text for piece in right)


def test_a_corrected_clock_is_shown_with_the_offset() -> None:
    """A person whose clock is seven minutes off should set it, though checks go on."""
    assert "clock corrected by +412 s" in _right(replace(STATUS, clock_offset_s=412.0))
    assert "clock" not in _right(STATUS)


def test_a_refused_key_says_which_key_of_the_keyboard_tries_it_now() -> None:
    """Who has just repaired it does not wait five minutes; and the next try is seen to come."""
    trouble = Trouble(TroubleKind.CREDENTIALS, "AuthFailure", "", "", NOW)
    stopped = replace(STATUS, mode=Mode.STOPPED, trouble=trouble, next_try_at=NOW + 28.0)
    assert "next try in 28s  r tries now" in _right(stopped, "r")
    assert "F5 tries now" in _right(stopped, "F5")
    for other in (STATUS, replace(stopped, next_try_at=None), replace(stopped, mode=Mode.OFFLINE)):
        assert "tries now" not in _right(other, "r")


def test_silence_is_said_before_the_service_counts_as_offline() -> None:
    """`live` beside rows that grow old is a lie for ten seconds."""
    silent = replace(STATUS, silent_since=NOW - 4.0)
    for mode in (Mode.LIVE, Mode.FOLLOWING):
        assert "● no answer for 4s" in _right(replace(silent, mode=mode))
    assert "no answer" not in _right(replace(silent, mode=Mode.OFFLINE))


def test_no_rate_is_shown_while_nothing_is_sent_by_itself() -> None:
    """An average of the seconds before a pause says that checks go on."""
    for mode in (Mode.PAUSED, Mode.OFFLINE):
        assert "checks/s" not in _right(replace(STATUS, mode=mode))
    assert "9.8/10 checks/s" in _right(replace(STATUS, mode=Mode.FOLLOWING))


def test_who_wants_fewer_checks_is_named() -> None:
    """A forgotten terminal at 0.5/s slows everybody; `+` here does nothing against it."""
    slow = replace(STATUS, rate=0.4, allowed=0.5, budget=0.5, limited_by="pts/2")
    assert "0.4/0.5 checks/s as pts/2 wants" in _right(slow)
    assert "wants" not in _right(replace(slow, allowed=0.1))


def test_what_matters_least_leaves_a_narrow_header_first() -> None:
    """That the account is throttled explains everything else; the oldest row does not."""
    busy = replace(STATUS, throttled=12, oldest_s=40.0, clock_offset_s=9.0)

    def right(width: int) -> str:
        _left, pieces = header(TARGET, busy, NOW, lambda at: "10:02", width, UNICODE_GLYPHS)
        return "".join(piece.text for piece in pieces)

    assert "slowest 40s" in right(80)
    assert "clock corrected" not in right(80)
    assert "throttled 12" in right(60)
    assert "slowest" not in right(60)
    assert right(30).strip() == "● live"


def test_who_paused_is_named_and_oneself_is_you() -> None:
    """A person who comes back reads whether it was themselves, or a colleague on another terminal."""
    paused = replace(STATUS, mode=Mode.PAUSED, by="pts/0")
    for own, said in (("pts/0", "paused by you"), ("pts/3", "paused by pts/0")):
        _left, right = header(TARGET, paused, NOW, lambda at: "10:02", 160, UNICODE_GLYPHS, own=own)
        assert said in "".join(span.text for span in right)


def test_a_pause_says_how_long_it_still_lasts() -> None:
    """Who waits for a result sees that nothing is forgotten."""
    paused = replace(STATUS, mode=Mode.PAUSED, by="pts/3", since=NOW - 120, pause_ends_at=NOW + 28 * 60)
    assert "paused 10:02 by pts/3, 28 min left" in _right(paused)
    assert "1 min left" in _right(replace(paused, pause_ends_at=NOW - 1))
    assert "left" not in _right(replace(paused, pause_ends_at=None))


def test_how_far_a_batch_has_come_is_said_with_the_time_it_still_takes() -> None:
    """After a big addition, else of the active tasks; not while nothing is sent."""
    settling = replace(STATUS, settling=Progress(46, 75, 232.0))
    assert "46 of 75 settled, ~4 min left" in _right(settling)
    asking = replace(settling, asking=Progress(70, 2000, 193.0))
    assert "70 of 2000 asked, ~3 min left" in _right(asking)
    assert "settled" not in _right(asking)
    assert "asked" not in _right(replace(asking, mode=Mode.PAUSED))
    assert "46 of 75 settled ·" in _right(replace(STATUS, settling=Progress(46, 75, None)))
