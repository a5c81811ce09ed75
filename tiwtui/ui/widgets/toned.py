"""The base of widgets that draw words in tones: the one place where a tone becomes a colour."""

from typing import ClassVar

from rich.style import Style
from textual.widget import Widget

from tiwtui.words import Tone


class Toned(Widget):
    """A widget that draws lines of words in tones, by component classes.

    Each class a widget names is styled whenever the widget is: it adds those of the others that it draws.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {*(f"tone--{tone}" for tone in Tone), "tone--strong"}
    DEFAULT_CSS = """
    Toned {
        & > .tone--text { color: $text; }
        & > .tone--text-muted { color: $text-muted; }
        & > .tone--text-accent { color: $text-accent; }
        & > .tone--text-success { color: $text-success; }
        & > .tone--text-warning { color: $text-warning; }
        & > .tone--text-error { color: $text-error; }
        & > .tone--text-primary { color: $text-primary; }
        & > .tone--dim { color: $text-disabled; }
        & > .tone--strong { text-style: bold; }
        & > .tone--lit { background: $foreground 14%; text-style: bold; }
        & > .tone--hover { background: $foreground 4%; }
        & > .tone--marked { background: $warning 14%; }
        & > .tone--selected { background: $foreground 9%; }
        & > .tone--bar { color: $text-muted; }
        &:focus > .tone--selected { background: $primary 36%; text-style: bold; }
        &:light:focus > .tone--selected { background: $primary 18%; }
        &:focus > .tone--bar { color: $text-primary; }
        &:ansi > .tone--text-muted { text-style: dim; }
        &:ansi > .tone--dim { text-style: dim; }
        &:ansi > .tone--lit { background: ansi_default; text-style: bold underline; }
        &:ansi > .tone--hover { background: ansi_default; }
        &:ansi > .tone--marked { background: ansi_default; text-style: bold; }
        &:ansi > .tone--selected { background: ansi_default; text-style: bold; }
        &:ansi:focus > .tone--selected {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: bold;
        }
        &:nocolor > .tone--lit { text-style: bold underline; }
        &:nocolor > .tone--text-error { color: $text; text-style: bold; }
        &:nocolor > .tone--text-warning { color: $text; }
        &:nocolor:focus > .tone--selected { background: $foreground; color: $background; }
        &:nocolor:ansi:focus > .tone--selected { text-style: bold reverse; }
    }
    """

    def tone_style(self, tone: str, *others: str) -> Style:
        """Return the style of a tone, with others such as `selected` laid over it."""
        names = [f"tone--{name}" for name in (tone, *others)]
        style = self.get_visual_style(*names).rich_style + self.styles.text_style
        for name in names:
            # A visual style knows no reverse, which is what a cursor is without colours.
            style += self.get_component_styles(name).text_style
        return style
