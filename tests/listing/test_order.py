"""The letters of the sort menu, and which way an order goes."""

import pytest

from tests.factories import WALL, make_task
from tiwtui.listing.order import LETTERS, SORTABLE, Order, letters
from tiwtui.listing.view import View
from tiwtui.model import Phase


def test_every_order_has_a_letter_of_its_own() -> None:
    """Fingers learn them, so they are fixed: this table changes only by new lines."""
    assert LETTERS == {
        "": "0",
        "phase": "p",
        "app": "a",
        "task": "t",
        "label": "l",
        "room": "r",
        "group": "g",
        "in_phase": "c",
        "checked": "h",
        "videos": "v",
        "length": "n",
        "size": "s",
        "expires": "e",
        "taken": "k",
        "added": "d",
        "note": "o",
    }
    assert set(LETTERS) == {"", *SORTABLE}


def test_a_new_column_gets_a_free_letter_and_takes_none_away() -> None:
    found = letters(("phase", "place", "ppp", "task"))
    assert found == {"phase": "p", "place": "b", "ppp": "f", "task": "t"}


_SMALL = make_task(
    "small", phase=Phase.PROCESSING, phase_since=WALL, added_at=WALL, checked_at=WALL, total_time_ms=1000,
    files_end_at=WALL, video_count=1, size_bytes=1,
)  # fmt: skip
_LARGE = make_task(
    "large", phase=Phase.PROCESSING, phase_since=WALL - 60, added_at=WALL - 60, checked_at=WALL - 60,
    total_time_ms=2000, files_end_at=WALL + 60, video_count=2, size_bytes=2,
)  # fmt: skip


@pytest.mark.parametrize(
    "column", ["in_phase", "checked", "videos", "length", "size", "expires", "added", "note"]
)
def test_an_order_knows_whether_the_largest_figure_stands_on_top(column: str) -> None:
    """The arrow says so, and the help explains it as "largest first"; an age is larger the older it is."""
    order = Order(column)
    listed = View({task.ref: task for task in (_SMALL, _LARGE)}, WALL, order=order).refs()
    assert order.has_largest_first is (listed[0] == _LARGE.ref)
    assert Order(column, is_reversed=True).has_largest_first is not order.has_largest_first
