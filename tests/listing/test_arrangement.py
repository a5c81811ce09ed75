"""Which columns fit, in which order they leave, and how wide they are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiwtui.listing.arrangement import Wanted, arrange, title
from tiwtui.listing.columns import ALL_COLUMNS, DEFAULT_COLUMNS

PLAIN = Wanted()
PROBLEMS = Wanted(has_problems=True)
APPS = Wanted(has_apps=True)


def _shown(width: int, wanted: Wanted = PLAIN) -> list[str]:
    return [placed.column.id for placed in arrange(width, wanted, indent=2, margin=2)]


def _widths(width: int, wanted: Wanted = PLAIN) -> dict[str, int]:
    return {placed.column.id: placed.width for placed in arrange(width, wanted, indent=2, margin=2)}


def _leaving(widths: range, wanted: Wanted) -> list[str]:
    """Return the columns in the order in which they leave a list that gets narrower."""
    gone: list[str] = []
    for width in widths:
        shown = _shown(width, wanted)
        gone += [name for name in _shown(widths[0], wanted) if name not in shown and name not in gone]
    return gone


@pytest.mark.parametrize("wanted", [PLAIN, PROBLEMS, APPS])
def test_columns_leave_in_their_order_and_the_app_last(wanted: Wanted) -> None:
    """Length, Videos, Checked, Room, the phase word: what a row can do without, first."""
    expected = ["length", "videos", "checked", "room", "phase"]
    wide, narrow = _leaving(range(170, 79, -1), wanted), _leaving(range(79, 39, -1), wanted)
    assert wide == expected[: len(wide)]
    assert [name for name in expected if name in narrow] == narrow[: len(narrow) - ("app" in narrow)]
    if wanted.has_apps:
        assert narrow[-1] == "app"


def test_under_80_cells_problems_come_before_the_phase_word() -> None:
    """The sign and the color say the phase; the name and the reason are said nowhere else."""
    assert "phase" in _shown(60)
    assert "phase" not in _shown(60, PROBLEMS)
    assert _widths(60, PROBLEMS)["name"] >= 12
    assert _widths(60, PROBLEMS)["note"] >= 30
    assert "phase" in _shown(80, PROBLEMS)


def test_the_app_has_a_column_only_where_there_are_several() -> None:
    assert "app" not in _shown(200)
    assert "app" in _shown(60, APPS)
    assert "app" not in _shown(40, APPS)


@pytest.mark.parametrize("width", range(40, 241, 5))
@pytest.mark.parametrize(("wanted", "least"), [(PLAIN, 16), (PROBLEMS, 30)])
def test_law_2_note_comes_before_other_columns(width: int, wanted: Wanted, least: int) -> None:
    """Why a class has no video is what the list is looked at for; how often it was asked is not."""
    widths = _widths(width, wanted)
    if widths["note"] < least:
        assert not {"room", "checked", "videos", "length", "size", "added"} & set(widths)


def test_problems_get_thirty_cells_at_120_columns_and_all_columns_at_140() -> None:
    assert _widths(120, PROBLEMS)["note"] >= 30
    assert {"room", "checked"} <= set(_widths(120, PROBLEMS))
    assert {"room", "checked", "videos", "length"} <= set(_widths(140, PROBLEMS))
    assert _widths(140, PROBLEMS)["note"] >= 30


def test_columns_stand_in_the_order_that_was_chosen() -> None:
    """The signs go with their columns, and Note is last."""
    chosen = Wanted(("size", "task", "phase", "label"))
    assert _shown(160, chosen) == ["glyph", "size", "unseen", "task", "phase", "label", "note"]


def test_all_columns_have_room_on_a_very_wide_screen() -> None:
    everything = Wanted(ALL_COLUMNS, has_apps=True, has_problems=True)
    assert set(ALL_COLUMNS) <= set(_shown(240, everything))


def test_under_80_cells_task_and_label_are_one_name() -> None:
    assert {"task", "label"} <= set(_shown(80))
    assert "name" in _shown(79)
    assert not {"task", "label"} & set(_shown(79))


def test_40_cells_keep_sign_name_age_and_note() -> None:
    assert _shown(40) == ["glyph", "unseen", "name", "in_phase", "note"]


@pytest.mark.parametrize(
    ("width", "label", "note_width"), [(200, 28, 60), (140, 20, 28), (120, 16, 16), (80, 10, 16)]
)
def test_spare_cells_go_to_label_and_note(width: int, label: int, note_width: int) -> None:
    """What a person wrote and what there is to know; the id is whole, figures need no more."""
    widths = _widths(width)
    assert widths["label"] >= label
    assert widths["note"] >= note_width
    assert widths["task"] == 20


@given(
    st.integers(1, 400),
    st.builds(
        Wanted,
        st.permutations(ALL_COLUMNS).flatmap(
            lambda names: st.integers(0, len(names)).map(
                lambda cut: ("task", *(name for name in names[:cut] if name != "task"))
            )
        ),
        st.booleans(),
        st.booleans(),
    ),
)
def test_law_1_columns_never_overlap_or_stick_out(width: int, wanted: Wanted) -> None:
    placed = arrange(width, wanted)
    for before, after in pairwise(placed):
        assert before.end == after.x
    assert all(column.width >= 0 for column in placed)
    assert placed[-1].x + placed[-1].width <= max(width, 40)


def test_titles_are_short_where_the_column_is() -> None:
    narrow = {placed.column.id: title(placed) for placed in arrange(50)}
    assert narrow["in_phase"] == "For"
    for wanted in (Wanted(DEFAULT_COLUMNS), Wanted(ALL_COLUMNS, has_apps=True)):
        for width in (40, 60, 80, 120, 240):
            assert all(len(title(placed)) <= placed.width for placed in arrange(width, wanted))
