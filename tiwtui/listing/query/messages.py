"""Messages about a filter that cannot be read: first what is wrong, then what would be right.

Each is one line that can be read on forty cells: only further examples are cut off at its end.
"""

from collections.abc import Collection, Mapping

from tiwtui.i18n import _
from tiwtui.listing.query.values import bytes_of, count_of, days_of, seconds_of
from tiwtui.near_names import nearest
from tiwtui.sanitize import safe

_LONGEST = 24
_LIKE_A_FIELD = 0.6


def _shown(text: str) -> str:
    """Return what a person typed, safe to draw and short enough to leave room for what would be right."""
    text = safe(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def wrong_phase(name: str, names: Collection[str]) -> str:
    """Return the message for an unknown phase, which may be a status of the service."""
    near = nearest(name, names)
    if near is None:
        return _("no phase {name}; {names}; or status:{name}").format(
            name=_shown(name), names=" ".join(names)
        )
    return _("no phase {name}; did you mean {near}?").format(name=_shown(name), near=near)


def wrong_kind(name: str, names: Collection[str]) -> str:
    """Return the message for an unknown kind of video."""
    near = nearest(name, names)
    if near is None:
        return _("no kind {name}; {names}").format(name=_shown(name), names=" ".join(names))
    return _("no kind {name}; did you mean {near}?").format(name=_shown(name), near=near)


def wrong_thing(name: str, names: Collection[str]) -> str:
    """Return the message for an unknown thing that a task can have, or for none."""
    near = nearest(name, names)
    if near is None:
        return _("has: takes {names}").format(names=" ".join(names))
    return _("has: takes no {name}; did you mean {near}?").format(name=_shown(name), near=near)


def wrong_field(name: str, forms: Mapping[str, str]) -> str:
    """Return the message for an unknown field; `forms` are the known ones, each with how it is written."""
    near = nearest(name, forms, _LIKE_A_FIELD)
    if near is None:
        return _("no field {name}; in quotes it is a word").format(name=_shown(name))
    return _("no field {name}; did you mean {near}?").format(name=_shown(name), near=forms[near])


def wrong_amount(text: str, read: object, example: str) -> str:
    """Return the message for a value that the reader `read` does not understand."""
    if not text:
        return _("a value is missing; write {example}").format(example=example)
    messages: dict[object, str] = {
        seconds_of: _("{text} is no time; write {example}"),
        bytes_of: _("{text} is no size; write {example}"),
        count_of: _("{text} is no number; write {example}"),
        days_of: _("{text} is no day; write today, 2026-11-01, 11-01..11-07 or {example}"),
    }
    return messages[read].format(text=_shown(text), example=example)
