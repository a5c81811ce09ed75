"""Which keys the footer shows: the few that matter where one is now. Pure."""

from tiwtui.catalog import _
from tiwtui.ui.keys import DEFAULT_KEYS

Hints = tuple[tuple[str, str], ...]
"""Ids of commands, each with its word."""


def _named(*names: str) -> Hints:
    return tuple((name, DEFAULT_KEYS.command(name).hint) for name in names)


LIST = _named(
    "copy", "check", "add", "filter", "mark", "remove", "label", "pause", "focus.switch", "quit", "help"
)
DETAIL: Hints = (
    ("copy", _("copy the URL")),
    ("copy.nth", _("copy n-th")),
    ("detail.next", _("next tab")),
    ("focus.switch", _("list")),
    ("detail.open", _("full screen")),
    ("back", _("back")),
    ("help", _("help")),
)
REMOVED: Hints = (
    ("undo", _("bring back")),
    *_named("copy", "copy.id", "filter", "mark", "focus.switch"),
    ("back", _("watch list")),
    *_named("help"),
)
EMPTY = _named("add", "quit", "help")
FIRST_RUN: Hints = (("detail.open", _("demo")), *EMPTY)
