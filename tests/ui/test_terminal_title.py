"""The words of the terminal's title."""

import pytest

from tiwtui.glyphs import ASCII_GLYPHS, UNICODE_GLYPHS, Glyphs
from tiwtui.listing.tabs import Tab
from tiwtui.ui.widgets.tab_bar import title_words


@pytest.mark.parametrize(
    ("glyphs", "counts", "title"),
    [
        (UNICODE_GLYPHS, {Tab.READY: 80, Tab.FAILED: 11, Tab.ACTIVE: 37}, "✓80 ✗11 ◐37 · tiwtui"),
        (ASCII_GLYPHS, {Tab.READY: 80, Tab.FAILED: 11, Tab.ACTIVE: 37}, "v80 x11 >37 - tiwtui"),
        (UNICODE_GLYPHS, {Tab.READY: 80}, "✓80 · tiwtui"),
        (UNICODE_GLYPHS, {}, "tiwtui"),
    ],
)
def test_title_counts_what_is_there_and_names_the_program(
    glyphs: Glyphs, counts: dict[Tab, int], title: str
) -> None:
    """It is short enough for a tab; nothing of it comes from the service or a label."""
    assert title_words(lambda tab: counts.get(tab, 0), glyphs) == title
