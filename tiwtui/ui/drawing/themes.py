"""The themes there are: Textual's own, those of the terminal's colours so that all can be read.

Plain blue and red on black, and yellow on white, can hardly be read in many terminals; bright colours are
greys in some well-known palettes. Cyan, magenta and the bright red are neither.
"""

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme


def legible_themes() -> tuple[Theme, ...]:
    """Return the themes of the terminal's colours, to be taken instead of Textual's of the same name."""
    dark, light = BUILTIN_THEMES["ansi-dark"], BUILTIN_THEMES["ansi-light"]
    return (
        replace(
            dark,
            primary="ansi_cyan",
            error="ansi_bright_red",
            accent="ansi_magenta",
            variables=dark.variables | _scrollbar("ansi_cyan"),
        ),
        replace(
            light,
            warning="ansi_magenta",
            variables=light.variables | _scrollbar("ansi_blue"),
        ),
    )


def _scrollbar(color: str) -> dict[str, str]:
    return dict.fromkeys(("scrollbar", "scrollbar-hover", "scrollbar-active"), color)


def theme_names() -> tuple[str, ...]:
    """Return all themes, Textual's own and the terminal's colours (`ansi-…`)."""
    return tuple(BUILTIN_THEMES)
