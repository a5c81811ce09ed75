"""What is said of a filter that cannot be read: what is wrong, then what would be right. Pure.

Each is one line that a person can read on forty cells: what may be cut off at its end is only more examples.
"""

from collections.abc import Collection

from tiwtui.i18n import _
from tiwtui.listing.query.values import bytes_of, count_of, days_of, nearest, seconds_of
from tiwtui.sanitize import safe

_LONGEST = 24
_LIKE_A_FIELD = 0.6


def _shown(text: str) -> str:
    """Return what a person typed so that it can be drawn, and leaves room for what would be right."""
    text = safe(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def wrong_phase(name: str, names: Collection[str]) -> str:
    """Return what to say of a phase that does not exist; a status of the service is named otherwise."""
    near = nearest(name, names)
    if near is None:
        return _("no phase {name}; {names}; or status:{name}").format(
            name=_shown(name), names=" ".join(names)
        )
    return _("no phase {name}; did you mean {near}?").format(name=_shown(name), near=near)


def wrong_kind(name: str, names: Collection[str]) -> str:
    """Return what to say of a kind of video that does not exist."""
    near = nearest(name, names)
    if near is None:
        return _("no kind {name}; {names}").format(name=_shown(name), names=" ".join(names))
    return _("no kind {name}; did you mean {near}?").format(name=_shown(name), near=near)


def wrong_thing(name: str, names: Collection[str]) -> str:
    """Return what to say of what no task has; of nothing, too."""
    near = nearest(name, names)
    if near is None:
        return _("has: takes {names}").format(names=" ".join(names))
    return _("has: takes no {name}; did you mean {near}?").format(name=_shown(name), near=near)


def wrong_field(name: str, names: Collection[str], examples: Collection[str]) -> str:
    """Return what to say of a field that does not exist; `examples` are those that compare, in use."""
    near = nearest(
        name, (*names, *(example.rstrip("<>=:0123456789kmbhdw") for example in examples)), _LIKE_A_FIELD
    )
    if near is None:
        return _("no field {name}; in quotes it is a word").format(name=_shown(name))
    form = next((example for example in examples if example.startswith(near)), f"{near}:")
    return _("no field {name}; did you mean {near}?").format(name=_shown(name), near=form)


def wrong_amount(text: str, read: object, example: str) -> str:
    """Return what to say of a value that `read` made nothing of."""
    if not text:
        return _("a value is missing; write {example}").format(example=example)
    told: dict[object, str] = {
        seconds_of: _("{text} is no time; write {example}"),
        bytes_of: _("{text} is no size; write {example}"),
        count_of: _("{text} is no number; write {example}"),
        days_of: _("{text} is no day; write today, 2026-11-01, 11-01..11-07 or {example}"),
    }
    return told[read].format(text=_shown(text), example=example)
