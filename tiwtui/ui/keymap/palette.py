"""The commands in the palette: a line each, in the order of the help, the key at the right."""

from collections.abc import Iterable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from tiwtui.ui.drawing.cells import fit
from tiwtui.ui.drawing.themed_widget import QUIET

_WIDEST = 76
_EDGES = 9
"""The cells of the palette's box, of the air in it, and of a scrollbar."""


class Commands(Provider):
    """Finds what the application says it can do: each with its title and, for help, its key."""

    async def discover(self) -> Hits:
        for title, key, run in self._commands():
            yield DiscoveryHit(self._line(Content(title), key), run, text=title)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, key, run in self._commands():
            if (score := matcher.match(title)) > 0:
                found = matcher.highlight(title)
                yield Hit(score, self._line(found, key), run, text=title)

    def _commands(self) -> Iterable[tuple[str, str, IgnoreReturnCallbackType]]:
        for command in self.app.get_system_commands(self.screen):
            yield command.title, command.help, command.callback

    def _line(self, title: Content, key: str) -> Content:
        room = min(_WIDEST, self.screen.size.width) - _EDGES
        shown = title.truncate(max(1, room - len(key) - 1), ellipsis=True)
        return Content.assemble(shown, (fit(key, room - shown.cell_length, is_right=True), QUIET))
