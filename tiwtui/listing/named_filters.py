"""Tabs made of filters that the configuration names, beside the built-in tabs."""

from collections.abc import Iterable

import msgspec

from tiwtui.listing.query.parser import Query, read
from tiwtui.listing.tabs import Tab

MOST_NAMED = 4
"""Digits 6 to 9 choose them."""


class NamedFilter(msgspec.Struct, frozen=True):
    """A filter that is a tab."""

    name: str
    query: Query


AnyTab = Tab | NamedFilter


def named_filters(given: Iterable[tuple[str, str]]) -> tuple[NamedFilter, ...]:
    """Return the filters of (name, query text) pairs; a term that cannot be read filters nothing."""
    named = tuple(NamedFilter(name, read(text)) for name, text in given)
    return named[:MOST_NAMED]


def tabs_by_name(named: Iterable[NamedFilter]) -> dict[str, AnyTab]:
    """Return all tabs by the name that an option and a saved view give them; a built-in one comes first."""
    tabs: dict[str, AnyTab] = {tab.value: tab for tab in Tab}
    return tabs | {one.name: one for one in named if one.name not in tabs}


def cut(tab: AnyTab, typed: Query) -> tuple[Tab, Query]:
    """Return the built-in tab and the query that together show what is in a tab and matches `typed`."""
    if isinstance(tab, Tab):
        return tab, typed
    return Tab.ALL, Query((*tab.query.terms, *typed.terms), typed.faults)
