"""How a person left the screen, as one value and as the JSON it is kept in between two starts. Pure.

1. What is kept is read part by part: a part that is missing, wrong, or of a version to come takes its
   default, and the others stay. There is no text that `read_remembered` fails on.
2. Nothing is taken up that the screen could not have come to by its keys: unknown tabs, columns and forms,
   shares out of bounds, filters with a fault, texts that would steer a terminal.
3. Marks are not kept, and so no filter that asks for them either.
4. Reading what was written gives the same value.
"""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tiwtui.listing.columns import CHOOSABLE
from tiwtui.listing.order import SORTABLE, Order
from tiwtui.listing.query.parser import read
from tiwtui.listing.query.terms import On
from tiwtui.listing.tabs import Tab
from tiwtui.model import TaskRef
from tiwtui.results.copy_formats import Format
from tiwtui.sanitize import safe
from tiwtui.ui.dialogs.copy_as import Choice
from tiwtui.ui.main.layout import SHARES, Layout
from tiwtui.ui.widgets.header_bar import DETAIL_TABS

KEPT_FILTERS = 50
_LONGEST = 500
_MOST_KINDS = 32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the next start takes up; `named` is the named filter that was the tab, `""` for none.

    `app` is the SdkAppId that was told for ids without one.
    """

    tab: Tab = Tab.ALL
    named: str = ""
    filter_text: str = ""
    kept_filters: tuple[str, ...] = ()
    order: Order = field(default_factory=Order)
    hidden: frozenset[str] = frozenset()
    selected: TaskRef | None = None
    layout: Layout = Layout.AUTO
    share: float = 0.4
    detail_tab: str = DETAIL_TABS[0]
    copy_choice: Choice = field(default_factory=Choice)
    theme: str = ""
    app: int | None = None


NOTHING_REMEMBERED = Remembered()


def written(value: Remembered) -> str:
    """Return a value as JSON, with nothing in it that `read_remembered` would not take up."""
    selected, order, choice = value.selected, value.order, value.copy_choice
    parts = {
        "tab": value.tab.value,
        "named": value.named,
        "filter": value.filter_text if _is_filter(value.filter_text) else "",
        "filters": [text for text in value.kept_filters if _is_text(text)][:KEPT_FILTERS],
        "order": [order.column, order.is_reversed],
        "hidden": sorted(value.hidden),
        "selected": None if selected is None else [selected.sdk_app_id, selected.task_id],
        "layout": value.layout.value,
        "share": value.share,
        "detail": value.detail_tab,
        "copy": [choice.form.value, sorted(choice.left_out)],
        "theme": value.theme,
        "app": value.app,
    }
    return json.dumps(parts, indent=1)


def read_remembered(text: str) -> Remembered:
    """Return what a text holds, with the default for each part that it does not."""
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return NOTHING_REMEMBERED
    if not isinstance(parts, dict):
        return NOTHING_REMEMBERED
    default = NOTHING_REMEMBERED

    def part(name: str, reading: Callable[[Any], T | None], otherwise: T) -> T:
        found = reading(parts.get(name))
        return otherwise if found is None else found

    return Remembered(
        tab=part("tab", lambda it: _member(Tab, it), default.tab),
        named=part("named", _text, default.named),
        filter_text=part("filter", lambda it: it if _is_filter(it) else None, default.filter_text),
        kept_filters=part("filters", _texts, default.kept_filters),
        order=part("order", _order, default.order),
        hidden=part("hidden", lambda it: _some(it, CHOOSABLE), default.hidden),
        selected=part("selected", _ref, default.selected),
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


def _is_filter(it: Any) -> bool:
    if not _is_text(it):
        return False
    query = read(it)
    return not query.faults and On.MARKS not in query.leans_on


def _texts(it: Any) -> tuple[str, ...] | None:
    if not isinstance(it, list):
        return None
    return tuple(text for text in it if text and _is_text(text))[:KEPT_FILTERS]


def _is_one_of(it: Any, known: Iterable[str]) -> bool:
    return isinstance(it, str) and it in known


def _some(it: Any, known: Iterable[str]) -> frozenset[str] | None:
    return frozenset(one for one in it if _is_one_of(one, known)) if isinstance(it, list) else None


Word = TypeVar("Word", Tab, Layout, Format)


def _member(words: type[Word], it: Any) -> Word | None:
    return next((word for word in words if word.value == it), None)


def _order(it: Any) -> Order | None:
    match it:
        case [str() as column, bool() as is_reversed] if column in ("", *SORTABLE):
            return Order(column, is_reversed)
        case _:
            return None


def _ref(it: Any) -> TaskRef | None:
    match it:
        case [int() as app, str() as task_id] if not isinstance(app, bool):
            return TaskRef(app, task_id)
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
