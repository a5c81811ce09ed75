"""The header's words, from how the watching stands."""

from dataclasses import replace

from tests.ui.still import NOW, STANDING
from tiwtui.glyphs import UNICODE_GLYPHS
from tiwtui.session import Target
from tiwtui.ui.headline import header
from tiwtui.watch.standing import Standing

TARGET = Target("school", "tiw.tencentcloudapi.com", "ap-singapore", None)


def _right(standing: Standing) -> str:
    _left, right = header(TARGET, standing, NOW, lambda at: "10:02", 160, UNICODE_GLYPHS)
    return "".join(piece.text for piece in right)


def test_corrected_clock_is_told_with_by_how_much() -> None:
    """A person whose clock is seven minutes off should set it, though checks go on."""
    assert "clock corrected by +412 s" in _right(replace(STANDING, clock_offset_s=412.0))
    assert "clock" not in _right(STANDING)
