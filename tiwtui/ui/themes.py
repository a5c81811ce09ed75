"""The names of the themes there are."""

from textual.theme import BUILTIN_THEMES


def theme_names() -> tuple[str, ...]:
    """Return all themes, Textual's own and the terminal's colours (`ansi-…`)."""
    return tuple(BUILTIN_THEMES)
