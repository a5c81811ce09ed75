"""The table of signs and its ASCII twin."""

import pytest
from msgspec.structs import fields
from rich.cells import cell_len

from tiwtui.glyphs import ASCII_GLYPHS, UNICODE_GLYPHS, Glyphs
from tiwtui.model import VIDEO_KINDS, Phase


def _signs(glyphs: Glyphs) -> list[str]:
    values = [getattr(glyphs, field.name) for field in fields(glyphs)]
    return [sign for value in values for sign in (value.values() if isinstance(value, dict) else [value])]


@pytest.mark.parametrize("glyphs", [UNICODE_GLYPHS, ASCII_GLYPHS], ids=["unicode", "ascii"])
def test_each_phase_and_each_kind_of_video_has_its_own_sign(glyphs: Glyphs) -> None:
    """In monochrome, the sign and the word are all there is."""
    assert len({glyphs.phase(phase) for phase in Phase}) == len(Phase)
    assert len({glyphs.lane(kind) for kind in VIDEO_KINDS}) == len(VIDEO_KINDS)
    assert glyphs.lane("type_7") == glyphs.lane("other")


@pytest.mark.parametrize("glyphs", [UNICODE_GLYPHS, ASCII_GLYPHS], ids=["unicode", "ascii"])
def test_every_sign_is_one_cell(glyphs: Glyphs) -> None:
    """Columns are counted in cells: a wide sign would push its line out of line."""
    assert all(len(sign) == 1 and cell_len(sign) == 1 for sign in _signs(glyphs))


@pytest.mark.parametrize("glyphs", [UNICODE_GLYPHS, ASCII_GLYPHS], ids=["unicode", "ascii"])
def test_a_sparkline_goes_from_nothing_to_the_most_in_the_room_there_is(glyphs: Glyphs) -> None:
    low, high = glyphs.levels[0], glyphs.levels[7]
    assert glyphs.sparkline((0.0, None, 4.0), 10) == f"{low} {high}"
    assert glyphs.sparkline((0.0, 9.0, 0.0, 0.0), 2) == f"{high}{low}"
    assert glyphs.sparkline((0.0, 0.0), 5) == low * 2
    assert glyphs.sparkline((), 5) == ""
    assert glyphs.sparkline((0.0, 0.001, 9.0), 5)[1] != low


def test_every_sign_of_the_ascii_twin_is_ascii() -> None:
    """It is for terminals that draw the others two cells wide, or not at all."""
    assert all(sign.isascii() for sign in _signs(ASCII_GLYPHS))
