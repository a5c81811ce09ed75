"""The tabs of a list: those that are built in, and filters that the configuration gives a name."""

from collections.abc import Iterable
from dataclasses import dataclass

from tiwtui.listing.query.parser import Query, read
from tiwtui.listing.tabs import Tab

MOST_NAMED = 4
"""Digits 6 to 9 choose them."""


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """A filter that is a tab of its own."""

    name: str
    query: Query


AnyTab = Tab | NamedFilter


def named_filters(given: Iterable[tuple[str, str]]) -> tuple[NamedFilter, ...]:
    """Return the filters of (name, query text) pairs; what of a query cannot be read filters nothing."""
    named = tuple(NamedFilter(name, read(text)) for name, text in given)
    return named[:MOST_NAMED]


def cut(tab: AnyTab, typed: Query) -> tuple[Tab, Query]:
    """Return which built-in tab and which filter show what is in a tab and matches what was typed."""
    if isinstance(tab, Tab):
        return tab, typed
    return Tab.ALL, Query((*tab.query.terms, *typed.terms), typed.faults)
