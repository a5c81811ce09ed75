"""The filter language as the help shows it: an example of each kind of term, made from the table of terms."""

from tiwtui.i18n import _
from tiwtui.listing.query.fields import ALIASES, FIELDS
from tiwtui.listing.query.terms import Field


def examples() -> tuple[tuple[str, str], ...]:
    """Return an example of each kind of term, with what it finds or takes; words and signs come first."""
    return (
        ("maths 3A", _("has both words, in any of its texts")),
        ('"maths 3A"', _("has this text")),
        ("!maths", _("does not have it; ! goes before any term")),
        ("/3[AB]$/", _("matches this regular expression")),
        ("phase:failed,empty", _("one of several values")),
        *(
            (_example(name, field), _words(name, field))
            for name, field in FIELDS.items()
            if name not in ALIASES
        ),
    )


def _example(name: str, field: Field) -> str:
    return field.example or f"{name}:{field.values[0] if field.values else _('word')}"


def _words(name: str, field: Field) -> str:
    """Return what a field takes, and its other names."""
    if field.example:
        said = [_("also {signs}").format(signs=" ".join(_signs(field.example)))]
        said += [f"{name}:{value}" for value in field.values]
    elif field.values:
        said = [" ".join(field.values)]
    else:
        said = [_('a part of it; {name}:"" finds those without').format(name=name)]
    said += [_("or {name}:").format(name=alias) for alias, known in ALIASES.items() if known == name]
    return ", ".join(said)


def _signs(example: str) -> tuple[str, ...]:
    return tuple(sign for sign in ("<", "<=", ">", ">=", "=") if sign not in example)
