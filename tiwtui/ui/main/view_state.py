"""How the screen stands, as one value, and the JSON that saves it between two starts. Pure.

1. Saved parts are read one by one: a part that is missing, wrong, or of a later version takes its default,
   and the others stay. There is no text that `read_view_state` fails on.
2. Nothing is read that the keys of the screen could not lead to: unknown columns and formats, shares out of
   bounds, texts with control characters.
3. The tab and the filter are not saved: each start shows the whole list. Earlier filters can be recalled.
4. Reading what was written gives the same value.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from tiwtui.listing.columns import ALL_COLUMNS, DEFAULT_COLUMNS, FIXED
from tiwtui.listing.named_filters import AnyTab
from tiwtui.listing.order import SORTABLE, Order
from tiwtui.listing.tabs import Tab
from tiwtui.results.copy_formats import Choice, Format
from tiwtui.sanitize import safe
from tiwtui.ui.detail.title_bar import DETAIL_TABS
from tiwtui.ui.observable import Observable

SAVED_FILTERS = 50
_LONGEST = 500
_MOST_KINDS = 32

SHARES = (0.2, 0.75)
"""How much of the screen the detail gets at least and at most."""

T = TypeVar("T")


class Layout(StrEnum):
    """Where the detail is wanted; `AUTO` is right where there is room, else below."""

    AUTO = "auto"
    RIGHT = "right"
    BELOW = "below"
    ALONE = "alone"


class ViewState(msgspec.Struct, frozen=True):
    """How the screen stands; changed by `CurrentState.change`.

    `columns` are those that are shown, in their order. `app` is the SdkAppId given for ids without one.
    `theme` is how the last run left the colors: for the start alone.
    """

    tab: AnyTab = Tab.ALL
    filter_text: str = ""
    is_filtering: bool = False
    saved_filters: tuple[str, ...] = ()
    order: Order = Order()
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    layout: Layout = Layout.AUTO
    share: float = 0.4
    is_full: bool = False
    detail_tab: str = DETAIL_TABS[0]
    copy_choice: Choice = Choice()
    app: int | None = None
    theme: str = ""


FIRST_START = ViewState()
NO_TABS: Mapping[str, AnyTab] = {}


class CurrentState(Observable[ViewState]):
    """How the screen stands now."""

    def change(self, **fields: Any) -> None:
        """Replace some fields."""
        self.set(msgspec.structs.replace(self.value, **fields))


def view_state_json(value: ViewState, *, keeps_tab: bool = False) -> str:
    """Return what is saved of a value as JSON, without anything that `read_view_state` would refuse."""
    order, choice, tab = value.order, value.copy_choice, value.tab
    parts = {
        **({"tab": tab.value if isinstance(tab, Tab) else tab.name} if keeps_tab else {}),
        "filters": [text for text in value.saved_filters if _is_text(text)][:SAVED_FILTERS],
        "order": [order.column, order.is_reversed],
        "columns": value.columns,
        "layout": value.layout.value,
        "share": value.share,
        "detail": value.detail_tab,
        "copy": [choice.form.value, sorted(choice.left_out)],
        "theme": value.theme,
        "app": value.app,
    }
    return json.dumps(parts, indent=1)


def read_view_state(text: str, tabs: Mapping[str, AnyTab] = NO_TABS) -> ViewState:
    """Return what a text holds, with the default for each part that it lacks.

    `tabs` are those that a saved one may be, by their names.
    """
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return FIRST_START
    if not isinstance(parts, dict):
        return FIRST_START
    default = FIRST_START

    def part(name: str, reading: Callable[[Any], T | None], otherwise: T) -> T:
        found = reading(parts.get(name))
        return otherwise if found is None else found

    return ViewState(
        tab=part("tab", lambda it: tabs.get(it) if isinstance(it, str) else None, default.tab),
        saved_filters=part("filters", _texts, default.saved_filters),
        order=part("order", _order, default.order),
        columns=part("columns", _columns, default.columns),
        layout=part("layout", lambda it: _member(Layout, it), default.layout),
        share=part("share", _share, default.share),
        detail_tab=part("detail", lambda it: it if _is_one_of(it, DETAIL_TABS) else None, default.detail_tab),
        copy_choice=part("copy", _choice, default.copy_choice),
        theme=part("theme", _text, default.theme),
        app=part("app", _app, default.app),
    )


def _is_text(it: Any) -> bool:
    return isinstance(it, str) and len(it) <= _LONGEST and safe(it) == it


def _text(it: Any) -> str | None:
    return it if _is_text(it) else None


def _texts(it: Any) -> tuple[str, ...] | None:
    if not isinstance(it, list):
        return None
    return tuple(text for text in it if text and _is_text(text))[:SAVED_FILTERS]


def _is_one_of(it: Any, known: Iterable[str]) -> bool:
    return isinstance(it, str) and it in known


def _columns(it: Any) -> tuple[str, ...] | None:
    """Return the columns that are known, each once, with the one that is always shown."""
    if not isinstance(it, list):
        return None
    columns = tuple(dict.fromkeys(one for one in it if _is_one_of(one, ALL_COLUMNS)))
    return columns if FIXED in columns else (FIXED, *columns)


Word = TypeVar("Word", Layout, Format)


def _member(words: type[Word], it: Any) -> Word | None:
    return next((word for word in words if word.value == it), None)


def _order(it: Any) -> Order | None:
    match it:
        case [str() as column, bool() as is_reversed] if column in ("", *SORTABLE):
            return Order(column, is_reversed)
        case _:
            return None


def _app(it: Any) -> int | None:
    return it if isinstance(it, int) and not isinstance(it, bool) and 0 < it < 2**63 else None


def _share(it: Any) -> float | None:
    if isinstance(it, bool) or not isinstance(it, int | float) or not math.isfinite(it):
        return None
    return float(it) if SHARES[0] <= it <= SHARES[1] else None


def _choice(it: Any) -> Choice | None:
    match it:
        case [str() as name, list() as kinds] if (form := _member(Format, name)) is not None:
            left_out = [kind for kind in kinds if _is_text(kind)]
            return Choice(form, frozenset(left_out[:_MOST_KINDS]))
        case _:
            return None
