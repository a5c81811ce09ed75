"""The state of the screen saved between two starts, as JSON: read part by part, never a failure."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tiwtui.listing.columns import ALL_COLUMNS, FIXED
from tiwtui.listing.order import SORTABLE, Order
from tiwtui.listing.tabs import Tab
from tiwtui.results.copy_formats import Choice, Format
from tiwtui.sanitize import safe
from tiwtui.ui.detail.title_bar import DETAIL_TABS
from tiwtui.ui.main.view_state import (
    FIRST_START,
    SAVED_FILTERS,
    SHARES,
    Layout,
    ViewState,
    read_view_state,
    view_state_json,
)

FULL = ViewState(
    saved_filters=("phase:ready 物理", "!maths"),
    order=Order("label", is_reversed=True),
    columns=("label", "size", "task"),
    layout=Layout.BELOW,
    share=0.55,
    detail_tab="timeline",
    copy_choice=Choice(Format.CHAT, frozenset({"camera"})),
    theme="textual-light",
    app=1400000001,
)

FILTERS = st.sampled_from(["", "maths", "phase:ready !x", '"two words"', "/a+b/", "added<2d", "物理 ！课"])

REMEMBERED = st.builds(
    ViewState,
    saved_filters=st.lists(FILTERS.filter(bool), max_size=SAVED_FILTERS).map(tuple),
    order=st.builds(Order, st.sampled_from(["", *SORTABLE]), st.booleans()),
    columns=st.permutations(ALL_COLUMNS).map(lambda names: tuple(names[: names.index(FIXED) + 1])),
    layout=st.sampled_from(Layout),
    share=st.floats(*SHARES),
    detail_tab=st.sampled_from(DETAIL_TABS),
    copy_choice=st.builds(Choice, st.sampled_from(Format), st.frozensets(st.just("camera") | st.just("x"))),
    theme=st.sampled_from(["", "textual-light", "nord"]),
    app=st.none() | st.integers(1, 2**63 - 1),
)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(REMEMBERED)
def test_what_was_written_reads_as_the_same(value: ViewState) -> None:
    """The law that a start takes up what the last one left."""
    assert read_view_state(view_state_json(value)) == value


@given(st.text())
def test_any_text_reads_as_something(text: str) -> None:
    assert read_view_state(text) == FIRST_START or text.lstrip().startswith("{")


@given(st.dictionaries(st.sampled_from(sorted(json.loads(view_state_json(FULL)))), JSON))
def test_any_json_reads_as_what_the_screen_could_be(parts: dict[str, Any]) -> None:
    """A file of another program, or of a version to come, must not bring the screen into a new state."""
    value = read_view_state(json.dumps(parts))
    assert (value.tab, value.filter_text) == (Tab.ALL, "")
    assert value.order.column in ("", *SORTABLE)
    assert FIXED in value.columns
    assert len(set(value.columns)) == len(value.columns)
    assert set(value.columns) <= set(ALL_COLUMNS)
    assert SHARES[0] <= value.share <= SHARES[1]
    assert value.detail_tab in DETAIL_TABS
    assert isinstance(value.layout, Layout)
    assert isinstance(value.copy_choice.form, Format)
    for text in (*value.saved_filters, value.theme):
        assert safe(text) == text
    assert read_view_state(view_state_json(value)) == value


@pytest.mark.parametrize("name", sorted(json.loads(view_state_json(FULL))))
def test_one_part_that_is_wrong_costs_that_part_alone(name: str) -> None:
    """Fifty saved filters are not lost because a column was removed."""
    parts = json.loads(view_state_json(FULL))
    right = read_view_state(json.dumps(parts | {name: {"of": "a version to come"}}))
    without = read_view_state(json.dumps({key: part for key, part in parts.items() if key != name}))
    assert right == without
    saved = {key: part for key, part in json.loads(view_state_json(right)).items() if key != name}
    assert saved == {key: part for key, part in parts.items() if key != name}


WRONG = [
    ("tab", "ready"),
    ("filter", "maths"),
    ("named", "Maths"),
    ("order", ["mood", False]),
    ("order", ["label", 1]),
    ("columns", "room"),
    ("layout", "left"),
    ("share", 0.99),
    ("share", "0.4"),
    ("detail", "logs"),
    ("copy", ["yaml", []]),
    ("theme", "\x1b]0;owned\x07"),
]


@pytest.mark.parametrize(("name", "wrong"), WRONG)
def test_what_no_key_could_lead_to_is_not_taken_up(name: str, wrong: object) -> None:
    assert read_view_state(json.dumps({name: wrong})) == FIRST_START


def test_columns_and_filters_that_are_known_are_taken_from_among_others() -> None:
    value = read_view_state(
        json.dumps({"columns": ["room", "mood", 3, "room"], "filters": ["maths", 3, "a\x1b", "b"]})
    )
    assert (value.columns, value.saved_filters) == ((FIXED, "room"), ("maths", "b"))


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"share": NaN}', '{"share": 1e999}', "9" * 5000, "", "null"]
)
def test_what_trips_a_json_reader_is_nothing_remembered(text: str) -> None:
    assert read_view_state(text) == FIRST_START


def test_law_3_tab_and_filter_are_of_one_run() -> None:
    """A start on 1 of 4 tasks looks as if three were lost."""
    left = replace(FULL, tab=Tab.READY, filter_text="maths")
    assert read_view_state(view_state_json(left)) == FULL
