"""The base of widgets that draw words in tones: the one place where a tone becomes a colour."""

from rich.style import Style
from textual.css.styles import RenderStyles
from textual.dom import DOMNode
from textual.widget import Widget

QUIET = "dim"
"""The quiet tone in `Content`, where `$text-muted` counts nothing: its colour is `auto`."""


class ThemedWidget(Widget):
    """A widget that draws lines of words in tones, by component classes.

    A class is styled when it is first drawn. `COMPONENT_CLASSES` would have each of them styled each time the
    widget is, which took most of a start: a widget is styled three times before anything of it is seen.
    """

    DEFAULT_CSS = """
    ThemedWidget {
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
        & > .tone--changed { background: $foreground 14%; }
        & > .tone--hover { background: $foreground 4%; }
        & > .tone--marked { background: $primary 20%; }
        & > .tone--selected { background: $foreground 9%; }
        & > .tone--bar { color: $text-muted; }
        &:focus > .tone--selected { background: $primary 36%; text-style: bold; }
        &:light > .tone--marked { background: $primary 10%; }
        &:light:focus > .tone--selected { background: $primary 18%; }
        &:focus > .tone--bar { color: $text-primary; }
        &:ansi > .tone--text-muted { text-style: dim; }
        &:ansi > .tone--dim { text-style: dim; }
        &:ansi > .tone--lit { background: ansi_default; text-style: bold underline; }
        &:ansi > .tone--changed { background: ansi_default; text-style: bold; }
        &:ansi > .tone--hover { background: ansi_default; }
        &:ansi > .tone--marked { background: ansi_default; text-style: bold; }
        &:ansi > .tone--selected { background: ansi_default; text-style: bold; }
        &:ansi:focus > .tone--selected {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: bold;
        }
        &:nocolor > .tone--lit { text-style: bold underline; }
        &:nocolor > .tone--changed { text-style: bold; }
        &:nocolor > .tone--text-error { color: $text; text-style: bold; }
        &:nocolor > .tone--text-warning { color: $text; }
        &:nocolor:focus > .tone--selected { background: $foreground; color: $background; }
        &:nocolor:ansi:focus > .tone--selected { text-style: bold reverse; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - as of any widget
        super().__init__(id=id, classes=classes)
        self._toned: dict[tuple[str, ...], Style] = {}

    def get_component_styles(self, *names: str) -> RenderStyles:
        """Return the styles of component classes, worked out for those that were not drawn yet."""
        for name in names:
            if name not in self._component_styles:
                drawn = DOMNode(classes=name)
                drawn._attach(self)
                self.app.stylesheet.apply(drawn)
                self._component_styles[name] = drawn.styles
        return super().get_component_styles(*names)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.clear_tones()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        # The widget's own look may be the same with the focus as without it, and then nothing is notified.
        self.clear_tones()
        self.refresh()

    def clear_tones(self) -> None:
        """Work the styles out again when they are next drawn."""
        self._component_styles.clear()
        self._toned.clear()

    def tone_style(self, tone: str, *others: str) -> Style:
        """Return the style of a tone, with others such as `selected` laid over it."""
        laid = (tone, *others)
        style = self._toned.get(laid)
        if style is None:
            names = [f"tone--{name}" for name in laid]
            style = self.get_visual_style(*names).rich_style + self.styles.text_style
            for name in names:
                # A visual style knows no reverse, which is what a cursor is without colours.
                style += self.get_component_styles(name).text_style
            self._toned[laid] = style
        return style
