"""The themes there are: Textual's own, some in other colours so that all can be read.

A tone of a few has too little contrast: those are a little darker or lighter here. Of the terminal's colours
plain blue and red on black, and yellow on white, can hardly be read in many terminals; bright colours are
greys in some well-known palettes. Cyan, magenta and the bright red are neither.
"""

from collections.abc import Iterable
from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

ANSI = "ansi-"
"""How the names of the themes of the terminal's colours begin."""


_CURSOR = {"block-cursor-background": "ansi_blue", "block-cursor-foreground": "ansi_bright_white"}
"""Black on white becomes grey on white where a terminal draws bold text in bright colours."""


def legible_themes() -> tuple[Theme, ...]:
    """Return the themes that are to be taken instead of Textual's of the same name.

    With these colours each tone has a contrast of at least 4.5 to 1.
    """
    known = BUILTIN_THEMES
    dark, light = known["ansi-dark"], known["ansi-light"]
    return (
        replace(known["textual-light"], accent="#CE7D00", success="#2DA357", warning="#CE7D00"),
        replace(known["nord"], error="#CD6D76"),
        replace(known["rose-pine-dawn"], warning="#E69A31"),
        replace(known["atom-one-light"], accent="#BC8F2F", success="#00AE00", warning="#979D00"),
        replace(
            dark,
            primary="ansi_cyan",
            error="ansi_bright_red",
            accent="ansi_magenta",
            variables=dark.variables | _scrollbar("ansi_cyan") | _CURSOR,
        ),
        replace(
            light,
            warning="ansi_magenta",
            variables=light.variables | _scrollbar("ansi_blue"),
        ),
    )


def _scrollbar(color: str) -> dict[str, str]:
    return dict.fromkeys(("scrollbar", "scrollbar-hover", "scrollbar-active"), color)


def fitting(names: Iterable[str], color_system: str | None) -> tuple[str, ...]:
    """Return the themes that a terminal can show: with 16 colours those of the terminal alone."""
    few = color_system == "standard"
    return tuple(name for name in names if not few or name.startswith(ANSI))


def fitting_theme(name: str, color_system: str | None) -> str:
    """Return the theme, or the one of the terminal's own colours where the terminal cannot show it."""
    return name if fitting((name,), color_system) else f"{ANSI}dark"


def theme_names() -> tuple[str, ...]:
    """Return all themes, Textual's own and the terminal's colours (`ansi-…`)."""
    return tuple(BUILTIN_THEMES)
